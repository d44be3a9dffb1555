# The engine: the sources that a stored number can depend on, a loss, an alignment, a recorded row. Their hash is in
# engine_version(), so that results and checkpoints of different engines are not mixed. What only says, shows or
# checks something is no part of it: its change leaves every number as it was. tests/engine_sources_test.cpp holds
# these lists against the sources.

set(engine_folders circuits/adjoint circuits/anatomy circuits/equations circuits/kinds circuits/program circuits/text learning_rules learning_rules/book
    learning_rules/lowering sim/adjoint sim/algebra sim/data sim/diagnosis sim/engine sim/engine/kernels sim/engine/plan sim/hdf5 sim/model sim/numbers
    sim/run_file sim/runs sim/simulation sim/tasks)
set(engine_files sim/sweep/run_job.cpp)
set(engine_leaves_out
    circuits/program/freeze sim/adjoint/given_steps
    sim/algebra/literal_equations sim/algebra/literal_functions sim/algebra/literal_values
    sim/hdf5/hdf5_lock sim/hdf5/hdf5_status sim/model/algorithms sim/model/shipped_models sim/model/stored_model sim/numbers/loss_text
    sim/numbers/mean_error sim/run_file/ranges sim/run_file/run_size sim/run_file/stored_datasets sim/run_file/stored_quantity sim/run_file/stored_run
    sim/numbers/batch_means sim/numbers/scores sim/numbers/trial_scores sim/tasks/task_list
    sim/runs/engine_version sim/runs/evaluate sim/runs/evaluated_run sim/runs/frozen_model sim/runs/model_files sim/runs/stored_strengths)

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
        file(GLOB found ${again} RELATIVE ${folder} ${folder}/${one}/*.toml) # rules as text
        list(APPEND sources ${found})
    endforeach()
    foreach(one IN LISTS engine_leaves_out)
        list(REMOVE_ITEM sources ${one}.hpp ${one}.cpp)
    endforeach()
    list(SORT sources)
    set(${result} ${sources} PARENT_SCOPE)
endfunction()
