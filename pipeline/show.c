/* `screenlab show` and `screenlab verify`: what stands in the ledger, and whether it stands. Both only read;
 * whoever looks at a case is recorded in the audit. */
#include "../reports/summary.h"
#include "commands.h"
#include "file.h"
#include "ledger.h"
#include "who.h"
#include "xml.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_DOCUMENT = 1 << 30 };

typedef struct Shower {
    Ledger *ledger;
    const Reference *reference;
    const Settings *settings;
    Arena *arena;
} Shower;

static const char *word(const Shower *s, const char *kind, const char *code)
{
    return reference_word(s->reference, s->settings->lang,
                          arena_print(s->arena, "%s.%s", kind, code));
}

static void show_sample(const Shower *s, const Known *known, int64_t verdict)
{
    const Sample *x = &known->sample;
    char collected[INSTANT_TEXT];
    Judged judged = {.state = JUDGED_AWAITING};
    instant_print(collected, x->collected, reference_offset_minutes(s->reference));
    if (!known->newest)
        judged.state = JUDGED_REPLACED;
    else if (verdict != 0)
        (void)ledger_judged(&judged, s->ledger, verdict, known->id, s->arena);
    (void)printf("  %s r%d  %s  %s  %s  %s  %s -> %s  %s\n", x->id, x->revision,
                 word(s, "subject", subject_code(x->subject)),
                 word(s, "material", material_code(x->material)), word(s, "assay", x->assay),
                 collected, x->submitter, x->follow_up,
                 word(s, "state", sample_state_code((SampleState)judged.state)));
    if (judged.note.code != NULL)
        (void)printf("      %s\n",
                     report_note(&judged.note, s->reference, s->settings->lang, s->arena));
}

/* "gene {item}" holds the item's place; where the words have none it stands behind them. */
static const char *finding_name(const Shower *s, const Finding *f)
{
    const char *words = word(s, "finding", f->code);
    if (strstr(words, "{item}") != NULL)
        return word_fill(words, (const char *const[]){"item", f->item, NULL}, s->arena);
    return arena_print(s->arena, "%s%s%s", words, f->item[0] ? " " : "", f->item);
}

static void show_finding(const Shower *s, const Told *told)
{
    const Finding *f = &told->finding;
    (void)printf("  %s%s%s: %s", f->sample, f->sample[0] ? "  " : "", finding_name(s, f),
                 word(s, "answer", answer_code(f->answer)));
    if (f->detail[0] != '\0') (void)printf(" (%s)", word(s, "detail", f->detail));
    if (f->has_value)
        (void)printf(" %.6g%s%s", f->value, strcmp(f->unit, "1") == 0 ? "" : " ",
                     strcmp(f->unit, "1") == 0 ? "" : f->unit);
    if (told->has_action && told->action.to != NULL) {
        char due[DATE_TEXT] = "";
        if (told->action.due != DATE_NONE) date_print(due, told->action.due);
        (void)printf("  -> %s %s %s", told->action.to->id, word(s, "urgency", told->action.urgency),
                     due);
    }
    if (f->table[0] != '\0') (void)printf("  [%s %s %s]", f->table, f->version, f->row);
    (void)putchar('\n');
}

static void show_papers(const Shower *s, const char *case_id)
{
    static const char *const kinds[] = {[PAPER_REFERRAL] = "referral",
                                        [PAPER_RESULT] = "result",
                                        [PAPER_WITHDRAWAL] = "withdrawal"};
    PaperRows papers = ledger_papers(s->ledger, case_id, s->arena);
    for (size_t i = 0; i < papers.n; i++) {
        const PaperRow *p = &papers.items[i];
        const char *state = ledger_released(s->ledger, p->id) ? "released"
                            : ledger_held(s->ledger, p->name) ? "held"
                                                              : "draft";
        (void)printf("  %s v%d  %s -> %s  %s\n", p->name, p->version,
                     word(s, "document", kinds[p->kind]), p->centre, word(s, "paper", state));
    }
}

/* Who asked, agreed and gave; what was answered stands in no ledger. */
static void show_disclosures(const Shower *s, const char *case_id)
{
    DisclosureActs acts = ledger_disclosures(s->ledger, case_id, "", s->arena);
    for (size_t i = 0; i < acts.n; i++) {
        const DisclosureAct *a = &acts.items[i];
        char time[INSTANT_TEXT];
        instant_print(time, a->time, reference_offset_minutes(s->reference));
        (void)printf("  %s %s: %s  %s  %s%s%s\n", word(s, "disclosure", "shown"),
                     word(s, "disclosure.condition", a->condition),
                     word(s, "disclosure.step", a->kind), a->person, time, *a->sample ? "  " : "",
                     a->sample);
    }
}

static int show_case(const Shower *s, const char *case_id)
{
    Verdict verdict = ledger_verdict(s->ledger, case_id);
    KnownList known = ledger_case_samples(s->ledger, case_id, s->arena);
    if (known.n == 0) {
        command_tell(&(Note){.code = "show.unknown"}, s->reference, s->settings->lang);
        return EXIT_SOMETHING_LEFT;
    }
    (void)printf("%s  v%d\n", case_id, verdict.version);
    for (size_t i = 0; i < known.n; i++)
        show_sample(s, &known.items[i], verdict.id);
    ToldList told = ledger_findings(s->ledger, verdict.id, s->reference, s->arena);
    for (size_t i = 0; i < told.n; i++)
        show_finding(s, &told.items[i]);
    show_papers(s, case_id);
    show_disclosures(s, case_id);
    return EXIT_ALL_INTERPRETED;
}

enum { MOST_TOLD = 1000 };

/* A document as the ledger says it was written. */
typedef struct DocumentCheck {
    const Shower *shower;
    int out;
    Arena *arena;
    int64_t total, wrong;
} DocumentCheck;

static int open_below(int folder, const char *path)
{
    return openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

static Status check_document(const DocumentRow *row, const DocumentCheck *check, Note *why)
{
    Place place = {.file = row->name};
    char sha256[SHA256_HEX];
    Content content;
    int fd = check->out < 0 ? -1 : open_below(check->out, row->name);
    if (fd < 0) return note_fail(why, NOT_FOUND, "document.missing", place, NULL);
    Status s = file_read(&content, fd, MOST_DOCUMENT, check->arena, place, why);
    (void)close(fd);
    if (s != OK) return s;
    bytes_sha256(sha256, content.bytes, content.size);
    if (strcmp(sha256, row->sha256) != 0)
        return note_fail(why, BAD_INPUT, "document.changed", place, NULL);
    size_t n = strlen(row->name);
    bool xml = n > 4 && strcmp(row->name + n - 4, ".xml") == 0;
    return xml ? xml_check_document(content.bytes, content.size, row->kind, place, why) : OK;
}

/* A folder that was lost is one fault, not a million lines. */
static void tell_fault(const DocumentCheck *check, const Note *fault)
{
    const Note more = {.code = "verify.more"};
    if (check->wrong > MOST_TOLD + 1) return;
    command_tell(check->wrong > MOST_TOLD ? &more : fault, check->shower->reference,
                 check->shower->settings->lang);
}

static Status check_one(const DocumentRow *row, void *context, Note *why)
{
    DocumentCheck *check = context;
    Note fault;
    (void)why;
    arena_reset(check->arena);
    check->total++;
    if (check_document(row, check, &fault) != OK) {
        check->wrong++;
        if (check->out >= 0) tell_fault(check, &fault);
    }
    return OK;
}

static Status check_issued(const IssuedRow *row, void *context, Note *why)
{
    DocumentCheck *check = context;
    const DocumentRow document = {
        .name = row->name, .kind = row->kind, .sha256 = row->sha256, .size = row->size};
    if (!row->erased) return check_one(&document, context, why);
    int fd = check->out < 0 ? -1 : open_below(check->out, row->name);
    if (fd < 0) return OK; /* erased, and gone here too */
    (void)close(fd);
    check->total++;
    check->wrong++;
    (void)note_fail(why, REFUSED, "document.erased", (Place){.file = row->name}, NULL);
    tell_fault(check, why);
    return OK;
}

/* The number stands first: words of two languages are of different widths. */
static void tell_line(const Shower *s, const LedgerCheck *check, const char *words)
{
    (void)printf(
        "%10" PRId64 "  %s%s%s\n", check->answer, words, check->counts && check->good ? "" : ": ",
        check->counts && check->good ? "" : word(s, "verify", check->good ? "ok" : "wrong"));
}

static void tell_check(const LedgerCheck *check, void *context)
{
    tell_line(context, check, word(context, "verify", check->what));
}

static void tell_documents(const Shower *s, int64_t wrong, int64_t total)
{
    const char *of = arena_print(s->arena, "%" PRId64, total);
    const LedgerCheck check = {.answer = wrong, .good = wrong == 0};
    tell_line(s, &check,
              word_fill(word(s, "verify", "documents"), (const char *const[]){"total", of, NULL},
                        s->arena));
}

static int verify(const Shower *s)
{
    Note why;
    Shower listener = *s;
    bool good = ledger_verify(s->ledger, tell_check, &listener);
    DocumentCheck check = {.shower = s, .out = -1, .arena = arena_new(s->settings->exhausted)};
    if (file_open_folder(&check.out, s->settings->out, NULL) != OK) {
        check.out = -1; /* then every document is missing: said once */
        command_tell(&(Note){.code = "verify.out"}, s->reference, s->settings->lang);
    }
    Status status = ledger_each_document(s->ledger, NULL, check_one, &check, &why);
    if (status == OK) status = ledger_each_issued(s->ledger, check_issued, &check, &why);
    if (status != OK) command_tell(&why, s->reference, s->settings->lang);
    if (check.out >= 0) (void)close(check.out);
    arena_free(check.arena);
    tell_documents(s, check.wrong, check.total);
    return good && status == OK && check.wrong == 0 ? EXIT_ALL_INTERPRETED : EXIT_SOMETHING_LEFT;
}

/* The reading is recorded before anything is shown; what was typed is kept only when it names something. False: *code is the exit code. */
static bool record(const Shower *s, const char *case_id, int *code)
{
    Who who;
    bool known = ledger_has_case(s->ledger, case_id);
    Asking asking = {.settings = s->settings,
                     .reference = s->reference,
                     .ledger = s->ledger,
                     .arena = s->arena,
                     .act = "show",
                     .object = known ? case_id : ""};
    *code = EXIT_STOPPED;
    if (!command_now(&asking.now, s->settings, s->reference) || !who_may(&who, &asking, code))
        return false;
    *code = who_recorded(&who, &asking, known ? "done" : "show.unknown");
    who_forget(&who);
    return *code == EXIT_ALL_INTERPRETED;
}

static int show_what(const Shower *s)
{
    const char *what = s->settings->what;
    const char *of_paper = what[0] == 'R' ? ledger_paper_case(s->ledger, what, s->arena) : NULL;
    const char *case_id = of_paper ? of_paper : what;
    int code;
    return record(s, case_id, &code) ? show_case(s, case_id) : code;
}

static int with_ledger(const Settings *settings, LedgerUse ledger_use, int (*use)(const Shower *))
{
    Shower s = {.settings = settings, .arena = arena_new(settings->exhausted)};
    Note why;
    int code = EXIT_STOPPED;
    if (command_open_reference(&s.reference, settings, s.arena)) {
        if (ledger_open(&s.ledger, settings->ledger, ledger_use, &why) == OK)
            code = use(&s);
        else
            command_tell(&why, s.reference, settings->lang);
    }
    ledger_close(s.ledger);
    arena_free(s.arena);
    return code;
}

int command_show(const Settings *settings)
{
    return with_ledger(settings, LEDGER_LOOK, show_what);
}

int command_verify(const Settings *settings)
{
    return with_ledger(settings, LEDGER_READ, verify);
}
