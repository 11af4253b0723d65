# file: pipeline/readers/hl7_group.c
# A segment that is not read, behind its name.
/^    if (opens_group(r, segment)) begin_group(r);$/i\
    if (!hl7_is(segment, "OBX") && !hl7_is_read(r, segment) && segment.size > 3) taint(segment.text + 3, segment.size - 3);
