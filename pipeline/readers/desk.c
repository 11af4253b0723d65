/* Why: HL7 messages and exporters' tables say the same things in other wrappings; what a word means is decided in one place, by
 * tables (cervical/terms.tsv and its like), never by a reader.
 * Method: exact match after folding (lab/terms). A word is looked up in the system its test asks for: words of an HPV channel in
 * "hpv_value", reports in "text". A word that names a test of its own must agree with the test it stands at.
 * Refuses: to guess. A word that no table holds is a fault told to a person, never a value and never a negative. */
#include "desk.h"

#include "../../lab/sex.h"
#include "../../lab/standing.h"

#include <stdio.h>
#include <string.h>

enum { DETAIL = 60, SYSTEM = 48, UNKNOWN_NAME = 24 };

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

Status desk_open(Desk *desk, const ReadJob *job, Note *why)
{
    *desk = (Desk){.job = job};
    for (size_t i = 0; i < reference_size(job->reference) && desk->n_terms < DESK_TABLES; i++) {
        const Table *t = reference_at(job->reference, i);
        if (!ends_with(t->info.name, "/terms")) continue;
        Status s = terms_build(&desk->terms[desk->n_terms++], t, job->arena, why);
        if (s != OK) return s;
    }
    return OK;
}

bool desk_wants(Desk *desk, const char *specimen)
{
    bool wanted = desk->job->specimen == NULL || strcmp(desk->job->specimen, specimen) == 0;
    desk->found = desk->found || wanted;
    return wanted;
}

static Term look_up(const Desk *desk, const char *system, const char *word)
{
    Term t = {.result_code = "", .value = ""};
    for (size_t i = 0; i < desk->n_terms && !t.found; i++)
        t = terms_match(desk->terms[i], system, word);
    return t;
}

const char *desk_test(const Desk *desk, const char *system, const char *code)
{
    return look_up(desk, system, code).result_code;
}

/* A pooled test may be answered by one type ("HPV 16 DNA" at the code of 14 types); nothing else may change its test. */
static bool may_answer(const char *test, const char *answered)
{
    return answered[0] == '\0' || strcmp(test, answered) == 0 ||
           (strcmp(test, "hpv.pooled") == 0 && strncmp(answered, "hpv.", 4) == 0);
}

Match desk_value(const Desk *desk, const char *test, const char *system, const char *word,
                 const char **code, const char **value)
{
    Term t = look_up(desk, system, word);
    if (!t.found || t.value[0] == '\0') return MATCH_NONE;
    if (!may_answer(test, t.result_code)) return MATCH_CLASH;
    *code = t.result_code[0] != '\0' ? t.result_code : test;
    *value = t.value;
    return MATCH_VALUE;
}

Match desk_word(const Desk *desk, const char *test, const char *word, const char **code,
                const char **value)
{
    char system[SYSTEM];
    (void)snprintf(system, sizeof system, "%.*s_value", (int)strcspn(test, "."), test);
    Match m = desk_value(desk, test, system, word, code, value);
    return m != MATCH_NONE ? m : desk_value(desk, test, "text", word, code, value);
}

bool desk_allows(const Desk *desk, const char *code, const char *value)
{
    const Table *t = reference_table(desk->job->reference, "results");
    long row = t != NULL ? table_find(t, code) : -1;
    const char *list = row < 0 ? "" : table_get(t, (size_t)row, "values");
    size_t n = strlen(value);
    while (*list != '\0') {
        size_t length = strcspn(list, "|");
        if (length == n && strncmp(list, value, n) == 0) return true;
        list += length + (list[length] == '|');
    }
    return false;
}

void desk_put(Desk *desk, const Result *result)
{
    if (desk->n == desk->capacity)
        desk->results =
            arena_grow(desk->job->arena, desk->results, &desk->capacity, sizeof *desk->results);
    desk->results[desk->n++] = *result;
}

static bool may_quote(const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) return false;
    return strlen(text) <= DETAIL;
}

static void keep_fault(Desk *desk, const char *specimen, const Note *note)
{
    ReadFaults *faults = desk->job->faults;
    if (faults == NULL) {
        bool own = specimen[0] != '\0';
        if (own && !desk->failed) desk->own = *note;
        if (!own && !desk->foreign) desk->other = *note;
        desk->failed = desk->failed || own;
        desk->foreign = desk->foreign || !own;
        return;
    }
    if (faults->n == faults->capacity)
        faults->items =
            arena_grow(desk->job->arena, faults->items, &faults->capacity, sizeof *faults->items);
    faults->items[faults->n++] = (ReadFault){.specimen = specimen, .note = *note};
}

void desk_fault(Desk *desk, const char *specimen, const char *code, const char *field,
                const char *detail)
{
    Note note;
    bool tell =
        detail != NULL && may_quote(detail) && !(desk->job->fetal && desk->job->faults == NULL);
    (void)note_fail(&note, BAD_INPUT, code, (Place){.field = field}, tell ? "%s" : NULL, detail);
    keep_fault(desk, specimen, &note);
}

/* Only what looks like a code: the name comes back on a paper. */
static void put_unknown(Desk *desk, const char *specimen, const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+/ ";
    size_t n = strlen(name);
    bool good = n <= UNKNOWN_NAME && strspn(name, allowed) == n && !sex_code_denied(name) &&
                !sex_text_denied(name);
    desk_put(desk, &(Result){.specimen = specimen,
                             .code = RESULT_UNKNOWN_TEST,
                             .value = good ? arena_copy(desk->job->arena, name) : "",
                             .unit = "",
                             .time = INSTANT_NONE,
                             .run = "",
                             .well = ""});
}

void desk_unknown_test(Desk *desk, const char *specimen, const char *field, const char *name)
{
    bool many = desk->job->faults != NULL; /* then intake decides whether the material is fetal */
    if (many || !desk->job->fetal) desk_fault(desk, specimen, "result.test_unknown", field, name);
    if (many) put_unknown(desk, specimen, name);
}

Status desk_close(Desk *desk, Evidence *out, Note *why)
{
    bool one = desk->job->specimen != NULL;
    const Note *fault = desk->failed                    ? &desk->own
                        : desk->foreign && desk->n == 0 ? &desk->other
                                                        : NULL;
    if (fault != NULL && desk->job->faults == NULL) {
        if (why != NULL) *why = *fault;
        return BAD_INPUT;
    }
    if (one && !desk->found)
        return note_fail(why, NOT_FOUND, "specimen.absent", (Place){.field = "specimen"}, NULL);
    out->results = desk->results;
    out->n_results = desk->n;
    return OK;
}
