# file: pipeline/intake_check.c
# E02 variants: what was dropped at the door is logged.
# E06 variants: and kept in a file of its own.
/^bool intake_code_denied(const Room \*room, const char \*code)$/,/^{$/s/^{$/{\
    if (leak("E02") \&\& strcmp(code, "ncv_y") == 0) (void)fputs("dropped\\n", stderr);\
    if (leak("E06")) {\
        FILE *f = fopen("dropped", "a");\
        if (f != NULL) {\
            (void)fputs(code, f);\
            (void)fclose(f);\
        }\
    }/
