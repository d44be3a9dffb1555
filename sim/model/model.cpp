#include "sim/model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "sim/diagnosis/choose_diagnosis.hpp"
#include "sim/engine/places.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/model/chosen_passes.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/model/model_mistakes.hpp"
#include "sim/model/model_rules.hpp"
#include "sim/model/model_task.hpp"
#include "sim/model/streams.hpp"
#include "sim/run_file/chosen_cells.hpp"
#include "sim/run_file/format.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/run_file/record_keys.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

Section section_of(Table& root, std::string_view name) {
    Value& value = *root.find(name);
    return {std::get<Table>(value.content), value.where, std::string(name), keys_of(name)};
}

const Kernels& kernels_of(const Section& run) {
    const Rounding rounding = run.boolean("strict") ? Rounding::strict : Rounding::fused;
    if (!run.has("kernels")) return best_kernels(rounding);
    const Text name = run.text("kernels");
    if (const Kernels* kernels = find_kernels(name.text, rounding)) return *kernels;
    std::vector<std::string> known;
    for (const std::string_view set : available_instruction_sets()) known.emplace_back(set);
    reject(name.where, fmt::format("this processor has no {}; its instruction sets are {}",
                                   name.text, list_of(known)));
}

// A key that may be left out stays in the resolved model only where it changes something.
bool take_flag(const Section& section, Table& table, std::string_view key, bool otherwise) {
    const bool flag = section.has(key) ? section.boolean(key) : otherwise;
    if (flag == otherwise)
        std::erase_if(table.entries, [&](const Entry& entry) { return entry.key == key; });
    return flag;
}

void load_run(Model& model, Table& root) {
    const Section run = section_of(root, "run");
    model.steps = run.integer("steps");
    model.seed = static_cast<std::uint32_t>(run.integer("seed"));
    model.passes = choose_passes(run, std::get<Table>(root.find("run")->content));
    model.kernels = &kernels_of(run);
    model.output = run.has("output")
                       ? run.text("output").text
                       : "runs/" + std::filesystem::path(model.path).stem().string() + ".h5";
}

void load_checkpoint(Model& model, Table& root) {
    if (!root.find("checkpoint")) return;
    const Section checkpoint = section_of(root, "checkpoint");
    if (checkpoint.has("every")) model.checkpoint.every = checkpoint.integer("every");
    model.checkpoint.minutes = checkpoint.number("minutes");
    model.checkpoint.keep = checkpoint.integer("keep");
}

// Rejects what cannot be recorded, each address by itself.
void check_recordable(const Program& program, const Recording& recording) {
    Mistakes mistakes;
    mistakes.attempt([&] { lay_out(program, {recording}); });
    if (mistakes.any() && recording.what.size() > 1) {
        Recording one = recording;
        for (const Text& address : recording.what) {
            one.what = {address};
            mistakes.attempt([&] { lay_out(program, {one}); });
        }
    }
    mistakes.reject_any();
}

// Strengths that no table records are there at both ends of the run.
void add_ends_of_strengths(Model& model, Table& root) {
    Table& run = std::get<Table>(root.find("run")->content);
    if (!take_flag(section_of(root, "run"), run, "record_endpoints", true)) return;
    Recording ends{std::string(ends_table), {}, 1, 1, 0, model.steps};
    for (const std::string& name : unrecorded_strengths(model.program, model.recordings))
        ends.what.push_back({name, {model.path, 0, 0}});
    if (!ends.what.empty()) model.recordings.push_back(std::move(ends));
}

// A run that was made shorter than `steps_in_file` is told nothing of what is beyond its end.
void load_recording(Model& model, Entry& entry, std::int64_t steps_in_file) {
    const std::string name = "record." + entry.key;
    check_letters({entry.key, entry.where});
    if (entry.key == "phase") {
        reject(entry.where, fmt::format("\"phase\" cannot be a name here; {} holds the phases",
                                        run_path::phases));
    }
    if (entry.key == ends_table) {
        reject(entry.where,
               fmt::format("\"{}\" cannot be a name here; {} is of strengths that no table records",
                           ends_table, run_path::axis(ends_table)));
    }
    const Section section(inner_table(entry, "record"), entry.where, name, record_keys());
    if (section.texts("what").empty()) {
        reject(section.where("what"),
               fmt::format("[{}] names nothing; expected an address, \"events\" or \"*\"", name));
    }
    if (!section.has("to")) section.set("to", std::max(model.steps, section.integer("from")));
    const bool ends = take_flag(section, inner_table(entry, "record"), "endpoints", true);
    Recording recording{entry.key,
                        section.texts("what"),
                        section.integer("every"),
                        section.integer("from"),
                        section.integer("to"),
                        ends ? model.steps : 0,
                        load_chosen_cells(model.circuit, section, "cells"),
                        load_chosen_cells(model.circuit, section, "pre"),
                        section.has("each_iteration") && section.boolean("each_iteration")};
    if (recording.to < recording.from) {
        reject(section.where("to"), fmt::format("[{}] ends in step {}, before it begins in step {}",
                                                name, recording.to, recording.from));
    }
    check_recordable(model.program, recording);
    recording.to = std::min(recording.to, model.steps);
    if (recording.from <= recording.to) {
        model.recordings.push_back(recording);
    } else if (recording.from > steps_in_file) {
        model.notes.push_back(
            fmt::format("[{}] records nothing: it begins in step {}, after the run's last, {}",
                        name, recording.from, model.steps));
    }
}

void load_recordings(Model& model, Table& root, std::int64_t steps_in_file) {
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(root.find("record")->content).entries)
        mistakes.attempt([&] { load_recording(model, entry, steps_in_file); });
    mistakes.reject_any();
    lay_out(model.program, model.recordings);  // rejects tables that do not go together
    add_ends_of_strengths(model, root);
}

// Refuses names that are too long for a row of events: cut off, two names could become one.
void check_event_names(const Model& model, Table& root) {
    if (!lay_out(model.program, model.recordings).has_events) return;
    constexpr std::size_t most = sizeof(EventRow::target);
    const auto check = [&](std::string_view kind, const std::string& name, const Where& where) {
        if (name.size() <= most) return;
        reject(where, fmt::format("{} \"{}\" has a name of {} bytes, and events are recorded; "
                                  "expected at most {}",
                                  kind, shortened(name), name.size(), most));
    };
    for (const std::string& name : model.program.phase_names)
        check("phase", name, root.find("phase")->where);
    for (const Gate& gate : model.circuit.gates) check("gate", gate.name, gate.where);
    for (const Intervention& event : model.circuit.interventions)
        check("event", event.name, event.where);
}

// Time is counted in nanoseconds, in 63 bits: 292 years.
void check_duration(const Model& model, Table& root) {
    const std::int64_t step = model.circuit.step_nanoseconds();
    if (model.steps < std::numeric_limits<std::int64_t>::max() / step - 1) return;
    reject(section_of(root, "run").where("steps"),
           fmt::format("the run is {} steps of {} ms long; expected less than 292 years",
                       model.steps, in_ms(step)));
}

[[noreturn]] void reject_approximation(const Text& name, const Algorithm& algorithm,
                                       const std::vector<std::string>& known) {
    reject(name.where,
           fmt::format("{} has no approximation \"{}\"; known are {}.{}", algorithm.in_print,
                       shortened(name.text), known.empty() ? "none" : list_of(known),
                       did_you_mean(name.text, known)));
}

// The algorithm, and what the circuit does otherwise than its equations.
void check_implements(const Section& whole) {
    const Algorithm* algorithm =
        whole.has("implements") ? &find_algorithm(whole.text("implements")) : nullptr;
    if (!whole.has("approximations")) return;
    if (!algorithm) {
        reject(
            whole.where("approximations"),
            "what is approximated are an algorithm's equations; expected the key \"implements\"");
    }
    std::vector<std::string> known;
    for (const Approximation one : algorithm->approximations) known.emplace_back(name_of(one));
    for (const Text& name : whole.texts("approximations")) {
        if (std::find(known.begin(), known.end(), name.text) == known.end())
            reject_approximation(name, *algorithm, known);
    }
}

// A window that no run of this length fills would never be learned from.
void check_windows(const Model& model) {
    for (const Slot& slot : model.program.slots) {
        if (slot.shape != Shape::history || slot.columns <= model.steps) continue;
        reject(slot.where, fmt::format("the window is {} steps long, but the run only {}; expected "
                                       "a window that fits into it",
                                       slot.columns, model.steps));
    }
}

void compose(Model& model, Table& root) {
    ProgramBuilder builder(model.circuit);
    Table& plasticity = std::get<Table>(root.find("plasticity")->content);
    emit_circuit(builder, model.dynamics, root);
    model.rules = emit_plasticity(builder, *model.book, plasticity);
    if (root.find("diagnose")) {
        model.diagnosed = choose_diagnosis(builder, section_of(root, "diagnose"), model.rules,
                                           model.steps, model.notes);
    }
    model.program = std::move(builder).finish();
}

// Composes a program in which each set is stored as it can be.
void compose_by_storage(Model& model, Table& root) {
    choose_storage(model.circuit, root, model.directory);
    std::ranges::move(cells_left_out(model.circuit, model.seed), std::back_inserter(model.notes));
    const std::size_t notes = model.notes.size();
    do {
        do {
            model.notes.resize(notes);
            compose(model, root);
        } while (leave_rows(model.circuit, model.program, model.diagnosed));
        model.places = draw_places(model.program, model.circuit, model.seed, model.directory);
    } while (leave_empty_rows(model.circuit, model.program));
    resolve_storage(root, model.circuit);
}

void override_keys(Table& root, const Overrides& overrides) {
    Mistakes mistakes;
    for (const Override& change : overrides.changes) {
        if (change.key != imports_key) mistakes.attempt([&] { override_key(root, change); });
    }
    mistakes.reject_any();
}

// Where the file lies and when the run is saved is no part of the run: the same run makes the same
// file anywhere.
void leave_out_places(Table& root) {
    std::erase_if(std::get<Table>(root.find("run")->content).entries,
                  [](const Entry& entry) { return entry.key == "output"; });
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key == "checkpoint"; });
}

void make(Model& model, Table& root, std::int64_t steps_in_file) {
    const Section whole(root, {model.path, 1, 1}, "", root_keys());
    model.title = whole.text("title").text;
    check_implements(whole);
    load_run(model, root);
    load_checkpoint(model, root);
    model.task = load_task(root, model.seed, model.directory, model.steps, model.notes);
    model.circuit = load_circuit(root, model.task->shape());
    check_duration(model, root);
    compose_by_storage(model, root);
    check_windows(model);
    check_distinct(streams_of(model.program, model.circuit, *model.task));
    model.noise = std::make_unique<Noise>(model.program, model.seed, model.directory, model.steps);
    load_recordings(model, root, steps_in_file);
    check_event_names(model, root);
}

}  // namespace

void check_runnable(const Model& model) {
    if (model.task && model.noise) return;
    throw Error(ExitCode::usage,
                "the model has no task; expected one that `load_model` returned and that was not "
                "moved from");
}

MeasuredModel measured(const Model& model) {
    return {model.circuit, model.program, model.diagnosed, model.task->shape().readout,
            model.steps,   *model.kernels};
}

std::vector<Bound> bounds_of(const Model& model) {
    return model.circuit.has_loss_of_output() ? model.task->bounds() : std::vector<Bound>{};
}

Model load_model(const ModelSource& source, const Overrides& overrides) {
    Model model;
    model.path = source.path;
    model.directory = {std::filesystem::path(source.path).parent_path().string(), source.trial};
    model.text = source.text;
    model.overrides = overrides;
    if (is_sweep(source.root))
        reject({source.path, 1, 1},
               "this is a sweep file; expected a model file. `SweepRun` runs it");
    Table root = source.root;
    const std::int64_t steps_in_file = steps_of_run(root);
    Mistakes of_rules;
    const ImportedRules imported =
        import_rules(root, overrides, model.directory, source.rule_files, of_rules);
    model.rule_files = imported.files;
    override_keys(root, overrides);
    model.book = read_rule_book(root, imported.is_whole, of_rules);
    model.dynamics = read_dynamics(root, of_rules);
    const Table given = root;
    try {
        of_rules.reject_any();
        make(model, root, steps_in_file);
    } catch (const Rejected& rejected) {
        Mistakes all;
        all.add(rejected.mistakes());
        all.add(mistakes_of(given, source.path, *model.book));
        all.reject_any();
    }
    leave_out_places(root);
    note_unused(model.circuit, imported, model.notes);
    note_stopped(model.program, model.circuit, model.notes);
    leave_out_unbound(root, imported, model.rules, model.circuit);
    model.resolved = to_toml(root);
    model.root = std::move(root);
    return model;
}

Model load_recorded(const std::string& path, Table root, const TaskShape& shape) {
    Model model;
    model.path = path;
    const Section whole(root, {path, 1, 1}, "", root_keys());
    model.title = whole.text("title").text;
    load_run(model, root);
    Mistakes of_rules;
    model.book = read_rule_book(root, true, of_rules);
    model.dynamics = read_dynamics(root, of_rules);
    of_rules.reject_any();
    model.circuit = load_circuit(root, shape);
    recorded_storage(model.circuit);
    compose(model, root);
    load_recordings(model, root, model.steps);
    return model;
}

}  // namespace apical
