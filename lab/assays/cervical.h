/* cervical - what the rooms of the cervical assay share. Only lab/assays/cervical*.c and their
 * test include it.
 *
 *     results of a sample -> Screen (cervical_screen.c)
 *     -> Round, this one and the earlier ones (cervical_round.c)
 *     -> the guideline's tables -> Findings (cervical.c) */
#ifndef SCREENLAB_CERVICAL_H
#define SCREENLAB_CERVICAL_H

#include "../case.h"
#include "../finding.h"
#include "../reference.h"

typedef enum Test {
    TEST_HPV,
    TEST_CYTOLOGY,
    TEST_VISUAL,
    TEST_COLPOSCOPY,
    TEST_HISTOLOGY,
    TESTS
} Test;

typedef enum Channel {
    CHANNEL_NONE,
    CHANNEL_16,
    CHANNEL_18,
    CHANNEL_OTHER,
    CHANNEL_POOLED,
    CHANNELS
} Channel;

/* A row of cervical/types.tsv. */
typedef struct HpvType {
    const char *code, *item; /* "hpv.52", "HPV52" */
    Channel channel;         /* NONE: told, never counted */
    bool whole, required;    /* is the channel; is needed for a negative channel */
} HpvType;

/* A row of cervical/classes.tsv. */
typedef struct ResultClass {
    const char *key, *value, *detail;
    Test test;
    Answer answer;
    double rank;
    bool cin2plus;
} ResultClass;

enum { HPV_TYPES = 64 };

typedef struct CervicalModel {
    bool refused; /* the policy is unknown, not implemented or names an option that is not */
    const char *policy, *guideline;
    Instant cotest_seconds; /* HPV and cytology this close are one visit */
    const Rules *hpv_state, *special, *previous, *chart, *scope, *followup;
    const Table *types_table, *classes_table, *policies;
    HpvType types[HPV_TYPES];
    size_t n_types;
    ResultClass *classes;
    size_t n_classes;
} CervicalModel;

Status cervical_prepare(const void **model, const Reference *reference, Arena *arena, Note *why);

/* The latest reading of one HPV code; a positive one is never replaced. */
typedef struct Reading {
    bool given, again; /* again: two readings without a result, one after the other */
    Answer answer;
    Instant time;
} Reading;

/* What one sample says, test by test. */
typedef struct Screen {
    const Sample *sample;
    bool usable;              /* its evidence could be read and holds a result of ours */
    bool unknown_value;       /* a coded value that no class has */
    Reading types[HPV_TYPES]; /* by CervicalModel.types */
    Decision hpv;             /* row of cervical/hpv_state */
    bool hpv_again;
    const ResultClass *classes[TESTS]; /* NULL = not given */
    const char *value[TESTS];          /* "" = not given; TEST_HPV: the state */
    Answer answer[TESTS];
} Screen;

void screen_read(Screen *out, const CervicalModel *model, const Sample *sample);

/* One round of screening: samples of one case, newest first, seen together. */
typedef struct Round {
    const char *value[TESTS]; /* "" = not given */
    Answer answer[TESTS];
    Instant time[TESTS];
    bool again[TESTS]; /* this one and the one before it gave no result */
} Round;

Round round_of(const Screen *screens, size_t n);
/* How many of the screens, newest first, make up the newest round. */
size_t round_length(const CervicalModel *model, const Screen *screens, size_t n);

/* One woman of a case. */
typedef struct Woman {
    const CervicalModel *model;
    const Screen *screens; /* of this case, newest first */
    size_t n, n_round;     /* at least 1; those of the newest round */
} Woman;

/* What is known of the woman beside this round. */
typedef struct Past {
    const char *previous; /* output of cervical/previous */
    bool newer;           /* a newer test than this round's newest exists */
    bool cin2plus;        /* histology of CIN2 or worse at any time */
} Past;

Past past_of(const Woman *woman, const Case *c, Arena *arena);

#endif
