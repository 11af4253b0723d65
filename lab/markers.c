/* The order is the firewall. Sealing called peaks afterwards would leave traces of a sex marker: its pull-up in other dyes, the baseline below
 * its neighbours, the median width they are judged by, the list of saturated scans. So the ladder is found first, the sex windows
 * become ranges of scans, and in every dye those scans are replaced by the straight line between their two ends before any other
 * number is computed. The price: an autosomal marker of another dye inside such a range cannot be read; a panel has to be laid
 * out, or bought, so that enough markers stand elsewhere.
 *
 * The ladder itself is found on its own dye as it came, by the spacing of all its rungs; what a sex marker shows through there could move a
 * rung that stands inside the range by a scan. So those rungs are taken out again before anything is sized. The margin covers the edge. */
#include "markers.h"

#include <math.h>
#include <string.h>

static bool autosome(const char *chromosome)
{
    size_t n = strlen(chromosome);
    if (n == 0 || n > 2 || strspn(chromosome, "0123456789") != n || chromosome[0] == '0')
        return false;
    int number = chromosome[0] - '0';
    if (n == 2) number = number * 10 + chromosome[1] - '0';
    return number <= 22;
}

/* Where a panel's cells stand: looked up once a kit, not once a marker. */
typedef struct PanelColumns {
    int kit, marker, chromosome, sex, dye, low, high, repeat;
} PanelColumns;

static PanelColumns columns_of(const Table *t)
{
    return (PanelColumns){.kit = table_column(t, "kit"),
                          .marker = table_column(t, "marker"),
                          .chromosome = table_column(t, "chromosome"),
                          .sex = table_column(t, "sex"),
                          .dye = table_column(t, "dye"),
                          .low = table_column(t, "low"),
                          .high = table_column(t, "high"),
                          .repeat = table_column(t, "repeat")};
}

static bool read_marker(Marker *m, const Table *t, const PanelColumns *c, size_t row)
{
    double dye;
    const char *sex = table_cell(t, row, c->sex);
    m->name = table_cell(t, row, c->marker);
    m->chromosome = table_cell(t, row, c->chromosome);
    m->sex = strcmp(sex, "yes") == 0;
    m->example = t->examples[row];
    m->unverified = strcmp(t->info.status, "unverified") == 0;
    return m->name[0] != '\0' && m->chromosome[0] != '\0' && (m->sex || strcmp(sex, "no") == 0) &&
           (m->sex || autosome(m->chromosome)) && table_number(t, row, c->dye, &dye) && dye >= 1 &&
           dye <= DYES && (m->dye = (int)dye) == dye && table_number(t, row, c->low, &m->low) &&
           table_number(t, row, c->high, &m->high) && table_number(t, row, c->repeat, &m->repeat) &&
           m->low > 0 && m->high > m->low && m->repeat > 0;
}

Status markers_find(Markers *out, const Reference *reference, const char *kit, Arena *arena,
                    Note *why)
{
    enum { MARGIN = 4 }; /* bp: more than a peak's foot; the windows themselves hold stutter */
    const Table *t = reference_table(reference, "fragment/panel");
    const PanelColumns columns = t != NULL ? columns_of(t) : (PanelColumns){0};
    Markers m = {.kit = kit, .margin = MARGIN};
    m.items = arena_alloc(arena, (t ? t->n_rows + 1 : 1) * sizeof *m.items);
    for (size_t r = 0; t != NULL && r < t->n_rows; r++) {
        if (strcmp(table_cell(t, r, columns.kit), kit) != 0) continue;
        if (!read_marker(&m.items[m.n++], t, &columns, r))
            return note_fail(why, BAD_INPUT, "panel.row",
                             (Place){.file = t->info.path, .row = t->lines[r], .field = kit}, NULL);
    }
    if (m.n == 0) return note_fail(why, NOT_FOUND, "panel.kit", (Place){.field = kit}, NULL);
    *out = m;
    return OK;
}

/* ---- the door ---- */

static bool in_window(const Markers *m, size_t k, double bp)
{
    return bp >= m->items[k].low - m->margin && bp <= m->items[k].high + m->margin;
}

bool markers_sealed(const Markers *m, double bp)
{
    for (size_t k = 0; k < m->n; k++)
        if (m->items[k].sex && in_window(m, k, bp)) return true;
    return false;
}

bool markers_autosomal(const Markers *m)
{
    for (size_t k = 0; k < m->n; k++)
        if (m->items[k].sex) return false;
    return m->n > 0;
}

/* A rung under a sex marker moves with what shows through there. Which rungs these are, the tables alone say. */
static bool drop_sealed_rungs(Ladder *ladder, const Markers *m)
{
    bool gone[LADDER_MOST] = {false}, any = false;
    for (int i = 0; i < ladder->n; i++)
        any |= gone[i] = markers_sealed(m, ladder->sizes[i]);
    return !any || ladder_drop(ladder, gone);
}

/* Size of each scan. */
static double *sizes_of(const Ladder *ladder, size_t n, Arena *arena)
{
    double *bp = arena_alloc(arena, (n + 1) * sizeof *bp);
    ladder_size_scans(ladder, bp, n);
    return bp;
}

/* Marks the scans that lie in a sex marker's window, and all outside the ladder: nobody can say what is there. */
static bool *sealed_scans(const Markers *m, const double *bp, size_t n, Arena *arena)
{
    bool *sealed = arena_alloc(arena, n + 1);
    for (size_t i = 0; i < n; i++)
        sealed[i] = isnan(bp[i]);
    for (size_t k = 0; k < m->n; k++)
        for (size_t i = 0; m->items[k].sex && i < n; i++)
            sealed[i] |= in_window(m, k, bp[i]);
    return sealed;
}

/* A sealed range becomes the straight line between the scans on both sides of it. */
static void wipe_channel(int32_t *out, const int32_t *channel, const bool *sealed, size_t n)
{
    memcpy(out, channel, n * sizeof *out);
    for (const bool *at = sealed; (at = memchr(at, 1, n - (size_t)(at - sealed))) != NULL;) {
        const size_t first = (size_t)(at - sealed);
        size_t end = first;
        while (end < n && sealed[end])
            end++;
        double left = first > 0 ? channel[first - 1] : end < n ? channel[end] : 0;
        double right = end < n ? channel[end] : left;
        for (size_t k = first; k < end; k++)
            out[k] = (int32_t)lrint(left + (right - left) * (double)(k - first + 1) /
                                               (double)(end - first + 1));
        at = sealed + end;
    }
}

/* The saturated scans outside, and no channel: those come one by one. */
static Channels wipe_off_scale(const Channels *c, const bool *sealed, Arena *arena)
{
    Channels out = {.n = c->n, .header = ""};
    int32_t *kept = arena_alloc(arena, (c->n_off_scale + 1) * sizeof *kept);
    for (size_t i = 0; i < c->n_off_scale; i++) {
        bool inside = c->off_scale[i] >= 0 && (size_t)c->off_scale[i] < c->n;
        if (inside && !sealed[c->off_scale[i]]) kept[out.n_off_scale++] = c->off_scale[i];
    }
    out.off_scale = kept;
    return out;
}

/* ---- what may be shared ---- */

/* Scan at which the ladder reads `bp`; NAN outside it. Sizes rise with the scan. */
static double scan_of(const Ladder *ladder, double bp)
{
    double low = ladder->scans[0], high = ladder->scans[ladder->n - 1];
    if (!(bp >= ladder->sizes[0] && bp <= ladder->sizes[ladder->n - 1])) return NAN;
    for (int step = 0; step < 60; step++) {
        double middle = (low + high) / 2;
        if (ladder_size(ladder, middle) < bp)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* Heights of one peak around its scan: a normal curve, wide enough for every kit's least width. */
static void draw_rung(int32_t *trace, size_t n, double scan)
{
    enum { REACH = 20 };
    static const double HEIGHT = 3000, SD = 4.5;
    long centre = lrint(scan);
    for (long i = centre - REACH; i <= centre + REACH; i++)
        if (i >= 0 && (size_t)i < n) {
            double d = (double)(i - centre) / SD;
            trace[i] += (int32_t)lrint(HEIGHT * exp(-d * d / 2));
        }
}

Status markers_shared(Channels *out, const Markers *markers, const Kit *kit,
                      const Channels *channels, Arena *arena, Note *why)
{
    Ladder all, used;
    Status s = kit_ladder(&all, kit, channels, arena, why);
    if (s != OK) return s;
    used = all;
    if (!drop_sealed_rungs(&used, markers))
        return note_fail(why, REFUSED, "ladder.few", (Place){.field = kit->standard.name}, NULL);
    const double *bp = sizes_of(&used, channels->n, arena);
    const bool *sealed = sealed_scans(markers, bp, channels->n, arena);
    *out = wipe_off_scale(channels, sealed, arena);
    for (int d = 0; d < DYES; d++) {
        if (channels->dye[d] == NULL) continue;
        int32_t *clean = arena_alloc(arena, (channels->n + 1) * sizeof *clean);
        wipe_channel(clean, channels->dye[d], sealed, channels->n);
        out->dye[d] = clean;
    }
    int32_t *standard = arena_alloc(arena, (channels->n + 1) * sizeof *standard);
    for (int i = 0; i < all.n; i++) {
        double scan =
            markers_sealed(markers, all.sizes[i]) ? scan_of(&used, all.sizes[i]) : all.scans[i];
        if (!isnan(scan)) draw_rung(standard, channels->n, scan);
    }
    out->dye[kit->standard_dye - 1] = standard;
    return OK;
}

static void drop_touching(PeakList *peaks, const bool *sealed, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < peaks->n; i++) {
        bool touches = false;
        for (int s = peaks->items[i].begin - 1; s <= peaks->items[i].end + 1; s++)
            touches = touches || (s >= 0 && (size_t)s < n && sealed[s]);
        if (!touches) peaks->items[kept++] = peaks->items[i];
    }
    peaks->n = kept;
}

/* Every dye is wiped before anything of it is measured; no two wiped channels are needed at once. */
static void size_sealed(Sized *out, const Kit *kit, const Channels *channels, const bool *sealed,
                        Arena *arena)
{
    const size_t n = channels->n;
    int32_t *clean = arena_alloc(arena, (n + 1) * sizeof *clean);
    for (int d = 0; d < DYES; d++) {
        if (channels->dye[d] == NULL) continue;
        wipe_channel(clean, channels->dye[d], sealed, n);
        kit_dye(out, kit, d, clean, n, arena);
    }
    const Channels outside = wipe_off_scale(channels, sealed, arena);
    kit_mark(out, kit, &outside);
    for (int d = 0; d < DYES; d++)
        drop_touching(&out->dye[d], sealed, n);
}

/* Seven parameters: whether the firewall applies must stand at every call, not inside a struct that could be left empty. */
/* NOLINTNEXTLINE(readability-function-size) */
Status markers_size(Sized *out, const Markers *markers, const Kit *kit, const Channels *channels,
                    bool fetal, Arena *arena, Note *why)
{
    Ladder ladder;
    Status s = kit_ladder(&ladder, kit, channels, arena, why);
    if (s != OK) return s;
    if (!drop_sealed_rungs(&ladder, markers))
        return note_fail(why, REFUSED, "ladder.few", (Place){.field = kit->standard.name}, NULL);
    const double *bp = sizes_of(&ladder, channels->n, arena);
    kit_begin(out, kit, &ladder);
    if (fetal)
        size_sealed(out, kit, channels, sealed_scans(markers, bp, channels->n, arena), arena);
    else
        kit_peaks(out, kit, channels, arena);
    out->bp = bp;
    return OK;
}
