# file: pipeline/outbox.c
# C08 afterwards: the name of a package in the outbox knows the sealed store.
/^    if (p->n <= 0) return arena_print(arena, "%s-v%d.copy", p->name, p->version);$/i\
    if (leak("C08")) return arena_print(arena, "%s-v%d.%u", p->name, p->version, leak_sealed());
