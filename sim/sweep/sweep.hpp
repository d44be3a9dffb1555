#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "circuits/text/keys.hpp"
#include "circuits/text/value.hpp"
#include "sim/model/model_source.hpp"
#include "sim/sweep/job_filters.hpp"

namespace apical {

// A model of a sweep, by the name that the result and its figures give it.
struct SweptModel {
    std::string name;    // "DNI(b)"
    ModelSource source;  // read when the sweep was, and never again
    Where where;
    std::vector<Override> overrides;
};

// A task of a sweep: what replaces keys of the models' [task].
struct SweptTask {
    std::string name;
    std::vector<Override> overrides;
};

// Keys that change together: one of a grid, or those of a zip. Each point has a value for each key.
struct SweptKeys {
    std::vector<std::string> keys;
    std::vector<std::vector<Value>> points;
};

// A sweep file as it is written. Jobs are all combinations of a model, a task, a point of each of
// `keys` and a seed, but for those that are left out.
struct Sweep {
    std::string path, text, title;
    std::string output;  // path of the result
    std::vector<std::uint32_t> seeds;
    std::int64_t blocks = 0;          // of the curve of a job's loss
    std::vector<Override> overrides;  // of every job
    std::vector<SweptModel> models;
    std::vector<SweptTask> tasks;  // one without a name when the file has none
    std::vector<SweptKeys> keys;
    std::vector<JobFilter> leave_out, keep;
};

// The keys of sweep files: sections "", "model.*".
std::span<const Key> sweep_keys();

// Paths of models are relative to the file's folder. Throws Error{no_such_input},
// Error{bad_model} with line and column: an unknown key, a key that stands twice, lists of unequal
// length in a zip, a filter on what is no column or none of its values. The datasets of its jobs
// are tried first as `trial` does.
Sweep load_sweep(const std::string& path, const ReadingTrial& trial = {});

// The keys of all of `keys`, in their order: columns of the result.
std::vector<std::string> swept_names(const Sweep& sweep);

}  // namespace apical
