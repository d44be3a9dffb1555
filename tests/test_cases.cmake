# The test cases, and what they alone are linked with.
add_library(test_cases STATIC ${shared_sources} fuzz/loading.cpp)
target_link_libraries(test_cases PRIVATE test_options)
precompile(test_cases <catch2/catch.hpp> <Eigen/Core> <fstream> <functional> <random> <set> <sstream>
    ${CMAKE_CURRENT_SOURCE_DIR}/sim/command_line/program_run.hpp ${PROJECT_SOURCE_DIR}/sim/runs/run.hpp)
compile_together(test_cases 6 ${shared_sources})
# Short names that others next to them have, too.
set_source_files_properties(docs_test.cpp bench/hand_loops_test.cpp sim/algebra/algebra_gradient_test.cpp sim/algebra/bptt_past_test.cpp
    sim/run_file/chosen_cells_test.cpp sim/run_file/endpoints_test.cpp sim/engine/plan/fuse_test.cpp sim/show/inspect/format_1_test.cpp sim/engine/initialize_test.cpp
    sim/engine/plan/plan_test.cpp sim/run_file/sampling_test.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
set_source_files_properties(engine_sources_test.cpp PROPERTIES COMPILE_DEFINITIONS APICAL_CMAKE="${CMAKE_COMMAND}")
# The one part of the tests that reads TOML by itself.
add_library(model_mutants OBJECT sim/model/model_mutants.cpp)
target_link_libraries(model_mutants PRIVATE learning_rules tomlplusplus::tomlplusplus Catch2::Catch2)
target_sources(test_cases PRIVATE $<TARGET_OBJECTS:model_mutants>)
# Kernels with vectors of two and of eight doubles for any processor with fused multiply-add: sums must not depend on the width.
if("x86-64-v3" IN_LIST instruction_sets)
    foreach(width 2 8)
        string(REPLACE 2 two_wide name ${width})
        string(REPLACE 8 eight_wide name ${name})
        add_kernels(${name} -march=x86-64-v3 -O1 -DAPICAL_REGISTER_WIDTH=${width})
        target_sources(test_cases PRIVATE $<TARGET_OBJECTS:kernels_${name}>)
    endforeach()
    target_compile_definitions(test_cases PRIVATE APICAL_OTHER_WIDTHS)
endif()
