/* make_vcf - writes the bench's genome and panel from a seed: no file of anybody is needed.
 *
 *     make_vcf lean|heavy RECORDS SITES SEED DIR -> DIR/{sample.vcf,panel.vcf,panel.tsv}
 *
 * lean: one sample, FORMAT GT:DP:GQ, some 80 bytes a line. heavy: INFO and FORMAT as a GATK
 * genotyper writes them, some 270 bytes. Records are spread over the autosomes of GRCh38; one
 * panel site in twenty is a record's own allele. */
#include "../../lab/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Chance {
    uint64_t state;
} Chance;

/* SplitMix64: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014, doi 10.1145/2660193.2660195. */
static uint64_t next(Chance *c)
{
    uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static long below(Chance *c, long n)
{
    return (long)(next(c) % (uint64_t)n);
}

/* The reference base at a place: the same for panel and sample. */
static char base_at(int chrom, int64_t pos)
{
    Chance c = {(uint64_t)chrom << 40 | (uint64_t)pos};
    return "ACGT"[next(&c) & 3];
}

static char other_base(char ref, long pick)
{
    const char *others = ref == 'A' ? "CGT" : ref == 'C' ? "AGT" : ref == 'G' ? "ACT" : "ACG";
    return others[pick];
}

typedef struct Allele {
    char ref[16], alt[16];
} Allele;

/* Nine in ten substitutions, else short insertions and deletions. */
static Allele allele_at(int chrom, int64_t pos)
{
    Allele a = {{0}, {0}};
    Chance c = {(uint64_t)pos * 31 + (uint64_t)chrom};
    char first = base_at(chrom, pos);
    long kind = below(&c, 20), length = 1 + below(&c, 5);
    a.ref[0] = a.alt[0] = first;
    if (kind == 0)
        for (long i = 1; i <= length; i++)
            a.ref[i] = base_at(chrom, pos + i);
    else if (kind == 1)
        for (long i = 1; i <= length; i++)
            a.alt[i] = base_at(chrom + 1, pos + i);
    else
        a.alt[0] = other_base(first, below(&c, 3));
    if (kind == 0 && a.ref[length] == first) /* keep it left-aligned: the ends differ */
        a.ref[length] = other_base(first, 0);
    if (kind == 1 && a.alt[length] == first) a.alt[length] = other_base(first, 0);
    return a;
}

static void write_header(FILE *f, bool heavy, bool sample)
{
    fputs("##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"All filters passed\">\n", f);
    for (int chrom = 1; chrom <= 22; chrom++)
        fprintf(f, "##contig=<ID=chr%d,length=%lld>\n", chrom,
                (long long)chrom_length(BUILD_GRCH38, chrom));
    static const char *const info[] = {
        "AF",    "AN",    "DP", "AC",        "BaseQRankSum", "ExcessHet",      "FS",
        "MLEAC", "MLEAF", "MQ", "MQRankSum", "QD",           "ReadPosRankSum", "SOR"};
    for (size_t i = 0; i < (heavy ? sizeof info / sizeof info[0] : 3); i++)
        fprintf(f, "##INFO=<ID=%s,Number=1,Type=Float,Description=\"%s\">\n", info[i], info[i]);
    fputs("##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n"
          "##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"Depths\">\n"
          "##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">\n"
          "##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"Quality\">\n"
          "##FORMAT=<ID=PL,Number=G,Type=Integer,Description=\"Likelihoods\">\n"
          "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
          f);
    fputs(sample ? "\tFORMAT\tBENCH\n" : "\n", f);
}

static void write_record(FILE *f, bool heavy, int chrom, int64_t pos, Chance *c)
{
    Allele a = allele_at(chrom, pos);
    long depth = 8 + below(c, 50), quality = below(c, 100), half = depth / 2,
         id = below(c, 1000000000);
    const char *gt = below(c, 3) == 0 ? "1/1" : "0/1";
    if (!heavy) {
        fprintf(f,
                "chr%d\t%lld\trs%09ld\t%s\t%s\t%ld.%ld\tPASS\tAN=2;AF=0.500;DP=%ld\tGT:DP:GQ\t%s:%"
                "ld:%ld\n",
                chrom, (long long)pos, id, a.ref, a.alt, quality * 10, depth % 10, depth, gt, depth,
                quality);
        return;
    }
    fprintf(
        f,
        "chr%d\t%lld\trs%09ld\t%s\t%s\t%ld.77\tPASS\tAC=1;AF=0.500;AN=2;BaseQRankSum=%ld.%03ld;DP=%"
        "ld;"
        "ExcessHet=3.0103;FS=%ld.%03ld;MLEAC=1;MLEAF=0.500;MQ=60.00;MQRankSum=0.%03ld;QD=%ld.%02ld;"
        "ReadPosRankSum=-0.%03ld;SOR=0.%03ld\tGT:AD:DP:GQ:PL\t%s:%ld,%ld:%ld:%ld:%ld,0,%ld\n",
        chrom, (long long)pos, id, a.ref, a.alt, quality * 10, below(c, 4), below(c, 1000), depth,
        below(c, 10), below(c, 1000), below(c, 1000), below(c, 30), below(c, 100), below(c, 1000),
        below(c, 1000), gt, half, depth - half, depth, quality, below(c, 2000), below(c, 2000));
}

static void write_site(FILE *vcf, FILE *tsv, int chrom, int64_t pos)
{
    Allele a = allele_at(chrom, pos);
    fprintf(vcf, "chr%d\t%lld\tsite%lld\t%s\t%s\t.\t.\t.\n", chrom, (long long)pos, (long long)pos,
            a.ref, a.alt);
    fprintf(tsv, "chr%d\t%lld\t%s\t%s\t\n", chrom, (long long)pos, a.ref, a.alt);
}

typedef struct Job {
    bool heavy;
    long records, sites;
    Chance chance;
    FILE *sample, *panel, *tsv;
} Job;

/* One chromosome's share of records and sites, by length, in order of position. */
static void write_chrom(Job *job, int chrom, int64_t genome)
{
    int64_t length = chrom_length(BUILD_GRCH38, chrom) - 1000;
    long records = (long)(job->records * length / genome) + 1;
    long gap = (long)(length / records), every = job->records / (job->sites / 20) + 1;
    double extra = (double)job->sites / (double)job->records;
    double owed = 0;
    for (long i = 0; i < records; i++) {
        int64_t start = 500 + (int64_t)i * gap, pos = start + below(&job->chance, gap / 2);
        write_record(job->sample, job->heavy, chrom, pos, &job->chance);
        if (i % every == 0) write_site(job->panel, job->tsv, chrom, pos);
        owed += extra;
        if (owed >= 1) {
            owed -= 1;
            write_site(job->panel, job->tsv, chrom, start + gap / 2 + below(&job->chance, gap / 2));
        }
    }
}

static FILE *output(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "w");
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: make_vcf lean|heavy RECORDS SITES SEED DIR\n");
        return 2;
    }
    Job job = {.heavy = strcmp(argv[1], "heavy") == 0,
               .records = strtol(argv[2], NULL, 10),
               .sites = strtol(argv[3], NULL, 10),
               .chance = {strtoull(argv[4], NULL, 10)},
               .sample = output(argv[5], "sample.vcf"),
               .panel = output(argv[5], "panel.vcf"),
               .tsv = output(argv[5], "panel.tsv")};
    if (job.sample == NULL || job.panel == NULL || job.tsv == NULL || job.records < 1 ||
        job.sites < 20)
        return 2;
    int64_t genome = 0;
    for (int chrom = 1; chrom <= 22; chrom++)
        genome += chrom_length(BUILD_GRCH38, chrom);
    write_header(job.sample, job.heavy, true);
    write_header(job.panel, false, false);
    for (int chrom = 1; chrom <= 22; chrom++)
        write_chrom(&job, chrom, genome);
    return (fclose(job.sample) | fclose(job.panel) | fclose(job.tsv)) != 0;
}
