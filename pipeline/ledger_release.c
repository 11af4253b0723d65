/* Which papers have left the draft. A release is a row that is never changed: what was sent stays sent, and what corrects it is a
 * new version of the paper with a release of its own. */
#include "ledger_sql.h"

bool ledger_released(Ledger *ledger, int64_t paper)
{
    Rows rows = sql_ask(ledger, GET_RELEASED, (const Cell[]){of_int(paper)}, 1);
    bool is = sql_next(&rows);
    sql_stop(&rows);
    return is;
}

void ledger_add_released(Ledger *ledger, int64_t paper, Instant time, const char *how)
{
    const Cell cells[] = {of_int(paper), of_int(time), of_text(how)};
    (void)sql_add(ledger, ADD_RELEASED, cells, sizeof cells / sizeof *cells);
}

PaperRows ledger_released_papers(Ledger *ledger, Arena *arena)
{
    PaperRows list = {0};
    size_t capacity = 0;
    Rows rows = sql_ask(ledger, GET_RELEASED_PAPERS, NULL, 0);
    while (sql_next(&rows)) {
        if (list.n == capacity)
            list.items = arena_grow(arena, list.items, &capacity, sizeof *list.items);
        list.items[list.n++] =
            (PaperRow){.id = sql_int(&rows, 0),
                       .kind = (PaperKind)sql_int(&rows, 1),
                       .name = sql_text(&rows, 2, arena),
                       .version = (int)sql_int(&rows, 3),
                       .centre = sql_text(&rows, 4, arena),
                       .copy_to = sql_text(&rows, 5, arena),
                       .replaces = (int)sql_int(&rows, 6),
                       .due = sql_is_null(&rows, 7) ? DATE_NONE : (Date)sql_int(&rows, 7)};
    }
    return list;
}
