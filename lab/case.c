#include "case.h"

#include <string.h>

bool case_fact_unreadable(const Case *c, Subject owner, const char *code)
{
    bool unreadable = false;
    for (size_t i = 0; i < c->n_facts; i++)
        if (c->facts[i].owner == owner && strcmp(c->facts[i].code, code) == 0)
            unreadable = c->facts[i].unreadable; /* a later good row lifts it */
    return unreadable;
}

const Fact *case_fact(const Case *c, Subject owner, const char *code)
{
    const Fact *newest = NULL;
    if (case_fact_unreadable(c, owner, code)) return NULL;
    for (size_t i = 0; i < c->n_facts; i++) {
        const Fact *f = &c->facts[i];
        if (f->unreadable || f->owner != owner || strcmp(f->code, code) != 0) continue;
        /* Of two facts of one time the later row wins: a centre corrects by adding a row. */
        if (newest == NULL || f->time >= newest->time) newest = f;
    }
    return newest;
}
