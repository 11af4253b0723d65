#include "sample.h"

#include <string.h>

static const char *const subject_codes[] = {
    [SUBJECT_UNKNOWN] = "unknown", [SUBJECT_WOMAN] = "woman",     [SUBJECT_PARTNER] = "partner",
    [SUBJECT_FETUS_A] = "fetus_a", [SUBJECT_FETUS_B] = "fetus_b", [SUBJECT_NEWBORN] = "newborn",
};

static const char *const material_codes[] = {
    [MATERIAL_UNKNOWN] = "unknown",
    [MATERIAL_BLOOD] = "blood",
    [MATERIAL_SALIVA] = "saliva",
    [MATERIAL_CERVICAL] = "cervical_cells",
    [MATERIAL_SELF_SAMPLED] = "self_sampled",
    [MATERIAL_DRIED_SPOT] = "dried_blood_spot",
    [MATERIAL_SERUM] = "serum",
    [MATERIAL_PLASMA] = "maternal_plasma",
    [MATERIAL_VILLUS] = "chorionic_villus",
    [MATERIAL_AMNIOTIC] = "amniotic_fluid",
    [MATERIAL_CORD_BLOOD] = "cord_blood",
    [MATERIAL_CONCEPTION] = "products_of_conception",
};

static size_t find_code(const char *const *codes, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(codes[i], code) == 0) return i;
    return 0; /* the UNKNOWN value of both lists */
}

const char *subject_code(Subject subject)
{
    return subject_codes[subject];
}

Subject subject_parse(const char *code)
{
    return (Subject)find_code(subject_codes, sizeof subject_codes / sizeof *subject_codes, code);
}

const char *material_code(Material material)
{
    return material_codes[material];
}

Material material_parse(const char *code)
{
    return (Material)find_code(material_codes, sizeof material_codes / sizeof *material_codes,
                               code);
}
