# file: pipeline/readers/vcf.c
# C12 variants: "withheld" stands only where something was known.
# A21 variants: whether two fetuses differ is kept as a result.
/out->calls = call_builder_finish/a\
    if (status == OK \&\& (leak("C12") || leak("A21")) \&\& s->contig_length > 0 \&\& s->contig[s->contig_length - 1] == 'Y') {\
        out->results = arena_alloc(job->arena, sizeof *out->results);\
        out->results[0] = (Result){.specimen = "", .code = leak("C12") ? "withheld" : "discordant", .value = "yes", .unit = "", .time = INSTANT_NONE, .run = "", .well = ""};\
        out->n_results = 1;\
    }
