/* Why: submission.csv says whose tube it is; an error here is a result for the wrong woman. Every row is judged by itself first, then
 * the rows together: the same sample twice, a revision that moves a sample to another person, two women in one case.
 * Method: each check is one function that fills its part of the Sample or names one fault; the first fault quarantines the row.
 * Consent follows whose material it is: a woman's and a partner's own; for a fetus the woman's of that case; for a newborn
 * any registered person's (the mother or a recorded guardian). The free remark is never read.
 * Refuses: what cannot be decided here is left to the ledger (a revision whose predecessor lies in an older batch). */
#include "../lab/assays/assay.h"
#include "../lab/sex.h"
#include "intake_room.h"

#include <string.h>

enum {
    PERSON,
    CASE,
    SAMPLE,
    REVISION,
    REPLACES,
    REASON,
    SUBMITTER,
    FOLLOW_UP,
    SUBJECT,
    MATERIAL,
    ASSAY,
    COLLECTED,
    CONSENT_PERSON,
    CONSENT_VERSION,
    CONSENT_DATE,
    COLUMNS
};

enum { LAST_REVISION = 999, VERSION_LIMIT = 32 };

static const char *const columns[] = {
    "person", "case",      "sample",         "revision",        "replaces",
    "reason", "submitter", "follow_up",      "subject",         "material",
    "assay",  "collected", "consent_person", "consent_version", "consent_date",
};

typedef Fault Check(const Room *room, const Cells *cells, Sample *s);

static Fault check_form(const Room *room, const Cells *cells, Sample *s)
{
    (void)s;
    if (cells->fault != NULL) return intake_form_fault(cells, room->arena);
    return intake_check_cells(cells, COLUMNS, -1);
}

static Fault check_ids(const Room *room, const Cells *cells, Sample *s)
{
    (void)room;
    Fault f = intake_check_id('P', cells, PERSON);
    if (f.code == NULL) f = intake_check_id('C', cells, CASE);
    if (f.code == NULL) f = intake_check_id('S', cells, SAMPLE);
    s->person = cells->cell[PERSON];
    s->case_id = cells->cell[CASE];
    s->id = cells->cell[SAMPLE];
    return f;
}

static bool small_number(const char *text, int *out)
{
    double number;
    if (!intake_number(text, &number) || number < 0 || number > LAST_REVISION ||
        number != (double)(int)number)
        return false;
    *out = (int)number;
    return true;
}

static Fault check_revision(const Room *room, const Cells *cells, Sample *s)
{
    const char *replaces = cells->cell[REPLACES], *reason = cells->cell[REASON];
    if (cells->cell[REVISION][0] == '\0') return (Fault){.code = "cell.empty", .column = REVISION};
    if (!small_number(cells->cell[REVISION], &s->revision) || s->revision < 1)
        return (Fault){.code = "revision.number", .column = REVISION};
    if (replaces[0] != '\0' && !small_number(replaces, &s->replaces))
        return (Fault){.code = "revision.number", .column = REPLACES};
    if (s->revision == 1 ? s->replaces != 0 : s->replaces < 1 || s->replaces >= s->revision)
        return (Fault){.code = "revision.replaces", .column = REPLACES};
    const Table *reasons = room->reasons;
    long row = reasons ? table_find(reasons, reason) : -1;
    if (s->replaces == 0 ? reason[0] != '\0' : row < 0)
        return (Fault){.code = "revision.reason", .column = REASON};
    s->reason =
        s->replaces == 0 ? "" : table_cell(reasons, (size_t)row, table_column(reasons, "reason"));
    return FINE;
}

static Fault check_dates(const Room *room, const Cells *cells, Sample *s)
{
    if (cells->cell[COLLECTED][0] == '\0')
        return (Fault){.code = "cell.empty", .column = COLLECTED};
    if (!instant_parse(&s->collected, cells->cell[COLLECTED], room->offset_minutes))
        return (Fault){.code = "date.form", .column = COLLECTED};
    if (room->now != INSTANT_NONE && s->collected > room->now)
        return (Fault){.code = "date.future", .column = COLLECTED};
    return FINE;
}

static Fault check_centre(const Room *room, const Cells *cells, int column, Date on,
                          const char **id)
{
    if (cells->cell[column][0] == '\0') return (Fault){.code = "cell.empty", .column = column};
    const Centre *c = centre_find(reference_centres(room->reference), cells->cell[column]);
    if (c == NULL) return (Fault){.code = "centre.unknown", .column = column};
    *id = c->id;
    return centre_valid(c, on)
               ? FINE
               : (Fault){.code = "centre.closed", .column = column, .detail = c->id};
}

static Fault check_centres(const Room *room, const Cells *cells, Sample *s)
{
    Date on = date_of(s->collected, room->offset_minutes);
    Fault f = check_centre(room, cells, SUBMITTER, on, &s->submitter);
    return f.code != NULL ? f : check_centre(room, cells, FOLLOW_UP, on, &s->follow_up);
}

/* Row of materials.tsv that speaks about this subject or assay; -1 = none. */
static long pairing(const Table *materials, const char *kind, const char *code)
{
    int at_kind = table_column(materials, "kind"), at_code = table_column(materials, "code");
    for (size_t r = 0; r < materials->n_rows; r++)
        if (strcmp(table_cell(materials, r, at_kind), kind) == 0 &&
            strcmp(table_cell(materials, r, at_code), code) == 0)
            return (long)r;
    return -1;
}

static bool pairs(const Table *materials, long row, const Sample *s)
{
    if (row < 0) return true;
    return intake_listed(table_get(materials, (size_t)row, "subjects"), subject_code(s->subject)) &&
           intake_listed(table_get(materials, (size_t)row, "materials"),
                         material_code(s->material));
}

static Fault check_question(const Room *room, const Cells *cells, Sample *s)
{
    s->subject = subject_parse(cells->cell[SUBJECT]);
    s->material = material_parse(cells->cell[MATERIAL]);
    if (strcmp(subject_code(s->subject), cells->cell[SUBJECT]) != 0)
        return (Fault){.code = "subject.unknown", .column = SUBJECT};
    if (strcmp(material_code(s->material), cells->cell[MATERIAL]) != 0)
        return (Fault){.code = "material.unknown", .column = MATERIAL};
    const Assay *assay = assay_find(cells->cell[ASSAY]);
    if (assay == NULL) return (Fault){.code = "assay.unknown", .column = ASSAY};
    s->assay = assay->code;
    s->fetal = sex_firewall_applies(s->subject, s->material);
    const Table *materials = room->materials;
    if (materials == NULL) return FINE;
    if (!pairs(materials, pairing(materials, "subject", subject_code(s->subject)), s))
        return (Fault){.code = "material.subject", .column = MATERIAL};
    if (!pairs(materials, pairing(materials, "assay", s->assay), s))
        return (Fault){.code = "material.assay", .column = MATERIAL};
    return FINE;
}

static Fault check_consent(const Room *room, const Cells *cells, Sample *s)
{
    const char *const *cell = cells->cell;
    for (int c = CONSENT_PERSON; c <= CONSENT_DATE; c++)
        if (cell[c][0] == '\0') return (Fault){.code = "consent.missing", .column = c};
    Fault f = intake_check_id('P', cells, CONSENT_PERSON);
    if (f.code != NULL) return f;
    bool own = s->subject == SUBJECT_WOMAN || s->subject == SUBJECT_PARTNER ||
               s->subject == SUBJECT_UNKNOWN;
    if (own && strcmp(cell[CONSENT_PERSON], s->person) != 0)
        return (Fault){.code = s->subject == SUBJECT_PARTNER ? "consent.partner" : "consent.person",
                       .column = CONSENT_PERSON};
    if (strlen(cell[CONSENT_VERSION]) > VERSION_LIMIT)
        return (Fault){.code = "consent.version", .column = CONSENT_VERSION};
    if (!date_parse(&s->consent.given, cell[CONSENT_DATE]))
        return (Fault){.code = "date.form", .column = CONSENT_DATE};
    if (s->consent.given > date_of(s->collected, room->offset_minutes))
        return (Fault){.code = "consent.late", .column = CONSENT_DATE};
    s->consent.person = cell[CONSENT_PERSON];
    bool telling = s->fetal && sex_text_denied(cell[CONSENT_VERSION]);
    s->consent.version = telling ? "" : cell[CONSENT_VERSION];
    return FINE;
}

/* In this order: whose row it is, before what is wrong with it; dates before centres, which are valid on a date. */
static Check *const checks[] = {check_form,    check_ids,      check_revision, check_dates,
                                check_centres, check_question, check_consent};

static Whose whose_row(const Room *room, const Cells *cells)
{
    const Centre *c = centre_find(reference_centres(room->reference), cells->cell[SUBMITTER]);
    return (Whose){.centre = c != NULL ? c->id : "",
                   .sample = intake_id_ok('S', cells->cell[SAMPLE]) ? cells->cell[SAMPLE] : "",
                   .case_id = intake_id_ok('C', cells->cell[CASE]) ? cells->cell[CASE] : ""};
}

/* The same text as in the row before needs no second copy: a woman's consent, a case's samples, a form's version. */
static const char *keep(Room *room, const char *text, const char *before)
{
    return before != NULL && strcmp(text, before) == 0 ? before : arena_copy(room->arena, text);
}

static void reserve(Room *room, size_t rows)
{
    room->sample_capacity = rows;
    room->out->samples = arena_alloc(room->arena, rows * sizeof *room->out->samples);
}

static void push_sample(Room *room, Sample *s)
{
    Intake *in = room->out;
    const Sample *before = in->n_samples > 0 ? &in->samples[in->n_samples - 1] : NULL;
    s->person = keep(room, s->person, before ? before->person : NULL);
    s->case_id = keep(room, s->case_id, before ? before->case_id : NULL);
    s->id = arena_copy(room->arena, s->id);
    s->consent.person = keep(room, s->consent.person, s->person);
    s->consent.version = keep(room, s->consent.version, before ? before->consent.version : NULL);
    if (in->samples == NULL || in->n_samples == room->sample_capacity)
        in->samples =
            arena_grow(room->arena, in->samples, &room->sample_capacity, sizeof *in->samples);
    in->samples[in->n_samples++] = *s;
}

static void take(Room *room, const Cells *cells)
{
    Sample s = {.row = cells->row};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        Fault f = checks[i](room, cells, &s);
        if (f.code == NULL) continue;
        Place at = {.file = "submission.csv",
                    .row = cells->row,
                    .field = f.column < 0 ? NULL : columns[f.column]};
        intake_reject(room, whose_row(room, cells), f.code, at, f.detail);
        return;
    }
    push_sample(room, &s);
}

const TableShape shape_submission = {.table = "submission",
                                     .file = "submission.csv",
                                     .columns = columns,
                                     .n_columns = COLUMNS,
                                     .row_bytes = 64,
                                     .reserve = reserve,
                                     .take = take};
