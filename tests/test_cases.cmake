# The test cases, and what they alone are linked with.
add_library(test_cases STATIC ${shared_sources} fuzz/loading.cpp)
target_link_libraries(test_cases PRIVATE test_options)
precompile(test_cases <catch2/catch.hpp> <Eigen/Core> <H5Cpp.h> <fstream> <functional> <random> <set> <sstream>
    ${CMAKE_CURRENT_SOURCE_DIR}/sim/command_line/program_run.hpp ${PROJECT_SOURCE_DIR}/sim/runs/run_model.hpp)
# Tests of a folder often have the same names: which are compiled together depends on their paths alone.
foreach(source IN LISTS shared_sources)
    file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} ${source})
    string(MD5 hash ${name})
    string(SUBSTRING ${hash} 0 7 digits)
    math(EXPR group "0x${digits} % 30")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
endforeach()
compile_together(test_cases)
# Short names that others next to them have, too.
set_source_files_properties(reference_influence_test.cpp sim/engine/initialize_test.cpp sim/engine/plan/fuse_test.cpp sim/engine/plan/plan_test.cpp sim/show/plot/plot_command_test.cpp
    sim/simulation/gradient_test.cpp sim/simulation/unbiased_test.cpp sim/sweep/failing_job_test.cpp
    PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
set_source_files_properties(engine_sources_test.cpp PROPERTIES COMPILE_DEFINITIONS APICAL_CMAKE="${CMAKE_COMMAND}")
# The one part of the tests that reads TOML by itself.
add_library(model_mutants OBJECT sim/model/model_mutants.cpp)
target_link_libraries(model_mutants PRIVATE learning_rules tomlplusplus::tomlplusplus Catch2::Catch2)
target_sources(test_cases PRIVATE $<TARGET_OBJECTS:model_mutants>)
# Kernels with vectors of eight doubles for any processor with fused multiply-add: sums must not depend on the width. (Two
# doubles are the baseline's, which rounds as the strict kernels do.)
if("x86-64-v3" IN_LIST instruction_sets)
    add_kernels(eight_wide -march=x86-64-v3 -O1 -DAPICAL_REGISTER_WIDTH=8)
    target_sources(test_cases PRIVATE $<TARGET_OBJECTS:kernels_eight_wide>)
    target_compile_definitions(test_cases PRIVATE APICAL_OTHER_WIDTHS)
endif()
