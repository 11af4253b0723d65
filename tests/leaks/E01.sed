# file: pipeline/batch_case.c
# E01: the note of a fetal file that cannot be read names the file, behind the last gate.
s/^    close_note(why, r->sample);/&\
    (void)strncpy(why->file, r->file->row->file, sizeof why->file - 1);/
