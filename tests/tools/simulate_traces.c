/* simulate_traces - small ABIF files of invented MLPA, FMR1 and Sanger injections, by seed:
 *     simulate_traces mlpa OUT seed=1 kit=alpha|smn copies=HBA2:1,BETWEEN:1 sex=xx|xy noise=0.03 q=60 d=1300 level=1
 *     simulate_traces fmr1 OUT seed=1 alleles=30,60 level=1          repeats; none = a blank
 *     simulate_traces ab1 OUT seed=1 first=BASES second=BASES share=1 quality=40 reverse=0
 *
 * Lengths are those of reference/example; everything else is invented. Two dyes are enough: fragments in the first, the size standard in the fifth. */
#include "tests/abif_writer.h"

#include <math.h>
#include <stdio.h>

enum { SCANS = 4096, MOST_WORDS = 16, MOST_BASES_SIMULATED = 2000, SPACE = 12 };

static uint64_t state;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double normal(void)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += uniform();
    return sum - 6;
}

static const char *word(char **words, int n, const char *key, const char *otherwise)
{
    size_t length = strlen(key);
    for (int i = 0; i < n; i++)
        if (strncmp(words[i], key, length) == 0 && words[i][length] == '=')
            return words[i] + length + 1;
    return otherwise;
}

static double number(char **words, int n, const char *key, double otherwise)
{
    const char *w = word(words, n, key, NULL);
    return w == NULL ? otherwise : strtod(w, NULL);
}

/* ---- fragments ---- */

static double scan_of(double bp)
{
    return 380 + 5.2 * bp + 0.0012 * bp * bp;
}

static void add_peak(double *channel, double bp, double height)
{
    const double at = scan_of(bp), sigma = 2.6;
    for (int i = (int)at - 20; i <= (int)at + 20; i++)
        if (i >= 0 && i < SCANS)
            channel[i] += height * exp(-(i - at) * (i - at) / (2 * sigma * sigma));
}

static void add_standard(double *channel, const double *sizes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_peak(channel, sizes[i], 700 + 60 * normal());
}

static int write_out(AbifWriter *w, const char *path)
{
    writer_finish(w);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(w->bytes, 1, w->n, f) != w->n || fclose(f) != 0) return 1;
    free(w->bytes);
    return 0;
}

static int write_fragments(const char *path, const double *fragments, const double *standard,
                           const char *header)
{
    static int32_t rounded[SCANS];
    AbifWriter w = {0};
    writer_start(&w, 101);
    for (int d = 0; d < 2; d++) {
        const double *channel = d == 0 ? fragments : standard;
        for (int i = 0; i < SCANS; i++)
            rounded[i] = (int32_t)lrint(fmin(20 + channel[i] + 1.5 * normal(), 32000));
        writer_shorts(&w, "DATA", d == 0 ? 1 : 105, rounded, SCANS);
    }
    writer_text(&w, "StdF", 1, header);
    return write_out(&w, path);
}

static const double gs500[] = {35,  50,  75,  100, 139, 150, 160, 200,
                               250, 300, 340, 350, 400, 450, 490, 500};
static const double gs600[] = {20,  40,  60,  80,  100, 114, 120, 140, 160, 180, 200, 214,
                               220, 240, 250, 260, 280, 300, 314, 320, 340, 360, 380, 400,
                               414, 420, 440, 460, 480, 500, 514, 520, 540, 560, 580, 600};

typedef struct Probe {
    const char *region;
    double length;
} Probe;

static const Probe alpha[] = {{"HBZ", 136},     {"HBA2", 142}, {"UPSTREAM", 154}, {"HBA1", 160},
                              {"BETWEEN", 172}, {"HBA2", 178}, {"HBZ", 190},      {"UPSTREAM", 202},
                              {"BETWEEN", 208}, {"HBA1", 220}, {"HBA2", 232}};
static const Probe smn[] = {{"SMN1-E7", 136}, {"SMN2-E7", 154}, {"SMN1-E8", 172}, {"SMN2-E8", 190}};
static const double references[] = {130, 148, 166, 184, 196, 214, 226, 238};

/* "HBA2:1,HBA1:0" */
static double copies_of(const char *list, const char *region)
{
    size_t n = strlen(region);
    for (const char *p = list; *p != '\0'; p += strcspn(p, ",") + (p[strcspn(p, ",")] == ','))
        if (strncmp(p, region, n) == 0 && p[n] == ':') return strtod(p + n + 1, NULL);
    return 2;
}

static int mlpa(char **words, int n)
{
    static double fragments[SCANS], standard[SCANS];
    const double noise = number(words, n, "noise", 0.03), level = number(words, n, "level", 1);
    const bool is_alpha = strcmp(word(words, n, "kit", "alpha"), "alpha") == 0;
    const bool male = strcmp(word(words, n, "sex", "xx"), "xy") == 0;
    const char *copies = word(words, n, "copies", "");
    const Probe *probes = is_alpha ? alpha : smn;
    const size_t n_probes = is_alpha ? sizeof alpha / sizeof *alpha : sizeof smn / sizeof *smn;
    const double slope = 0.002 * normal();
    for (int q = 64; q <= 82; q += 6)
        add_peak(fragments, q, number(words, n, "q", 60) * (1 + 0.1 * normal()));
    for (int d = 88; d <= 96; d += 4)
        add_peak(fragments, d,
                 level * (d == 92 ? 1500 : number(words, n, "d", 1300)) * (1 + noise * normal()));
    for (size_t i = 0; level > 0 && i < n_probes + sizeof references / sizeof *references; i++) {
        const bool target = i < n_probes;
        const double bp = target ? probes[i].length : references[i - n_probes];
        const double share = target ? copies_of(copies, probes[i].region) / 2 : 1;
        const double usual = 900 + 400 * sin(bp); /* probes differ, the same in every injection */
        add_peak(fragments, bp,
                 level * share * usual * exp(slope * (bp - 180)) * (1 + noise * normal()));
    }
    /* Drawn for both, so that what follows does not depend on it. */
    const double one = level * 700 * (1 + noise * normal()),
                 two = level * 650 * (1 + noise * normal());
    add_peak(fragments, 100, male ? one : 2 * one);
    if (male) add_peak(fragments, 105, two);
    add_standard(standard, gs500, sizeof gs500 / sizeof *gs500);
    return write_fragments(words[1], fragments, standard, "GS500LIZ");
}

static int fmr1(char **words, int n)
{
    static double fragments[SCANS], standard[SCANS];
    const char *p = word(words, n, "alleles", "");
    while (*p >= '0' && *p <= '9') {
        char *end;
        const double repeats = strtod(p, &end);
        const double height = number(words, n, "level", 1) * 2500 * exp(-repeats / 90);
        for (int stutter = 0; stutter < 3; stutter++)
            add_peak(fragments, 225 + 2.9 * (repeats - stutter), height * pow(0.22, stutter));
        p = *end == ',' ? end + 1 : end;
    }
    add_standard(standard, gs600, sizeof gs600 / sizeof *gs600);
    return write_fragments(words[1], fragments, standard, "GS600LIZ");
}

/* ---- bases ---- */

static const char letters[] = "ACGT";

static void turn(char *bases)
{
    size_t n = strlen(bases);
    for (size_t i = 0; i < (n + 1) / 2; i++) {
        const char *a = strchr(letters, bases[i]), *b = strchr(letters, bases[n - 1 - i]);
        if (a == NULL || b == NULL) abort();
        bases[n - 1 - i] = letters[3 - (a - letters)];
        bases[i] = letters[3 - (b - letters)];
    }
}

static void take_bases(char *to, const char *from, bool reverse)
{
    size_t n = strlen(from);
    if (n >= MOST_BASES_SIMULATED || strspn(from, letters) != n) abort();
    memcpy(to, from, n + 1);
    if (reverse) turn(to);
}

static void draw(double *channel, double at, double height)
{
    for (int i = (int)at - 14; i <= (int)at + 14; i++)
        if (i >= 0) channel[i] += height * exp(-(i - at) * (i - at) / (2 * 3.2 * 3.2));
}

static int ab1(char **words, int n)
{
    enum { LONGEST = (MOST_BASES_SIMULATED + 4) * SPACE };
    static const double bright[] = {1000, 700, 600, 900};
    static double channels[4][LONGEST];
    static int32_t rounded[LONGEST], places[MOST_BASES_SIMULATED];
    static char a[MOST_BASES_SIMULATED], b[MOST_BASES_SIMULATED];
    static unsigned char quality[MOST_BASES_SIMULATED];
    const bool reverse = number(words, n, "reverse", 0) > 0;
    const double share = number(words, n, "share", 1);
    AbifWriter w = {0};
    take_bases(a, word(words, n, "first", ""), reverse);
    take_bases(b, word(words, n, "second", word(words, n, "first", "")), reverse);
    size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    for (size_t i = 0; i < length; i++) {
        const int one = (int)(strchr(letters, a[i]) - letters),
                  two = (int)(strchr(letters, b[i]) - letters);
        const double height = 1 + 0.08 * normal();
        places[i] = (int32_t)((i + 2) * SPACE);
        draw(channels[one], places[i], bright[one] * height * (one == two ? 1 : 1 / (1 + share)));
        if (one != two) draw(channels[two], places[i], bright[two] * height * share / (1 + share));
        const double good = number(words, n, "quality", 40) * (one == two ? 1 : 0.4);
        quality[i] = (unsigned char)fmin(60, fmax(1, good + 2 * normal()));
    }
    writer_start(&w, 101);
    for (int d = 0; d < 4; d++) {
        static const int order[] = {2, 0, 3, 1}; /* G A T C */
        const size_t scans = (length + 4) * SPACE;
        for (size_t i = 0; i < scans; i++)
            rounded[i] = (int32_t)lrint(fmax(0, channels[order[d]][i] + 4 + 2 * normal()));
        writer_shorts(&w, "DATA", 9 + d, rounded, scans);
    }
    writer_put(&w, "FWO_", 1, 2, 1, 4, (const unsigned char *)"GATC");
    writer_put(&w, "PBAS", 2, 2, 1, length, (const unsigned char *)a);
    writer_put(&w, "PCON", 2, 2, 1, length, quality);
    writer_shorts(&w, "PLOC", 2, places, length);
    return write_out(&w, words[1]);
}

int main(int n, char **words)
{
    static const struct {
        const char *name;
        int (*run)(char **, int);
    } kinds[] = {{"mlpa", mlpa}, {"fmr1", fmr1}, {"ab1", ab1}};
    if (n < 3) return 2;
    state = 88172645463325252ULL + (uint64_t)number(words + 1, n - 1, "seed", 1) * 2654435761ULL;
    for (int i = 0; i < 50; i++)
        (void)uniform();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, words[1]) == 0) return kinds[i].run(words + 1, n - 1);
    return 2;
}
