#include "sim/runs/resume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "sim/hdf5/hdf5_status.hpp"
#include "sim/model/evaluated_rows.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/model/model_rules.hpp"
#include "sim/model/stored_model.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/engine_version.hpp"
#include "sim/runs/row_copy.hpp"
#include "sim/system/disk_file.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"
#include "sim/system/reading_trial.hpp"

namespace apical {

namespace {

// Kernels with the same rounding make the same bits.
std::string rounding_of(const Model& model) {
    return model.kernels->rounding == Rounding::fused ? "fused multiply-add" : "product and sum";
}

std::string diagnose_of(const Model& model) {
    const Value* diagnose = model.root.find("diagnose");
    return diagnose ? inline_text(*diagnose) : "";
}

CheckpointHead head_of(const Model& model, const Run& run, const Recorder& recorder) {
    CheckpointHead head;
    head.engine = engine_version();
    head.rounding = rounding_of(model);
    std::error_code removed;  // the working directory
    const std::filesystem::path path = std::filesystem::absolute(model.path, removed);
    head.model_path = removed ? model.path : path.lexically_normal().string();
    head.model_text = model.text;
    for (const RuleFile& one : model.rule_files)
        head.rule_files.insert(head.rule_files.end(), {one.name, one.text});
    for (const Override& one : model.overrides.changes)
        head.overrides.push_back(assignment_of(one));
    head.resolved = model.resolved;
    head.diagnose = diagnose_of(model);
    head.branched_from = model.branched_from;
    head.data = run.data();
    head.policy = model.checkpoint;
    head.step = run.steps();
    for (std::size_t k = 0; k < recorder.axis_count(); ++k) {
        head.axes.push_back(recorder.axis_name(k));
        head.rows.push_back(recorder.lasting_rows(k));
    }
    head.events = recorder.event_rows();
    for (std::size_t k = 0; k < recorder.spike_count(); ++k)
        head.spikes.push_back(recorder.spike_rows(k));
    return head;
}

// The model and its rule files as they were read when the run began.
ModelSource source_of(const CheckpointHead& head, const ReadingTrial& trial) {
    ModelSource source(head.model_path, head.model_text, trial);
    for (std::size_t k = 0; k + 1 < head.rule_files.size(); k += 2)
        source.rule_files.push_back({head.rule_files[k], "", head.rule_files[k + 1]});
    return source;
}

OpenCheckpoint open_checkpoint(const std::string& run_file, std::int64_t step) {
    OpenCheckpoint found{{}, Archive::open(checkpoint_path(run_file, step))};
    found.rest(found.head);
    if (found.head.step != step)
        found.rest.reject(fmt::format("is of step {}, not of {}", found.head.step, step));
    return found;
}

void check_engine(const OpenCheckpoint& checkpoint) {
    if (checkpoint.head.engine != engine_version())
        checkpoint.rest.reject(
            fmt::format("was made by the engine {}, and this is {}; numbers of both are not mixed",
                        shortened(checkpoint.head.engine), engine_version()));
}

void check_run(const OpenCheckpoint& checkpoint, const std::string& run_file,
               const ReadingTrial& trial) {
    std::error_code unknown;
    if (!std::filesystem::exists(run_file, unknown)) return;
    try_reading(trial, resolved_reading, {run_file}, {run_file, 0, 0});
    if (StoredRun(run_file).text(run_attribute::resolved) != checkpoint.head.resolved)
        checkpoint.rest.reject(fmt::format("is of another run than \"{}\"", run_file));
}

// "synapses.W_out.init" and its text, of all that begin with something.
std::map<std::string, std::string> beginnings(const std::string& resolved,
                                              const std::string& run_file) {
    std::map<std::string, std::string> all;
    const Table root = parse_toml(resolved, run_file + " (resolved)");
    for (const Entry& section : root.entries) {
        const auto* parts = std::get_if<Table>(&section.value.content);
        if (!parts) continue;
        for (const Entry& part : parts->entries) {
            const auto* keys = std::get_if<Table>(&part.value.content);
            for (const char* key : {"init", "connect", "A", "B"}) {
                const Value* value = keys ? keys->find(key) : nullptr;
                if (value)
                    all[fmt::format("{}.{}.{}", section.key, part.key, key)] = inline_text(*value);
            }
        }
    }
    return all;
}

std::string none_beside(const std::string& run_file) {
    return fmt::format("there is no \"{}.STEP.checkpoint\"", run_file);
}

[[noreturn]] void no_checkpoint(const std::string& why) {
    throw Error(ExitCode::no_such_input, why);
}

bool name_rule_files(const Overrides& overrides) {
    return std::any_of(overrides.changes.begin(), overrides.changes.end(),
                       [](const Override& one) { return one.key == imports_key; });
}

bool has_rows(const StoredRun& run, const CheckpointHead& head) {
    for (std::size_t k = 0; k < head.axes.size(); ++k) {
        const StoredAxis* axis = run.find_axis(head.axes[k]);
        if (!axis || axis->rows < head.rows[k]) return false;
    }
    return run.event_count() >= head.events;
}

}  // namespace

void save_checkpoint(const Model& model, Run& run, Recorder& recorder) {
    recorder.sync();
    Archive archive = Archive::create(checkpoint_path(model.output, run.steps()));
    CheckpointHead head = head_of(model, run, recorder);
    archive(head);
    run.save(archive);
    remove_checkpoints(model.output, model.checkpoint.keep);
}

std::optional<std::int64_t> completed_steps(const std::string& run_file) {
    const StoredRun run(run_file);
    Table root = parse_toml(run.text(run_attribute::resolved), run_file + " (resolved)");
    Value* table = root.find("run");
    if (!table || !std::holds_alternative<Table>(table->content)) return {};
    const Section section(std::get<Table>(table->content), {run_file, 0, 0}, "run", run_keys());
    const std::int64_t steps = run.steps_completed();
    if (!run.was_closed() || steps < section.integer("steps")) return {};
    return steps;
}

OpenCheckpoint checkpoint_to_resume(const std::string& run_file, std::vector<std::string>& notes) {
    const StoredRun run(run_file);
    const std::vector<std::int64_t> steps = checkpoint_steps(run_file);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        std::optional<OpenCheckpoint> found;
        try {
            found.emplace(open_checkpoint(run_file, *step));
        } catch (const Error& error) {
            notes.emplace_back(error.what());
            continue;
        }
        if (found->head.resolved != run.text(run_attribute::resolved)) {
            notes.push_back(
                fmt::format("{}: it is of another run than \"{}\"", found->rest.path(), run_file));
            continue;
        }
        check_engine(*found);
        if (has_rows(run, found->head)) return std::move(*found);
        notes.push_back(fmt::format("{}: \"{}\" does not have all rows of its steps",
                                    found->rest.path(), run_file));
    }
    no_checkpoint(fmt::format(
        "\"{}\" has no checkpoint that it can be resumed from: {}; `recover()` keeps its rows, "
        "`run_model()` with `force` begins anew",
        run_file,
        notes.empty() ? none_beside(run_file) : fmt::format("{}", fmt::join(notes, "; "))));
}

OpenCheckpoint checkpoint_at(const std::string& run_file, std::int64_t step,
                             const ReadingTrial& trial) {
    const std::vector<std::int64_t> steps = checkpoint_steps(run_file);
    if (std::find(steps.begin(), steps.end(), step) == steps.end())
        no_checkpoint(fmt::format("\"{}\" has no checkpoint at step {}; {}", run_file, step,
                                  steps.empty()
                                      ? none_beside(run_file)
                                      : fmt::format("there are {}", fmt::join(steps, ", "))));
    OpenCheckpoint found = open_checkpoint(run_file, step);
    check_engine(found);
    check_run(found, run_file, trial);
    return found;
}

Model resumed_model(const CheckpointHead& head, const std::string& run_file,
                    const ReadingTrial& trial) {
    Model model = load_model(source_of(head, trial), head.overrides);
    if (model.resolved != head.resolved)
        reject({run_file, 0, 0}, "its model is not resolved as it was when the run began");
    if (rounding_of(model) != head.rounding)
        reject({run_file, 0, 0},
               fmt::format("it was computed by {}, which this processor's kernels do not; with "
                           "run.strict = true all do the same",
                           head.rounding));
    model.output = run_file;
    model.checkpoint = head.policy;
    model.branched_from = head.branched_from;
    return model;
}

Model branched_model(const CheckpointHead& head, const std::string& run_file,
                     const Overrides& overrides, const std::string& output,
                     const ReadingTrial& trial) {
    Overrides all = head.overrides;
    all.append(overrides);
    ModelSource source = source_of(head, trial);
    if (name_rule_files(overrides)) source.rule_files.clear();
    Model model = load_model(source, all);
    if (diagnose_of(model) != head.diagnose)
        reject({run_file, 0, 0},
               "a fork measures what its run did: [diagnose] needs the steps before");
    if (model.steps <= head.step)
        reject({run_file, 0, 0},
               fmt::format("the run is {} steps long, and the fork would begin after {}; expected "
                           "more, as in `override` run.steps={}",
                           model.steps, head.step, 2 * head.step));
    model.output = output;
    model.branched_from = fmt::format(
        "{} after step {}", std::filesystem::path(run_file).filename().string(), head.step);
    return model;
}

std::vector<std::string> begun_anew(const CheckpointHead& head, const Model& branch) {
    std::vector<std::string> anew;
    const std::map<std::string, std::string> before = beginnings(head.resolved, branch.path);
    for (const auto& [key, text] : beginnings(branch.resolved, branch.path)) {
        const auto found = before.find(key);
        const bool of_places = key.ends_with(".connect");  // which strengths there are
        const bool same = found == before.end() ? !of_places : found->second == text;
        if (same) continue;
        if (!key.starts_with("synapses."))
            reject({branch.path, 0, 0},
                   fmt::format("{} has no effect in a fork, which begins with what its run knew; "
                               "only the init of synapses can change",
                               key));
        const std::size_t begin = key.find('.') + 1;
        anew.push_back(key.substr(begin, key.rfind('.') - begin));
        if (of_places) anew.push_back(fmt::format("{}({})", connected_name, anew.back()));
    }
    return anew;
}

const Reading completed_steps_reading{
    "completed steps", [](const std::vector<std::string>& words, const ReadingTrial&) {
        completed_steps(words.at(0));
    }};

const Reading resolved_reading{"resolved",
                               [](const std::vector<std::string>& words, const ReadingTrial&) {
                                   StoredRun(words.at(0)).text(run_attribute::resolved);
                               }};

}  // namespace apical
