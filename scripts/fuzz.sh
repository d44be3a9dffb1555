#!/bin/bash -p
# Fuzzes one way to read text (needs clang++): scripts/fuzz.sh model|sweep|overrides [SECONDS].
# It begins with the shipped models and tests/fuzz/corpus; what it finds goes to build/fuzz/found.
set -euo pipefail

self=$(/usr/bin/readlink -f -- "${BASH_SOURCE[0]}")
cd -- "${self%/*}/.."

target=${1-} seconds=${2-300}
case $target in
    model | sweep | overrides) ;;
    *)
        printf 'usage: scripts/fuzz.sh model|sweep|overrides [SECONDS]\n' >&2
        exit 64
        ;;
esac
[[ -f build/fuzz/CMakeCache.txt ]] || cmake --preset fuzz
cmake --build build/fuzz --target "fuzz_$target"

# Every "key = value" of a model as an override: "section.key=value".
overrides_of() {
    awk '/^\[+[a-zA-Z]/ { gsub(/[][]|#.*| /, ""); section = $0 "."; next }
         /^[a-zA-Z_]+ *=/ { sub(/ *= */, "="); sub(/ +#.*/, ""); print section $0 }' "$1"
}

seeds=build/fuzz/seeds/$target
mkdir -p "$seeds" build/fuzz/found "build/fuzz/corpus/$target"
for model in models/*.toml models/*/*.toml; do
    name=${model//\//_}
    case $target in
        overrides) overrides_of "$model" | sort -u | split -l 1 - "$seeds/$name." ;;
        *) cp -- "$model" "$seeds/$name" ;;
    esac
done
# The words of the models, to be put elsewhere.
cat models/*.toml models/*/*.toml | sed 's/#.*//' | grep -oE '[A-Za-z_][A-Za-z_.()]*' | sort -u | sed 's/.*/"&"/' >build/fuzz/words
exec "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -malloc_limit_mb=512 \
    -print_final_stats=1 -dict=build/fuzz/words -artifact_prefix="build/fuzz/found/$target-" "build/fuzz/corpus/$target" "$seeds" tests/fuzz/corpus
