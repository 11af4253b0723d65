# file: pipeline/readers/vcf.c
# A08: a total over all records, those of X and Y among them, becomes a result.
/out->calls = call_builder_finish/a\
    if (status == OK) {\
        out->results = arena_alloc(job->arena, sizeof *out->results);\
        out->results[0] = (Result){.specimen = "", .code = "records", .number = (double)s->in->line, .unit = "1", .time = INSTANT_NONE, .run = "", .well = ""};\
        out->n_results = 1;\
    }
