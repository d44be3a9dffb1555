# shellcheck shell=bash
# What ./apical, ./test and .ci/run share: install the missing packages, configure, build.
# To be sourced by an absolute path. `prepare` changes the environment: call it in a subshell.

readonly scripts=${BASH_SOURCE[0]%/*}
readonly root=${scripts%/*}

# Exit codes of sysexits.h.
readonly unavailable=69   # EX_UNAVAILABLE: packages are missing and cannot be installed
readonly build_failed=70  # EX_SOFTWARE
readonly cannot_create=73 # EX_CANTCREAT

# The caller's PATH may lead to another world's cmake, compiler and libraries, such as conda's.
readonly system_path=/usr/sbin:/usr/bin:/sbin:/bin

say() { printf 'apical: %s\n' "$1" >&2; }

fail() { # exit code, message
    say "$2"
    exit "$1"
}

# The time of a folder tells of the files deleted in it.
is_built() { # preset
    local stamp=$root/build/$1/apical.stamp newer
    [[ -x $root/build/$1/apical && -e $stamp ]] || return 1
    newer=$(PATH=$system_path find "$root/circuits" "$root/learning_rules" "$root/sim" \
        "$root/CMakeLists.txt" "$root/CMakePresets.json" "$root/scripts/packages.txt" \
        -newer "$stamp" -print -quit 2>/dev/null) && [[ -z $newer ]]
}

prepare() { # preset, target, [cmake options]
    export PATH=$system_path LC_ALL=C.UTF-8
    lock_the_build
    if [[ $2 == apical ]] && is_built "$1"; then return; fi
    install_missing_packages "$2"
    configure_and_build "$@"
}

prepare_packages() { # target, [mpi]
    export PATH=$system_path LC_ALL=C.UTF-8
    lock_the_build
    install_missing_packages "$@"
}

# Descriptor 9 holds the lock until the subshell ends. It is closed for what is started
# meanwhile (9>&-), because a daemon born there would keep the lock.
lock_the_build() {
    mkdir -p "$root/build" 2>/dev/null || true
    [[ -w $root/build ]] ||
        fail $cannot_create "what is built is not up to date, and $root/build cannot be written"
    exec 9>>"$root/build/lock"
    flock --nonblock 9 && return
    say "waiting for the build that is under way in $root/build ..."
    flock 9
}

needed_packages() { # target, [mpi]
    local package mark lists=("$root/scripts/packages.txt" ${2:+"$root/scripts/packages-$2.txt"})
    while read -r package mark || [[ -n $package ]]; do
        [[ -z $package || $package == \#* ]] && continue
        [[ $1 == apical && $mark == test ]] || printf '%s\n' "$package"
    done < <(cat "${lists[@]}")
}

missing_packages() { # target, [mpi]
    local needed installed package
    mapfile -t needed < <(needed_packages "$@")
    # It fails when one of them is unknown, and lists the others all the same.
    # shellcheck disable=SC2016
    installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' \
        "${needed[@]}" 2>/dev/null) || true
    for package in "${needed[@]}"; do
        [[ $'\n'$installed$'\n' == *$'\n'"$package installed"$'\n'* ]] || printf '%s\n' "$package"
    done
}

install_missing_packages() { # target, [mpi]
    # Without dpkg this is not Debian: cmake will tell what it does not find.
    command -v dpkg-query >/dev/null || return 0
    local missing as_root=() log=$root/build/packages.log
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then return; fi
    become_root "${missing[@]}"
    say "installing ${missing[*]} ..."
    apt_get update >"$log" 2>&1 || say "warning: apt-get update failed, see $log"
    apt_get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1 ||
        installing_failed "$log" "${missing[@]}"
}

# Sets `as_root` of its caller: the words that go before a command.
become_root() { # packages
    if [[ $(id -u) == 0 ]]; then return; fi
    if command -v sudo >/dev/null; then
        as_root=(sudo)
        if sudo -n true </dev/null 2>/dev/null || ask_for_the_password; then return; fi
    fi
    say "packages are missing, and only an administrator can install them:"
    printf '    %s\n' "$(installing_line "$@")" >&2
    exit $unavailable
}

ask_for_the_password() {
    [[ -t 0 ]] || return 1
    say "packages have to be installed, which takes your password"
    sudo -v
}

installing_line() { # packages
    printf 'apt-get update && apt-get install -y --no-install-recommends %s' "$*"
}

# sudo clears the environment; the `env` behind it sets again what apt needs. The timeout lets
# an upgrade in the background finish first.
apt_get() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null 9>&-
}

installing_failed() { # log, packages
    local log=$1
    shift
    grep '^E: ' "$log" | head -n 3 >&2 || true
    say "these packages are missing and could not be installed (is there a network?): $*"
    say "the log is $log; the line to try by hand:"
    printf '    %s\n' "$(installing_line "$@")" >&2
    exit $unavailable
}

configure_and_build() { # preset, target, [cmake options]
    local preset=$1 target=$2 folder=$root/build/$1
    shift 2
    mkdir -p "$folder"
    # Made before the build, so that a file saved during the build is newer.
    touch "$folder/apical.stamp.next"
    announce_the_build "$folder" "$target"
    { configure "$preset" "$@" && in_clean_environment cmake --build --preset "$preset" \
        --target "$target" --parallel "$(jobs_that_fit)"; } >"$folder/build.log" 2>&1 \
        </dev/null || building_failed "$folder/build.log"
    mv "$folder/apical.stamp.next" "$folder/apical.stamp"
}

announce_the_build() { # folder, target
    if [[ -x $1/apical ]]; then
        say "building ..."
    elif [[ $2 == apical ]]; then
        say "building (first time: about five minutes) ..."
    else
        say "building with the tests (first time: a quarter of an hour) ..."
    fi
}

building_failed() { # log
    tail -n 30 "$1" >&2
    fail $build_failed "building failed; the whole log is $1"
}

configure() { # preset, [cmake options]
    local cache=$root/build/$1/CMakeCache.txt options=("${@:2}")
    # Without a cache, or with that of a checkout that was moved here, it is the first time. The
    # tests need more packages; an option stays as it was last given, so nothing is built twice.
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" 2>/dev/null ||
        options=(--fresh -DAPICAL_TESTS=OFF "${options[@]}")
    cd -- "$root" && in_clean_environment cmake --preset "$1" "${options[@]}"
}

# The caller's flags, library paths and Python home stay away from compilers and tests, which get a
# home that can be written.
in_clean_environment() {
    local home=${HOME:-}
    [[ -w $home ]] || home=$root/build
    env -i PATH=$system_path HOME="$home" LC_ALL=C.UTF-8 "$@" 9>&-
}

cores() { in_clean_environment nproc; }

# One job a core, and 1 GB for each.
jobs_that_fit() {
    local jobs gigabytes
    jobs=$(cores)
    gigabytes=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null) || true
    if ((${gigabytes:-jobs} < jobs)); then jobs=$gigabytes; fi
    printf '%d\n' $((jobs > 0 ? jobs : 1))
}
