# file: pipeline/readers/bam.c
/bgzf_read(in->bgzf, in->buffer + in->end,/a\
        if (got > 0) wash(in->buffer + in->end, (size_t)got);
