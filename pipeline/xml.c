/* The one door for XML that comes in: parser flags stand here and nowhere else.
 *
 * A document of ours has no DTD, no comment, no processing instruction, one namespace, and
 * fetuses only behind a constant mask; whatever differs was changed after it was written, or is
 * not ours. Method: libxml2 with XML_PARSE_NONET alone (no entities, no external subset, no
 * recovery, its limits on depth and text left on), any "<!DOCTYPE" refused before the parser
 * sees it, then our rules over the tree. Sources: HL7 CDA R2 (2005) for names; own rules for the
 * rest. It refuses, and never mends. Validity against HL7's schema is proven in
 * tests/conformance/cda.sh, not here. */
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CEILING = 32 * 1024 * 1024 };

void xml_start(void)
{
    xmlInitParser();
}

static const char hl7[] = "urn:hl7-org:v3";
static const char receipt[] = "urn:screenlab:receipt:1";

static bool is(const xmlNode *node, const char *name)
{
    return node != NULL && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static xmlNode *child(const xmlNode *node, const char *name)
{
    for (xmlNode *c = node ? node->children : NULL; c != NULL; c = c->next)
        if (is(c, name)) return c;
    return NULL;
}

static size_t count(const xmlNode *node, const char *name)
{
    size_t n = 0;
    for (const xmlNode *c = node->children; c != NULL; c = c->next)
        n += is(c, name) ? 1 : 0;
    return n;
}

/* Text of an attribute, "" when it is absent; without copies, because our attributes are one
 * text node. */
static const char *attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node ? node->properties : NULL; a != NULL; a = a->next)
        if (strcmp((const char *)a->name, name) == 0 && a->children != NULL &&
            a->children->content != NULL)
            return (const char *)a->children->content;
    return "";
}

static bool has(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node ? node->properties : NULL; a != NULL; a = a->next)
        if (strcmp((const char *)a->name, name) == 0) return true;
    return false;
}

static bool equals(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* The next node in document order; NULL after the last. */
static const xmlNode *next_node(const xmlNode *node, const xmlNode *root)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL) return node->children;
    while (node != root && node->next == NULL)
        node = node->parent;
    return node == root ? NULL : node->next;
}

static bool carries_text_channel(const xmlNode *node)
{
    static const char *const names[] = {"originalText", "reference", "nonXMLBody",
                                        "observationMedia"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is(node, names[i])) return true;
    return false;
}

/* A gender is written for nobody; where the element stands it is the constant mask. */
static bool is_mask(const xmlNode *gender)
{
    return gender != NULL && equals(attribute(gender, "nullFlavor"), "MSK") &&
           !has(gender, "code") && gender->children == NULL;
}

/* A fetus (LOINC 11951-1) is always a person whose gender is masked. */
static bool fetus_unmasked(const xmlNode *node)
{
    if (!is(node, "relatedSubject") || !equals(attribute(child(node, "code"), "code"), "11951-1"))
        return false;
    return !is_mask(child(child(node, "subject"), "administrativeGenderCode"));
}

/* The rule that this node breaks, NULL = none. */
static const char *node_rule(const xmlNode *node, const char *ns)
{
    if (node->type == XML_COMMENT_NODE) return "comment";
    if (node->type == XML_PI_NODE) return "processing instruction";
    if (node->type == XML_TEXT_NODE) return NULL;
    if (node->type != XML_ELEMENT_NODE) return "node type";
    if (node->ns == NULL || !equals((const char *)node->ns->href, ns)) return "namespace";
    if (is(node, "administrativeGenderCode") && !is_mask(node)) return "gender not masked";
    if (fetus_unmasked(node)) return "fetus not masked";
    return carries_text_channel(node) ? "free text channel" : NULL;
}

static const char *tree_rule(const xmlNode *root, const char *ns)
{
    for (const xmlNode *n = root; n != NULL; n = next_node(n, root)) {
        const char *rule = node_rule(n, ns);
        if (rule != NULL) return rule;
    }
    return NULL;
}

/* Comments and instructions may also stand beside the root. */
static const char *beside_root(const xmlDoc *doc)
{
    for (const xmlNode *n = doc->children; n != NULL; n = n->next)
        if (n->type != XML_ELEMENT_NODE)
            return n->type == XML_DTD_NODE ? "DTD" : "node beside the root";
    return NULL;
}

static const char *cda_rule(const xmlNode *root)
{
    static const char *const needed[] = {"typeId",        "id",       "code",          "title",
                                         "effectiveTime", "setId",    "versionNumber", "author",
                                         "custodian",     "component"};
    if (!is(root, "ClinicalDocument")) return "root";
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (child(root, needed[i]) == NULL) return needed[i];
    if (!equals(attribute(child(root, "typeId"), "root"), "2.16.840.1.113883.1.3")) return "typeId";
    if (!has(child(root, "code"), "code")) return "code";
    if (strtol(attribute(child(root, "versionNumber"), "value"), NULL, 10) < 1)
        return "versionNumber";
    if (!equals(attribute(child(root, "confidentialityCode"), "code"), "R"))
        return "confidentialityCode";
    if (count(root, "recordTarget") != 1) return "recordTarget";
    return child(child(root, "component"), "structuredBody") == NULL ? "structuredBody" : NULL;
}

static const char *receipt_rule(const xmlNode *root)
{
    const xmlNode *accepted = child(root, "accepted"), *rejected = child(root, "rejected");
    if (!is(root, "receipt")) return "root";
    if (accepted == NULL || rejected == NULL) return "accepted and rejected";
    size_t n = (size_t)strtoul(attribute(accepted, "count"), NULL, 10);
    size_t m = (size_t)strtoul(attribute(rejected, "count"), NULL, 10);
    bool adds_up = n == count(accepted, "sample") && m == count(rejected, "row");
    return adds_up ? NULL : "counts";
}

static Status check_tree(const xmlDoc *doc, const char *kind, Place place, Note *why)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    bool is_receipt = equals(kind, "receipt");
    if (root == NULL || doc->intSubset != NULL)
        return note_fail(why, REFUSED, "xml.dtd", place, NULL);
    const char *rule = beside_root(doc);
    if (rule == NULL) rule = is_receipt ? receipt_rule(root) : cda_rule(root);
    if (rule == NULL) rule = tree_rule(root, is_receipt ? receipt : hl7);
    return rule == NULL ? OK : note_fail(why, REFUSED, "xml.rule", place, "%s", rule);
}

static bool has_doctype(const char *bytes, size_t size)
{
    static const char mark[] = "<!DOCTYPE";
    const size_t n = sizeof mark - 1;
    for (const char *at = bytes; size >= n; at++, size--) {
        const char *next = memchr(at, '<', size - n + 1);
        if (next == NULL) return false;
        size -= (size_t)(next - at);
        at = next;
        if (memcmp(at, mark, n) == 0) return true;
    }
    return false;
}

static bool known_kind(const char *kind)
{
    return equals(kind, "referral") || equals(kind, "result") || equals(kind, "withdrawal") ||
           equals(kind, "receipt");
}

Status xml_tree(xmlDoc **out, const char *bytes, size_t size, Place place, Note *why)
{
    if (size > CEILING) return note_fail(why, TOO_LARGE, "xml.size", place, NULL);
    if (has_doctype(bytes, size)) return note_fail(why, REFUSED, "xml.dtd", place, NULL);
    xmlParserCtxt *parser = xmlNewParserCtxt();
    *out = parser == NULL
               ? NULL
               : xmlCtxtReadMemory(parser, bytes, (int)size, NULL, NULL,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlFreeParserCtxt(parser);
    return *out == NULL ? note_fail(why, BAD_INPUT, "xml.malformed", place, NULL) : OK;
}

Status xml_check_document(const char *bytes, size_t size, const char *kind, Place place, Note *why)
{
    xmlDoc *doc = NULL;
    if (!known_kind(kind)) return note_fail(why, BAD_INPUT, "xml.kind", place, "%s", kind);
    Status status = xml_tree(&doc, bytes, size, place, why);
    if (status == OK && doc != NULL) status = check_tree(doc, kind, place, why);
    xmlFreeDoc(doc);
    return status;
}

/* ---- flat documents ---- */

static bool in_space(const xmlNode *node, const char *space)
{
    return node->ns != NULL && equals((const char *)node->ns->href, space);
}

static bool is_blank(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE &&
           strspn((const char *)node->content, " \t\r\n") == strlen((const char *)node->content);
}

static long index_of(const XmlShape *shape, const xmlAttr *attribute_node)
{
    for (size_t i = 0; i < shape->n_attributes && attribute_node->ns == NULL; i++)
        if (equals((const char *)attribute_node->name, shape->attributes[i])) return (long)i;
    return -1;
}

/* False when it holds anything but the attributes of the shape, each one plain text. */
static bool take_row(XmlRow *row, const xmlNode *node, const XmlShape *shape, Arena *arena)
{
    if (node->children != NULL) return false;
    row->line = xmlGetLineNo(node);
    row->cells = arena_alloc(arena, (shape->n_attributes + 1) * sizeof *row->cells);
    for (size_t i = 0; i < shape->n_attributes; i++)
        row->cells[i] = "";
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        long at = index_of(shape, a);
        const xmlNode *text = a->children;
        if (at < 0 || (text != NULL && (text->type != XML_TEXT_NODE || text->next != NULL)))
            return false;
        if (text != NULL && text->content != NULL)
            row->cells[at] = arena_copy(arena, (const char *)text->content);
    }
    return true;
}

static Status take_rows(XmlRows *out, const xmlDoc *doc, const XmlShape *shape, Arena *arena,
                        Note *why)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    size_t capacity = 0;
    if (root == NULL || doc->intSubset != NULL)
        return note_fail(why, REFUSED, "xml.dtd", (Place){0}, NULL);
    if (!is(root, shape->root) || !in_space(root, shape->space) || beside_root(doc) != NULL ||
        root->properties != NULL)
        return note_fail(why, REFUSED, "xml.rule", (Place){0}, "%s", shape->root);
    for (const xmlNode *n = root->children; n != NULL; n = n->next) {
        if (is_blank(n)) continue;
        if (out->n == shape->most_rows)
            return note_fail(why, TOO_LARGE, "xml.size", (Place){0}, NULL);
        if (out->n == capacity)
            out->items = arena_grow(arena, out->items, &capacity, sizeof *out->items);
        if (!is(n, shape->row) || !in_space(n, shape->space) ||
            !take_row(&out->items[out->n], n, shape, arena))
            return note_fail(why, REFUSED, "xml.rule", (Place){.row = xmlGetLineNo(n)}, "%s",
                             shape->row);
        out->n++;
    }
    return OK;
}

Status xml_read_rows(XmlRows *out, const char *bytes, size_t size, const XmlShape *shape,
                     Arena *arena, Note *why)
{
    xmlDoc *doc = NULL;
    *out = (XmlRows){0};
    Status s = xml_tree(&doc, bytes, size, (Place){0}, why);
    if (s == OK && doc != NULL) s = take_rows(out, doc, shape, arena, why);
    xmlFreeDoc(doc);
    return s;
}
