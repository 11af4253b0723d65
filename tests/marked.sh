# marked.sh - the batches on which marked bytes are followed (tests/taint.sh, tests/dfsan.sh); sourced, after `dir` (the build) and `tmp` are set. Each function leaves
# $tmp/batch; the working folder is the root.

marked_cases() { # case file, twin
    CASES=$1 sh tests/demo/make.sh "$tmp/batch" "$2" 1 ""
}

marked_chance() { # number, twin
    awk -v n="$1" -v seed=3 -v packed=1 -f tests/demo/fetal.awk tests/demo/kit.tsv >"$tmp/chance.tsv"
    marked_cases "$tmp/chance.tsv" "$2"
}

marked_bins() {
    for i in 1 2 3 4; do
        printf 'S\t90%d.1\twoman\tmaternal_plasma\tnipt\t230103\t230103\t2026-11-10T09:00\tsex=%s\nV\t90%d.1\tbins\t38\n' $i "$(echo M F X0 XXY | cut -d' ' -f$i)" $i
    done >"$tmp/plasma.tsv"
    marked_cases "$tmp/plasma.tsv" a
}

marked_bam() { # reads: the first plasma as a BAM
    marked_bins
    "$dir/tools/simulate_nipt" bam "$tmp/batch/S2026901.bam" seed=5 reads="$1" short=1 sex=xy
    sed -i "s/^S20269011,[^,]*,[^,]*,[^,]*,[^,]*,[0-9a-f]*/S20269011,NGS-901,,,S2026901.bam,$(sha256sum "$tmp/batch/S2026901.bam" | cut -c 1-64)/" "$tmp/batch/results.csv"
}

marked_messages() {
    rm -rf "$tmp/batch"
    BATCH=$tmp/batch sh tests/noninterference_messages.sh "$dir/screenlab" 6
}

marked_traces() { # fetuses
    rm -rf "$tmp/batch"
    BATCH=$tmp/batch sh tests/noninterference_qfpcr.sh "$dir" "$1"
}
