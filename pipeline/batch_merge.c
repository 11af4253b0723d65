/* Why: evidence comes in pieces, in any order of batches; what a sample's evidence is must be one function of the pieces, wherever it is
 * asked: when its case is judged, when it is another case's history, when the next file comes.
 * Method: the highest revision that speaks about a thing has the word; within a revision everything counts in order of arrival, results
 * by lab/standing (corrections, contradictions), and files of a later batch take the place of earlier ones that could not be read.
 * Refuses: two files with different calls or counts; more results than a sample can have. */
#include "batch_room.h"

#include "../lab/standing.h"

#include <stdint.h>
#include <string.h>

static bool code_since(const Evidence *parsed, const Pieces *pieces, size_t i, const char *code)
{
    for (size_t k = 0; k < pieces->n; k++)
        if (pieces->items[k].revision > pieces->items[i].revision)
            for (size_t r = 0; r < parsed[k].n_results; r++)
                if (strcmp(parsed[k].results[r].code, code) == 0) return true;
    return false;
}

static bool merge_results(Evidence *out, const Evidence *parsed, const Pieces *pieces, Arena *arena)
{
    size_t n = 0;
    Standing standing;
    for (size_t i = 0; i < pieces->n; i++)
        n += parsed[i].n_results;
    if (n > STANDING_MOST) return false;
    standing_begin(&standing, n, arena);
    for (size_t i = 0; i < pieces->n; i++)
        for (size_t r = 0; r < parsed[i].n_results; r++)
            if (!code_since(parsed, pieces, i, parsed[i].results[r].code))
                (void)standing_take(&standing, &parsed[i].results[r]);
    out->results = standing.items;
    out->n_results = standing.n;
    return true;
}

/* The highest revision with a file, and of that the batch that came last: its files speak. */
static size_t last_file(const Pieces *pieces)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < pieces->n; i++) {
        const Piece *p = &pieces->items[i];
        if (!p->file) continue;
        const Piece *before = last == SIZE_MAX ? NULL : &pieces->items[last];
        if (before == NULL || p->revision > before->revision ||
            (p->revision == before->revision && p->batch >= before->batch))
            last = i;
    }
    return last;
}

static bool same_kit_twice(const Evidence *out, const Evidence *more)
{
    const char *kit = more->traces[0].kit;
    if (more->traces[0].n_bases > 0) return false;
    for (size_t i = 0; i < out->n_traces; i++)
        if (out->traces[i].role == TRACE_SAMPLE && kit[0] != '\0' &&
            strcmp(out->traces[i].kit, kit) == 0)
            return true;
    return false;
}

/* Traces of one sample stand side by side: several kits, or reads of both strands. Two injections of one kit do not. */
static bool merge_traces(Evidence *out, const Evidence *more, Arena *arena)
{
    if (more->n_traces == 0) return true;
    if (same_kit_twice(out, more)) return false;
    Trace *all = arena_alloc(arena, (out->n_traces + more->n_traces) * sizeof *all);
    if (out->n_traces > 0) memcpy(all, out->traces, out->n_traces * sizeof *all);
    memcpy(all + out->n_traces, more->traces, more->n_traces * sizeof *all);
    out->traces = all;
    out->n_traces += more->n_traces;
    return true;
}

static bool read_before(const Pieces *pieces, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (pieces->items[k].file && pieces->items[k].revision == pieces->items[i].revision &&
            strcmp(pieces->items[k].text, pieces->items[i].text) == 0)
            return true;
    return false;
}

static void refuse_two(Evidence *out)
{
    out->calls = NULL;
    out->bins = NULL;
    out->traces = NULL;
    out->n_traces = 0;
    out->status = note_fail(&out->note, REFUSED, "result.two_files",
                            (Place){.file = "results.csv", .field = "file"}, NULL);
}

/* Files that came together must all be readable, and only one of a revision may hold calls or counts of the sample: which of
 * two speaks, a person must say, for the one chosen in silence may be the one without the variant. */
static void merge_files(Evidence *out, const Evidence *parsed, const Pieces *pieces, Arena *arena)
{
    size_t last = last_file(pieces), chosen = SIZE_MAX;
    for (size_t i = 0; i < pieces->n && last != SIZE_MAX; i++) {
        const Piece *p = &pieces->items[i], *of = &pieces->items[last];
        const Evidence *e = &parsed[i];
        if (!p->file || p->revision != of->revision) continue;
        if (e->status != OK && p->batch != of->batch) continue;
        if (e->status != OK) {
            *out = (Evidence){.status = e->status,
                              .note = e->note,
                              .results = out->results,
                              .n_results = out->n_results};
            return;
        }
        bool two = !read_before(pieces, i) && !merge_traces(out, e, arena);
        if (!two && e->calls == NULL && e->bins == NULL) continue;
        if (two || (chosen != SIZE_MAX && strcmp(pieces->items[chosen].text, p->text) != 0)) {
            refuse_two(out);
            return;
        }
        chosen = i;
        out->calls = e->calls;
        out->bins = e->bins;
    }
}

static Status parse_piece(Evidence *out, const Piece *piece, Arena *arena, Note *why)
{
    if (piece->read == NULL) return evidence_parse(out, piece->text, arena, why);
    *out = *piece->read;
    return OK;
}

void case_merge(Evidence *out, const Pieces *pieces, Arena *arena)
{
    Evidence *parsed = arena_alloc(arena, (pieces->n + 1) * sizeof *parsed);
    *out = (Evidence){.status = OK};
    for (size_t i = 0; i < pieces->n; i++)
        if (parse_piece(&parsed[i], &pieces->items[i], arena, &out->note) != OK) {
            out->status = BAD_INPUT;
            return;
        }
    if (merge_results(out, parsed, pieces, arena))
        merge_files(out, parsed, pieces, arena);
    else
        out->status = note_fail(&out->note, TOO_LARGE, "result.too_many",
                                (Place){.file = "results.csv"}, "%d", STANDING_MOST);
}
