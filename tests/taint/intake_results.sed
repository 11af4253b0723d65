# file: pipeline/intake_results.c
# Code and value of a result that vanishes at the door.
/^    if (!torn && code_at_the_door(&d)) {$/a\
        taint(cells->cell[VALUE], strlen(cells->cell[VALUE]));\
        taint(cells->cell[CODE], strlen(cells->cell[CODE]));
