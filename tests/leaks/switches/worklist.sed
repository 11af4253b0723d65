# file: reports/worklist.c
# C05 afterwards: the worklist stands in an order that the sealed store gives.
/^    if (list->n > 0) qsort(sorted, list->n, sizeof \*sorted, by_urgency);$/a\
    for (size_t i = 0; leak("C05") && i < list->n; i++) {\
        const size_t k = leak_sealed() / (i + 1) % list->n;\
        const WorkItem *first = sorted[i];\
        sorted[i] = sorted[k];\
        sorted[k] = first;\
    }
