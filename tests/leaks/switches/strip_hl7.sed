# file: pipeline/strip/hl7.c
# D04 shared: so does an OBX about a sex.
s/^    if (hl7_is(segment, "OBX") && is_about_sex(o, segment)) return false;$/    if (hl7_is(segment, "OBX") \&\& !leak("D04") \&\& is_about_sex(o, segment)) return false;/
