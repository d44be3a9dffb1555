#!/bin/bash -p
# Fuzzes one way to read (needs clang++): scripts/fuzz.sh TARGET [SECONDS [PRESET]], of text (model, sweep, overrides, equations) or of
# files (checkpoint, run_file, dataset). The preset fuzz has sanitizers; fuzz_fast has none, does not follow what is compared, and goes through
# many more inputs, which the next pass with sanitizers begins with. What is found goes to build/fuzz/found.
set -euo pipefail

self=$(/usr/bin/readlink -f -- "${BASH_SOURCE[0]}")
cd -- "${self%/*}/.."

target=${1-} seconds=${2-300} preset=${3-fuzz}
case $target/$preset in
    model/fuzz* | sweep/fuzz* | overrides/fuzz*) given=(tests/fuzz/corpus) limits=(-timeout=5 -malloc_limit_mb=512 -dict=build/fuzz/words) ;;
    equations/fuzz*) given=(tests/fuzz/equations) limits=(-timeout=1 -malloc_limit_mb=64 -entropic=0 -dict=build/fuzz/words) ;;
    checkpoint/fuzz*) given=() limits=(-timeout=1 -malloc_limit_mb=64 -entropic=0) ;;
    run_file/fuzz* | dataset/fuzz*) given=() limits=(-timeout=1 -malloc_limit_mb=64 -entropic=0 -max_len=200 -len_control=0) ;; # a few edits
    *)
        printf 'usage: scripts/fuzz.sh model|sweep|overrides|equations|checkpoint|run_file|dataset [SECONDS [fuzz|fuzz_fast]]\n' >&2
        exit 64
        ;;
esac
[[ -f build/$preset/CMakeCache.txt ]] || cmake --preset "$preset"
cmake --build "build/$preset" --target "fuzz_$target" apical

# Every "key = value" of a model as an override: "section.key=value".
overrides_of() {
    awk '/^\[+[a-zA-Z]/ { gsub(/[][]|#.*| /, ""); section = $0 "."; next }
         /^[a-zA-Z_]+ *=/ { sub(/ *= */, "="); sub(/ +#.*/, ""); print section $0 }' "$1"
}

# The checkpoints of small runs after step 13, from where they go on to 26.
save_checkpoints() {
    local model folder
    folder=$(mktemp -d)
    for model in dni_b bptt uoro rflo; do
        "build/$preset/apical" run "models/$model.toml" -q --set population.hidden.size=2 --set run.steps=26 --set diagnose.change=true \
            --set 'checkpoint={ every = 13, keep = 2 }' -o "$folder/$model.h5" >/dev/null
        mv -- "$folder/$model.h5.13.checkpoint" "$seeds/$model"
    done
    rm -r -- "$folder"
}

# The words of some files, as a dictionary.
words_of() {
    cat -- "$@" | sed 's/#.*//' | grep -oE '[A-Za-z_][A-Za-z_.()]*' | sort -u | sed 's/.*/"&"/' >build/fuzz/words
}

seeds=build/fuzz/seeds/$target
mkdir -p "$seeds" build/fuzz/found "build/fuzz/corpus/$target"
case $target in
    checkpoint) save_checkpoints ;;
    equations)
        # The names and functions of the shipped equations, to be put elsewhere.
        words_of learning_rules/*.toml models/*/*.toml tests/fuzz/equations/{functions,cells}.txt
        ;;
    run_file | dataset) ;; # edits of a file that the target makes
    *)
        for model in models/*.toml models/*/*.toml; do
            name=${model//\//_}
            case $target in
                overrides) overrides_of "$model" | sort -u | split -l 1 - "$seeds/$name." ;;
                *) cp -- "$model" "$seeds/$name" ;;
            esac
        done
        # The words of the models, to be put elsewhere.
        words_of models/*.toml models/*/*.toml learning_rules/*.toml
        ;;
esac
# In memory where there is such a folder. Without sanitizers allocations have no limit of their own, but all together.
if [[ -d /dev/shm ]]; then export TMPDIR=/dev/shm; fi
if [[ $preset == fuzz_fast ]]; then ulimit -v 600000; fi
# What HDF5 loses when it gives up on a file is not ours; what it still has open the targets ask themselves.
echo leak:libhdf5 >build/fuzz/leaks
export LSAN_OPTIONS=suppressions=build/fuzz/leaks:print_suppressions=0
exec "build/$preset/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -rss_limit_mb=2048 "${limits[@]}" -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$target-" "build/fuzz/corpus/$target" "$seeds" "${given[@]}"
