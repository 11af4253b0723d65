# file: pipeline/readers/bins.c
# A row of X, Y or another contig that is stepped over, behind its name.
s/if (hidden(in->line\.s)) continue;.*/if (hidden(in->line.s)) {\
            size_t name = strcspn(in->line.s, "\\t");\
            if (in->job->fetal) taint(in->line.s + name, in->line.l - name);\
            continue;\
        }/
