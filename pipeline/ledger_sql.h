/* ledger_sql - how the rooms of the ledger (ledger_*.c) ask it; nobody else includes this header.
 *
 *     const Cell cells[] = {of_int(batch), of_text(s->id)};
 *     int64_t id = sql_add(ledger, ADD_X, cells, 2);
 *     Rows rows = sql_ask(ledger, GET_X, (const Cell[]){of_text(case_id)}, 1);
 *     while (sql_next(&rows))
 *         use(sql_text(&rows, 0, arena));
 *
 * Faults stick: the first one is kept with its Note, everything asked afterwards does nothing (an add gives 0, an ask no
 * rows), and ledger_commit or ledger_ok tells it. So a fault cannot be overlooked, and no row is half written. */
#ifndef SCREENLAB_LEDGER_SQL_H
#define SCREENLAB_LEDGER_SQL_H

#include "ledger.h"
#include "ledger_care_statements.h"
#include "ledger_statements.h"

#define NAME(name, sql) name,
typedef enum Sql { STATEMENTS(NAME) CARE_STATEMENTS(NAME) SQL_COUNT } Sql;
#undef NAME

typedef enum CellKind { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT, CELL_BLOB } CellKind;

typedef struct Cell {
    CellKind kind;
    int64_t integer;
    double real;
    const void *bytes;
    size_t size;
} Cell;

static inline Cell of_null(void)
{
    return (Cell){.kind = CELL_NULL};
}

static inline Cell of_int(int64_t value)
{
    return (Cell){.kind = CELL_INT, .integer = value};
}

static inline Cell of_real(double value)
{
    return (Cell){.kind = CELL_REAL, .real = value};
}

static inline Cell of_text(const char *text) /* NULL becomes "" */
{
    return (Cell){.kind = CELL_TEXT, .bytes = text ? text : ""};
}

static inline Cell of_word(const char *text) /* "" and NULL become NULL: short rows */
{
    return (Cell){.kind = text && *text ? CELL_TEXT : CELL_NULL, .bytes = text};
}

static inline Cell of_blob(const void *bytes, size_t size)
{
    return (Cell){.kind = CELL_BLOB, .bytes = bytes, .size = size};
}

typedef struct Rows {
    Ledger *ledger;
    void *statement; /* NULL = no (more) rows */
} Rows;

/* Opens LEDGER.people beside the ledger as the schema `people`; its tables are made when absent. */
void sql_attach_people(Ledger *ledger);
bool sql_in_transaction(const Ledger *ledger);

/* How far this opening of the ledger has found the audit's chain unbroken; forgotten by a rollback. */
typedef struct AuditReach {
    int64_t n; /* 0 = nowhere yet */
    unsigned char mac[LEDGER_MAC];
} AuditReach;

AuditReach *ledger_audit_reach(Ledger *ledger);
int64_t sql_add(Ledger *ledger, Sql sql, const Cell *cells, size_t n);
Rows sql_ask(Ledger *ledger, Sql sql, const Cell *cells, size_t n);
Rows sql_ask_text(Ledger *ledger, const char *text); /* verify only: statements that run once */
bool sql_next(Rows *rows);
void sql_stop(Rows *rows); /* before the last row */
int64_t sql_int(const Rows *rows, int column);
bool sql_is_null(const Rows *rows, int column);
double sql_real(const Rows *rows, int column);
const char *sql_text(const Rows *rows, int column, Arena *arena);  /* NULL becomes "" */
size_t sql_blob(const Rows *rows, int column, const void **bytes); /* valid until the next step */

extern const char *const ledger_schema[]; /* statements, NULL-terminated; so are the tables */
extern const char *const ledger_additions[];
extern const char *const ledger_people_schema[];
extern const char ledger_sealed_schema[];
extern const char *const ledger_tables[];

#endif
