/* The giving: is this the file that was judged, and was its sample fit; what does it say; one signed document.
 *
 * Rows first, document second, other than everywhere else: who was told something about a fetus must stand in the audit before anybody can read it. A kill
 * between the two leaves a giving without its document; the same command again, while the approvals hold, writes it, the same bytes: its time and person are
 * those of the row, and a signature holds no chance. A document is written after its signature, so none stands there unsigned.
 *
 * The three answers are told in sentences of one length, and the name, the rows and what is printed do not know which it was. */
#include "../reports/disclosure.h"
#include "disclose_room.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t FILE_CEILING = (int64_t)256 << 30;

/* ---- the file and its sample ---- */

static const Known *sample_of_file(const Matter *m, const char *sha256)
{
    const DisclosureDesk *desk = m->desk;
    const char *specimen = desk->specimen != NULL ? desk->specimen : "";
    for (size_t i = 0; i < m->samples.n; i++) {
        const Known *k = &m->samples.items[i];
        unsigned char digest[LEDGER_MAC];
        if (!disclosure_is_fetal(m, k)) continue;
        ledger_raw_digest(digest, desk->ledger, k->sample.id, sha256, specimen);
        if (ledger_sealed_revision(desk->ledger, k->sample.id, digest) == k->sample.revision)
            return k;
    }
    return NULL;
}

static bool excludes_maternal_cells(const Matter *m, const Finding *f, const Sample *s)
{
    Arena *arena = m->desk->arena;
    if (strcmp(f->code, m->limits.maternal_cells) != 0 || f->answer != ANSWER_NEGATIVE)
        return false;
    return (f->fetal && f->subject == s->subject) ||
           strcmp(f->item, arena_print(arena, "%s - %s", m->mother, s->id)) == 0 ||
           strcmp(f->item, arena_print(arena, "%s - %s", s->id, m->mother)) == 0;
}

static const char *sample_gate(const Matter *m, const Known *known)
{
    const DisclosureDesk *desk = m->desk;
    Judged judged = {0};
    if (known == NULL) return "disclose.evidence";
    if (!ledger_judged(&judged, desk->ledger, m->verdict.id, known->id, desk->arena) ||
        judged.state != JUDGED_INTERPRETED)
        return "disclose.sample";
    ToldList told = ledger_findings(desk->ledger, m->verdict.id, desk->reference, desk->arena);
    for (size_t i = 0; i < told.n; i++)
        if (excludes_maternal_cells(m, &told.items[i].finding, &known->sample)) return NULL;
    return "disclose.maternal_cells";
}

/* The open file and whose it is. A Note about it names no file: its name may tell. */
static Status open_evidence(int *fd, const Known **sample, const Matter *m, Note *why)
{
    const DisclosureDesk *desk = m->desk;
    char sha256[SHA256_HEX] = "";
    Status s = file_open_path(fd, desk->evidence, FILE_CEILING, desk->arena, (Place){0}, why);
    if (s == OK) s = file_sha256(sha256, *fd, (Place){0}, why);
    if (s != OK) {
        if (why != NULL) why->file[0] = why->detail[0] = '\0';
        return s;
    }
    *sample = sample_of_file(m, sha256);
    const char *fault = sample_gate(m, *sample);
    return fault != NULL ? disclosure_refuse(fault, why) : OK;
}

/* ---- the document ---- */

static const DisclosureAct *given(const Matter *m, const char *sample)
{
    for (size_t i = 0; i < m->acts.n; i++) {
        const DisclosureAct *a = &m->acts.items[i];
        if (a->request == m->request->id && strcmp(a->kind, "give") == 0 &&
            strcmp(a->sample, sample) == 0 && disclosure_act_holds(m, a))
            return a;
    }
    return NULL;
}

static Status make_document(Document *out, const Matter *m, const DisclosureAct *act,
                            Disclosure answer, Note *why)
{
    const DisclosureDesk *desk = m->desk;
    size_t n = 0;
    DisclosureExpert *experts = disclosure_experts(&n, m, act->id);
    const Stamp stamp = {.lang = desk->lang,
                         .now = act->time,
                         .offset_minutes = reference_offset_minutes(desk->reference),
                         .program = "screenlab " SCREENLAB_VERSION,
                         .batch = ""};
    const DisclosurePaper paper = {.reference = desk->reference,
                                   .stamp = &stamp,
                                   .case_id = m->wish->case_id,
                                   .sample = act->sample,
                                   .row = m->row,
                                   .condition = &m->condition,
                                   .limits = &m->limits,
                                   .answer = answer,
                                   .requester = m->request->person,
                                   .requested = m->request->time,
                                   .experts = experts,
                                   .n_experts = n,
                                   .giver = act->person,
                                   .fingerprint = sign_fingerprint(desk->key)};
    return report_disclosure(out, &paper, desk->arena, why);
}

static Status open_folder(int *folder, const char *out, Note *why)
{
    int top = -1;
    if (mkdir(out, 0777) != 0 && access(out, F_OK) != 0)
        return note_fail(why, IO_FAILED, "file.write", (Place){.file = out}, NULL);
    Status s = file_open_folder(&top, out, why);
    if (s == OK) s = file_make_folder(folder, top, "disclosed", why);
    if (s == OK) s = file_sync_folder(top, why);
    if (top >= 0) (void)close(top);
    return s;
}

static Status write_document(const Matter *m, const Document *d, const Content *signature,
                             Note *why)
{
    int folder = -1;
    const char *name = arena_print(m->desk->arena, "%s.sig", d->name);
    Status s = open_folder(&folder, m->desk->out, why);
    if (s == OK) s = file_write(folder, name, signature->bytes, signature->size, why);
    if (s == OK) s = file_write(folder, d->name, d->bytes, d->size, why);
    if (s == OK) s = file_sync_folder(folder, why);
    if (folder >= 0) (void)close(folder);
    return s;
}

/* An act with an id stands in the ledger already: its document is written once more. */
static Status issue(const char **document, const Matter *m, const DisclosureAct *act,
                    const char *actor, Disclosure answer, Note *why)
{
    Document d = {0};
    Content signature = {0};
    Arena *arena = m->desk->arena;
    Status s = make_document(&d, m, act, answer, why);
    if (s == OK)
        s = sign_document(&signature, m->desk->key, &(SignedFile){d.name, d.bytes, d.size}, arena,
                          why);
    if (s != OK) return s;
    ledger_begin(m->desk->ledger);
    disclosure_record(m, act->id == 0 ? act : NULL, actor);
    s = ledger_commit(m->desk->ledger, why);
    if (s == OK) s = write_document(m, &d, &signature, why);
    *document = arena_print(arena, "disclosed/%s", d.name);
    return s;
}

Status disclosure_give(const char **document, const Matter *m, const PersonKey *person, Note *why)
{
    int fd = -1;
    const Known *sample = NULL;
    Disclosure answer = DISCLOSURE_NOT_DETERMINABLE;
    Status s = open_evidence(&fd, &sample, m, why);
    if (s == OK) {
        const char *name = m->desk->specimen != NULL ? m->desk->specimen : sample->sample.id;
        s = disclosure_read(&answer,
                            &(DisclosureReading){.fd = fd,
                                                 .specimen = name,
                                                 .assay = m->assay,
                                                 .reference = m->desk->reference,
                                                 .row = m->row,
                                                 .unconfined = m->desk->unconfined},
                            why);
    }
    if (fd >= 0) (void)close(fd);
    if (s != OK) return s;
    const DisclosureAct *before = given(m, sample->sample.id);
    const DisclosureAct act =
        before != NULL ? *before : disclosure_sign(m, person, sample->sample.id);
    return issue(document, m, &act, person->person, answer, why);
}
