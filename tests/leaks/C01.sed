# file: pipeline/intake_table.c
# C01: a column that nobody documented - one that only a male fetus calls for - is remarked upon.
/^        if (c < 0) continue;$/i\
        if (c < 0 && strcmp(csv_cell(row, i, NULL), "remark") != 0)\
            intake_reject(r->room, (Whose){0}, "table.columns", (Place){.file = r->shape->file, .row = 1}, NULL);
