#include "sim/run_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/run_size.hpp"

namespace apical {

namespace {

constexpr std::string_view events_address = "events";
constexpr std::string_view everything = "*";

// The tables that chose an address, as indices in their order.
using Tables = std::vector<std::size_t>;

struct Choice {
    std::vector<Tables> of_quantity;  // by index into program.quantities
    Tables of_events;
};

void choose(Tables& tables, std::size_t table) {
    if (tables.empty() || tables.back() != table) tables.push_back(table);
}

// As [diagnose] makes them when it is switched on.
bool is_measure(std::string_view address) {
    constexpr std::string_view measures[] = {
        "cosine(", "norm_ratio(",      "bias(",   "variance(",
        "error(",  "spectral_radius(", "change(", "true_spectral_radius("};
    return std::any_of(std::begin(measures), std::end(measures),
                       [&](std::string_view one) { return address.starts_with(one); });
}

void choose(Choice& choice, const Program& program, const Text& what, std::size_t table) {
    const bool all = what.text == everything;
    bool found = all || what.text == events_address;
    if (found) choose(choice.of_events, table);
    std::vector<std::string> known{std::string(events_address)};
    for (std::size_t i = 0; i < program.quantities.size(); ++i) {
        known.push_back(program.quantities[i].address);
        // "hidden.apical" is short for its voltage, as it is in the rules.
        const bool chosen = known.back() == what.text || known.back() == what.text + ".v";
        if (!all && !chosen) continue;
        choose(choice.of_quantity[i], table);
        found = true;
    }
    if (found) return;
    reject(what.where,
           fmt::format("\"{}\" is nothing that can be recorded; expected the address of a "
                       "quantity, \"events\", or \"*\" for everything.{}",
                       what.text,
                       is_measure(what.text) ? " Measures need diagnose.alignment = true, or "
                                               "diagnose.change = true."
                                             : did_you_mean(what.text, known)));
}

// An axis is a group named by its tables, next to the names of the phases.
void check_name(const Recording& recording) {
    const std::string& name = recording.name;
    const bool possible = !name.empty() && name != "." && name != "phase" &&
                          name.find_first_of("/+") == std::string::npos;
    if (possible) return;
    reject(
        recording.what.empty() ? Where{} : recording.what.front().where,
        fmt::format("a table of recordings cannot be called \"{}\"; expected a name without \"/\" "
                    "and \"+\" that is not \"phase\"",
                    name));
}

Choice choose_all(const Program& program, const std::vector<Recording>& recordings) {
    Choice choice;
    choice.of_quantity.resize(program.quantities.size());
    for (std::size_t table = 0; table < recordings.size(); ++table) {
        check_name(recordings[table]);
        for (const Text& what : recordings[table].what) choose(choice, program, what, table);
    }
    return choice;
}

Sampling sampling_of(const Tables& tables, const std::vector<Recording>& recordings) {
    Sampling sampling;
    for (const std::size_t table : tables) {
        sampling.add(recordings[table].every, recordings[table].from, recordings[table].to);
    }
    return sampling;
}

NewDataset dataset_of(const Quantity& quantity, std::size_t phases, const std::string& axis) {
    NewDataset dataset;
    dataset.path = quantity.path;
    dataset.labels = {"step"};
    dataset.scales = {axis + "/step"};
    const auto add = [&](std::size_t size, const char* label, const char* scale) {
        dataset.row.push_back(size);
        dataset.labels.emplace_back(label);
        dataset.scales.emplace_back(scale);
    };
    if (quantity.by_phase) add(phases, "phase", "/axes/phase");
    const auto rows = static_cast<std::size_t>(quantity.rows);
    if (quantity.shape == Shape::per_cell) add(rows, "cell", "");
    const auto columns = static_cast<std::size_t>(quantity.columns);
    if (quantity.shape == Shape::per_synapse) {
        add(rows, "postsynaptic cell", "");
        add(columns, "presynaptic cell", "");
    }
    if (quantity.shape == Shape::per_pair) {
        add(rows, "cell", "");
        add(columns, "other cell", "");
    }
    if (quantity.shape == Shape::tensor) {
        add(rows, "cell", "");
        add(rows, "postsynaptic cell", "");
        add(columns / rows, "presynaptic cell", "");
    }
    dataset.attributes = {{"units", quantity.units},
                          {"long_name", quantity.long_name},
                          {"symbol", quantity.symbol},
                          {"address", quantity.address}};
    return dataset;
}

AxisLayout make_axis(const Tables& tables, const std::vector<Recording>& recordings,
                     std::size_t phases) {
    AxisLayout axis;
    for (const std::size_t table : tables) {
        axis.name += (axis.name.empty() ? "" : "+") + recordings[table].name;
    }
    axis.steps = sampling_of(tables, recordings);
    axis.rows = static_cast<std::size_t>(axis.steps.count());
    const std::string group = "/axes/" + axis.name;
    axis.step.path = group + "/step";
    axis.step.type = NewDataset::Type::integer;
    axis.step.scale_name = "step";
    axis.step.attributes = {{"units", "1"}, {"long_name", "step, counted from 1"}, {"symbol", "k"}};
    axis.time.path = group + "/time_ms";
    axis.time.row = {phases};
    axis.time.labels = {"step", "phase"};
    axis.time.scales = {axis.step.path, "/axes/phase"};
    axis.time.attributes = {
        {"units", "ms"}, {"long_name", "time at the end of each phase"}, {"symbol", "t"}};
    return axis;
}

std::vector<AxisLayout> make_axes(const Program& program, const std::vector<Recording>& recordings,
                                  const Choice& choice) {
    std::vector<AxisLayout> axes;
    std::vector<Tables> tables;
    const std::size_t phases = program.phase_names.size();
    for (std::size_t i = 0; i < program.quantities.size(); ++i) {
        const Tables& chosen_by = choice.of_quantity[i];
        if (chosen_by.empty()) continue;
        const auto same = std::find(tables.begin(), tables.end(), chosen_by);
        const auto index = static_cast<std::size_t>(same - tables.begin());
        if (same == tables.end()) {
            tables.push_back(chosen_by);
            axes.push_back(make_axis(chosen_by, recordings, phases));
        }
        AxisLayout& axis = axes[index];
        axis.samples_phases |= program.quantities[i].by_phase;
        axis.quantities.push_back(
            {i, dataset_of(program.quantities[i], phases, "/axes/" + axis.name)});
    }
    return axes;
}

NewDataset names_of(const std::vector<std::string>& phases) {
    NewDataset names;
    names.path = "/axes/phase";
    names.type = NewDataset::Type::text;
    names.text_bytes = 1;
    for (const std::string& name : phases)
        names.text_bytes = std::max(names.text_bytes, name.size());
    names.scale_name = "phase";
    names.attributes = {
        {"units", "1"}, {"long_name", "phases of a step, in order"}, {"symbol", "p"}};
    names.chunk = {std::max<std::size_t>(phases.size(), 1)};
    return names;
}

// At most: the task's input, the step's end, each phase's beginning and end, and at each beginning
// what every gate does.
std::size_t events_per_step(const Program& program) {
    std::size_t gates = 0;
    for (const Quantity& quantity : program.quantities) {
        if (quantity.path.starts_with("/gates/")) ++gates;
    }
    return 2 + program.phase_names.size() * (2 + gates);
}

}  // namespace

RunLayout lay_out(const Program& program, const std::vector<Recording>& recordings) {
    const Choice choice = choose_all(program, recordings);
    RunLayout layout;
    layout.axes = make_axes(program, recordings, choice);
    layout.phases = names_of(program.phase_names);
    layout.has_events = !choice.of_events.empty();
    layout.event_steps = sampling_of(choice.of_events, recordings);
    const auto steps = static_cast<std::size_t>(layout.event_steps.count());
    layout.most_events = steps * events_per_step(program);
    layout.events.path = "/events";
    layout.events.type = NewDataset::Type::event;
    layout.events.attributes = {{"units", "ms"},
                                {"long_name", "what happened, in the order in which it happened"},
                                {"symbol", "t"}};
    choose_sizes(layout, program);
    return layout;
}

}  // namespace apical
