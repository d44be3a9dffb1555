#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "learning_rules/book/cell_dynamics.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "sim/diagnosis/measured_model.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/noise.hpp"
#include "sim/engine/plan/passes.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/model/checkpoint_policy.hpp"
#include "sim/model/evaluation_policy.hpp"
#include "sim/model/model_source.hpp"
#include "sim/model/storage.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/run_file/recorder.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// A model file, loaded and checked, with everything a run is made from.
struct Model {
    std::string path;      // as given
    DataFolder directory;  // that paths in the file are relative to
    std::string text;      // the file as it is
    std::string resolved;  // TOML as run: with overrides, defaults and deduced sizes, without
                           // run.output and [checkpoint]
    Table root;            // the same before it was written out
    std::string title;
    std::unique_ptr<const Task> task;
    Circuit circuit;
    PlacesOfSets places;  // of the sets that are stored by rows, which the program views
    Program program;
    std::unique_ptr<const RuleBook> book;  // what [plasticity.*] can bind; `rules` view it
    std::vector<RuleFile> rule_files;      // that were read
    std::vector<BoundRule> rules;
    std::vector<CellDynamics> dynamics;  // what takes place inside cells, in the order of the file
    Diagnosed diagnosed;
    std::unique_ptr<const Noise> noise;
    std::vector<Recording> recordings;
    std::vector<std::string> notes;  // what a user should know and that is no error
    std::int64_t steps = 0;
    std::uint32_t seed = 0;
    std::optional<RunStreams> streams;  // of an evaluation; unset: those of the seed
    PlanPasses passes;                  // by which the plan of a run is made
    const Kernels* kernels = nullptr;   // that the run is computed by
    std::string output;                 // path of the run file
    CheckpointPolicy checkpoint;
    std::optional<EvaluationPolicy> evaluation;  // of the run while it goes on; unset: none
    Overrides overrides;                         // that it was loaded with
    std::string branched_from;  // which run, and after which step; empty: from none
};

// Throws Error{usage} for a model without a task or noise: one that was moved from, that was never
// loaded, or that `load_recorded` returned.
void check_runnable(const Model& model);

// The streams that a run of the model draws from step by step.
inline RunStreams run_streams(const Model& model) {
    return model.streams.value_or(RunStreams(model.seed));
}

// The part of a model that a diagnosis of its runs needs. The model must outlive it.
MeasuredModel measured(const Model& model);

// The known values of the mean loss; none when the circuit has no loss. The model must have a task.
std::vector<Bound> bounds_of(const Model& model);

// Loads a model, applies overrides in order, and checks everything that can be checked without
// running. Datasets are tried first as the source says. Throws Error{no_such_input},
// Error{bad_model}, Error{usage}.
Model load_model(const ModelSource& source, const Overrides& overrides = {});

// The model that a run file records. Its table is resolved already, and what it does not load, task
// and noise, may need files that are gone: of the task the run file keeps the shape. So it shares
// neither the beginning nor the end of `load_model`, only circuit, program and recordings.
Model load_recorded(const std::string& path, Table resolved, const TaskShape& shape);

}  // namespace apical
