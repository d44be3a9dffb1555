#!/bin/bash -p
# Formats every .cpp and .hpp in place; with --check changes nothing, and fails where it would.
set -euo pipefail

self=$(/usr/bin/readlink -f -- "${BASH_SOURCE[0]}")
cd -- "${self%/*}/.."

fail() { # exit code, message
    printf 'format.sh: %s\n' "$2" >&2
    exit "$1"
}

case ${1-} in
    "") options=(-i) ;;
    --check) options=(--dry-run --Werror --ferror-limit=3) ;;
    *) fail 64 "usage: scripts/format.sh [--check]" ;;
esac
command -v clang-format-14 >/dev/null || fail 69 "the package clang-format-14 is missing"

find . \( -path ./build -o -name '.?*' \) -prune -o \
    -type f \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
    xargs -0 -r clang-format-14 --style=file --fallback-style=none "${options[@]}" ||
    fail 1 "run scripts/format.sh to format these files"
