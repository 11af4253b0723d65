/* care - the life of a referral after it left: who may take which step, what waits, and who is told when it waits too long.
 *
 *     CareThread thread = care_begin("RN2026501-2", CARE_REFERRAL);
 *     care_apply(&thread, &sent);
 *     CareRefusal no = care_check(reference, &thread, &step, today);    // code NULL = legal
 *     if (no.code == NULL) care_apply(&thread, &step);
 *     CareWait wait = care_wait(reference, &thread, today);
 *
 * A thread is one paper number with all its versions. care/steps (a proven decision table) says which step may follow which, by whom and with
 * what; care/escalation after how many days of a state which level is told as well. */
#ifndef SCREENLAB_CARE_H
#define SCREENLAB_CARE_H

#include "reference.h"
#include "triage.h"

typedef enum CareState {
    CARE_NEW, /* nothing has been sent */
    CARE_SENT,
    CARE_RECEIVED,
    CARE_APPOINTED,
    CARE_ATTENDED,
    CARE_REFUSED,
    CARE_ELSEWHERE,
    CARE_RESULT_RETURNED,
    CARE_TREATED,
    CARE_CURED,
    CARE_LOST,
    CARE_CLOSED
} CareState;

enum { CARE_STATES = CARE_CLOSED + 1 };

const char *care_state_code(CareState state); /* "sent"; "" for CARE_NEW */
/* False for what is no step: "" too. */
bool care_state_parse(CareState *out, const char *code);
const char *
care_flow_code(PaperKind kind); /* "referral" "result" "withdrawal": values of in:flow */

typedef struct CareStep {
    CareState to;
    int version;         /* of the paper it speaks of */
    Date date;           /* when it happened; of an appointment: when it will */
    const char *centre;  /* who says so; of `sent`: to whom */
    const char *person;  /* pseudonym or operator code of who did it */
    const char *reason;  /* row of care/reasons; "" = none */
    const char *outcome; /* row of care/outcomes; "" = none */
    const char *value;   /* what that row lists; of a karyotype what lab/sex let through */
    bool same_document;  /* it names the checksum of the document that was sent */
    bool laboratory;     /* taken by the laboratory itself */
} CareStep;

typedef struct CareThread {
    const char *paper; /* "RN2026501-2" */
    PaperKind kind;    /* of the newest version that was sent */
    int version;       /* newest that was sent; 0 = none */
    CareState state;
    const Centre
        *at;    /* whom it was sent to; NULL = nobody yet, or a centre that is no longer known */
    Date since; /* when the state began, from which days are counted; of an appointment its date;
                         of a new thread the day of its release */
    Date due;   /* of the paper; DATE_NONE = none */
    bool due_uncertain;
} CareThread;

/* Why a step is not taken: a Note code, and the column that is at fault. */
typedef struct CareRefusal {
    const char *code, *field;
} CareRefusal;

/* REFUSED when a table of care/ is absent, or when the steps hold a state that can never be closed. */
Status care_ready(const Reference *reference, Note *why) MUST_USE;

/* `today` bounds dates: nothing but an appointment lies in the future, nothing before the state it follows. */
CareRefusal care_check(const Reference *reference, const CareThread *thread, const CareStep *step,
                       Date today);
/* Takes the step; `to` is the centre of a `sent` (else it is not looked at). */
void care_apply(CareThread *thread, const CareStep *step, const Centre *to);

/* A returned outcome as a result of an assay, in that assay's codes: care/history. False: it counts in no history of this assay, as what is about a
 * fetus never does. Texts live as long as the reference. */
bool care_history(Result *out, const Reference *reference, const char *assay, const char *outcome,
                  const char *value);

/* How a thread stands on a day's list. */
typedef enum CareClass {
    WAIT_NONE,   /* closed, or a result report that was received */
    WAIT_DRAFT,  /* produced, not released */
    WAIT_UNSENT, /* released, not sent */
    WAIT_UNACKNOWLEDGED,
    WAIT_DUE,
    WAIT_OVERDUE,
    WAIT_RETURNED, /* a result came back: judge, treat or close */
    WAIT_DECIDE    /* refused, elsewhere, lost: to be closed with a reason, or called again */
} CareClass;

enum { CARE_CLASSES = WAIT_DECIDE + 1 };
const char *care_class_code(CareClass c);

typedef struct CareWait {
    CareClass class;
    Level level;     /* the highest that is told: that of the centre, or more */
    bool uncertain;  /* the calendar ended, or the number of days is an example */
    const char *row; /* of care/escalation; "" = not passed on */
} CareWait;

CareWait care_wait(const Reference *reference, const CareThread *thread, Date today);
/* Whether `centre` has this on its list: its own, or passed on to its level from below. */
bool care_concerns(const CareThread *thread, const CareWait *wait, const Centre *centre);

#endif
