/* Sorting findings into rows. Two findings share a row when a reader would read the same words
 * for both except for the item: same person, sample, assay, code, answer, reason and footing.
 * The order of findings is kept: the first of a row leads it. */
#include "telling.h"

#include "buffer.h"
#include "content.h"

#include <string.h>

static Group group_of(const Finding *f)
{
    bool whole = f->subject == SUBJECT_UNKNOWN && *f->sample == '\0' && !f->fetal;
    bool fetus = f->subject == SUBJECT_FETUS_A || f->subject == SUBJECT_FETUS_B;
    /* Fetal material of whomever it was taken from is one group: its subject is the fetus. */
    return (Group){f->fetal && !fetus ? SUBJECT_UNKNOWN : f->subject, f->fetal || fetus, whole};
}

bool group_same(Group a, Group b)
{
    return a.subject == b.subject && a.fetal == b.fetal && a.whole_case == b.whole_case;
}

const char *group_name(const Page *page, Group group)
{
    return group.whole_case ? page_word(page, "label.couple")
                            : page_subject(page, group.subject, group.fetal);
}

static Listing listing_of(const Page *page, const char *code)
{
    static const char *const words[] = {"each", "grouped", "counted", "entry"};
    const char *place = page_place(page, code);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(place, words[i]) == 0) return (Listing)i;
    return LIST_EACH;
}

static Rank rank_of(Answer answer)
{
    static const Rank ranks[ANSWERS] = {
        [ANSWER_POSITIVE] = RANK_FOUND,
        [ANSWER_POSSIBLE] = RANK_DOUBTFUL,
        [ANSWER_INVALID] = RANK_REPEAT,
        [ANSWER_FAILED] = RANK_REPEAT,
        [ANSWER_REFUSED] = RANK_REPEAT,
        [ANSWER_MISSING] = RANK_REPEAT,
        [ANSWER_MEASURED] = RANK_MEASURED,
        [ANSWER_NEGATIVE] = RANK_NEGATIVE,
        [ANSWER_NOT_ASSESSED] = RANK_NOT_ASSESSED,
    };
    return ranks[answer];
}

bool content_includes(const PaperInput *input, const Finding *finding)
{
    const Paper *paper = input->paper;
    if (paper->kind != PAPER_REFERRAL) return true;
    for (size_t i = 0; i < paper->n_actions; i++)
        if (strcmp(paper->actions[i].finding->assay, finding->assay) == 0) return true;
    return false;
}

static const Sample *sample_of(const Case *c, const char *id)
{
    for (size_t i = 0; i < c->n_samples; i++)
        if (strcmp(c->samples[i].id, id) == 0) return &c->samples[i];
    return NULL;
}

static bool same_block(const ToldOne *a, const ToldOne *b)
{
    return group_same(a->group, b->group) && strcmp(a->f->sample, b->f->sample) == 0 &&
           strcmp(a->f->assay, b->f->assay) == 0;
}

/* Within one block and code. */
static bool same_row(const ToldOne *a, const ToldOne *b)
{
    const Finding *f = a->f, *g = b->f;
    return a->listing != LIST_EACH && f->answer == g->answer && f->has_value == g->has_value &&
           f->unverified == g->unverified && f->example == g->example &&
           strcmp(f->detail, g->detail) == 0;
}

/* Finds the row, block and code of item i among those that begin one: few, so this is quick. */
static void place(Telling *told, size_t i)
{
    ToldOne *t = &told->items[i];
    t->leader = t->block = t->code = i;
    for (size_t k = 0; k < i; k++) {
        const ToldOne *o = &told->items[k];
        if (o->leader != k && o->block != k && o->code != k) continue;
        if (!same_block(o, t)) continue;
        if (t->block == i) t->block = o->block;
        if (strcmp(o->f->code, t->f->code) != 0) continue;
        if (t->code == i) t->code = o->code;
        if (o->leader == k && same_row(o, t)) {
            t->leader = k;
            return;
        }
    }
}

Telling telling_new(const Page *page, const PaperInput *input)
{
    const Findings *all = input->findings;
    Telling told = {.page = page, .input = input};
    told.items = arena_alloc(page->arena, (all->n + 1) * sizeof *told.items);
    for (size_t i = 0; i < all->n; i++) {
        const Finding *f = &all->items[i];
        if (!content_includes(input, f)) continue;
        told.items[told.n] = (ToldOne){.f = f,
                                       .sample = sample_of(input->c, f->sample),
                                       .group = group_of(f),
                                       .listing = listing_of(page, f->code),
                                       .rank = rank_of(f->answer)};
        place(&told, told.n++);
    }
    return told;
}

const char *telling_items(const Telling *told, size_t leader, size_t *count)
{
    const char *comma = told->page->stamp->lang == LANG_EN ? ", " : "、";
    Buffer text = {.arena = told->page->arena};
    *count = 0;
    for (size_t i = leader; i < told->n; i++) {
        const ToldOne *t = &told->items[i];
        if (t->leader != leader) continue;
        const char *value = t->listing == LIST_EACH ? "" : page_value(told->page, t->f);
        if (text.n > 0 && *t->f->item != '\0') buffer_put(&text, comma);
        buffer_put(&text, t->f->item);
        if (*value != '\0') buffer_put(&text, " ");
        buffer_put(&text, value);
        ++*count;
    }
    return buffer_text(&text);
}
