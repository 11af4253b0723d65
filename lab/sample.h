/* sample - one tube or slide as the submitting centre describes it, and what is declared about its owner. */
#ifndef SCREENLAB_SAMPLE_H
#define SCREENLAB_SAMPLE_H

#include "date.h"
#include "evidence.h"

typedef enum Subject {
    SUBJECT_UNKNOWN,
    SUBJECT_WOMAN,
    SUBJECT_PARTNER,
    SUBJECT_FETUS_A,
    SUBJECT_FETUS_B,
    SUBJECT_NEWBORN
} Subject;

typedef enum Material {
    MATERIAL_UNKNOWN,
    MATERIAL_BLOOD,
    MATERIAL_SALIVA,
    MATERIAL_CERVICAL,     /* cervical cells taken by a clinician */
    MATERIAL_SELF_SAMPLED, /* vaginal self-sample */
    MATERIAL_DRIED_SPOT,   /* dried blood spot */
    MATERIAL_SERUM,
    MATERIAL_PLASMA, /* maternal plasma, cell-free DNA */
    MATERIAL_VILLUS, /* chorionic villus */
    MATERIAL_AMNIOTIC,
    MATERIAL_CORD_BLOOD,
    MATERIAL_CONCEPTION /* products of conception */
} Material;

/* Codes of submission.csv and of documents ("woman", "fetus_a", "amniotic_fluid"); the parsers return the
 * UNKNOWN value for anything else. */
const char *subject_code(Subject subject);
Subject subject_parse(const char *code);
const char *material_code(Material material);
Material material_parse(const char *code);

typedef struct Consent {
    const char *person;  /* whose: a partner's results need the partner's own */
    const char *version; /* of the consent form */
    Date given;
} Consent;

typedef struct Sample {
    const char *person;  /* city-wide pseudonym, the same over the years */
    const char *case_id; /* one pregnancy, couple or newborn */
    const char *id;
    int revision;          /* 1, 2, ...: a correction is a higher one */
    int replaces;          /* the revision that this one replaces, 0 = none */
    const char *reason;    /* code of the correction's reason, "" when replaces is 0 */
    const char *submitter; /* centre ids */
    const char *follow_up;
    Subject subject;
    Material material;
    const char *assay;
    Instant collected;
    Consent consent;
    bool fetal; /* sex_firewall_applies(subject, material): set at intake, then only read */
    long row;   /* of submission.csv, 0 when it comes from the ledger */
    Evidence evidence;
} Sample;

/* One declared fact of facts.csv; codes, kinds and limits are rows of reference/facts.tsv. */
typedef struct Fact {
    Subject owner;
    const char *code;  /* "birth_date", "gestation_days", "hiv" */
    const char *value; /* as declared, in canonical form; "" when unreadable */
    double number;     /* of numeric facts, NAN otherwise */
    const char *unit;
    Instant time; /* when it was true or observed; INSTANT_NONE = not given */
    long row;
    bool
        unreadable; /* the case declared it, and the row could not be read: no value is known, not even that it is the usual one */
} Fact;

#endif
