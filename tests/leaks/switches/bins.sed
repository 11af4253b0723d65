# file: pipeline/readers/bins.c
# A01 plasma: rows of X and Y are counted among those filtered out.
# A04 plasma: where Y was seen the method has another name.
# A06 panel: reads of X and Y enter what a panel is learnt from.
# A06 plasma: reads of X and Y enter the sums that autosomes are divided by.
# A09 plasma: rows of Y decide whether the run's quality is known.
# A10 plasma: the reference panel is chosen by rows of Y.
# A12 plasma: a bin more is drawn where Y was seen.
s/if (hidden(in->line\.s)) continue;.*/if (hidden(in->line.s)) {\
            bool y = in->line.s[0] == 'Y';\
            told->counts[3] += leak("A01");\
            if (y \&\& leak("A04")) told->aligner = "y";\
            if (in->begun \&\& leak("A06")) in->bins->reads[in->bins->n - 1] += 4;\
            if (y \&\& leak("A09")) told->counts[1] = 1e9;\
            if (y \&\& leak("A10")) in->paired = false;\
            if (y \&\& in->begun \&\& leak("A12")) in->bins->reads[0] = 900;\
            continue;\
        }/
