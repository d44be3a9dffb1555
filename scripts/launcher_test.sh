#!/bin/bash -p
# Tests ./apical and ./test on a toy tree. In place of dpkg-query, apt-get, sudo, cmake and so on
# they find programs that note how they were called.
# shellcheck disable=SC2016,SC2317 # the fakes expand their variables when they are called
set -uo pipefail

self=$(/usr/bin/readlink -f -- "${BASH_SOURCE[0]}")
project=${self%/scripts/*}
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder" && rm -rf -- "$folder"' EXIT
tree="$folder/a tree"
calls=$folder/calls
passed=0
failed=0

make_tree() {
    rm -rf -- "$tree"
    mkdir -p "$tree"/{circuits,learning_rules/inner,sim,scripts}
    cp "$project"/{apical,test} "$tree"
    cp "$project"/scripts/{prepare.sh,packages.txt} "$tree/scripts"
    sed -i "s|^readonly system_path=.*|readonly system_path='$folder/programs'|" \
        "$tree/scripts/prepare.sh"
    touch "$tree"/{CMakeLists.txt,CMakePresets.json,circuits/a.cpp,sim/command_line/main.cpp}
    touch "$tree/learning_rules/inner/b.cpp"
    find "$tree" -exec touch -d '1 hour ago' {} +
}

fake() { # name; its standard input: what it does
    {
        printf '#!/bin/bash\nfolder=%q\n' "$folder"
        echo 'echo "${0##*/} $*" >>"$folder/calls"'
        cat
    } >"$folder/programs/$1"
    chmod +x "$folder/programs/$1"
}

make_programs() {
    local name
    mkdir "$folder/programs"
    for name in awk cat cp env find flock grep head mkdir mv seq sleep tail touch; do
        ln -s "$(command -v $name)" "$folder/programs/$name"
    done
    fake id <<<'echo "$(<"$folder/uid")"'
    fake nproc <<<'echo 1'
    fake dpkg-query <<<'shift 2
        for package; do grep -x "$package installed" "$folder/installed"; done'
    fake apt-get <<<'cat >>"$folder/eaten"
        [[ ! -e /proc/self/fd/9 ]] || echo "apt-get keeps the lock" >>"$folder/calls"
        [[ ! -e $folder/offline ]] || { echo "E: no network"; exit 100; }'
    fake cmake <<<'cat >>"$folder/eaten"
        [[ ! -e /proc/self/fd/9 ]] || echo "cmake keeps the lock" >>"$folder/calls"
        [[ ! -e $folder/broken ]] || { seq 100; exit 1; }
        if [[ $1 == --preset ]]; then
            echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"build/$2/CMakeCache.txt"
        else
            sleep 0.1
            cp "$folder/program" "build/$3/apical"
        fi'
    fake ctest <<<'echo "100% tests passed in $PWD"; exit 8'
    printf '#!/bin/bash\nprintf "<%%s>" "$PWD" "$@"\nexit 42\n' >"$folder/program"
    chmod +x "$folder/program"
}

sudo_without_a_password() { fake sudo <<<'[[ $1 != -n ]] || shift; "$@"'; }
sudo_with_a_password() { fake sudo <<<'case $1 in -n) exit 1 ;; -v) ;; *) "$@" ;; esac'; }

given() { # user id, packages that are not installed
    make_tree
    echo "$1" >"$folder/uid"
    shift
    sed 's/ .*//; s/$/ installed/' "$project/scripts/packages.txt" >"$folder/installed"
    local package
    for package; do sed -i "/^$package /d" "$folder/installed"; done
    rm -f "$folder"/{offline,broken,programs/sudo}
    : >"$calls"
}

call() { # program, arguments: sets out, err, code
    out=$(cd "$folder" && "$@" 2>"$folder/err" </dev/null)
    code=$?
    err=$(<"$folder/err")
}

call_again() {
    : >"$calls"
    call "$@"
}

expect() { # sentence, command
    local sentence=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'FAILED: %s\n    %s\n' "$sentence" "$*"
    printf 'exit code %s\nstdout: %s\nstderr: %s\ncalled:\n' "$code" "$out" "$err"
    cat "$calls"
}

is() { [[ $1 == "$2" ]]; }
contains() { [[ $1 == *"$2"* ]]; }
called() { grep -qE -- "^($1)" "$calls"; } # beginning of a call, an extended regular expression
not_called() { ! called "$1"; }
called_once() { is "$(grep -cE -- "^($1)" "$calls")" 1; }

# --- calling ----------------------------------------------------------------------------------

test_calling() {
    given 0
    call "$tree/apical" one "two words" '' '*'
    expect "arguments and the working directory reach the program" \
        is "$out" "<$folder><one><two words><><*>"
    expect "the exit code is the program's" is "$code" 42
    expect "the first call says on stderr that it builds" \
        is "$err" "apical: building (first time: about five minutes) ..."
    expect "only the target apical is built" called 'cmake --build --preset release --target apical '
    expect "nothing is installed when nothing is missing" not_called apt-get

    local start=${EPOCHREALTIME/[.,]/} milliseconds
    call_again "$tree/apical" again
    milliseconds=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
    expect "a second call starts the program" is "$out" "<$folder><again>"
    expect "a second call says nothing" is "$err" ""
    expect "a second call runs neither cmake nor dpkg-query" not_called 'cmake|dpkg-query'
    expect "a second call takes less than 0.5 s (it took $milliseconds ms)" \
        test "$milliseconds" -lt 500

    ln -s "$tree/apical" "$folder/link"
    call "$folder/link" linked
    expect "a link to the launcher works" is "$out" "<$folder><linked>"
    chmod -R a-w "$tree"
    call_again "$tree/apical" frozen
    expect "a built tree may be read-only" is "$out" "<$folder><frozen>"
    expect "making it so does not rebuild" not_called cmake
    chmod -R u+w "$tree"
}

test_what_is_inherited() {
    given 0 libfmt-dev
    : >"$folder/eaten"
    call sh -c 'echo "for the program" | "$1"' sh "$tree/apical"
    expect "installing and building leave standard input to the program" \
        is "$(<"$folder/eaten")" ""
    expect "no program that installs or builds keeps the lock" not_called '.* keeps the lock'
}

test_environment() {
    given 0
    find() { echo "not the program find"; }
    export -f find
    call env CDPATH=/tmp PATH=/nonexistent LC_ALL=xx_YY.UTF-8 CXXFLAGS=-broken "$tree/apical" odd
    expect "the caller's environment does not matter" is "$out" "<$folder><odd>"
    call_again "$tree/apical"
    expect "nor do the functions of the caller's shell" not_called cmake
    unset -f find
}

test_rebuilding() {
    given 0
    call "$tree/apical"
    local changed
    for changed in circuits/a.cpp learning_rules/inner/b.cpp sim/new.cpp CMakeLists.txt \
        CMakePresets.json scripts/packages.txt; do
        sleep 0.02
        touch "$tree/$changed"
        call_again "$tree/apical"
        expect "a change of $changed rebuilds" called 'cmake --build'
    done
    sleep 0.02
    rm "$tree/learning_rules/inner/b.cpp"
    call_again "$tree/apical"
    expect "deleting a source rebuilds" called 'cmake --build'
    expect "a later build does not say that it is the first" is "$err" "apical: building ..."
    touch "$tree/README.md"
    call_again "$tree/apical"
    expect "a change of anything else does not rebuild" not_called cmake

    mv "$tree" "$folder/moved"
    touch "$folder/moved/sim/main.cpp"
    call_again "$folder/moved/apical"
    expect "a checkout that was moved is configured afresh" called 'cmake --preset release --fresh'
    expect "and works" is "$code" 42
    rm -r "$folder/moved"
}

test_broken_build() {
    given 0
    touch "$folder/broken"
    call "$tree/apical"
    expect "a failing build exits with 70" is "$code" 70
    expect "a failing build prints the last 30 lines of the log" contains "$err" $'...\n71\n72\n'
    expect "a failing build names its log" contains "$err" "$tree/build/release/build.log"
    rm "$folder/broken"
    call "$tree/apical"
    expect "after a failure it is built again" is "$code" 42
}

test_two_at_once() {
    given 0
    (cd "$folder" && "$tree/apical" first >"$folder/first" 2>/dev/null) &
    call "$tree/apical" second
    wait
    expect "both of two launchers at once start the program" \
        is "$(<"$folder/first") $out" "<$folder><first> <$folder><second>"
    expect "two launchers at once build once" called_once 'cmake --build'
}

# --- packages ---------------------------------------------------------------------------------

install_line='apt-get update && apt-get install -y --no-install-recommends'

test_installing() {
    given 0 g++ libfmt-dev catch2
    call "$tree/apical"
    expect "only the missing packages are installed, and none for tests" \
        called 'apt-get .* install -y --no-install-recommends g\+\+ libfmt-dev$'
    expect "the package lists are fetched first" called 'apt-get .*update'
    expect "they are named" contains "$err" "apical: installing g++ libfmt-dev ..."
    expect "root needs no sudo" is "$code" 42

    given 1000 libfmt-dev
    sudo_without_a_password
    call "$tree/apical"
    expect "a user with sudo installs by sudo" called 'sudo .*apt-get .*install .* libfmt-dev$'

    given 1000 libfmt-dev
    sudo_with_a_password
    call "$tree/apical"
    expect "without a terminal no password is asked for" not_called 'sudo -v'
    expect "and nothing is installed" is "$code" 69
    if ! script -qec true /dev/null >/dev/null 2>&1; then
        echo "skipped: asking for a password, for want of pseudo-terminals"
        return
    fi
    call_again timeout 10 script -qec "'$tree/apical'" /dev/null
    expect "on a terminal sudo asks for the password" called 'sudo -v'
    expect "and installs" called 'apt-get .* install .* libfmt-dev$'
}

test_not_installing() {
    given 1000 cmake libfmt-dev
    call "$tree/apical"
    expect "neither root nor sudo exits with 69" is "$code" 69
    expect "neither root nor sudo prints the line for the administrator" \
        contains "$err" "    $install_line cmake libfmt-dev"
    expect "neither root nor sudo builds nothing" not_called cmake

    given 0 cmake libfmt-dev
    touch "$folder/offline"
    call "$tree/apical"
    expect "a failing installation exits with 69" is "$code" 69
    expect "a failing installation names what is missing" \
        contains "$err" "could not be installed (is there a network?): cmake libfmt-dev"
    expect "a failing installation names its log" contains "$err" "$tree/build/packages.log"
    expect "a failing installation shows the reason" contains "$err" "E: no network"
}

# --- the tests --------------------------------------------------------------------------------

test_the_tests() {
    given 0 catch2
    call "$tree/test" -R "some name"
    expect "./test installs what the tests need" called 'apt-get .* install .* catch2$'
    expect "./test builds everything" called 'cmake --build --preset release --target all '
    expect "./test passes its arguments on" called 'ctest --preset release -j1 -R some name$'
    expect "./test runs at the root and prints what ctest prints" \
        is "$out" "100% tests passed in $tree"
    expect "./test exits with ctest's code" is "$code" 8
    call_again "$tree/apical"
    expect "after ./test the program is built" not_called cmake
    call_again "$tree/test" asan
    expect "./test asan takes the preset asan" called 'ctest --preset asan -j1$'
}

make_programs
test_calling
test_what_is_inherited
test_environment
test_rebuilding
test_broken_build
test_two_at_once
test_installing
test_not_installing
test_the_tests
echo "$passed passed, $failed failed"
((failed == 0))
