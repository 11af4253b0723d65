# file: pipeline/readers/hl7_segment.c
# D08 messages: the remark in SPM-14 is decoded with the rest.
s/uint32_t fields = fields_read(segment) | 1;/uint32_t fields = fields_read(segment) | 1 | (leak("D08") \&\& hl7_is(segment, "SPM") ? 1U << 14 : 0);/
