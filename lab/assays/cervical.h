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
    TEST_TREATMENT, /* excision, ablation, hysterectomy: what was done, with its date */
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

/* Intervals that a sectioned guideline reckons with: rows of cervical/windows.tsv. */
typedef enum Window {
    WINDOW_SCREENING,     /* months that HPV and cytology results are looked back */
    WINDOW_BIOPSY,        /* months that histology is looked back */
    WINDOW_HPV_CHAIN,     /* months between one HPV test and the next that still belong together */
    WINDOW_REFERRAL,      /* months before a biopsy in which the referring test lies */
    WINDOW_PREGNANCY,     /* days that a declared pregnancy holds */
    WINDOW_PERSISTS_FROM, /* least months between two HPV tests that prove persistence */
    WINDOW_PERSISTS_TO,   /* most of them */
    WINDOWS
} Window;

/* One part of a guideline: a decision table whose inputs are named features of a woman's history
 * (cervical_feature.c), and where in the order of questions it stands. */
typedef struct Feature Feature;
typedef struct Section {
    const char *code, *library; /* "K1"; "special", "rare", "common", "screening" */
    const Rules *rules;         /* NULL: the risk tables */
    const Feature *features;    /* one an input */
} Section;

/* A row of cervical/types.tsv. */
typedef struct HpvType {
    const char *code, *item; /* "hpv.52", "HPV52" */
    Channel channel;         /* NONE: told, never counted */
    bool whole, required;    /* is the channel; is needed for a negative channel */
} HpvType;

/* A row of cervical/classes.tsv. `chart` is the word that a programme's chart knows it by, `risk`
 * the word of the risk tables; "" = these have no row for it. */
typedef struct ResultClass {
    const char *value, *detail, *chart, *risk;
    Test test;
    Answer answer;
    double rank;
    bool cin2plus;
} ResultClass;

enum { HPV_TYPES = 64, RESULT_CLASSES = 64 };

/* One policy of cervical/policies.tsv: a guideline, its tables, and the switches' options. */
typedef struct CervicalModel {
    bool refused; /* the policy is unknown, not implemented or names an option that is not */
    const char *policy, *guideline, *guideline_version;
    Instant cotest_seconds; /* HPV and cytology this close are one visit */
    const Rules *hpv_state, *special, *previous, *chart, *scope, *followup;
    Section *sections; /* of a guideline that is asked section by section; else chart and scope */
    size_t n_sections;
    const Table *risks;   /* cervical/asccp/risk */
    const Rules *actions; /* cervical/asccp/actions */
    int windows[WINDOWS]; /* by Window */
    const Table *types_table, *classes_table, *policies;
    HpvType types[HPV_TYPES];
    size_t n_types;
    ResultClass *classes;
    size_t n_classes;
} CervicalModel;

/* All policies of the release; which one judges a woman is her submitting centre's choice. */
typedef struct CervicalModels {
    const CervicalModel *items;
    size_t n;
    const CervicalModel *standing; /* site.tsv, cervical_policy; NULL = none of that name */
    const Table *chosen; /* cervical/centre_policy: centre, policy; NULL = no such table */
} CervicalModels;

Status cervical_prepare(const void **models, const Reference *reference, Arena *arena, Note *why);
/* The policy of a centre, else of the nearest one above it that has chosen, else the site's. */
const CervicalModel *cervical_policy(const CervicalModels *models, const Centres *centres,
                                     const char *centre);

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
    const ResultClass *classes[TESTS]; /* the most severe; NULL = not given */
    uint64_t seen[TESTS];              /* all of them, one bit a row of classes.tsv */
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
    bool cin2plus;        /* histology of CIN2 or worse, or a treatment, at any time */
    bool persistent;      /* the same genotype twice, at the interval that proves persistence */
} Past;

Past past_of(const Woman *woman, const Case *c, Arena *arena);
/* Her screens of other cases and of older rounds, newest first; *newer: one is newer than this
 * round. */
Screen *earlier_screens(size_t *n, bool *newer, const Case *c, const Woman *woman, Arena *arena);

/* What the guideline says, and on which row that rests. `recommendation` is the detail of the
 * finding. */
typedef struct Advice {
    const char *recommendation, *months;
    Answer answer;
    const Rules *rules;
    Decision decision;
    const char *rule;    /* the guideline's own number of the rule; "" = it has none */
    Date base;           /* the day from which `months` count; DATE_NONE = not reckoned */
    const char *section; /* Section.code */
    long risk;           /* row of CervicalModel.risks; -1 = none */
} Advice;

/* An answer's code as an answer. */
Answer cervical_answer(const char *code, Answer otherwise);

#endif
