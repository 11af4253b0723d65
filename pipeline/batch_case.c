/* One case, from the ledger and its new files to findings.
 *
 * case_load asks the ledger (one thread). case_judge reads the new files and judges (many threads, each on its own slot and
 * arena; Reference and Ledger key are const). Evidence is merged from its pieces by one rule: the highest revision that
 * speaks about a thing has the word, within a revision everything counts in order of arrival, and files of a later batch
 * take the place of earlier ones that could not be read.
 *
 * The key says whether anything has changed since the last judgement: HMAC-SHA256 (RFC 2104) over what was
 * registered, declared and measured. It covers evidence after the door only, so nothing about a fetus's sex is in it. */
#include "batch_room.h"

#include "../lab/assays/assay.h"
#include "../lab/hold.h"
#include "../lab/sex.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 4096 };

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

/* Evidence of an earlier sample. What a file of this very batch brought is left out: it may not yet have been
 * read, and the answer must not depend on that. */
static void load_history_of(Slot *slot, Run *run, const KnownList *known, Sample *to)
{
    for (size_t i = 0; i < known->n; i++) {
        to[i] = known->items[i].sample;
        Pieces all = ledger_evidence(run->ledger, to[i].id, slot->arena);
        Member m = {.pieces.items = arena_alloc(slot->arena, (all.n + 1) * sizeof(Piece))};
        for (size_t k = 0; k < all.n; k++)
            if (!all.items[k].file || all.items[k].batch < run->batch.id)
                m.pieces.items[m.pieces.n++] = all.items[k];
        case_merge(&to[i].evidence, &m.pieces, slot->arena);
        (void)controls_apply(&to[i].evidence, run->qc, slot->arena);
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
        if (known.n == 0) continue;
        Sample *all = arena_alloc(slot->arena, (c->n_history + known.n) * sizeof *all);
        if (c->n_history > 0) memcpy(all, c->history, c->n_history * sizeof *all);
        load_history_of(slot, run, &known, all + c->n_history);
        c->history = all;
        c->n_history += known.n;
    }
}

static RawFile *files_of(Slot *slot, const char *sample)
{
    RawFile *first = NULL, **end = &first;
    for (const RawFile *f = slot->visit->files; f != NULL; f = f->next)
        if (strcmp(f->tube->id, sample) == 0) {
            *end = arena_alloc(slot->arena, sizeof **end);
            **end = *f;
            (*end)->next = NULL;
            end = &(*end)->next;
        }
    return first;
}

static size_t count_files(const RawFile *f)
{
    size_t n = 0;
    for (; f != NULL; f = f->next)
        n++;
    return n;
}

static void load_member(Slot *slot, Run *run, const Known *known)
{
    size_t i = slot->c.n_samples++;
    Member *m = &slot->members[i];
    slot->samples[i] = known->sample;
    *m = (Member){.row = known->id, .files = files_of(slot, known->sample.id)};
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

typedef struct Reading {
    const Run *run;
    const RawFile *file;
    const Sample *sample;
    Arena *arena;
} Reading;

static Status read_open(Evidence *out, int fd, const Reading *r, Note *why)
{
    unsigned char head[HEAD];
    const ResultRow *row = r->file->row;
    Place place = {.file = "results.csv", .row = row->row, .field = "file"};
    ssize_t n;
    do
        n = pread(fd, head, sizeof head, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0) return note_fail(why, IO_FAILED, "file.read", place, NULL);
    const Reader *reader = reader_find(head, (size_t)n);
    if (reader == NULL) return note_fail(why, REFUSED, "file.format", place, NULL);
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
    if (status == OK) status = reader->read(out, &job, why);
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

static void read_file(Evidence *out, const Reading *r)
{
    int fd = -1;
    Note why = {.code = "file.read"};
    Evidence read = {.status = OK};
    Status status = intake_open_result(&fd, &r->run->in, r->file->row, r->sample->fetal, &why);
    if (status == OK) {
        status = read_open(&read, fd, r, &why);
        (void)close(fd);
    }
    if (status == OK && read.status != OK) {
        status = read.status;
        why = read.note;
    }
    if (status == OK) {
        *out = read;
        return;
    }
    close_note(&why, r->sample);
    *out = (Evidence){.status = status, .note = why};
}

static void read_files(Slot *slot, const Run *run, size_t i)
{
    Member *m = &slot->members[i];
    for (const RawFile *f = m->files; f != NULL; f = f->next) {
        Evidence e;
        read_file(&e, &(Reading){run, f, &slot->samples[i], slot->arena});
        m->pieces.items[m->pieces.n++] = (Piece){.revision = slot->samples[i].revision,
                                                 .batch = run->batch.id,
                                                 .file = true,
                                                 .text = evidence_print(&e, slot->arena)};
    }
}

/* ---- merging ---- */

static bool code_since(const Evidence *parsed, const Pieces *pieces, size_t i, const char *code)
{
    for (size_t k = 0; k < pieces->n; k++)
        if (pieces->items[k].revision > pieces->items[i].revision)
            for (size_t r = 0; r < parsed[k].n_results; r++)
                if (strcmp(parsed[k].results[r].code, code) == 0) return true;
    return false;
}

static void merge_results(Evidence *out, const Evidence *parsed, const Pieces *pieces, Arena *arena)
{
    size_t n = 0;
    for (size_t i = 0; i < pieces->n; i++)
        n += parsed[i].n_results;
    out->results = arena_alloc(arena, (n + 1) * sizeof *out->results);
    for (size_t i = 0; i < pieces->n; i++)
        for (size_t r = 0; r < parsed[i].n_results; r++)
            if (!code_since(parsed, pieces, i, parsed[i].results[r].code))
                out->results[out->n_results++] = parsed[i].results[r];
}

/* The highest revision with a file, and of that the batch that came last: its files speak. */
static size_t last_file(const Pieces *pieces)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < pieces->n; i++) {
        const Piece *p = &pieces->items[i];
        if (!p->file) continue;
        const Piece *before = last == SIZE_MAX ? NULL : &pieces->items[last];
        if (before == NULL || p->revision > before->revision ||
            (p->revision == before->revision && p->batch >= before->batch))
            last = i;
    }
    return last;
}

static bool same_kit_twice(const Evidence *out, const Evidence *more)
{
    const char *kit = more->traces[0].kit;
    for (size_t i = 0; i < out->n_traces; i++)
        if (out->traces[i].role == TRACE_SAMPLE && kit[0] != '\0' &&
            strcmp(out->traces[i].kit, kit) == 0)
            return true;
    return false;
}

/* Traces of one sample stand side by side: several kits, or reads of both strands. Two injections of one kit do not. */
static bool merge_traces(Evidence *out, const Evidence *more, Arena *arena)
{
    if (more->n_traces == 0) return true;
    if (same_kit_twice(out, more)) return false;
    Trace *all = arena_alloc(arena, (out->n_traces + more->n_traces) * sizeof *all);
    if (out->n_traces > 0) memcpy(all, out->traces, out->n_traces * sizeof *all);
    memcpy(all + out->n_traces, more->traces, more->n_traces * sizeof *all);
    out->traces = all;
    out->n_traces += more->n_traces;
    return true;
}

static bool read_before(const Pieces *pieces, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (pieces->items[k].file && pieces->items[k].revision == pieces->items[i].revision &&
            strcmp(pieces->items[k].text, pieces->items[i].text) == 0)
            return true;
    return false;
}

static void refuse_two(Evidence *out)
{
    out->calls = NULL;
    out->bins = NULL;
    out->traces = NULL;
    out->n_traces = 0;
    out->status = note_fail(&out->note, REFUSED, "result.two_files",
                            (Place){.file = "results.csv", .field = "file"}, NULL);
}

/* Files that came together must all be readable, and only one of a revision may hold calls or counts of the sample: which of
 * two speaks, a person must say, for the one chosen in silence may be the one without the variant. */
static void merge_files(Evidence *out, const Evidence *parsed, const Pieces *pieces, Arena *arena)
{
    size_t last = last_file(pieces), chosen = SIZE_MAX;
    for (size_t i = 0; i < pieces->n && last != SIZE_MAX; i++) {
        const Piece *p = &pieces->items[i], *of = &pieces->items[last];
        const Evidence *e = &parsed[i];
        if (!p->file || p->revision != of->revision) continue;
        if (e->status != OK && p->batch != of->batch) continue;
        if (e->status != OK) {
            *out = (Evidence){.status = e->status,
                              .note = e->note,
                              .results = out->results,
                              .n_results = out->n_results};
            return;
        }
        bool two = !read_before(pieces, i) && !merge_traces(out, e, arena);
        if (!two && e->calls == NULL && e->bins == NULL) continue;
        if (two || (chosen != SIZE_MAX && strcmp(pieces->items[chosen].text, p->text) != 0)) {
            refuse_two(out);
            return;
        }
        chosen = i;
        out->calls = e->calls;
        out->bins = e->bins;
    }
}

void case_merge(Evidence *out, const Pieces *pieces, Arena *arena)
{
    Evidence *parsed = arena_alloc(arena, (pieces->n + 1) * sizeof *parsed);
    *out = (Evidence){.status = OK};
    for (size_t i = 0; i < pieces->n; i++)
        if (evidence_parse(&parsed[i], pieces->items[i].text, arena, &out->note) != OK) {
            out->status = BAD_INPUT;
            return;
        }
    merge_results(out, parsed, pieces, arena);
    merge_files(out, parsed, pieces, arena);
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

static void mac_sample(Mac *mac, const Sample *s)
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
    mac_text(mac, evidence_print(&s->evidence, mac->arena));
}

static void case_key(Slot *slot, const Run *run)
{
    const Case *c = &slot->c;
    Mac mac = {.arena = slot->arena};
    (void)crypto_auth_hmacsha256_init(&mac.state, ledger_key(run->ledger), LEDGER_KEY);
    mac_text(&mac, c->id);
    mac_number(&mac, (int64_t)c->n_samples);
    for (size_t i = 0; i < c->n_samples; i++)
        mac_sample(&mac, &c->samples[i]);
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
        mac_sample(&mac, &c->history[i]);
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
    if (papers_make(slot, run, &why) != OK) {
        slot->findings.n = slot->n_papers = 0;
        set_failed(slot, NULL, &why);
    }
    for (size_t i = 0; i < slot->c.n_samples; i++)
        slot->failed = slot->failed || slot->members[i].judged.state == JUDGED_NOT_INTERPRETABLE;
}

void case_judge(Slot *slot, const Run *run)
{
    for (size_t i = 0; i < slot->c.n_samples; i++) {
        read_files(slot, run, i);
        case_merge(&slot->samples[i].evidence, &slot->members[i].pieces, slot->arena);
        slot->members[i].qc = controls_apply(&slot->samples[i].evidence, run->qc, slot->arena);
    }
    case_key(slot, run);
    slot->unchanged = slot->previous.id != 0 && !run->options->reissue &&
                      memcmp(slot->key, slot->previous.key, LEDGER_MAC) == 0;
    if (!slot->unchanged) judge(slot, run);
}
