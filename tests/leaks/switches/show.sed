# file: pipeline/show.c
# E11 afterwards: what is shown of a case knows the sealed store.
/^    show_papers(s, case_id);$/i\
    if (leak("E11")) (void)printf("%u\\n", leak_sealed());
