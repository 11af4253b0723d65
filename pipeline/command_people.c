/* `screenlab people`: import of names, phones and identity numbers, erasure, and the rotation of the master key.
 *
 * Table: people.csv with the columns person, subject (woman, partner, newborn), name, phone, id_number; others are never looked at. A bad row
 * costs that row and is told by row and field, never by what it holds: a name must not get into a log.
 *
 * Refused: an identity number of a newborn or of any child. Its 17th digit tells the sex (GB 11643), and a number given at birth is the shortest
 * way from a case to a sex. Of a newborn the name is that of the guardian. A woman's own number is taken and lies encrypted. */
#include "command_desk.h"
#include "csv_table.h"
#include "intake.h"
#include "text.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PERSON, SUBJECT, NAME, PHONE, ID_NUMBER, COLUMNS };
static const char *const columns[COLUMNS] = {"person", "subject", "name", "phone", "id_number"};

enum {
    NAME_LIMIT = 90,
    PHONE_LIMIT = 20,
    PHONE_LEAST = 5,
    ID_DIGITS = 18,
    CHILD_YEARS = 10, /* whoever is younger is not a woman in screening */
    MOST_CELLS = 64
};

typedef struct Import {
    DeskRoom *room;
    int at[COLUMNS];
    bool has_header, refused;
    int64_t taken, rejected;
} Import;

/* One command: whose it is, what it may. */
typedef struct Visit {
    DeskRoom *room;
    const Who *who;
    const Asking *asking;
    bool left; /* something was not taken, or not there */
} Visit;

/* ---- rows ---- */

static bool is_newborn(const char *subject)
{
    return subject_parse(subject) == SUBJECT_NEWBORN;
}

/* GB 11643-1999: weights 2^(17-i) mod 11, the eleventh remainder is X. */
static bool id_sum_ok(const char *id)
{
    static const int weights[ID_DIGITS - 1] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char marks[] = "10X98765432";
    int sum = 0;
    if (strlen(id) != ID_DIGITS || strspn(id, "0123456789") < ID_DIGITS - 1) return false;
    for (int i = 0; i < ID_DIGITS - 1; i++)
        sum += (id[i] - '0') * weights[i];
    return toupper((unsigned char)id[ID_DIGITS - 1]) == marks[sum % 11];
}

static int two(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* Born so lately that the number is a child's, or on no day at all. */
static bool id_is_childs(const char *id, Date today)
{
    Date born = date_from(two(id + 6) * 100 + two(id + 8), two(id + 10), two(id + 12));
    return born == DATE_NONE || today - born < CHILD_YEARS * 366;
}

static const char *id_fault(const Import *in, const char *person, const char *subject,
                            const char *id)
{
    const DeskRoom *room = in->room;
    if (*id == '\0') return NULL;
    if (is_newborn(subject) || people_is_newborn(room->people, person)) return "people.id_newborn";
    if (!id_sum_ok(id)) return "people.id_form";
    Date today = date_of(room->now, reference_offset_minutes(room->reference));
    return id_is_childs(id, today) ? "people.id_newborn" : NULL;
}

static bool phone_ok(const char *phone)
{
    size_t n = strlen(phone);
    return n == 0 || (n >= PHONE_LEAST && n <= PHONE_LIMIT && strspn(phone, "0123456789-+ ") == n);
}

static const char *row_fault(const Import *in, const char *const *c, int *field)
{
    Subject subject = subject_parse(c[SUBJECT]);
    bool known = subject == SUBJECT_WOMAN || subject == SUBJECT_PARTNER || is_newborn(c[SUBJECT]);
    *field = PERSON;
    if (!intake_id_ok('P', c[PERSON])) return "people.person";
    *field = SUBJECT;
    if (!known) return "people.subject";
    *field = NAME;
    if (*c[NAME] == '\0' || !text_is_plain(c[NAME], NAME_LIMIT) || text_is_formula(c[NAME]))
        return "people.name";
    *field = PHONE;
    if (!phone_ok(c[PHONE])) return "people.phone";
    *field = ID_NUMBER;
    return id_fault(in, c[PERSON], c[SUBJECT], c[ID_NUMBER]);
}

static void reject(Import *in, long row, const char *code, int field)
{
    Note why;
    in->rejected++;
    (void)note_fail(&why, BAD_INPUT, code,
                    (Place){.file = "people.csv", .row = row, .field = columns[field]}, NULL);
    command_tell(&why, in->room->reference, in->room->settings->lang);
}

static bool take_header(Import *in, const CsvRow *row)
{
    in->has_header = true;
    for (int c = 0; c < COLUMNS; c++) {
        in->at[c] = -1;
        for (size_t i = 0; i < row->n_cells && i < CSV_CELLS; i++)
            if (strcmp(csv_cell(row, i, NULL), columns[c]) == 0) in->at[c] = (int)i;
        if (in->at[c] < 0) {
            reject(in, row->row, "people.column", c);
            in->refused = true;
            return false;
        }
    }
    return true;
}

static bool take_row(void *context, const CsvRow *row)
{
    Import *in = context;
    const char *cells[COLUMNS];
    int field = PERSON;
    if (!in->has_header) return take_header(in, row);
    for (int c = 0; c < COLUMNS; c++) {
        size_t at = (size_t)in->at[c];
        CellState state = CELL_FINE;
        bool there = at < row->n_cells && at < CSV_CELLS && row->fault == CSV_FINE;
        cells[c] = there ? csv_cell(row, at, &state) : "";
        if (!there || state != CELL_FINE) {
            reject(in, row->row, "people.row", c);
            return true;
        }
    }
    const char *fault = row_fault(in, cells, &field);
    if (fault != NULL) {
        reject(in, row->row, fault, field);
        return true;
    }
    const Addressee who = {.name = cells[NAME],
                           .phone = cells[PHONE],
                           .id_number = cells[ID_NUMBER],
                           .guardian = is_newborn(cells[SUBJECT])};
    people_put(in->room->people, cells[PERSON], &who);
    in->taken++;
    return ledger_ok(in->room->ledger, NULL) == OK;
}

/* ---- the three verbs ---- */

static Status read_table(Import *in, Note *why)
{
    const Place place = {.file = "people.csv"};
    int fd = open(in->room->settings->what, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return note_fail(why, NOT_FOUND, "file.missing", place, NULL);
    Status s = csv_read(fd, ',', take_row, in, place, why);
    (void)close(fd);
    return s;
}

static void record(const Visit *v, const char *object)
{
    const DeskRoom *room = v->room;
    ledger_audit(room->ledger,
                 &(AuditEntry){room->now, v->who->code, v->asking->act, object, "done"});
}

static void say(const DeskRoom *room, const char *key, int64_t n, int64_t m)
{
    const char *const pairs[] = {"n", arena_print(room->arena, "%" PRId64, n), "m",
                                 arena_print(room->arena, "%" PRId64, m), NULL};
    (void)puts(
        word_fill(reference_word(room->reference, room->settings->lang, key), pairs, room->arena));
}

static Status import(Visit *v, Note *why)
{
    Import in = {.room = v->room};
    Ledger *ledger = v->room->ledger;
    ledger_begin(ledger);
    Status s = read_table(&in, why);
    if (s != OK) return s;
    record(v, "");
    s = ledger_commit(ledger, why);
    if (s == OK) say(v->room, "console.people.import", in.taken, in.rejected);
    v->left = in.rejected > 0 || in.refused;
    return s;
}

/* Files that name the person; those that were sent elsewhere are elsewhere. */
static int64_t remove_files(const DeskRoom *room, const Names *names)
{
    int64_t n = 0;
    int out = -1;
    if (file_open_folder(&out, room->settings->out, NULL) != OK) return 0;
    for (size_t i = 0; i < names->n; i++)
        n += unlinkat(out, names->items[i], 0) == 0 ? 1 : 0;
    (void)close(out);
    return n;
}

static Status erase(Visit *v, Note *why)
{
    const DeskRoom *room = v->room;
    const char *person = room->settings->what;
    if (!intake_id_ok('P', person))
        return note_fail(why, BAD_INPUT, "people.person", (Place){0}, NULL);
    Names names = ledger_issued_of_person(room->ledger, person, room->arena);
    ledger_begin(room->ledger);
    bool there = people_erase(room->people, person);
    if (there) record(v, person);
    Status s = ledger_commit(room->ledger, why);
    if (s != OK) return s;
    v->left = !there;
    if (!there) return note_fail(why, NOT_FOUND, "people.unknown", (Place){0}, NULL);
    say(room, "console.people.erase", remove_files(room, &names), 0);
    return OK;
}

static Status rotate(Visit *v, Note *why)
{
    const DeskRoom *room = v->room;
    unsigned char master[PEOPLE_KEY];
    Status s = people_read_key(master, room->settings->what, why);
    if (s != OK) return s;
    ledger_begin(room->ledger);
    int64_t n = people_rotate(room->people, master);
    record(v, "");
    s = ledger_commit(room->ledger, why);
    if (s == OK) say(room, "console.people.rotate", n, 0);
    return s;
}

static int visit(DeskRoom *room, const char *act, Status (*run)(Visit *v, Note *why))
{
    Note why;
    Who who;
    int code;
    const Asking asking = desk_asking(room, act);
    if (!who_may(&who, &asking, &code)) return code;
    Visit v = {.room = room, .who = &who, .asking = &asking};
    Status s = room->people != NULL ? run(&v, &why)
                                    : note_fail(&why, BAD_INPUT, "people.no_key", (Place){0}, NULL);
    if (s != OK) code = who_refused(&who, &asking, &why);
    who_forget(&who);
    if (s != OK) return v.left ? code : EXIT_STOPPED;
    return v.left ? EXIT_SOMETHING_LEFT : EXIT_ALL_INTERPRETED;
}

static int people(DeskRoom *room)
{
    static const struct {
        const char *verb, *act;
        Status (*run)(Visit *v, Note *why);
    } verbs[] = {{"import", "people.import", import},
                 {"erase", "people.erase", erase},
                 {"rotate", "people.rotate", rotate}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].verb, room->settings->verb) == 0)
            return visit(room, verbs[i].act, verbs[i].run);
    command_tell(&(Note){.code = "people.verb"}, room->reference, room->settings->lang);
    return EXIT_STOPPED;
}

int command_people(const Settings *settings)
{
    return desk_with(settings, LEDGER_WRITE, people);
}
