#include "sim/model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/anatomy/shipped_activations.hpp"
#include "circuits/program/imperfections.hpp"
#include "sim/diagnosis/choose_diagnosis.hpp"
#include "sim/engine/places.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/model/chosen_passes.hpp"
#include "sim/model/model_evaluation.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/model/model_mistakes.hpp"
#include "sim/model/model_recordings.hpp"
#include "sim/model/model_rules.hpp"
#include "sim/model/model_task.hpp"
#include "sim/model/model_teaching.hpp"
#include "sim/model/model_trials.hpp"
#include "sim/model/note_idle.hpp"
#include "sim/model/streams.hpp"
#include "sim/tasks/firing_input.hpp"
#include "sim/tasks/trial_lengths.hpp"

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

void load_run(Model& model, Table& root) {
    const Section run = section_of(root, "run");
    if (!run.has("steps") && !run.has("trials"))
        reject(run.where(),
               "[run] is missing its key \"steps\" (a whole number from 1 to 1000000000000000): "
               "length of the run; or, of a model with trials, \"trials\"");
    model.steps = run.has("steps") ? run.integer("steps") : 0;
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
    for (const Operation& op : model.program.operations) {
        const bool sums = op.kind == Kind::backpropagate && op.function == Function::sum;
        if (!sums || op.lag < model.steps) continue;
        reject(op.where, fmt::format("[{}] sums up the losses of {} steps, but the run is only {} "
                                     "long; expected a window that fits into it",
                                     op.asked_by, op.lag + 1, model.steps));
    }
}

void compose(Model& model, Table& root) {
    ProgramBuilder builder(model.circuit);
    Table& plasticity = std::get<Table>(root.find("plasticity")->content);
    emit_circuit(builder, model.dynamics, root);
    model.rules = emit_plasticity(builder, *model.book, plasticity);
    if (root.find("diagnose")) {
        const Section section = section_of(root, "diagnose");
        const bool asks_for_longest = model.circuit.trials && compares_trials(section);
        const std::int64_t longest =
            asks_for_longest
                ? TrialLengths(model.circuit, *model.task, run_streams(model)).longest(model.steps)
                : 0;
        model.diagnosed =
            choose_diagnosis(builder, section, model.rules, model.steps, longest, model.notes);
    }
    model.program = std::move(builder).finish();
    add_imperfections(model.program, model.circuit, root);
}

// Composes a program in which each set is stored as it can be: again when the program shows a set
// that only a matrix can be, or the draw one without a synapse.
void compose_by_storage(Model& model, Table& root) {
    ReadPlaces read = choose_storage(model.circuit, root, model.directory);
    std::ranges::move(cells_left_out(model.circuit, model.seed), std::back_inserter(model.notes));
    const std::size_t notes = model.notes.size();
    const auto changes_storage = [&] {
        if (leave_rows(model.circuit, model.program, model.diagnosed)) return true;
        model.places = draw_places(model.program, model.circuit, model.seed, model.directory, read);
        return leave_empty_rows(model.circuit, model.program);
    };
    do {
        model.notes.resize(notes);
        compose(model, root);
    } while (changes_storage());
    resolve_storage(root, model.circuit);
}

// How long a run is can be said in steps or in trials: what is asked for now takes the place of
// what the file says.
void leave_out_other_length(Table& root, const Overrides& overrides) {
    const auto asks = [&](std::string_view key) {
        return std::ranges::any_of(overrides.changes,
                                   [&](const Override& one) { return one.key == key; });
    };
    const bool steps = asks("run.steps"), trials = asks("run.trials");
    Value* run = root.find("run");
    auto* keys = run ? std::get_if<Table>(&run->content) : nullptr;
    if (!keys || steps == trials) return;
    const char* other = steps ? "trials" : "steps";
    std::erase_if(keys->entries, [&](const Entry& entry) { return entry.key == other; });
}

void override_keys(Table& root, const Overrides& overrides) {
    leave_out_other_length(root, overrides);
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

// Cells that spike fire by no activation, whatever the key's default is.
void leave_out_activations(Table& root) {
    for (Entry& cells : std::get<Table>(root.find("population")->content).entries) {
        Table& table = std::get<Table>(cells.value.content);
        if (!table.find("spikes")) continue;
        std::erase_if(table.entries, [](const Entry& entry) { return entry.key == "activation"; });
    }
}

RecordedRun recorded_run(const Model& model, std::int64_t steps_in_file) {
    return {model.circuit, model.program, model.steps, steps_in_file, model.path};
}

void make(Model& model, Table& root, std::int64_t steps_in_file) {
    const Section whole(root, {model.path, 1, 1}, "", root_keys());
    model.title = whole.text("title").text;
    check_implements(whole);
    load_run(model, root);
    load_checkpoint(model, root);
    model.task = load_task(root, model.seed, model.directory, model.steps, model.notes);
    if (const std::int64_t steps = steps_in_trials(root, *model.task, run_streams(model)))
        model.steps = steps;
    model.circuit = load_circuit(root, shape_of(*model.task));
    model.task = with_firing_input(std::move(model.task), model.circuit, model.seed);
    check_duration(model, root);
    model.evaluation = evaluation_policy(root, model.circuit);
    if (model.evaluation) check_evaluated(root, *model.evaluation, *model.task);
    compose_by_storage(model, root);
    check_teaching(root, model.circuit, model.program);
    check_windows(model);
    check_distinct(streams_of(model.program, model.circuit, *model.task));
    model.noise = std::make_unique<Noise>(model.program, model.seed, model.directory, model.steps);
    const RecordedRun run = recorded_run(model, steps_in_file);
    model.recordings = load_recordings(root, run, model.notes);
    for (Recording& one : trials_recording(model.circuit, model.program, *model.task,
                                           run_streams(model), model.steps))
        model.recordings.insert(model.recordings.begin(), std::move(one));
    check_event_names(root, run, model.recordings);
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
    model.directory.split = source.split;
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
    add_shipped_activations(root);
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
    leave_out_activations(root);
    note_unused(model.circuit, imported, model.notes);
    note_stopped(model.program, model.circuit, model.notes);
    note_idle(model.circuit, model.steps, model.notes);
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
    model.circuit = load_circuit(root, recorded_shape(shape, root));
    model.evaluation = evaluation_policy(root, model.circuit);
    recorded_storage(model.circuit);
    compose(model, root);
    model.recordings = load_recordings(root, recorded_run(model, model.steps), model.notes);
    return model;
}

}  // namespace apical
