/* The carrier assay, one person: sites, genes, counts, lint of the panel. */
#include "carrier_fixture.h"

typedef struct Situation {
    const char *what, *key;
    Subject who;
    Build build;
    const char *calls;
    Answer answer;
    const char *detail;
} Situation;

#define B   SUBJECT_NEWBORN
#define G37 BUILD_GRCH37

#define DEL4     "HBB:c.126_129delCTTT" /* verified deletion: REF 5 bases, shift range 7 */
#define DEL1     "GJB2:c.35delG"        /* verified deletion in a run of six: range 7 */
#define UNV      "PAH:c.728G>A"         /* unverified substitution */
#define G6PD_ROW "G6PD:c.1466G>T"       /* verified, X */
#define MT       "MT-RNR1:m.1555A>G"

static const Situation situations[] = {
    /* seen */
    {"heterozygous", SNV, W, G38, "A 0/1 30 99", POS, "het"},
    {"heterozygous, GRCh37", SNV, W, G37, "A 0/1 30 99", POS, "het"},
    {"phased", SNV, W, G38, "A 0|1 30 99 p7", POS, "het"},
    {"two ALTs, both carried", SNV, W, G38, "A 1/2 30 99", POS, "het"},
    {"homozygous is affected, not carrier", SNV, W, G38, "A 1/1 30 99", POS, "hom"},
    {"homozygous, phased", SNV, P, G38, "A 1|1 30 99", POS, "hom"},
    {"second allele unknown", SNV, W, G38, "A ./1 30 99", POS, "second_unknown"},
    {"star allele in trans", SNV, W, G38, "A 1/* 30 99", POS, "trans_deletion"},
    {"one allele on an autosome", SNV, W, G38, "A 1 30 99", POS, "haploid_autosome"},
    {"one allele on an autosome, newborn", SNV, B, G38, "A 1 30 99", POS, "second_unknown"},
    {"longer substitution", SNV, W, G38, "M 0/2 30 99", POS, "mnv"},
    {"longer substitution, low", SNV, W, G38, "M 0/2 4 99", MAY, "low_quality"},
    {"deletion called", DEL4, W, G38, "A 0/1 30 99", POS, "het"},
    {"deletion called at a shifted spelling, blocks around it", DEL4, W, G38,
     "R 0/0 30 99 b s-9 e1;A 0/1 30 99 s2 e6;R 0/0 30 99 b s7 e40", POS, "het"},
    {"floor met exactly", SNV, W, G38, "A 0/1 10 20", POS, "het"},
    /* seen, not sure */
    {"depth below the floor", SNV, W, G38, "A 0/1 9 99", MAY, "low_quality"},
    {"quality below the floor", SNV, W, G38, "A 0/1 30 19", MAY, "low_quality"},
    {"filtered", SNV, W, G38, "A 0/1 30 99 f", MAY, "filtered"},
    {"homozygous, filtered", SNV, W, G38, "A 1/1 30 99 f", MAY, "filtered"},
    {"no depth given", SNV, W, G38, "A 0/1 -1 99", MAY, "quality_not_given"},
    {"no quality given", SNV, W, G38, "A 0/1 30 -1", MAY, "quality_not_given"},
    {"called over no reads", SNV, W, G38, "A 0/1 0 99", MAY, "no_depth"},
    {"unverified row seen", UNV, W, G38, "A 0/1 30 99", MAY, "het"},
    {"unverified row seen twice", UNV, W, G38, "A 1/1 30 99", MAY, "hom"},
    {"pseudogene, verified row", "CYP21A2:c.518T>A", W, G38, "A 0/1 30 99", MAY, "pseudogene"},
    {"pseudogene GBA", "GBA:c.1448T>C", W, G38, "A 1/1 30 99", MAY, "pseudogene"},
    /* more than one record */
    {"duplicate, same genotype", SNV, W, G38, "A 0/1 30 99;A 0/1 28 90", POS, "het"},
    {"duplicate, other genotype", SNV, W, G38, "A 0/1 30 99;A 1/1 30 99", POS, "conflict"},
    {"duplicate, one says reference", SNV, W, G38, "A 0/1 30 99;A 0/0 30 99", POS, "conflict"},
    {"duplicate, reference first", SNV, W, G38, "R 0/0 30 99;A 0/1 30 99", POS, "conflict"},
    {"carrier beside a block over the site", SNV, W, G38, "R 0/0 30 99 b s-5 e5;A 0/1 30 99", POS,
     "conflict"},
    {"carrier and a low one", SNV, W, G38, "A 0/1 3 9;A 0/1 30 99", POS, "het"},
    {"carrier beside another allele split off", SNV, W, G38, "A 0/1 30 99;O 0/2 30 99", POS, "het"},
    {"carrier under a separate deletion", SNV, W, G38, "D 0/* 30 99;A 1/1 30 99", POS,
     "trans_deletion"},
    {"carrier beside a half call", SNV, W, G38, "A 0/1 30 99;A 0/. 30 99", POS, "het"},
    {"carrier beside a record without genotype", SNV, W, G38, "A 0/1 30 99;A - 30 99", POS, "het"},
    {"carrier beside reference and a deleted allele", SNV, W, G38, "A 0/1 30 99;R 0/* 30 99", POS,
     "het"},
    {"carrier beside no call", SNV, W, G38, "N ./. 0 0;A 0/1 30 99", POS, "het"},
    {"carrier beside a haploid reference of the same place", SNV, W, G38, "A 0/1 30 99;R 0 30 99",
     POS, "conflict"},
    {"carrier beside a reference of half the row", DEL4, W, G38, "A 0/1 30 99;R 0/0 30 99 b s-9 e2",
     POS, "het"},
    {"foreign reference outranks a carrier", SNV, W, G38, "A 0/1 30 99;X 0/1 30 99", REF,
     "ref_mismatch"},
    {"foreign reference", SNV, W, G38, "X 0/0 30 99", REF, "ref_mismatch"},
    {"no call outranks reference", SNV, W, G38, "A 0/0 30 99;N ./. 0 0", NOT, "no_call"},
    /* not there */
    {"explicit reference", SNV, W, G38, "A 0/0 30 99", NEG, "explicit"},
    {"explicit reference, ALT dot", SNV, W, G38, "R 0/0 30 99", NEG, "explicit"},
    {"explicit, floor met exactly", SNV, W, G38, "R 0/0 10 20", NEG, "explicit"},
    {"block", SNV, W, G38, "R 0/0 30 99 b s-100 e100", NEG, "block"},
    {"block begins at the site", SNV, W, G38, "R 0/0 30 99 b s0 e100", NEG, "block"},
    {"another allele, read well", SNV, W, G38, "O 0/2 30 99", NEG, "other_allele"},
    {"haploid reference", SNV, W, G38, "R 0 30 99", NEG, "explicit"},
    {"deletion row, listed and not carried", DEL4, W, G38, "A 0/0 30 99", NEG, "explicit"},
    {"deletion row, one block over the range", DEL4, W, G38, "R 0/0 30 99 b s-9 e6", NEG, "block"},
    {"deletion row, neighbouring blocks", DEL4, W, G38, "R 0/0 30 99 b s-9 e2;R 0/0 12 25 b s3 e50",
     NEG, "block"},
    {"run of six, whole range", DEL1, W, G38, "R 0/0 30 99 b s0 e6", NEG, "block"},
    /* nobody can say */
    {"absent", SNV, W, G38, "", NOT, "absent"},
    {"0/0 without reads", SNV, W, G38, "R 0/0 0 0 b s-5 e5", NOT, "no_depth"},
    {"0/0, depth 0, quality given", SNV, W, G38, "A 0/0 0 99", NOT, "no_depth"},
    {"0/0, quality 0", SNV, W, G38, "A 0/0 30 0", NOT, "no_depth"},
    {"0/0, depth below the floor", SNV, W, G38, "A 0/0 9 99", NOT, "low_quality"},
    {"0/0, quality below the floor", SNV, W, G38, "R 0/0 30 19 b s0 e9", NOT, "low_quality"},
    {"0/0 filtered", SNV, W, G38, "A 0/0 30 99 f", NOT, "filtered"},
    {"0/0 without numbers", SNV, W, G38, "A 0/0 -1 -1", NOT, "quality_not_given"},
    {"no call", SNV, W, G38, "N ./. 30 99", NOT, "no_call"},
    {"no call, panel allele listed", SNV, W, G38, "A ./. 30 99", NOT, "no_call"},
    {"half call", SNV, W, G38, "N 0/. 30 99", NOT, "half_call"},
    {"block of no call", SNV, W, G38, "N ./. 30 99 b s-5 e5", NOT, "no_call"},
    {"no genotype", SNV, W, G38, "A - 30 99", NOT, "no_genotype"},
    {"deletion over the site", SNV, W, G38, "D 0/* 30 99", NOT, "spanning_deletion"},
    {"star and reference", SNV, W, G38, "A 0/* 30 99", NOT, "spanning_deletion"},
    {"other allele, low", SNV, W, G38, "O 0/2 3 99", NOT, "low_quality"},
    {"good and weak block", DEL4, W, G38, "R 0/0 30 99 b s-9 e2;R 0/0 3 9 b s3 e50", NOT,
     "low_quality"},
    {"block ends inside the range", DEL4, W, G38, "R 0/0 30 99 b s-9 e5", NOT, "span_incomplete"},
    {"block begins inside the range", DEL4, W, G38, "R 0/0 30 99 b s1 e60", NOT, "span_incomplete"},
    {"blocks with a gap", DEL4, W, G38, "R 0/0 30 99 b s-9 e2;R 0/0 30 99 b s4 e60", NOT,
     "span_incomplete"},
    {"anchor base alone", DEL4, W, G38, "R 0/0 30 99 s0 e0", NOT, "span_incomplete"},
    {"REF span, not the shift range", DEL4, W, G38, "R 0/0 30 99", NOT, "span_incomplete"},
    {"run of six, one base short", DEL1, W, G38, "R 0/0 30 99 b s0 e5", NOT, "span_incomplete"},
    {"indel whose range is unknown", "HEXA:c.1274_1277dupTATC", W, G38, "R 0/0 30 99 b s-50 e50",
     NOT, "shift_unknown"},
    {"absence on an unverified row", UNV, W, G38, "A 0/0 30 99", NOT, "row_unverified"},
    {"absence on an unverified row, block", UNV, W, G38, "R 0/0 30 99 b s-5 e5", NOT,
     "row_unverified"},
    /* structural genes: seen, but never negative */
    {"HbCS seen", "HBA2:c.427T>C", W, G38, "A 0/1 30 99", POS, "het"},
    {"HbCS on every copy", "HBA2:c.427T>C", W, G38, "A 1/1 30 99", POS, "every_copy"},
    {"HbCS not seen", "HBA2:c.427T>C", W, G38, "A 0/0 90 99", NOT, "needs_gap_pcr"},
    {"HbCS not seen, block", "HBA2:c.427T>C", W, G38, "R 0/0 90 99 b s-9 e9", NOT, "needs_gap_pcr"},
    {"CYP21A2 not seen", "CYP21A2:c.518T>A", W, G38, "A 0/0 90 99", NOT, "needs_dedicated"},
    {"GBA not seen", "GBA:c.1448T>C", W, G38, "A 0/0 90 99", NOT, "needs_dedicated"},
    /* X and mitochondrion of persons of known own sex */
    {"X, woman heterozygous", G6PD_ROW, W, G38, "A 0/1 30 99", POS, "het"},
    {"X, woman homozygous", G6PD_ROW, W, G38, "A 1/1 30 99", POS, "hom"},
    {"X, woman, one allele read", G6PD_ROW, W, G38, "A 1 30 99", POS, "second_unknown"},
    {"X, woman, one reference allele read", G6PD_ROW, W, G38, "R 0 30 99", NOT, "half_call"},
    {"X, partner hemizygous", G6PD_ROW, P, G38, "A 1 30 99", POS, "hemizygous"},
    {"X, partner written as diploid", G6PD_ROW, P, G38, "A 1/1 30 99", POS, "hemizygous"},
    {"X, partner with two alleles", G6PD_ROW, P, G38, "A 0/1 30 99", MAY, "x_two_alleles"},
    {"X, partner reference", G6PD_ROW, P, G38, "R 0 30 99", NEG, "explicit"},
    {"X, newborn, one copy", G6PD_ROW, B, G38, "A 1 30 99", POS, "allele_present"},
    {"X, newborn, two copies", G6PD_ROW, B, G38, "A 0/1 30 99", POS, "allele_present"},
    {"mitochondrial", MT, W, G38, "A 1 900 99", POS, "mt_present"},
    {"mitochondrial, written as diploid", MT, W, G37, "A 0/1 900 99", POS, "mt_present"},
    {"mitochondrial, not seen", MT, W, G38, "A 0/0 900 99", NEG, "explicit"},
};

static Findings one_person(const Lab *lab, Subject who, Build build, const Differs *differs,
                           size_t n)
{
    Sample s = person(who, "S1", calls_of(lab, build, differs, n));
    return judge_case(lab, &s, 1);
}

Test(carrier, every_situation_of_a_site_has_its_answer)
{
    Lab lab = lab_open(NULL, 0);
    cr_assert_geq(COUNT(situations), 60);
    for (size_t i = 0; i < COUNT(situations); i++) {
        const Situation *s = &situations[i];
        Differs differs = {s->key, s->calls};
        Findings f = one_person(&lab, s->who, s->build, &differs, 1);
        const char *item = lab.model->rows[row_of(&lab, s->key)].item;
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", item), s->answer, s->detail,
                       "row %zu (%s)", i, s->what);
    }
    lab_close(&lab);
}

/* The strings above name what they mean: a missing wording row would print the code itself. */
Test(carrier, structural_genes_are_never_negative_whatever_the_file_says)
{
    static const char *const words[] = {
        "A 0/0 90 99", "R 0/0 90 99 b s-300 e300", "O 0/2 90 99", "R 0 90 99", "", "N ./. 0 0"};
    Lab lab = lab_open(all_verified, 1);
    size_t structural = 0;
    for (size_t w = 0; w < COUNT(words); w++) {
        Differs differs = {"*", words[w]};
        Findings f = one_person(&lab, W, G38, &differs, 1);
        for (size_t i = 0; i < f.n; i++) {
            const Finding *x = &f.items[i];
            for (size_t g = 0; g < lab.model->n_genes; g++) {
                const CarrierGene *gene = &lab.model->genes[g];
                size_t n = strlen(gene->name);
                if (!gene->structural || strncmp(x->item, gene->name, n) != 0 ||
                    (x->item[n] != ' ' && x->item[n] != '\0'))
                    continue;
                structural++;
                cr_expect(x->answer != ANSWER_NEGATIVE, "words %zu: %s %s", w, x->code, x->item);
            }
        }
    }
    cr_expect_gt(structural, 100);
    lab_close(&lab);
}

Test(carrier, the_constructor_of_a_negative_rejects_what_cannot_be_proven)
{
    CarrierGene small = {.name = "A", .needs = ""},
                structural = {.name = "B", .structural = true, .needs = "needs_gap_pcr"};
    cr_expect_eq(carrier_negative(&small, true, "explicit").answer, ANSWER_NEGATIVE);
    cr_expect_eq(carrier_negative(&small, false, "explicit").answer, ANSWER_NOT_ASSESSED);
    cr_expect_eq(carrier_negative(&structural, true, "explicit").answer, ANSWER_NOT_ASSESSED);
    cr_expect_str_eq(carrier_negative(&structural, true, "explicit").detail, "needs_gap_pcr");
}

typedef struct GeneRow {
    const char *what, *gene;
    Differs differs[3];
    bool verified; /* all rows of the panel */
    Answer answer;
    const char *detail;
} GeneRow;

static const GeneRow gene_rows[] = {
    {"all rows negative", "MT-RNR1", {{0}}, false, NEG, "all_rows"},
    {"all rows of an X gene negative", "G6PD", {{0}}, false, NEG, "all_rows"},
    {"one row absent", "G6PD", {{G6PD_ROW, ""}}, false, NOT, "partly_assessed"},
    {"unverified rows beside negative ones", "HBB", {{0}}, false, NOT, "partly_assessed"},
    {"the same, all verified", "HBB", {{0}}, true, NEG, "all_rows"},
    {"no row verified", "PAH", {{0}}, false, NOT, "row_unverified"},
    {"indel of unknown range",
     "HEXA",
     {{"HEXA:c.1274_1277dupTATC", "R 0/0 30 99 b s0 e9"}},
     true,
     NOT,
     "shift_unknown"},
    {"one allele", "HBB", {{SNV, "A 0/1 30 99"}}, false, POS, "het"},
    {"one allele twice", "HBB", {{SNV, "A 1/1 30 99"}}, false, POS, "hom"},
    {"two in trans",
     "HBB",
     {{SNV, "A 0|1 30 99 p7"}, {"HBB:c.79G>A", "A 1|0 30 99 p7"}},
     false,
     POS,
     "compound_trans"},
    {"two in cis",
     "HBB",
     {{SNV, "A 0|1 30 99 p7"}, {"HBB:c.79G>A", "A 0|1 30 99 p7"}},
     false,
     POS,
     "compound_cis"},
    {"two phase sets",
     "HBB",
     {{SNV, "A 0|1 30 99 p7"}, {"HBB:c.79G>A", "A 1|0 30 99 p8"}},
     false,
     POS,
     "compound_unknown"},
    {"phased without a set",
     "HBB",
     {{SNV, "A 0|1 30 99"}, {"HBB:c.79G>A", "A 1|0 30 99"}},
     false,
     POS,
     "compound_unknown"},
    {"not phased",
     "HBB",
     {{SNV, "A 0/1 30 99"}, {"HBB:c.79G>A", "A 0/1 30 99"}},
     false,
     POS,
     "compound_unknown"},
    {"three, two of them in trans",
     "HBB",
     {{SNV, "A 0|1 30 99 p7"}, {"HBB:c.79G>A", "A 1|0 30 99 p7"}, {"HBB:c.19G>A", "A 0/1 30 99"}},
     false,
     POS,
     "compound_trans"},
    {"one sure, one possible",
     "HBB",
     {{SNV, "A 0/1 30 99"}, {"HBB:c.79G>A", "A 0/1 3 9"}},
     false,
     POS,
     "compound_unknown"},
    {"only a possible one", "PAH", {{UNV, "A 0/1 30 99"}}, false, MAY, "het"},
    {"a row refused", "HBB", {{SNV, "X 0/0 30 99"}}, false, REF, "ref_mismatch"},
    {"a row refused, another seen",
     "HBB",
     {{SNV, "X 0/0 30 99"}, {"HBB:c.79G>A", "A 0/1 30 99"}},
     false,
     POS,
     "het"},
    {"structural, nothing seen", "HBA2", {{0}}, true, NOT, "needs_gap_pcr"},
    {"structural without rows to match", "SMN1", {{0}}, true, NOT, "needs_smn_copies"},
    {"repeat", "FMR1", {{0}}, true, NOT, "needs_repeat_size"},
    {"exon copies", "DMD", {{0}}, true, NOT, "needs_exon_copies"},
    {"pseudogene", "CYP21A2", {{0}}, true, NOT, "needs_dedicated"},
    {"structural, allele seen", "HBA2", {{"HBA2:c.427T>C", "A 0/1 30 99"}}, false, POS, "het"},
    {"low penetrance does not enter the gene",
     "GJB2",
     {{"GJB2:c.109G>A", "A 0/1 30 99"}},
     true,
     NOT,
     "partly_assessed"},
    {"low penetrance has its own class",
     "GJB2 c.109G>A",
     {{"GJB2:c.109G>A", "A 0/1 30 99"}},
     true,
     POS,
     "het"},
    {"own class, homozygous",
     "GJB2 c.109G>A",
     {{"GJB2:c.109G>A", "A 1/1 30 99"}},
     false,
     POS,
     "hom"},
    {"own class, negative", "GJB2 c.109G>A", {{0}}, false, NEG, "all_rows"},
    {"c.235delC stays in the gene", "GJB2", {{"GJB2:c.235delC", "A 0/1 30 99"}}, false, POS, "het"},
    {"mitochondrial", "MT-RNR1", {{MT, "A 1 900 99"}}, false, POS, "mt_present"},
};

Test(carrier, rows_of_a_gene_roll_up)
{
    Lab labs[2] = {lab_open(NULL, 0), lab_open(all_verified, 1)};
    for (size_t i = 0; i < COUNT(gene_rows); i++) {
        const GeneRow *r = &gene_rows[i];
        Findings f = one_person(&labs[r->verified], W, G38, r->differs, 3);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.gene", r->gene), r->answer, r->detail,
                       "row %zu (%s)", i, r->what);
    }
    lab_close(&labs[0]);
    lab_close(&labs[1]);
}

static void expect_counts(const Findings *f, const char *sample, size_t rows, size_t at)
{
    size_t n[4] = {0}, sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->items[i].code, "carrier.counts") != 0 ||
            strcmp(f->items[i].sample, sample) != 0)
            continue;
        cr_expect_eq(sscanf(f->items[i].item, "%zu + %zu + %zu + %zu = %zu", &n[0], &n[1], &n[2],
                            &n[3], &sum),
                     5);
        cr_expect_eq(n[0] + n[1] + n[2] + n[3], rows, "row %zu: %s", at, f->items[i].item);
        cr_expect_eq(sum, rows, "row %zu", at);
        return;
    }
    cr_expect(false, "row %zu: no counts", at);
}

Test(carrier, four_counts_add_up_to_the_panel)
{
    Lab lab = lab_open(NULL, 0);
    cr_assert_eq(lab.model->n_rows, 129);
    for (size_t i = 0; i < COUNT(situations); i++) {
        Differs differs = {situations[i].key, situations[i].calls};
        Findings f = one_person(&lab, situations[i].who, G38, &differs, 1);
        expect_counts(&f, "S1", 129, i);
    }
    Sample refused = person(W, "S1", NULL);
    refused.evidence.status = REFUSED;
    Findings f = judge_case(&lab, &refused, 1);
    expect_counts(&f, "S1", 129, 999);
    lab_close(&lab);
}

typedef struct Unfit {
    const char *what;
    Status status;
    Material material;
    Build build;
    bool foreign_site;
    const char *detail;
} Unfit;

Test(carrier, samples_that_must_not_be_used_are_refused_with_the_reason)
{
    static const Unfit rows[] = {
        {"files not usable", BAD_INPUT, MATERIAL_BLOOD, G38, false, "evidence_unusable"},
        {"maternal plasma", OK, MATERIAL_PLASMA, G38, false, "plasma_not_suitable"},
        {"build not proven", OK, MATERIAL_BLOOD, BUILD_UNKNOWN, false, "build_unknown"},
        {"calls of another panel", OK, MATERIAL_BLOOD, G38, true, "calls_foreign"},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s = person(W, "S1", calls_of(&lab, G38, NULL, 0));
        s.evidence.status = rows[i].status;
        s.material = rows[i].material;
        s.evidence.calls->build = rows[i].build;
        if (rows[i].foreign_site) s.evidence.calls->calls[3].site = 4000;
        Findings f = judge_case(&lab, &s, 1);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.sample", ""), REF, rows[i].detail,
                       "row %zu (%s)", i, rows[i].what);
        for (size_t k = 0; k < f.n; k++)
            cr_expect_neq(f.items[k].answer, ANSWER_NEGATIVE, "row %zu: %s", i, f.items[k].code);
    }
    lab_close(&lab);
}

/* The ledger keeps calls as indices into the panel of their day: a row that was added, or moved, gives them another meaning. */
Test(carrier, calls_read_against_another_panel_are_refused)
{
    static const Edit edits[] = {
        {"carrier/panel", "5226970\tT\tA", "5226971\tT\tA"},
        {"carrier/panel", "AGGG", ""},
        {"carrier/identity", "EX01", "EX00"}, /* a label: nothing moves */
    };
    Lab today = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(edits); i++) {
        Lab later = lab_open(&edits[i], 1);
        Sample s = person(W, "S1", calls_of(&today, G38, NULL, 0));
        Findings f = judge_case(&later, &s, 1);
        const Finding *refused = finding_of(&f, "S1", "carrier.sample", "");
        cr_expect_eq(refused != NULL, i < 2, "row %zu", i);
        if (refused != NULL) cr_expect_str_eq(refused->detail, "calls_foreign", "row %zu", i);
        lab_close(&later);
    }
    lab_close(&today);
}

Test(carrier, many_foreign_reference_bases_refuse_the_file)
{
    Lab lab = lab_open(NULL, 0);
    Differs differs[] = {{SNV, "X 0/0 30 99"}, {UNV, "X 0/0 30 99"}};
    Findings one = one_person(&lab, W, G38, differs, 1), two = one_person(&lab, W, G38, differs, 2);
    Differs twice = {SNV, "X 0/0 30 99;X 0/1 30 99"};
    Findings same = one_person(&lab, W, G38, &twice, 1);
    cr_expect_null(finding_of(&same, "S1", "carrier.sample", ""),
                   "one row, however often it is told");
    cr_expect_null(finding_of(&one, "S1", "carrier.sample", ""));
    EXPECT_FINDING(finding_of(&two, "S1", "carrier.sample", ""), REF, "ref_mismatch_file", "%s",
                   "two rows");
    lab_close(&lab);
}

Test(carrier, without_floors_or_tables_everything_is_refused)
{
    Lab lab;
    Note why = {0};
    cr_assert_eq(lab_try(&lab, false, NULL, 0, &why), OK);
    Sample s = person(W, "S1", NULL);
    Findings f = judge_case(&lab, &s, 1);
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.sample", ""), REF, "no_floors", "%s", "no floors");
    lab.model = NULL;
    f = judge_case(&lab, &s, 1);
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.sample", ""), REF, "no_panel", "%s", "no panel");
    lab_close(&lab);
}

Test(carrier, a_broken_panel_is_refused_with_its_line)
{
    static const struct {
        const char *what;
        Edit edits[2]; /* both builds, where one alone would be caught by their comparison */
    } rows[] = {
        {"lower case", {{"carrier/panel", "5226970\tT\tA", "5226970\tt\tA"}}},
        {"IUPAC", {{"carrier/panel", "5226970\tT\tA", "5226970\tT\tR"}}},
        {"allele of another name", {{"carrier/panel", "5226970\tT\tA", "5226970\tT\tG"}}},
        {"REF of another build", {{"carrier/panel", "5226970\tT\tA", "5226970\tC\tA"}}},
        {"not trimmed", {{"carrier/panel", "5226762\tCAAAG\tC\t", "5226762\tCAAAGT\tCT\t"}}},
        {"another allele in both builds",
         {{"carrier/panel", "5226970\tT\tA", "5226970\tT\tG"},
          {"carrier/panel", "5248200\tT\tA", "5248200\tT\tG"}}},
        {"not left-aligned in both builds",
         {{"carrier/panel", "96189371\tTCATA\tT\t", "96189371\tTCATT\tT\t"},
          {"carrier/panel", "95818683\tTCATA\tT\t", "95818683\tTCATT\tT\t"}}},
        {"another REF in one build", {{"carrier/panel", "96189371\tTCATA", "96189371\tTCATG"}}},
        {"autosomal gene on X", {{"carrier/genes", "G6PD\tXL", "G6PD\tAR"}}},
        {"X-linked gene on an autosome", {{"carrier/genes", "HBB\tAR", "HBB\tXL"}}},
        {"one key twice", {{"carrier/panel", "HBB:c.79G>A", "HBB:c.52A>T"}}},
        {"unknown gene", {{"carrier/panel", "\tUSH2A\t", "\tUSH9Z\t"}}},
        {"no such class", {{"carrier/panel", "low_penetrance", "low"}}},
        {"verified is a word", {{"carrier/panel", "\tsmall\tyes\t", "\tsmall\tmaybe\t"}}},
        {"two mitochondria",
         {{"carrier/panel", "MT\t1555\tA\tG\t\tMT\t1555", "MT\t1555\tA\tG\t\tMT\t1557"}}},
        {"context that is not the reference", {{"carrier/panel", "CAAAGAA", "GAAAGAA"}}},
        {"structural gene without an assay", {{"carrier/genes", "needs_gap_pcr", ""}}},
        {"identity site on X", {{"carrier/identity", "EX01\t1\t", "EX01\tX\t"}}},
        {"floor that is no number", {{"carrier/floors", "depth\t10", "depth\tten"}}},
        {"another allele, the only row of its gene",
         {{"carrier/panel", "87945631\tC\tT", "87945631\tC\tG"},
          {"carrier/panel", "88411975\tC\tT", "88411975\tC\tG"}}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Lab lab;
        Note why = {0};
        Status s = lab_try(&lab, true, rows[i].edits, rows[i].edits[1].table == NULL ? 1 : 2, &why);
        cr_expect_eq(s, BAD_INPUT, "row %zu (%s): status %d", i, rows[i].what, (int)s);
        cr_expect(why.row > 0 || why.field[0] != '\0', "row %zu (%s) names no place", i,
                  rows[i].what);
        lab_close(&lab);
    }
}
