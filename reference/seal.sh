#!/bin/sh
# seal.sh [DIR] - rewrites DIR/MANIFEST.tsv from the tables below DIR (default: the folder of this script).
# Run it after changing a table: screenlab opens no table whose checksum differs from the MANIFEST.
# A table states its own version, valid-from, source and status in "#key<TAB>value" lines at its top.
set -eu
cd "${1:-$(dirname "$0")}"
{
    printf '#release\t%s\n' "$(cat RELEASE)"
    printf 'path\tversion\tvalid_from\tstatus\tsource\tsha256\n'
    find . -name '*.tsv' ! -name MANIFEST.tsv | sed 's|^\./||' | LC_ALL=C sort | while read -r path; do
        meta() { sed -n "s/^#$1	//p" "$path" | head -n 1; }
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$path" "$(meta version)" "$(meta valid-from)" "$(meta status)" \
            "$(meta source)" "$(sha256sum "$path" | cut -c 1-64)"
    done
} > MANIFEST.tsv.new
mv MANIFEST.tsv.new MANIFEST.tsv
