# find_whole(<variable> <package> [COMPONENTS ...] TARGET <target> HEADER <header>
#            [DEFINITIONS ...])
#
# Finds an optional package if all of it is there: a small project finds it, and compiles and links a program with it.
# It is a project of its own because a package of which a part is missing may stop CMake itself: find_package(MPI) does with
# OpenMPI's `mpicc` but without its headers, and so does the configuration of a package whose library was removed. Sets
# <variable> to ON or OFF; when ON, find_package has been called.
set(find_whole_folder ${CMAKE_CURRENT_LIST_DIR})

function(try_package variable package components target header definitions)
    set(probe ${CMAKE_BINARY_DIR}/probe/${package})
    # Nothing is remembered: packages come and go.
    file(REMOVE_RECURSE ${probe})
    file(WRITE ${probe}/probe.cpp "#include <${header}>\nint main() {}\n")
    file(WRITE ${probe}/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)
project(probe LANGUAGES C CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(${package} REQUIRED ${components})
add_executable(probe probe.cpp)
target_link_libraries(probe PRIVATE ${target})
target_compile_definitions(probe PRIVATE ${definitions})
")
    set(passed_on)
    foreach(name CMAKE_C_COMPILER CMAKE_CXX_COMPILER CMAKE_MAKE_PROGRAM CMAKE_PREFIX_PATH MPI_HOME MPI_C_COMPILER)
        if(${name})
            list(APPEND passed_on "-D${name}=${${name}}")
        endif()
    endforeach()
    execute_process(COMMAND ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR} -S ${probe} -B ${probe}/build ${passed_on}
        RESULT_VARIABLE failed OUTPUT_FILE ${probe}/log ERROR_FILE ${probe}/log)
    if(NOT failed)
        execute_process(COMMAND ${CMAKE_COMMAND} --build ${probe}/build
            RESULT_VARIABLE failed OUTPUT_FILE ${probe}/build_log ERROR_FILE ${probe}/build_log)
    endif()
    if(failed)
        set(${variable} OFF PARENT_SCOPE)
    else()
        set(${variable} ON PARENT_SCOPE)
    endif()
endfunction()

macro(find_whole variable package)
    cmake_parse_arguments(whole "" "TARGET;HEADER" "COMPONENTS;DEFINITIONS" ${ARGN})
    set(whole_components)
    if(whole_COMPONENTS)
        set(whole_components "COMPONENTS ${whole_COMPONENTS}")
    endif()
    try_package(${variable} ${package} "${whole_components}" ${whole_TARGET} ${whole_HEADER}
        "${whole_DEFINITIONS}")
    if(${variable})
        find_package(${package} QUIET COMPONENTS ${whole_COMPONENTS})
    endif()
endmacro()
