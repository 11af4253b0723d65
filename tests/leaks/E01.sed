# file: pipeline/batch_case.c
# E01: the note of a fetal file that cannot be read names the file, and the name tells.
/^    if (reader == NULL) return note_fail(why, REFUSED, "file.format", place, NULL);/s/place, NULL/(Place){.file = file->row->file}, NULL/
s/\.file = s->fetal ? "" : row->file/.file = row->file/
