/* telling - the findings that one paper tells, each with where and how it is told: worked out
 * once, then only read. */
#ifndef SCREENLAB_TELLING_H
#define SCREENLAB_TELLING_H

#include "page.h"

/* Who a section is about. */
typedef struct Group {
    Subject subject;
    bool fetal, whole_case;
} Group;

/* How findings of a code are listed: layout.tsv. */
typedef enum Listing { LIST_EACH, LIST_GROUPED, LIST_COUNTED, LIST_ENTRY } Listing;

/* Order of reading: conclusions, then the figures they rest on; what was not assessed comes last and has a section of its own. */
typedef enum Rank {
    RANK_FOUND,
    RANK_DOUBTFUL,
    RANK_REPEAT, /* invalid, failed, refused, missing */
    RANK_NEGATIVE,
    RANK_MEASURED,
    RANK_NOT_ASSESSED
} Rank;

typedef struct ToldOne {
    const Finding *f;
    const Sample *sample; /* NULL for a conclusion about the couple or the whole case */
    Group group;
    Listing listing;
    Rank rank;
    size_t leader; /* index of the first finding of its row; itself when it begins one */
    size_t block;  /* index of the first finding of the same group, sample and assay */
    size_t code;   /* index of the first finding of the same block and code */
} ToldOne;

typedef struct Telling {
    const Page *page;
    const PaperInput *input;
    ToldOne *items;
    size_t n;
} Telling;

/* Those that content_includes(), in their order. */
Telling telling_new(const Page *page, const PaperInput *input);

bool group_same(Group a, Group b);
const char *group_name(const Page *page, Group group);
/* The items of the row that `leader` begins, with their numbers, and how many they are. */
const char *telling_items(const Telling *told, size_t leader, size_t *count);

#endif
