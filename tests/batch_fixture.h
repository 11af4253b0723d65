/* Small folders through batch_run(), and what the ledger then says: for tests of what later batches do to earlier conclusions. */
#ifndef SCREENLAB_BATCH_FIXTURE_H
#define SCREENLAB_BATCH_FIXTURE_H

#include "../pipeline/batch.h"
#include "../pipeline/file.h"
#include "../pipeline/release.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[TEMPORARY];
static Arena *arena;
static Reference *reference;

static const char SUBMISSION[] =
    "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,"
    "collected,consent_person,consent_version,consent_date\n";
static const char FACTS[] = "case,owner,code,value,unit,time\n";
static const char RESULTS[] = "sample,run,well,specimen,file,sha256,code,value,unit,time\n";

/* Woman 1 in case 1 with sample 1, and what may come of her. */
#define WOMAN_1                                                                                    \
    "P2026001,C2026001,S2026001,1,,,230103,230103,woman,cervical_cells,cervical,2026-11-09T08:30," \
    "P2026001,ZQ-2026-1,2026-11-09\n"
#define BORN_1         "C2026001,woman,birth_date,1980-04-18,,\n"
#define HPV_1          "S2026001,HPV-1,A01,,,,hpv.pooled,negative,,2026-11-12T16:00\n"
#define HPV_1_POSITIVE "S2026001,HPV-1,A01,,,,hpv.pooled,positive,,2026-11-12T16:00\n"

static inline void set_up(void)
{
    Note why = {.code = ""};
    temporary_folder(root, "batch");
    cr_assert_geq(sodium_init(), 0);
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&reference, "reference", true, arena, &why), OK, "%s %s", why.code,
                 why.file);
}

/* An empty ledger, and no batches. */
static inline void reset(void)
{
    temporary_folder(root, "batch");
}

static inline void put(const char *batch, const char *name, const char *head, const char *rows)
{
    char path[TEMPORARY + 100];
    (void)snprintf(path, sizeof path, "%s/%s", root, batch);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/%s/%s", root, batch, name);
    FILE *f = fopen(path, "w");
    cr_assert_not_null(f);
    (void)fprintf(f, "%s%s", head, rows);
    (void)fclose(f);
}

static inline void put_batch(const char *batch, const char *samples, const char *facts,
                             const char *results)
{
    put(batch, "submission.csv", SUBMISSION, samples);
    put(batch, "facts.csv", FACTS, facts);
    put(batch, "results.csv", RESULTS, results);
}

static inline Ledger *open_ledger(void)
{
    char path[TEMPORARY + 8];
    Ledger *ledger;
    (void)snprintf(path, sizeof path, "%s/l.db", root);
    cr_assert_eq(ledger_open(&ledger, path, LEDGER_WRITE, NULL), OK);
    return ledger;
}

static inline BatchResult run_with(const char *batch, bool reissue)
{
    BatchResult result;
    Note why = {.code = ""};
    Ledger *ledger = open_ledger();
    const BatchOptions options = {.path = arena_print(arena, "%s/%s", root, batch),
                                  .reference = reference,
                                  .ledger = ledger,
                                  .out = arena_print(arena, "%s/out", root),
                                  .threads = 2,
                                  .now = 1795996800, /* 2026-11-30 */
                                  .lang = LANG_EN,
                                  .documents = true,
                                  .reissue = reissue};
    cr_assert_eq(batch_run(&result, &options, arena, &why), OK, "%s %s %s %s", why.code, why.file,
                 why.field, why.detail);
    ledger_close(ledger);
    return result;
}

static inline BatchResult run(const char *batch)
{
    return run_with(batch, false);
}

static inline int state_of(const char *sample)
{
    Ledger *ledger = open_ledger();
    KnownList known = ledger_revisions(ledger, sample, arena);
    Judged judged = {.state = -1};
    if (known.n > 0) {
        const Known *k = &known.items[known.n - 1];
        (void)ledger_judged(&judged, ledger, ledger_verdict(ledger, k->sample.case_id).id, k->id,
                            arena);
    }
    ledger_close(ledger);
    return judged.state;
}

static inline int version_of(const char *case_id)
{
    Ledger *ledger = open_ledger();
    int version = ledger_verdict(ledger, case_id).version;
    ledger_close(ledger);
    return version;
}

static inline Answer answer_of(const char *case_id, const char *code)
{
    Ledger *ledger = open_ledger();
    ToldList told = ledger_findings(ledger, ledger_verdict(ledger, case_id).id, reference, arena);
    Answer answer = ANSWER_NOT_ASSESSED;
    for (size_t i = 0; i < told.n; i++)
        if (strcmp(told.items[i].finding.code, code) == 0) answer = told.items[i].finding.answer;
    ledger_close(ledger);
    return answer;
}

static inline bool rejected_with(const char *batch, const char *code)
{
    Ledger *ledger = open_ledger();
    RejectedList list = ledger_rejections(ledger, ledger_batch(ledger, batch).id, arena);
    bool found = false;
    for (size_t i = 0; i < list.n; i++)
        found = found || strcmp(list.items[i].note.code, code) == 0;
    ledger_close(ledger);
    return found;
}

static inline bool is_whole(void)
{
    Ledger *ledger = open_ledger();
    bool whole = ledger_verify(ledger, NULL, NULL);
    ledger_close(ledger);
    return whole;
}

static inline size_t count_papers(const char *case_id, PaperKind kind, int version)
{
    Ledger *ledger = open_ledger();
    PaperRows papers = ledger_papers(ledger, case_id, arena);
    size_t n = 0;
    for (size_t i = 0; i < papers.n; i++)
        n += papers.items[i].kind == kind && papers.items[i].version == version ? 1 : 0;
    ledger_close(ledger);
    return n;
}

#endif
