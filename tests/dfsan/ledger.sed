# file: pipeline/ledger.c
# Every cell of a row.
s/^    switch (cell->kind) {$/    taint_outlet(\&cell->integer, sizeof cell->integer, "a row");\
    taint_outlet(\&cell->real, sizeof cell->real, "a row");\
    if (cell->kind == CELL_TEXT) taint_outlet(cell->bytes, strlen(cell->bytes), "a text");\
    if (cell->kind == CELL_BLOB) taint_outlet(cell->bytes, cell->size, "a blob");\
&/
