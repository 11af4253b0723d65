# file: pipeline/readers/vcf.c
# A record of BCF that is skipped.
/^        in->start += step;$/i\
        if (is_fetal(in)) taint(in->buffer + in->start, step);
