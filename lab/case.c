#include "case.h"

#include <string.h>

const Fact *case_fact(const Case *c, Subject owner, const char *code)
{
    const Fact *newest = NULL;
    for (size_t i = 0; i < c->n_facts; i++) {
        const Fact *f = &c->facts[i];
        if (f->owner != owner || strcmp(f->code, code) != 0) continue;
        /* Of two facts of one time the later row wins: a centre corrects by adding a row. */
        if (newest == NULL || f->time >= newest->time) newest = f;
    }
    return newest;
}
