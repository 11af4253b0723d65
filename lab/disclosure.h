/* disclosure - the three words of an approved disclosure (lab/disclose.h): what an assay may answer about one variant in a fetus. */
#ifndef SCREENLAB_DISCLOSURE_H
#define SCREENLAB_DISCLOSURE_H

/* All that anybody is told. The first value, which forgotten code leaves behind, is the harmless one. */
typedef enum Disclosure {
    DISCLOSURE_NOT_DETERMINABLE,
    DISCLOSURE_AFFECTED,
    DISCLOSURE_NOT_EXPECTED, /* not expected to be affected */
    DISCLOSURES
} Disclosure;

const char *disclosure_code(Disclosure answer); /* wording row "disclosure.answer.<code>" */

#endif
