#include "sim/sweep/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <map>

#include "sim/engine/initialize.hpp"
#include "sim/engine/state.hpp"
#include "sim/run_file/recorder.hpp"
#include "sim/runs/engine_version.hpp"
#include "sim/runs/model_files.hpp"
#include "sim/runs/run_model.hpp"

namespace apical {

namespace {

Override seed_of(std::uint32_t seed) { return {"run.seed", value_of(std::int64_t{seed})}; }

// The model as `Model::resolved`, with another seed.
std::string resolved_with(Table root, std::uint32_t seed) {
    override_key(root, seed_of(seed));
    return to_toml(root);
}

std::string id_of(const std::string& resolved, const std::string& data, std::int64_t blocks) {
    static const boost::uuids::uuid apical =
        boost::uuids::name_generator_sha1(boost::uuids::ns::url())("apical");
    const boost::uuids::name_generator_sha1 generate(apical);
    return to_string(
        generate(fmt::format("{}\n{} blocks\n{}\n{}", engine_version(), blocks, resolved, data)));
}

// Every way to choose a point of each of the keys.
std::vector<std::vector<std::size_t>> combinations(const std::vector<SweptKeys>& keys) {
    std::vector<std::vector<std::size_t>> all{{}};
    for (const SweptKeys& swept : keys) {
        std::vector<std::vector<std::size_t>> longer;
        for (const auto& chosen : all) {
            for (std::size_t point = 0; point < swept.points.size(); ++point) {
                longer.push_back(chosen);
                longer.back().push_back(point);
            }
        }
        all = std::move(longer);
    }
    return all;
}

void append(std::vector<Override>& overrides, const std::vector<Override>& more) {
    overrides.insert(overrides.end(), more.begin(), more.end());
}

Condition condition_of(const Sweep& sweep, std::size_t model, std::size_t task,
                       const std::vector<std::size_t>& points) {
    Condition condition;
    condition.model = model;
    condition.task = task;
    condition.task_name = sweep.tasks[task].name;
    append(condition.overrides, sweep.overrides);
    append(condition.overrides, sweep.models[model].overrides);
    append(condition.overrides, sweep.tasks[task].overrides);
    for (std::size_t k = 0; k < points.size(); ++k) {
        const SweptKeys& swept = sweep.keys[k];
        for (std::size_t i = 0; i < swept.keys.size(); ++i) {
            const Value& value = swept.points[points[k]][i];
            condition.values.push_back(value);
            condition.overrides.push_back({swept.keys[i], value});
        }
    }
    return condition;
}

std::vector<std::pair<std::string, Value>> columns_of(const Sweep& sweep,
                                                      const Condition& condition,
                                                      std::uint32_t seed) {
    std::vector<std::pair<std::string, Value>> columns{
        {"model", value_of(sweep.models[condition.model].name)},
        {"task", value_of(sweep.tasks[condition.task].name)},
        {"seed", value_of(std::int64_t{seed})}};
    const std::vector<std::string> names = swept_names(sweep);
    for (std::size_t k = 0; k < names.size(); ++k)
        columns.emplace_back(names[k], condition.values[k]);
    return columns;
}

void add_notes(JobList& list, const Model& model) {
    for (const std::string& note : model.notes) {
        if (std::find(list.notes.begin(), list.notes.end(), note) == list.notes.end())
            list.notes.push_back(note);
    }
}

std::string kind_of_task(const Model& model) {
    if (!model.root.find("task")) return "none";
    const auto& task = std::get<Table>(model.root.find("task")->content);
    return std::get<std::string>(task.find("kind")->content);
}

void add_jobs(JobList& list, const Sweep& sweep, Condition condition) {
    std::vector<Job> jobs;
    for (const std::uint32_t seed : sweep.seeds) {
        const auto columns = columns_of(sweep, condition, seed);
        if (meets(sweep.leave_out, columns)) continue;
        jobs.push_back({list.conditions.size(), seed, "", meets(sweep.keep, columns)});
    }
    if (jobs.empty()) return;
    const Model model = load_job(sweep, condition, jobs.front().seed);
    const State fits(model.program);  // into memory
    add_notes(list, model);
    for (const std::string& file : files_read(model)) list.files.insert(file);
    condition.configuration = model.resolved;
    condition.rule_files = model.rule_files;
    condition.data = text_of(with_presented(
        model, initial_data(optimised_program(model), model.circuit, model.directory)));
    for (Job& job : jobs)
        job.id = id_of(resolved_with(model.root, job.seed), condition.data, sweep.blocks);
    condition.bounds = bounds_of(model);
    condition.steps = model.steps;
    if (condition.task_name.empty()) condition.task_name = kind_of_task(model);
    const bool kept =
        std::any_of(jobs.begin(), jobs.end(), [](const Job& job) { return job.keep; });
    if (kept)
        condition.run_file_bytes = static_cast<double>(Recorder::estimate(
            model.program, model.recordings, description_of(model, condition.data)));
    list.conditions.push_back(std::move(condition));
    list.jobs.insert(list.jobs.end(), jobs.begin(), jobs.end());
}

// Two jobs that are the same run would be two rows of one number.
void check_distinct(const JobList& list, const Sweep& sweep) {
    std::map<std::string_view, const Job*> known;
    for (const Job& job : list.jobs) {
        const auto [first, is_new] = known.emplace(job.id, &job);
        if (is_new) continue;
        reject({sweep.path, 1, 1},
               fmt::format("the jobs {} and {} are the same run",
                           name_of(sweep, list.conditions[first->second->condition]),
                           name_of(sweep, list.conditions[job.condition])));
    }
}

// What to do when a swept rule has not the keys that its table gives, or asks for others.
std::string_view told_of_rules(const Sweep& sweep, const std::string& sentence) {
    const bool is_of_keys = sentence.find("[plasticity.") != std::string::npos &&
                            (sentence.find("unknown key") != std::string::npos ||
                             sentence.find("is missing its key") != std::string::npos);
    const std::vector<std::string> names = swept_names(sweep);
    const bool sweeps_rules = std::any_of(
        names.begin(), names.end(), [](const std::string& one) { return one.ends_with(".rule"); });
    if (!is_of_keys || !sweeps_rules) return "";
    return " Rules of other keys take a [model.*] table each, of the same file, with set = { ... "
           "}.";
}

}  // namespace

std::string name_of(const Sweep& sweep, const Condition& condition) {
    std::string name = sweep.models[condition.model].name;
    if (!condition.task_name.empty()) name += fmt::format(", {}", condition.task_name);
    const std::vector<std::string> names = swept_names(sweep);
    for (std::size_t k = 0; k < names.size(); ++k)
        name += fmt::format(", {} = {}", names[k], inline_text(condition.values[k]));
    return on_one_line(name);
}

Model load_job(const Sweep& sweep, const Condition& condition, std::uint32_t seed) {
    std::vector<Override> overrides = condition.overrides;
    overrides.push_back(seed_of(seed));
    ModelSource source = sweep.models[condition.model].source;
    source.rule_files = condition.rule_files;
    try {
        return load_model(source, overrides);
    } catch (const Error& error) {
        std::vector<std::string> sentences = error.sentences();
        for (std::string& one : sentences)
            one += fmt::format("{} (the job {})", told_of_rules(sweep, one),
                               name_of(sweep, condition));
        throw Error(error.code(), sentences);
    }
}

void check_job(const Sweep& sweep, const JobList& list, const Job& job, const Model& model,
               const std::string& data) {
    const std::string other = differing_data(data, list.conditions[job.condition].data);
    if (!other.empty())
        throw Error(
            ExitCode::bad_model,
            fmt::format("the data in {} changed while the sweep ran; it was not run", other));
    if (id_of(model.resolved, data, sweep.blocks) != job.id)
        throw Error(ExitCode::bad_model,
                    "its model is not resolved as it was when the sweep began; it was not run");
}

JobList list_jobs(const Sweep& sweep) {
    JobList list;
    for (std::size_t task = 0; task < sweep.tasks.size(); ++task) {
        for (std::size_t model = 0; model < sweep.models.size(); ++model) {
            for (const auto& points : combinations(sweep.keys))
                add_jobs(list, sweep, condition_of(sweep, model, task, points));
        }
    }
    if (list.jobs.empty())
        reject({sweep.path, 1, 1}, "every combination is left out: nothing would be run");
    check_distinct(list, sweep);
    return list;
}

}  // namespace apical
