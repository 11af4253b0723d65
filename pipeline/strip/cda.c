/* A CDA document without what tells a fetus's sex, and without what identifies a person.
 *
 * What comes out: the elements of CDA's own namespace with coded attributes; no text of any kind. What does not: every element that is
 * not listed (names, addresses, genders, births, narrative, titles, original texts, attachments), display names, comments, instructions, other namespaces,
 * and every entry or component that holds a code of a fetus's sex. A related subject's code is a constant mask, because a son's and a
 * daughter's differ. Values that are free text are masked. */
#include "../../lab/sex.h"
#include "../../reports/markup.h"
#include "../file.h"
#include "../xml.h"
#include "strip.h"

#include <libxml/tree.h>
#include <string.h>

enum { FILE_MOST = 32 * 1024 * 1024 };

static const char hl7[] = "urn:hl7-org:v3";
static const char xsi[] = "http://www.w3.org/2001/XMLSchema-instance";

static bool listed(const char *const *list, const char *word)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, word) == 0) return true;
    return false;
}

static const char *name_of(const xmlNode *n)
{
    return (const char *)n->name;
}

static bool is_ours(const xmlNode *n)
{
    return n->type == XML_ELEMENT_NODE && n->ns != NULL &&
           strcmp((const char *)n->ns->href, hl7) == 0;
}

static const char *value_of(const xmlAttr *a)
{
    return a->children != NULL && a->children->content != NULL ? (const char *)a->children->content
                                                               : "";
}

static const char *attribute(const xmlNode *n, const char *name)
{
    for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
        if (strcmp((const char *)a->name, name) == 0) return value_of(a);
    return "";
}

/* What may come out, by name. */
static const char *const ELEMENTS[] = {"ClinicalDocument",
                                       "realmCode",
                                       "typeId",
                                       "templateId",
                                       "id",
                                       "code",
                                       "effectiveTime",
                                       "confidentialityCode",
                                       "languageCode",
                                       "setId",
                                       "versionNumber",
                                       "recordTarget",
                                       "patientRole",
                                       "patient",
                                       "author",
                                       "time",
                                       "assignedAuthor",
                                       "assignedPerson",
                                       "representedOrganization",
                                       "custodian",
                                       "assignedCustodian",
                                       "representedCustodianOrganization",
                                       "informationRecipient",
                                       "intendedRecipient",
                                       "receivedOrganization",
                                       "legalAuthenticator",
                                       "authenticator",
                                       "signatureCode",
                                       "assignedEntity",
                                       "relatedDocument",
                                       "parentDocument",
                                       "documentationOf",
                                       "serviceEvent",
                                       "component",
                                       "structuredBody",
                                       "section",
                                       "entry",
                                       "organizer",
                                       "observation",
                                       "act",
                                       "procedure",
                                       "encounter",
                                       "value",
                                       "low",
                                       "high",
                                       "center",
                                       "width",
                                       "statusCode",
                                       "interpretationCode",
                                       "methodCode",
                                       "targetSiteCode",
                                       "priorityCode",
                                       "specimen",
                                       "specimenRole",
                                       "specimenPlayingEntity",
                                       "performer",
                                       "participant",
                                       "participantRole",
                                       "entryRelationship",
                                       "referenceRange",
                                       "observationRange",
                                       "subject",
                                       "relatedSubject",
                                       "sequenceNumber",
                                       NULL};

static bool is_dropped(const xmlNode *n)
{
    return !listed(ELEMENTS, name_of(n));
}

/* Elements that are dropped whole when a code inside them is about a fetus's sex. */
static bool is_unit(const xmlNode *n)
{
    static const char *const names[] = {"entry",       "entryRelationship", "component",
                                        "participant", "referenceRange",    NULL};
    return listed(names, name_of(n));
}

static bool is_relation(const xmlNode *n)
{
    return strcmp(name_of(n), "code") == 0 && n->parent != NULL && is_ours(n->parent) &&
           strcmp(name_of(n->parent), "relatedSubject") == 0;
}

static bool tells(const xmlNode *n)
{
    if (!is_ours(n) || is_relation(n)) return false;
    return sex_code_denied(attribute(n, "code")) || sex_text_denied(attribute(n, "displayName"));
}

/* A code about a sex in this unit, but not in a unit inside it, which goes by itself. */
static bool unit_tells(const xmlNode *n)
{
    for (const xmlNode *c = n->children; c != NULL; c = c->next)
        if (is_ours(c) && (tells(c) || (!is_unit(c) && !is_dropped(c) && unit_tells(c))))
            return true;
    return false;
}

static void put_attributes(Markup *m, const xmlNode *n)
{
    static const char *const kept[] = {"classCode",
                                       "moodCode",
                                       "typeCode",
                                       "determinerCode",
                                       "code",
                                       "codeSystem",
                                       "value",
                                       "unit",
                                       "root",
                                       "extension",
                                       "nullFlavor",
                                       "inversionInd",
                                       "operator",
                                       "independentInd",
                                       "contextControlCode",
                                       "contextConductionInd",
                                       "negationInd",
                                       NULL};
    for (size_t i = 0; kept[i] != NULL; i++) {
        const char *value = attribute(n, kept[i]);
        if (*value != '\0' && strip_value(value)) markup_attr(m, kept[i], value);
    }
    for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
        if (a->ns != NULL && strcmp((const char *)a->ns->href, xsi) == 0 &&
            strcmp((const char *)a->name, "type") == 0 && strip_value(value_of(a)))
            markup_attr(m, "xsi:type", value_of(a));
}

static bool is_free_text(const xmlNode *n)
{
    static const char *const types[] = {"ST", "ED", "SC", NULL};
    return strcmp(name_of(n), "value") == 0 && listed(types, attribute(n, "type"));
}

/* libxml2 stops at a depth of 256 elements, and so does this. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void put_element(Markup *m, const xmlNode *n)
{
    markup_open(m, name_of(n));
    if (n->parent == NULL || n->parent->type == XML_DOCUMENT_NODE) {
        markup_attr(m, "xmlns", hl7);
        markup_attr(m, "xmlns:xsi", xsi);
    }
    if (is_relation(n)) {
        markup_attr(m, "nullFlavor", "MSK");
    } else if (is_free_text(n)) {
        markup_attr(m, "nullFlavor", "MSK");
        markup_attr(m, "xsi:type", attribute(n, "type"));
    } else {
        put_attributes(m, n);
        for (const xmlNode *c = n->children; c != NULL; c = c->next)
            if (is_ours(c) && !is_dropped(c) && !(is_unit(c) && unit_tells(c))) put_element(m, c);
    }
    markup_close(m);
}

static Status strip_document(const StripJob *job, Note *why)
{
    Content content;
    xmlDoc *doc = NULL;
    Status s = file_read(&content, job->in, FILE_MOST, job->arena, (Place){.file = NULL}, why);
    if (s == OK) s = xml_tree(&doc, content.bytes, content.size, (Place){.file = NULL}, why);
    if (s != OK) return s;
    const xmlNode *root = xmlDocGetRootElement(doc);
    if (root == NULL || !is_ours(root) || strcmp(name_of(root), "ClinicalDocument") != 0) {
        s = strip_fault(REFUSED, "strip.format", why);
    } else {
        const char *bytes;
        size_t size;
        Markup *m = markup_new(job->arena, MARKUP_XML);
        put_element(m, root);
        s = markup_finish(&bytes, &size, m, why);
        if (s == OK) s = strip_put(job, bytes, size, why);
    }
    xmlFreeDoc(doc);
    return s;
}

static bool sniff(const unsigned char *head, size_t size)
{
    size_t i = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < size && (head[i] == ' ' || head[i] == '\n' || head[i] == '\r' || head[i] == '\t'))
        i++;
    return i < size && head[i] == '<';
}

extern const Stripper strip_cda;
const Stripper strip_cda = {
    .code = "cda", .what = "CDA R2", .sniff = sniff, .strip = strip_document};
