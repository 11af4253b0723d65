/* disclose_room - what the rooms of disclosure share.
 *
 *     disclose.c         what stands: case, mother, requests, approvals; who may do what
 *     disclose_give.c    the file that was judged, its sample, the document
 *     disclose_read.c    the one place where a fetus's X is read */
#ifndef SCREENLAB_DISCLOSE_ROOM_H
#define SCREENLAB_DISCLOSE_ROOM_H

#include "disclose.h"

/* All that a step needs to know of one case and one condition; the same for a fetus of either sex. */
typedef struct Matter {
    const DisclosureDesk *desk;
    const DisclosureWish *wish;
    DisclosureLimits limits;
    DisclosureCondition condition;
    KnownList samples; /* of the case, all revisions */
    Verdict verdict;   /* the newest judgement */
    const Assay *assay;
    const char *mother; /* her sample */
    const char *row;    /* the variant that she carries */
    DisclosureActs acts;
    const DisclosureAct *request; /* open: signed, and within its time; NULL = none */
} Matter;

Status disclosure_refuse(const char *code, Note *why) MUST_USE;
/* The text that is signed for an act. */
const char *disclosure_text(const Matter *m, const DisclosureAct *act);
bool disclosure_act_holds(const Matter *m, const DisclosureAct *act);
/* Experts whose approval of the open request holds; `before` = id of the act before which they must stand, 0 = any. */
DisclosureExpert *disclosure_experts(size_t *n, const Matter *m, int64_t before);
/* A fetal sample of the case whose file could answer. */
bool disclosure_is_fetal(const Matter *m, const Known *known);
DisclosureAct disclosure_sign(const Matter *m, const PersonKey *person, const char *sample);
/* A row of the audit, and the act itself (NULL = it stands there already). */
void disclosure_record(const Matter *m, const DisclosureAct *act, const char *actor);

Status disclosure_give(const char **document, const Matter *m, const PersonKey *person,
                       Note *why) MUST_USE;

#endif
