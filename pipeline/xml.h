/* xml - the only place that parses XML: no DTD, no entities, no network, bounded depth and size. */
#ifndef SCREENLAB_XML_H
#define SCREENLAB_XML_H

#include "../lab/arena.h"
#include "../lab/status.h"

#include <stddef.h>

/* Before the first thread that writes or reads XML: libxml2 fills its tables at first use and does not lock them. Again is free. */
void xml_start(void);

/* Reads a document that screenlab wrote (verify, fuzz) and checks our own rules for it: root and
 * namespace, typeId, code, setId and version, confidentiality R, a recordTarget, fetuses only as
 * masked subjects, no comment, no processing instruction, no DTD. `kind` is Document.kind.
 * BAD_INPUT or REFUSED with the rule broken in the Note's detail. */
Status xml_check_document(const char *bytes, size_t size, const char *kind, Place place,
                          Note *why) MUST_USE;

/* A flat document: one root, below it only empty elements of one name; everything stands in attributes.
 *
 *     <returns xmlns="urn:screenlab:returns:1"><step referral="RN1-1" version="1" .../></returns>
 */
typedef struct XmlShape {
    const char *space, *root, *row;
    const char *const *attributes; /* of a row, n of them; any other is refused */
    size_t n_attributes;
    size_t most_rows;
} XmlShape;

typedef struct XmlRow {
    long line;
    const char **cells; /* in the order of the shape's attributes; "" = not given */
} XmlRow;

typedef struct XmlRows {
    XmlRow *items;
    size_t n;
} XmlRows;

/* BAD_INPUT "xml.malformed", REFUSED "xml.dtd" or "xml.rule", TOO_LARGE "xml.size" past the ceiling or most_rows. */
Status xml_read_rows(XmlRows *out, const char *bytes, size_t size, const XmlShape *shape,
                     Arena *arena, Note *why) MUST_USE;
/* The tree of any document, under the same flags and ceilings; xmlFreeDoc() is the caller's. BAD_INPUT "xml.malformed", REFUSED "xml.dtd",
 * TOO_LARGE "xml.size". */
struct _xmlDoc;
Status xml_tree(struct _xmlDoc **out, const char *bytes, size_t size, Place place,
                Note *why) MUST_USE;

#endif
