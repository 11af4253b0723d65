/* xml - the only place that parses XML: no DTD, no entities, no network, bounded depth and size. */
#ifndef SCREENLAB_XML_H
#define SCREENLAB_XML_H

#include "../lab/arena.h"
#include "../lab/status.h"

/* Reads a document that screenlab wrote (verify, fuzz) and checks our own rules for it: root and
 * namespace, typeId, code, setId and version, confidentiality R, a recordTarget, fetuses only as
 * masked subjects, no comment, no processing instruction, no DTD. `kind` is Document.kind.
 * BAD_INPUT or REFUSED with the rule broken in the Note's detail. */
Status xml_check_document(const char *bytes, size_t size, const char *kind, Place place,
                          Note *why) MUST_USE;

#endif
