/* simulate_city - a year of a city, week by week: what its centres send in, and how they answer what they get.
 *
 *     simulate_city centres TOWNSHIPS                              rows for centres.tsv (below the real districts)
 *     simulate_city batch FOLDER WEEK WEEKS BIRTHS SCREENS TOWNSHIPS SEED   one week's tables
 *     simulate_city answer REFERENCE LEDGER OUT NOW SEED           the transport and all centres: takes packages, writes returns
 *
 * `answer` carries every package away (it is deleted once its checksum is known) and answers by the state of each thread: acknowledged, then
 * attended, refused, lost or moved away; results, treatment, cure, closing. What only the laboratory may close comes as a message of the city.
 * A referral that was sent and whose package is not there is a lost document: exit 1. Chance is a hash of seed and number: the same
 * seed gives the same city. */
#include "../../pipeline/inbox.h"
#include "../../pipeline/release.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../pipeline/file.h"

enum { PATH = 400, DISTRICTS = 18, FIRST_MONDAY = 20458 /* 2026-01-05 */ };

static const char *const districts[DISTRICTS] = {
    "230102", "230103", "230104", "230108", "230109", "230110", "230111", "230112", "230113",
    "230123", "230124", "230125", "230126", "230127", "230128", "230129", "230183", "230184"};

/* Uniform in [0, 1) of seed, number and question (splitmix64, Steele et al. 2014). */
static double chance(uint64_t seed, uint64_t number, uint64_t question)
{
    uint64_t z = seed * UINT64_C(0x9E3779B97F4A7C15) + number * UINT64_C(0xBF58476D1CE4E5B9) +
                 question * UINT64_C(0x94D049BB133111EB);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static uint64_t hash_text(const char *text)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return h;
}

static void township(char id[32], long i)
{
    (void)snprintf(id, 32, "%s%03ld", districts[i % DISTRICTS], 500 + i / DISTRICTS);
}

static int print_centres(long townships)
{
    for (long i = 0; i < townships; i++) {
        char id[32];
        township(id, i);
        (void)printf("%s\t1\t%s\tsampling\t\t\t模拟乡镇%ld\tSimulated township %ld\n", id,
                     districts[i % DISTRICTS], i, i);
    }
    return 0;
}

/* ---- batches ---- */

typedef struct Week {
    FILE *submission, *facts, *results, *controls;
    long week, townships;
    uint64_t seed;
    char day[DATE_TEXT], run[16];
} Week;

static FILE *open_table(const char *folder, const char *name, const char *header)
{
    char path[PATH];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (f == NULL) exit(2);
    (void)fprintf(f, "%s\n", header);
    return f;
}

static void put_sample(const Week *w, const char *id, const char *kind, long number)
{
    char centre[32];
    township(centre, (long)(chance(w->seed, (uint64_t)number, 1) * (double)w->townships));
    (void)fprintf(w->submission, "P%s,C%s,S%s,1,,,%s,%s,%s,%sT09:00,P%s,ZQ-2026-1,%s\n", id, id, id,
                  centre, centre, kind, w->day, id, w->day);
}

static void put_result(const Week *w, const char *id, const char *run, const char *code,
                       const char *value)
{
    (void)fprintf(w->results, "S%s,%s,A1,%s,%s,\n", id, run, code, value);
}

static const char *cytology_of(double u)
{
    return u < 0.70   ? "nilm"
           : u < 0.82 ? "asc_us"
           : u < 0.85 ? "asc_h"
           : u < 0.93 ? "lsil"
           : u < 0.98 ? "hsil"
                      : "unsatisfactory";
}

/* HPV first; those with other high-risk types get cytology, but one in eight does not. */
static void screen(const Week *w, long i)
{
    char id[32], birth[32];
    const uint64_t n = (uint64_t)i;
    double u = chance(w->seed, n, 2);
    (void)snprintf(id, sizeof id, "1%08ld", i);
    (void)snprintf(birth, sizeof birth, "%d-04-18", 1962 + (int)(chance(w->seed, n, 3) * 28));
    put_sample(w, id, "woman,cervical_cells,cervical", i);
    (void)fprintf(w->facts, "C%s,woman,birth_date,%s,,\n", id, birth);
    put_result(w, id, w->run, "hpv.16",
               u < 0.012   ? "positive"
               : u > 0.998 ? "invalid"
                           : "negative");
    put_result(w, id, w->run, "hpv.18",
               u >= 0.012 && u < 0.018 ? "positive"
               : u > 0.998             ? "invalid"
                                       : "negative");
    put_result(w, id, w->run, "hpv.other",
               u >= 0.018 && u < 0.095 ? "positive"
               : u > 0.998             ? "invalid"
                                       : "negative");
    if (u >= 0.018 && u < 0.085)
        put_result(w, id, "", "cytology", cytology_of(chance(w->seed, n, 4)));
}

static void put_number(const Week *w, const char *id, const char *well, const char *code,
                       double value, const char *unit)
{
    (void)fprintf(w->results, "S%s,NB%s,%s,%s,%.4g,%s\n", id, w->run, well, code, value, unit);
}

/* One newborn in 2,000 with a high TSH, one in 8,000 with a high phenylalanine; a few spots are poor. */
static void birth(const Week *w, long i)
{
    char id[32];
    const uint64_t n = (uint64_t)i + UINT64_C(1000000000);
    double u = chance(w->seed, n, 5), spread = chance(w->seed, n, 6);
    bool phe = u >= 0.0005 && u < 0.000625;
    (void)snprintf(id, sizeof id, "2%08ld", i);
    char born[DATE_TEXT];
    Date day;
    if (!date_parse(&day, w->day)) exit(2);
    date_print(born, day - 3);
    put_sample(w, id, "newborn,dried_blood_spot,newborn", (long)n);
    (void)fprintf(w->facts,
                  "C%s,newborn,birth_date,%s,,%sT06:00\nC%s,newborn,birth_weight_g,%d,g,\nC%s,"
                  "newborn,gestation_at_birth_days,%d,d,\nC%s,newborn,transfused,no,,\n",
                  id, born, born, id, 2600 + (int)(spread * 1400), id, 265 + (int)(spread * 20),
                  id);
    if (u > 0.997) (void)fprintf(w->facts, "C%s,newborn,spot_quality,poor,,\n", id);
    put_number(w, id, "A1", "nbs.tsh", u < 0.0005 ? 45 : 1 + 5 * spread, "mU/L");
    put_number(w, id, "P1", "nbs.phe", phe ? 600 : 45 + 20 * spread, "umol/L");
    put_number(w, id, "P2", "nbs.phe", phe ? 610 : 46 + 20 * spread, "umol/L");
    put_number(w, id, "A1", "nbs.17ohp", 8 + 10 * spread, "nmol/L");
    put_number(w, id, "A1", "nbs.g6pd", 5 + 3 * spread, "U/gHb");
    put_number(w, id, "A1", "nbs.galt", 6 + 2 * spread, "U/gHb");
    put_number(w, id, "A1", "nbs.tyr", phe ? 60 : 55 + 20 * spread, "umol/L");
    put_number(w, id, "A1", "nbs.c0", 22 + 8 * spread, "umol/L");
    put_number(w, id, "A1", "nbs.c2", 18 + 6 * spread, "umol/L");
    put_number(w, id, "A1", "nbs.c3", 1.5 + spread, "umol/L");
}

static void put_controls(const Week *w)
{
    static const struct {
        const char *analyte, *unit;
        double low, high;
    } rows[] = {{"nbs.tsh", "mU/L", 8, 35},      {"nbs.phe", "umol/L", 110, 420},
                {"nbs.17ohp", "nmol/L", 22, 85}, {"nbs.g6pd", "U/gHb", 1.8, 8},
                {"nbs.galt", "U/gHb", 2.5, 9},   {"nbs.tyr", "umol/L", 50, 200},
                {"nbs.c0", "umol/L", 12, 60},    {"nbs.c2", "umol/L", 8, 40},
                {"nbs.c3", "umol/L", 1.5, 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        (void)fprintf(w->controls,
                      "NB%s,%s,LOW,A1,%g,%s,%sT08:10,NB-1\nNB%s,%s,HIGH,A1,%g,%s,%sT08:12,NB-1\n",
                      w->run, rows[i].analyte, rows[i].low, rows[i].unit, w->day, w->run,
                      rows[i].analyte, rows[i].high, rows[i].unit, w->day);
}

/* The number of the first of this week when `all` are spread over the weeks. */
static long first_of(long all, long week, long weeks)
{
    return (long)((double)all * (double)week / (double)weeks);
}

static int write_batch(char **a)
{
    long week = strtol(a[1], NULL, 10), weeks = strtol(a[2], NULL, 10);
    long births = strtol(a[3], NULL, 10), screens = strtol(a[4], NULL, 10);
    Week w = {.week = week, .townships = strtol(a[5], NULL, 10), .seed = strtoull(a[6], NULL, 10)};
    date_print(w.day, FIRST_MONDAY + (Date)(7 * week));
    (void)snprintf(w.run, sizeof w.run, "W%02ld", week);
    if (mkdir(a[0], 0777) != 0) return 2;
    w.submission =
        open_table(a[0], "submission.csv",
                   "person,case,sample,revision,replaces,reason,submitter,follow_up,subject,"
                   "material,assay,collected,consent_person,consent_version,consent_date");
    w.facts = open_table(a[0], "facts.csv", "case,owner,code,value,unit,time");
    w.results = open_table(a[0], "results.csv", "sample,run,well,code,value,unit");
    w.controls =
        open_table(a[0], "controls.csv", "run,analyte,material,lot,value,unit,time,instrument");
    put_controls(&w);
    for (long i = first_of(screens, week, weeks); i < first_of(screens, week + 1, weeks); i++)
        screen(&w, i);
    for (long i = first_of(births, week, weeks); i < first_of(births, week + 1, weeks); i++)
        birth(&w, i);
    FILE *const all[] = {w.submission, w.facts, w.results, w.controls};
    int failed = 0;
    for (size_t i = 0; i < 4; i++)
        failed += fclose(all[i]) != 0;
    return failed == 0 ? 0 : 2;
}

/* ---- answers ---- */

typedef struct Answerer {
    const char *out;
    const Reference *reference;
    Ledger *ledger;
    uint64_t seed;
    Date today;
    FILE **files; /* of each centre, NULL = nothing to say yet */
    long lost, packages, rows;
} Answerer;

static FILE *returns_of(Answerer *a, const Centre *c)
{
    const Centres *all = reference_centres(a->reference);
    size_t i = (size_t)(c - all->items);
    char path[PATH];
    if (a->files[i] != NULL) return a->files[i];
    (void)snprintf(path, sizeof path, "%s/inbox", a->out);
    (void)mkdir(path, 0777);
    (void)snprintf(path, sizeof path, "%s/inbox/%s", a->out, c->id);
    (void)mkdir(path, 0777);
    (void)snprintf(path, sizeof path, "%s/inbox/%s/returns.csv", a->out, c->id);
    a->files[i] = fopen(path, "w");
    if (a->files[i] == NULL) exit(2);
    (void)fputs("referral,version,step,date,person,reason,outcome,value,to,sha256\n", a->files[i]);
    return a->files[i];
}

typedef struct Said {
    const char *step, *reason, *outcome, *value, *to, *sha256;
} Said;

static void say(Answerer *a, const CareThread *t, const Centre *who, Said said)
{
    char day[DATE_TEXT];
    date_print(day, a->today);
    (void)fprintf(returns_of(a, who), "%s,%d,%s,%s,N07,%s,%s,%s,%s,%s\n", t->paper, t->version,
                  said.step, day, said.reason ? said.reason : "", said.outcome ? said.outcome : "",
                  said.value ? said.value : "", said.to ? said.to : "",
                  said.sha256 ? said.sha256 : "");
    a->rows++;
}

/* Reads the checksum of the package's document and carries the package away; false when it is not there. */
static bool carry(Answerer *a, const CareThread *t, char sha256[SHA256_HEX])
{
    char folder[PATH], path[2 * PATH];
    (void)snprintf(folder, sizeof folder, "%s/outbox/%s/%s-v%d", a->out, t->at->id, t->paper,
                   t->version);
    DIR *dir = opendir(folder);
    for (int n = 2; dir == NULL && n < 9; n++) {
        (void)snprintf(folder, sizeof folder, "%s/outbox/%s/%s-v%d.again%d", a->out, t->at->id,
                       t->paper, t->version, n);
        dir = opendir(folder);
    }
    if (dir == NULL) return false;
    sha256[0] = '\0';
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
        size_t n = strlen(e->d_name);
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        int fd = n > 4 && strcmp(e->d_name + n - 4, ".xml") == 0 ? open(path, O_RDONLY) : -1;
        if (fd >= 0 && file_sha256(sha256, fd, (Place){0}, NULL) != OK) exit(2);
        if (fd >= 0) (void)close(fd);
        if (e->d_name[0] != '.') (void)unlink(path);
    }
    (void)closedir(dir);
    (void)rmdir(folder);
    a->packages++;
    return sha256[0] != '\0';
}

static void attend(Answerer *a, const CareThread *t, uint64_t n)
{
    double u = chance(a->seed, n, 11);
    if (u < 0.03)
        say(a, t, t->at, (Said){.step = "refused", .reason = "declined"});
    else if (u < 0.05)
        say(a, t, t->at, (Said){.step = "lost", .reason = "three_contacts"});
    else if (u < 0.06 && t->at->level == LEVEL_DISTRICT)
        say(a, t, t->at, (Said){.step = "elsewhere", .reason = "moved", .to = "230100"});
    else
        say(a, t, t->at, (Said){.step = "attended"});
}

/* Number "RN2..." = newborn, "RN1..." = cervical: the case's number stands behind the letters. */
static void examine(Answerer *a, const CareThread *t, uint64_t n)
{
    double u = chance(a->seed, n, 12);
    if (t->paper[2] == '2') {
        if (u < 0.2)
            say(a, t, t->at, (Said){.step = "closed", .reason = "sample_taken"});
        else
            say(a, t, t->at,
                (Said){.step = "result_returned",
                       .outcome = "newborn_diagnosis",
                       .value = u < 0.5 ? "confirmed" : "not_confirmed"});
    } else if (t->at->level == LEVEL_TOWNSHIP) {
        say(a, t, t->at, (Said){.step = "closed", .reason = "sample_taken"});
    } else {
        say(a, t, t->at,
            (Said){.step = "result_returned",
                   .outcome = "colposcopy",
                   .value = u < 0.25  ? "normal"
                            : u < 0.8 ? "low_grade"
                                      : "high_grade"});
        if (u >= 0.25)
            say(a, t, t->at,
                (Said){.step = "result_returned",
                       .outcome = "histology",
                       .value = u < 0.6    ? "normal"
                                : u < 0.8  ? "cin1"
                                : u < 0.92 ? "cin2"
                                : u < 0.99 ? "cin3"
                                           : "microinvasive"});
    }
}

static void conclude(Answerer *a, const CareThread *t, uint64_t n)
{
    if (t->paper[2] == '1' && chance(a->seed, n, 12) >= 0.8 && chance(a->seed, n, 13) < 0.95)
        say(a, t, t->at, (Said){.step = "treated", .outcome = "treatment", .value = "excision"});
    else
        say(a, t, t->at, (Said){.step = "closed", .reason = "no_further_action"});
}

/* Some centres are slow: one in twenty answers a week later. */
static bool is_slow(const Answerer *a, uint64_t n)
{
    return chance(a->seed, n + (uint64_t)a->today, 14) < 0.05;
}

static void receive(Answerer *a, const CareThread *t)
{
    char sha256[SHA256_HEX];
    if (carry(a, t, sha256)) {
        say(a, t, t->at, (Said){.step = "received", .sha256 = sha256});
        return;
    }
    (void)fprintf(stderr, "simulate_city: %s-v%d was sent to %s and is not there\n", t->paper,
                  t->version, t->at->id);
    a->lost++;
}

static void answer(const ThreadRow *row, void *context)
{
    Answerer *a = context;
    const CareThread *t = &row->thread;
    const Centre *city = reference_centres(a->reference)->city;
    uint64_t n = hash_text(t->paper);
    if (t->version == 0 || t->at == NULL || row->moving || is_slow(a, n)) return;
    switch (t->state) {
    case CARE_SENT:
        receive(a, t);
        break;
    case CARE_RECEIVED:
        if (t->kind == PAPER_REFERRAL) attend(a, t, n);
        break;
    case CARE_ATTENDED:
        examine(a, t, n);
        break;
    case CARE_RESULT_RETURNED:
        conclude(a, t, n);
        break;
    case CARE_TREATED:
        say(a, t, t->at, (Said){.step = "cured"});
        break;
    case CARE_CURED:
        say(a, t, t->at, (Said){.step = "closed", .reason = "treatment_complete"});
        break;
    case CARE_REFUSED:
    case CARE_LOST:
    case CARE_ELSEWHERE:
        say(a, t, city,
            (Said){.step = "closed",
                   .reason = t->state == CARE_LOST ? "three_contacts" : "no_further_action"});
        break;
    default:
        break;
    }
}

/* Every message with its MAC, as `screenlab seal` writes it. */
static void seal(const Answerer *a, size_t i)
{
    char path[PATH], mac_path[PATH + 8], hex[2 * CENTRE_KEY + 1];
    unsigned char key[CENTRE_KEY];
    const Centre *c = &reference_centres(a->reference)->items[i];
    Arena *arena = arena_new(NULL);
    Content content;
    (void)snprintf(path, sizeof path, "%s/inbox/%s/returns.csv", a->out, c->id);
    (void)snprintf(mac_path, sizeof mac_path, "%s.mac", path);
    int fd = open(path, O_RDONLY);
    if (fd < 0 || file_read(&content, fd, RETURN_BYTES, arena, (Place){0}, NULL) != OK) exit(2);
    (void)close(fd);
    inbox_centre_key(key, a->ledger, c->id);
    inbox_mac(hex, key, content.bytes, content.size);
    FILE *f = fopen(mac_path, "w");
    if (f == NULL || fprintf(f, "%s\n", hex) < 0 || fclose(f) != 0) exit(2);
    arena_free(arena);
}

static int write_answers(char **args)
{
    Note why = {0};
    Reference *reference;
    Arena *arena = arena_new(NULL);
    Instant now;
    Answerer a = {.out = args[2], .seed = strtoull(args[4], NULL, 10)};
    if (release_open(&reference, args[0], true, arena, &why) != OK ||
        ledger_open(&a.ledger, args[1], LEDGER_LOOK, &why) != OK ||
        !instant_parse(&now, args[3], 480)) {
        (void)fprintf(stderr, "simulate_city: %s %s\n", why.code ? why.code : "time", why.detail);
        return 2;
    }
    a.reference = reference;
    a.today = date_of(now, 480);
    size_t n = reference_centres(reference)->n;
    a.files = arena_alloc(arena, n * sizeof *a.files);
    ledger_each_thread(a.ledger, reference, answer, &a);
    for (size_t i = 0; i < n; i++)
        if (a.files[i] != NULL) {
            if (fclose(a.files[i]) != 0) exit(2);
            seal(&a, i);
        }
    (void)printf("%ld packages, %ld rows\n", a.packages, a.rows);
    ledger_close(a.ledger);
    arena_free(arena);
    return a.lost == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) return 2;
    if (argc == 3 && strcmp(argv[1], "centres") == 0)
        return print_centres(strtol(argv[2], NULL, 10));
    if (argc == 9 && strcmp(argv[1], "batch") == 0) return write_batch(argv + 2);
    if (argc == 7 && strcmp(argv[1], "answer") == 0) return write_answers(argv + 2);
    (void)fputs("usage: see the head of tests/tools/simulate_city.c\n", stderr);
    return 2;
}
