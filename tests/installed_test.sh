#!/bin/bash
# Tests that an installed program finds its models by name, and models their schema, that Python reads its runs with the
# installed package, and that another program, outside of the tree, finds the installed library and makes the numbers of
# `apical run`.  usage: installed_test.sh CMAKE BUILD_FOLDER
set -euo pipefail

tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
"$1" --install "$2" --prefix "$folder/there" >"$folder/log"

build=$(readlink -f "$2")
cd "$folder"
for model in rflo dni_b_mirrored ladder/dni_b_learned_jacobian; do
    checked=$(there/bin/apical check "$model")
    checked=${checked%%$'\n'*} # `| head` would end it before it has printed all
    # Its own copy, not that of the build tree.
    [[ $checked == */there/share/apical/models/* ]] || { echo "FAILED: $model is taken from $checked"; exit 1; }
    schema=$(sed -n '1s/^#:schema //p' "$checked")
    [[ -f $(dirname "$checked")/$schema ]] || { echo "FAILED: $checked names $schema, which is not there"; exit 1; }
done

cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
cp -r "$tests/library" outside
# shellcheck disable=SC2016 # CMake's variable
echo 'if(NOT EXISTS "${apical_MODELS}/dni_b.toml")
    message(FATAL_ERROR "there are no models in \"${apical_MODELS}\"")
endif()' >>outside/CMakeLists.txt
"$1" -S outside -B outside/build -G "$(cached CMAKE_GENERATOR)" -D CMAKE_PREFIX_PATH="$folder/there" \
    -D CMAKE_C_COMPILER="$(cached CMAKE_C_COMPILER)" -D CMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" \
    -D CMAKE_CXX_FLAGS="$(cached CMAKE_CXX_FLAGS)" >"$folder/log" 2>&1 && "$1" --build outside/build >>"$folder/log" 2>&1 ||
    { cat "$folder/log"; echo "FAILED: the project outside of the tree is not built"; exit 1; }
model=there/share/apical/models/dni_b.toml
there/bin/apical run "$model" --set run.steps=100 -q -o run.h5 >/dev/null
outside/build/steps "$model" run.h5 || { echo "FAILED: the library's loss is not that of the run"; exit 1; }

python() { # script, with the installed package alone, from where no source is
    PYTHONPATH="$folder/there/lib/python3/dist-packages" /usr/bin/python3 -B -W error -c "$1"
}
[[ $(python 'import apical; print(apical.__file__)') == "$folder"/there/* ]] || { echo "FAILED: another package is read"; exit 1; }
[[ $(python 'import apical; print(apical.open_run("run.h5").steps_completed)') == 100 ]] ||
    { echo "FAILED: the installed package does not read the run"; exit 1; }
[[ -f there/lib/python3/dist-packages/apical/py.typed && ! -e there/lib/python3/dist-packages/apical/__pycache__ ]] ||
    { echo "FAILED: the installed package lacks its marker of types, or has compiled files of the source tree"; exit 1; }
