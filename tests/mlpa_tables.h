/* mlpa_tables - tables of a kit with three regions, five reference probes and all fragments of control, to be changed one cell at a time:
 *
 *     const MlpaModel *m;
 *     mlpa_model(&m, &(MlpaTexts){MLPA_KIT, MLPA_PROBES, MLPA_BANDS, MLPA_PATTERNS}, MLPA_PANEL, arena, &why); */
#ifndef SCREENLAB_TESTS_MLPA_TABLES_H
#define SCREENLAB_TESTS_MLPA_TABLES_H

#include "lab/mlpa.h"
#include "table_fixture.h"

#define MLPA_KIT "k\talpha\tHBA\t3\t4\t0.1\t0.3\t0.4\t50\ts\n"
/* Two of region A, one of B, one of C that is sealed in a fetus; five references. */
#define MLPA_PROBES                                                                                \
    "k\tQ1\tq\t\t-\t1\t63\t65\ts\nk\tQ2\tq\t\t-\t1\t69\t71\ts\nk\tD1\td\t\t-\t1\t87\t89\ts\n"      \
    "k\tD2\td\t\t9\t1\t95\t97\ts\nk\tB\tbenchmark\t\t2\t1\t91\t93\ts\n"                            \
    "k\tA1\ttarget\tA\t16\t1\t140\t142\ts\nk\tR1\treference\t\t1\t1\t150\t152\ts\n"                \
    "k\tB1\ttarget\tB\t16\t1\t160\t162\ts\nk\tR2\treference\t\t3\t1\t170\t172\ts\n"                \
    "k\tA2\ttarget\tA\t16\t1\t180\t182\ts\nk\tR3\treference\t\t4\t1\t190\t192\ts\n"                \
    "k\tC1\ttarget\tC\t16\t1\t200\t202\ts\nk\tR4\treference\t\t5\t1\t210\t212\ts\n"                \
    "k\tR5\treference\t\t22\t1\t220\t222\ts\n"
#define MLPA_BANDS "0\t0\t0.1\ts\n1\t0.4\t0.6\ts\n2\t0.8\t1.2\ts\n3\t1.3\t1.7\ts\n"
#define MLPA_PATTERNS                                                                              \
    "1\talpha\tA=2|B=2|C=2\tcode\tnormal\t\tl\tnegative\td\ts\n"                                   \
    "2\tbeta\tA=1\tcode\tother\t\tl\tnegative\td\ts\n"                                             \
    "3\talpha\tA=1|C=2\tcode\tone\t\tl\tpositive\td\ts\n"                                          \
    "4\talpha\tA=1\tcode\tlater\t\tl\tpositive\td\ts\n"
#define MLPA_PANEL "k\tAMEL\tXY\t1\t195\t198\t4\tyes\ts\n"

typedef struct MlpaTexts {
    const char *kits, *probes, *bands, *patterns;
} MlpaTexts;

static inline void mlpa_table(Reference *r, const char *name, const char *head, const char *rows,
                              Arena *arena)
{
    if (rows == NULL) return;
    fixture_table(r, name, "local", arena_print(arena, "%s\n%s", head, rows), arena);
}

static inline Status mlpa_model(const MlpaModel **out, const MlpaTexts *t, const char *panel,
                                Arena *arena, Note *why)
{
    Reference *r = reference_new(arena, "test", true);
    const void *model;
    mlpa_table(r, "mlpa/kits",
               "kit\tlocus\titem\treferences\treference_probes\tspread\tq_most\td_least\tblank_"
               "most\tsource",
               t->kits, arena);
    mlpa_table(r, "mlpa/probes", "kit\tprobe\trole\tregion\tchromosome\tdye\tlow\thigh\tsource",
               t->probes, arena);
    mlpa_table(r, "mlpa/bands", "copies\tlow\thigh\tsource", t->bands, arena);
    mlpa_table(r, "mlpa/patterns",
               "row\tlocus\tregions\tcode\tvalue\tunit\tlabel\tanswer\tdetail\tsource", t->patterns,
               arena);
    mlpa_table(r, "fragment/panel", "kit\tmarker\tchromosome\tdye\tlow\thigh\trepeat\tsex\tsource",
               panel, arena);
    const Status s = mlpa_prepare(&model, r, arena, why);
    *out = model;
    return s;
}

#endif
