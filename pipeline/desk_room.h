/* desk_room - what the rooms of the desk share.
 *
 *     desk.c         roles, gates, policy, acts
 *     desk_issue.c   the files of a released paper: made, signed, written, recorded */
#ifndef SCREENLAB_DESK_ROOM_H
#define SCREENLAB_DESK_ROOM_H

#include "desk.h"

Status desk_refuse(const Draft *draft, const char *code, Note *why) MUST_USE;
ToldList desk_told(const Desk *desk, const Draft *draft);
Release desk_policy(const Desk *desk, const Draft *draft, const ToldList *told);
const char *desk_gate(const Desk *desk, const Draft *draft, const ToldList *told);
/* The act of the first person on this very version, signature checked; NULL = none. */
const Act *desk_reviewed(const Desk *desk, const Draft *draft, bool amends);
void desk_record(const Desk *desk, const Draft *draft, const char *actor, const char *action);

/* `approval` NULL: by policy. */
Status desk_issue(const Desk *desk, const Draft *draft, const ToldList *told, const Act *approval,
                  Note *why) MUST_USE;

#endif
