# twins.sh - what the proofs with files of the DNA analyser and of the sequencer share; sourced, after `root`, `dir` (the build; or `program`), `tmp` and `pairs` are set
# and a function `batch` that writes $tmp/batch is there.
#
#     twin a xx xx            batch xx xx through the whole program and what may be looked at afterwards, and all that comes out in $tmp/a
#     same_bytes "QF-PCR: ..." "$answered"      twins b and c against a; 9 (`least`) of 10 must have been answered, or the proof would be empty

sum() { sha256sum "$1" | cut -c 1-64; }

begin_batch() { # the tables, with their heads
    out=$tmp/batch
    rm -rf "$out"
    mkdir "$out"
    echo person,case,sample,revision,replaces,reason,submitter,follow_up,subject,material,assay,collected,consent_person,consent_version,consent_date,remark >"$out/submission.csv"
    echo sample,run,well,specimen,file,sha256,code,value,unit,time >"$out/results.csv"
    echo run,well,role,kit,material,file,sha256 >"$out/plate.csv"
}

# FILE.sealed alone is left out.
twin() { # name, then what batch is told
    name=$1
    shift
    batch "$@"
    here=$tmp/here
    rm -rf "$here"
    mkdir "$here"
    cd "$here"
    printf 'noninterference: one fixed key!\n' >ledger.db.key
    chmod 600 ledger.db.key
    rc=0
    "${program-$dir/screenlab}" run --demo --reference "$root/reference" --ledger ledger.db --out out --now 2026-11-23T08:30:00+08:00 "$tmp/batch" >stdout 2>stderr || rc=$?
    echo "$rc" >exit
    for look in pending worklist indicators qc verify; do
        rc=0
        "${program-$dir/screenlab}" $look --demo --reference "$root/reference" --ledger ledger.db --out out --now 2027-01-30T08:30:00+08:00 >>stdout 2>>stderr || rc=$?
        echo "$look $rc" >>exit
    done
    sqlite3 ledger.db .dump >ledger.sql
    rm -f ledger.db.sealed*
    find . -type f -exec wc -c {} + | sort >"$tmp/sizes"
    mv "$tmp/sizes" .
    cp -r . "$tmp/$name"
    cd "$root"
}

same_bytes() { # what it is called, answered
    failed=0
    for t in b c; do diff -r "$tmp/a" "$tmp/$t" >"$tmp/diff" 2>&1 || { failed=1; echo "twins a and $t differ"; head -20 "$tmp/diff" | cut -c 1-200; }; done
    [ "$failed" = 0 ] || { echo "noninterference of $1: BROKEN"; return 1; }
    echo "noninterference of $1, $(find "$tmp/a" -type f | wc -l) files compared; $2 of $pairs answered"
    [ $(($2 * 10)) -ge $((pairs * ${least-9})) ]
}
