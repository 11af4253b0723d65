/* Triage is a table, not code: which finding needs whom, how soon, in which words. What the code adds is geography (the nearest
 * ancestor that can), the calendar, and the promise that no finding is dropped: one that the table does not know
 * goes to the city by the row "unmatched". */
#include "triage.h"

#include <string.h>

typedef struct Desk {
    const Case *c;
    const Reference *reference;
    const Rules *rules;
    const Table *due, *calendar;
    Date today;
} Desk;

typedef struct ActionList {
    Action *items;
    size_t n, capacity;
} ActionList;

/* ---- dates ---- */

/* Whether `date` is a working day; *known is false when no row of the calendar covers it. */
static bool is_working_day(const Table *calendar, Date date, bool *known)
{
    int from = table_column(calendar, "from"), until = table_column(calendar, "until");
    int kind = table_column(calendar, "kind");
    bool working = date_weekday(date) < 5;
    *known = false;
    for (size_t r = 0; r < calendar->n_rows; r++) {
        Date first, last;
        if (!date_parse(&first, table_cell(calendar, r, from)) ||
            !date_parse(&last, table_cell(calendar, r, until)) || date < first || date > last)
            continue;
        const char *what = table_cell(calendar, r, kind);
        if (strcmp(what, "covered") == 0)
            *known = true;
        else
            working = strcmp(what, "workday") == 0;
    }
    return working;
}

Date triage_working_day(const Table *calendar, Date from, int days, bool *uncertain)
{
    Date date = from;
    while (days > 0) {
        bool known;
        date++;
        if (is_working_day(calendar, date, &known)) days--;
        if (!known) *uncertain = true;
    }
    return date;
}

static void set_due(Action *a, const Desk *desk)
{
    long row = table_find(desk->due, a->urgency);
    double days;
    a->due = DATE_NONE;
    if (row < 0) {
        a->due_uncertain = true;
        return;
    }
    if (!table_number(desk->due, (size_t)row, table_column(desk->due, "days"), &days))
        return; /* an urgency without days, such as "none" */
    bool working = strcmp(table_get(desk->due, (size_t)row, "kind"), "working") == 0;
    a->due = working ? triage_working_day(desk->calendar, desk->today, (int)days, &a->due_uncertain)
                     : desk->today + (Date)days;
    a->due_example = desk->due->examples[row];
}

/* ---- actions ---- */

/* Whose centre decides: the sample's own, for the couple the woman's, else the first sample's. */
static const Sample *sample_of(const Case *c, const Finding *f)
{
    const Sample *woman = NULL;
    for (size_t i = 0; i < c->n_samples; i++) {
        if (strcmp(c->samples[i].id, f->sample) == 0) return &c->samples[i];
        if (woman == NULL && c->samples[i].subject == SUBJECT_WOMAN) woman = &c->samples[i];
    }
    return woman ? woman : c->samples;
}

static Decision look_up(const Rules *rules, const Finding *f)
{
    const char *given[] = {f->code, answer_code(f->answer), f->detail};
    Decision d = decide(rules, given);
    if (d.row < 0) {
        const char *unmatched[] = {"unmatched", answer_code(f->answer), ""};
        d = decide(rules, unmatched);
    }
    return d;
}

static Action action_of(const Desk *desk, const Finding *f)
{
    Decision d = look_up(desk->rules, f);
    Action a = {.finding = f,
                .level = (Level)(decide_output(desk->rules, d, "level")[0] - '0'),
                .department = decide_output(desk->rules, d, "department"),
                .capability = decide_output(desk->rules, d, "capability"),
                .urgency = decide_output(desk->rules, d, "urgency"),
                .wording = decide_output(desk->rules, d, "wording"),
                .row = decide_row(desk->rules, d),
                .due = DATE_NONE};
    if (a.level == LEVEL_NONE) return a;
    const Centres *centres = reference_centres(desk->reference);
    const Centre *from = centre_find(centres, sample_of(desk->c, f)->follow_up);
    a.to = centre_destination(centres, from, a.level, a.capability, desk->today);
    set_due(&a, desk);
    return a;
}

const char *triage_told(const Reference *reference, const Finding *finding)
{
    const Rules *rules = reference_rules(reference, "triage");
    if (rules == NULL) return "";
    Decision d = look_up(rules, finding);
    bool asks = decide_output(rules, d, "level")[0] != '0';
    return asks ? "" : decide_output(rules, d, "wording");
}

static bool sooner(const Action *a, const Action *b)
{
    Date x = a->due == DATE_NONE ? INT32_MAX : a->due, y = b->due == DATE_NONE ? INT32_MAX : b->due;
    return x < y;
}

/* Keeps the list most urgent first; equal dates stay in order of findings. */
static void insert(ActionList *list, Action a, Arena *arena)
{
    if (list->n == list->capacity)
        list->items = arena_grow(arena, list->items, &list->capacity, sizeof *list->items);
    size_t at = list->n++;
    for (; at > 0 && sooner(&a, &list->items[at - 1]); at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = a;
}

/* ---- papers ---- */

static void set_paper_due(Paper *p)
{
    p->due = p->n_actions > 0 ? p->actions[0].due : DATE_NONE; /* most urgent first */
    for (size_t i = 0; i < p->n_actions; i++)
        p->due_uncertain = p->due_uncertain || p->actions[i].due_uncertain;
}

static void add_results(Papers *out, const Desk *desk, const ActionList *actions)
{
    const Centres *centres = reference_centres(desk->reference);
    for (size_t i = 0; i < desk->c->n_samples; i++) {
        const Centre *to = centre_find(centres, desk->c->samples[i].submitter);
        bool told = to == NULL;
        for (size_t j = 0; j < out->n; j++)
            told = told || out->items[j].to == to;
        if (told) continue;
        Paper *p = &out->items[out->n++];
        *p = (Paper){
            .kind = PAPER_RESULT, .to = to, .actions = actions->items, .n_actions = actions->n};
        set_paper_due(p);
    }
}

static bool before(const Centre *a, const Centre *b)
{
    return a->level != b->level ? a->level < b->level : strcmp(a->id, b->id) < 0;
}

/* The next destination after `last` in order of level and id; NULL = no more. */
static const Centre *next_destination(const ActionList *actions, const Centre *last)
{
    const Centre *next = NULL;
    for (size_t i = 0; i < actions->n; i++) {
        const Centre *to = actions->items[i].to;
        if ((last == NULL || before(last, to)) && (next == NULL || before(to, next))) next = to;
    }
    return next;
}

static void add_referral(Papers *out, const Desk *desk, const ActionList *actions, const Centre *to,
                         Arena *arena)
{
    ActionList mine = {0};
    const Sample *sample = desk->c->samples;
    for (size_t i = actions->n;
         i-- > 0;) /* ends with the most urgent: whose sample names the submitter */
        if (actions->items[i].to == to) sample = sample_of(desk->c, actions->items[i].finding);
    for (size_t i = 0; i < actions->n; i++)
        if (actions->items[i].to == to) insert(&mine, actions->items[i], arena);
    const Centre *submitter = centre_find(reference_centres(desk->reference), sample->submitter);
    Paper *p = &out->items[out->n++];
    *p = (Paper){.kind = PAPER_REFERRAL,
                 .to = to,
                 .copy_to = submitter == to ? NULL : submitter,
                 .actions = mine.items,
                 .n_actions = mine.n};
    set_paper_due(p);
}

static Status desk_open(Desk *desk, const Case *c, const Reference *reference, Note *why)
{
    *desk = (Desk){.c = c,
                   .reference = reference,
                   .rules = reference_rules(reference, "triage"),
                   .due = reference_table(reference, "due"),
                   .calendar = reference_table(reference, "calendar")};
    if (c != NULL) desk->today = date_of(c->now, c->offset_minutes);
    const char *absent = desk->rules == NULL ? "triage" : desk->due == NULL ? "due" : "calendar";
    if (desk->rules == NULL || desk->due == NULL || desk->calendar == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = absent}, NULL);
    return OK;
}

Status triage_case(Papers *out, const Case *c, const Findings *findings, const Reference *reference,
                   Arena *arena, Note *why)
{
    Desk desk;
    Status s = desk_open(&desk, c, reference, why);
    if (s != OK) return s;
    ActionList actions = {0};
    for (size_t i = 0; i < findings->n; i++) {
        Action a = action_of(&desk, &findings->items[i]);
        if (a.level != LEVEL_NONE) insert(&actions, a, arena);
    }
    *out = (Papers){.items = arena_alloc(arena, (c->n_samples + actions.n + 1) * sizeof(Paper))};
    add_results(out, &desk, &actions);
    for (const Centre *to = next_destination(&actions, NULL); to;
         to = next_destination(&actions, to))
        add_referral(out, &desk, &actions, to, arena);
    return OK;
}

Status triage_ready(const Reference *reference, Note *why)
{
    Desk desk;
    Status s = desk_open(&desk, NULL, reference, why);
    if (s != OK) return s;
    const Table *t = decide_table(desk.rules);
    int urgency = table_column(t, "out:urgency"), level = table_column(t, "out:level");
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *wanted = table_cell(t, r, urgency), *at = table_cell(t, r, level);
        if (strlen(at) != 1 || at[0] < '0' || at[0] > '3')
            return note_fail(why, BAD_INPUT, "triage.level",
                             (Place){t->info.path, t->lines[r], "out:level"}, NULL);
        if (table_find(desk.due, wanted) < 0)
            return note_fail(why, REFUSED, "due.absent",
                             (Place){.file = "due.tsv", .field = wanted}, NULL);
    }
    return OK;
}
