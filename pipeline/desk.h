/* desk - where a draft becomes a document that leaves: gates, policy, acts of persons, signature, files, rows.
 *
 *     Desk desk = {.reference = r, .ledger = l, .out = "out", .key = lab, .people = people, .now = now, .arena = a};
 *     if (desk_find(&draft, &desk, "RN2026000001-2", &why) != OK) ...
 *     s = desk_act(&desk, &draft, &person, &(Wish){"review", "routine", ""}, &why);       // person one
 *     s = desk_act(&desk, &draft, &other, &(Wish){"release", "routine", ""}, &why);       // person two: files stand in OUT/released
 *     s = desk_automatic(&released, &desk, "2026-11-23", &why);                           // what a row of release.tsv allows
 *
 * Everything that is refused comes back as a Note; nothing is written then but the row of the audit, which is the caller's. */
#ifndef SCREENLAB_DESK_H
#define SCREENLAB_DESK_H

#include "../lab/policy.h"
#include "people.h"
#include "person_key.h"
#include "sign.h"

typedef struct Desk {
    const Reference *reference;
    Ledger *ledger;
    const char *out;    /* files go to OUT/released */
    const SignKey *key; /* of the laboratory; NULL: nothing can be released */
    People *people;     /* NULL: referrals keep the pseudonym */
    Instant now;
    Arena *arena;
} Desk;

/* "RN2026000001-2" (its newest version) or "RN2026000001-2-v1". NOT_FOUND "release.paper". */
Status desk_find(Draft *out, const Desk *desk, const char *paper, Note *why) MUST_USE;

typedef struct Wish {
    const char *kind; /* "review" "amend" "release" "hold" "lift" "call" */
    const char
        *reason; /* code: wording row "amend.X" or "hold.X"; "routine" where none is asked for */
    const char *told; /* who answered a call: wording row "told.X" */
} Wish;

/* Checks the wish against roles, state and gates, signs it, carries it out; one transaction, audit included. */
Status desk_act(const Desk *desk, const Draft *draft, const PersonKey *person, const Wish *wish,
                Note *why) MUST_USE;

/* Releases the open drafts of a batch that policy lets go without a person. A draft whose gates are not open stays a draft. */
Status desk_automatic(size_t *released, const Desk *desk, const char *batch, Note *why) MUST_USE;

/* What stands between this draft and its release, as codes for a person to read: the code of a Note, or "" when only the two
 * persons are missing. *policy is what release.tsv asks for. */
const char *desk_state(Release *policy, const Desk *desk, const Draft *draft);

/* The text that a person signs. */
const char *desk_act_text(const Desk *desk, const Draft *draft, const Act *act);

/* Writes released files that are missing from OUT again; a file that is there but differs is `verify`'s to tell. Those of erased persons stay
 * away; those that name a person need desk->people. */
Status desk_restore(size_t *restored, const Desk *desk, Note *why) MUST_USE;

/* The bytes of a released file. NOT_FOUND "release.erased" when it names a person whose key is gone, or no store of
 * persons is open; LEDGER_FAILED when they are not those that were released. */
Status desk_issued_bytes(Content *out, const IssuedRow *row, People *people, Arena *arena,
                         Note *why) MUST_USE;

#endif
