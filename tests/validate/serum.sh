#!/bin/sh
# serum.sh BUILD [DRAWS [MEAN_AGE SD_AGE]] - detection and false-positive rates of the serum tests by simulation beside published figures, and the age
# prior beside a published table. Maternal ages: normal; mean and SD of the default are our own assumption, nobody's statistics.
set -eu
"$1/tools/validate_serum" reference "${2:-1000000}" "$(nproc)" "${3:-28.2}" "${4:-5.6}"
cat <<'EOF'

Published                            FPR at 85 % detection (SURUSS in perspective, pubmed 15198778; risk with age)
  NT 15.2 %, quadruple 6.2 %, combined 4.3 %, serum integrated 2.7 %, integrated 0.9 %
Required in China (m.274949.com/4406), detection / false positives
  T21: double 60 % / 8 %, triple 70 % / 5 %, quadruple 80 % / 5 %;  T18: double 80 % / 5 %, triple 85 % / 5 %, quadruple 85 % / 1 %
Why they differ: the column without age must lie above all of them. With age, ours lie above SURUSS: our ages are an assumption and narrower than a
  population's; the set takes PAPP-A and hCG at 80 or 87 days, where SURUSS has PAPP-A at 10 weeks, its best; the set's origin is not stated. The order of the
  tests is the same. T18 has no inhibin, so its quadruple is the triple: 85 % at 1 % is not reached by these parameters, 85 % at 5 % is.
EOF
table=${SHARED:-../shared}/data/serum/snijders1999_t21.csv
if [ -f "$table" ]; then
    echo
    "$1/tools/validate_serum" reference priors "$table"
    echo "Ours divides the risk at term by 0.57 and 0.77; the table falls less from week 12 to term (0.70 at 35 years) and is another cohort. Never mix both."
else
    echo "the published prior is not here ($table): not printed"
fi
