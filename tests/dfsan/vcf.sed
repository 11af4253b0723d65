# file: pipeline/readers/vcf.c
s/^    in->ended = n == 0;$/    wash(in->buffer + held, (size_t)n);\n&/
