#include "finding.h"

#include <string.h>

const char *answer_code(Answer answer)
{
    static const char *const codes[ANSWERS] = {
        [ANSWER_NOT_ASSESSED] = "not_assessed", [ANSWER_NEGATIVE] = "negative",
        [ANSWER_POSITIVE] = "positive",         [ANSWER_POSSIBLE] = "possible",
        [ANSWER_INVALID] = "invalid",           [ANSWER_FAILED] = "failed",
        [ANSWER_MISSING] = "missing",           [ANSWER_REFUSED] = "refused",
        [ANSWER_MEASURED] = "measured",
    };
    return codes[answer];
}

static const char *text(const char *given)
{
    return given ? given : "";
}

Answer finding_answer(const char *code)
{
    for (int a = 0; a < ANSWERS; a++)
        if (strcmp(answer_code((Answer)a), code) == 0) return (Answer)a;
    return ANSWER_NOT_ASSESSED;
}

Finding finding_about(const Sample *sample, const char *code, const char *item, Answer answer,
                      const char *detail)
{
    return (Finding){.sample = sample->id,
                     .assay = sample->assay,
                     .subject = sample->subject,
                     .fetal = sample->fetal,
                     .code = code,
                     .item = item,
                     .answer = answer,
                     .detail = detail};
}

void finding_add(Findings *findings, Finding finding)
{
    if (findings->n == findings->capacity)
        findings->items = arena_grow(findings->arena, findings->items, &findings->capacity,
                                     sizeof *findings->items);
    Finding *f = &findings->items[findings->n++];
    *f = finding;
    f->sample = text(finding.sample);
    f->assay = text(finding.assay);
    f->code = text(finding.code);
    f->item = text(finding.item);
    f->detail = text(finding.detail);
    f->unit = text(finding.unit);
    f->table = text(finding.table);
    f->version = text(finding.version);
    f->row = text(finding.row);
    f->qc = text(finding.qc);
}
