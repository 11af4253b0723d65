/* intake_room - what the files of intake share: the state of one reading, and the reading of one table.
 *
 * Private to intake*.c. A table is described by its columns; intake_table.c finds them in the header by columns.tsv, and hands
 * every row to the table's own file as cells in that order. A cell of a column that is absent is "". */
#ifndef SCREENLAB_INTAKE_ROOM_H
#define SCREENLAB_INTAKE_ROOM_H

#include "intake.h"
#include "seen.h"

enum { INTAKE_COLUMNS = 16, VERDICTS = 64, VERDICT_CODE = 32 };

/* What sex_code_denied() said of a code: a table repeats the same few codes a million times. */
typedef struct Verdict {
    char code[VERDICT_CODE];
    bool known, denied;
} Verdict;

typedef struct Cells {
    long row;
    const char *cell[INTAKE_COLUMNS];
    const char *torn
        [INTAKE_COLUMNS]; /* of a row whose form is at fault: what stands where the cells should; good for a suspicion only */
    const char *fault; /* Note code of what is wrong with the row's form; NULL = nothing */
    int fault_column;  /* -1 = the whole row */
    long last;         /* for a fault that spans rows */
} Cells;

/* What a check found: code NULL = fine; column -1 = the whole row; detail never text of the file. */
typedef struct Fault {
    const char *code;
    int column;
    const char *detail;
} Fault;

#define FINE ((Fault){.code = NULL})

typedef struct Whose {
    const char *centre, *sample, *case_id; /* "" = not known */
} Whose;

/* A row of results.csv that named a file; `hushed`: beside a code that must not be heard of. */
typedef struct Mention {
    const char *sample;
    bool hushed, denied; /* denied: the code itself is about a sex; else it is only not listed */
    size_t result, rejection; /* what became of the row; SIZE_MAX = not that */
} Mention;

typedef struct Room {
    Intake *out;
    const Reference *reference;
    Instant now; /* INSTANT_NONE = unknown: nothing lies in the future */
    int offset_minutes;
    const Table *reasons, *materials, *facts; /* NULL = not in this release */
    Arena *arena;
    Arena *scratch;    /* dies with intake_read: look-ups */
    Verdict *verdicts; /* VERDICTS of them, by hash of the code */
    size_t sample_capacity, fact_capacity, result_capacity, control_capacity, plate_capacity,
        rejection_capacity;
    Mention *mentions; /* of files, in order of the rows */
    size_t n_mentions, mention_capacity;
    bool any_hushed;
    bool stopped; /* the machine failed, not the input */
    Note fault;   /* why, when stopped */
    /* Registrations of this batch by sample id and by case, built when submission.csv is read: */
    Seen *by_sample, *by_case;
    uint32_t *newest; /* of the row that by_sample found: the row of the highest revision */
    bool *fetal;      /* of the row that by_sample found: some revision is fetal material */
} Room;

typedef struct TableShape {
    const char *table;          /* "submission": its rows of columns.tsv */
    const char *file;           /* "submission.csv" */
    const char *const *columns; /* documented names */
    int n_columns;
    size_t row_bytes; /* no good row is shorter: bounds the memory that a file can ask for */
    void (*reserve)(Room *room, size_t rows); /* called once: room for so many rows */
    void (*take)(Room *room, const Cells *cells);
} TableShape;

/* The table is absent: *found = false and OK. A table that cannot be used at all becomes one Rejection, and *usable = false. */
Status intake_table_read(Room *room, const TableShape *shape, bool *found, bool *usable,
                         Note *why) MUST_USE;
/* Quarantines; `place.file` is a table of the batch, `detail` may be NULL. Copies what it must keep. */
void intake_reject(Room *room, Whose whose, const char *code, Place place, const char *detail);
void intake_reject_note(Room *room, Whose whose, const Note *note);

/* What is wrong with the row's form, as found by intake_table.c; the detail names the rows that it spans. */
Fault intake_form_fault(const Cells *cells, Arena *arena);
/* First fault among the id columns; an empty cell is "cell.empty". */
Fault intake_check_id(char kind, const Cells *cells, int column);
/* First cell, of the columns from..to, that a spreadsheet would run ("cell.formula") or that holds a control character. Numbers with a sign
 * are fine in `number_column` (-1 = none). */
Fault intake_check_cells(const Cells *cells, int n_columns, int number_column);
/* sex_code_denied(), remembered. */
bool intake_code_denied(const Room *room, const char *code);
/* A whole text as a finite decimal number; no hex, no words, no locale. */
bool intake_number(const char *text, double *out);
/* Steps over a leading '<' or '>', as an analyser writes beyond its range (full-width too), and gives it; 0 = none. */
char intake_bound(const char **text);
/* Is `word` one of "a|b|c"? */
bool intake_listed(const char *list, const char *word);

extern const TableShape shape_submission, shape_facts, shape_results, shape_controls, shape_plate;

void intake_finish_submission(
    Room *room); /* what only rows together show: duplicates, revisions, persons of a case */
void intake_finish_facts(Room *room);
void intake_finish_results(Room *room); /* also reads the files of many specimens */
/* A hushed row speaks for a file only when nothing else does: fault[i] = `unsaid` for the results of the others, and their rejections go. */
void intake_hush(Room *room, const char **fault, const char *unsaid, Arena *scratch);
void intake_mention(Room *room, const char *sample, bool hushed, bool denied, size_t n_results,
                    size_t n_rejections);
void intake_finish_controls(Room *room);
void intake_finish_plate(Room *room);

/* Run, well, lot: letters, digits and a few signs, because they come back on documents of the laboratory. */
bool intake_plate_name_ok(const char *text);

/* Row of Intake.samples registered in this batch, newest revision; NULL = none. *fetal is true for an unknown sample. */
const Sample *intake_find_sample(const Room *room, const char *id, bool *fetal);
const Sample *intake_find_case(const Room *room, const char *case_id);

/* The machine failed: no row may be blamed, intake_read() ends with IO_FAILED. */
void intake_stop(Room *room, const Note *why);
/* Reads a file of many specimens that a row with sample "*" names, into Intake.results. */
void intake_read_many(Room *room, const ResultRow *row);
void intake_push_result(Room *room, const ResultRow *row);
/* What a declared result is to the assay ("" = any assay): fine, not listed, or a value outside the list. */
/* Fills value or number, and points code and unit into the table. */
Fault intake_check_result(const Reference *reference, const char *assay, Result *result,
                          const char *value);

#endif
