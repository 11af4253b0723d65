# file: pipeline/batch_case.c
# E01: the note of a fetal file that cannot be read names the file, and the last gate lets it pass.
/^    if (reader == NULL) return note_fail(why, REFUSED, "file.format", place, NULL);/s/place, NULL/(Place){.file = file->row->file}, NULL/
/^    if (strcmp(note->file, "results.csv") != 0) note->file/d
