#include "sim/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "circuits/forward_pass.hpp"
#include "circuits/load_circuit.hpp"
#include "circuits/resolve.hpp"
#include "sim/algorithms.hpp"
#include "sim/run_layout.hpp"
#include "sim/sweep/sweep.hpp"

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
    model.steps = run.integer("steps");
    model.seed = static_cast<std::uint32_t>(run.integer("seed"));
    model.fuse = run.boolean("fuse");
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

void load_task(Model& model, Table& root) {
    const Section task = section_of(root, "task");
    model.task = make_task(task, model.seed, model.directory);
    if (const std::vector<std::string> unused = unused_keys(task); !unused.empty()) {
        model.notes.push_back(fmt::format("the task \"{}\" does not use {} of [task]",
                                          task.text("kind").text, list_of(unused)));
    }
    const std::int64_t last = model.task->steps();
    if (last < 0 || model.steps <= last) return;
    reject(section_of(root, "run").where("steps"),
           fmt::format("the run is {} steps long, but the task ends after {}; expected at most "
                       "that, or repeat = true in [task]",
                       model.steps, last));
}

void load_recordings(Model& model, Table& root) {
    for (Entry& entry : std::get<Table>(root.find("record")->content).entries) {
        const std::string name = "record." + entry.key;
        check_letters({entry.key, entry.where});
        if (entry.key == "phase") {
            reject(entry.where, "\"phase\" cannot be a name here; /axes/phase holds the phases");
        }
        const Section section(inner_table(entry, "record"), entry.where, name, keys_of("record.*"));
        if (section.texts("what").empty()) {
            reject(
                section.where("what"),
                fmt::format("[{}] names nothing; expected an address, \"events\" or \"*\"", name));
        }
        if (!section.has("to")) section.set("to", std::max(model.steps, section.integer("from")));
        Recording recording{entry.key, section.texts("what"), section.integer("every"),
                            section.integer("from"), section.integer("to")};
        if (recording.to < recording.from) {
            reject(section.where("to"),
                   fmt::format("[{}] ends in step {}, before it begins in step {}", name,
                               recording.to, recording.from));
        }
        lay_out(model.program, {recording});  // rejects what cannot be recorded
        recording.to = std::min(recording.to, model.steps);
        if (recording.from <= recording.to) {
            model.recordings.push_back(recording);
        } else {
            model.notes.push_back(
                fmt::format("[{}] records nothing: it begins in step {}, after the run's last, {}",
                            name, recording.from, model.steps));
        }
    }
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
    const std::vector<std::string> known = split_choices(algorithm->approximations);
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
    emit_forward_pass(builder);
    model.rules = emit_plasticity(builder, plasticity);
    if (root.find("diagnose")) {
        model.diagnosed = choose_diagnosis(builder, section_of(root, "diagnose"), model.rules,
                                           plasticity, model.steps, model.notes);
    }
    model.program = std::move(builder).finish();
}

}  // namespace

namespace {

std::vector<Override> parsed(const std::vector<std::string>& assignments) {
    std::vector<Override> overrides;
    for (const std::string& one : assignments) overrides.push_back(parse_override(one));
    return overrides;
}

Model load(const std::string& path, Table root, const std::vector<Override>& overrides) {
    Model model;
    model.path = path;
    model.directory = std::filesystem::path(path).parent_path().string();
    if (is_sweep(root))
        reject({path, 1, 1}, "this is a sweep file; expected a model file. `apical sweep` runs it");
    for (const Override& change : overrides) override_key(root, change);
    const Section whole(root, {path, 1, 1}, "", keys_of(""));
    model.title = whole.text("title").text;
    check_implements(whole);
    load_run(model, root);
    load_checkpoint(model, root);
    load_task(model, root);
    model.circuit = load_circuit(root, model.task->shape());
    check_duration(model, root);
    compose(model, root);
    check_windows(model);
    model.noise = std::make_unique<Noise>(model.program, model.seed, model.directory, model.steps);
    load_recordings(model, root);
    // Where the file lies and when the run is saved is no part of the run: the same run makes the
    // same file anywhere.
    std::erase_if(std::get<Table>(root.find("run")->content).entries,
                  [](const Entry& entry) { return entry.key == "output"; });
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key == "checkpoint"; });
    model.resolved = to_toml(root);
    model.root = std::move(root);
    return model;
}

}  // namespace

Model load_model(const std::string& path, const std::vector<std::string>& overrides) {
    Model model = load_overridden(path, parsed(overrides));
    model.overrides = overrides;
    return model;
}

Model load_overridden(const std::string& path, const std::vector<Override>& overrides) {
    std::string text;
    Table root = load_toml(path, text);
    Model model = load(path, std::move(root), overrides);
    model.text = std::move(text);
    return model;
}

Model load_recorded(const std::string& path, Table root, const TaskShape& shape) {
    Model model;
    model.path = path;
    const Section whole(root, {path, 1, 1}, "", keys_of(""));
    model.title = whole.text("title").text;
    load_run(model, root);
    model.circuit = load_circuit(root, shape);
    compose(model, root);
    load_recordings(model, root);
    return model;
}

Model load_text(const std::string& path, const std::string& text,
                const std::vector<std::string>& overrides) {
    Model model = load(path, parse_toml(text, path), parsed(overrides));
    model.text = text;
    model.overrides = overrides;
    return model;
}

}  // namespace apical
