/* Why: no two women have the same reads, traces or calls. A file that stands under both is a mix-up of tubes or of names, and judged for both it
 * makes at least one result that is somebody else's: a false negative that looks like any other. Method: a file is known by a keyed
 * digest of its SHA-256 (and of the column, where a file has several), which the sealed store keeps beside the one that names its sample. A later
 * row that brings the same file for a sample of another person is refused, and both centres are told: nobody here can say whose it is.
 * Two rows of one batch fall together. What is no mix-up: the same sample again, another sample of the same person, a
 * registration that a correction has since replaced, a file that could not be used, and files that hold many specimens: tables of
 * coded results, and VCF of several columns, which answer only to a name they hold. All this is asked of bytes and names as they
 * came in, so it is the same whatever the sex of a fetus. Refuses: nothing else; a ledger of before this rule does not know its old files. */
#include "batch_plan_room.h"

#include "../lab/assays/assay.h"
#include "decode.h"
#include "seen.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

static const Assay *assay_of(const Tube *tube)
{
    return assay_find(tube->newest->sample->assay);
}

/* One specimen a file, whatever the row calls it. */
static bool always_alone(const Assay *assay)
{
    return assay->takes_bins || (assay->takes_traces && !assay->takes_calls);
}

static const char *column_of(const Tube *tube, const ResultRow *row)
{
    return always_alone(assay_of(tube)) ? "" : row->specimen;
}

/* Asked only of files that two women share. A file of calls with several columns must find the name it is asked for, and no sample has this
 * one; a file of one sample answers to any. */
static bool holds_one(const Planner *p, const Tube *tube, const ResultRow *row)
{
    const Run *run = p->run;
    const Assay *assay = assay_of(tube);
    Evidence e = {.status = OK};
    Note why = {0};
    int fd = -1;
    if (always_alone(assay)) return true;
    if (intake_holds_results(&run->in, row)) return false;
    if (row->specimen[0] != '\0' || intake_open_result(&fd, &run->in, row, true, NULL) != OK)
        return true;
    ReadJob job = {.fd = fd,
                   .file = "",
                   .fetal = true,
                   .specimen = "*",
                   .assay = assay,
                   .model = reference_model(run->reference, assay->code),
                   .reference = run->reference,
                   .arena = p->scratch};
    Status s = decode_file(&e, &job, (Place){.file = "results.csv", .row = row->row}, &why);
    (void)close(fd);
    return s == OK || strcmp(why.code, "vcf.sample") != 0;
}

/* Files of fetal material that are never opened are not compared either. */
static bool is_asked(const Tube *tube, const ResultRow *row)
{
    const Sample *s = tube->newest != NULL ? tube->newest->sample : NULL;
    const Assay *assay = s != NULL ? assay_find(s->assay) : NULL;
    return row->results == NULL && assay != NULL && !(s->fetal && assay->never_fetal);
}

void plan_digest_content(unsigned char digest[LEDGER_MAC], const Run *run, const Tube *tube,
                         const ResultRow *row)
{
    crypto_auth_hmacsha256_state state;
    const char *const parts[] = {"raw file of anybody", row->sha256, column_of(tube, row)};
    (void)crypto_auth_hmacsha256_init(&state, ledger_key(run->ledger), LEDGER_KEY);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i],
                                            strlen(parts[i]) + 1);
    (void)crypto_auth_hmacsha256_final(&state, digest);
}

/* ---- within the batch ---- */

bool *plan_shared_rows(Planner *p)
{
    const Intake *in = &p->run->in;
    bool *shared = arena_alloc(p->run->arena, in->n_results + 1);
    Tube **tubes = arena_alloc(p->run->arena, (in->n_results + 1) * sizeof(Tube *));
    Seen *seen = seen_new(in->n_results, p->run->arena);
    for (size_t i = 0; i < in->n_results; i++) {
        const ResultRow *row = &in->results[i], *other;
        tubes[i] = planner_tube(p, row->sample);
        if (!is_asked(tubes[i], row)) continue;
        uint64_t key = seen_hash(seen_hash(SEEN_SEED, row->sha256), column_of(tubes[i], row));
        size_t cursor = 0;
        long before;
        do {
            before = seen_next(seen, key, &cursor);
            other = before < 0 ? NULL : &in->results[before];
        } while (other != NULL &&
                 (strcmp(other->sha256, row->sha256) != 0 ||
                  strcmp(column_of(tubes[before], other), column_of(tubes[i], row)) != 0));
        if (other == NULL)
            seen_add(seen, key, i);
        else if (strcmp(tubes[before]->newest->sample->person, tubes[i]->newest->sample->person) !=
                     0 &&
                 holds_one(p, tubes[i], row))
            shared[i] = shared[before] = true;
        arena_reset(p->scratch);
    }
    return shared;
}

/* ---- against the ledger ---- */

/* As this batch leaves it: a correction that comes with the file counts already. */
static const Sample *newest_of(const Planner *p, const char *sample)
{
    size_t at = index_find(p->tube_index, sample);
    if (p->tubes != NULL && at != INDEX_NONE)
        return p->tubes[at]->newest != NULL ? p->tubes[at]->newest->sample : NULL;
    KnownList known = ledger_revisions(p->run->ledger, sample, p->run->arena);
    return known.n > 0 ? &known.items[known.n - 1].sample : NULL;
}

static bool was_used(const Planner *p, const char *sample, int revision)
{
    Pieces pieces = ledger_evidence(p->run->ledger, sample, p->scratch);
    for (size_t i = 0; i < pieces.n; i++) {
        Evidence e;
        const Piece *piece = &pieces.items[i];
        if (piece->file && piece->revision == revision && !run_is_of(p->run, piece->batch) &&
            evidence_parse(&e, piece->text, p->scratch, NULL) == OK && e.status == OK)
            return true;
    }
    return false;
}

const Sample *plan_stands_elsewhere(const Planner *p, const Tube *tube, const RawFile *file)
{
    if (!is_asked(tube, file->row)) return NULL;
    SealedList sealed = ledger_sealed_samples(p->run->ledger, file->content, p->run->arena);
    for (size_t i = 0; i < sealed.n; i++) {
        const Sample *other = newest_of(p, sealed.items[i].sample);
        if (other != NULL && other->revision == sealed.items[i].revision &&
            strcmp(other->person, tube->newest->sample->person) != 0 &&
            was_used(p, other->id, other->revision) && holds_one(p, tube, file->row))
            return other;
    }
    return NULL;
}
