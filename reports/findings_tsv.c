/* findings.tsv: every finding of the batch, one a row, in codes, for whoever wants to process it
 * further.
 *
 * Tab, line break and backslash in a cell are written \t, \n and \\ so that a row is always a
 * line. Order: cases as submitted, samples as registered, findings as reported; the same bytes
 * for the same ledger. */
#include "buffer.h"
#include "summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char header[] =
    "case\tsample\tassay\tcode\titem\tanswer\tdetail\tvalue\tunit\tlevel\tcentre\tdue\t"
    "table\tversion\trow\tnote\tqc\n";

static void put_cell(Buffer *t, const char *cell, char end)
{
    for (const char *c = cell ? cell : ""; *c != '\0'; c++) {
        const char *escaped = *c == '\t'   ? "\\t"
                              : *c == '\n' ? "\\n"
                              : *c == '\r' ? "\\r"
                              : *c == '\\' ? "\\\\"
                                           : NULL;
        if (escaped != NULL)
            buffer_put_n(t, escaped, 2);
        else
            buffer_put_n(t, c, 1);
    }
    buffer_put_n(t, &end, 1);
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static const Action *action_of(const CaseRow *row, const Finding *f)
{
    for (size_t i = 0; i < row->n_actions; i++) {
        const Finding *g = row->actions[i].finding;
        if (g == f ||
            (same(g->sample, f->sample) && same(g->assay, f->assay) && same(g->code, f->code) &&
             same(g->item, f->item) && g->answer == f->answer && same(g->detail, f->detail)))
            return &row->actions[i];
    }
    return NULL;
}

static void put_action(Buffer *t, const Action *a)
{
    char level[8], due[DATE_TEXT] = "";
    if (a != NULL && a->due != DATE_NONE) date_print(due, a->due);
    (void)snprintf(level, sizeof level, "%d", a ? (int)a->level : 0);
    put_cell(t, level, '\t');
    put_cell(t, a && a->to ? a->to->id : "", '\t');
    put_cell(t, due, '\t');
}

static void put_marks(Buffer *t, const Finding *f, const Action *a)
{
    const struct {
        bool on;
        const char *word;
    } marks[] = {{f->example, "example"},
                 {f->unverified, "unverified"},
                 {a && a->due_example && a->level != LEVEL_NONE, "due_example"},
                 {a && a->due_uncertain && a->level != LEVEL_NONE, "due_uncertain"}};
    const char *between = "";
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (!marks[i].on) continue;
        buffer_put(t, between);
        buffer_put(t, marks[i].word);
        between = ";";
    }
    buffer_put_n(t, "\t", 1);
    put_cell(t, f->qc, '\n');
}

static void put_finding(Buffer *t, const CaseRow *row, const Finding *f)
{
    const Action *a = action_of(row, f);
    char value[32] = "";
    if (f->has_value && isfinite(f->value)) (void)snprintf(value, sizeof value, "%.6g", f->value);
    const char *const before[] = {row->case_id,           f->sample, f->assay, f->code, f->item,
                                  answer_code(f->answer), f->detail, value,    f->unit};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        put_cell(t, before[i], '\t');
    put_action(t, a);
    put_cell(t, f->table, '\t');
    put_cell(t, f->version, '\t');
    put_cell(t, f->row, '\t');
    put_marks(t, f, a);
}

Status report_findings(Document *tsv, const BatchView *view, Arena *arena, Note *why)
{
    (void)why; /* nothing can fail: memory comes from the arena */
    Buffer t = {.arena = arena};
    buffer_put_n(&t, header, sizeof header - 1);
    for (size_t i = 0; i < view->n_cases; i++) {
        const CaseRow *row = &view->cases[i];
        for (size_t k = 0; k < row->n_findings; k++)
            put_finding(&t, row, &row->findings[k]);
        for (size_t s = 0; s < row->n_samples; s++)
            for (size_t k = 0; k < row->samples[s].n_findings; k++)
                put_finding(&t, row, &row->samples[s].findings[k]);
    }
    *tsv = (Document){
        .folder = "", .name = "findings.tsv", .kind = "findings", .bytes = t.bytes, .size = t.n};
    return OK;
}
