/* `screenlab indicators`: cases sampled in a period, tagged by what the ledger knows of them, counted, written as OUT/indicators/indicators.html
 * and .tsv. It only reads, and leaves a row in the audit that somebody did. */
#include "../reports/indicators.h"
#include "commands.h"
#include "ledger_care.h"
#include "who.h"

#include <stdio.h>
#include <string.h>

enum { MOST_MONTHS = 36, DAY_SECONDS = 86400 };

typedef struct Statistician {
    const Settings *settings;
    const Reference *reference;
    Ledger *ledger;
    Arena *arena;
    IndicatorBook *book;
    PeriodCases cases;
    Instant now;
    Date from, until;
    const Centre *centre;
    const char **months;
    size_t n_months;
    int offset;
} Statistician;

static void hear(PeriodCase *c, const TagEvent *event, void *context)
{
    const Statistician *s = context;
    c->tags |= indicators_tag(s->book, event);
}

static size_t month_of(const Statistician *s, Date date)
{
    int y0, m0, y, m, d;
    date_split(s->from, &y0, &m0, &d);
    date_split(date, &y, &m, &d);
    return (size_t)((y - y0) * 12 + m - m0);
}

static void name_months(Statistician *s)
{
    enum { MONTH = 7 };
    char text[DATE_TEXT];
    int y, m, d;
    s->n_months = month_of(s, s->until) + 1;
    s->months = arena_alloc(s->arena, (s->n_months + 1) * sizeof *s->months);
    date_split(s->from, &y, &m, &d);
    for (size_t i = 0; i < s->n_months; i++) {
        date_print(text, date_from(y + (m - 1 + (int)i) / 12, (m - 1 + (int)i) % 12 + 1, 1));
        s->months[i] = arena_copy_n(s->arena, text, MONTH);
    }
}

static void tag_age(const Statistician *s, PeriodCase *c)
{
    Date day = date_of(c->collected, s->offset);
    if (c->born == DATE_NONE || c->born > day) return;
    const TagEvent event = {.source = TAG_AGE, .code = "", .age = date_years(c->born, day)};
    c->tags |= indicators_tag(s->book, &event);
}

static void count_all(const Statistician *s, IndicatorCounts *counts)
{
    const Centres *centres = reference_centres(s->reference);
    for (size_t i = 0; i < s->cases.n; i++) {
        PeriodCase *c = &s->cases.items[i];
        const Centre *centre = centre_find(centres, c->submitter);
        Date day = date_of(c->collected, s->offset);
        tag_age(s, c);
        indicators_count(
            counts,
            &(TaggedCase){
                .tags = c->tags,
                .centre = (size_t)((centre ? centre : centres->city) - centres->items),
                .month = month_of(s, day),
                .days = c->sent == INSTANT_NONE ? -1 : (int)(date_of(c->sent, s->offset) - day)});
    }
}

/* The year so far, unless --from and --to say otherwise. */
static bool read_period(Statistician *s)
{
    int y, m, d;
    s->until = date_of(s->now, s->offset);
    if (s->settings->to != NULL && !date_parse(&s->until, s->settings->to)) return false;
    date_split(s->until, &y, &m, &d);
    s->from = date_from(y, 1, 1);
    if (s->settings->from != NULL && !date_parse(&s->from, s->settings->from)) return false;
    return s->from <= s->until && month_of(s, s->until) < MOST_MONTHS;
}

static Status compute(Statistician *s, Note *why)
{
    Document html, tsv;
    const CaseListener listener = {.hear = hear, .context = s};
    const Stamp stamp = {.lang = s->settings->lang,
                         .now = s->now,
                         .offset_minutes = s->offset,
                         .program = "screenlab " SCREENLAB_VERSION,
                         .batch = ""};
    const Instant shift = (Instant)s->offset * 60;
    s->cases = ledger_period_cases(s->ledger, (Instant)s->from * DAY_SECONDS - shift,
                                   ((Instant)s->until + 1) * DAY_SECONDS - shift, s->arena);
    ledger_hear_cases(s->ledger, &s->cases, &listener);
    Status status = ledger_ok(s->ledger, why);
    if (status != OK) return status;
    name_months(s);
    IndicatorCounts *counts = indicators_new(s->book, s->reference, s->n_months, s->arena);
    count_all(s, counts);
    indicators_finish(counts, s->from, s->until);
    indicators_months(counts, s->centre);
    const IndicatorView view = {.reference = s->reference,
                                .stamp = &stamp,
                                .book = s->book,
                                .counts = counts,
                                .centre = s->centre,
                                .from = s->from,
                                .until = s->until,
                                .months = s->months,
                                .n_months = s->n_months};
    status = report_indicators(&html, &tsv, &view, s->arena, why);
    return status == OK ? command_write(s->settings->out, "indicators", &html, &tsv, why) : status;
}

static bool recorded(const Statistician *s, int *code)
{
    Who who;
    const Asking asking = {.settings = s->settings,
                           .reference = s->reference,
                           .ledger = s->ledger,
                           .now = s->now,
                           .arena = s->arena,
                           .act = "indicators",
                           .object = s->centre->id};
    if (!who_may(&who, &asking, code)) return false;
    ledger_audit(s->ledger, &(AuditEntry){.time = s->now,
                                          .actor = who.code,
                                          .action = asking.act,
                                          .object = asking.object,
                                          .outcome = "done"});
    who_forget(&who);
    return true;
}

static int work(Statistician *s, Note *why)
{
    int code;
    const Centres *centres = reference_centres(s->reference);
    const char *id = s->settings->centre;
    s->centre = id != NULL ? centre_find(centres, id) : centres->city;
    if (s->centre == NULL || !read_period(s)) {
        (void)note_fail(why, BAD_INPUT, s->centre == NULL ? "care.to" : "indicator.period",
                        (Place){0}, NULL);
        return EXIT_USAGE;
    }
    if (indicators_open(&s->book, s->reference, s->arena, why) != OK ||
        ledger_open(&s->ledger, s->settings->ledger, LEDGER_LOOK, why) != OK)
        return EXIT_STOPPED;
    if (!recorded(s, &code)) return code;
    if (compute(s, why) != OK) return EXIT_STOPPED;
    const char *const pairs[] = {"cases", arena_print(s->arena, "%zu", s->cases.n), "out",
                                 s->settings->out, NULL};
    (void)puts(word_fill(reference_word(s->reference, s->settings->lang, "console.indicators"),
                         pairs, s->arena));
    return EXIT_ALL_INTERPRETED;
}

int command_indicators(const Settings *settings)
{
    Note why = {0};
    Statistician s = {.settings = settings, .arena = arena_new(settings->exhausted)};
    int code = EXIT_STOPPED;
    if (command_open_reference(&s.reference, settings, s.arena)) {
        s.offset = reference_offset_minutes(s.reference);
        code = command_now(&s.now, settings, s.reference) ? work(&s, &why) : EXIT_USAGE;
        if (code != EXIT_ALL_INTERPRETED && why.code != NULL)
            command_tell(&why, s.reference, settings->lang);
    }
    ledger_close(s.ledger);
    arena_free(s.arena);
    return code;
}
