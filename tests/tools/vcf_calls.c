/* vcf_calls - runs the VCF reader alone: what does a file say about a list of sites?
 *
 *     vcf_calls [-q] [-f] [-b 37|38] SITES.tsv FILE [SPECIMEN]
 *     vcf_calls -c [-b 37|38] SITES.tsv      counts the sites that would be refused, by reason
 *
 * SITES.tsv: chrom, pos, ref, alt and, where known, the reference bases over the shift range.
 * Prints one line a call; -q prints counts, seconds and memory only (for the bench); -f reads as
 * fetal material. Exit 1 = the file was refused, with the Note. */
#include "../../pipeline/readers/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

extern const Reader reader_vcf;

typedef struct Panel {
    Site *sites;
    size_t n, capacity;
    SiteIndex *index[BUILD_GRCH38 + 1];
} Panel;

static const SiteIndex *panel_sites(const void *model, Build build)
{
    return ((const Panel *)model)->index[build];
}

static const Assay assay = {.code = "sites", .takes_calls = true, .sites = panel_sites};

static char *cell(char **rest)
{
    char *start = *rest, *tab = strchr(start, '\t');
    *rest = tab != NULL ? tab + 1 : start + strlen(start);
    if (tab != NULL) *tab = '\0';
    return start;
}

static bool read_panel(Panel *panel, const char *path, Arena *arena)
{
    FILE *f = fopen(path, "r");
    if (f == NULL) return false;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, f) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') continue;
        if (panel->n == panel->capacity)
            panel->sites = arena_grow(arena, panel->sites, &panel->capacity, sizeof *panel->sites);
        char *rest = line, *chrom = cell(&rest);
        Site *s = &panel->sites[panel->n];
        s->chrom = chrom_parse(chrom, strlen(chrom));
        s->pos = strtoll(cell(&rest), NULL, 10);
        s->ref = arena_copy(arena, cell(&rest));
        s->alt = arena_copy(arena, cell(&rest));
        s->context = arena_copy(arena, cell(&rest));
        s->panel = (uint32_t)panel->n++;
    }
    free(line);
    fclose(f);
    return true;
}

static int compare(const void *left, const void *right)
{
    const Site *a = left, *b = right;
    if (a->chrom != b->chrom) return a->chrom < b->chrom ? -1 : 1;
    if (a->pos != b->pos) return a->pos < b->pos ? -1 : 1;
    int by_ref = strcmp(a->ref, b->ref);
    return by_ref != 0 ? by_ref : strcmp(a->alt, b->alt);
}

/* Sorts and drops repeated sites; returns how many stay. */
static size_t unique(Site *sites, size_t n)
{
    size_t kept = 0;
    qsort(sites, n, sizeof *sites, compare);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare(&sites[i], &sites[kept - 1]) != 0) sites[kept++] = sites[i];
    return kept;
}

/* Each reason a site is refused for, with its count; an index is built of what is left. */
static int count_refused(Panel *panel, Build build, Arena *arena)
{
    static const char *const codes[] = {"variant.allele", "variant.position", "variant.context"};
    size_t counts[3] = {0}, sound = 0;
    for (size_t i = 0; i < panel->n; i++) {
        Note why;
        Status s = site_check(build, &panel->sites[i], &why);
        for (int c = 0; c < 3 && s != OK; c++)
            counts[c] += strcmp(codes[c], why.code) == 0;
        if (s == OK) panel->sites[sound++] = panel->sites[i];
    }
    size_t kept = unique(panel->sites, sound);
    Note why = {0};
    SiteIndex *index;
    size_t before = arena_used(arena);
    if (site_index_build(&index, build, panel->sites, kept, arena, &why) != OK) {
        fprintf(stderr, "%s %s\n", why.code, why.detail);
        return 1;
    }
    printf("rows %zu kept %zu variant.duplicate %zu", panel->n, kept, sound - kept);
    for (int c = 0; c < 3; c++)
        printf(" %s %zu", codes[c], counts[c]);
    printf(" index_bytes_a_site %zu\n", kept > 0 ? (arena_used(arena) - before) / kept : 0);
    return 0;
}

static void print_calls(const Panel *panel, const CallSet *set)
{
    static const char *const kinds[] = {"allele", "reference", "other",       "deleted",
                                        "mnv",    "no_call",   "ref_mismatch"};
    for (size_t i = 0; i < set->n_calls; i++) {
        const Call *c = &set->calls[i];
        const Site *s = &panel->sites[c->site];
        printf("%s:%lld:%s:%s\t%s\tploidy=%d copies=%d missing=%d deleted=%d first=%d ps=%d dp=%d "
               "gq=%d"
               "%s%s%s\t%lld-%lld\n",
               chrom_name(s->chrom), (long long)s->pos, s->ref, s->alt, kinds[c->kind], c->ploidy,
               c->copies, c->missing, c->deleted, c->first, c->phase_set, c->depth, c->quality,
               c->block ? " block" : "", c->filtered ? " filtered" : "", c->phased ? " phased" : "",
               (long long)c->start, (long long)c->end);
    }
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static long resident(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

static int read_file(const Panel *panel, const char *path, const char *specimen, bool fetal,
                     bool quiet)
{
    Arena *arena = arena_new(NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ReadJob job = {.fd = fd,
                   .file = path,
                   .fetal = fetal,
                   .specimen = specimen,
                   .assay = &assay,
                   .model = panel,
                   .arena = arena};
    const char *base = strrchr(path, '/');
    job.file = base != NULL ? base + 1 : path;
    Note why = {0};
    Evidence evidence;
    long before = resident();
    double start = seconds();
    Status s = reader_vcf.read(&evidence, &job, &why);
    double took = seconds() - start;
    if (s != OK)
        fprintf(stderr, "%s file=%s row=%ld field=%s %s\n", why.code, why.file, why.row, why.field,
                why.detail);
    else if (quiet)
        printf("calls %zu seconds %.3f rss_kb %ld beyond_panel_kb %ld\n", evidence.calls->n_calls,
               took, resident(), resident() - before);
    else
        print_calls(panel, evidence.calls);
    if (fd >= 0) close(fd);
    arena_free(arena);
    return s != OK;
}

int main(int argc, char **argv)
{
    bool quiet = false, fetal = false, check = false;
    Build build = BUILD_UNKNOWN;
    for (int o; (o = getopt(argc, argv, "qfcb:")) != -1;) {
        quiet = quiet || o == 'q';
        fetal = fetal || o == 'f';
        check = check || o == 'c';
        if (o == 'b') build = strcmp(optarg, "37") == 0 ? BUILD_GRCH37 : BUILD_GRCH38;
    }
    Arena *arena = arena_new(NULL);
    Panel panel = {0};
    if (argc - optind < (check ? 1 : 2) || !read_panel(&panel, argv[optind], arena)) {
        fprintf(stderr, "usage: vcf_calls [-q] [-f] [-c] [-b 37|38] SITES.tsv FILE [SPECIMEN]\n");
        return 2;
    }
    if (check) return count_refused(&panel, build, arena);
    for (Build b = BUILD_GRCH37; b <= BUILD_GRCH38; b++) {
        Note why = {0};
        bool wanted = build == BUILD_UNKNOWN || build == b;
        if (wanted &&
            site_index_build(&panel.index[b], b, panel.sites, panel.n, arena, &why) != OK) {
            fprintf(stderr, "%s %s\n", why.code, why.detail);
            return 2;
        }
    }
    int rc = read_file(&panel, argv[optind + 1], argc > optind + 2 ? argv[optind + 2] : "", fetal,
                       quiet);
    arena_free(arena);
    return rc;
}
