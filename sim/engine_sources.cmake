# The engine: the sources that a stored number can depend on, a loss, an alignment, a recorded row. Their hash is in
# engine_version(), so that results and checkpoints of different engines are not mixed. What only says, shows or
# checks something is no part of it: its change leaves every number as it was. tests/engine_sources_test.cpp holds
# these lists against the sources.

set(engine_folders circuits learning_rules sim sim/algebra sim/checkpoint sim/diagnosis sim/kernels)
set(engine_files sim/sweep/run_job.cpp)
set(engine_leaves_out
    sim/algorithms sim/command_line sim/describe sim/describe_keys sim/disk_file sim/engine_version sim/external_program
    sim/hdf5_lock sim/hdf5_status sim/interrupt sim/loss_text sim/main sim/mean_error sim/model_files sim/output_file sim/output_path sim/progress sim/reading_process
    sim/run_file_commands sim/run_size sim/run_text sim/seconds_since sim/sweep_commands)

# Sets `result` to the sources in FOLDER, sorted; paths are relative to it.
function(find_engine_sources result folder)
    set(sources ${engine_files})
    set(again CONFIGURE_DEPENDS)
    if(CMAKE_SCRIPT_MODE_FILE)
        set(again)
    endif()
    foreach(one IN LISTS engine_folders)
        file(GLOB found ${again} RELATIVE ${folder} ${folder}/${one}/*.?pp)
        list(APPEND sources ${found})
    endforeach()
    foreach(one IN LISTS engine_leaves_out)
        list(REMOVE_ITEM sources ${one}.hpp ${one}.cpp)
    endforeach()
    list(SORT sources)
    set(${result} ${sources} PARENT_SCOPE)
endfunction()
