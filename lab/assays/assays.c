#include "assay.h"

#include <string.h>

/* THE TABLE: a new assay is one row here and one file beside this one. Order = order of findings in reports. */
#define ASSAYS(ROW)                                                                                \
    ROW(carrier)                                                                                   \
    ROW(cervical) ROW(serum) ROW(newborn) ROW(nipt) ROW(qfpcr) ROW(mlpa) ROW(fmr1) ROW(sanger)

#define DECLARE(name) extern const Assay assay_##name;
#define ENTRY(name)   &assay_##name,

ASSAYS(DECLARE)

const Assay *const assays[] = {ASSAYS(ENTRY) NULL};

const Assay *assay_find(const char *code)
{
    for (size_t i = 0; assays[i] != NULL; i++)
        if (strcmp(assays[i]->code, code) == 0) return assays[i];
    return NULL;
}
