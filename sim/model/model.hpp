#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "learning_rules/learning_rule.hpp"
#include "sim/diagnosis/measured_model.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/noise.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/model/checkpoint_policy.hpp"
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
    Program program;
    std::vector<BoundRule> rules;
    Diagnosed diagnosed;
    std::unique_ptr<const Noise> noise;
    std::vector<Recording> recordings;
    std::vector<std::string> notes;  // what a user should know and that is no error
    std::int64_t steps = 0;
    std::uint32_t seed = 0;
    bool fuse = true;
    const Kernels* kernels = nullptr;  // that the run is computed by
    std::string output;                // path of the run file
    CheckpointPolicy checkpoint;
    std::vector<std::string> overrides;  // that it was loaded with
    std::string forked_from;             // which run, and after which step; empty: from none
};

// The part of a model that a diagnosis of its runs needs. The model must outlive it.
MeasuredModel measured(const Model& model);

// Loads a model file, applies "KEY=VALUE" overrides in order, and checks everything that can be
// checked without running. Datasets are tried first as `trial` does. Throws Error{no_such_input},
// Error{bad_model}, Error{usage}.
Model load_model(const std::string& path, const std::vector<std::string>& overrides,
                 const ReadingTrial& trial = {});

// Whether a file that was read is a sweep and no model.
bool is_sweep(const Table& root);

// A model file that was read once, whatever becomes of it on the disk.
struct ModelFile {
    std::string path, text;
    Table root;
    ReadingTrial trial = {};  // of the datasets that it names
};
// Throws what `load_toml` throws.
ModelFile read_model_file(const std::string& path, const ReadingTrial& trial = {});
// Throws as `load_model`.
Model load_overridden(const ModelFile& file, const std::vector<Override>& overrides);
// Loads a model from the text of a model file that was read from `path` once. Throws as
// `load_model`.
Model load_text(const std::string& path, const std::string& text,
                const std::vector<std::string>& overrides, const ReadingTrial& trial = {});
// The model that a run file records, from its resolved table: circuit, program and recordings,
// without task and noise, which may need files that are gone.
Model load_recorded(const std::string& path, Table resolved, const TaskShape& shape);

}  // namespace apical
