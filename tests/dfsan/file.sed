# file: pipeline/file.c
# Every byte of a document.
s/^    const char \*at = bytes;$/    taint_outlet(bytes, size, "a file");\n&/
