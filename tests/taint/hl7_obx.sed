# file: pipeline/readers/hl7_obx.c
# What an OBX about a sex says, behind its name.
/^    if (is_denied(r, name, test\[0\] != '\\0') || strcmp(test, "remark") == 0) return;$/i\
    if (is_denied(r, name, test[0] != '\\0')) {\
        Span value = hl7_field(obx, 5, &r->d);\
        if (value.size > 0) taint(value.text, (size_t)(obx.text + obx.size - value.text));\
        return;\
    }
