#!/bin/sh
# serum.sh BUILD [DRAWS] - detection and false-positive rates of the serum tests by simulation, beside published figures.
set -eu
"$1/tools/validate_serum" reference "${2:-1000000}"
cat <<'EOF'

Published, with maternal age in the risk (SURUSS in perspective, pubmed 15198778, FPR at 85 % detection): integrated 0.9 %, serum
integrated 2.7 %, combined 4.3 %, quadruple 6.2 %, NT 15.2 %. The figures above leave age out: age alone tells about 30 % of
affected pregnancies apart at 5 % false positives, so they must lie above the published ones, in the same order. Required in
China (m.274949.com/4406): double test T21 60 % at FPR below 8 %, triple 70 % / 5 %, quadruple 80 % / 5 %.
EOF
