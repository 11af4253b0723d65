/* Why: a patient's value is worth what the controls beside it were worth.
 * Method: controls are brought into order (analyte, instrument, run by its first control's time, level by the table's order) and every run
 * is judged by lab/westgard.c with the points up to it. A run is asked by name; verdicts lie sorted, so that asking costs a binary search.
 * Source of the rules: J. O. Westgard et al., Clin Chem 27 (1981) 493; which of them apply is the laboratory's table.
 * Refuses: a material, lot or instrument without mean and SD, fewer levels than the table asks: such a run has no control. */
#include "qc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NO_LEVEL = 99 };

typedef struct Need { /* one row of qc/rules */
    const char *code, *controls;
    bool required;
    double levels;
    QcRules rules;
} Need;

typedef struct Entry { /* a control on its way into order */
    const Control *control;
    Instant run_time;
    int level;
    long row; /* of qc/materials, -1 = none */
    size_t order;
} Entry;

typedef struct Verdict {
    const char *analyte, *run;
    QcVerdict verdict;
} Verdict;

struct QcBook {
    Need *needs;
    size_t n_needs;
    QcSeries *series;
    size_t n_series, series_capacity;
    Verdict *verdicts; /* by analyte, then run */
    size_t n_verdicts;
};

/* ---- tables ---- */

static const struct {
    const char *name;
    QcRule rule;
} rule_names[] = {{"1-2s", QC_1_2S}, {"1-3s", QC_1_3S}, {"2-2s", QC_2_2S},
                  {"R-4s", QC_R_4S}, {"4-1s", QC_4_1S}, {"10x", QC_10X}};

enum { RULE_NAMES = sizeof rule_names / sizeof *rule_names };

static unsigned parse_rules(const char *list)
{
    unsigned rules = 0;
    while (*list != '\0') {
        size_t n = strcspn(list, "|");
        for (size_t i = 0; i < RULE_NAMES; i++)
            if (strlen(rule_names[i].name) == n && strncmp(rule_names[i].name, list, n) == 0)
                rules |= rule_names[i].rule;
        list += n + (list[n] == '|');
    }
    return rules;
}

static bool says_yes(const Table *t, size_t row, const char *column)
{
    return strcmp(table_get(t, row, column), "yes") == 0;
}

static void load_needs(QcBook *book, const Table *t, Arena *arena)
{
    if (t == NULL) return;
    book->needs = arena_alloc(arena, (t->n_rows + 1) * sizeof *book->needs);
    for (size_t r = 0; r < t->n_rows; r++) {
        Need *need = &book->needs[book->n_needs++];
        double same_side = 10;
        *need = (Need){
            .code = table_cell(t, r, 0), .controls = table_get(t, r, "controls"), .levels = 1};
        need->required = says_yes(t, r, "required");
        (void)table_number(t, r, table_column(t, "levels"), &need->levels);
        (void)table_number(t, r, table_column(t, "same_side"), &same_side);
        need->rules = (QcRules){.reject = parse_rules(table_get(t, r, "reject")),
                                .warn = says_yes(t, r, "warn"),
                                .across_levels = says_yes(t, r, "across_levels"),
                                .r4s_as_range = strcmp(table_get(t, r, "r4s"), "range") == 0,
                                .n_same_side = (int)same_side};
    }
}

static const Need *find_need(const QcBook *book, const char *code)
{
    for (size_t i = 0; i < book->n_needs; i++)
        if (strcmp(book->needs[i].code, code) == 0) return &book->needs[i];
    return NULL;
}

long qc_material(const Reference *reference, const Control *c)
{
    const Table *t = reference_table(reference, "qc/materials");
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        const char *instrument = table_get(t, r, "instrument");
        if (strcmp(table_get(t, r, "analyte"), c->analyte) == 0 &&
            strcmp(table_get(t, r, "material"), c->material) == 0 &&
            strcmp(table_get(t, r, "lot"), c->lot) == 0 &&
            (strcmp(instrument, "*") == 0 || strcmp(instrument, c->instrument) == 0))
            return (long)r;
    }
    return -1;
}

/* ---- order ---- */

static int compare_series(const Control *a, const Control *b)
{
    int c = strcmp(a->analyte, b->analyte);
    return c != 0 ? c : strcmp(a->instrument, b->instrument);
}

static int compare_instant(Instant a, Instant b)
{
    return a < b ? -1 : a > b;
}

static int by_run(const void *x, const void *y)
{
    const Entry *a = x, *b = y;
    int c = compare_series(a->control, b->control);
    if (c == 0) c = strcmp(a->control->run, b->control->run);
    return c != 0 ? c : compare_instant(a->control->time, b->control->time);
}

static int by_time(const void *x, const void *y)
{
    const Entry *a = x, *b = y;
    int c = compare_series(a->control, b->control);
    if (c == 0) c = compare_instant(a->run_time, b->run_time);
    if (c == 0) c = strcmp(a->control->run, b->control->run);
    if (c == 0) c = a->level - b->level;
    if (c == 0) c = strcmp(a->control->material, b->control->material);
    if (c == 0) c = compare_instant(a->control->time, b->control->time);
    if (c == 0) c = strcmp(a->control->lot, b->control->lot);
    return c != 0 ? c : a->order < b->order ? -1 : 1;
}

static bool same_series(const Control *a, const Control *b)
{
    return compare_series(a, b) == 0;
}

static bool same_run(const Control *a, const Control *b)
{
    return same_series(a, b) && strcmp(a->run, b->run) == 0;
}

static Entry *in_order(const Reference *reference, const Control *controls, size_t n, Arena *arena)
{
    const Table *t = reference_table(reference, "qc/materials");
    Entry *entries = arena_alloc(arena, (n + 1) * sizeof *entries);
    for (size_t i = 0; i < n; i++) {
        double level = NO_LEVEL;
        entries[i] = (Entry){
            .control = &controls[i], .order = i, .row = qc_material(reference, &controls[i])};
        if (entries[i].row >= 0)
            (void)table_number(t, (size_t)entries[i].row, table_column(t, "level"), &level);
        entries[i].level = (int)level;
    }
    qsort(entries, n, sizeof *entries, by_run);
    for (size_t i = 0; i < n; i++)
        entries[i].run_time = i > 0 && same_run(entries[i].control, entries[i - 1].control)
                                  ? entries[i - 1].run_time
                                  : entries[i].control->time;
    qsort(entries, n, sizeof *entries, by_time);
    return entries;
}

/* ---- judging ---- */

typedef struct Bench { /* one series while it is judged */
    const Need *need;
    ControlPoint *points;
} Bench;

static size_t distinct_levels(const Bench *b, size_t first, size_t n)
{
    size_t distinct = 0;
    for (size_t i = first; i < first + n; i++) {
        bool fresh = isfinite(control_z(&b->points[i]));
        for (size_t k = first; k < i && fresh; k++)
            fresh = b->points[k].level != b->points[i].level;
        distinct += fresh ? 1 : 0;
    }
    return distinct;
}

static QcVerdict judge_run(const Bench *b, const QcRun *run)
{
    if (b->need == NULL) return (QcVerdict){QC_NONE, 0};
    size_t end = run->first + run->n;
    QcVerdict v = westgard_judge(b->points, end, b->points[run->first].run, &b->need->rules);
    if (v.state != QC_REJECTED && (double)distinct_levels(b, run->first, run->n) < b->need->levels)
        v.state = QC_NONE;
    return v;
}

static QcPoint point_of(const Table *t, const Entry *e, ControlPoint *point)
{
    QcPoint p = {.control = e->control, .mean_row = "", .mean = NAN, .sd = NAN};
    if (e->row >= 0) {
        size_t row = (size_t)e->row;
        p.mean_row = table_cell(t, row, 0);
        if (!table_number(t, row, table_column(t, "mean"), &p.mean)) p.mean = NAN;
        if (!table_number(t, row, table_column(t, "sd"), &p.sd)) p.sd = NAN;
        if (strcmp(table_get(t, row, "unit"), e->control->unit) != 0) p.mean = NAN;
    }
    *point = (ControlPoint){.level = e->level,
                            .lot = (int)e->row,
                            .value = e->control->value,
                            .mean = p.mean,
                            .sd = p.sd};
    p.z = control_z(point);
    p.fired = (control_exceeds(p.z, 3) ? QC_1_3S : 0u) | (control_exceeds(p.z, 2) ? QC_1_2S : 0u);
    return p;
}

static void add_series(QcBook *book, const Reference *reference, const Entry *entries, size_t n,
                       Arena *arena)
{
    const Table *t = reference_table(reference, "qc/materials");
    if (book->n_series == book->series_capacity)
        book->series =
            arena_grow(arena, book->series, &book->series_capacity, sizeof *book->series);
    QcSeries *s = &book->series[book->n_series++];
    *s = (QcSeries){.analyte = entries[0].control->analyte,
                    .instrument = entries[0].control->instrument,
                    .n_points = n};
    s->points = arena_alloc(arena, n * sizeof *s->points);
    s->runs = arena_alloc(arena, n * sizeof *s->runs);
    Bench b = {.need = find_need(book, s->analyte)};
    b.points = arena_alloc(arena, n * sizeof *b.points);
    for (size_t i = 0; i < n; i++) {
        s->points[i] = point_of(t, &entries[i], &b.points[i]);
        if (i == 0 || !same_run(entries[i].control, entries[i - 1].control))
            s->runs[s->n_runs++] =
                (QcRun){.name = entries[i].control->run, .time = entries[i].run_time, .first = i};
        s->runs[s->n_runs - 1].n++;
        b.points[i].run = (long)s->n_runs;
    }
    for (size_t r = 0; r < s->n_runs; r++)
        s->runs[r].verdict = judge_run(&b, &s->runs[r]);
}

/* ---- asking ---- */

static int compare_verdicts(const void *x, const void *y)
{
    const Verdict *a = x, *b = y;
    int c = strcmp(a->analyte, b->analyte);
    return c != 0 ? c : strcmp(a->run, b->run);
}

/* How bad a state is: a run without a control is worse than a warning, a rejected one the worst. */
static int badness(QcState state)
{
    static const int order[] = {
        [QC_NONE] = 2, [QC_ACCEPTED] = 0, [QC_WARNING] = 1, [QC_REJECTED] = 3};
    return order[state];
}

static void index_verdicts(QcBook *book, size_t n, Arena *arena)
{
    book->verdicts = arena_alloc(arena, (n + 1) * sizeof *book->verdicts);
    for (size_t s = 0; s < book->n_series; s++)
        for (size_t r = 0; r < book->series[s].n_runs; r++)
            book->verdicts[book->n_verdicts++] =
                (Verdict){book->series[s].analyte, book->series[s].runs[r].name,
                          book->series[s].runs[r].verdict};
    qsort(book->verdicts, book->n_verdicts, sizeof *book->verdicts, compare_verdicts);
    size_t kept = 0;
    for (size_t i = 0; i < book->n_verdicts; i++) {
        Verdict *v = &book->verdicts[i], *last = kept > 0 ? &book->verdicts[kept - 1] : NULL;
        if (last == NULL || compare_verdicts(last, v) != 0) {
            book->verdicts[kept++] = *v;
            continue;
        }
        last->verdict.fired |= v->verdict.fired;
        if (badness(v->verdict.state) > badness(last->verdict.state))
            last->verdict.state = v->verdict.state;
    }
    book->n_verdicts = kept;
}

const QcBook *qc_book(const Reference *reference, const Control *controls, size_t n, Arena *arena)
{
    QcBook *book = arena_alloc(arena, sizeof *book);
    load_needs(book, reference_table(reference, "qc/rules"), arena);
    const Entry *entries = in_order(reference, controls, n, arena);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && same_series(entries[i].control, entries[end].control);)
            end++;
        add_series(book, reference, entries + i, end - i, arena);
    }
    index_verdicts(book, n, arena);
    return book;
}

size_t qc_size(const QcBook *book)
{
    return book->n_series;
}

const QcSeries *qc_series(const QcBook *book, size_t index)
{
    return &book->series[index];
}

bool qc_asks(const QcBook *book, const char *code)
{
    return find_need(book, code) != NULL;
}

bool qc_r4s_as_range(const QcBook *book, const char *analyte)
{
    const Need *need = find_need(book, analyte);
    return need != NULL && need->rules.r4s_as_range;
}

QcVerdict qc_verdict(const QcBook *book, const char *code, const char *run)
{
    const Need *need = find_need(book, code);
    const Verdict wanted = {.analyte = need != NULL ? need->controls : code, .run = run};
    if (run[0] == '\0' || book->n_verdicts == 0) return (QcVerdict){QC_NONE, 0};
    const Verdict *v =
        bsearch(&wanted, book->verdicts, book->n_verdicts, sizeof *v, compare_verdicts);
    return v != NULL ? v->verdict : (QcVerdict){QC_NONE, 0};
}

bool qc_holds(const QcBook *book, const char *code, QcVerdict verdict)
{
    const Need *need = find_need(book, code);
    if (need == NULL) return false;
    return verdict.state == QC_REJECTED || (verdict.state == QC_NONE && need->required);
}

const char *qc_state_code(QcState state)
{
    static const char *const codes[] = {[QC_NONE] = "none",
                                        [QC_ACCEPTED] = "accepted",
                                        [QC_WARNING] = "warning",
                                        [QC_REJECTED] = "rejected"};
    return codes[state];
}

const char *qc_fired(unsigned fired, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < RULE_NAMES; i++)
        if (fired & rule_names[i].rule)
            text = arena_print(arena, "%s%s%s", text, text[0] ? " " : "", rule_names[i].name);
    return text;
}
