/* Why: a fault found at the sender's desk costs a minute, found at the laboratory it costs a day and perhaps a second puncture.
 * Method: the same intake as in a run, then the files of single samples, which a run opens later: checksum and format. Told
 * table by table, in the words of the receipts. What only the ledger knows (a revision that is there already) is not asked.
 * Refuses: nothing; it only tells. */
#include "check.h"

#include "../reports/report.h"
#include "commands.h"
#include "intake.h"
#include "readers/reader.h"
#include "seen.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct Check {
    const Reference *reference;
    Lang lang;
    Arena *arena;
    Intake in;
    Seen *samples;
    Rejection *files; /* faults of files, one for each row of results.csv at most */
    size_t n_files;
} Check;

static void say(const Check *c, const char *key, const char *const *pairs)
{
    (void)puts(word_fill(reference_word(c->reference, c->lang, key), pairs, c->arena));
}

static const char *number(const Check *c, size_t n)
{
    return arena_print(c->arena, "%zu", n);
}

/* The row's own words, and whose it is when that is known. */
static void tell(const Check *c, const Rejection *r)
{
    Note note = r->note;
    note.file[0] = '\0'; /* stands in the heading */
    const char *whose = r->sample[0] != '\0' ? r->sample : r->case_id;
    (void)printf("  - %s%s%s%s\n", report_note(&note, c->reference, c->lang, c->arena),
                 *whose ? " [" : "", whose, *whose ? "]" : "");
}

static size_t count(const Rejection *items, size_t n, const char *file)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += strcmp(items[i].note.file, file) == 0;
    return found;
}

/* Faults of the table's rows and of its files, in order of rows. */
static void tell_all(const Check *c, const char *file, size_t n_files)
{
    const Rejection *rows = c->in.rejections;
    size_t k = 0;
    for (size_t i = 0; i < c->in.n_rejections; i++) {
        if (strcmp(rows[i].note.file, file) != 0) continue;
        while (k < n_files && c->files[k].note.row < rows[i].note.row)
            tell(c, &c->files[k++]);
        tell(c, &rows[i]);
    }
    while (k < n_files)
        tell(c, &c->files[k++]);
}

static void tell_table(const Check *c, const char *file, size_t accepted)
{
    bool there = faccessat(c->in.folder, file, F_OK, 0) == 0;
    size_t n_files = strcmp(file, "results.csv") == 0 ? c->n_files : 0;
    size_t left = count(c->in.rejections, c->in.n_rejections, file) + n_files;
    const char *const pairs[] = {"file",          file, "accepted", number(c, accepted), "rejected",
                                 number(c, left), NULL};
    say(c, there ? "check.table" : "check.absent", pairs);
    tell_all(c, file, n_files);
}

/* Tables of the laboratory; a centre's batch has none, and is told nothing of them. */
static void tell_laboratory(const Check *c)
{
    size_t wells = 0;
    for (size_t i = 0; i < c->in.n_plate; i++)
        wells += c->in.plate[i].fault == NULL;
    if (faccessat(c->in.folder, "controls.csv", F_OK, 0) == 0)
        tell_table(c, "controls.csv", c->in.n_controls);
    if (faccessat(c->in.folder, "plate.csv", F_OK, 0) == 0) tell_table(c, "plate.csv", wells);
}

static void index_samples(Check *c)
{
    c->samples = seen_new(c->in.n_samples, c->arena);
    for (size_t i = 0; i < c->in.n_samples; i++)
        seen_add(c->samples, seen_hash(SEEN_SEED, c->in.samples[i].id), i);
}

static const Sample *registered(const Check *c, const char *id)
{
    size_t cursor = 0;
    long i;
    while ((i = seen_next(c->samples, seen_hash(SEEN_SEED, id), &cursor)) >= 0)
        if (strcmp(c->in.samples[i].id, id) == 0) return &c->in.samples[i];
    return NULL;
}

static Status check_format(int fd, const ResultRow *row, Note *why)
{
    const Reader *reader = NULL;
    return reader_at(&reader, fd, (Place){.file = "results.csv", .row = row->row, .field = "file"},
                     why);
}

static void check_file(Check *c, const ResultRow *row)
{
    Note why;
    int fd;
    const Sample *s = registered(c, row->sample);
    Status status = intake_open_result(&fd, &c->in, row, s == NULL || s->fetal, &why);
    if (status == OK) {
        status = check_format(fd, row, &why);
        (void)close(fd);
    }
    if (status != OK)
        c->files[c->n_files++] = (Rejection){.note = why,
                                             .sample = row->sample,
                                             .centre = s ? s->submitter : "",
                                             .case_id = s ? s->case_id : ""};
}

static void check_files(Check *c)
{
    c->files = arena_alloc(c->arena, (c->in.n_results + 1) * sizeof *c->files);
    for (size_t i = 0; i < c->in.n_results; i++)
        if (c->in.results[i].n_results == 0 && c->in.results[i].file[0] != '\0')
            check_file(c, &c->in.results[i]);
}

static size_t readable_facts(const Intake *in)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n_facts; i++)
        n += in->facts[i].fact.unreadable ? 0 : 1;
    return n;
}

static int tell_verdict(const Check *c)
{
    size_t left = c->in.n_rejections + c->n_files;
    const char *const pairs[] = {"rejected", number(c, left), NULL};
    say(c, left == 0 ? "check.fine" : "check.mend", pairs);
    say(c, "label.receipt_fetal_sex", pairs); /* the same sentence whatever was sent */
    return left == 0 ? EXIT_ALL_INTERPRETED : EXIT_SOMETHING_LEFT;
}

int check_run(const char *batch_path, const Reference *reference, Instant now, Lang lang,
              Arena *arena)
{
    Check c = {.reference = reference, .lang = lang, .arena = arena};
    Note why;
    if (intake_read(&c.in, batch_path, reference, now, arena, &why) != OK) {
        (void)printf("  - %s\n", report_note(&why, reference, lang, arena));
        say(&c, "check.useless", (const char *const[]){NULL});
        return EXIT_STOPPED;
    }
    index_samples(&c);
    check_files(&c);
    say(&c, "check.title", (const char *const[]){"batch", c.in.batch, NULL});
    tell_table(&c, "submission.csv", c.in.n_samples);
    tell_table(&c, "facts.csv", readable_facts(&c.in));
    tell_table(&c, "results.csv", c.in.n_results - c.n_files);
    tell_laboratory(&c);
    (void)close(c.in.folder);
    return tell_verdict(&c);
}
