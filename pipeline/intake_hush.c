/* Why: analysers and people write a result and the file that it came from into one row. For a fetus, and for nobody known, a code that is not
 * listed is dropped at the door and the row goes on with its file, since the file may stand nowhere else. But a row whose code stands for one sex only must not be
 * heard of at all: not that its file is missing, nor that it names another file than the sample's own.
 * Method: the file of a sample is what a row names by itself; without such a row, what the first row with an unlisted code names; without that, the first row about a
 * sex. All other rows that were hushed go without a word, their files and their faults with them.
 * Left open, and said in docs/fetal-sex.md: a sample whose only row is about a sex and names a file cannot be told from one whose row names the file alone.
 * A row of "*" is about many specimens and is kept. */
#include "intake_room.h"

#include <stdint.h>
#include <string.h>

void intake_mention(Room *room, const char *sample, bool hushed, bool denied, size_t n_results,
                    size_t n_rejections)
{
    const Intake *in = room->out;
    if (strcmp(sample, "*") == 0) return;
    if (room->n_mentions == room->mention_capacity)
        room->mentions = arena_grow(room->scratch, room->mentions, &room->mention_capacity,
                                    sizeof *room->mentions);
    room->any_hushed = room->any_hushed || hushed;
    room->mentions[room->n_mentions++] =
        (Mention){.sample = arena_copy(room->scratch, sample),
                  .hushed = hushed,
                  .denied = denied,
                  .result = in->n_results > n_results ? n_results : SIZE_MAX,
                  .rejection = in->n_rejections > n_rejections ? n_rejections : SIZE_MAX};
}

static bool speaks_before(const Mention *a, const Mention *b)
{
    if (a->hushed != b->hushed) return !a->hushed;
    return !a->denied && b->denied;
}

/* Index of the mention that speaks for the sample of mention i; the first of equals. */
static long speaker(const Room *room, Seen *seen, size_t *best, size_t i)
{
    uint64_t key = seen_hash(SEEN_SEED, room->mentions[i].sample);
    size_t cursor = 0;
    long at;
    while ((at = seen_next(seen, key, &cursor)) >= 0 &&
           strcmp(room->mentions[at].sample, room->mentions[i].sample) != 0)
        continue;
    if (at >= 0) return at;
    seen_add(seen, key, i);
    best[i] = i;
    return (long)i;
}

void intake_hush(Room *room, const char **fault, const char *unsaid, Arena *scratch)
{
    Intake *in = room->out;
    size_t n = room->n_mentions, kept = 0;
    if (!room->any_hushed) return;
    Seen *seen = seen_new(n, scratch);
    size_t *best = arena_alloc(scratch, (n + 1) * sizeof *best);
    size_t *group = arena_alloc(scratch, (n + 1) * sizeof *group);
    bool *gone = arena_alloc(scratch, (in->n_rejections + 1) * sizeof *gone);
    for (size_t i = 0; i < n; i++) {
        group[i] = (size_t)speaker(room, seen, best, i);
        if (speaks_before(&room->mentions[i], &room->mentions[best[group[i]]])) best[group[i]] = i;
    }
    for (size_t i = 0; i < n; i++) {
        const Mention *m = &room->mentions[i];
        if (!m->hushed || best[group[i]] == i) continue;
        if (m->result != SIZE_MAX) fault[m->result] = unsaid;
        if (m->rejection != SIZE_MAX) gone[m->rejection] = true;
    }
    for (size_t i = 0; i < in->n_rejections; i++)
        if (!gone[i]) in->rejections[kept++] = in->rejections[i];
    in->n_rejections = kept;
}
