/* sex - the fetal-sex firewall. The law bans telling; this file is the only one that can look.
 *
 * At the door a reader asks sex_firewall_applies() and sex_contig(); what belongs to a sex chromosome of a fetus goes into a
 * Sealed and nowhere else. Nothing here lets anyone read a Sealed: sex chromosomes of a fetus are not assessed. */
#ifndef SCREENLAB_SEX_H
#define SCREENLAB_SEX_H

#include "evidence.h"
#include "sample.h"

/* Fetus, or cfDNA, villus, amniotic fluid, cord blood, products of conception, or unknown: the firewall applies. A
 * newborn's dried spot is not fetal material; an unknown subject or an unknown material is. */
bool sex_firewall_applies(Subject subject, Material material);

/* Whether a contig name (not NUL-terminated) is a sex chromosome in any spelling: X, chrX, 23, NC_000023.*,
 * CM000685.*, chrY, 24, 25 = XY/PAR of PLINK, chrX_..., chrY_..., *_alt of them, HLA no. */
bool sex_contig(const char *name, size_t length);

Sealed *sealed_new(Arena *arena);
void sealed_put_call(Sealed *sealed, const Call *call, Arena *arena);
void sealed_put_result(Sealed *sealed, const Result *result, Arena *arena);

/* Codes and columns that carry a fetus's sex (LOINC 75693-2 ..., "fetal_sex", 胎儿性别 ...): dropped at the door, silently,
 * because a word about it would tell that one was sent. */
bool sex_code_denied(const char *code);
/* The second line: does this text about a fetus hold a deny-word (full-width, traditional, spaced, zero-width and
 * homoglyph spellings folded; English on word boundaries)? */
bool sex_text_denied(const char *utf8);

/* A karyotype that a centre returned (ISCN short form) without its sex chromosomes: "46,XN", "47,XN,+21", "mos 47,XN,+21", "46,XN,t(9;22)".
 * The number is computed from the autosomes. What is not understood, or does not add up, ends in ",other": somebody must ask. Any two texts that
 * differ only in sex chromosomes give the same bytes. */
const char *sex_karyotype(const char *iscn, Arena *arena);

#endif
