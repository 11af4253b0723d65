/* capillary_simulation - electropherograms by seed: ladder, fragments with stutter, pull-up, saturation, noise, primer flare. Ours; no
 * instrument's model. What it draws is what lab/kit and the assays must read back.
 *
 *     Tube t;
 *     tube_start(&t, 4200, 5, seed);
 *     tube_ladder(&t, kit.standard_dye, kit.standard.sizes, kit.standard.n, 900);
 *     tube_fragment(&t, 1, 220.0, 3000);                       // dye 1, bp, height
 *     AbifWriter w = tube_file(&t, "GS500(-250)LIZ", "name that nobody may forward");
 *     free(w.bytes);
 *     tube_free(&t); */
#ifndef SCREENLAB_CAPILLARY_SIMULATION_H
#define SCREENLAB_CAPILLARY_SIMULATION_H

#include "../lab/kit.h"
#include "abif_writer.h"

#include <math.h>
#include <stdio.h>

enum { TUBE_OFF = 512, TUBE_CEILING = 32000 };

typedef struct Tube {
    double *signal[DYES];
    int32_t *raw[DYES]; /* set by tube_finish */
    int32_t off[TUBE_OFF];
    size_t n, n_off;
    int dyes;
    double start, speed, bend; /* scans, scans per bp, scans per bp^2 */
    double leak[DYES][DYES];   /* share of a dye's light seen in another channel */
    double noise;              /* standard deviation of a scan */
    uint64_t seed, noise_seed; /* noise is the same whatever was put into the tube */
} Tube;

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014): the same stream on every machine. */
static inline double tube_any(Tube *t)
{
    uint64_t z = t->seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

/* Normal deviate, Box and Muller 1958. */
static inline double tube_normal(Tube *t)
{
    double u = 1 - tube_any(t), v = tube_any(t);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static inline double tube_scan(const Tube *t, double bp)
{
    return t->start + t->speed * bp + t->bend * bp * bp;
}

static inline void tube_start(Tube *t, size_t scans, int dyes, uint64_t seed)
{
    *t = (Tube){.n = scans,
                .dyes = dyes,
                .noise = 5,
                .seed = seed * 7919 + 17,
                .noise_seed = seed * 104729 + 3};
    const double room = (double)scans / 4200;
    t->start = room * (290 + 30 * tube_any(t));
    t->speed = room * (6.4 + 0.3 * tube_any(t));
    t->bend = room * (0.0010 + 0.0003 * tube_any(t));
    for (int d = 0; d < dyes; d++)
        for (int e = 0; e < dyes; e++)
            t->leak[d][e] = d == e ? 1 : 0.012 * tube_any(t);
    for (int d = 0; d < dyes; d++) {
        const double level = 80 + 60 * tube_any(t), drift = 30 * tube_any(t);
        t->signal[d] = calloc(scans, sizeof *t->signal[d]);
        t->raw[d] = calloc(scans, sizeof *t->raw[d]);
        if (t->signal[d] == NULL || t->raw[d] == NULL) abort();
        for (size_t i = 0; i < scans; i++)
            t->signal[d][i] = level + drift * (double)i / (double)scans;
    }
}

static inline void tube_free(Tube *t)
{
    for (int d = 0; d < DYES; d++) {
        free(t->signal[d]);
        free(t->raw[d]);
    }
}

/* A peak of `width` scans (standard deviation) at a scan, in its own dye and, a little, in the others. */
static inline void tube_peak(Tube *t, int dye, double centre, double width, double height)
{
    for (int d = 0; d < t->dyes; d++) {
        const double h = height * t->leak[dye - 1][d];
        const long from = lround(centre - 6 * width), to = lround(centre + 6 * width);
        for (long i = from < 0 ? 0 : from; i <= to && i < (long)t->n; i++)
            t->signal[d][i] += h * exp(-pow(((double)i - centre) / width, 2) / 2);
    }
}

static inline double tube_width(const Tube *t, double bp)
{
    return (double)t->n / 4200 * (2.4 + 0.002 * bp);
}

static inline void tube_fragment(Tube *t, int dye, double bp, double height)
{
    tube_peak(t, dye, tube_scan(t, bp), tube_width(t, bp), height);
}

/* A repeat's fragment with its stutter one repeat shorter. */
static inline void tube_allele(Tube *t, int dye, double bp, double repeat, double height)
{
    const double stutter = 0.04 + 0.05 * tube_any(t);
    tube_fragment(t, dye, bp, height);
    tube_fragment(t, dye, bp - repeat, stutter * height);
}

static inline void tube_ladder(Tube *t, int dye, const double *sizes, int n, double height)
{
    for (int i = 0; i < n; i++)
        tube_fragment(t, dye, sizes[i], height * (0.85 + 0.3 * tube_any(t)));
}

/* Unused primers ahead of everything, in all dyes but the standard's. */
static inline void tube_flare(Tube *t, int standard_dye)
{
    for (int d = 1; d <= t->dyes; d++)
        for (int i = 0; i < 6 && d != standard_dye; i++)
            tube_peak(t, d, tube_scan(t, 8 + 22 * tube_any(t)), 4, 1500 * tube_any(t));
}

/* Noise, whole numbers, the camera's ceiling. */
static inline void tube_finish(Tube *t)
{
    t->seed = t->noise_seed;
    for (size_t i = 0; i < t->n; i++) {
        bool over = false;
        for (int d = 0; d < t->dyes; d++) {
            double y = t->signal[d][i] + t->noise * tube_normal(t);
            over = over || y > TUBE_CEILING;
            t->raw[d][i] = (int32_t)lrint(fmin(y, TUBE_CEILING));
        }
        if (over && t->n_off < TUBE_OFF) t->off[t->n_off++] = (int32_t)i;
    }
}

static inline Channels tube_channels(const Tube *t, const char *header)
{
    Channels c = {.n = t->n, .off_scale = t->off, .n_off_scale = t->n_off, .header = header};
    for (int d = 0; d < t->dyes; d++)
        c.dye[d] = t->raw[d];
    return c;
}

/* The bytes of a finished tube; free(w.bytes). */
static inline AbifWriter tube_file(const Tube *t, const char *header, const char *name)
{
    static const char *const dyes[DYES] = {"6-FAM", "VIC", "NED", "PET", "LIZ", "SID"};
    AbifWriter w = {0};
    const int32_t n_dyes = t->dyes, n = (int32_t)t->n;
    writer_start(&w, 101);
    for (int d = 0; d < t->dyes; d++)
        writer_shorts(&w, "DATA", d < 4 ? d + 1 : 101 + d, t->raw[d], t->n);
    writer_shorts(&w, "Dye#", 1, &n_dyes, 1);
    for (int d = 0; d < t->dyes; d++)
        writer_text(&w, "DyeN", d + 1, dyes[d]);
    writer_longs(&w, "SCAN", 1, &n, 1);
    writer_text(&w, "StdF", 1, header);
    writer_text(&w, "SpNm", 1, name);
    writer_text(&w, "CMNT", 1, name);
    writer_longs(&w, "OfSc", 1, t->off, t->n_off);
    writer_finish(&w);
    return w;
}

/* Bases that an IUPAC letter stands for, as bits A C G T. */
static inline unsigned letter_bases(char c)
{
    static const char letters[] = "ACMGRSVTWYHKDBN"; /* value = position + 1 */
    const char *at = c != '\0' ? strchr(letters, c) : NULL;
    return at != NULL ? (unsigned)(at - letters) + 1 : 0;
}

/* A sequencing file (.ab1): analysed channels in the order GATC, calls, qualities, places. n = 0 for a letter that is none. */
static inline AbifWriter sequence_file(const char *letters, uint64_t seed)
{
    enum { SPACE = 12, EDGE = 20 };
    AbifWriter w = {0};
    Tube t = {.seed = seed * 7919 + 29};
    const size_t n = strlen(letters), scans = (n + 2) * SPACE + 2 * EDGE;
    double *signal = calloc(scans * 4, sizeof *signal);
    int32_t *channel = calloc(scans, sizeof *channel), *place = calloc(n + 1, sizeof *place);
    unsigned char *quality = calloc(n + 1, 1);
    if (signal == NULL || channel == NULL || place == NULL || quality == NULL) abort();
    bool good = n > 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned bases = letter_bases(letters[i]);
        const int many = __builtin_popcount(bases);
        good = good && bases != 0;
        place[i] = (int32_t)(EDGE + i * SPACE);
        quality[i] = (unsigned char)(many == 1 ? 40 + 15 * tube_any(&t) : 22);
        const double height = 900 * (0.8 + 0.4 * tube_any(&t));
        for (unsigned b = 0; b < 4; b++)
            for (int s = -10; s <= 10 && (bases >> b & 1); s++)
                signal[b * scans + (size_t)(place[i] + s)] += height / many * exp(-s * s / 18.0);
    }
    writer_start(&w, 101);
    for (int c = 0; c < 4 && good; c++) {
        const size_t b = (size_t)(strchr("ACGT", "GATC"[c]) - "ACGT");
        for (size_t i = 0; i < scans; i++)
            channel[i] = (int32_t)lrint(fmax(0, signal[b * scans + i] + 3 * tube_normal(&t)));
        writer_shorts(&w, "DATA", 9 + c, channel, scans);
    }
    writer_put(&w, "FWO_", 1, 2, 1, 4, (const unsigned char *)"GATC");
    writer_put(&w, "PBAS", 2, 2, 1, n, (const unsigned char *)letters);
    writer_put(&w, "PCON", 2, 2, 1, n, quality);
    writer_shorts(&w, "PLOC", 2, place, n);
    writer_text(&w, "SMPL", 1, "SIMULATED");
    writer_finish(&w);
    free(signal);
    free(channel);
    free(place);
    free(quality);
    if (!good) w.n = 0;
    return w;
}

#endif
