#!/bin/bash -p
# Builds Apical, counts the instructions of a step of each shipped model and compares them with the
# stored ones:  bench/instructions.sh [--store | --set KEY=VALUE ...]   See docs/performance.md.
set -euo pipefail

self=$(/usr/bin/readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/bench/*}
# shellcheck source=scripts/prepare.sh
source "$root/scripts/prepare.sh"
(
    prepare_packages all
    prepare release apical
) >&2
in_clean_environment /usr/bin/python3 "$root/bench/instructions.py" "$root/build/release/apical" "$@"
