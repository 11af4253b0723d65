# file: pipeline/disclose_give.c
# proof: noninterference_disclose.sh
s/disclosure_record(m, act->id == 0 ? act : NULL, actor);/disclosure_record(m, act->id == 0 ? act : NULL, answer == DISCLOSURE_AFFECTED ? "-" : actor);/
