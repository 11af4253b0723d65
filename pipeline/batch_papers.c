/* Papers of a judged case: who gets what, under which number, and what is taken back.
 *
 * A paper keeps its number over all versions; a new version names the one it replaces. Whoever was told a conclusion that no
 * longer stands is told so: in the new version of the paper, or, when nothing else goes to that centre any more, by
 * a withdrawal of its own. Answers that never were a conclusion (not assessed, missing, to be repeated) need none. */
#include "batch_room.h"

#include <string.h>

static bool is_conclusion(Answer answer)
{
    return answer == ANSWER_POSITIVE || answer == ANSWER_POSSIBLE || answer == ANSWER_NEGATIVE;
}

static bool same_conclusion(const Finding *a, const Finding *b)
{
    return a->answer == b->answer && strcmp(a->code, b->code) == 0 &&
           strcmp(a->item, b->item) == 0 && strcmp(a->sample, b->sample) == 0;
}

static PaperInput input_of(const Slot *slot, const Run *run, const OutPaper *p)
{
    return (PaperInput){.c = slot->c.n_samples > 0 ? &slot->c : &slot->former,
                        .findings = &slot->findings,
                        .paper = &p->paper,
                        .withdrawn = p->withdrawn,
                        .n_withdrawn = p->n_withdrawn,
                        .reference = run->reference,
                        .stamp = &run->stamp};
}

/* What the case says now, whichever paper says it: a referral that moved to another centre takes nothing back. */
static bool still_stands(const Slot *slot, const Finding *old)
{
    for (size_t i = 0; i < slot->findings.n; i++)
        if (same_conclusion(&slot->findings.items[i], old)) return true;
    return false;
}

static void set_withdrawn(OutPaper *p, const Slot *slot, const OldPaper *old)
{
    p->withdrawn = arena_alloc(slot->arena, (old->told.n + 1) * sizeof *p->withdrawn);
    for (size_t i = 0; i < old->told.n; i++) {
        const Finding *f = &old->told.items[i].finding;
        if (is_conclusion(f->answer) && !still_stands(slot, f))
            p->withdrawn[p->n_withdrawn++] = (Withdrawn){f->code, f->item, f->fetal};
    }
}

/* Names begin "RN" (referral) or "RP" (report), so that a withdrawal still tells what it withdraws. */
static char letter_of(PaperKind kind)
{
    return kind == PAPER_RESULT ? 'P' : 'N';
}

static OldPaper *find_old(const Slot *slot, const Paper *paper)
{
    for (size_t i = 0; i < slot->n_old; i++)
        if (slot->old[i].row.name[1] == letter_of(paper->kind) &&
            strcmp(slot->old[i].row.centre, paper->to->id) == 0)
            return &slot->old[i];
    return NULL;
}

static void add_version(OutPaper *p, const Slot *slot, const OldPaper *old)
{
    p->paper.id = old->row.name;
    p->paper.version = old->row.version + 1;
    p->paper.replaces = old->row.version;
    set_withdrawn(p, slot, old);
}

static void number_paper(Slot *slot, OutPaper *p, bool *continued)
{
    OldPaper *old = find_old(slot, &p->paper);
    if (old != NULL) {
        continued[old - slot->old] = true;
        add_version(p, slot, old);
        return;
    }
    p->paper.version = 1;
    p->paper.id = arena_print(slot->arena, "R%c%s-%zu", letter_of(p->paper.kind), slot->c.id + 1,
                              ++slot->n_old_names);
}

static void withdraw(Slot *slot, const Run *run, const OldPaper *old)
{
    const Centres *centres = reference_centres(run->reference);
    const Centre *to = centre_find(centres, old->row.centre);
    OutPaper *p = &slot->papers[slot->n_papers++];
    *p = (OutPaper){.paper = {.kind = PAPER_WITHDRAWAL,
                              .to = to ? to : centres->city,
                              .copy_to = centre_find(centres, old->row.copy_to),
                              .due = DATE_NONE}};
    add_version(p, slot, old);
}

/* Each finding's action, whichever paper carries it. */
static void map_actions(Slot *slot, const Papers *papers)
{
    slot->actions = arena_alloc(slot->arena, (slot->findings.n + 1) * sizeof(const Action *));
    for (size_t i = 0; i < papers->n; i++)
        for (size_t k = 0; k < papers->items[i].n_actions; k++) {
            const Action *a = &papers->items[i].actions[k];
            slot->actions[a->finding - slot->findings.items] = a;
        }
}

static Status print_papers(Slot *slot, const Run *run, Note *why)
{
    for (size_t i = 0; i < slot->n_papers; i++) {
        OutPaper *p = &slot->papers[i];
        const PaperInput input = input_of(slot, run, p);
        Status s = report_paper(&p->xml, &p->html, &input, slot->arena, why);
        if (s != OK) return s;
    }
    return OK;
}

Status papers_make(Slot *slot, const Run *run, Note *why)
{
    Papers papers = {0};
    if (slot->findings.n > 0) {
        Status s =
            triage_case(&papers, &slot->c, &slot->findings, run->reference, slot->arena, why);
        if (s != OK) return s;
    }
    map_actions(slot, &papers);
    if (!run->batch.documents) return OK;
    bool *continued = arena_alloc(slot->arena, slot->n_old + 1);
    slot->papers = arena_alloc(slot->arena, (papers.n + slot->n_old + 1) * sizeof *slot->papers);
    for (size_t i = 0; i < papers.n; i++) {
        OutPaper *p = &slot->papers[slot->n_papers++];
        p->paper = papers.items[i];
        number_paper(slot, p, continued);
    }
    for (size_t i = 0; i < slot->n_old; i++)
        if (!continued[i] && slot->old[i].row.kind != PAPER_WITHDRAWAL)
            withdraw(slot, run, &slot->old[i]);
    return print_papers(slot, run, why);
}
