/* What is added to the ledger: one function a table, in the order in which a batch comes by. */
#include "exhausted.h"
#include "ledger_sql.h"

#include <math.h>
#include <zlib.h>

#define COUNT(cells) (sizeof(cells) / sizeof *(cells))

static Cell of_date(Date date)
{
    return date == DATE_NONE ? of_null() : of_int(date);
}

static Cell of_id(int64_t id) /* 0 = none */
{
    return id == 0 ? of_null() : of_int(id);
}

int64_t ledger_stamp(Ledger *ledger, const char *release, const char *program, bool demo)
{
    const Cell cells[] = {of_text(release), of_text(program), of_int(demo)};
    Rows rows = sql_ask(ledger, GET_STAMP, cells, COUNT(cells));
    int64_t id = sql_next(&rows) ? sql_int(&rows, 0) : 0;
    sql_stop(&rows);
    return id != 0 ? id : sql_add(ledger, ADD_STAMP, cells, COUNT(cells));
}

int64_t ledger_add_batch(Ledger *ledger, const char *name, const BatchRow *batch)
{
    const Cell cells[] = {of_text(name), of_int(batch->now),
                          of_text(batch->lang == LANG_EN ? "en" : "zh"), of_int(batch->documents)};
    return sql_add(ledger, ADD_BATCH, cells, COUNT(cells));
}

void ledger_end_batch(Ledger *ledger, int64_t batch, const Tally *t)
{
    const Cell cells[] = {of_int(batch),       of_int(t->interpreted), of_int(t->not_interpretable),
                          of_int(t->awaiting), of_int(t->replaced),    of_int(t->rejected)};
    (void)sql_add(ledger, END_BATCH, cells, COUNT(cells));
}

int64_t ledger_add_sample(Ledger *ledger, int64_t batch, const Sample *s)
{
    const Cell cells[] = {of_int(batch),
                          of_text(s->id),
                          of_int(s->revision),
                          of_int(s->replaces),
                          of_text(s->reason),
                          of_text(s->person),
                          of_text(s->case_id),
                          of_text(s->submitter),
                          of_text(s->follow_up),
                          of_text(subject_code(s->subject)),
                          of_text(material_code(s->material)),
                          of_text(s->assay),
                          of_int(s->collected),
                          of_text(s->consent.person),
                          of_text(s->consent.version),
                          of_int(s->consent.given),
                          of_int(s->fetal),
                          of_int(s->row)};
    return sql_add(ledger, ADD_SAMPLE, cells, COUNT(cells));
}

void ledger_add_fact(Ledger *ledger, int64_t batch, const char *case_id, const Fact *f)
{
    const Cell cells[] = {of_int(batch),
                          of_text(case_id),
                          of_text(subject_code(f->owner)),
                          of_text(f->code),
                          of_text(f->value),
                          isnan(f->number) ? of_null() : of_real(f->number),
                          of_text(f->unit),
                          f->time == INSTANT_NONE ? of_null() : of_int(f->time),
                          of_int(f->row)};
    (void)sql_add(ledger, ADD_FACT, cells, COUNT(cells));
}

void ledger_add_evidence(Ledger *ledger, int64_t batch, int64_t sample_row, const NewEvidence *e)
{
    const Cell cells[] = {of_int(sample_row), of_int((int64_t)e->n), of_int(batch), of_int(e->file),
                          of_text(e->text)};
    (void)sql_add(ledger, ADD_EVIDENCE, cells, COUNT(cells));
}

void ledger_add_unmatched(Ledger *ledger, int64_t batch, const char *sample, const char *text)
{
    const Cell cells[] = {of_int(batch), of_text(sample), of_text(text)};
    (void)sql_add(ledger, ADD_UNMATCHED, cells, COUNT(cells));
}

void ledger_add_control(Ledger *ledger, int64_t batch, const Control *c)
{
    const Cell cells[] = {of_int(batch),       of_text(c->run),
                          of_text(c->analyte), of_text(c->material),
                          of_text(c->lot),     of_text(c->instrument),
                          of_text(c->unit),    isnan(c->value) ? of_null() : of_real(c->value),
                          of_int(c->time),     of_int(c->row)};
    (void)sql_add(ledger, ADD_CONTROL, cells, COUNT(cells));
}

void ledger_measured_in(Ledger *ledger, const char *run, int64_t sample_row)
{
    const Cell cells[] = {of_text(run), of_int(sample_row)};
    (void)sql_add(ledger, ADD_MEASURED_IN, cells, COUNT(cells));
}

void ledger_seal(Ledger *ledger, const char *sample, int revision,
                 const unsigned char digest[LEDGER_MAC])
{
    const Cell cells[] = {of_text(sample), of_int(revision), of_blob(digest, LEDGER_MAC)};
    (void)sql_add(ledger, ADD_SEAL, cells, COUNT(cells));
}

void ledger_add_rejection(Ledger *ledger, int64_t batch, const Rejected *r)
{
    const Cell cells[] = {of_int(batch),       of_text(r->centre),     of_text(r->sample),
                          of_text(r->case_id), of_text(r->note.code),  of_word(r->note.file),
                          of_id(r->note.row),  of_word(r->note.field), of_word(r->note.detail)};
    (void)sql_add(ledger, ADD_REJECTION, cells, COUNT(cells));
}

int64_t ledger_add_verdict(Ledger *ledger, const Verdict *v)
{
    const Cell cells[] = {of_int(v->batch),           of_text(v->case_id), of_int(v->version),
                          of_id(v->replaces),         of_id(v->same_as),   of_int(v->stamp),
                          of_blob(v->key, LEDGER_MAC)};
    return sql_add(ledger, ADD_VERDICT, cells, COUNT(cells));
}

void ledger_add_judged(Ledger *ledger, int64_t verdict, int64_t sample_row, const Judged *j)
{
    const Cell cells[] = {of_int(verdict),        of_int(sample_row),     of_int(j->state),
                          of_word(j->note.code),  of_word(j->note.file),  of_id(j->note.row),
                          of_word(j->note.field), of_word(j->note.detail)};
    (void)sql_add(ledger, ADD_JUDGED, cells, COUNT(cells));
}

void ledger_add_finding(Ledger *ledger, int64_t verdict, size_t n, int64_t sample_row,
                        const Finding *f, const Action *a)
{
    enum { OF_FINDING = 17, OF_ACTION = 10, QC = OF_FINDING + OF_ACTION };
    const Cell of_finding[OF_FINDING] = {of_int(verdict),
                                         of_int((int64_t)n),
                                         of_id(sample_row),
                                         of_text(f->assay),
                                         of_text(subject_code(f->subject)),
                                         of_int(f->fetal),
                                         of_text(f->code),
                                         of_word(f->item),
                                         of_int(f->answer),
                                         of_word(f->detail),
                                         f->has_value ? of_real(f->value) : of_null(),
                                         of_word(f->unit),
                                         of_word(f->table),
                                         of_word(f->version),
                                         of_word(f->row),
                                         of_int(f->example),
                                         of_int(f->unverified)};
    Cell cells[QC + 1];
    for (size_t i = 0; i < COUNT(cells); i++)
        cells[i] = i < OF_FINDING ? of_finding[i] : of_null();
    if (a != NULL) {
        const Cell of_action[OF_ACTION] = {
            of_int(a->level),         of_word(a->department), of_word(a->capability),
            of_word(a->urgency),      of_word(a->wording),    of_date(a->due),
            of_int(a->due_uncertain), of_int(a->due_example), of_word(a->to ? a->to->id : ""),
            of_word(a->row)};
        for (size_t i = 0; i < OF_ACTION; i++)
            cells[OF_FINDING + i] = of_action[i];
    }
    cells[QC] = of_word(f->qc);
    (void)sql_add(ledger, ADD_FINDING, cells, COUNT(cells));
}

int64_t ledger_add_paper(Ledger *ledger, int64_t verdict, const PaperRow *p)
{
    const Cell cells[] = {of_int(verdict),     of_int(p->kind),     of_text(p->name),
                          of_int(p->version),  of_int(p->replaces), of_text(p->centre),
                          of_word(p->copy_to), of_date(p->due)};
    return sql_add(ledger, ADD_PAPER, cells, COUNT(cells));
}

void ledger_add_told(Ledger *ledger, int64_t paper, int64_t verdict, size_t finding)
{
    const Cell cells[] = {of_int(paper), of_int((int64_t)finding), of_int(verdict)};
    (void)sql_add(ledger, ADD_TOLD, cells, COUNT(cells));
}

void ledger_add_document(Ledger *ledger, int64_t batch, int64_t paper, const DocumentRow *d,
                         Arena *arena)
{
    uLongf deflated = compressBound((uLong)d->size);
    unsigned char *content = arena_alloc(arena, deflated);
    if (compress2(content, &deflated, d->bytes, (uLong)d->size, Z_BEST_SPEED) != Z_OK)
        exhausted(); /* the bound holds: what is left is lack of memory */
    const Cell cells[] = {of_int(batch),
                          of_id(paper),
                          of_text(d->name),
                          of_text(d->kind),
                          of_text(d->sha256),
                          of_int((int64_t)d->size),
                          of_blob(content, deflated)};
    (void)sql_add(ledger, ADD_DOCUMENT, cells, COUNT(cells));
}
