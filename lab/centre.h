/* centre - the care network: centres, their level, parent, capabilities and the dates these hold. */
#ifndef SCREENLAB_CENTRE_H
#define SCREENLAB_CENTRE_H

#include "date.h"
#include "table.h"

typedef enum Level { LEVEL_NONE, LEVEL_TOWNSHIP, LEVEL_DISTRICT, LEVEL_CITY } Level;

typedef struct Centre {
    const char *
        id; /* GB/T 2260 code of a district, longer for a township, "CITY"-level code for the city */
    Level level;
    const struct Centre *parent; /* NULL for the city centre */
    const char *capabilities;    /* "colposcopy prenatal_diagnosis", space separated */
    Date from, until;            /* valid dates, inclusive; DATE_NONE = open */
    const char *zh, *en;
    bool example;
} Centre;

typedef struct Centres {
    const Centre *items;
    size_t n;
    const Centre *city;
} Centres;

/* From centres.tsv (id level parent capabilities valid_from valid_until zh en). BAD_INPUT: unknown parent, a cycle, a parent of
 * the same or a lower level, not exactly one city. */
Status centres_parse(Centres **out, const Table *table, Arena *arena, Note *why) MUST_USE;
const Centre *centre_find(const Centres *centres, const char *id); /* NULL = unknown */
bool centre_valid(const Centre *centre, Date on);
bool centre_can(const Centre *centre, const char *capability,
                Date on); /* capability "" = any valid centre */
/* Nearest of `from` and its ancestors that has at least that level and the capability on that date; else the city. */
const Centre *centre_destination(const Centres *centres, const Centre *from, Level level,
                                 const char *capability, Date on);

#endif
