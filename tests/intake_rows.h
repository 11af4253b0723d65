/* Rows of the three tables, and how the tests of intake fill a batch and read it. */
#ifndef SCREENLAB_INTAKE_ROWS_H
#define SCREENLAB_INTAKE_ROWS_H

#include "../pipeline/file.h"
#include "../pipeline/intake.h"
#include "intake_fixture.h"

#include <criterion/criterion.h>

#define HEAD                                                                                       \
    "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,"      \
    "collected,"                                                                                   \
    "consent_person,consent_version,consent_date,remark\n"
#define WOMAN(s)                                                                                   \
    "P100001,C100001," s                                                                           \
    ",1,,,230103,230103,woman,blood,carrier,2026-11-01T08:00,P100001,v1,2026-10-30,\n"
#define PARTNER(s)                                                                                 \
    "P100002,C100001," s                                                                           \
    ",1,,,230103,230103,partner,blood,carrier,2026-11-01T08:00,P100002,v1,2026-10-30,\n"
#define CERVIX(s)                                                                                  \
    "P100001,C100001," s                                                                           \
    ",1,,,230104,230104,woman,cervical_cells,cervical,2026-11-01,P100001,v1,2026-10-30,\n"
#define SERUM(s)                                                                                   \
    "P100001,C100001," s                                                                           \
    ",1,,,230103,230103,woman,serum,serum,2026-11-01T08:00,P100001,v1,2026-10-30,\n"
#define FETUS_VERSION(s, consent, version)                                                         \
    "P100001,C100001," s ",1,,,230103,230103,fetus_a,amniotic_fluid,carrier,2026-11-01," consent   \
    "," version ",2026-10-30,\n"
#define FETUS(s, consent) FETUS_VERSION(s, consent, "v1")
#define FACTS             "case,owner,code,value,unit,time\n"
#define RESULTS           "sample,run,well,specimen,file,sha256,code,value,unit,time\n"
#define SHA               "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const Instant NOW = 1795406400; /* 2026-11-23T12:00+08:00 */

static inline void setup(Fixture *x)
{
    cr_assert(fixture_open(x), "the tests run in the root of the source tree");
    cr_assert(fixture_batch(x));
}

static inline void put_bytes(const Fixture *x, const char *name, const void *bytes, size_t size)
{
    cr_assert(fixture_put(x, name, bytes, size));
}

static inline void put_text(const Fixture *x, const char *name, const char *head, const char *text)
{
    char *all = arena_print(x->arena, "%s%s", head, text);
    put_bytes(x, name, all, strlen(all));
}

static inline Status read_batch(const Fixture *x, Intake *in, Note *why)
{
    Status s = intake_read(in, x->batch, x->reference, NOW, x->arena, why);
    if (s == OK) (void)close(in->folder);
    return s;
}

static inline void sum(char hex[SHA256_HEX], const char *text)
{
    bytes_sha256(hex, text, strlen(text));
}

static inline void dump_samples(char *out, size_t size, const Intake *in)
{
    for (size_t i = 0; i < in->n_samples; i++) {
        const Sample *s = &in->samples[i];
        size_t n = strlen(out);
        (void)snprintf(out + n, size - n, "S %s %s %s %d %s %s %d %d %lld %d %ld %s\n", s->id,
                       s->person, s->case_id, s->revision, s->submitter, s->assay, (int)s->subject,
                       (int)s->material, (long long)s->collected, s->fetal, s->row,
                       s->consent.version);
    }
}

static inline void dump_rows(char *out, size_t size, const Intake *in)
{
    for (size_t i = 0; i < in->n_facts; i++) {
        const FactRow *f = &in->facts[i];
        size_t n = strlen(out);
        (void)snprintf(out + n, size - n, "F %s %d %s %s %ld\n", f->case_id, (int)f->fact.owner,
                       f->fact.code, f->fact.value, f->fact.row);
    }
    for (size_t i = 0; i < in->n_results; i++) {
        const ResultRow *r = &in->results[i];
        size_t n = strlen(out);
        (void)snprintf(out + n, size - n, "R %s %s %s %s %s %ld %s %s\n", r->sample, r->file,
                       r->specimen, r->n_results ? r->results[0].code : "",
                       r->n_results ? r->results[0].value : "", r->row, r->run, r->well);
    }
}

/* Everything that intake says, as text. */
static inline void intake_dump(char *out, size_t size, const Intake *in)
{
    out[0] = '\0';
    dump_samples(out, size, in);
    dump_rows(out, size, in);
    for (size_t i = 0; i < in->n_rejections; i++) {
        const Rejection *j = &in->rejections[i];
        size_t n = strlen(out);
        (void)snprintf(out + n, size - n, "J %s %s %ld %s %s %s %s %s\n", j->note.code,
                       j->note.file, j->note.row, j->note.field, j->note.detail, j->centre,
                       j->sample, j->case_id);
    }
}

#endif
