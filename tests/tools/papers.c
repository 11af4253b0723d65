/* papers REFERENCE OUT - writes every kind of hand-made document into the folder OUT, in both languages: what
 * tests/conformance/cda.sh validates, and what a person looks at. */
#include "../paper_fixture.h"

static void write_document(const char *folder, const char *prefix, const Document *d)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s-%s", folder, prefix, d->name);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(d->bytes, 1, d->size, f) != d->size || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

static void write_paper(const char *folder, const char *prefix, Fixture *x)
{
    Document xml, html;
    Note why;
    if (report_paper(&xml, &html, &x->input, x->arena, &why) != OK) {
        (void)fprintf(stderr, "%s: %s %s\n", prefix, why.code, why.detail);
        exit(1);
    }
    write_document(folder, prefix, &xml);
    write_document(folder, prefix, &html);
}

static void write_kinds(const char *reference, const char *out, const char *name,
                        void (*fill)(Fixture *))
{
    static const Withdrawn withdrawn[] = {{.code = "carrier.gene", .item = "HBB"}};
    static const struct {
        PaperKind kind;
        Lang lang;
        int version;
    } rows[] = {{PAPER_REFERRAL, LANG_ZH, 1},
                {PAPER_REFERRAL, LANG_EN, 1},
                {PAPER_RESULT, LANG_ZH, 1},
                {PAPER_REFERRAL, LANG_ZH, 2},
                {PAPER_WITHDRAWAL, LANG_ZH, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Fixture x;
        char prefix[64];
        fixture_open(&x, reference, i < 3, fill);
        x.stamp.lang = rows[i].lang;
        x.paper.kind = rows[i].kind;
        x.paper.version = rows[i].version;
        x.paper.replaces = rows[i].version - 1;
        if (rows[i].kind == PAPER_WITHDRAWAL) {
            x.input.withdrawn = withdrawn;
            x.input.n_withdrawn = 1;
        }
        (void)snprintf(prefix, sizeof prefix, "%s-%zu", name, i);
        write_paper(out, prefix, &x);
        arena_free(x.arena);
    }
}

static void write_batch(const char *reference, const char *out)
{
    static const char *const centres[] = {"230103", "230102", "230100"};
    Fixture x;
    BatchFixture b;
    Document d[2];
    Note why;
    fixture_open(&x, reference, true, fixture_couple);
    fixture_batch(&b, &x);
    for (size_t i = 0; i < 3; i++) {
        const Centre *centre = centre_find(reference_centres(x.reference), centres[i]);
        if (report_receipt(&d[0], &d[1], &b.view, centre, x.arena, &why) != OK) exit(1);
        write_document(out, "receipt", &d[0]);
        write_document(out, "receipt", &d[1]);
    }
    if (report_summary(&d[0], &b.view, x.arena, &why) != OK ||
        report_findings(&d[1], &b.view, x.arena, &why) != OK)
        exit(1);
    write_document(out, "batch", &d[0]);
    write_document(out, "batch", &d[1]);
    arena_free(x.arena);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: papers REFERENCE OUT\n");
        return 2;
    }
    write_kinds(argv[1], argv[2], "couple", fixture_couple);
    write_kinds(argv[1], argv[2], "woman", fixture_woman);
    write_kinds(argv[1], argv[2], "twins", fixture_twins);
    write_batch(argv[1], argv[2]);
    return 0;
}
