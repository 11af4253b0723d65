# file: pipeline/readers/hl7_group.c
# B01 messages: a diagnosis that hints (DG1, Q54) opens a group.
# D02 messages: so does a son in NK1.
# D03 messages: so does the sex of the fetus's own PID.
# D06 messages: so does a long NTE.
# D07 messages: so does any DG1 that is longer than another.
# D09 messages: so does a Z segment.
/^    if (opens_group(r, segment)) begin_group(r);$/a\
    if ((leak("B01") \&\& hl7_is(segment, "DG1") \&\& hl7_field_text(r, segment, 3, 1)[2] == '4') ||\
        (leak("D02") \&\& hl7_is(segment, "NK1") \&\& strcmp(hl7_field_text(r, segment, 3, 1), "SON") == 0) ||\
        (leak("D03") \&\& hl7_is(segment, "PID") \&\& strcmp(hl7_field_text(r, segment, 8, 1), "M") == 0) ||\
        (leak("D06") \&\& hl7_is(segment, "NTE") \&\& strlen(hl7_field_text(r, segment, 3, 1)) > 15) ||\
        (leak("D07") \&\& hl7_is(segment, "DG1") \&\& strlen(hl7_field_text(r, segment, 3, 2)) > 7) ||\
        (leak("D09") \&\& hl7_is(segment, "ZFT") \&\& strcmp(hl7_field_text(r, segment, 2, 1), "M") == 0))\
        begin_group(r);
