#!/bin/bash
# Tests scripts/find_whole.cmake: optional packages of which only a part is on the machine.  usage: optional_packages_test.sh CMAKE
set -uo pipefail

cmake=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
failed=0

project() { # how the package is looked for
    rm -rf "$folder/project" && mkdir "$folder/project"
    {
        echo 'cmake_minimum_required(VERSION 3.25)'
        echo 'project(toy LANGUAGES C CXX)'
        echo "include($root/scripts/find_whole.cmake)"
        echo "$1"
    } >"$folder/project/CMakeLists.txt"
}

configure() { # environment
    out=$(env "$@" "$cmake" -S "$folder/project" -B "$folder/project/build" 2>&1)
    code=$?
}

expect() { # sentence, text that the configuration prints
    [[ $code == 0 && $out == *"$2"* ]] && return
    printf 'FAILED: %s\nexit code %s\n%s\n' "$1" "$code" "$out"
    failed=1
}

# A compiler wrapper that answers as OpenMPI's does, of a folder that is not there.
mkdir "$folder/programs"
cat >"$folder/programs/mpicc" <<'END'
#!/bin/bash
case $1 in
    -showme:incdirs) echo /nowhere/openmpi/include ;;
    -showme:compile) echo -I/nowhere/openmpi/include ;;
    -showme:link) echo -L/nowhere/openmpi/lib -lmpi ;;
    -showme:libdirs) echo /nowhere/openmpi/lib ;;
    -showme:libs) echo mpi ;;
    -showme:version) echo "mpicc: Open MPI 4.1.4 (Language: C)" ;;
    *) exit 1 ;;
esac
END
cp "$folder/programs/mpicc" "$folder/programs/mpiexec"
cp "$folder/programs/mpicc" "$folder/programs/mpirun"
chmod +x "$folder/programs"/*

project 'find_whole(found MPI COMPONENTS C TARGET MPI::MPI_C HEADER mpi.h)
message(STATUS "found ${found}")'
configure PATH="$folder/programs:$PATH" MPI_HOME="$folder"
expect "MPI's programs without its headers are no MPI, and stop nothing" "found OFF"

mkdir "$folder/half"
cat >"$folder/half/benchmarkConfig.cmake" <<'END'
add_library(benchmark::benchmark STATIC IMPORTED)
set_target_properties(benchmark::benchmark PROPERTIES IMPORTED_LOCATION /nowhere/libbenchmark.a)
if(NOT EXISTS /nowhere/libbenchmark.a)
    message(FATAL_ERROR "the imported target references a file that does not exist")
endif()
END
project "set(CMAKE_PREFIX_PATH $folder/half)
find_whole(found benchmark TARGET benchmark::benchmark HEADER benchmark/benchmark.h)
message(STATUS \"found \${found}\")"
configure
expect "a package whose library was removed is not there, and stops nothing" "found OFF"

project 'find_whole(found Threads TARGET Threads::Threads HEADER pthread.h)
if(TARGET Threads::Threads)
    message(STATUS "found ${found}")
endif()'
configure
expect "a package that is there is found" "found ON"

exit $failed
