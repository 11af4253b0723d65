/* What the indicators ask of the ledger: five questions over all cases, each answered once from beginning to end. A case that is asked for is found by
 * its id in a sorted list, so that the cost grows with the ledger and not with its square. */
#include "exhausted.h"
#include "ledger_care.h"
#include "ledger_sql.h"

#include <stdlib.h>
#include <string.h>

PeriodCases ledger_period_cases(Ledger *ledger, Instant from, Instant until, Arena *arena)
{
    PeriodCases list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_PERIOD_CASES, (const Cell[]){of_int(from), of_int(until)}, 2);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] = (PeriodCase){.case_id = sql_text(&rows, 0, arena),
                                            .collected = sql_int(&rows, 1),
                                            .submitter = sql_text(&rows, 2, arena),
                                            .born = DATE_NONE,
                                            .sent = INSTANT_NONE};
    }
    return list;
}

static int by_case(const void *key, const void *item)
{
    return strcmp(key, ((const PeriodCase *)item)->case_id);
}

static PeriodCase *find(const PeriodCases *cases, const char *case_id)
{
    return cases->n == 0 ? NULL
                         : bsearch(case_id, cases->items, cases->n, sizeof *cases->items, by_case);
}

typedef void Take(PeriodCase *c, const Rows *rows, Arena *arena, const CaseListener *to);

static void each(Ledger *ledger, Sql sql, const PeriodCases *cases, Take *take,
                 const CaseListener *to)
{
    Arena *arena = arena_new(exhausted);
    Rows rows = sql_ask(ledger, sql, NULL, 0);
    while (sql_next(&rows)) {
        arena_reset(arena);
        PeriodCase *c = find(cases, sql_text(&rows, 0, arena));
        if (c != NULL) take(c, &rows, arena, to);
    }
    arena_free(arena);
}

static void take_sample(PeriodCase *c, const Rows *rows, Arena *arena, const CaseListener *to)
{
    const TagEvent event = {.source = TAG_SAMPLE, .code = sql_text(rows, 1, arena)};
    to->hear(c, &event, to->context);
}

static void take_finding(PeriodCase *c, const Rows *rows, Arena *arena, const CaseListener *to)
{
    const TagEvent event = {.source = TAG_FINDING,
                            .code = sql_text(rows, 1, arena),
                            .item = sql_text(rows, 2, arena),
                            .answer = (Answer)sql_int(rows, 3),
                            .value = sql_text(rows, 4, arena)};
    to->hear(c, &event, to->context);
}

static void take_step(PeriodCase *c, const Rows *rows, Arena *arena, const CaseListener *to)
{
    const TagEvent step = {.source = TAG_STEP, .code = "", .value = sql_text(rows, 1, arena)};
    const TagEvent outcome = {
        .source = TAG_OUTCOME, .code = sql_text(rows, 2, arena), .value = sql_text(rows, 3, arena)};
    to->hear(c, &step, to->context);
    if (outcome.code[0] != '\0') to->hear(c, &outcome, to->context);
}

static void take_birth(PeriodCase *c, const Rows *rows, Arena *arena, const CaseListener *to)
{
    (void)to;
    (void)date_parse(&c->born, sql_text(rows, 1, arena)); /* the newest is read last */
}

static void take_sending(PeriodCase *c, const Rows *rows, Arena *arena, const CaseListener *to)
{
    (void)arena;
    (void)to;
    c->sent = sql_int(rows, 1);
}

void ledger_hear_cases(Ledger *ledger, const PeriodCases *cases, const CaseListener *to)
{
    static const struct {
        Sql sql;
        Take *take;
    } questions[] = {{GET_CASE_ASSAYS, take_sample},
                     {GET_CASE_FINDINGS, take_finding},
                     {GET_CASE_STEPS, take_step},
                     {GET_CASE_BIRTHS, take_birth},
                     {GET_CASE_SENDINGS, take_sending}};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        each(ledger, questions[i].sql, cases, questions[i].take, to);
}
