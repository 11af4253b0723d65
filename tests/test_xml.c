#include "../pipeline/xml.h"

#include <criterion/criterion.h>
#include <libxml/xmlIO.h>
#include <stdio.h>
#include <string.h>

/* The smallest document that passes; the tests put things into it and take things out of it. */
#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">"                         \
    "<typeId root=\"2.16.840.1.113883.1.3\" extension=\"POCD_MT000040\"/>"                         \
    "<id root=\"1.2\"/><code code=\"HSDC00.05\"/><title>t</title><effectiveTime value=\"2026\"/>"
#define REST   "<setId root=\"1.2\"/><versionNumber value=\"1\"/><recordTarget/><author/><custodian/>"
#define BODY   "<component><structuredBody>%s</structuredBody></component></ClinicalDocument>"
#define SECRET "<confidentialityCode code=\"R\"/>"
#define FETUS  "<relatedSubject><code code=\"11951-1\"/><subject>%s</subject></relatedSubject>"
#define MASK   "<administrativeGenderCode nullFlavor=\"MSK\"/>"

/* libxml2 must be made ready before threads start; whether it is, its table of input handlers tells (-1 = there is none yet). */
Test(xml, the_library_is_ready_after_the_start_and_not_before)
{
    cr_expect_eq(xmlPopInputCallbacks(), -1);
    xml_start();
    cr_expect_geq(xmlPopInputCallbacks(), 0);
    xml_start();
}

static const char *said(const char *kind, const char *document, size_t size)
{
    static Note why;
    why = (Note){.code = "none"};
    Status s = xml_check_document(document, size, kind, (Place){.file = "x.xml"}, &why);
    static char text[256];
    (void)snprintf(text, sizeof text, "%s%s%s", s == OK ? "ok" : why.code, why.detail[0] ? " " : "",
                   s == OK ? "" : why.detail);
    return text;
}

Test(xml, rules_of_a_paper)
{
    static const struct {
        const char *document, *says;
    } rows[] = {
        {HEAD SECRET REST "<component><structuredBody/></component></ClinicalDocument>", "ok"},
        {HEAD REST "<component><structuredBody/></component></ClinicalDocument>",
         "xml.rule confidentialityCode"},
        {HEAD "<confidentialityCode code=\"N\"/>" REST
              "<component><structuredBody/></component></ClinicalDocument>",
         "xml.rule confidentialityCode"},
        {HEAD SECRET REST
         "<recordTarget/><component><structuredBody/></component></ClinicalDocument>",
         "xml.rule recordTarget"},
        {HEAD SECRET REST "<component><nonXMLBody/></component></ClinicalDocument>",
         "xml.rule structuredBody"},
        {HEAD SECRET REST
         "<component><structuredBody><!--x--></structuredBody></component></ClinicalDocument>",
         "xml.rule comment"},
        {HEAD SECRET REST
         "<component><structuredBody><?x y?></structuredBody></component></ClinicalDocument>",
         "xml.rule processing instruction"},
        {HEAD SECRET REST
         "<component><structuredBody><originalText>x</originalText></structuredBody></component>"
         "</ClinicalDocument>",
         "xml.rule free text channel"},
        {HEAD SECRET REST
         "<component><structuredBody><x xmlns=\"urn:hl7-org:sdtc\"/></structuredBody></component>"
         "</ClinicalDocument>",
         "xml.rule namespace"},
        {HEAD SECRET REST "<component><structuredBody/></component></ClinicalDocument><!--x-->",
         "xml.rule node beside the root"},
        {"<receipt xmlns=\"urn:screenlab:receipt:1\"/>", "xml.rule root"},
        {"<!DOCTYPE a><a/>", "xml.dtd"},
        {"<a>", "xml.malformed"},
        {"", "xml.malformed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *says = said("referral", rows[i].document, strlen(rows[i].document));
        cr_expect_str_eq(says, rows[i].says, "row %zu: %s", i, says);
    }
}

Test(xml, a_fetus_is_always_masked)
{
    static const struct {
        const char *subject, *says;
    } rows[] = {
        {"<name>A</name>" MASK, "ok"},
        {"<name>A</name>", "xml.rule fetus not masked"},
        {"<administrativeGenderCode code=\"1\"/>", "xml.rule fetus not masked"},
        {"<administrativeGenderCode nullFlavor=\"UNK\"/>", "xml.rule fetus not masked"},
        {"<administrativeGenderCode nullFlavor=\"MSK\" code=\"2\"/>", "xml.rule fetus not masked"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char fetus[512], document[2048];
        (void)snprintf(fetus, sizeof fetus, FETUS, rows[i].subject);
        (void)snprintf(document, sizeof document, HEAD SECRET REST BODY, fetus);
        const char *says = said("referral", document, strlen(document));
        cr_expect_str_eq(says, rows[i].says, "row %zu: %s", i, says);
    }
}

Test(xml, counts_of_a_receipt_are_checked)
{
    static const struct {
        const char *document, *says;
    } rows[] = {
        {"<receipt xmlns=\"urn:screenlab:receipt:1\"><accepted count=\"1\"><sample/></accepted>"
         "<rejected count=\"0\"/></receipt>",
         "ok"},
        {"<receipt xmlns=\"urn:screenlab:receipt:1\"><accepted count=\"2\"><sample/></accepted>"
         "<rejected count=\"0\"/></receipt>",
         "xml.rule counts"},
        {"<receipt xmlns=\"urn:screenlab:receipt:1\"><accepted count=\"0\"/></receipt>",
         "xml.rule accepted and rejected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *says = said("receipt", rows[i].document, strlen(rows[i].document));
        cr_expect_str_eq(says, rows[i].says, "row %zu: %s", i, says);
    }
}

Test(xml, depth_and_unknown_kinds_are_refused)
{
    static char deep[8192] = "";
    for (size_t i = 0; i < 600; i++)
        memcpy(deep + 3 * i, "<a>", 4);
    cr_expect_str_eq(said("referral", deep, strlen(deep)), "xml.malformed");
    cr_expect_str_eq(said("letter", "<a/>", 4), "xml.kind letter");
}
