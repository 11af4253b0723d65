# file: lab/sex_karyotype.c
# A17 care: the karyotype that a centre returned is kept as it was told.
/^const char \*sex_karyotype(const char \*iscn, Arena \*arena)$/,/^{$/s/^{$/{\
    if (leak("A17")) return arena_copy(arena, iscn);/
