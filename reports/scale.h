/* scale - where a risk stands against its cut-off: one small picture in the HTML dress. */
#ifndef SCREENLAB_SCALE_H
#define SCREENLAB_SCALE_H

#include "page.h"

/* Of every coded entry whose layout format is "one_in" and whose table row has a cut-off; nothing when there is none. */
void html_scales(Markup *m, const Page *page);

#endif
