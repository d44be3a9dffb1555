#!/bin/bash -p
# Builds the benchmarks and prints the ratios of docs/performance.md. On a quiet machine with two cores.
set -euo pipefail

self=$(/usr/bin/readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/bench/*}
# shellcheck source=scripts/prepare.sh
source "$root/scripts/prepare.sh"
(prepare release apical_bench -DAPICAL_TESTS=ON) >&2
exec python3 "$root/bench/compare.py" "$root/build/release/bench/apical_bench" "$@"
