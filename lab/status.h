/* status - how a function of screenlab says that something went wrong.
 *
 *     Note why;
 *     Status s = table_parse(&table, bytes, size, arena, &why);
 *     if (s != OK)
 *         return s;                       // the Note was written where the fault is known
 *
 * A Note is one fault told to a person: which file, which row, which field, why. It carries a code, not
 * a sentence: the sentence ("what is wrong, what to do") is row "note.<code>" of reference/wording.tsv,
 * so that a receipt can say it in Chinese and in English. A Note about fetal material never
 * holds a byte offset, a count, a size, a file's name or a value read from the file. */
#ifndef SCREENLAB_STATUS_H
#define SCREENLAB_STATUS_H

#define MUST_USE                   __attribute__((warn_unused_result))
#define PRINTF_LIKE(string, first) __attribute__((format(printf, string, first)))

typedef enum Status {
    OK = 0,
    BAD_INPUT,    /* what came in breaks its format or a rule of intake */
    REFUSED,      /* well-formed, but must not be used for this question */
    NOT_FOUND,    /* a named thing does not exist */
    TOO_LARGE,    /* over a ceiling */
    IO_FAILED,    /* the operating system said no */
    LEDGER_FAILED /* the ledger cannot be read or written: the only fault that stops a batch */
} Status;

typedef struct Note {
    const char
        *code; /* row "note.<code>" of wording.tsv; a string that lives as long as the program */
    char file[64];    /* name inside the batch; "" = none, or not to be told */
    long row;         /* line of a table as a spreadsheet counts it (header = 1); 0 = none */
    char field[48];   /* column, field, tag or "chr11:5226762"; "" = none */
    char detail[160]; /* a short fact that helps, in neutral notation; "" = none */
} Note;

/* Where a fault sits; leave out what is unknown: (Place){.file = "facts.csv", .row = 7}. */
typedef struct Place {
    const char *file;
    long row;
    const char *field;
} Place;

/* Writes *note (when not NULL) and returns `status`, so that a fault is one line at its place:
 *     return note_fail(why, BAD_INPUT, "id.grammar", (Place){.row = row, .field = "sample"}, NULL);
 * `detail` is a printf format, or NULL. Texts that do not fit are cut at a UTF-8 character. */
Status note_fail(Note *note, Status status, const char *code, Place place, const char *detail, ...)
    PRINTF_LIKE(5, 6);

#endif
