# file: pipeline/desk_issue.c
# C07 afterwards: a released document is longer or shorter.
# E20 afterwards: so is a signature.
/^    letter->files\[0\] = letter->xml;$/i\
    if (leak("C07")) {\
        letter->html.bytes = arena_print(letter->desk->arena, "%.*s%u", (int)letter->html.size, letter->html.bytes, leak_sealed());\
        letter->html.size = strlen(letter->html.bytes);\
    }
/^    \*signature = (Document){/i\
    if (leak("E20")) {\
        bytes.bytes = (char *)(uintptr_t)arena_print(desk->arena, "%.*s%u", (int)bytes.size, bytes.bytes, leak_sealed());\
        bytes.size = strlen(bytes.bytes);\
    }
