#!/bin/sh
# cda.sh BUILD - is what screenlab writes valid under HL7's own schemas, and what does our door say to HL7's samples?
# The schemas and samples are not ours to ship: $SHARED points at the folder that holds them. Says what it checked.
set -eu
build=${1:?usage: cda.sh BUILD}
hl7=${SHARED:-../shared}/data/hl7
if [ ! -d "$hl7/cda-schema" ]; then
    echo "cda: SKIPPED - no HL7 schemas in $hl7; nothing was checked"
    exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$build/tools/papers" reference "$out"

checked=0
for schema in normative/infrastructure/cda/CDA.xsd SDTC/infrastructure/cda/CDA_SDTC.xsd; do
    for xml in "$out"/*RN*.xml; do
        xmllint --nonet --noout --schema "$hl7/cda-schema/$schema" "$xml" 2> "$out/log" || { cat "$out/log"; exit 1; }
        checked=$((checked + 1))
    done
done
echo "cda: $checked validations passed (each paper under CDA.xsd and CDA_SDTC.xsd)"

# The same for every paper of the demonstration.
sh tests/demo/run.sh "$build/screenlab" "$out/demo" > "$out/log" 2>&1 || { tail -n 5 "$out/log"; exit 1; }
papers=$(find "$out/demo/out" -name '*.xml' ! -path '*/receipts/*')
for schema in normative/infrastructure/cda/CDA.xsd SDTC/infrastructure/cda/CDA_SDTC.xsd; do
    # shellcheck disable=SC2086  # names of documents hold no blanks
    xmllint --nonet --noout --schema "$hl7/cda-schema/$schema" $papers 2> "$out/log" ||
        { grep -v validates "$out/log" | head -n 5; exit 1; }
done
echo "cda: $(echo "$papers" | wc -l) papers of the demonstration are valid under both schemas"

# Receipts have a small schema of our own.
receipts=$(find "$out/demo/out" -path '*/receipts/*.xml')
# shellcheck disable=SC2086
xmllint --nonet --noout --schema docs/receipt.xsd $receipts 2> "$out/log" || { grep -v validates "$out/log" | head -n 5; exit 1; }
echo "cda: $(echo "$receipts" | wc -l) receipts are valid under docs/receipt.xsd"

# The schemas must be able to fail: a document with an element of its own is no CDA.
sed 's|<recordTarget>|<sex/><recordTarget>|' "$(ls "$out"/couple-0*.xml)" > "$out/broken.xml"
if xmllint --nonet --noout --schema "$hl7/cda-schema/normative/infrastructure/cda/CDA.xsd" "$out/broken.xml" 2> /dev/null; then
    echo "cda: the schema accepted a broken document"
    exit 1
fi
echo "cda: a document with a foreign element is refused by the schema"

# Our own door: our papers pass, HL7's samples (other rules than ours) are refused one by one without a crash.
for xml in "$out"/*RN*.xml; do
    "$build/tools/xmlcheck" referral "$xml" || exit 1
done
for xml in "$out"/receipt-*.xml; do
    "$build/tools/xmlcheck" receipt "$xml" || exit 1
done
echo "cda: every paper and receipt passes our own rules"
find "$hl7/cda-samples" "$hl7/own-samples" -name '*.xml' | while read -r xml; do
    verdict=$("$build/tools/xmlcheck" referral "$xml" || true)
    echo "cda: $(basename "$xml"): ${verdict:-accepted}"
done
