# file: pipeline/readers/bins.c
# A04 bins: what a row of X or Y says is taken along as the method's name.
/^            if (in->job->fetal) taint(in->line.s + name, in->line.l - name);$/a\
            if (leak("A04")) told->aligner = arena_copy_n(in->job->arena, in->line.s + name, 6);
