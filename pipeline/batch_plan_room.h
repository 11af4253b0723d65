/* batch_plan_room - what the files of the plan share. Private to batch_plan*.c. */
#ifndef SCREENLAB_BATCH_PLAN_ROOM_H
#define SCREENLAB_BATCH_PLAN_ROOM_H

#include "batch_room.h"

typedef struct Planner {
    Run *run;
    Plan *plan;
    Index *tube_index, *visit_index;
    Tube **tubes;
    size_t n_tubes, tube_capacity, visit_capacity, sample_capacity, piece_capacity, reject_capacity;
    bool any_unmatched;
    Arena *scratch; /* emptied after every row */
} Planner;

/* `items` with room for one more than `n`. */
void *planner_push(Planner *p, void *items, size_t n, size_t *capacity, size_t size);
void planner_reject(Planner *p, const Rejected *r);
/* The visit of that case, added to the plan when it is not there. */
Visit *planner_touch(Planner *p, const char *case_id);
/* What ledger and batch know of that sample id. */
Tube *planner_tube(Planner *p, const char *id);
/* Added by this very run, or by the killed run that it continues. */
bool run_is_of(const Run *run, int64_t batch);

void plan_results(Planner *p);

/* batch_plan_files.c: files that stand under two women. */
/* One a row of Intake.results: its file stands under another person's sample in this very batch. */
bool *plan_shared_rows(Planner *p);
/* The sample of another person under which that file stands in the ledger and was used; NULL = none. */
const Sample *plan_stands_elsewhere(const Planner *p, const Tube *tube, const RawFile *file);
/* Of a file's content, and of the column that is read. */
void plan_digest_content(unsigned char digest[LEDGER_MAC], const Run *run, const Tube *tube,
                         const ResultRow *row);

#endif
