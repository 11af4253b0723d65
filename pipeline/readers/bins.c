/* bins - reader of bin tables, for laboratories that count reads with a program of their own.
 *
 *     #build GRCh38            needed: places alone prove no build
 *     #instrument nextseq      optional, as are #aligner, #protocol, #ends paired|single,
 *     #examined 11234567       #ambiguous, #duplicates, #filtered: what became of the autosomal reads
 *     #lengths 0,0,12,...      optional: pairs by length in bases from 0 on
 *     chrom start end count gc short
 *     chr1  0     50000 171 41.3 33
 *
 * Method. Lines of TAB-separated text, plain or gzip. The header may be absent: then it is BED (chrom, start, end, count). `end`, `gc` (mean
 * of the reads, per cent) and `short` (pairs) may be absent; other columns are not read. Bins that no line names are empty. Lines of
 * other chromosomes than 1 to 22 are stepped over unread, whatever they hold.
 *
 * Refused: ratios without counts (their noise is not known, and a z would be a guess), a bin size other than the reader's setting,
 * a bin named twice or past the chromosome's end, numbers that are none. */
#include "magic.h"
#include "reader.h"

#include "../../lab/assays/nipt.h"

#include <htslib/bgzf.h>
#include <htslib/kstring.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_CELLS = 64, MOST_LINE = 65536, MOST_COUNT = 100000000 };
enum { CHROM, START, COUNT, GC, SHORT, COLUMNS };

typedef struct BinsInput {
    const ReadJob *job;
    const NiptSettings *settings;
    Note *why;
    BGZF *bgzf;
    Bins *bins;
    bool *named;          /* bins that a line gave */
    int columns[COLUMNS]; /* cell of each, -1 = absent */
    Build build;
    bool paired, begun;
    kstring_t line;
} BinsInput;

static Status fault(const BinsInput *in, const char *code, const char *field)
{
    return note_fail(in->why, BAD_INPUT, code,
                     (Place){.file = in->job->fetal ? NULL : in->job->file, .field = field}, NULL);
}

static bool number(double *out, const char *cell, double most)
{
    char *end;
    size_t n = strlen(cell);
    if (n == 0 || n > 24 || strspn(cell, "0123456789.") != n) return false;
    *out = strtod(cell, &end);
    return *end == '\0' && *out <= most;
}

/* ---- what stands before the bins ---- */

static const char *plain_word(const BinsInput *in, const char *text)
{
    char word[41];
    size_t n = 0;
    for (; text[n] != '\0' && n + 1 < sizeof word; n++) {
        int c = text[n] >= 'A' && text[n] <= 'Z' ? text[n] - 'A' + 'a' : text[n];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
        word[n] = (char)(plain ? c : '-');
    }
    return arena_copy_n(in->job->arena, word, n);
}

typedef struct Told {
    const char *instrument, *aligner, *protocol;
    double counts[4]; /* examined, ambiguous, duplicates, filtered */
    double lengths[BINS_LENGTHS];
} Told;

static bool read_lengths(Told *told, char *text)
{
    int i = 0;
    for (char *p = text; p != NULL && i < BINS_LENGTHS; i++) {
        char *comma = strchr(p, ',');
        if (comma != NULL) *comma = '\0';
        if (!number(&told->lengths[i], p, 4e9)) return false;
        p = comma ? comma + 1 : NULL;
    }
    return true;
}

/* "#key value"; unknown keys are comments. */
static Status read_comment(BinsInput *in, Told *told, char *line)
{
    static const char *const counts[] = {"examined", "ambiguous", "duplicates", "filtered"};
    char *key = line + 1, *value = key + strcspn(key, " \t");
    if (*value == '\0') return OK;
    *value++ = '\0';
    if (strcmp(key, "build") == 0)
        in->build = strcmp(value, "GRCh38") == 0   ? BUILD_GRCH38
                    : strcmp(value, "GRCh37") == 0 ? BUILD_GRCH37
                                                   : BUILD_UNKNOWN;
    if (strcmp(key, "instrument") == 0) told->instrument = plain_word(in, value);
    if (strcmp(key, "aligner") == 0) told->aligner = plain_word(in, value);
    if (strcmp(key, "protocol") == 0) told->protocol = plain_word(in, value);
    if (strcmp(key, "ends") == 0) in->paired = strcmp(value, "paired") == 0;
    for (size_t i = 0; i < 4; i++)
        if (strcmp(key, counts[i]) == 0 && !number(&told->counts[i], value, 1e12))
            return fault(in, "bins.number", counts[i]);
    if (strcmp(key, "lengths") == 0 && !read_lengths(told, value))
        return fault(in, "bins.number", "lengths");
    return OK;
}

/* The row of column names, or, when the first line is data, the order of BED. */
static Status read_columns(BinsInput *in, char *const *cells, int n, bool *is_data)
{
    static const char *const names[COLUMNS] = {"chrom", "start", "count", "gc", "short"};
    static const int bed[COLUMNS] = {0, 1, 3, -1, -1};
    *is_data = strcmp(cells[0], "chrom") != 0;
    for (int c = 0; c < COLUMNS; c++)
        in->columns[c] = *is_data ? bed[c] : -1;
    for (int i = 0; !*is_data && i < n; i++)
        for (int c = 0; c < COLUMNS; c++)
            if (strcmp(cells[i], names[c]) == 0) in->columns[c] = i;
    if (in->columns[COUNT] < 0 || in->columns[START] < 0) return fault(in, "bins.columns", "count");
    return OK;
}

static Status begin_bins(BinsInput *in)
{
    if (in->build == BUILD_UNKNOWN) return fault(in, "bins.build", "build");
    bool gc = in->columns[GC] >= 0, shorts = in->columns[SHORT] >= 0 && in->paired;
    in->bins = bins_new(in->build, (uint32_t)in->settings->bin_size, gc, shorts, in->job->arena);
    in->named = arena_alloc(in->job->arena, in->bins->n);
    in->begun = true;
    return OK;
}

/* ---- bins ---- */

static int split(char **cells, char *line)
{
    int n = 0;
    for (char *p = line; n < MOST_CELLS;) {
        cells[n++] = p;
        char *tab = strchr(p, '\t');
        if (tab == NULL) break;
        *tab = '\0';
        p = tab + 1;
    }
    return n;
}

static const char *cell_of(const BinsInput *in, char *const *cells, int n, int column)
{
    int i = in->columns[column];
    return i >= 0 && i < n ? cells[i] : "";
}

static Status read_bin(BinsInput *in, char *const *cells, int n, int chrom)
{
    Bins *b = in->bins;
    double start, count, gc = 0, shorts = 0;
    if (!number(&start, cell_of(in, cells, n, START), 4e9))
        return fault(in, "bins.number", "start");
    if (!number(&count, cell_of(in, cells, n, COUNT), MOST_COUNT) || count != floor(count))
        return fault(in, "bins.number", "count");
    if (fmod(start, b->size) != 0) return fault(in, "bins.size", "start");
    if (start >= (double)chrom_length(b->build, chrom)) return fault(in, "bins.place", "start");
    uint32_t bin = bins_first(b->build, b->size, chrom) + (uint32_t)(start / b->size);
    if (in->named[bin]) return fault(in, "bins.twice", chrom_name(chrom));
    in->named[bin] = true;
    b->reads[bin] = (uint32_t)count;
    if (b->gc && count > 0) {
        if (!number(&gc, cell_of(in, cells, n, GC), 100)) return fault(in, "bins.number", "gc");
        b->gc[bin] = (uint32_t)(gc * count + 0.5);
    }
    if (b->shorts && !number(&shorts, cell_of(in, cells, n, SHORT), count))
        return fault(in, "bins.number", "short");
    if (b->shorts) b->shorts[bin] = (uint32_t)shorts;
    return OK;
}

static bool is_header(const char *line)
{
    return strcspn(line, "\t") == 5 && memcmp(line, "chrom", 5) == 0;
}

/* A line of another chromosome than 1 to 22: it is stepped over, whatever it holds. */
static bool hidden(const char *line)
{
    int chrom = chrom_parse(line, strcspn(line, "\t"));
    return line[0] != '#' && !is_header(line) && (chrom < 1 || chrom > AUTOSOMES);
}

static Status read_line(BinsInput *in, Told *told, char *line)
{
    char *cells[MOST_CELLS];
    if (line[0] == '#') return in->begun ? OK : read_comment(in, told, line);
    int chrom = chrom_parse(line, strcspn(line, "\t"));
    bool header = is_header(line);
    int n = split(cells, line);
    Status s = OK;
    bool is_data = true;
    if (!in->begun) {
        s = read_columns(in, cells, n, &is_data);
        if (s == OK) s = begin_bins(in);
    }
    return s == OK && is_data && !header ? read_bin(in, cells, n, chrom) : s;
}

static void finish(BinsInput *in, const Told *told)
{
    Bins *b = in->bins;
    uint64_t counted = 0;
    for (uint32_t i = 0; i < b->n; i++)
        counted += b->reads[i];
    b->paired = in->paired;
    b->instrument = told->instrument;
    b->aligner = told->aligner;
    b->protocol = told->protocol;
    b->examined = told->counts[0] > 0 ? (uint64_t)told->counts[0] : counted;
    b->ambiguous = (uint64_t)told->counts[1];
    b->duplicates = (uint64_t)told->counts[2];
    b->filtered = (uint64_t)told->counts[3];
    for (int i = 0; in->paired && i < BINS_LENGTHS; i++)
        b->lengths[i] = (uint32_t)told->lengths[i];
}

static Status read_all(Evidence *out, BinsInput *in)
{
    Told *told = arena_alloc(in->job->arena, sizeof *told);
    told->instrument = told->aligner = told->protocol = "";
    if (bgzf_compression(in->bgzf) == 2 && bgzf_check_EOF(in->bgzf) != 1)
        return fault(in, "bins.truncated", NULL);
    Status s = OK;
    int got = 0;
    while (s == OK && (got = bgzf_getline(in->bgzf, '\n', &in->line)) >= 0) {
        if (hidden(in->line.s)) continue; /* too long, or no text: nobody looks */
        if (in->line.l > MOST_LINE || strlen(in->line.s) != in->line.l)
            return fault(in, "bins.line", NULL);
        if (in->line.l > 0 && in->line.s[in->line.l - 1] == '\r') in->line.s[--in->line.l] = '\0';
        s = read_line(in, told, in->line.s);
    }
    if (s == OK && got < -1) return fault(in, "bins.truncated", NULL);
    if (s == OK && !in->begun) return fault(in, "bins.empty", NULL);
    if (s != OK) return s;
    finish(in, told);
    out->bins = in->bins;
    return OK;
}

static Status bins_read(Evidence *out, const ReadJob *job, Note *why)
{
    *out = (Evidence){.status = OK};
    if (job->assay == NULL || !job->assay->takes_bins || job->model == NULL)
        return note_fail(why, REFUSED, "bam.assay", (Place){.file = job->fetal ? NULL : job->file},
                         NULL);
    const NiptModel *model = job->model;
    BinsInput in = {.job = job, .settings = &model->settings, .why = why};
    Status s = OK;
    int fd = dup(job->fd);
    in.bgzf = fd < 0 ? NULL : bgzf_dopen(fd, "r");
    if (in.bgzf == NULL) {
        if (fd >= 0) (void)close(fd);
        s = fault(&in, "bins.truncated", NULL);
        goto done;
    }
    s = read_all(out, &in);
done:
    ks_free(&in.line);
    if (in.bgzf != NULL && bgzf_close(in.bgzf) != 0 && s == OK)
        s = fault(&in, "bins.truncated", NULL);
    if (s != OK) *out = (Evidence){.status = s, .note = why != NULL ? *why : (Note){0}};
    return s;
}

/* Our own first words, or a header that names the columns. */
static bool bins_sniff(const unsigned char *head, size_t size)
{
    unsigned char text[16];
    size_t n = magic_bytes(text, sizeof text, head, size);
    return magic_is(text, n, "#build GRCh") || magic_is(text, n, "chrom\tstart");
}

const Reader reader_bins = {
    .code = "bins",
    .what = "bin tables of low-pass sequencing, plain or gzip",
    .many = false,
    .sniff = bins_sniff,
    .read = bins_read,
};
