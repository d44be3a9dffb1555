#!/bin/sh
# Pages for man, of the program and of each command, from their help texts: man_pages.sh APICAL HELP2MAN FOLDER
set -eu
apical=$1 help2man=$2 folder=$3
rm -rf "$folder"
mkdir -p "$folder"
version=$("$apical" --version)
page() { # name, command, what it is
    "$help2man" --no-info --no-discard-stderr --version-string "$version" --name "$3" "$2" |
        sed "s|$apical|apical|g" | gzip -9n >"$folder/$1.1.gz"
}
page apical "$apical" "simulate neural circuits that learn"
for command in $("$apical" complete -- ""); do
    page "apical-$command" "$apical $command" "$("$apical" "$command" --help | head -1)"
done
