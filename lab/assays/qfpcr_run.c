/* Why: one chromosome's skew is a trisomy only while the others are straight, the run is clean, and the cells are the fetus's own.
 * Method: readings are counted by chromosome, and four tables speak in turn: run, chromosome, sample (pattern), verdict. Control DNA must read
 * its genotype in equal dosage, and every blank must be silent. With the mother's trace of the same kit each marker must share
 * an allele (Mendel); a genotype equal to hers throughout is no fetus at all.
 * Refuses: what no table's row speaks of; the caller then tells "not assessed". */
#include "qfpcr_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Bench {
    const Reference *reference;
    QfpcrLimits limits;
    Arena *arena;
} Bench;

static const char *number_word(const Bench *b, int n, int most)
{
    return arena_print(b->arena, "%d", n < most ? n : most);
}

/* ---- typing ---- */

static bool type_trace(Typing *out, const Trace *trace, const Bench *b)
{
    QfpcrKit kit;
    Markers *m = arena_alloc(b->arena, sizeof *m);
    *out = (Typing){.trace = trace, .markers = m};
    if (markers_find(m, b->reference, trace->kit, b->arena, NULL) != OK ||
        !qfpcr_kit(&kit, b->reference, trace->kit))
        return false;
    out->readings = arena_alloc(b->arena, m->n * sizeof *out->readings);
    for (size_t i = 0; i < m->n; i++)
        if (!m->items[i].sex)
            qfpcr_read_marker(&out->readings[out->n++], &b->limits, &kit, &m->items[i], trace,
                              b->reference);
    return true;
}

static const MarkerReading *reading_of(const Typing *t, const char *marker)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->readings[i].marker->name, marker) == 0) return &t->readings[i];
    return NULL;
}

static bool is_class(const MarkerReading *r, const char *class)
{
    return strcmp(r->class, class) == 0;
}

/* ---- the run ---- */

typedef enum ControlState {
    CONTROL_PASSED,
    CONTROL_MISSING,
    CONTROL_UNREAD,
    CONTROL_UNLISTED,
    CONTROL_WRONG
} ControlState;
typedef enum BlankState { BLANK_SILENT, BLANK_MISSING, BLANK_UNREAD, BLANK_PEAKS } BlankState;

/* "232|252", or "221": their number; 0 = it is neither. */
static int read_sizes(double sizes[2], const char *text)
{
    const char *p = text;
    for (int n = 0; n < 2; n++) {
        char *end;
        sizes[n] = strtod(p, &end);
        if (end == p || !(sizes[n] > 0) || !isfinite(sizes[n])) return 0;
        if (*end == '\0') return n + 1;
        if (*end != '|') return 0;
        p = end + 1;
    }
    return 0;
}

/* As many alleles as sizes, each within reach, in the class that so many alleles must have. */
static bool reads_sizes(const MarkerReading *r, const char *text, double within)
{
    double sizes[2];
    const int n = read_sizes(sizes, text);
    for (int i = 0; i < n; i++)
        if (!qfpcr_has_allele(r, sizes[i], within)) return false;
    return n > 0 && r->n == n && is_class(r, n == 1 ? "homozygous" : "normal");
}

static bool lists(const Markers *m, const char *marker)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->items[i].name, marker) == 0 && !m->items[i].sex) return true;
    return false;
}

Status qfpcr_controls_check(const Reference *reference, Arena *arena, Note *why)
{
    double sizes[2];
    const Table *t = reference_table(reference, "qfpcr/controls");
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        Markers m = {0};
        const char *marker = table_get(t, r, "marker");
        const Status s = markers_find(&m, reference, table_get(t, r, "kit"), arena, why);
        if (s == BAD_INPUT) return s;
        if (s != OK || !lists(&m, marker) || read_sizes(sizes, table_get(t, r, "sizes")) == 0)
            return note_fail(why, BAD_INPUT, "qfpcr.controls",
                             (Place){t->info.path, t->lines[r], marker}, NULL);
    }
    return OK;
}

static ControlState control_state(const Trace *control, const Bench *b)
{
    const Table *t = reference_table(b->reference, "qfpcr/controls");
    Typing typing;
    size_t listed = 0;
    if (control->fault[0] != '\0' || !type_trace(&typing, control, b)) return CONTROL_UNREAD;
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        if (strcmp(table_get(t, r, "kit"), control->kit) != 0 ||
            strcmp(table_get(t, r, "material"), control->material) != 0)
            continue;
        const MarkerReading *m = reading_of(&typing, table_get(t, r, "marker"));
        listed++;
        if (m == NULL || !reads_sizes(m, table_get(t, r, "sizes"), b->limits.match))
            return CONTROL_WRONG;
    }
    return listed > 0 ? CONTROL_PASSED : CONTROL_UNLISTED;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median ratio of the markers of the first control that could be read: what a laboratory watches from run to run. */
static double control_ratio(const Evidence *e, const char *kit, const Bench *b)
{
    for (size_t i = 0; i < e->n_traces; i++) {
        const Trace *t = &e->traces[i];
        Typing typing;
        size_t n = 0;
        if (t->role != TRACE_CONTROL || strcmp(t->kit, kit) != 0 || t->fault[0] != '\0' ||
            !type_trace(&typing, t, b))
            continue;
        double *ratios = arena_alloc(b->arena, typing.n * sizeof *ratios);
        for (size_t k = 0; k < typing.n; k++)
            if (typing.readings[k].n == 2 && !is_class(&typing.readings[k], "unusable"))
                ratios[n++] = typing.readings[k].ratio;
        qsort(ratios, n, sizeof *ratios, by_value);
        return n > 0 ? ratios[n / 2] : NAN;
    }
    return NAN;
}

static BlankState blank_state(const Trace *blank, const Bench *b)
{
    Markers m;
    if (blank->fault[0] != '\0' || markers_find(&m, b->reference, blank->kit, b->arena, NULL) != OK)
        return BLANK_UNREAD;
    for (size_t i = 0; i < m.n; i++) {
        const TraceDye *dye = &blank->dye[m.items[i].dye - 1];
        for (size_t k = 0; k < dye->n && !m.items[i].sex; k++)
            if (dye->peaks[k].size >= m.items[i].low && dye->peaks[k].size <= m.items[i].high &&
                dye->peaks[k].height >= b->limits.foreign_height &&
                (dye->peaks[k].marks & (PEAK_PULL_UP | PEAK_SHAPE)) == 0)
                return BLANK_PEAKS;
    }
    return BLANK_SILENT;
}

static Decision run_decision(const Evidence *e, const char *kit, const Bench *b)
{
    static const char *const controls[] = {"passed", "missing", "unread", "unlisted", "wrong"};
    static const char *const blanks[] = {"silent", "missing", "unread", "peaks"};
    ControlState control = CONTROL_MISSING;
    BlankState blank = BLANK_MISSING;
    for (size_t i = 0; i < e->n_traces; i++) {
        const Trace *t = &e->traces[i];
        if (strcmp(t->kit, kit) != 0) continue;
        if (t->role == TRACE_CONTROL && (control == CONTROL_MISSING || control == CONTROL_PASSED))
            control = control_state(t, b);
        if (t->role == TRACE_BLANK && (blank == BLANK_MISSING || blank == BLANK_SILENT))
            blank = blank_state(t, b);
    }
    return decide(reference_rules(b->reference, "qfpcr/run"),
                  (const char *const[]){controls[control], blanks[blank]});
}

static bool passed(const Bench *b, Decision d)
{
    return strcmp(decide_output(reference_rules(b->reference, "qfpcr/run"), d, "run"), "passed") ==
           0;
}

/* ---- the mother ---- */

typedef struct Kinship {
    int common, strange, equal, heterozygous;
} Kinship;

static bool clear_reading(const MarkerReading *r)
{
    return r->n > 0 && !is_class(r, "unusable");
}

static void compare_marker(Kinship *k, const MarkerReading *child, const MarkerReading *mother,
                           double within)
{
    int shared = 0;
    if (!clear_reading(child) || !clear_reading(mother)) return;
    for (int i = 0; i < child->n; i++)
        shared += qfpcr_has_allele(mother, child->alleles[i].size, within);
    k->common += shared > 0;
    k->strange += shared == 0;
    if (mother->n != 2) return;
    k->heterozygous++;
    k->equal += child->n == 2 && shared == 2 && is_class(child, "normal");
}

static const char *compare_mother(QfpcrJudgement *j, const Sample *mother, const Bench *b)
{
    Kinship k = {0};
    Typing hers;
    for (size_t i = 0; mother != NULL && i < mother->evidence.n_traces; i++) {
        const Trace *t = &mother->evidence.traces[i];
        if (t->role != TRACE_SAMPLE || mother->evidence.status != OK || !type_trace(&hers, t, b))
            continue;
        if (!passed(b, run_decision(&mother->evidence, t->kit, b))) continue;
        j->mother_typed = true;
        for (size_t y = 0; y < j->n_typings; y++)
            for (size_t m = 0; m < j->typings[y].n; m++) {
                const MarkerReading *own = &j->typings[y].readings[m];
                const MarkerReading *r = reading_of(&hers, own->marker->name);
                if (r != NULL && strcmp(j->typings[y].trace->kit, t->kit) == 0)
                    compare_marker(&k, own, r, b->limits.match);
            }
    }
    if (k.strange >= 2) return "mismatch";
    if (k.heterozygous >= b->limits.mother_least && k.equal == k.heterozygous && k.strange == 0)
        return "identical";
    return k.common >= b->limits.mother_least ? "consistent" : "";
}

/* ---- chromosomes ---- */

static void count_markers(QfpcrJudgement *j)
{
    for (size_t y = 0; y < j->n_typings; y++)
        for (size_t m = 0; m < j->typings[y].n; m++) {
            const MarkerReading *r = &j->typings[y].readings[m];
            const long chrom = strtol(r->marker->chromosome, NULL, 10);
            if (chrom < 1 || chrom >= QFPCR_CHROMS) continue;
            ChromosomeCount *c = &j->of[chrom];
            j->told[chrom] = true;
            c->markers++;
            c->normal += is_class(r, "normal");
            c->trisomic += is_class(r, "trisomic");
            c->between += is_class(r, "between");
            c->foreign += is_class(r, "foreign");
            if (r->n != 2 || (!is_class(r, "normal") && !is_class(r, "between"))) continue;
            c->pairs++;
            c->skew += fabs(log(r->ratio));
        }
}

/* One marker a little off is chance; all of a chromosome's, in whatever direction, are cells with another number of it. */
static const char *joint(const ChromosomeCount *c, const QfpcrLimits *l)
{
    return c->pairs >= 2 && c->skew >= c->pairs * log(l->joint_skew) ? "skewed" : "straight";
}

static void judge_chromosomes(QfpcrJudgement *j, const Bench *b)
{
    const Rules *rules = reference_rules(b->reference, "qfpcr/chromosome");
    for (int c = 1; c < QFPCR_CHROMS; c++) {
        ChromosomeCount *k = &j->of[c];
        if (!j->told[c]) continue;
        const char *const values[] = {number_word(b, k->normal, 9), number_word(b, k->trisomic, 9),
                                      number_word(b, k->between, 9), number_word(b, k->foreign, 9),
                                      joint(k, &b->limits)};
        k->verdict = decide_output(rules, decide(rules, values), "verdict");
    }
}

static bool is_verdict(const ChromosomeCount *c, const char *verdict)
{
    return c->verdict != NULL && strcmp(c->verdict, verdict) == 0;
}

static const char *pattern_of(const QfpcrJudgement *j, const Bench *b)
{
    int foreign = 0, foreign_chromosomes = 0, trisomy = 0, normal = 0, intermediate = 0;
    const Rules *rules = reference_rules(b->reference, "qfpcr/sample");
    for (int c = 1; c < QFPCR_CHROMS; c++) {
        foreign += j->of[c].foreign;
        foreign_chromosomes += j->of[c].foreign > 0;
        trisomy += is_verdict(&j->of[c], "trisomy");
        normal += is_verdict(&j->of[c], "normal");
        intermediate += is_verdict(&j->of[c], "intermediate") || is_verdict(&j->of[c], "suspect");
    }
    const char *const values[] = {j->mother,
                                  number_word(b, foreign, 99),
                                  number_word(b, foreign_chromosomes, 3),
                                  number_word(b, trisomy, 3),
                                  number_word(b, normal, 3),
                                  number_word(b, intermediate, 3)};
    return decide_output(rules, decide(rules, values), "pattern");
}

bool qfpcr_judge(QfpcrJudgement *out, const Sample *sample, const Sample *mother,
                 const Reference *reference, Arena *arena)
{
    static const int always[] = {13, 18, 21};
    const Evidence *e = &sample->evidence;
    Bench b = {.reference = reference, .arena = arena};
    *out = (QfpcrJudgement){.pattern = "", .mother = "", .run = {.row = -1}, .control_ratio = NAN};
    if (qfpcr_limits(&b.limits, reference, NULL) != OK) return false;
    size_t own = 0;
    for (size_t i = 0; i < e->n_traces; i++)
        own += e->traces[i].role == TRACE_SAMPLE;
    out->typings = arena_alloc(arena, own * sizeof *out->typings);
    for (size_t i = 0; i < e->n_traces; i++) {
        if (e->traces[i].role != TRACE_SAMPLE) continue;
        if (!type_trace(&out->typings[out->n_typings], &e->traces[i], &b)) continue;
        const Decision run = run_decision(e, e->traces[i].kit, &b);
        if (out->n_typings == 0 || passed(&b, out->run)) out->run = run;
        out->n_typings++;
    }
    if (out->n_typings == 0) return false;
    out->control_ratio = control_ratio(e, out->typings[0].trace->kit, &b);
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        out->told[always[i]] = true;
    count_markers(out);
    judge_chromosomes(out, &b);
    out->mother = compare_mother(out, mother, &b);
    out->pattern = pattern_of(out, &b);
    return true;
}
