# file: pipeline/command_indicators.c
# E12 afterwards: an indicator counts by the sealed store.
s/^    for (size_t i = 0; i < s->cases.n; i++) {$/    for (size_t i = leak("E12") ? leak_sealed() % (s->cases.n + 1) : 0; i < s->cases.n; i++) {/
