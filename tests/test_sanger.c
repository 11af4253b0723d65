#include "lab/assays/carrier.h"
#include "sanger_simulation.h"

/* Bases of HBB, minus strand of the genome, c.1 to c.92 and what follows; the variant of most rows is c.20A>T (HbS). */
static const char slice[] =
    "TTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTGAGGAGAAGTCTGCCG"
    "TTACTGCCCTGTGGGGCAAGGTGAACGTGGATGAAGTTGGTGGTGAGGCCCTGGGCAGGTTGGTATCAAGG";
enum { ATG = 46, MOST = 400 };

static const SangerLimits limits = {.one_base = 0.15,
                                    .two_bases = 0.3,
                                    .noise = 0.25,
                                    .quality = 20,
                                    .wrong = 0.2,
                                    .before = 20,
                                    .after = 20};

typedef struct Row {
    const char *what;
    size_t at;
    const char *ref, *alt;      /* asked */
    const char *first, *second; /* what the two chromosomes carry instead of `ref` */
    double share;
    int quality;
    SangerAnswer answer;
} Row;

enum { HBS = ATG + 19, DUP = ATG + 24, DEL = ATG + 16 };

static const Row rows[] = {
    {"reference", HBS, "A", "T", "A", "A", 1, 40, SANGER_REFERENCE},
    {"both", HBS, "A", "T", "A", "T", 1, 40, SANGER_HETEROZYGOUS},
    {"both, uneven", HBS, "A", "T", "T", "A", 0.5, 40, SANGER_HETEROZYGOUS},
    {"variant alone", HBS, "A", "T", "T", "T", 1, 40, SANGER_VARIANT},
    {"a faint second peak", HBS, "A", "T", "A", "T", 0.2, 40, SANGER_UNCLEAR},
    {"background only", HBS, "A", "T", "A", "T", 0.05, 40, SANGER_REFERENCE},
    {"another base", HBS, "A", "T", "A", "C", 1, 40, SANGER_OTHER},
    {"another base alone", HBS, "A", "T", "G", "G", 1, 40, SANGER_OTHER},
    {"poor quality", HBS, "A", "T", "A", "A", 1, 10, SANGER_LOW_QUALITY},
    {"quality at the limit", HBS, "A", "T", "A", "A", 1, 20, SANGER_REFERENCE},
    {"variant, quality at the limit", HBS, "A", "T", "T", "T", 1, 20, SANGER_VARIANT},
    {"quality below the limit", HBS, "A", "T", "A", "A", 1, 19, SANGER_LOW_QUALITY},
    {"poor quality, both", HBS, "A", "T", "A", "T", 1, 10, SANGER_LOW_QUALITY},
    {"deletion, both", DEL, "CTGA", "C", "CTGA", "C", 1, 40, SANGER_HETEROZYGOUS},
    {"deletion, alone", DEL, "CTGA", "C", "C", "C", 1, 40, SANGER_VARIANT},
    {"deletion asked, reference", DEL, "CTGA", "C", "CTGA", "CTGA", 1, 40, SANGER_REFERENCE},
    {"deletion asked, another one", DEL, "CTGA", "C", "CTGA", "CA", 1, 40, SANGER_NOT_READABLE},
    {"duplication, both", DUP, "A", "AG", "A", "AG", 1, 40, SANGER_HETEROZYGOUS},
    {"duplication asked, another inserted", DUP, "A", "AG", "A", "AC", 1, 40, SANGER_NOT_READABLE},
    {"substitution asked behind a deletion", HBS, "A", "T", "AGGA", "A", 1, 40,
     SANGER_NOT_READABLE},
};

static char *with(const Row *row, const char *carried, Arena *arena)
{
    return arena_print(arena, "%.*s%s%s", (int)row->at, slice, carried,
                       slice + row->at + strlen(row->ref));
}

static SangerView ask(const Row *row, bool reverse, bool slice_reversed, Arena *arena)
{
    char *a = with(row, row->first, arena), *b = with(row, row->second, arena);
    SangerView v;
    if (reverse) {
        turn(a);
        turn(b);
    }
    BaseRead read = simulate(a, b, row->share, row->quality, arena);
    SangerQuestion q = {slice, row->at, row->ref, row->alt};
    if (slice_reversed && strlen(row->ref) == strlen(row->alt)) {
        char *s = arena_copy(arena, slice), *r = arena_copy(arena, row->ref);
        char *t = arena_copy(arena, row->alt);
        turn(s);
        turn(r);
        turn(t);
        q = (SangerQuestion){s, strlen(slice) - row->at - strlen(row->ref), r, t};
    }
    sanger_view(&v, &read, &q, &limits, arena);
    return v;
}

Test(sanger, every_situation_on_both_strands)
{
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int s = 0; s < 4; s++) {
            SangerView v = ask(&rows[i], s & 1, s & 2, arena);
            cr_expect(v.answer == rows[i].answer, "%s, %d: %d", rows[i].what, s, v.answer);
        }
    arena_free(arena);
}

Test(sanger, the_strand_is_found_and_the_ratio_told)
{
    Arena *arena = arena_new(NULL);
    SangerView forward = ask(&rows[2], false, false, arena),
               back = ask(&rows[2], true, false, arena);
    cr_expect(!forward.reverse && back.reverse);
    cr_expect(forward.first == HBS && back.first == strlen(slice) - 1 - HBS);
    cr_expect(forward.ratio > 0.45 && forward.ratio < 0.62, "%g", forward.ratio);
    arena_free(arena);
}

/* N stands where people differ: whatever is there is no contradiction. */
Test(sanger, a_polymorphic_place_is_compared_with_nothing)
{
    Arena *arena = arena_new(NULL);
    char *open = arena_copy(arena, slice), *carried = arena_copy(arena, slice);
    open[HBS - 5] = 'N';
    carried[HBS - 5] = carried[HBS - 5] == 'A' ? 'C' : 'A';
    BaseRead read = simulate(slice, carried, 1, 40, arena);
    SangerView v;
    sanger_view(&v, &read, &(SangerQuestion){open, HBS, "A", "T"}, &limits, arena);
    cr_expect(v.answer == SANGER_REFERENCE, "%d", v.answer);
    arena_free(arena);
}

Test(sanger, what_is_not_covered_is_not_answered)
{
    Arena *arena = arena_new(NULL);
    SangerView v;
    BaseRead read = simulate(slice, slice, 1, 40, arena), part = read;
    const SangerQuestion q = {slice, HBS, "A", "T"};
    const struct {
        const char *what;
        size_t from, n;
        SangerQuestion q;
    } cases[] = {
        {"ends before the variant", 0, HBS - 3, q},
        {"ends on the variant", 0, HBS + 1, q},
        {"begins shortly before it", HBS - 10, 60, q},
        {"empty", 0, 0, q},
        {"variant at the edge of the slice", 0, read.n, {slice, 5, "T", "A"}},
        {"the slice holds another base", 0, read.n, {slice, HBS, "G", "T"}},
        {"no variant", 0, read.n, {slice, HBS, "A", "A"}},
        {"outside the slice", 0, read.n, {slice, sizeof slice + 5, "A", "T"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        part = (BaseRead){read.calls + cases[i].from, cases[i].n};
        sanger_view(&v, &part, &cases[i].q, &limits, arena);
        cr_expect(v.answer == SANGER_NOT_COVERED, "%s: %d", cases[i].what, v.answer);
    }
    BaseRead foreign = simulate("ACGTTGCAACGGTTAACCGGATATCGCGTTTAAACCCGGGTTTACGACGT",
                                "ACGTTGCAACGGTTAACCGGATATCGCGTTTAAACCCGGGTTTACGACGT", 1, 40, arena);
    sanger_view(&v, &foreign, &q, &limits, arena);
    cr_expect(v.answer == SANGER_NOT_COVERED, "another slice");
    arena_free(arena);
}

Test(sanger, strands_must_agree)
{
    const struct {
        SangerView views[3];
        size_t n;
        SangerVerdict verdict;
    } cases[] = {
        {{{0}}, 0, VERDICT_NO_READ},
        {{{.answer = SANGER_LOW_QUALITY}}, 1, VERDICT_UNREAD},
        {{{.answer = SANGER_REFERENCE}}, 1, VERDICT_ONE_STRAND_REFERENCE},
        {{{.answer = SANGER_HETEROZYGOUS, .reverse = true}}, 1, VERDICT_ONE_STRAND_SEEN},
        {{{.answer = SANGER_HETEROZYGOUS}, {.answer = SANGER_HETEROZYGOUS}},
         2,
         VERDICT_ONE_STRAND_SEEN},
        {{{.answer = SANGER_HETEROZYGOUS}, {.answer = SANGER_LOW_QUALITY, .reverse = true}},
         2,
         VERDICT_ONE_STRAND_SEEN},
        {{{.answer = SANGER_HETEROZYGOUS}, {.answer = SANGER_HETEROZYGOUS, .reverse = true}},
         2,
         VERDICT_HETEROZYGOUS},
        {{{.answer = SANGER_REFERENCE}, {.answer = SANGER_REFERENCE, .reverse = true}},
         2,
         VERDICT_REFUTED},
        {{{.answer = SANGER_VARIANT}, {.answer = SANGER_VARIANT, .reverse = true}},
         2,
         VERDICT_VARIANT},
        {{{.answer = SANGER_REFERENCE}, {.answer = SANGER_HETEROZYGOUS, .reverse = true}},
         2,
         VERDICT_DISCORDANT},
        {{{.answer = SANGER_VARIANT}, {.answer = SANGER_HETEROZYGOUS, .reverse = true}},
         2,
         VERDICT_DISCORDANT},
        {{{.answer = SANGER_REFERENCE}, {.answer = SANGER_OTHER, .reverse = true}},
         2,
         VERDICT_DISCORDANT},
        {{{.answer = SANGER_REFERENCE},
          {.answer = SANGER_REFERENCE, .reverse = true},
          {.answer = SANGER_HETEROZYGOUS}},
         3,
         VERDICT_DISCORDANT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(sanger_agree(cases[i].views, cases[i].n) == cases[i].verdict, "row %zu: %d", i,
                  sanger_agree(cases[i].views, cases[i].n));
}

/* ---- the assay and its tables ---- */

static const Finding *order(const Reference *r, const char *variant, const Trace *traces, size_t n,
                            bool fetal, Arena *arena)
{
    Result *result = arena_alloc(arena, sizeof *result);
    *result = (Result){.specimen = "",
                       .code = "sanger.variant",
                       .value = variant,
                       .unit = "",
                       .run = "",
                       .well = ""};
    Trace *copy = arena_alloc(arena, (n + 1) * sizeof *copy);
    if (n > 0) memcpy(copy, traces, n * sizeof *copy);
    const Sample s = {.id = "S1",
                      .assay = "sanger",
                      .subject = fetal ? SUBJECT_FETUS_A : SUBJECT_WOMAN,
                      .fetal = fetal,
                      .evidence = {.results = result,
                                   .n_results = variant == NULL ? 0 : 1,
                                   .traces = copy,
                                   .n_traces = n}};
    const Case c = {.id = "C1", .samples = &s, .n_samples = 1};
    Findings *out = arena_alloc(arena, sizeof *out);
    Note why;
    *out = (Findings){.arena = arena};
    cr_assert_eq(assay_find("sanger")->interpret(out, &c, r, arena, &why), OK);
    return find_finding(out, "sanger.variant");
}

static void expect(const Finding *f, Answer answer, const char *detail, const char *what)
{
    cr_assert_not_null(f);
    cr_expect(f->answer == answer && strcmp(f->detail, detail) == 0, "%s: %s %s", what,
              answer_code(f->answer), f->detail);
}

Test(sanger, the_assay_answers_for_the_named_variant_only)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    const SangerModel *m = reference_model(r, "sanger");
    const SangerVariant *v = sanger_variant(m, "HBB:c.52A>T"),
                        *open = sanger_variant(m, "HBB:c.-78A>C");
    cr_assert(v != NULL && v->slice != NULL && v->verified && open != NULL && !open->verified);
    const Trace both[] = {read_of(v, "T", "A", false, arena), read_of(v, "A", "T", true, arena)};
    const Trace none[] = {read_of(v, "T", "T", false, arena), read_of(v, "T", "T", true, arena)};
    const Trace all[] = {read_of(v, "A", "A", false, arena), read_of(v, "A", "A", true, arena)};
    const Trace mixed[] = {both[0], none[1]};
    const Trace doubt[] = {read_of(open, "T", "G", false, arena),
                           read_of(open, "G", "T", true, arena)};
    const Trace clean[] = {read_of(open, "T", "T", false, arena),
                           read_of(open, "T", "T", true, arena)};
    expect(order(r, v->key, both, 2, false, arena), ANSWER_POSITIVE, "sanger_both", "both");
    expect(order(r, v->key, all, 2, false, arena), ANSWER_POSITIVE, "sanger_every_copy", "alone");
    expect(order(r, v->key, none, 2, false, arena), ANSWER_NEGATIVE, "sanger_refuted", "refuted");
    expect(order(r, v->key, mixed, 2, false, arena), ANSWER_POSSIBLE, "sanger_discordant",
           "strands");
    expect(order(r, v->key, both, 1, false, arena), ANSWER_POSSIBLE, "sanger_one_strand",
           "one strand");
    expect(order(r, v->key, none, 1, false, arena), ANSWER_NOT_ASSESSED, "sanger_one_strand",
           "one strand");
    expect(order(r, v->key, NULL, 0, false, arena), ANSWER_MISSING, "sanger_no_read", "no read");
    expect(order(r, NULL, both, 2, false, arena), ANSWER_MISSING, "sanger_no_order", "no order");
    expect(order(r, open->key, doubt, 2, false, arena), ANSWER_POSSIBLE, "sanger_both",
           "unverified place");
    expect(order(r, open->key, clean, 2, false, arena), ANSWER_NOT_ASSESSED, "row_unverified",
           "unverified place");
    expect(order(r, "HBB:c.315+1G>A", none, 2, false, arena), ANSWER_NOT_ASSESSED,
           "sanger_not_covered", "elsewhere");
    expect(order(r, "PAH:c.1222C>T", none, 2, false, arena), ANSWER_NOT_ASSESSED, "sanger_no_slice",
           "no slice");
    expect(order(r, "XXX:c.1A>T", none, 2, false, arena), ANSWER_REFUSED, "sanger_unknown_variant",
           "unknown");
    expect(order(r, v->key, both, 2, true, arena), ANSWER_POSITIVE, "sanger_both",
           "autosome of a fetus");
    expect(order(r, "G6PD:c.1466G>T", both, 2, true, arena), ANSWER_NOT_ASSESSED, "fetal_xlinked",
           "X of a fetus");
    expect(order(r, "G6PD:c.1466G>T", NULL, 0, true, arena), ANSWER_NOT_ASSESSED, "fetal_xlinked",
           "X of a fetus");
    arena_free(arena);
}

/* A file that says one thing: one copy of that row, well read. */
static CallSet *seen(const CarrierModel *m, const char *key, Arena *arena)
{
    CallSet *set = arena_alloc(arena, sizeof *set);
    *set = (CallSet){.build = BUILD_GRCH38,
                     .panel = site_index_fingerprint(carrier_sites(m, BUILD_GRCH38)),
                     .n_identity = m->n_identity,
                     .n_calls = 1};
    set->identity = arena_alloc(arena, m->n_identity + 1);
    memset(set->identity, -1, m->n_identity);
    set->calls = arena_alloc(arena, sizeof *set->calls);
    for (size_t i = 0; i < m->n_rows; i++) {
        const Site *site = &m->rows[i].places[1];
        if (strcmp(m->rows[i].key, key) != 0) continue;
        *set->calls = (Call){.site = (uint32_t)m->rows[i].site,
                             .kind = CALL_ALLELE,
                             .ploidy = 2,
                             .copies = 1,
                             .depth = 40,
                             .quality = 99,
                             .first = -1,
                             .phase_set = -1,
                             .start = site->pos,
                             .end = site->pos + (int64_t)strlen(site->ref) - 1};
    }
    return set;
}

Test(sanger, without_an_order_the_carrier_assays_variant_is_looked_for)
{
    static const struct {
        const char *what;
        Subject seen_in, tube;
        const char *key, *ordered;
        Answer answer;
        const char *detail, *item;
    } rows[] = {
        {"own", SUBJECT_WOMAN, SUBJECT_WOMAN, "HBB:c.52A>T", NULL, ANSWER_POSITIVE, "sanger_both",
         "HBB c.52A>T"},
        {"the partner's", SUBJECT_PARTNER, SUBJECT_WOMAN, "HBB:c.52A>T", NULL, ANSWER_MISSING,
         "sanger_no_order", ""},
        {"a parent's, in the fetus", SUBJECT_PARTNER, SUBJECT_FETUS_A, "HBB:c.52A>T", NULL,
         ANSWER_POSITIVE, "sanger_both", "HBB c.52A>T"},
        {"X of the mother, in the fetus", SUBJECT_WOMAN, SUBJECT_FETUS_A, "G6PD:c.1466G>T", NULL,
         ANSWER_NOT_ASSESSED, "fetal_xlinked", "G6PD c.1466G>T"},
        {"the order comes first", SUBJECT_WOMAN, SUBJECT_WOMAN, "HBB:c.52A>T", "PAH:c.1222C>T",
         ANSWER_NOT_ASSESSED, "sanger_no_slice", "PAH c.1222C>T"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        const Reference *r = demo_release(arena);
        const SangerVariant *v = sanger_variant(reference_model(r, "sanger"), "HBB:c.52A>T");
        Trace both[] = {read_of(v, "T", "A", false, arena), read_of(v, "A", "T", true, arena)};
        Result result = {.specimen = "",
                         .code = "sanger.variant",
                         .value = rows[i].ordered,
                         .unit = "",
                         .run = "",
                         .well = ""};
        const Sample samples[] = {
            {.id = "S1",
             .person = rows[i].seen_in == SUBJECT_WOMAN ? "P1" : "P2",
             .assay = "carrier",
             .subject = rows[i].seen_in,
             .material = MATERIAL_BLOOD,
             .evidence = {.calls = seen(reference_model(r, "carrier"), rows[i].key, arena)}},
            {.id = "S2",
             .person = rows[i].tube == SUBJECT_WOMAN ? "P1" : "F1",
             .assay = "sanger",
             .subject = rows[i].tube,
             .fetal = rows[i].tube == SUBJECT_FETUS_A,
             .evidence = {.results = &result,
                          .n_results = rows[i].ordered != NULL,
                          .traces = both,
                          .n_traces = 2}}};
        const Case c = {.id = "C1", .samples = samples, .n_samples = 2};
        Findings out = {.arena = arena};
        Note why;
        cr_assert_eq(assay_find("sanger")->interpret(&out, &c, r, arena, &why), OK);
        const Finding *f = find_finding(&out, "sanger.variant");
        expect(f, rows[i].answer, rows[i].detail, rows[i].what);
        cr_expect_str_eq(f->item, rows[i].item, "%s", rows[i].what);
        bool told = false;
        for (size_t k = 0; k < out.n; k++) {
            const Finding *each = &out.items[k];
            told |= strcmp(each->detail, "sanger_from_carrier") == 0;
            const Decision d =
                decide(reference_rules(r, "triage"),
                       (const char *const[]){each->code, answer_code(each->answer), each->detail});
            cr_expect(d.row >= 0, "%s: triage has no row for %s %s", rows[i].what, each->code,
                      each->detail);
        }
        cr_expect_eq(told, rows[i].ordered == NULL && rows[i].answer != ANSWER_MISSING, "%s",
                     rows[i].what);
        arena_free(arena);
    }
}

Test(sanger, the_door_takes_only_bases_of_the_declared_amplicon)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    const SangerVariant *v = sanger_variant(reference_model(r, "sanger"), "HBB:c.52A>T");
    const Trace t = read_of(v, "T", "A", true, arena);
    const BaseRead own = {t.bases, t.n_bases}, few = {t.bases, 40};
    cr_expect(sanger_admits(r, "HBB-1", &own, arena));
    cr_expect_not(sanger_admits(r, "GJB2-2", &own, arena), "another amplicon");
    cr_expect_not(sanger_admits(r, "", &own, arena), "none declared");
    cr_expect_not(sanger_admits(r, "HBB-1", &few, arena), "too few bases to say");
    arena_free(arena);
}

/* What may be ordered is the panel, no more and no less. */
Test(sanger, orders_are_rows_of_the_panel)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    const SangerModel *m = reference_model(r, "sanger");
    const Table *results = reference_table(r, "results");
    const char *values = "";
    size_t listed = 0, placed = 0;
    for (size_t i = 0; i < results->n_rows; i++)
        if (strcmp(table_cell(results, i, 0), "sanger.variant") == 0)
            values = table_get(results, i, "values");
    for (const char *p = values; *p != '\0'; listed++) {
        size_t n = strcspn(p, "|");
        cr_expect_not_null(sanger_variant(m, arena_copy_n(arena, p, n)), "%.*s", (int)n, p);
        p += n + (p[n] == '|');
    }
    for (size_t i = 0; i < m->n_variants; i++)
        placed += m->variants[i].slice != NULL ? 1 : 0;
    cr_expect_eq(listed, m->n_variants);
    cr_expect_eq(placed, 30, "%zu variants have a slice", placed);
    arena_free(arena);
}

static Status prepare(const char *slices, const char *limit, Note *why)
{
    static const char limits[] = "key\tvalue\tunit\tsource\none_base\t0.15\t1\t\ntwo_bases\t0."
                                 "3\t1\t\nnoise\t0.25\t1\t\nquality\t20\tPhred\t\n"
                                 "wrong\t0.2\t1\t\nbefore\t20\tbases\t\n";
    Arena *arena = arena_new(NULL);
    Reference *r = reference_new(arena, "test", true);
    const void *model = NULL;
    add_table(
        r, "sanger/slices", "sourced",
        arena_print(arena, "slice\tgene\tchromosome\tstart\tbases\tchecked\tsource\n%s", slices),
        arena);
    add_table(r, "sanger/limits", "example", arena_print(arena, "%s%s", limits, limit), arena);
    add_table(r, "carrier/panel", "sourced",
              "row\tmechanism\tchrom38\tpos38\tref38\talt38\tverified\nG:c.1A>"
              "T\tsmall\t5\t103\tA\tT\tyes\nG:del\tstructural\t\t\t\t\tno\n",
              arena);
    Status s = sanger_prepare(&model, r, arena, why);
    cr_expect((model != NULL) == (s == OK));
    arena_free(arena);
    return s;
}

Test(sanger, tables_are_checked_before_the_first_sample)
{
    static const char after[] = "after\t20\tbases\t\n";
    static const struct {
        const char *slices, *limit;
        Status status;
        const char *code;
    } rows[] = {
        {"s\tG\t5\t100\tCCCACCC\t\t\n", after, OK, ""},
        {"s\tG\t5\t200\tCCCACCC\t\t\n", after, OK, ""}, /* covers no variant */
        {"s\tG\t5\t100\tCCCGCCC\t\t\n", after, BAD_INPUT,
         "sanger.slice"}, /* another REF than the panel's */
        {"s\tG\t5\t100\tCCCaCCC\t\t\n", after, BAD_INPUT, "sanger.slice"},
        {"s\tG\t5\tx\tCCCACCC\t\t\n", after, BAD_INPUT, "sanger.slice"},
        {"s\tG\t\t100\tCCCACCC\t\t\n", after, BAD_INPUT, "sanger.slice"},
        {"s\tG\t5\t100\tCCCACCC\t\t\n", "", BAD_INPUT, "sanger.limit"},
        {"s\tG\t5\t100\tCCCACCC\t\t\n", "after\t2\tbases\t\n", BAD_INPUT, "sanger.limit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Note why = {.code = ""};
        cr_expect_eq(prepare(rows[i].slices, rows[i].limit, &why), rows[i].status, "row %zu", i);
        if (rows[i].status != OK) cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
    }
}

/* Each read of the sample that covers the ordered variant has its picture; an X-linked variant of a fetus has none. */
Test(sanger, pictures_of_what_was_ordered)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    const SangerVariant *v = sanger_variant(reference_model(r, "sanger"), "HBB:c.52A>T");
    Trace both[] = {read_of(v, "A", "T", false, arena), read_of(v, "A", "T", true, arena)};
    for (int i = 0; i < 8; i++) {
        Result order = {.specimen = "",
                        .code = "sanger.variant",
                        .value = i == 1   ? "nobody:knows"
                                 : i == 2 ? "HBB:c.-78A>C"
                                          : "HBB:c.52A>T",
                        .unit = ""};
        Trace traces[] = {both[0], both[1]};
        Sample s = {
            .id = "S1",
            .assay = i == 3 ? "mlpa" : "sanger",
            .subject = SUBJECT_WOMAN,
            .evidence = {.results = &order, .n_results = i != 4, .traces = traces, .n_traces = 2}};
        if (i == 5) s.evidence.status = BAD_INPUT;
        if (i == 6) traces[0].role = TRACE_CONTROL;
        if (i == 7) traces[1].n_bases = 0;
        const Case c = {.id = "C1", .samples = &s, .n_samples = 1};
        Figures figures = {.arena = arena};
        assay_find("sanger")->draw(&figures, &c, r, arena);
        cr_expect_eq(figures.n, i == 0 ? 2U : i >= 6 ? 1U : 0U, "row %d: %zu", i, figures.n);
        if (i == 0) {
            cr_expect_str_eq(figures.items[0].sample, "S1 (+)");
            cr_expect_str_eq(figures.items[1].sample, "S1 (-)");
        }
    }
    arena_free(arena);
}
