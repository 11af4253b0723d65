/* simulate_nipt - writes pregnancies that never were, as bin tables or as BAM, or a panel learnt from them.
 *
 *     simulate_nipt bins OUT.tsv.gz seed=7 reads=10e6 fraction=0.1 trisomy=21
 *     simulate_nipt bam OUT.bam seed=7 reads=1e6 ends=paired sex=xy cnv=5:20e6:32e6:1
 *     simulate_nipt panel OUT.tsv seed=1 reads=8e6 samples=100 settings=reference/nipt/settings.tsv
 *
 * Keys: seed genome reads fraction trisomy mosaic cnv=CHROM:START:END:COPIES[:maternal] ends=single|paired sex=xx|xy|x|xxy|none
 * (default none: no reads of X, Y, M) also=SEX:FILE (up to four: the same pregnancy with other sex chromosomes, its autosomes copied, not drawn again)
 * build=37|38 bin=50000 gc_shift counting=1 short=1 (BAM with constant bases and qualities, which packs small)
 * brief=1 (bin table with GC in whole per cent and no column of short pairs).
 * The autosomal records are the same bytes for every sex: chance is drawn anew for every chromosome. */
#include "pipeline/panel.h"
#include "tests/nipt_simulation.h"

#include <htslib/bgzf.h>
#include <htslib/sam.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ = 36, MOST_NAME = 32, MOST_ALSO = 4 };

/* One file of a pregnancy: its sex chromosomes and where it goes. */
typedef struct Twin {
    char sex[8];
    const char *path;
} Twin;

typedef struct Job {
    SimSample sample;
    uint64_t genome;
    Build build;
    uint32_t bin;
    const char *sex; /* of the file that is being written */
    Twin twins[1 + MOST_ALSO];
    size_t n_twins;
    bool constant, brief;
    size_t samples;       /* of a panel */
    const char *settings; /* table of a panel's settings */
} Job;

static void stop(const char *what)
{
    fprintf(stderr, "simulate_nipt: %s\n", what);
    exit(2);
}

static void read_cnv(SimSample *s, const char *text)
{
    double start, end;
    char who[16] = "";
    if (sscanf(text, "%d:%lf:%lf:%d:%15s", &s->cnv_chrom, &start, &end, &s->cnv_copies, who) < 4)
        stop("cnv=CHROM:START:END:COPIES[:maternal]");
    s->cnv_start = (int64_t)start;
    s->cnv_end = (int64_t)end;
    s->cnv_maternal = strcmp(who, "maternal") == 0;
}

static void read_also(Job *j, const char *value)
{
    Twin *t = &j->twins[j->n_twins];
    const char *colon = strchr(value, ':');
    if (colon == NULL || (size_t)(colon - value) >= sizeof t->sex || j->n_twins > MOST_ALSO)
        stop("also=SEX:FILE, up to four");
    memcpy(t->sex, value, (size_t)(colon - value));
    t->path = colon + 1;
    j->n_twins++;
}

static void read_word(Job *j, const char *word)
{
    const char *value = strchr(word, '=');
    if (value == NULL) stop("words are key=value");
    size_t n = (size_t)(value++ - word);
    double x = strtod(value, NULL);
    SimSample *s = &j->sample;
#define IS(key) (n == sizeof key - 1 && memcmp(word, key, n) == 0)
    if (IS("seed"))
        s->seed = strtoull(value, NULL, 10);
    else if (IS("genome"))
        j->genome = strtoull(value, NULL, 10);
    else if (IS("reads"))
        s->reads = x;
    else if (IS("fraction"))
        s->fraction = x;
    else if (IS("trisomy"))
        s->trisomy = (int)x;
    else if (IS("mosaic"))
        s->mosaic = x;
    else if (IS("gc_shift"))
        s->gc_shift = x;
    else if (IS("counting"))
        s->counting_only = x > 0;
    else if (IS("cnv"))
        read_cnv(s, value);
    else if (IS("ends"))
        s->paired = strcmp(value, "paired") == 0;
    else if (IS("sex"))
        j->sex = value;
    else if (IS("also"))
        read_also(j, value);
    else if (IS("build"))
        j->build = x == 37 ? BUILD_GRCH37 : BUILD_GRCH38;
    else if (IS("bin"))
        j->bin = (uint32_t)x;
    else if (IS("short"))
        j->constant = x > 0;
    else if (IS("brief"))
        j->brief = x > 0;
    else if (IS("samples"))
        j->samples = (size_t)x;
    else if (IS("settings"))
        j->settings = value;
    else
        stop("unknown key");
#undef IS
}

/* ---- the same autosomes in several files ---- */

/* Ends a block, so that what follows can differ from file to file. */
static void end_body(BGZF *f)
{
    if (bgzf_close(f) != 0) stop("cannot write");
}

static void copy_body(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t n;
    if (in == NULL || out == NULL) stop("cannot copy");
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (fwrite(bytes, 1, n, out) != n) stop("cannot copy");
    if (fclose(in) != 0 || fclose(out) != 0) stop("cannot copy");
}

/* An empty block in the middle of a file is as good as at its end, but readers stop there now and then: it is cut off again. */
static BGZF *append_to(const char *path)
{
    enum { EOF_BLOCK = 28 };
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0 || truncate(path, ftell(f) - EOF_BLOCK) != 0)
        stop("cannot cut");
    (void)fclose(f);
    BGZF *out = bgzf_open(path, "a");
    if (out == NULL) stop("cannot open the output");
    return out;
}

/* ---- bin table ---- */

static void put(BGZF *f, const char *text)
{
    if (bgzf_write(f, text, strlen(text)) < 0) stop("cannot write");
}

static double hidden_reads(const Job *j, int chrom);

/* Rows of X, Y and M as a laboratory's program would write them, at the doses of the karyotype; none where there is nothing. */
static void write_hidden(BGZF *f, const Job *j)
{
    char line[200];
    for (int c = CHROM_X; c <= CHROM_MT; c++) {
        int64_t bins = chrom_length(j->build, c) / j->bin + 1;
        double mean = hidden_reads(j, c) / (double)bins;
        for (int64_t i = 0; i < bins && mean > 0; i++) {
            snprintf(line, sizeof line, "%s\t%lld\t%.0f\t41.0\t%.0f\n", chrom_name(c),
                     (long long)i * j->bin, mean, mean / 5);
            put(f, line);
        }
    }
}

static void write_bins_body(const Job *j, const Bins *b, const char *path)
{
    char line[200];
    BGZF *f = bgzf_open(path, "w9");
    if (f == NULL) stop("cannot open the output");
    snprintf(
        line, sizeof line, "#build GRCh%d\n#instrument %s\n#aligner %s\n#protocol %s\n#ends %s\n",
        j->build == BUILD_GRCH37 ? 37 : 38, b->instrument, b->aligner, b->protocol, b->protocol);
    put(f, line);
    snprintf(line, sizeof line, "#examined %llu\n#ambiguous %llu\n#duplicates %llu\n",
             (unsigned long long)b->examined, (unsigned long long)b->ambiguous,
             (unsigned long long)b->duplicates);
    put(f, line);
    for (int i = 0; b->paired && i < BINS_LENGTHS; i++) {
        snprintf(line, sizeof line, "%s%u%s", i == 0 ? "#lengths " : ",", b->lengths[i],
                 i == BINS_LENGTHS - 1 ? "\n" : "");
        put(f, line);
    }
    bool shorts = b->shorts != NULL && !j->brief;
    put(f, shorts ? "chrom\tstart\tcount\tgc\tshort\n" : "chrom\tstart\tcount\tgc\n");
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t first = bins_first(b->build, b->size, c), i = first;
             i < bins_first(b->build, b->size, c + 1); i++) {
            if (b->reads[i] == 0) continue;
            int n = snprintf(line, sizeof line, "%d\t%u\t%u\t%.*f", c, (i - first) * b->size,
                             b->reads[i], j->brief ? 0 : 1, (double)b->gc[i] / b->reads[i]);
            if (shorts) snprintf(line + n, sizeof line - (size_t)n, "\t%u", b->shorts[i]);
            put(f, line);
            put(f, "\n");
        }
    end_body(f);
}

/* ---- BAM ---- */

typedef struct Piece {
    int64_t pos;
    uint32_t order;
    int32_t span; /* of the pair, negative for the right mate; 0 = single */
    uint16_t flag;
    uint8_t mapq;
    uint8_t gc; /* per cent, of the bin */
} Piece;

static int by_place(const void *a, const void *b)
{
    const Piece *x = a, *y = b;
    if (x->pos != y->pos) return x->pos < y->pos ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

typedef struct Pile {
    Piece *items;
    size_t n, capacity;
    uint32_t order;
} Pile;

static void add(Pile *p, Piece piece)
{
    if (p->n == p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 4096;
        p->items = realloc(p->items, p->capacity * sizeof *p->items);
        if (p->items == NULL) stop("out of memory");
    }
    p->items[p->n++] = piece;
}

static int32_t draw_span(SimRandom *r, double fraction)
{
    bool fetal = sim_uniform(r) < fraction, brief = sim_uniform(r) < (fetal ? 0.45 : 0.15);
    double x = brief ? (fetal ? 140 : 146) + 17 * sim_normal(r) : 167 + 10 * sim_normal(r);
    return (int32_t)fmin(fmax(x, READ + 4), 399);
}

/* One read or pair in a bin; now and then an ambiguous one or a copy. */
static void add_read(Pile *p, const Job *j, SimRandom *r, int64_t from, int64_t to, double gc,
                     double fraction)
{
    int64_t pos = from + (int64_t)(sim_uniform(r) * (double)(to - from - 400));
    double u = sim_uniform(r);
    Piece left = {.pos = pos < 0 ? 0 : pos, .order = p->order++, .gc = (uint8_t)gc, .mapq = 42};
    if (u < 0.04) left.mapq = 0;
    bool copy = u > 0.95;
    left.flag = sim_uniform(r) < 0.5 ? 16 : 0;
    if (j->sample.paired) {
        left.span = draw_span(r, fraction);
        left.flag = 0x1 | 0x2 | 0x20 | 0x40;
    }
    for (int twice = 0; twice < (copy ? 2 : 1); twice++) {
        if (twice) left.flag |= 0x400;
        add(p, left);
        if (!j->sample.paired) continue;
        Piece right = left;
        right.pos = left.pos + left.span - READ;
        right.span = -left.span;
        right.flag = (uint16_t)(0x1 | 0x2 | 0x10 | 0x80 | (left.flag & 0x400));
        add(p, right);
    }
}

static void draw_bases(char *bases, char *qualities, const Job *j, SimRandom *r, double gc)
{
    static const char levels[] = {2, 12, 23, 37, 37, 37, 37, 37};
    for (int i = 0; i < READ; i++) {
        bases[i] = j->constant                 ? (i * 100 / READ < gc ? 'C' : 'A')
                   : sim_uniform(r) * 100 < gc ? "CG"[sim_next(r) >> 63]
                                               : "AT"[sim_next(r) >> 63];
        qualities[i] = j->constant ? 37 : levels[sim_next(r) >> 61];
    }
}

static void write_pile(BGZF *out, const Job *j, Pile *p, int tid, SimRandom *r)
{
    bam1_t *b = bam_init1();
    char name[MOST_NAME], bases[READ], qualities[READ];
    const uint32_t cigar = READ << 4;
    qsort(p->items, p->n, sizeof *p->items, by_place);
    for (size_t i = 0; i < p->n; i++) {
        const Piece *x = &p->items[i];
        int n = snprintf(name, sizeof name, "L1:%d:%u", tid, x->order);
        draw_bases(bases, qualities, j, r, x->gc);
        int64_t mate = x->span > 0 ? x->pos + x->span - READ : x->pos + x->span + READ;
        bool paired = j->sample.paired;
        if (bam_set1(b, (size_t)n, name, x->flag, tid, x->pos, x->mapq, 1, &cigar,
                     paired ? tid : -1, paired ? mate : -1, x->span, READ, bases, qualities,
                     0) < 0 ||
            bam_write1(out, b) < 0)
            stop("cannot write a record");
    }
    bam_destroy1(b);
    p->n = 0;
}

static sam_hdr_t *make_header(const Job *j)
{
    char line[200];
    sam_hdr_t *h = sam_hdr_init();
    int bad = sam_hdr_add_line(h, "HD", "VN", "1.6", "SO", "coordinate", NULL);
    for (int c = 1; c <= 25; c++) {
        const char *name = c == 25 ? "M" : chrom_name(c);
        char full[16];
        snprintf(full, sizeof full, "chr%s", name);
        snprintf(line, sizeof line, "%lld", (long long)chrom_length(j->build, c));
        bad |= sam_hdr_add_line(h, "SQ", "SN", full, "LN", line, NULL);
    }
    bad |= sam_hdr_add_line(h, "RG", "ID", "1", "SM", "sample", "PL", "simulated", NULL);
    bad |= sam_hdr_add_line(h, "PG", "ID", "none", "PN", "none", NULL);
    if (bad) stop("cannot make the header");
    return h;
}

/* Reads of X and Y at the doses of that karyotype, and some of the mitochondrion. */
static double hidden_reads(const Job *j, int chrom)
{
    double f = j->sample.fraction, per_base = j->sample.reads / 2.875e9;
    double x = 2, y = 0;
    if (strcmp(j->sex, "none") == 0) return 0;
    if (strcmp(j->sex, "xy") == 0) x = 1, y = 1;
    if (strcmp(j->sex, "x") == 0) x = 1;
    if (strcmp(j->sex, "xxy") == 0) y = 1;
    double length = (double)chrom_length(j->build, chrom);
    if (chrom == CHROM_X) return per_base * length * 0.95 * (1 - f + f * x / 2);
    return chrom == CHROM_Y ? per_base * length * 0.4 * (0.01 + f * y / 2) : j->sample.reads * 1e-4;
}

/* Chance is drawn anew for every chromosome, so that the tail does not depend on what came before. */
static void write_bam_chroms(BGZF *out, const Job *j, const SimGenome *g, const Bins *b, bool tail)
{
    Pile pile = {0};
    for (int c = tail ? AUTOSOMES + 1 : 1; c <= (tail ? 25 : AUTOSOMES); c++) {
        SimRandom r = sim_random(j->sample.seed * 100 + (uint64_t)c);
        pile.order = 0;
        uint32_t first = tail ? 0 : bins_first(b->build, b->size, c);
        uint32_t end = tail ? 0 : bins_first(b->build, b->size, c + 1);
        int64_t length = chrom_length(j->build, c);
        for (uint32_t i = first; i < end; i++) {
            int64_t from = (int64_t)(i - first) * b->size,
                    to = from + b->size < length ? from + b->size : length;
            double fraction = sim_local_fraction(g, &j->sample, i);
            for (uint32_t k = 0; k < b->reads[i]; k++)
                add_read(&pile, j, &r, from, to, g->gc[i], fraction);
        }
        for (double k = tail ? hidden_reads(j, c) : 0; k >= 1; k--)
            add_read(&pile, j, &r, 0, length, 41, j->sample.fraction);
        write_pile(out, j, &pile, c - 1, &r);
    }
    free(pile.items);
}

static void write_bam_body(const Job *j, const SimGenome *g, const Bins *b, const char *path)
{
    BGZF *out = bgzf_open(path, "w");
    sam_hdr_t *h = make_header(j);
    if (out == NULL || bam_hdr_write(out, h) < 0) stop("cannot open the output");
    sam_hdr_destroy(h);
    write_bam_chroms(out, j, g, b, false);
    end_body(out);
}

/* The autosomes once, then every file's own X, Y and M behind them. */
static void write_twins(Job *j, const SimGenome *g, const Bins *b, bool bam)
{
    const char *first = j->twins[0].path;
    if (bam)
        write_bam_body(j, g, b, first);
    else
        write_bins_body(j, b, first);
    for (size_t i = 1; i < j->n_twins; i++)
        copy_body(first, j->twins[i].path);
    for (size_t i = 0; i < j->n_twins; i++) {
        BGZF *out = append_to(j->twins[i].path);
        j->sex = j->twins[i].sex;
        if (bam)
            write_bam_chroms(out, j, g, b, true);
        else
            write_hidden(out, j);
        end_body(out);
    }
}

/* ---- a panel ---- */

static PanelSettings read_settings(const char *path, Arena *arena)
{
    enum { MOST = 100000 };
    char *text = arena_alloc(arena, MOST);
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(text, 1, MOST - 1, f) : 0;
    const TableInfo info = {.name = "",
                            .path = path,
                            .version = "",
                            .status = "",
                            .source = "",
                            .valid_from = "",
                            .sha256 = ""};
    Table *table;
    Note why;
    const char *missing;
    PanelSettings out;
    if (f == NULL || fclose(f) != 0 || table_parse(&table, &info, text, n, arena, &why) != OK ||
        !panel_settings(&out, table, &missing))
        stop("settings=FILE is no table of a panel's settings");
    return out;
}

/* Euploids with fetal fractions of 4 to 20 per cent, all labelled. */
static void write_panel(const Job *j, const SimGenome *g, const char *path, Arena *arena)
{
    PanelSample *samples = arena_alloc(arena, j->samples * sizeof *samples);
    for (size_t i = 0; i < j->samples; i++) {
        SimRandom r = sim_random(j->sample.seed * 1000 + i);
        SimSample s = {.seed = j->sample.seed * 1000 + i,
                       .reads = j->sample.reads,
                       .fraction = 0.04 + 0.16 * sim_uniform(&r),
                       .paired = j->sample.paired};
        samples[i] =
            (PanelSample){arena_print(arena, "E%zu", i), sim_bins(g, &s, arena), s.fraction};
    }
    Note why;
    NiptPanel *panel;
    const char *id = arena_print(arena, "example-%zu", j->samples);
    PanelInput in = {.id = id,
                     .samples = samples,
                     .n = j->samples,
                     .settings = read_settings(j->settings, arena)};
    if (panel_train(&panel, &in, arena, &why) != OK) stop(why.code);
    FILE *f = fopen(path, "wb");
    if (f == NULL) stop("cannot open the output");
    fprintf(f,
            "#version\t%s\n#valid-from\t2026-11-23\n#status\texample\n#source\tlearnt from %zu "
            "samples\n%s",
            id, j->samples, nipt_panel_print(panel, arena));
    if (fclose(f) != 0) stop("cannot write");
}

int main(int n, char **words)
{
    Job j = {.sample = {.seed = 1, .reads = 1e7, .fraction = 0.1, .paired = true},
             .genome = 11,
             .build = BUILD_GRCH38,
             .bin = 50000,
             .sex = "none",
             .samples = 100,
             .n_twins = 1,
             .settings = "reference/nipt/settings.tsv"};
    if (n < 3) stop("bins|bam|panel OUT key=value ...");
    for (int i = 3; i < n; i++)
        read_word(&j, words[i]);
    j.twins[0].path = words[2];
    (void)snprintf(j.twins[0].sex, sizeof j.twins[0].sex, "%s", j.sex);
    Arena *arena = arena_new(NULL);
    SimGenome *genome = sim_genome(j.build, j.bin, j.genome, arena);
    Bins *bins = strcmp(words[1], "panel") == 0 ? NULL : sim_bins(genome, &j.sample, arena);
    if (bins == NULL)
        write_panel(&j, genome, words[2], arena);
    else
        write_twins(&j, genome, bins, strcmp(words[1], "bam") == 0);
    arena_free(arena);
    return 0;
}
