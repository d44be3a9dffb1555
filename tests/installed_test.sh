#!/bin/bash
# Tests that an installed program finds its models by name, and models their schema.  usage: installed_test.sh CMAKE BUILD_FOLDER
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
"$1" --install "$2" --prefix "$folder/there" >"$folder/log"

cd "$folder"
for model in rflo dni_b_mirrored ladder/dni_b_learned_jacobian; do
    checked=$(there/bin/apical check "$model")
    checked=${checked%%$'\n'*} # `| head` would end it before it has printed all
    # Its own copy, not that of the build tree.
    [[ $checked == */there/share/apical/models/* ]] || { echo "FAILED: $model is taken from $checked"; exit 1; }
    schema=$(sed -n '1s/^#:schema //p' "$checked")
    [[ -f $(dirname "$checked")/$schema ]] || { echo "FAILED: $checked names $schema, which is not there"; exit 1; }
done
