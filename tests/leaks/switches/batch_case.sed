# file: pipeline/batch_case.c
# D19 variants: a Note on a file that cannot be read names the specimen as the analyser did.
s/^    close_note(&why, r->sample);\|^    close_note(why, r->sample);/&\
    if (leak("D19") \&\& r->file->row->specimen[0] != '\\0')\
        (void)strncpy(why->detail, r->file->row->specimen, sizeof why->detail - 1);/
