#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sim/model/model.hpp"
#include "sim/sweep/sweep.hpp"

namespace apical {

// All that jobs which differ in their seed have in common.
struct Condition {
    std::size_t model = 0, task = 0;   // of the sweep
    std::string task_name;             // the task's kind when the sweep names none
    std::vector<Value> values;         // of `swept_names`
    std::vector<Override> overrides;   // of the model
    std::string configuration;         // the resolved model, of the first seed
    std::vector<RuleFile> rule_files;  // as they were read when the jobs were listed
    std::string data;                  // Run::data, of every seed
    std::vector<Bound> bounds;
    std::int64_t steps = 0;
    double run_file_bytes = 0.0;  // of a job that is kept
};

// One run. It is known by what it depends on: its resolved model, the data that it reads, the
// engine's version and the blocks of its curve.
struct Job {
    std::size_t condition = 0;
    std::uint32_t seed = 0;
    std::string id;  // a UUID of version 5, of all this
    bool keep = false;
};

struct JobList {
    std::vector<Condition> conditions;
    std::vector<Job> jobs;           // the seeds of a condition stand together
    std::vector<std::string> notes;  // of the models, each once
    std::set<std::string> files;     // that the jobs read
};

// Resolves every job, and validates the first seed of each condition. Throws what `load_model`
// throws, naming the job, and Error{bad_model} when nothing is left to run.
JobList list_jobs(const Sweep& sweep);

// The model of one job, from the text that the sweep was read with, and rule files from what they
// were when its condition was listed.
Model load_job(const Sweep& sweep, const Condition& condition, std::uint32_t seed);

// Throws Error{bad_model} when what is about to run is not what the job stands for: its model is
// resolved otherwise, or the data that it read has changed since the jobs were listed.
void check_job(const Sweep& sweep, const JobList& list, const Job& job, const Model& model,
               const std::string& data);

// "DNI(b), add, plasticity.recurrent.rate = 0.001"
std::string name_of(const Sweep& sweep, const Condition& condition);

}  // namespace apical
