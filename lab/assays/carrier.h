/* carrier - what the rooms of the carrier assay share. Only lab/assays/carrier*.c and their tests include this.
 *
 *     carrier_model.c      tables -> CarrierModel, with the lint of the panel
 *     carrier_site.c       the calls of one site -> Verdict; the only place where a negative is made
 *     carrier_gene.c       the verdicts of one gene -> GeneState: zygosity, compound, own class
 *     carrier_alpha.c      deletion result + HBA2 calls -> alpha-globin genotype; SMN1 copies
 *     carrier_couple.c     two persons' states -> risk of the couple; residual risk
 *     carrier_relation.c   are these samples who they say they are? autosomes only
 *     carrier_disclose.c   the mother's variant in her fetus, for an approved disclosure
 *     carrier.c            puts the rooms together and writes the findings
 */
#ifndef SCREENLAB_CARRIER_H
#define SCREENLAB_CARRIER_H

#include "assay.h"

#define CARRIER_CODE "carrier"
#define MLPA_CODE    "mlpa" /* its samples bring coded results too: carrier.c */

typedef enum Inheritance { INHERIT_AR, INHERIT_XL, INHERIT_MT, INHERIT_DISPUTED } Inheritance;
typedef enum Locus { LOCUS_NONE, LOCUS_ALPHA, LOCUS_SMN1 } Locus; /* read by a coded result */

typedef struct CarrierGene {
    const char *name;
    Inheritance inheritance;
    Locus locus;
    bool structural;   /* can never be negative from a VCF */
    bool confirm;      /* pseudogene: every call is "possible, confirm" */
    const char *needs; /* detail code of the assay that can answer, "" = none needed */
    size_t first, n;   /* its rows of the panel stand together */
} CarrierGene;

enum { SITE_NONE = -1 };

typedef struct CarrierRow {
    const char *key;     /* "HBB:c.52A>T" */
    const char *item;    /* "HBB c.52A>T": what a finding prints */
    const char *label;   /* "c.52A>T"; "--SEA" */
    size_t gene;         /* index */
    int32_t site;        /* Call.site, or SITE_NONE for a structural row */
    bool verified;       /* its places agree in two sources */
    bool low_penetrance; /* counted and printed as a class of its own */
    Site places[2];      /* GRCh37, GRCh38 */
} CarrierRow;

/* Placeholders until the laboratory has validated its own: see reference/example/carrier/floors.tsv. */
typedef struct CarrierFloors {
    bool given, example;
    int32_t depth, quality;   /* reads; Phred */
    size_t ref_mismatch_rows; /* from here on the file is refused */
} CarrierFloors;

typedef struct CarrierLimits {
    bool given, example;
    size_t min_sites;
    double same_agreement_min, child_ibs0_max, contamination_agreement_min, couple_ibs0_min;
} CarrierLimits;

typedef struct CarrierModel {
    CarrierGene *genes;
    size_t n_genes;
    CarrierRow *rows;
    size_t n_rows, n_sites, n_identity;
    size_t *row_of_site; /* by Call.site */
    CarrierFloors floors;
    CarrierLimits limits;
    const SiteIndex *index[2]; /* GRCh37, GRCh38 */
    const Table *panel, *gene_table, *floor_table;
    const Table *deletions, *points, *genotypes, *couples, *smn1; /* NULL = not in this release */
    const Table *frequencies;
} CarrierModel;

Status carrier_prepare(const void **out, const Reference *reference, Arena *arena,
                       Note *why) MUST_USE;
const SiteIndex *carrier_sites(const void *model, Build build);
bool carrier_is_x(const CarrierModel *model, size_t row);

/* What is known about one site or gene of one person. */
typedef struct Verdict {
    Answer answer;
    const char *detail; /* code: zygosity, how it was proven, or why not */
    bool unverified;    /* the row is not verified: confirm */
    bool heterozygous;  /* seen, and settled as one copy of two */
    bool both;          /* seen on every copy: homozygous, or hemizygous */
    bool silent;        /* SMN1: copies were counted, a 2+0 carrier is not excluded */
    int8_t first;       /* phase of a heterozygous call: 1 or 0, -1 = unknown */
    int32_t phase_set;  /* -1 = none */
} Verdict;

/* THE constructor of a negative: a gene with structural mechanisms or a row nobody has verified gets "not assessed". */
Verdict carrier_negative(const CarrierGene *gene, bool verified, const char *detail);

/* Judges the calls (all of one site, by position) of a row. `calls` may be empty: then the answer is "absent". */
Verdict carrier_judge_row(const CarrierModel *model, const Sample *sample, size_t row, Build build,
                          const Call *calls, size_t n);

/* What one person can pass on. */
typedef enum State {
    STATE_NOT_ASSESSED,
    STATE_PARTLY, /* some rows negative, others not assessed, none seen */
    STATE_NEGATIVE,
    STATE_CARRIER,   /* one copy: passes it on with 1/2 */
    STATE_AFFECTED,  /* affected genotype: always passes one on */
    STATE_UNSETTLED, /* seen, but copies or phase are not known */
    STATE_POSSIBLE,  /* seen, needs confirmation */
    STATE_SILENT,    /* SMN1: two copies, 2+0 not excluded */
    STATE_REFUSED
} State;

typedef struct GeneState {
    Answer answer;
    State state;
    const char *detail;
    bool unverified;
    size_t negative, rows; /* proven rows of all */
} GeneState;

/* One person's sample, judged. */
typedef struct SampleView {
    const Sample *sample;
    const char *refused; /* detail code; NULL = usable */
    Verdict *verdicts;   /* one a panel row */
    GeneState *genes;    /* one a gene, without the rows of low penetrance */
    GeneState *
        own_class; /* one a gene: rows of low penetrance only; state NOT_ASSESSED and rows 0 = none */
    const char *deletion, *points; /* coded results, NULL = not given */
    const char *chromosomes;       /* "--/aa", "unknown" ... of the alpha locus */
    const char *genotype;          /* "--/aa?" ... ; NULL = nothing known */
    long alpha_row;                /* of alpha_genotypes, -1 = none */
    bool conflict;                 /* coded results contradict each other */
} SampleView;

/* Rolls verdicts of rows first..first+n-1 up; `low` picks the rows of low penetrance, else the others. */
GeneState carrier_roll_up(const CarrierModel *model, const CarrierGene *gene,
                          const Verdict *verdicts, bool low);
/* Two heterozygous alleles of one gene: 1 = on different chromosomes, 0 = on the same, -1 = nobody knows. */
int carrier_in_trans(const Verdict *a, const Verdict *b);

/* Reads the coded results of a person's samples into the view, and the verdicts of alpha and SMN1 rows. */
void carrier_read_results(const CarrierModel *model, const Case *c, SampleView *view);
void carrier_alpha(const CarrierModel *model, SampleView *view, Arena *arena);
void carrier_alpha_findings(const CarrierModel *model, const SampleView *view, Findings *out);

/* woman and partner may be NULL, not both. */
void carrier_couple(const CarrierModel *model, const SampleView *woman, const SampleView *partner,
                    Findings *out);
/* p(1-d)/(1-pd) for a person who is negative for the gene; false = no source gives p and d. */
bool carrier_residual(const CarrierModel *model, const char *gene, double *risk, size_t *table_row);

/* Compares all samples that must be related or the same, marks both of a bad pair as refused, and writes one
 * finding a pair. */
void carrier_relations(const CarrierModel *model, SampleView *views, size_t n, Findings *out);

/* What an approved disclosure asks (assay.h). */
const char *carrier_maternal_row(const void *model, const CallSet *mother, const char *gene);
Disclosure carrier_disclose(const void *model, const CallSet *fetus, const char *row);

/* Judges every sample of the assay; what interpret() calls with the prepared model. NULL model = refused. */
void carrier_interpret(Findings *out, const Case *c, const CarrierModel *model, Arena *arena);

#endif
