# file: lab/assays/carrier_disclose.c
# proof: noninterference_disclose.sh
s/return one_of_two || v->answer == ANSWER_NEGATIVE/return v->answer == ANSWER_NEGATIVE/
