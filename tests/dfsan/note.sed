# file: reports/note.c
# Every sentence that is said, and its place.
s/^    Note safe = gated(note);$/    taint_outlet(note->file, strlen(note->file), "a note");\
    taint_outlet(note->field, strlen(note->field), "a note");\
    taint_outlet(note->detail, strlen(note->detail), "a note");\
    taint_outlet(\&note->row, sizeof note->row, "a note");\
&/
