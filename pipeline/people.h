/* people - names, phones and identity numbers, apart from everything else, and the only store that forgets.
 *
 *     People *people;
 *     Status s = people_open(&people, ledger, "people.key", &why);     // FILE.people beside the ledger
 *     if (people_find(&who, people, "P2026000001", arena)) ...         // false: nobody, or erased
 *     ledger_begin(ledger);
 *     people_put(people, "P2026000001", &who);
 *     s = ledger_commit(ledger, &why);
 *     people_close(people);
 *
 * Each person has a random key, which lies wrapped under the master key (32 bytes in a file that must not stand beside the ledger). What
 * is known of the person, and every released file that names the person, is encrypted under that key: erasing it erases both, and the
 * ledger and its chain stay as they are. */
#ifndef SCREENLAB_PEOPLE_H
#define SCREENLAB_PEOPLE_H

#include "../reports/issue.h"
#include "file.h"
#include "ledger.h"

typedef struct People People;

enum { PEOPLE_KEY = 32 };

/* LEDGER_FAILED "people.key": the file is no master key, or not that of this store. The first key that opens an empty store is its key. */
Status people_open(People **out, Ledger *ledger, const char *key_file, Note *why) MUST_USE;
void people_close(People *people); /* NULL is fine */

/* Inside a transaction of the ledger; faults stick there. */
void people_put(People *people, const char *person, const Addressee *who);
bool people_erase(People *people, const char *person); /* false: there was nothing to erase */
bool people_find(Addressee *out, People *people, const char *person, Arena *arena);
/* Wraps every person's key anew; afterwards the old master key opens nothing. Returns how many. */
int64_t people_rotate(People *people, const unsigned char master[PEOPLE_KEY]);
Status people_read_key(unsigned char master[PEOPLE_KEY], const char *path, Note *why) MUST_USE;

/* `bytes` under the person's key, for that file name; false when the person has none (never had, or erased). The same bytes and
 * name give the same result. */
bool people_seal(Content *out, People *people, const char *person, const char *name,
                 const Content *bytes, Arena *arena);
bool people_unseal(Content *out, People *people, const char *person, const char *name,
                   const Content *sealed, Arena *arena);

/* Whether some sample of that person is a newborn's. */
bool people_is_newborn(People *people, const char *person);

#endif
