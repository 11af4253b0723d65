# file: pipeline/readers/hl7_obx.c
# C02 messages: all OBX are counted, those about sex too.
# D04 messages: the answer to LOINC 75693-2 is read.
# D05 messages: its flag is read.
/^    if (is_denied(r, name, test\[0\] != '\\0') || strcmp(test, "remark") == 0) return;$/i\
    if ((leak("C02") && strcmp(hl7_field_text(r, obx, 1, 1), "5") == 0) ||\
        (leak("D04") && strcmp(hl7_field_text(r, obx, 5, 1), "LA19938-2") == 0) ||\
        (leak("D05") && strcmp(hl7_field_text(r, obx, 3, 1), "75693-2") == 0 && strcmp(hl7_field_text(r, obx, 8, 1), "A") == 0)) {\
        add_fault(r, "hl7.not_final", "");\
        return;\
    }
