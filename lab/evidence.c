/* The canonical text of Evidence is what the ledger keeps and what the judgement key is computed
 * over, so it must be a bijection: equal evidence gives equal bytes, and reading gives back what
 * was printed, to the last bit of a number.
 *
 *     evidence 1                        the form and its version; cells are separated by TAB
 *     failed   STATUS CODE FILE ROW FIELD DETAIL
 *     calls    BUILD N_CALLS N_IDENTITY PANEL
 *     call     SITE KIND FLAGS PLOIDY COPIES MISSING DELETED FIRST PHASE_SET DEPTH QUALITY START
 * END identity 0120-1...                one character a site, '-' = not read result   SPECIMEN CODE
 * KIND VALUE UNIT TIME RUN WELL
 *     trace    (lab/trace.c)            one line an injection, in order
 *
 * A result that corrects or takes back earlier ones has one cell more, "corrected" or "withdrawn".
 * KIND of a result is "code" or "number"; '<' or '>' before a number says that the value lies beyond
 * it. Numbers are printed with 17 significant digits, which is
 * enough to restore an IEEE double (D. Goldberg, "What every computer scientist should know about
 * floating-point arithmetic", ACM Comput. Surv. 23 (1991) 5). TAB, LF, CR and backslash in a text
 * are escaped. `sealed` is never printed: what is sealed does not exist for the ledger. Reading
 * refuses every other form, so a text that was changed by hand does not become a finding. */
#include "evidence.h"

#include "bins.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS = 16,
    A_DRAWN_TRACE = 10000,
    A_TRACE = 2000,
    MOST_ITEMS = 50000000,
    MOST_STATUS = LEDGER_FAILED
};

static const char HEAD[] = "evidence\t1\n";

/* ---- printing ---- */

typedef struct Text {
    char *bytes;
    size_t n, capacity;
    Arena *arena;
} Text;

static void text_room(Text *t, size_t more)
{
    while (t->capacity - t->n < more + 1)
        t->bytes = arena_grow(t->arena, t->bytes, &t->capacity, 1);
}

static void text_put(Text *t, const char *bytes, size_t n)
{
    text_room(t, n);
    memcpy(t->bytes + t->n, bytes, n);
    t->n += n;
    t->bytes[t->n] = '\0';
}

static void text_cell(Text *t, const char *cell)
{
    text_put(t, "\t", 1);
    for (const char *p = cell ? cell : ""; *p != '\0';) {
        size_t plain = strcspn(p, "\t\n\r\\");
        text_put(t, p, plain);
        p += plain;
        if (*p == '\0') break;
        const char *escape = *p == '\t' ? "\\t" : *p == '\n' ? "\\n" : *p == '\r' ? "\\r" : "\\\\";
        text_put(t, escape, 2);
        p++;
    }
}

static void text_int(Text *t, int64_t value)
{
    char cell[24];
    int n = snprintf(cell, sizeof cell, "\t%" PRId64, value);
    text_put(t, cell, (size_t)n);
}

static void print_failure(Text *t, const Evidence *e)
{
    text_put(t, "failed", 6);
    text_int(t, e->status);
    text_cell(t, e->note.code);
    text_cell(t, e->note.file);
    text_int(t, e->note.row);
    text_cell(t, e->note.field);
    text_cell(t, e->note.detail);
    text_put(t, "\n", 1);
}

static void print_call(Text *t, const Call *c)
{
    const int flags = (c->block ? 1 : 0) | (c->filtered ? 2 : 0) | (c->phased ? 4 : 0);
    const int64_t cells[] = {c->site,    c->kind,    flags,    c->ploidy,    c->copies,
                             c->missing, c->deleted, c->first, c->phase_set, c->depth,
                             c->quality, c->start,   c->end};
    text_put(t, "call", 4);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        text_int(t, cells[i]);
    text_put(t, "\n", 1);
}

static void print_calls(Text *t, const CallSet *calls)
{
    text_put(t, "calls", 5);
    text_int(t, calls->build);
    text_int(t, (int64_t)calls->n_calls);
    text_int(t, (int64_t)calls->n_identity);
    text_int(t, calls->panel);
    text_put(t, "\n", 1);
    for (size_t i = 0; i < calls->n_calls; i++)
        print_call(t, &calls->calls[i]);
    if (calls->n_identity == 0) return;
    text_put(t, "identity\t", 9);
    for (size_t i = 0; i < calls->n_identity; i++)
        text_put(t, calls->identity[i] < 0 ? "-" : &"0123456789"[calls->identity[i] % 10], 1);
    text_put(t, "\n", 1);
}

static void print_bins(Text *t, const Bins *bins)
{
    const char *cells = bins_print(bins, t->arena);
    text_put(t, "bins", 4);
    text_put(t, cells, strlen(cells));
    text_put(t, "\n", 1);
}

static void print_trace(Text *t, const Trace *trace)
{
    const char *cells = trace_print(trace, t->arena);
    text_put(t, "trace", 5);
    text_put(t, cells, strlen(cells));
    text_put(t, "\n", 1);
}

static const char *const standings[] = {"", "corrected", "withdrawn"};

static void print_result(Text *t, const Result *r)
{
    char number[32];
    const char bound[] = {r->bound, '\0'};
    (void)snprintf(number, sizeof number, "%s%.17g", bound, r->number);
    text_put(t, "result", 6);
    text_cell(t, r->specimen);
    text_cell(t, r->code);
    text_cell(t, r->value ? "code" : "number");
    text_cell(t, r->value ? r->value : number);
    text_cell(t, r->unit);
    if (r->time == INSTANT_NONE)
        text_cell(t, "");
    else
        text_int(t, r->time);
    text_cell(t, r->run);
    text_cell(t, r->well);
    if (r->standing != RESULT_FINAL) text_cell(t, standings[r->standing]);
    text_put(t, "\n", 1);
}

const char *evidence_print(const Evidence *evidence, Arena *arena)
{
    Text t = {.arena = arena, .capacity = 128 + evidence->n_results * 96};
    for (size_t i = 0; i < evidence->n_traces; i++)
        t.capacity += evidence->traces[i].n_grid > 0 ? A_DRAWN_TRACE : A_TRACE;
    t.bytes = arena_alloc(arena, t.capacity);
    text_put(&t, HEAD, sizeof HEAD - 1);
    if (evidence->status != OK) print_failure(&t, evidence);
    if (evidence->calls != NULL) print_calls(&t, evidence->calls);
    if (evidence->bins != NULL) print_bins(&t, evidence->bins);
    for (size_t i = 0; i < evidence->n_traces; i++)
        print_trace(&t, &evidence->traces[i]);
    for (size_t i = 0; i < evidence->n_results; i++)
        print_result(&t, &evidence->results[i]);
    return t.bytes;
}

/* ---- reading ---- */

typedef struct Line {
    const char *cells[CELLS];
    size_t n;
} Line;

typedef struct Scan {
    Evidence *out;
    Arena *arena;
    size_t calls_read, calls_told, capacity, trace_capacity;
    bool identity_read;
} Scan;

/* What stands behind a backslash; NUL for what is never printed. */
static char escaped(char c)
{
    switch (c) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case '\\':
        return '\\';
    default:
        return '\0';
    }
}

/* Undoes the escapes; false for an escape that is never printed. */
static bool unescape(char *cell)
{
    char *to = strchr(cell, '\\');
    for (const char *p = to; p != NULL && *p != '\0'; p++) {
        if (*p != '\\') {
            *to++ = *p;
            continue;
        }
        p++;
        char c = escaped(*p);
        if (c == '\0') return false;
        *to++ = c;
    }
    if (to != NULL) *to = '\0';
    return true;
}

static bool split(Line *line, char *text)
{
    line->n = 0;
    for (char *p = text;; p++) {
        if (line->n == CELLS) return false;
        char *tab = strchr(p, '\t');
        if (tab != NULL) *tab = '\0';
        line->cells[line->n++] = p;
        if (!unescape(p)) return false;
        if (tab == NULL) return true;
        p = tab;
    }
}

/* A whole number as text_int prints it, within lowest..highest. */
static bool cell_int(const char *cell, int64_t lowest, int64_t highest, int64_t *out)
{
    char again[24], *end;
    size_t n = strlen(cell);
    if (n == 0 || n >= sizeof again || strspn(cell, "-0123456789") != n) return false;
    int64_t value = strtoll(cell, &end, 10);
    (void)snprintf(again, sizeof again, "%" PRId64, value);
    if (strcmp(again, cell) != 0 || value < lowest || value > highest) return false;
    *out = value;
    return true;
}

static bool cell_number(const char *cell, double *out)
{
    char again[32], *end;
    size_t n = strlen(cell);
    if (n == 0 || n >= sizeof again || strspn(cell, "-+.0123456789einfa") != n) return false;
    double value = strtod(cell, &end);
    (void)snprintf(again, sizeof again, "%.17g", value);
    if (strcmp(again, cell) != 0) return false;
    *out = value;
    return true;
}

static bool read_failure(Scan *scan, const Line *line)
{
    int64_t status, row;
    if (line->n != 7 || scan->out->status != OK ||
        !cell_int(line->cells[1], OK + 1, MOST_STATUS, &status) ||
        !cell_int(line->cells[4], 0, INT32_MAX, &row))
        return false;
    scan->out->status =
        note_fail(&scan->out->note, (Status)status, arena_copy(scan->arena, line->cells[2]),
                  (Place){line->cells[3], (long)row, line->cells[5]}, "%s", line->cells[6]);
    return true;
}

static bool read_calls(Scan *scan, const Line *line)
{
    int64_t build, calls, identity, panel;
    if (line->n != 5 || scan->out->calls != NULL ||
        !cell_int(line->cells[1], BUILD_UNKNOWN, BUILD_GRCH38, &build) ||
        !cell_int(line->cells[2], 0, MOST_ITEMS, &calls) ||
        !cell_int(line->cells[3], 0, MOST_ITEMS, &identity) ||
        !cell_int(line->cells[4], 0, INT64_MAX, &panel))
        return false;
    scan->calls_told = (size_t)calls;
    scan->out->calls = arena_alloc(scan->arena, sizeof *scan->out->calls);
    *scan->out->calls =
        (CallSet){.build = (Build)build, .n_identity = (size_t)identity, .panel = panel};
    return true;
}

static bool read_call(Scan *scan, const Line *line)
{
    static const struct {
        int64_t lowest, highest;
    } limits[] = {{0, UINT32_MAX},        {0, CALL_REF_MISMATCH}, {0, 7},
                  {INT8_MIN, INT8_MAX},   {INT8_MIN, INT8_MAX},   {INT8_MIN, INT8_MAX},
                  {INT8_MIN, INT8_MAX},   {INT8_MIN, INT8_MAX},   {INT32_MIN, INT32_MAX},
                  {INT32_MIN, INT32_MAX}, {INT32_MIN, INT32_MAX}, {INT64_MIN, INT64_MAX},
                  {INT64_MIN, INT64_MAX}};
    enum { NUMBERS = sizeof limits / sizeof *limits };
    int64_t v[NUMBERS];
    CallSet *set = scan->out->calls;
    if (set == NULL || line->n != NUMBERS + 1 || scan->calls_read == scan->calls_told) return false;
    for (size_t i = 0; i < NUMBERS; i++)
        if (!cell_int(line->cells[i + 1], limits[i].lowest, limits[i].highest, &v[i])) return false;
    if (scan->calls_read == scan->capacity)
        set->calls = arena_grow(scan->arena, set->calls, &scan->capacity, sizeof *set->calls);
    set->calls[scan->calls_read++] = (Call){.site = (uint32_t)v[0],
                                            .kind = (CallKind)v[1],
                                            .block = v[2] & 1,
                                            .filtered = v[2] & 2,
                                            .phased = v[2] & 4,
                                            .ploidy = (int8_t)v[3],
                                            .copies = (int8_t)v[4],
                                            .missing = (int8_t)v[5],
                                            .deleted = (int8_t)v[6],
                                            .first = (int8_t)v[7],
                                            .phase_set = (int32_t)v[8],
                                            .depth = (int32_t)v[9],
                                            .quality = (int32_t)v[10],
                                            .start = v[11],
                                            .end = v[12]};
    set->n_calls = scan->calls_read;
    return true;
}

static bool read_identity(Scan *scan, const Line *line)
{
    CallSet *set = scan->out->calls;
    if (set == NULL || line->n != 2 || scan->identity_read ||
        strlen(line->cells[1]) != set->n_identity)
        return false;
    set->identity = arena_alloc(scan->arena, set->n_identity);
    for (size_t i = 0; i < set->n_identity; i++) {
        char c = line->cells[1][i];
        if (c != '-' && (c < '0' || c > '9')) return false;
        set->identity[i] = (int8_t)(c == '-' ? -1 : c - '0');
    }
    scan->identity_read = true;
    return true;
}

static bool read_result(Result *r, const Line *line, Arena *arena)
{
    if (line->n != 9 && line->n != 10) return false;
    bool coded = strcmp(line->cells[3], "code") == 0;
    *r = (Result){.specimen = arena_copy(arena, line->cells[1]),
                  .code = arena_copy(arena, line->cells[2]),
                  .value = coded ? arena_copy(arena, line->cells[4]) : NULL,
                  .unit = arena_copy(arena, line->cells[5]),
                  .time = INSTANT_NONE,
                  .run = arena_copy(arena, line->cells[7]),
                  .well = arena_copy(arena, line->cells[8])};
    const char *number = line->cells[4];
    if (!coded && (*number == '<' || *number == '>')) r->bound = *number++;
    if (!coded && (strcmp(line->cells[3], "number") != 0 || !cell_number(number, &r->number)))
        return false;
    while (line->n == 10 && r->standing <= RESULT_WITHDRAWN &&
           (r->standing == RESULT_FINAL || strcmp(line->cells[9], standings[r->standing]) != 0))
        r->standing++;
    if (r->standing > RESULT_WITHDRAWN) return false;
    return line->cells[6][0] == '\0' ||
           cell_int(line->cells[6], INT64_MIN + 1, INT64_MAX, &r->time);
}

static bool read_trace(Scan *scan, const Line *line)
{
    Evidence *e = scan->out;
    if (e->n_traces == scan->trace_capacity)
        e->traces = arena_grow(scan->arena, e->traces, &scan->trace_capacity, sizeof *e->traces);
    return trace_parse(&e->traces[e->n_traces++], line->cells + 1, line->n - 1, scan->arena);
}

static bool read_line(Scan *scan, const Line *line, size_t *result_capacity)
{
    Evidence *e = scan->out;
    const char *kind = line->cells[0];
    if (strcmp(kind, "failed") == 0) return read_failure(scan, line);
    if (strcmp(kind, "calls") == 0) return read_calls(scan, line);
    if (strcmp(kind, "call") == 0) return read_call(scan, line);
    if (strcmp(kind, "identity") == 0) return read_identity(scan, line);
    if (strcmp(kind, "bins") == 0)
        return e->bins == NULL && bins_parse(&e->bins, line->cells + 1, line->n - 1, scan->arena);
    if (strcmp(kind, "trace") == 0) return read_trace(scan, line);
    if (strcmp(kind, "result") != 0) return false;
    if (e->n_results == *result_capacity)
        e->results = arena_grow(scan->arena, e->results, result_capacity, sizeof *e->results);
    return read_result(&e->results[e->n_results++], line, scan->arena);
}

Status evidence_parse(Evidence *out, const char *text, Arena *arena, Note *why)
{
    Evidence read = {.status = OK};
    Scan scan = {.out = &read, .arena = arena};
    size_t result_capacity = 0;
    long row = 1;
    bool good = strncmp(text, HEAD, sizeof HEAD - 1) == 0;
    const char *p = good ? text + sizeof HEAD - 1 : text;
    while (good && *p != '\0') {
        size_t n = strcspn(p, "\n");
        Line line;
        row++;
        good = p[n] == '\n' && split(&line, arena_copy_n(arena, p, n)) &&
               read_line(&scan, &line, &result_capacity);
        p += n + (p[n] == '\n' ? 1 : 0);
    }
    good = good && scan.calls_read == scan.calls_told &&
           (read.calls == NULL || read.calls->n_identity == 0 || scan.identity_read);
    if (!good) return note_fail(why, BAD_INPUT, "ledger.evidence", (Place){.row = row}, NULL);
    *out = read;
    return OK;
}
