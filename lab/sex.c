/* sex - the fetal-sex firewall.
 *
 * Why: naming a fetus's sex without medical need is forbidden by law, and whoever wants to know it
 * reads hints: a count, a missing column, another sentence. So nothing about it may reach any
 * output at all. Method: what belongs to a sex chromosome of a fetus ends in a Sealed, a type that
 * no other file can look into, and that this file never reads either. Names and texts are compared
 * after folding: case, full-width and mathematical letters, Cyrillic and Greek look-alikes,
 * traditional characters, zero-width and combining marks, letters drawn apart. Words of the Latin
 * alphabet match whole ("he" stands inside "the"). Source: the deny lists follow the joint rule of
 * 2016 against sex determination without medical need and the LOINC and SNOMED CT names of such
 * results; they are a second line, the first is the allow-list of fields. Refuses: a text that is
 * not valid UTF-8 counts as denied, because nobody can say what stands in it. */
#include "sex.h"

#include <string.h>

struct Sealed {
    Call *calls;
    size_t n_calls, call_capacity;
    Result *results;
    size_t n_results, result_capacity;
};

bool sex_firewall_applies(Subject subject, Material material)
{
    switch (material) {
    case MATERIAL_BLOOD:
    case MATERIAL_SALIVA:
    case MATERIAL_CERVICAL:
    case MATERIAL_SELF_SAMPLED:
    case MATERIAL_DRIED_SPOT:
    case MATERIAL_SERUM:
        return subject != SUBJECT_WOMAN && subject != SUBJECT_PARTNER && subject != SUBJECT_NEWBORN;
    case MATERIAL_UNKNOWN:
    case MATERIAL_PLASMA:
    case MATERIAL_VILLUS:
    case MATERIAL_AMNIOTIC:
    case MATERIAL_CORD_BLOOD:
    case MATERIAL_CONCEPTION:
        return true;
    }
    return true; /* a value outside the list is unknown material */
}

Sealed *sealed_new(Arena *arena)
{
    return arena_alloc(arena, sizeof(Sealed));
}

void sealed_put_call(Sealed *sealed, const Call *call, Arena *arena)
{
    if (sealed->n_calls == sealed->call_capacity)
        sealed->calls =
            arena_grow(arena, sealed->calls, &sealed->call_capacity, sizeof *sealed->calls);
    sealed->calls[sealed->n_calls++] = *call;
}

void sealed_put_result(Sealed *sealed, const Result *result, Arena *arena)
{
    if (sealed->n_results == sealed->result_capacity)
        sealed->results =
            arena_grow(arena, sealed->results, &sealed->result_capacity, sizeof *sealed->results);
    sealed->results[sealed->n_results++] = *result;
}

/* ---- folding ---- */

enum { SEPARATOR = ' ', DROPPED = 0 };

static const struct {
    uint32_t from, to;
} LOOK_ALIKES[] = {
    /* clang-format off */
    /* Cyrillic */
    {0x430, 'a'}, {0x435, 'e'}, {0x451, 'e'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'},
    {0x443, 'y'}, {0x445, 'x'}, {0x456, 'i'}, {0x455, 's'}, {0x458, 'j'}, {0x4BB, 'h'},
    {0x501, 'd'}, {0x43C, 'm'}, {0x442, 't'}, {0x43D, 'h'}, {0x432, 'b'}, {0x433, 'r'},
    {0x4CF, 'l'}, {0x4AF, 'y'}, {0x44C, 'b'}, {0x410, 'a'}, {0x412, 'b'}, {0x415, 'e'},
    {0x41A, 'k'}, {0x41C, 'm'}, {0x41D, 'h'}, {0x41E, 'o'}, {0x420, 'p'}, {0x421, 'c'},
    {0x422, 't'}, {0x423, 'y'}, {0x425, 'x'}, {0x406, 'i'}, {0x405, 's'}, {0x4AE, 'y'},
    {0x4BA, 'h'},
    /* Greek */
    {0x391, 'a'}, {0x392, 'b'}, {0x395, 'e'}, {0x397, 'h'}, {0x399, 'i'}, {0x39A, 'k'},
    {0x39C, 'm'}, {0x39D, 'n'}, {0x39F, 'o'}, {0x3A1, 'p'}, {0x3A4, 't'}, {0x3A5, 'y'},
    {0x3A7, 'x'}, {0x3B1, 'a'}, {0x3B5, 'e'}, {0x3B9, 'i'}, {0x3BD, 'v'}, {0x3BF, 'o'},
    {0x3C1, 'p'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x3B3, 'y'}, {0x3F2, 'c'},
    /* Latin letters that differ by a hook, a dot, a tone or size */
    {0x131, 'i'}, {0x26A, 'i'}, {0x280, 'r'}, {0x28F, 'y'}, {0x274, 'n'}, {0x262, 'g'},
    {0x29F, 'l'}, {0x1D0D, 'm'}, {0x1D00, 'a'}, {0x1D07, 'e'}, {0x1D0F, 'o'}, {0xE8, 'e'},
    {0xE9, 'e'}, {0xEA, 'e'}, {0xC9, 'e'}, {0xE0, 'a'}, {0xE1, 'a'}, {0xE2, 'a'}, {0xE4, 'a'},
    {0xC1, 'a'}, {0xF3, 'o'}, {0xF2, 'o'}, {0xF6, 'o'}, {0xED, 'i'}, {0xEC, 'i'}, {0xFC, 'v'},
    {0xDC, 'v'}, {0xFA, 'u'}, {0x101, 'a'}, {0x103, 'a'}, {0x1CE, 'a'}, {0x113, 'e'}, {0x11B, 'e'},
    {0x12B, 'i'}, {0x1D0, 'i'}, {0x1D8, 'v'}, {0x1DA, 'v'}, {0x1DC, 'v'},
    /* traditional and variant characters of the signs below */
    {0x5152, 0x513F}, {0x5B30, 0x5A74}, {0x5B32, 0x5A74}, {0x5BF6, 0x5B9D}, {0x5BF3, 0x5B9D},
    {0x9670, 0x9634}, {0x8396, 0x830E}, {0x776A, 0x777E}, {0x8123, 0x5507}, {0x5E36, 0x5E26},
    {0x5ABD, 0x5988}, {0x9AD4, 0x4F53}, {0x5225, 0x522B}, {0x4FBD, 0x7537}, {0x56E1, 0x5973},
    /* radicals, compatibility and circled forms, signs and pictures of men and women */
    {0x2F25, 0x5973}, {0xF981, 0x5973}, {0x2F26, 0x5B50}, {0x2F09, 0x513F}, {0x329A, 0x7537},
    {0x329B, 0x5973}, {0x2642, 0x7537}, {0x2640, 0x5973}, {0x26A5, 0x7537}, {0x26A3, 0x7537},
    {0x26A2, 0x5973}, {0x1F466, 0x7537}, {0x1F467, 0x5973}, {0x1F468, 0x7537}, {0x1F469, 0x5973},
    {0x1F474, 0x7537}, {0x1F475, 0x5973}, {0x1F478, 0x5973}, {0x1F934, 0x7537}, {0x1F6B9, 0x7537},
    {0x1F6BA, 0x5973}, {0x1F57A, 0x7537}, {0x1F483, 0x5973}, {0x1F936, 0x5973}, {0x1F385, 0x7537},
    /* clang-format on */
};

static bool within(uint32_t code, uint32_t first, uint32_t last)
{
    return code >= first && code <= last;
}

/* Marks that show nothing of their own: they are taken out before comparing. */
static bool invisible(uint32_t code)
{
    return code == 0xAD || code == 0x61C || code == 0xFEFF || code == 0x3164 ||
           within(code, 0x300, 0x36F) || within(code, 0x115F, 0x1160) ||
           within(code, 0x180B, 0x180E) || within(code, 0x200B, 0x200F) ||
           within(code, 0x202A, 0x202E) || within(code, 0x2060, 0x206F) ||
           within(code, 0x20D0, 0x20FF) || within(code, 0xFE00, 0xFE0F) ||
           within(code, 0x1F3FB, 0x1F3FF) || within(code, 0xE0000, 0xE01EF);
}

static bool letter(uint32_t code)
{
    return within(code, 'a', 'z');
}

static bool digit(uint32_t code)
{
    return within(code, '0', '9');
}

static bool ideograph(uint32_t code)
{
    return within(code, 0x3400, 0x9FFF) || within(code, 0xF900, 0xFAFF) ||
           within(code, 0x20000, 0x3FFFF);
}

/* A folded letter, digit or ideograph; SEPARATOR for all other signs, DROPPED for invisible ones.
 */
static uint32_t fold(uint32_t code)
{
    if (invisible(code)) return DROPPED;
    if (within(code, 0xFF01, 0xFF5E))
        code -= 0xFEE0;
    else if (within(code, 0x1D400,
                    0x1D6A3)) /* mathematical alphabets: 26 capitals, 26 small, again */
        code = 'a' + (code - 0x1D400) % 26;
    else if (within(code, 0x24B6, 0x24E9))
        code = 'a' + (code - 0x24B6) % 26;
    else if (within(code, 0x249C, 0x24B5))
        code = 'a' + (code - 0x249C);
    else if (within(code, 0x1F110, 0x1F189)) /* in brackets, boxes and discs, 32 apart */
        code = (code - 0x1F110) % 32 < 26 ? 'a' + (code - 0x1F110) % 32 : SEPARATOR;
    if (within(code, 'A', 'Z')) code += 'a' - 'A';
    for (size_t i = 0; code > 0x7F && i < sizeof LOOK_ALIKES / sizeof *LOOK_ALIKES; i++)
        if (LOOK_ALIKES[i].from == code) {
            code = LOOK_ALIKES[i].to;
            break;
        }
    return letter(code) || digit(code) || ideograph(code) ? code : SEPARATOR;
}

/* The code point at *at, which moves on; 0 at the end, UINT32_MAX for a broken sequence. */
static uint32_t decode(const unsigned char **at)
{
    static const uint32_t LEAST[] = {0, 0x80, 0x800, 0x10000};
    uint32_t code = **at;
    int more = code < 0x80 ? 0 : code >= 0xF0 ? 3 : code >= 0xE0 ? 2 : code >= 0xC2 ? 1 : -1;
    if (more < 0 || code > 0xF4) return UINT32_MAX;
    if (code) (*at)++;
    if (more) code &= 0x3Fu >> more;
    for (int i = 0; i < more; i++, (*at)++) {
        if ((**at & 0xC0) != 0x80) return UINT32_MAX;
        code = code << 6 | (**at & 0x3Fu);
    }
    return code < LEAST[more] || code > 0x10FFFF ? UINT32_MAX : code;
}

/* ---- deny-words ---- */

enum { WORD = 24, WINDOW = 8 };

/* Whole words, found with digits for letters ("b0y") and letters drawn apart, too. */
static const char *const WORDS[] = {
    "male",      "males",      "female",   "females",   "boy",       "boys",    "girl",
    "girls",     "son",        "sons",     "daughter",  "daughters", "prince",  "princess",
    "penis",     "penile",     "scrotum",  "scrotal",   "testis",    "testes",  "testicle",
    "testicles", "testicular", "labia",    "clitoris",  "ovary",     "ovaries", "gender",
    "genders",   "masculine",  "feminine", "genitalia", "sry",       "amely",   "amelx",
    "nantai",    "nvtai",      "nanhai",   "nvhai",     "nanbao",    "nvbao",   "nanying",
    "nvying",    "nver",       "erzi",     "xingbie",   "gongzhu",   "wangzi",  "qianjin",
    "himself",   "herself",    "chrx",     "chry",
};

/* Short ones, which wells and numbers ("H15") would meet if digits counted as letters. */
static const char *const PRONOUNS[] = {"he", "she", "his", "her", "hers", "him"};

/* Two words that say it together, and the two that are meant when "sex" stands alone. */
static const char *const PAIRS[][2] = {
    {"y", "chromosome"}, {"y", "chromosomal"}, {"y", "linked"}, {"nan", "tai"}, {"nv", "tai"},
    {"nu", "tai"},       {"nan", "hai"},       {"nv", "hai"},   {"nu", "hai"},  {"nan", "bao"},
    {"nv", "bao"},       {"nan", "ying"},      {"nv", "ying"},  {"er", "zi"},   {"nv", "er"},
    {"nu", "er"},        {"xing", "bie"},
};

/* Found anywhere once separators are out. A text with a character for man or woman is denied by
 * that alone; the rest of the list tells the same without them. */
static const uint32_t SIGNS[][WINDOW] = {
    {0x7537},         /* man */
    {0x5973},         /* woman */
    {0x516C, 0x4E3B}, /* princess */
    {0x738B, 0x5B50}, /* prince */
    {0x5343, 0x91D1}, /* "thousand gold": daughter */
    {0x5F04, 0x748B}, /* "playing with jade": a son */
    {0x5F04, 0x74E6}, /* "playing with tiles": a daughter */
    {0x5E26, 0x628A}, /* "with a handle" */
    {0x5E26, 0x628A, 0x513F},
    {0x9634, 0x830E},
    {0x9634, 0x56CA},
    {0x777E, 0x4E38},
    {0x9634, 0x5507},
    {0x5375, 0x5DE2},
    {0x9634, 0x8482},
    {0x5916, 0x751F, 0x6B96, 0x5668}, /* external genitals */
    {0x751F, 0x6B96, 0x5668},
    {0x50CF, 0x7238},
    {0x50CF, 0x5988},
    {'y', 0x67D3, 0x8272, 0x4F53}, /* Y chromosome */
    {0x6027, 0x522B},              /* sex */
    {0x4E2B, 0x5934},              /* "pigtails": a girl */
};

/* What has been read so far, as far as words reach. */
typedef struct Scan {
    uint32_t window[WINDOW]; /* letters, digits, ideographs without separators; newest last */
    char word[WORD], before[WORD];
    size_t length;    /* of word; stops at WORD - 1, and `word` then matches nothing */
    char apart[WORD]; /* single letters that follow each other: "b o y" */
    size_t n_apart;
} Scan;

/* `given` may write a digit for a letter, but not for the first: "b0y", "ma1e". */
static bool same_word(const char *given, const char *meant)
{
    static const char LETTERS[] = "oi  as t  "; /* what 0 to 9 are drawn for; 1 is also l, 3 is e */
    size_t i = 0;
    for (; given[i] && meant[i]; i++) {
        char g = given[i], m = meant[i];
        bool drawn = i > 0 && digit((unsigned char)g) &&
                     (LETTERS[g - '0'] == m || (g == '1' && m == 'l') || (g == '3' && m == 'e'));
        if (g != m && !drawn) return false;
    }
    return given[i] == '\0' && meant[i] == '\0';
}

/* "xx", "46xy", "47xxy", "45x": only X and Y after the count of chromosomes, or after it as a word
 * of its own. */
static bool karyotype(const char *word, const char *before)
{
    size_t digits = strspn(word, "0123456789");
    size_t letters = strspn(word + digits, "xy");
    const char *tail = word + digits + letters;
    bool count_before = *before == '4' && strlen(before) == 2 && strspn(before, "0123456789") == 2;
    bool counted = digits == 2 ? word[0] == '4' : digits == 0 && count_before;
    if (letters == 1 && strcmp(tail, "o") == 0 && (counted || digits == 0)) return true;
    tail += strspn(tail, "0123456789");
    return *tail == '\0' && (letters >= 2 || (letters == 1 && counted));
}

static bool word_denied(const char *word, const char *before)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (same_word(word, WORDS[i])) return true;
    for (size_t i = 0; i < sizeof PRONOUNS / sizeof *PRONOUNS; i++)
        if (strcmp(word, PRONOUNS[i]) == 0) return true;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        if (strcmp(before, PAIRS[i][0]) == 0 && strcmp(word, PAIRS[i][1]) == 0) return true;
    /* "sex chromosomes" is the fixed wording about their number; "sex" before anything else is told
     * sex. */
    if (strcmp(before, "sex") == 0 && strncmp(word, "chromosom", 9) != 0) return true;
    return karyotype(word, before);
}

static bool apart_denied(const Scan *scan)
{
    if (scan->n_apart < 2) return false;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strstr(scan->apart, WORDS[i]) != NULL) return true;
    for (size_t i = 0; i < sizeof PRONOUNS / sizeof *PRONOUNS; i++)
        if (strcmp(scan->apart, PRONOUNS[i]) == 0) return true;
    return strcmp(scan->apart, "sex") == 0 || karyotype(scan->apart, "");
}

/* When there is no room the oldest letter goes: no word is as long as what stays. */
static void put_apart(Scan *scan, char c)
{
    if (scan->n_apart == WORD - 1) memmove(scan->apart, scan->apart + 1, --scan->n_apart);
    scan->apart[scan->n_apart++] = c;
    scan->apart[scan->n_apart] = '\0';
}

/* Ends the word that stands in scan->word; `more` is false at the end of the text. */
static bool end_word(Scan *scan, bool more)
{
    bool single = scan->length == 1 && letter((unsigned char)scan->word[0]);
    bool denied = false;
    if (scan->length > 0) {
        scan->word[scan->length] = '\0';
        denied = scan->length < WORD - 1 && word_denied(scan->word, scan->before);
        memcpy(scan->before, scan->word, sizeof scan->before);
        if (single) put_apart(scan, scan->word[0]);
    }
    bool company_ends = (scan->length > 0 && !single) || !more;
    if (company_ends || scan->n_apart == WORD - 1) denied = denied || apart_denied(scan);
    if (company_ends) scan->n_apart = 0;
    if (!more && strcmp(scan->before, "sex") == 0) denied = true;
    scan->length = 0;
    return denied;
}

/* "son" is a pair of characters that also meet where "fetus" or "newborn" stands before "uterus" or
 * "eclampsia"; it is judged when the character behind it is known. */
static bool window_says_son(const Scan *scan)
{
    const uint32_t *w = scan->window + WINDOW - 4;
    bool after = w[3] == 0x5BAB || w[3] == 0x5BAE || w[3] == 0x75EB || w[3] == 0x7647;
    bool before = w[0] == 0x80CE || w[0] == 0x751F || w[0] == 0x5A74;
    return w[1] == 0x513F && w[2] == 0x5B50 && !(before && after);
}

static bool window_denied(Scan *scan, uint32_t code)
{
    memmove(scan->window, scan->window + 1, sizeof scan->window - sizeof scan->window[0]);
    scan->window[WINDOW - 1] = code;
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        size_t n = 0;
        while (n < WINDOW && SIGNS[i][n])
            n++;
        if (memcmp(scan->window + WINDOW - n, SIGNS[i], n * sizeof(uint32_t)) == 0) return true;
    }
    return window_says_son(scan);
}

bool sex_text_denied(const char *utf8)
{
    Scan scan = {.length = 0};
    const unsigned char *at = (const unsigned char *)utf8;
    for (uint32_t raw = decode(&at); raw != 0; raw = decode(&at)) {
        if (raw == UINT32_MAX) return true;
        uint32_t code = fold(raw);
        if (code == DROPPED) continue;
        bool latin = letter(code) || digit(code);
        if (latin && scan.length < WORD - 1) scan.word[scan.length++] = (char)code;
        if (!latin && end_word(&scan, true)) return true;
        if (code != SEPARATOR && window_denied(&scan, code)) return true;
    }
    return end_word(&scan, false) || window_denied(&scan, 0);
}

/* ---- codes and columns ---- */

static const char *const CODES[] = {
    "75693-2", "75668-4", "73822-9",   "73821-1",   "73967-2",   "11882-8",
    "62356-1", "46098-0", "76689-9",   "LA19938-2", "LA19939-0", "LA19940-8",
    "LA2-8",   "LA3-6",   "248152002", "248153007",
};

/* Parts of the names of columns and facts that carry it: "fetal_sex", "NCV_Y", "chrX_reads",
 * "FF_Y". */
static const char *const PARTS[] = {
    "sex",  "sexes", "gender", "birthsex", "fetalsex", "babysex",   "x",     "y",
    "chrx", "chry",  "ncvx",   "ncvy",     "zx",       "zy",        "ffx",   "ffy",
    "xff",  "yff",   "xy",     "xx",       "sca",      "amel",      "amelx", "amely",
    "sry",  "taf9l", "zfx",    "zfy",      "xist",     "karyotype", "iscn",  "nannv",
};

static bool part_denied(const char *part)
{
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        if (strcmp(part, PARTS[i]) == 0) return true;
    return strncmp(part, "sex", 3) == 0 || strncmp(part, "chrx", 4) == 0 ||
           strncmp(part, "chry", 4) == 0;
}

/* Whether `code` is one of CODES, alone or behind a name of its system ("LN:75693-2"). */
static bool listed_code(const char *code)
{
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        const char *at = strstr(code, CODES[i]);
        if (at == NULL) continue;
        char behind = at[strlen(CODES[i])];
        bool starts = at == code || !digit((unsigned char)at[-1]);
        if (starts && !digit((unsigned char)behind) && behind != '-') return true;
    }
    return false;
}

bool sex_code_denied(const char *code)
{
    char part[WORD];
    size_t length = 0;
    if (listed_code(code) || sex_text_denied(code)) return true;
    const unsigned char *at = (const unsigned char *)code;
    for (uint32_t raw = 1; raw != 0;) {
        raw = decode(&at);
        uint32_t folded = raw == 0 ? SEPARATOR : fold(raw);
        if (letter(folded) || digit(folded)) {
            if (length < WORD - 1) part[length++] = (char)folded;
        } else if (folded != DROPPED) {
            part[length] = '\0';
            if (part_denied(part)) return true;
            length = 0;
        }
    }
    return false;
}

/* ---- contigs ---- */

enum { CONTIG = 64 };

/* Sequences of X and Y in GenBank and RefSeq, GRCh37, GRCh38 and T2T-CHM13, without their version.
 */
static const char *const ACCESSIONS[] = {
    "NC_000023", "NC_000024", "CM000685", "CM000686", "NC_060947", "NC_060948",
    "CP068255",  "CP086569",  "KI270880", "KI270881", "KI270913",  "KI270740",
};

/* The name up to its first separator, after "hs", "chr", "chrom" or "chromosome" and leading zeros.
 */
static const char *const SEX_NAMES[] = {
    "X",    "Y",    "XY",   "YX",   "23",   "24",  "25",  "PAR",
    "PAR1", "PAR2", "PAR3", "XPAR", "YPAR", "XTR", "NRY", "MSY",
};

static const char *skip_prefix(const char *name, bool *prefixed)
{
    static const char *const PREFIXES[] = {"HOMO_SAPIENS_", "HS", "CHROMOSOME", "CHROM", "CHR"};
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES; i++) {
        size_t n = strlen(PREFIXES[i]);
        if (strncmp(name, PREFIXES[i], n) == 0) {
            name += n;
            *prefixed = true;
        }
    }
    return name + strspn(name, "0_-. :|");
}

bool sex_contig(const char *name, size_t length)
{
    char upper[CONTIG];
    size_t n = length < CONTIG - 1 ? length : CONTIG - 1;
    for (size_t i = 0; i < n; i++)
        upper[i] = (char)(within((unsigned char)name[i], 'a', 'z') ? name[i] - 'a' + 'A' : name[i]);
    upper[n] = '\0';
    for (size_t i = 0; i < sizeof ACCESSIONS / sizeof *ACCESSIONS; i++)
        if (strstr(upper, ACCESSIONS[i]) != NULL) return true;
    bool prefixed = false;
    char *base = upper + (skip_prefix(upper, &prefixed) - upper);
    if (prefixed && (base[0] == 'X' || base[0] == 'Y')) return true;
    base[strcspn(base, "_.-: |,;/")] = '\0';
    for (size_t i = 0; i < sizeof SEX_NAMES / sizeof *SEX_NAMES; i++)
        if (strcmp(base, SEX_NAMES[i]) == 0) return true;
    return false;
}
