# file: pipeline/intake_facts.c
# Value and code of a fact that vanishes at the door.
s/^    if (at_the_door(&d)) return;$/    if (at_the_door(\&d)) {\
        taint(cells->cell[VALUE], strlen(cells->cell[VALUE]));\
        taint(cells->cell[CODE], strlen(cells->cell[CODE]));\
        return;\
    }/
