/* `screenlab audit`: the chain checked row by row, the signatures of all acts, and the anchor to keep elsewhere.
 *
 * An anchor is one line, "screenlab anchor 1 COUNT TIME MAC". Whoever can write the ledger and has its key can also write a new
 * chain; the anchor that lies at the district, or was printed, cannot be made to fit it. So the command prints one every time, and
 * --anchor FILE checks every anchor of that file. A break that two persons have looked into (`audit-accept`) is told for ever, but is
 * no alarm any more. */
#include "command_desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void line(const DeskRoom *room, const char *what, int64_t n, bool counts)
{
    const char *words = reference_word(room->reference, room->settings->lang,
                                       arena_print(room->arena, "audit.%s", what));
    const char *verdict = counts ? ""
                                 : reference_word(room->reference, room->settings->lang,
                                                  n == 0 ? "verify.ok" : "verify.wrong");
    (void)printf("%10" PRId64 "  %s%s%s\n", n, words, counts ? "" : ": ", verdict);
}

/* Acts whose signature does not fit what the ledger says of them. */
static int64_t false_acts(const DeskRoom *room, int64_t *total)
{
    int64_t wrong = 0;
    Arena *scratch = arena_new(room->settings->exhausted);
    PaperNames papers = ledger_acted(room->ledger, room->arena);
    Desk desk = room->desk;
    desk.arena = scratch;
    for (size_t i = 0; i < papers.n; i++) {
        Draft draft;
        arena_reset(scratch);
        if (!ledger_draft(&draft, room->ledger, papers.items[i].name, papers.items[i].version,
                          scratch))
            continue;
        Acts acts = ledger_acts(room->ledger, draft.row.id, scratch);
        for (size_t k = 0; k < acts.n; k++, ++*total)
            wrong += person_signature_ok(acts.items[k].signature, acts.items[k].key,
                                         desk_act_text(&desk, &draft, &acts.items[k]))
                         ? 0
                         : 1;
    }
    arena_free(scratch);
    return wrong;
}

static const char anchor_word[] = "screenlab anchor 1 ";

static bool parse_anchor(Anchor *out, const char *text)
{
    char *end;
    *out = (Anchor){.count = strtoll(text, &end, 10)};
    if (end == text || *end != ' ' || out->count < 0) return false;
    out->time = strtoll(end + 1, &end, 10);
    if (*end != ' ') return false;
    size_t n = strspn(end + 1, "0123456789abcdef");
    if (n != sizeof out->mac - 1) return false;
    memcpy(out->mac, end + 1, n);
    return true;
}

/* How many anchors the file holds, and how many of them the chain does not; *held 0 = the file holds none. */
static int64_t check_anchors(const DeskRoom *room, const char *text, int64_t *found)
{
    int64_t broken = 0;
    for (const char *at = text; (at = strstr(at, anchor_word)) != NULL;) {
        Anchor anchor;
        at += sizeof anchor_word - 1;
        ++*found;
        if (!parse_anchor(&anchor, at) || !ledger_audit_holds(room->ledger, &anchor)) broken++;
    }
    return broken;
}

static bool anchors_hold(const DeskRoom *room)
{
    enum { CEILING = 16 * 1024 * 1024 };
    Content content;
    Note why;
    int64_t found = 0;
    if (room->settings->anchor == NULL) return true;
    Status s = file_load(&content, room->settings->anchor, CEILING, room->arena, &why);
    int64_t broken = s == OK ? check_anchors(room, content.bytes, &found) : 0;
    if (s == OK && found == 0) s = note_fail(&why, BAD_INPUT, "audit.no_anchor", (Place){0}, NULL);
    if (s != OK) {
        command_tell(&why, room->reference, room->settings->lang);
        return false;
    }
    line(room, "anchors", found, true);
    line(room, "anchors_broken", broken, false);
    return broken == 0;
}

/* Each break with who has looked into it, so that nobody has to search for the row. */
static void tell_break(const DeskRoom *room, const AuditBreak *b)
{
    const Settings *s = room->settings;
    const int n = b->accepted[0] == NULL ? 0 : b->accepted[1] == NULL ? 1 : 2;
    const char *const pairs[] = {"row",     arena_print(room->arena, "%" PRId64, b->n),
                                 "missing", arena_print(room->arena, "%" PRId64, b->missing),
                                 "first",   n > 0 ? b->accepted[0] : "",
                                 "second",  n > 1 ? b->accepted[1] : "",
                                 NULL};
    const char *const codes[] = {b->missing > 0 ? "audit.break_gap" : "audit.break_changed",
                                 arena_print(room->arena, "audit.break_accepted_%d", n)};
    for (int i = 0; i < 2; i++)
        (void)printf(
            "%s%s", i == 0 ? "            " : "; ",
            word_fill(reference_word(room->reference, s->lang, codes[i]), pairs, room->arena));
    (void)putchar('\n');
}

static void tell_breaks(const DeskRoom *room, const AuditBreaks *breaks)
{
    enum { TOLD = 20 };
    for (size_t i = 0; i < breaks->n && i < TOLD; i++)
        tell_break(room, &breaks->items[i]);
    if (breaks->n > TOLD) line(room, "breaks", (int64_t)breaks->n, true);
}

static int audit(DeskRoom *room)
{
    Note why;
    const AuditCheck c = ledger_audit_check(room->ledger, room->arena);
    int64_t acts = 0, wrong = false_acts(room, &acts);
    if (ledger_ok(room->ledger, &why) != OK) {
        command_tell(&why, room->reference, room->settings->lang);
        return EXIT_STOPPED;
    }
    line(room, "rows", c.last.count, true);
    line(room, "gaps", c.gaps, false);
    line(room, "rewrites", c.rewrites, false);
    tell_breaks(room, &c.breaks);
    line(room, "orphans", c.orphans, false);
    line(room, "backward", c.backward, true);
    line(room, "acts", acts, true);
    line(room, "acts_false", wrong, false);
    bool good = anchors_hold(room) && ledger_audit_settled(&c.breaks) && c.orphans + wrong == 0;
    (void)printf("%s%" PRId64 " %" PRId64 " %s\n", anchor_word, c.last.count, c.last.time,
                 c.last.mac);
    return good ? EXIT_ALL_INTERPRETED : EXIT_SOMETHING_LEFT;
}

int command_audit(const Settings *settings)
{
    return desk_with(settings, LEDGER_LOOK, audit);
}
