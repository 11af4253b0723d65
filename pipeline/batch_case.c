/* One case, from the ledger and its new files to findings.
 *
 * case_load asks the ledger (one thread). case_judge reads the new files and judges (many threads, each on its own slot and
 * arena; Reference and Ledger key are const). Evidence is merged from its pieces by batch_merge.c.
 *
 * The key says whether anything has changed since the last judgement: HMAC-SHA256 (RFC 2104) over what was
 * registered, declared and measured. It covers evidence after the door only, so nothing about a fetus's sex is in it. */
#include "batch_room.h"

#include "../lab/assays/assay.h"
#include "../lab/hold.h"
#include "../lab/sex.h"
#include "decode.h"
#include "ledger_care.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* ---- loading ---- */

static Instant latest_collected(const Case *c)
{
    Instant latest = INSTANT_NONE;
    for (size_t i = 0; i < c->n_samples; i++)
        if (c->samples[i].collected > latest) latest = c->samples[i].collected;
    return latest;
}

static bool person_seen(const Case *c, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(c->samples[i].person, c->samples[before].person) == 0) return true;
    return false;
}

static bool uses_history(const Sample *s)
{
    const Assay *assay = assay_find(s->assay);
    return assay != NULL && assay->uses_history;
}

static void add_file(const Slot *slot, Member *m, const RawFile *file)
{
    RawFile **end = &m->files;
    while (*end != NULL)
        end = &(*end)->next;
    *end = arena_alloc(slot->arena, sizeof **end);
    **end = *file;
    (*end)->next = NULL;
}

static size_t count_files(const RawFile *f)
{
    size_t n = 0;
    for (; f != NULL; f = f->next)
        n++;
    return n;
}

/* An earlier sample and what is known of it. A file of this very batch is read here once more, whether or not its own case has been visited
 * by then: so the answer does not depend on the order of visits, nor on a killed run. */
static void load_history_of(Slot *slot, Run *run, const KnownList *known, size_t first)
{
    for (size_t i = 0; i < known->n; i++) {
        Member *m = &slot->past[first + i];
        const Tube *tube = plan_tube(&run->plan, known->items[i].sample.id);
        Pieces all = ledger_evidence(run->ledger, known->items[i].sample.id, slot->arena);
        *m = (Member){.row = known->items[i].id};
        for (const RawFile *f = tube != NULL ? tube->files : NULL; f != NULL; f = f->next_of_tube)
            add_file(slot, m, f);
        m->pieces.items =
            arena_alloc(slot->arena, (all.n + count_files(m->files) + 1) * sizeof(Piece));
        for (size_t k = 0; k < all.n; k++)
            if (m->files == NULL || !all.items[k].file || all.items[k].batch != run->batch.id)
                m->pieces.items[m->pieces.n++] = all.items[k];
        slot->earlier[first + i] = known->items[i].sample;
    }
}

/* Room for `more` earlier samples behind those that are there. */
static void grow_history(Slot *slot, size_t more)
{
    Case *c = &slot->c;
    Sample *all = arena_alloc(slot->arena, (c->n_history + more) * sizeof *all);
    Member *past = arena_alloc(slot->arena, (c->n_history + more) * sizeof *past);
    if (c->n_history > 0) {
        memcpy(all, slot->earlier, c->n_history * sizeof *all);
        memcpy(past, slot->past, c->n_history * sizeof *past);
    }
    slot->earlier = all;
    slot->past = past;
    c->history = all;
}

/* What a centre found and did after a referral is a sample of that day and case whose result it is: judged like every other, through the same
 * merging. It lies at the end of its day, and not after the sample that is judged. */
static Sample returned_sample(const ReturnedOutcome *r, const Sample *of, Instant until, int offset)
{
    Instant end = ((Instant)r->date + 1) * 86400 - 1 - (Instant)offset * 60;
    return (Sample){.person = of->person,
                    .case_id = r->case_id,
                    .id = r->paper,
                    .revision = 1,
                    .reason = "",
                    .submitter = of->submitter,
                    .follow_up = of->follow_up,
                    .subject = of->subject,
                    .material = MATERIAL_CERVICAL,
                    .assay = of->assay,
                    .collected = end < until ? end : until,
                    .consent = {"", "", DATE_NONE}};
}

static void load_returned(Slot *slot, const Run *run, const Sample *of, Instant until)
{
    Case *c = &slot->c;
    if (of->subject != SUBJECT_WOMAN) return;
    ReturnedOutcomes list =
        ledger_returned(run->ledger, of->person, date_of(until, c->offset_minutes), slot->arena);
    if (list.n > 0) grow_history(slot, list.n);
    for (size_t i = 0; i < list.n; i++) {
        const ReturnedOutcome *r = &list.items[i];
        Result result;
        if (strcmp(r->assay, of->assay) != 0 ||
            !care_history(&result, run->reference, of->assay, r->outcome, r->value))
            continue;
        const Evidence e = {.results = &result, .n_results = 1};
        Member *m = &slot->past[c->n_history];
        *m = (Member){.pieces = {arena_alloc(slot->arena, sizeof(Piece)), 1}};
        m->pieces.items[0] = (Piece){.revision = 1, .text = evidence_print(&e, slot->arena)};
        slot->earlier[c->n_history++] = returned_sample(r, of, until, c->offset_minutes);
    }
}

static void load_history(Slot *slot, Run *run)
{
    Case *c = &slot->c;
    Instant until = latest_collected(c);
    for (size_t i = 0; i < c->n_samples; i++) {
        if (!uses_history(&c->samples[i]) || person_seen(c, i)) continue;
        KnownList known =
            ledger_history(run->ledger, c->samples[i].person, c->id, until, slot->arena);
        if (known.n > 0) {
            grow_history(slot, known.n);
            load_history_of(slot, run, &known, c->n_history);
            c->n_history += known.n;
        }
        load_returned(slot, run, &c->samples[i], until);
    }
}

static void load_member(Slot *slot, Run *run, const Known *known)
{
    size_t i = slot->c.n_samples++;
    Member *m = &slot->members[i];
    slot->samples[i] = known->sample;
    *m = (Member){.row = known->id};
    for (const RawFile *f = slot->visit->files; f != NULL; f = f->next)
        if (strcmp(f->tube->id, known->sample.id) == 0) add_file(slot, m, f);
    Pieces old = ledger_evidence(run->ledger, known->sample.id, slot->arena);
    m->n_old = old.n;
    m->pieces.n = old.n;
    m->pieces.items = arena_alloc(slot->arena, (old.n + count_files(m->files) + 1) * sizeof(Piece));
    if (old.n > 0) memcpy(m->pieces.items, old.items, old.n * sizeof(Piece));
}

/* The newest version of each paper of the case, and what it told. */
static void load_papers(Slot *slot, Run *run)
{
    PaperRows all = ledger_papers(run->ledger, slot->c.id, slot->arena);
    slot->old = arena_alloc(slot->arena, (all.n + 1) * sizeof *slot->old);
    for (size_t i = 0; i < all.n; i++) {
        size_t at = 0;
        while (at < slot->n_old && strcmp(slot->old[at].row.name, all.items[i].name) != 0)
            at++;
        slot->old[at].row = all.items[i];
        slot->n_old = at == slot->n_old ? at + 1 : slot->n_old;
    }
    for (size_t i = 0; i < slot->n_old; i++)
        slot->old[i].told = ledger_told(run->ledger, slot->old[i].row.id, slot->arena);
    slot->n_old_names = slot->n_old;
}

/* A case whose last sample turned out to be another's: its samples as they were registered. */
static void remember_former(Slot *slot, const KnownList *known)
{
    Sample *samples = arena_alloc(slot->arena, (known->n + 1) * sizeof *samples);
    for (size_t i = 0; i < known->n; i++)
        samples[i] = known->items[i].sample;
    slot->former = slot->c;
    slot->former.samples = samples;
    slot->former.n_samples = known->n;
}

void case_load(Slot *slot, Run *run, const Visit *visit)
{
    Arena *arena = slot->arena;
    arena_reset(arena);
    *slot = (Slot){.arena = arena, .visit = visit};
    slot->findings.arena = arena;
    KnownList known = ledger_case_samples(run->ledger, visit->case_id, arena);
    slot->samples = arena_alloc(arena, (known.n + 1) * sizeof *slot->samples);
    slot->members = arena_alloc(arena, (known.n + 1) * sizeof *slot->members);
    slot->c = (Case){.id = visit->case_id,
                     .samples = slot->samples,
                     .now = run->batch.now,
                     .offset_minutes = reference_offset_minutes(run->reference)};
    for (size_t i = 0; i < known.n; i++)
        if (known.items[i].newest) load_member(slot, run, &known.items[i]);
    if (slot->c.n_samples == 0) remember_former(slot, &known);
    FactList facts = ledger_facts(run->ledger, visit->case_id, arena);
    slot->c.facts = facts.items;
    slot->c.n_facts = facts.n;
    load_history(slot, run);
    slot->previous = ledger_verdict(run->ledger, visit->case_id);
    if (slot->previous.id != 0) load_papers(slot, run);
}

/* ---- reading ---- */

static void case_stop(Slot *slot, const Note *why)
{
    if (!slot->stopped) slot->fault = *why;
    slot->stopped = true;
}

typedef struct Reading {
    const Run *run;
    const RawFile *file;
    const Sample *sample;
    Arena *arena;
} Reading;

static Status read_open(Evidence *out, int fd, const Reading *r, Note *why)
{
    const ResultRow *row = r->file->row;
    const Place place = {.file = "results.csv", .row = row->row, .field = "file"};
    const Sample *s = r->sample;
    ReadJob job = {.fd = fd,
                   .file = s->fetal ? "" : row->file,
                   .fetal = s->fetal,
                   .specimen = row->specimen[0] != '\0' ? row->specimen : s->id,
                   .assay = assay_find(s->assay),
                   .model = reference_model(r->run->reference, s->assay),
                   .reference = r->run->reference,
                   .arena = r->arena};
    Status status = plates_place(&job, r->run, row, why);
    if (status == OK) status = decode_file(out, &job, place, why);
    if (status == OK) plates_attach(out, r->run, s->fetal, r->arena);
    return status;
}

/* The last thing before a Note on fetal material is kept: place and code may stand, words of the file may not. */
static void close_note(Note *note, const Sample *s)
{
    if (!s->fetal) return;
    if (strcmp(note->file, "results.csv") != 0) note->file[0] = '\0';
    if (sex_text_denied(note->detail)) note->detail[0] = '\0';
    if (sex_text_denied(note->field)) note->field[0] = '\0';
}

static Status read_file(Evidence *out, const Reading *r, Note *why)
{
    int fd = -1;
    *out = (Evidence){.status = OK};
    const Assay *assay = assay_find(r->sample->assay);
    if (r->sample->fetal && assay != NULL && assay->never_fetal)
        return OK; /* not even opened: the answer is the same whatever it holds */
    Status s = intake_open_result(&fd, &r->run->in, r->file->row, r->sample->fetal, why);
    if (s == OK) {
        s = read_open(out, fd, r, why);
        (void)close(fd);
    }
    if (s == OK) return OK;
    close_note(why, r->sample);
    *out = (Evidence){.status = s, .note = *why};
    return s;
}

/* A file that cannot be used is evidence too; a machine that cannot read is none: then the run stops. */
static void read_files(Slot *slot, const Run *run, Member *m, const Sample *sample)
{
    for (const RawFile *f = m->files; f != NULL && !slot->stopped; f = f->next) {
        Evidence *e = arena_alloc(slot->arena, sizeof *e);
        Note why = {.code = "file.read"};
        Status s = read_file(e, &(Reading){run, f, sample, slot->arena}, &why);
        if (s == IO_FAILED) case_stop(slot, &why);
        m->pieces.items[m->pieces.n++] = (Piece){.revision = sample->revision,
                                                 .batch = run->batch.id,
                                                 .file = true,
                                                 .text = evidence_print(e, slot->arena),
                                                 .read = s == OK ? e : NULL};
    }
}

/* ---- key ---- */

typedef struct Mac {
    crypto_auth_hmacsha256_state state;
    Arena *arena;
} Mac;

static void mac_text(Mac *mac, const char *text)
{
    const char *t = text ? text : "";
    (void)crypto_auth_hmacsha256_update(&mac->state, (const unsigned char *)t, strlen(t) + 1);
}

/* Eight bytes, lowest first: the same on every machine. */
static void mac_number(Mac *mac, int64_t number)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    (void)crypto_auth_hmacsha256_update(&mac->state, bytes, sizeof bytes);
}

/* The text of a sample's evidence: that of its only piece, where nothing was merged, held or taken away. */
static const char *evidence_text(const Sample *s, const Pieces *pieces, Arena *arena)
{
    const Evidence *e = pieces->n == 1 ? pieces->items[0].read : NULL;
    const bool alone = e != NULL && s->evidence.status == OK && e->n_results == 0;
    return alone ? pieces->items[0].text : evidence_print(&s->evidence, arena);
}

static void mac_sample(Mac *mac, const Sample *s, const Pieces *pieces)
{
    const char *const texts[] = {s->id,
                                 s->case_id,
                                 s->person,
                                 s->reason,
                                 s->submitter,
                                 s->follow_up,
                                 subject_code(s->subject),
                                 material_code(s->material),
                                 s->assay,
                                 s->consent.person,
                                 s->consent.version};
    const int64_t numbers[] = {s->revision, s->replaces, s->collected, s->consent.given};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        mac_text(mac, texts[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        mac_number(mac, numbers[i]);
    const ArenaMark own = arena_mark(mac->arena);
    mac_text(mac, evidence_text(s, pieces, mac->arena));
    arena_rewind(mac->arena, own);
}

static void case_key(Slot *slot, const Run *run)
{
    const Case *c = &slot->c;
    Mac mac = {.arena = slot->arena};
    (void)crypto_auth_hmacsha256_init(&mac.state, ledger_key(run->ledger), LEDGER_KEY);
    mac_text(&mac, c->id);
    mac_number(&mac, (int64_t)c->n_samples);
    for (size_t i = 0; i < c->n_samples; i++)
        mac_sample(&mac, &c->samples[i], &slot->members[i].pieces);
    for (size_t i = 0; i < c->n_samples; i++)
        mac_text(&mac, slot->members[i].qc.asked ? qc_state_code(slot->members[i].qc.state) : "");
    mac_number(&mac, (int64_t)c->n_facts);
    for (size_t i = 0; i < c->n_facts; i++) {
        const Fact *f = &c->facts[i];
        mac_number(&mac, f->owner);
        mac_text(&mac, f->code);
        mac_text(&mac, f->value);
        mac_text(&mac, f->unit);
        mac_number(&mac, f->time);
    }
    mac_number(&mac, (int64_t)c->n_history);
    for (size_t i = 0; i < c->n_history; i++)
        mac_sample(&mac, &c->history[i], &slot->past[i].pieces);
    (void)crypto_auth_hmacsha256_final(&mac.state, slot->key);
}

/* ---- judging ---- */

static void set_states(Slot *slot)
{
    for (size_t i = 0; i < slot->c.n_samples; i++) {
        const Evidence *e = &slot->samples[i].evidence;
        Judged *j = &slot->members[i].judged;
        *j = (Judged){.state = JUDGED_INTERPRETED};
        if (slot->members[i].pieces.n == 0)
            j->state = JUDGED_AWAITING;
        else if (e->status != OK)
            *j = (Judged){JUDGED_NOT_INTERPRETABLE, e->note};
    }
}

/* `assay` NULL: of the whole case. */
static void set_failed(Slot *slot, const char *assay, const Note *why)
{
    for (size_t i = 0; i < slot->c.n_samples; i++)
        if ((assay == NULL || strcmp(slot->samples[i].assay, assay) == 0) &&
            slot->members[i].judged.state != JUDGED_AWAITING)
            slot->members[i].judged = (Judged){JUDGED_NOT_INTERPRETABLE, *why};
}

static bool has_evidence(const Slot *slot, const char *assay)
{
    for (size_t i = 0; i < slot->c.n_samples; i++)
        if (slot->members[i].pieces.n > 0 && strcmp(slot->samples[i].assay, assay) == 0)
            return true;
    return false;
}

static void interpret(Slot *slot, const Run *run)
{
    for (size_t a = 0; assays[a] != NULL; a++) {
        Note why;
        size_t before = slot->findings.n;
        if (!has_evidence(slot, assays[a]->code)) continue;
        Status s =
            assays[a]->interpret(&slot->findings, &slot->c, run->reference, slot->arena, &why);
        if (s == OK) {
            hold_unreadable(&slot->findings, before, &slot->c, assays[a]);
            tell_tests(&slot->findings, &slot->c, assays[a]);
            continue;
        }
        slot->findings.n = before;
        set_failed(slot, assays[a]->code, &why);
    }
}

/* The worst state of the samples that an assay could have used for this finding: its own, and others of the assay that are not held. */
static const char *state_of(const Slot *slot, size_t own)
{
    const Member *m = &slot->members[own];
    QcState state = m->qc.state;
    for (size_t i = 0; i < slot->c.n_samples && !m->qc.held; i++) {
        const Controlled *other = &slot->members[i].qc;
        if (other->asked && !other->held && other->state != QC_ACCEPTED && state == QC_ACCEPTED &&
            strcmp(slot->samples[i].assay, slot->samples[own].assay) == 0)
            state = other->state;
    }
    return qc_state_code(state);
}

/* What the controls say is part of every finding's certainty, and the reason of those that were held. */
static void tell_controls(Slot *slot)
{
    for (size_t i = 0; i < slot->c.n_samples; i++) {
        const Controlled *qc = &slot->members[i].qc;
        for (size_t k = 0; k < slot->findings.n && qc->asked; k++) {
            Finding *f = &slot->findings.items[k];
            if (strcmp(f->sample, slot->samples[i].id) != 0) continue;
            f->qc = state_of(slot, i);
            if (qc->held && f->answer == ANSWER_REFUSED)
                f->detail = qc->state == QC_REJECTED ? "qc_rejected" : "qc_none";
        }
    }
}

static void judge(Slot *slot, const Run *run)
{
    Note why;
    set_states(slot);
    interpret(slot, run);
    tell_controls(slot);
    Status s = papers_make(slot, run, &why);
    if (s == IO_FAILED) case_stop(slot, &why);
    if (s != OK) {
        slot->findings.n = slot->n_papers = 0;
        set_failed(slot, NULL, &why);
    }
    for (size_t i = 0; i < slot->c.n_samples; i++)
        slot->failed = slot->failed || slot->members[i].judged.state == JUDGED_NOT_INTERPRETABLE;
}

/* The evidence of one sample, with the files that this batch brings. */
static void gather(Slot *slot, const Run *run, Member *m, Sample *sample)
{
    read_files(slot, run, m, sample);
    case_merge(&sample->evidence, &m->pieces, slot->arena);
    m->qc = controls_apply(&sample->evidence, run->qc, slot->arena);
}

void case_judge(Slot *slot, const Run *run)
{
    for (size_t i = 0; i < slot->c.n_samples; i++)
        gather(slot, run, &slot->members[i], &slot->samples[i]);
    for (size_t i = 0; i < slot->c.n_history; i++)
        gather(slot, run, &slot->past[i], &slot->earlier[i]);
    if (slot->stopped) return;
    case_key(slot, run);
    slot->unchanged = slot->previous.id != 0 && !run->options->reissue &&
                      memcmp(slot->key, slot->previous.key, LEDGER_MAC) == 0;
    if (!slot->unchanged) judge(slot, run);
}
