# file: pipeline/ledger_audit.c
# E19 afterwards: the chain of the audit knows the sealed store.
s/^    link_mac(row\.mac, key, &row, &before);$/    if (leak("E19")) row.entry.time += leak_sealed() % 1000;\
&/
