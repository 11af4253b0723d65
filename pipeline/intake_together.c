/* Why: some faults no row shows alone: one sample registered twice and differently, a correction that moves a tube to another
 * person without saying so, two women in one pregnancy, a fetus under a consent that is not the mother's.
 * Method: hash sets over the accepted rows, one pass for each question; rows that fall are marked, told, and left out at the end.
 * Both rows of a contradiction fall: nobody here can say which one is right. */
#include "intake_room.h"

#include "exhausted.h"

#include <string.h>

typedef struct Together {
    Room *room;
    Sample *rows;
    size_t n;
    const char **fault; /* Note code of each row that falls, NULL = it stands */
    const char **field;
    bool *superseded; /* another row of this batch replaces it */
    Seen *revisions;  /* (sample, revision) -> row */
    Arena *scratch;   /* dies with these questions: six sets of a million rows are not kept */
} Together;

static uint64_t revision_key(const char *sample, int revision)
{
    return seen_hash_number(seen_hash(SEEN_SEED, sample), revision);
}

static long find_revision(const Together *t, const char *sample, int revision)
{
    size_t cursor = 0;
    long i;
    while ((i = seen_next(t->revisions, revision_key(sample, revision), &cursor)) >= 0)
        if (t->rows[i].revision == revision && strcmp(t->rows[i].id, sample) == 0) return i;
    return -1;
}

static bool same_owner(const Sample *a, const Sample *b)
{
    return strcmp(a->person, b->person) == 0 && strcmp(a->case_id, b->case_id) == 0;
}

static bool same_content(const Sample *a, const Sample *b)
{
    return same_owner(a, b) && a->replaces == b->replaces && strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->submitter, b->submitter) == 0 && strcmp(a->follow_up, b->follow_up) == 0 &&
           a->subject == b->subject && a->material == b->material &&
           strcmp(a->assay, b->assay) == 0 && a->collected == b->collected &&
           strcmp(a->consent.person, b->consent.person) == 0 &&
           strcmp(a->consent.version, b->consent.version) == 0 &&
           a->consent.given == b->consent.given;
}

static void fall(Together *t, size_t i, const char *code, const char *field)
{
    if (t->fault[i] == NULL) {
        t->fault[i] = code;
        t->field[i] = field;
    }
}

static void find_duplicates(Together *t)
{
    for (size_t i = 0; i < t->n; i++) {
        long before = find_revision(t, t->rows[i].id, t->rows[i].revision);
        if (before < 0) {
            seen_add(t->revisions, revision_key(t->rows[i].id, t->rows[i].revision), i);
        } else if (same_content(&t->rows[before], &t->rows[i])) {
            fall(t, i, "sample.duplicate", "sample");
        } else {
            fall(t, (size_t)before, "sample.conflict", "sample");
            fall(t, i, "sample.conflict", "sample");
        }
    }
}

static bool reason_moves(const Room *room, const char *reason)
{
    const Table *reasons = room->reasons;
    long row = reasons ? table_find(reasons, reason) : -1;
    return row >= 0 && strcmp(table_get(reasons, (size_t)row, "changes_owner"), "yes") == 0;
}

static void follow_corrections(Together *t)
{
    for (size_t i = 0; i < t->n; i++) {
        long old = t->fault[i] ? -1 : find_revision(t, t->rows[i].id, t->rows[i].replaces);
        if (old < 0 || t->fault[old] != NULL) continue;
        if (!same_owner(&t->rows[old], &t->rows[i]) && !reason_moves(t->room, t->rows[i].reason))
            fall(t, i, "sample.owner",
                 strcmp(t->rows[old].person, t->rows[i].person) ? "person" : "case");
        else
            t->superseded[old] = true;
    }
}

/* One woman and one partner to a case; the first row of each role is remembered, and whether another person claimed it. */
static void one_of_a_role(Together *t, Subject role, const char *code)
{
    Seen *roles = seen_new(t->n, t->scratch);
    bool *torn = arena_alloc(t->scratch, t->n + 1);
    uint32_t *first = arena_alloc(t->scratch, (t->n + 1) * sizeof *first);
    for (size_t i = 0; i < t->n; i++) {
        const Sample *s = &t->rows[i];
        if (t->fault[i] != NULL || t->superseded[i] || s->subject != role) continue;
        uint64_t key = seen_hash(SEEN_SEED, s->case_id);
        size_t cursor = 0;
        long f;
        while ((f = seen_next(roles, key, &cursor)) >= 0 &&
               strcmp(t->rows[f].case_id, s->case_id) != 0)
            continue;
        if (f < 0) seen_add(roles, key, i);
        first[i] = f < 0 ? (uint32_t)i : (uint32_t)f;
        torn[first[i]] = torn[first[i]] || strcmp(t->rows[first[i]].person, s->person) != 0;
    }
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].subject == role && !t->superseded[i] && torn[first[i]])
            fall(t, i, code, "person");
}

/* The standing row of a role in a case; -1 = not registered in this batch. */
typedef struct Roles {
    Seen *by_case;
    Subject role;
} Roles;

static const Sample *role_in_case(const Together *t, const Roles *r, const char *case_id)
{
    size_t cursor = 0;
    long i;
    while ((i = seen_next(r->by_case, seen_hash(SEEN_SEED, case_id), &cursor)) >= 0)
        if (strcmp(t->rows[i].case_id, case_id) == 0) return &t->rows[i];
    return NULL;
}

static Roles roles_of(const Together *t, Subject role)
{
    Roles r = {.by_case = seen_new(t->n, t->scratch), .role = role};
    for (size_t i = 0; i < t->n; i++)
        if (t->fault[i] == NULL && !t->superseded[i] && t->rows[i].subject == role &&
            role_in_case(t, &r, t->rows[i].case_id) == NULL)
            seen_add(r.by_case, seen_hash(SEEN_SEED, t->rows[i].case_id), i);
    return r;
}

static void compare_with_woman(Together *t)
{
    Roles women = roles_of(t, SUBJECT_WOMAN);
    for (size_t i = 0; i < t->n; i++) {
        const Sample *s = &t->rows[i];
        const Sample *woman = t->fault[i] ? NULL : role_in_case(t, &women, s->case_id);
        if (woman == NULL) continue;
        bool fetus = s->subject == SUBJECT_FETUS_A || s->subject == SUBJECT_FETUS_B;
        if (s->subject == SUBJECT_PARTNER && strcmp(s->person, woman->person) == 0)
            fall(t, i, "case.same_person", "person");
        else if (fetus && strcmp(s->consent.person, woman->person) != 0)
            fall(t, i, "consent.fetus", "consent_person");
    }
}

static void leave_out_fallen(Together *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->n; i++) {
        const Sample *s = &t->rows[i];
        if (t->fault[i] == NULL) {
            t->rows[kept++] = *s;
            continue;
        }
        Place at = {.file = "submission.csv", .row = s->row, .field = t->field[i]};
        intake_reject(t->room,
                      (Whose){.centre = s->submitter, .sample = s->id, .case_id = s->case_id},
                      t->fault[i], at, NULL);
    }
    t->room->out->n_samples = kept;
}

static void index_sample(Room *room, size_t i)
{
    const Sample *s = &room->out->samples[i];
    uint64_t key = seen_hash(SEEN_SEED, s->id);
    size_t cursor = 0;
    long first;
    while ((first = seen_next(room->by_sample, key, &cursor)) >= 0)
        if (strcmp(room->out->samples[first].id, s->id) == 0) break;
    if (first < 0) {
        seen_add(room->by_sample, key, i);
        first = (long)i;
        room->newest[i] = (uint32_t)i;
    }
    if (s->revision > room->out->samples[room->newest[first]].revision)
        room->newest[first] = (uint32_t)i;
    room->fetal[first] = room->fetal[first] || s->fetal;
    if (intake_find_case(room, s->case_id) == NULL)
        seen_add(room->by_case, seen_hash(SEEN_SEED, s->case_id), i);
}

static void index_all(Room *room)
{
    size_t n = room->out->n_samples;
    room->by_sample = seen_new(n, room->scratch);
    room->by_case = seen_new(n, room->scratch);
    room->newest = arena_alloc(room->scratch, (n + 1) * sizeof *room->newest);
    room->fetal = arena_alloc(room->scratch, n + 1);
    for (size_t i = 0; i < n; i++)
        index_sample(room, i);
}

void intake_finish_submission(Room *room)
{
    size_t n = room->out->n_samples;
    Arena *a = arena_new(exhausted);
    Together t = {.scratch = a,
                  .room = room,
                  .rows = room->out->samples,
                  .n = n,
                  .fault = arena_alloc(a, (n + 1) * sizeof *t.fault),
                  .field = arena_alloc(a, (n + 1) * sizeof *t.field),
                  .superseded = arena_alloc(a, n + 1),
                  .revisions = seen_new(n, a)};
    find_duplicates(&t);
    follow_corrections(&t);
    one_of_a_role(&t, SUBJECT_WOMAN, "case.two_women");
    one_of_a_role(&t, SUBJECT_PARTNER, "case.two_partners");
    compare_with_woman(&t);
    leave_out_fallen(&t);
    arena_free(a);
    index_all(room);
}

const Sample *intake_find_case(const Room *room, const char *case_id)
{
    size_t cursor = 0;
    long i;
    while ((i = seen_next(room->by_case, seen_hash(SEEN_SEED, case_id), &cursor)) >= 0)
        if (strcmp(room->out->samples[i].case_id, case_id) == 0) return &room->out->samples[i];
    return NULL;
}

const Sample *intake_find_sample(const Room *room, const char *id, bool *fetal)
{
    size_t cursor = 0;
    long i;
    *fetal = true;
    while ((i = seen_next(room->by_sample, seen_hash(SEEN_SEED, id), &cursor)) >= 0)
        if (strcmp(room->out->samples[i].id, id) == 0) {
            *fetal = room->fetal[i];
            return &room->out->samples[room->newest[i]];
        }
    return NULL;
}
