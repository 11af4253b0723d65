/* Why: gains and losses of a batch for programs that know genomes, in the two forms that they read: VCF 4.3 with symbolic alleles (for
 * bcftools) and BED (for browsers). Method: layout.tsv says which findings are a region ("chr5:20.00-55.25 Mb GRCh38", value the
 * ratio) and which say that a sample was searched ("GRCh38"); one pair of files for each build that a finding names, rows by
 * place, then sample; the same bytes for the same ledger. A sample whose search gave no answer is named as such in the head: its dots
 * in the body are no statement. Refuses: a region it cannot read, which stays a finding; chromosomes other than 1 to 22 cannot occur.
 * Format: The Variant Call Format Specification 4.3, samtools/hts-specs. */
#include "buffer.h"
#include "page.h"
#include "summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const builds[] = {"GRCh37", "GRCh38"};
enum { CHROMS = 22 };

typedef struct Region {
    const Finding *finding;
    long chrom;
    int64_t start, end; /* 0-based start, end behind the last base */
} Region;

typedef struct Searched {
    const char *sample;
    bool answered;
} Searched;

typedef struct Regions {
    const Page *page;
    const char *build;
    Region *items;
    Searched *samples;
    size_t n, n_samples;
} Regions;

static int64_t bases(double megabases)
{
    return (int64_t)llround(megabases * 1e6);
}

/* "chr5:20.00-55.25 Mb GRCh38"; false when it is something else, or of another build. */
static bool parse_region(Region *r, const char *item, const char *build)
{
    char *end;
    if (strncmp(item, "chr", 3) != 0) return false;
    r->chrom = strtol(item + 3, &end, 10);
    if (r->chrom < 1 || r->chrom > CHROMS || *end != ':') return false;
    double from = strtod(end + 1, &end);
    if (*end != '-') return false;
    double to = strtod(end + 1, &end);
    if (strncmp(end, " Mb ", 4) != 0 || strcmp(end + 4, build) != 0) return false;
    if (!(from >= 0 && from < to && to < 300)) return false;
    r->start = bases(from);
    r->end = bases(to);
    return true;
}

static void add_sample(Regions *all, const Finding *f, bool answered)
{
    for (size_t i = 0; i < all->n_samples; i++)
        if (strcmp(all->samples[i].sample, f->sample) == 0) return;
    all->samples[all->n_samples++] = (Searched){f->sample, answered};
}

static void add_finding(Regions *all, const Finding *f)
{
    Region r = {.finding = f};
    const char *format = page_format(all->page, f->code);
    if (strcmp(format, "region") == 0 && f->has_value && parse_region(&r, f->item, all->build)) {
        all->items[all->n++] = r;
        add_sample(all, f, true);
    }
    if (strcmp(format, "regions") == 0 && strcmp(f->item, all->build) == 0)
        add_sample(all, f, f->answer == ANSWER_NEGATIVE);
}

static int by_place(const void *a, const void *b)
{
    const Region *x = a, *y = b;
    if (x->chrom != y->chrom) return x->chrom < y->chrom ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return strcmp(x->finding->sample, y->finding->sample);
}

static void collect(Regions *all, const BatchView *view)
{
    size_t most = 0;
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t s = 0; s < view->cases[i].n_samples; s++)
            most += view->cases[i].samples[s].n_findings;
    all->items = arena_alloc(all->page->arena, (most + 1) * sizeof *all->items);
    all->samples = arena_alloc(all->page->arena, (most + 1) * sizeof *all->samples);
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t s = 0; s < view->cases[i].n_samples; s++) {
            const SampleRow *row = &view->cases[i].samples[s];
            for (size_t k = 0; k < row->n_findings; k++)
                add_finding(all, &row->findings[k]);
        }
    qsort(all->items, all->n, sizeof *all->items, by_place);
}

/* ---- VCF ---- */

static void put_head(Buffer *t, const Regions *all)
{
    Arena *arena = all->page->arena;
    buffer_put(t, "##fileformat=VCFv4.3\n");
    buffer_put(t, arena_print(arena, "##reference=%s\n", all->build));
    for (int c = 1; c <= CHROMS; c++)
        buffer_put(t, arena_print(arena, "##contig=<ID=chr%d>\n", c));
    buffer_put(t,
               "##ALT=<ID=DEL,Description=\"Loss\">\n##ALT=<ID=DUP,Description=\"Gain\">\n"
               "##INFO=<ID=IMPRECISE,Number=0,Type=Flag,Description=\"Ends are those of bins\">\n"
               "##INFO=<ID=SVTYPE,Number=1,Type=String,Description=\"DEL or DUP\">\n"
               "##INFO=<ID=END,Number=1,Type=Integer,Description=\"Last base\">\n"
               "##INFO=<ID=SVLEN,Number=1,Type=Integer,Description=\"Length, negative for a "
               "loss\">\n"
               "##INFO=<ID=DETAIL,Number=1,Type=String,Description=\"Code of the finding\">\n"
               "##FORMAT=<ID=RT,Number=1,Type=Float,Description=\"Ratio to the panel; 1 = "
               "none\">\n");
    for (size_t i = 0; i < all->n_samples; i++)
        if (!all->samples[i].answered)
            buffer_put(t, arena_print(arena, "##not_assessed=%s\n", all->samples[i].sample));
    buffer_put(t, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT");
    for (size_t i = 0; i < all->n_samples; i++) {
        buffer_put(t, "\t");
        buffer_put(t, all->samples[i].sample);
    }
    buffer_put(t, "\n");
}

/* The base before the event stands for it; before the first base there is none. */
static void put_record(Buffer *t, const Regions *all, const Region *r)
{
    const Finding *f = r->finding;
    bool gain = f->value > 1;
    buffer_put(t, arena_print(
                      all->page->arena,
                      "chr%ld\t%" PRId64 "\t.\tN\t<%s>\t.\t.\tIMPRECISE;SVTYPE=%s;END=%" PRId64
                      ";SVLEN=%s%" PRId64 ";DETAIL=%s\tRT",
                      r->chrom, r->start > 0 ? r->start : 1, gain ? "DUP" : "DEL",
                      gain ? "DUP" : "DEL", r->end, gain ? "" : "-", r->end - r->start, f->detail));
    for (size_t i = 0; i < all->n_samples; i++)
        buffer_put(t, strcmp(all->samples[i].sample, f->sample) == 0
                          ? arena_print(all->page->arena, "\t%.3f", f->value)
                          : "\t.");
    buffer_put(t, "\n");
}

static Document print_vcf(const Regions *all)
{
    Buffer t = {.arena = all->page->arena};
    put_head(&t, all);
    for (size_t i = 0; i < all->n; i++)
        put_record(&t, all, &all->items[i]);
    return (Document){.folder = "",
                      .name = arena_print(t.arena, "regions.%s.vcf", all->build),
                      .kind = "regions",
                      .bytes = t.bytes,
                      .size = t.n};
}

/* ---- BED ---- */

static Document print_bed(const Regions *all)
{
    Buffer t = {.arena = all->page->arena};
    buffer_put(&t, "#chrom\tstart\tend\tname\tscore\tstrand\tratio\tdetail\n");
    for (size_t i = 0; i < all->n; i++) {
        const Region *r = &all->items[i];
        buffer_put(&t,
                   arena_print(t.arena, "chr%ld\t%" PRId64 "\t%" PRId64 "\t%s\t0\t.\t%.3f\t%s\n",
                               r->chrom, r->start, r->end, r->finding->sample, r->finding->value,
                               r->finding->detail));
    }
    return (Document){.folder = "",
                      .name = arena_print(t.arena, "regions.%s.bed", all->build),
                      .kind = "regions",
                      .bytes = t.bytes,
                      .size = t.n};
}

size_t report_regions(Document *out, const BatchView *view, Arena *arena)
{
    size_t n = 0;
    const Page *page = page_new(view->reference, view->stamp, "regions", arena);
    for (size_t b = 0; b < sizeof builds / sizeof *builds; b++) {
        Regions all = {.page = page, .build = builds[b]};
        collect(&all, view);
        if (all.n_samples == 0) continue;
        out[n++] = print_vcf(&all);
        out[n++] = print_bed(&all);
    }
    return n;
}
