/* The second room of the firewall: karyotypes that come back from prenatal diagnosis.
 *
 * Why: a karyotype is one line, and its first two fields tell the fetus's sex (46,XX) or, with the count, more than that (45,X; 47,XXY). What
 * screening needs to know stands behind them: the autosomal changes. Method: the text is cut into clones and items; every item that names a sex
 * chromosome, and the stated number of chromosomes, is dropped; the autosomal items are kept from a short list of forms, and the number is computed anew as 46 plus
 * gains minus losses. XN is written always. Clones count as a mosaic only when their autosomal items differ. Source: the short form of ISCN as
 * it is commonly printed; break points are not kept. Refuses: nothing; an item of no known form, or a number that does not add up with what
 * is stated, becomes "other", so that nobody reads a karyotype that was not understood as a normal one. */
#include "sex.h"

#include <string.h>

enum { MOST_ITEMS = 12, ITEM = 24, AUTOSOMES = 22, WHOLE = 46 };

typedef struct Clone {
    char items[MOST_ITEMS][ITEM];
    size_t n_items;
    int gains;   /* autosomes more than 44 */
    int sex;     /* sex chromosomes, -1 = cannot be counted */
    long stated; /* 0 = not stated, or a range */
    bool other;
} Clone;

static void add_item(Clone *c, const char *text, size_t n)
{
    if (n >= ITEM || c->n_items == MOST_ITEMS) {
        c->other = true;
        return;
    }
    memcpy(c->items[c->n_items], text, n);
    c->items[c->n_items++][n] = '\0';
}

/* "21" of "21)" or "21;": 1 to 22, and the digits that make it; 0 = none. */
static int autosome(const char *text, size_t *digits)
{
    int value = 0;
    *digits = strspn(text, "0123456789");
    if (*digits == 0 || *digits > 2 || text[0] == '0') return 0;
    for (size_t i = 0; i < *digits; i++)
        value = 10 * value + (text[i] - '0');
    return value <= AUTOSOMES ? value : 0;
}

static bool is_of(const char *text, size_t n, const char *allowed)
{
    for (size_t i = 0; i < n; i++)
        if (strchr(allowed, text[i]) == NULL) return false;
    return n > 0;
}

static bool names_sex(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strchr("XYxy", text[i]) != NULL) return true;
    return false;
}

/* "(9;22)": autosomes only; its length, 0 = not of that form. */
static size_t chromosomes(const char *text, size_t n)
{
    size_t at = 1, digits;
    if (n < 3 || text[0] != '(') return 0;
    while (at < n && autosome(text + at, &digits) > 0) {
        at += digits;
        if (at < n && text[at] == ')') return at + 1;
        if (at >= n || text[at] != ';') return 0;
        at++;
    }
    return 0;
}

/* t(9;22)(q34;q11), +der(22)t(11;22), del(5)(p15): kind and chromosomes are kept. */
static bool take_structural(Clone *c, const char *text, size_t n)
{
    static const char *const kinds[] = {"t",   "del", "dup", "inv", "ins",
                                        "der", "rob", "i",   "r",   "add"};
    size_t sign = text[0] == '+' || text[0] == '-' ? 1 : 0;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t word = strlen(kinds[k]);
        if (n <= sign + word || strncmp(text + sign, kinds[k], word) != 0) continue;
        size_t inside = chromosomes(text + sign + word, n - sign - word);
        if (inside == 0) continue;
        if (sign != 0) c->gains += text[0] == '+' ? 1 : -1;
        /* A derivative of two whole chromosomes stands for both. */
        if (sign == 0 && k >= 5 && k <= 6 && memchr(text + word, ';', inside) != NULL) c->gains--;
        add_item(c, text, sign + word + inside);
        return true;
    }
    return false;
}

static void take_sex(Clone *c, const char *text, size_t n)
{
    if (is_of(text, n, "XY")) {
        if (c->sex >= 0) c->sex += (int)n;
        return;
    }
    c->sex = -1; /* XN, X?, a structural change, a gain: what they add up to is not asked */
}

static void take_item(Clone *c, const char *text, size_t n)
{
    size_t digits;
    if (is_of(text, n, "0123456789") && n <= 3) {
        c->stated = 0;
        for (size_t i = 0; i < n; i++)
            c->stated = 10 * c->stated + (text[i] - '0');
    } else if (names_sex(text, n) || is_of(text, n, "NU?")) {
        take_sex(c, text, n);
    } else if ((text[0] == '+' || text[0] == '-') && autosome(text + 1, &digits) > 0 &&
               digits + 1 == n) {
        c->gains += text[0] == '+' ? 1 : -1;
        add_item(c, text, n);
    } else if (!take_structural(c, text, n) && !is_of(text, n, "0123456789~<>")) {
        c->other = true;
    }
}

/* Items of one clone, cut at commas outside parentheses; "[12]" behind it counts cells and goes, and nothing may follow. */
static void take_clone(Clone *c, const char *text, size_t n)
{
    size_t start = 0;
    int depth = 0;
    *c = (Clone){0};
    const char *cells = memchr(text, '[', n);
    if (cells != NULL) {
        c->other = memchr(cells, ']', n - (size_t)(cells - text)) != text + n - 1;
        n = (size_t)(cells - text);
    }
    for (size_t i = 0; i <= n; i++) {
        if (i < n && text[i] == '(') depth++;
        if (i < n && text[i] == ')') depth--;
        if (i < n && (text[i] != ',' || depth > 0)) continue;
        take_item(c, text + start, i - start);
        start = i + 1;
    }
    if (depth != 0) c->other = true;
    if (c->sex == 0) c->other = true; /* no karyotype lacks them */
    if (c->stated == 0 && c->sex >= 0) c->other = true;
    if (c->sex > 0 && c->stated != WHOLE - 2 + c->sex + c->gains) c->other = true;
}

static bool same_items(const Clone *a, const Clone *b)
{
    bool same = a->n_items == b->n_items;
    for (size_t i = 0; same && i < a->n_items; i++)
        same = strcmp(a->items[i], b->items[i]) == 0;
    return same;
}

/* Without blanks and the word "mos". */
static const char *squeeze(const char *text, Arena *arena)
{
    char *out = arena_alloc(arena, strlen(text) + 1);
    size_t n = 0;
    for (; *text != '\0'; text++)
        if (*text != ' ') out[n++] = *text;
    return strncmp(out, "mos", 3) == 0 || strncmp(out, "chi", 3) == 0 ? out + 3 : out;
}

static const char *told(const Clone *c, bool mosaic, bool other, Arena *arena)
{
    const char *text = arena_print(arena, "%s%d,XN", mosaic ? "mos " : "", WHOLE + c->gains);
    for (size_t i = 0; i < c->n_items; i++)
        text = arena_print(arena, "%s,%s", text, c->items[i]);
    return other ? arena_print(arena, "%s,other", text) : text;
}

/* The clone with most changes speaks for all: what it holds must be acted upon. */
const char *sex_karyotype(const char *iscn, Arena *arena)
{
    const char *text = squeeze(iscn, arena);
    Clone most = {0}, clone;
    bool mosaic = false, other = false, first = true;
    for (const char *at = text; at != NULL; first = false) {
        const char *end = strchr(at, '/');
        take_clone(&clone, at, end != NULL ? (size_t)(end - at) : strlen(at));
        other = other || clone.other;
        mosaic = mosaic || (!first && !same_items(&clone, &most));
        if (first || clone.n_items > most.n_items) most = clone;
        at = end != NULL ? end + 1 : NULL;
    }
    return told(&most, mosaic, other, arena);
}
