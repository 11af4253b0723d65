/* Why: large deletions of the alpha-globin cluster and of SMN1 are the commonest severe carrier states of South China, and no variant file
 * shows them. Method: the logarithm of each probe's peak height, less its mean over the run's reference samples, is taken relative to the
 * reference probes of its own injection (J. P. Schouten et al., Nucleic Acids Res 30 (2002) e57): signals differ in amount and fall with
 * length, by another slope in every injection, so a line through the reference probes against their length is taken away; slope and
 * height of the line are medians (P. K. Sen, J Am Stat Assoc 63 (1968) 1379), so that one probe with a variant under it moves nothing.
 *
 * Refuses: fewer reference samples than the kit asks for, reference samples that scatter, too little DNA (Q fragments), DNA that was not
 * denatured (D fragments), a saturated probe, a blank that is not blank, missing reference probes. A quotient between two
 * bands is ambiguous, never rounded; a region whose probes disagree has no copies. */
#include "mlpa.h"

#include "stats.h"

#include <math.h>
#include <string.h>

/* ---- heights ---- */

typedef struct Signal {
    double height; /* 0 = no peak in the window */
    bool doubtful; /* pulled up, or of a shape no fragment has */
    bool saturated;
} Signal;

static Signal signal_of(const Trace *t, const MlpaProbe *p)
{
    const TraceDye *dye = &t->dye[p->dye - 1];
    Signal s = {0};
    for (size_t i = 0; i < dye->n; i++) {
        const TracePeak *k = &dye->peaks[i];
        if (k->size < p->low || k->size > p->high || k->height <= s.height) continue;
        s.height = k->height;
        s.saturated = (k->marks & PEAK_OFF_SCALE) != 0;
        s.doubtful = (k->marks & (PEAK_PULL_UP | PEAK_SHAPE)) != 0;
    }
    return s;
}

/* One injection: the logarithm of each probe's height. */
typedef struct Shot {
    double *log_height; /* -INFINITY = no peak; NAN = not to be used */
} Shot;

typedef struct Room {
    const MlpaKit *kit;
    const Sample *sample;
    Arena *arena;
    Shot own, *references;
    size_t n_references;
    double *base; /* by probe: mean over the reference samples; NAN = none */
} Room;

static bool skipped(const Room *room, const MlpaProbe *p)
{
    return p->sealed && room->sample->fetal;
}

static double highest(const Room *room, const Trace *t, MlpaRole role, bool lowest)
{
    double found = NAN;
    for (size_t i = 0; i < room->kit->n; i++) {
        const MlpaProbe *p = &room->kit->probes[i];
        if (p->role != role || skipped(room, p)) continue;
        double h = signal_of(t, p).height;
        found = isnan(found) || (lowest ? h < found : h > found) ? h : found;
    }
    return found;
}

/* Amount and denaturation of the DNA; NULL = good. */
static const char *check_fragments(const Room *room, const Trace *t)
{
    double benchmark = highest(room, t, MLPA_BENCHMARK, true);
    double q = highest(room, t, MLPA_Q, false), d = highest(room, t, MLPA_D, true);
    if (!(benchmark > 0) || q > room->kit->q_most * benchmark) return "mlpa_q";
    return d < room->kit->d_least * benchmark ? "mlpa_d" : NULL;
}

static const char *take_shot(Shot *out, const Room *room, const Trace *t)
{
    const MlpaKit *kit = room->kit;
    int references = 0;
    *out = (Shot){.log_height = arena_alloc(room->arena, (kit->n + 1) * sizeof(double))};
    const char *fault = check_fragments(room, t);
    if (fault != NULL) return fault;
    for (size_t i = 0; i < kit->n; i++) {
        const Signal s = signal_of(t, &kit->probes[i]);
        const bool unused = skipped(room, &kit->probes[i]) || s.doubtful;
        if (s.saturated) return "mlpa_saturated";
        out->log_height[i] = unused ? (double)NAN : s.height > 0 ? log(s.height) : -INFINITY;
        references += kit->probes[i].role == MLPA_REFERENCE && isfinite(out->log_height[i]);
    }
    return references < kit->least_reference_probes ? "mlpa_reference_probes" : NULL;
}

/* ---- quotients ---- */

static void make_base(Room *room)
{
    room->base = arena_alloc(room->arena, (room->kit->n + 1) * sizeof *room->base);
    for (size_t i = 0; i < room->kit->n; i++) {
        double sum = 0;
        for (size_t r = 0; r < room->n_references; r++)
            sum += room->references[r].log_height[i];
        room->base[i] = isfinite(sum) ? sum / (double)room->n_references : NAN;
    }
}

typedef struct Line {
    double height, slope;
} Line;

/* Through the log quotients of the reference probes against their length. */
static Line fit_line(const Room *room, const Shot *shot)
{
    const size_t n = room->kit->n;
    double *x = arena_alloc(room->arena, (n + 1) * sizeof *x);
    double *y = arena_alloc(room->arena, (n + 1) * sizeof *y);
    double *slopes = arena_alloc(room->arena, (n * n / 2 + 1) * sizeof *slopes);
    size_t m = 0, pairs = 0;
    for (size_t i = 0; i < n; i++) {
        double v = shot->log_height[i] - room->base[i];
        if (room->kit->probes[i].role != MLPA_REFERENCE || !isfinite(v)) continue;
        x[m] = room->kit->probes[i].length;
        y[m++] = v;
    }
    for (size_t i = 0; i < m; i++)
        for (size_t k = i + 1; k < m; k++)
            if (fabs(x[k] - x[i]) > 1) slopes[pairs++] = (y[k] - y[i]) / (x[k] - x[i]);
    Line line = {.slope = median_of(slopes, pairs)};
    for (size_t i = 0; i < m; i++)
        y[i] -= line.slope * x[i];
    line.height = median_of(y, m);
    return line;
}

static double *quotients_of(const Room *room, const Shot *shot)
{
    double *q = arena_alloc(room->arena, (room->kit->n + 1) * sizeof *q);
    for (size_t i = 0; i < room->kit->n; i++)
        q[i] = NAN;
    if (shot->log_height == NULL) return q;
    Line line = fit_line(room, shot);
    for (size_t i = 0; i < room->kit->n; i++) {
        const MlpaProbe *p = &room->kit->probes[i];
        double v = shot->log_height[i] - room->base[i] - line.height - line.slope * p->length;
        if ((p->role == MLPA_TARGET || p->role == MLPA_REFERENCE) && !isnan(v)) q[i] = exp(v);
    }
    return q;
}

static double sd(const double *values, size_t n)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        square += (values[i] - mean) * (values[i] - mean);
    return n > 1 ? sqrt(square / (double)(n - 1)) : 0;
}

/* Largest SD of a probe's quotient over the reference samples. */
static double worst_spread(const Room *room)
{
    const size_t n = room->n_references;
    double worst = 0, *column = arena_alloc(room->arena, (n + 1) * sizeof *column);
    double **all = arena_alloc(room->arena, (n + 1) * sizeof *all);
    for (size_t r = 0; r < n; r++)
        all[r] = quotients_of(room, &room->references[r]);
    for (size_t i = 0; i < room->kit->n; i++) {
        if (isnan(room->base[i])) continue;
        for (size_t r = 0; r < n; r++)
            column[r] = all[r][i];
        double s = sd(column, n);
        worst = s > worst ? s : worst;
    }
    return worst;
}

/* How the sample's own reference probes scatter about their line; the one farthest off is left out, for a variant may lie under it. */
static double own_spread(const Room *room, const double *quotients)
{
    double *q = arena_alloc(room->arena, (room->kit->n + 1) * sizeof *q);
    size_t n = 0, far = 0;
    for (size_t i = 0; i < room->kit->n; i++) {
        if (room->kit->probes[i].role != MLPA_REFERENCE || !isfinite(quotients[i])) continue;
        q[n++] = quotients[i];
        if (fabs(q[n - 1] - 1) > fabs(q[far] - 1)) far = n - 1;
    }
    if (n > 0) q[far] = q[n - 1];
    return n > 1 ? sd(q, n - 1) : INFINITY;
}

/* ---- copies ---- */

static int copies_of(const Table *bands, double quotient)
{
    for (size_t r = 0; r < bands->n_rows && !isnan(quotient); r++) {
        double copies, low, high;
        if (table_number(bands, r, table_column(bands, "copies"), &copies) &&
            table_number(bands, r, table_column(bands, "low"), &low) &&
            table_number(bands, r, table_column(bands, "high"), &high) && quotient >= low &&
            quotient <= high)
            return (int)copies;
    }
    return isnan(quotient) ? MLPA_UNREAD : MLPA_AMBIGUOUS;
}

/* Probes that could not be read leave the region to the others; probes that disagree leave it without copies. */
static MlpaRegion region_of(const MlpaReading *r, const char *name)
{
    MlpaRegion out = {.name = name, .copies = MLPA_UNREAD, .quotient = NAN};
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < r->kit->n; i++) {
        const MlpaProbe *p = &r->kit->probes[i];
        if (p->role != MLPA_TARGET || strcmp(p->region, name) != 0 || r->copies[i] == MLPA_UNREAD)
            continue;
        out.copies = n == 0 || out.copies == r->copies[i] ? r->copies[i] : MLPA_AMBIGUOUS;
        sum += r->quotients[i];
        n++;
    }
    if (n > 0) out.quotient = sum / (double)n;
    return out;
}

static int copies_told(const MlpaReading *r, const char *name, size_t length)
{
    for (size_t k = 0; k < r->n_regions; k++)
        if (strlen(r->regions[k].name) == length && memcmp(r->regions[k].name, name, length) == 0)
            return r->regions[k].copies;
    return MLPA_UNREAD;
}

/* "HBZ=2|HBA2=1": every region named has that many copies. */
static bool fits(const MlpaReading *r, const char *pattern)
{
    for (const char *p = pattern; *p != '\0';) {
        size_t name = strcspn(p, "="), item = strcspn(p, "|");
        if (name >= item || copies_told(r, p, name) != p[name + 1] - '0') return false;
        p += item + (p[item] == '|');
    }
    return true;
}

static void read_pattern(MlpaReading *r)
{
    const Table *t = r->patterns;
    for (size_t i = 0; i < t->n_rows && r->pattern < 0; i++)
        if (strcmp(table_get(t, i, "locus"), r->kit->locus) == 0 &&
            fits(r, table_get(t, i, "regions")))
            r->pattern = (long)i;
    if (r->pattern < 0) return;
    r->code = table_get(t, (size_t)r->pattern, "code");
    r->value = table_get(t, (size_t)r->pattern, "value");
}

/* ---- one injection ---- */

static bool of_run(const Trace *t, const Trace *own)
{
    return strcmp(t->kit, own->kit) == 0 && strcmp(t->run, own->run) == 0;
}

static bool blank_speaks(const Room *room, const Trace *t)
{
    for (size_t i = 0; i < room->kit->n; i++) {
        const MlpaProbe *p = &room->kit->probes[i];
        if ((p->role == MLPA_TARGET || p->role == MLPA_REFERENCE) && !skipped(room, p) &&
            signal_of(t, p).height > room->kit->blank_most)
            return true;
    }
    return false;
}

/* The reference samples that can be used, and the blanks; NULL = good. */
static const char *take_run(Room *room, const Trace *own)
{
    const Evidence *e = &room->sample->evidence;
    room->references = arena_alloc(room->arena, (e->n_traces + 1) * sizeof *room->references);
    for (size_t i = 0; i < e->n_traces; i++) {
        const Trace *t = &e->traces[i];
        if (!of_run(t, own) || t->role == TRACE_SAMPLE) continue;
        if (t->role == TRACE_BLANK && t->fault[0] == '\0' && blank_speaks(room, t))
            return "mlpa_blank";
        Shot *shot = &room->references[room->n_references];
        if (t->role == TRACE_REFERENCE && t->fault[0] == '\0' && take_shot(shot, room, t) == NULL)
            room->n_references++;
    }
    return room->n_references < (size_t)room->kit->least_references ? "mlpa_few_references" : NULL;
}

static const char *measure(MlpaReading *r, Room *room, const Trace *own)
{
    const char *fault = take_run(room, own);
    if (fault != NULL) return fault;
    make_base(room);
    r->worst = worst_spread(room);
    if (r->worst > room->kit->spread) return "mlpa_spread";
    fault = take_shot(&room->own, room, own);
    if (fault != NULL) return fault;
    r->quotients = quotients_of(room, &room->own);
    return own_spread(room, r->quotients) > room->kit->spread ? "mlpa_noise" : NULL;
}

static const MlpaKit *find_kit(const MlpaModel *model, const char *code)
{
    for (size_t i = 0; i < model->n_kits; i++)
        if (strcmp(model->kits[i].code, code) == 0) return &model->kits[i];
    return NULL;
}

void mlpa_read(MlpaReading *out, const MlpaModel *model, const Sample *sample, const Trace *own,
               Arena *arena)
{
    MlpaReading r = {
        .kit = find_kit(model, own->kit), .worst = NAN, .pattern = -1, .patterns = model->patterns};
    *out = r;
    if (r.kit == NULL) {
        out->fault = "mlpa_kit_unknown";
        return;
    }
    Room room = {.kit = r.kit, .sample = sample, .arena = arena};
    r.fault = measure(&r, &room, own);
    if (r.fault == NULL) {
        r.copies = arena_alloc(arena, (r.kit->n + 1) * sizeof *r.copies);
        for (size_t i = 0; i < r.kit->n; i++)
            r.copies[i] = copies_of(model->bands, r.quotients[i]);
        r.regions = arena_alloc(arena, (r.kit->n_regions + 1) * sizeof *r.regions);
        for (; r.n_regions < r.kit->n_regions; r.n_regions++)
            r.regions[r.n_regions] = region_of(&r, r.kit->regions[r.n_regions]);
        read_pattern(&r);
    }
    *out = r;
}

/* ---- for the carrier assay ---- */

/* A number stays a number: smn1.exon7_copies. */
static Result result_of(const MlpaReading *r, const Trace *own)
{
    const char *unit = r->pattern < 0 ? "" : table_get(r->patterns, (size_t)r->pattern, "unit");
    Result q = {.specimen = "",
                .code = r->code,
                .value = r->value,
                .unit = unit,
                .time = INSTANT_NONE,
                .run = own->run,
                .well = own->well};
    if (unit[0] == '\0') return q;
    q.value = NULL;
    (void)table_number(r->patterns, (size_t)r->pattern, table_column(r->patterns, "value"),
                       &q.number);
    return q;
}

/* The code that this kit's patterns give, when its values are words: only they can say "invalid". */
static const char *coded(const MlpaReading *r)
{
    const Table *t = r->patterns;
    for (size_t i = 0; i < t->n_rows; i++)
        if (strcmp(table_get(t, i, "locus"), r->kit->locus) == 0)
            return table_get(t, i, "unit")[0] == '\0' ? table_get(t, i, "code") : NULL;
    return NULL;
}

size_t mlpa_results(Result **out, bool *example, const MlpaModel *model, const Sample *sample,
                    Arena *arena)
{
    const Evidence *e = &sample->evidence;
    size_t n = 0;
    *out = arena_alloc(arena, (e->n_traces + 1) * sizeof **out);
    for (size_t i = 0; e->status == OK && i < e->n_traces; i++) {
        MlpaReading r;
        if (e->traces[i].role != TRACE_SAMPLE) continue;
        mlpa_read(&r, model, sample, &e->traces[i], arena);
        if (r.kit != NULL && r.fault != NULL) {
            r.code = coded(&r);
            r.value = "invalid";
        }
        if (r.code == NULL) continue;
        (*out)[n++] = result_of(&r, &e->traces[i]);
        *example |= r.kit != NULL && r.kit->example;
    }
    return n;
}
