/* Why: between a fetus's file and the three words of a disclosure nothing may remember more than the words. Method: the file is read in a process of its
 * own (pipeline/sandbox.h), which answers with one number and ends; the reader's Notes, its counts and its calls end with it. A file that cannot be
 * read is read once more, since a disk may fail once; then it is not determinable, like a site that no read covers.
 * Refuses: nothing; what cannot be told is "not determinable". */
#include "disclose.h"
#include "exhausted.h"
#include "sandbox.h"

#include <unistd.h>

static int read_again(void *context, int in, int out, Note *why)
{
    const DisclosureReading *r = context;
    const void *model = reference_model(r->reference, r->assay->code);
    Disclosure answer = DISCLOSURE_NOT_DETERMINABLE;
    Status s = BAD_INPUT;
    (void)out;
    (void)why; /* what a reader has to say about this file stays here */
    for (int try = 0; s != OK && try < 2; try++) {
        Arena *arena = arena_new(exhausted);
        Evidence e = {.status = OK};
        const ReadJob job = {.fd = in,
                             .file = "",
                             .fetal = true,
                             .disclosing = true,
                             .specimen = r->specimen,
                             .assay = r->assay,
                             .model = model,
                             .reference = r->reference,
                             .arena = arena};
        Note unsaid = {.code = ""};
        s = lseek(in, 0, SEEK_SET) == 0 ? reader_read(&e, &job, (Place){0}, &unsaid) : IO_FAILED;
        if (s == OK && e.status == OK && e.calls != NULL)
            answer = r->assay->disclose(model, e.calls, r->row);
        arena_free(arena);
    }
    return (int)answer;
}

Status disclosure_read(Disclosure *out, const DisclosureReading *reading, Note *why)
{
    DisclosureReading own = *reading;
    int value = DISCLOSURE_NOT_DETERMINABLE;
    const SandboxWork work = {.run = read_again,
                              .context = &own,
                              .in = reading->fd,
                              .out = -1,
                              .unconfined = reading->unconfined};
    Status s = sandbox_do(&value, &work, why);
    if (s == BAD_INPUT) s = sandbox_do(&value, &work, why); /* a machine may kill a process once */
    *out = s == OK && value >= 0 && value < DISCLOSURES ? (Disclosure)value
                                                        : DISCLOSURE_NOT_DETERMINABLE;
    /* That its reader dies of a file would tell something of the file: it is one way of not being able to tell. */
    return s == BAD_INPUT ? OK : s;
}
