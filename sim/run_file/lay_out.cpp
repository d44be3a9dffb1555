#include "sim/run_file/lay_out.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/run_file/address_pattern.hpp"
#include "sim/run_file/complete_scales.hpp"
#include "sim/run_file/format.hpp"
#include "sim/run_file/recorded_cells.hpp"
#include "sim/run_file/recorded_iterations.hpp"
#include "sim/run_file/run_size.hpp"

namespace apical {

namespace {

constexpr std::string_view events_address = "events";
constexpr std::string_view everything = "*";

struct Choice {
    std::vector<Tables> of_quantity;  // by index into program.quantities
    Tables of_events;
};

void choose(Tables& tables, std::size_t table) {
    if (tables.empty() || tables.back() != table) tables.push_back(table);
}

// Whether the address is that of a measure, which [diagnose] makes.
bool is_measure(std::string_view address) {
    constexpr std::string_view measures[] = {
        "cosine(", "norm_ratio(",      "bias(",   "variance(",
        "error(",  "spectral_radius(", "change(", "true_spectral_radius("};
    return std::any_of(std::begin(measures), std::end(measures),
                       [&](std::string_view one) { return address.starts_with(one); });
}

// Whether the address is that of a quantity of this name: "trace" of "learning.trace" and of
// "trace(W_in)".
bool is_of_quantity(std::string_view address, std::string_view name) {
    const std::string_view whole = address.substr(0, address.find('('));
    const std::size_t dot = whole.rfind('.');
    return (dot == std::string_view::npos ? whole : whole.substr(dot + 1)) == name;
}

std::string advice_on(const std::string& address, const Program& program,
                      const std::vector<std::string>& known) {
    if (is_measure(address))
        return " Measures need diagnose.alignment = true, or diagnose.change = true.";
    if (address == "loss" && !program.loss())
        return " A loss needs a population with role \"output\" and one with role \"label\".";
    const auto whole = std::find_if(known.begin(), known.end(), [&](const std::string& one) {
        return is_of_quantity(one, address);
    });
    if (whole != known.end()) return fmt::format(" Did you mean \"{}\"?", *whole);
    return did_you_mean(address, known);
}

void choose(Choice& choice, const Program& program, const Text& what, std::size_t table) {
    const bool all = what.text == everything;
    bool found = all || matches(what.text, events_address);
    if (found) choose(choice.of_events, table);
    found |= asks_for_spikes(program, what.text);
    // "hidden.apical" is short for its voltage, as it is in the rules.
    const std::string voltage = voltage_address(what.text);
    for (std::size_t i = 0; i < program.quantities.size(); ++i) {
        const std::string& address = program.quantities[i].address;
        // Trials have a table; a further row for each step is for who asks by name.
        const bool is_of_trials = program.quantities[i].path.starts_with(quantity_path::trials);
        if (all && is_of_trials) continue;
        if (!all && !matches(what.text, address) && !matches(voltage, address)) continue;
        choose(choice.of_quantity[i], table);
        found = true;
    }
    if (found) return;
    std::vector<std::string> known{std::string(events_address)};
    for (const Quantity& quantity : program.quantities) known.push_back(quantity.address);
    for (const SpikingCells& cells : spiking_cells(program))
        known.push_back(spikes_address(cells.population));
    reject(
        what.where,
        fmt::format("\"{}\" is nothing that can be recorded; expected the address of a "
                    "quantity, \"events\", or \"*\" for everything or for a part of an address, as "
                    "in \"hidden.*\".{}",
                    what.text, advice_on(what.text, program, known)));
}

// What a model file says is in range when it is read; other programs make tables of their own.
void check_steps(const Recording& recording) {
    if (recording.every >= 1 && recording.from >= 1) return;
    throw Error(ExitCode::bad_model,
                fmt::format("the table of recordings \"{}\" has every = {}, from = {}; expected "
                            "whole numbers from 1",
                            recording.name, recording.every, recording.from));
}

// An axis is a group named by its tables, next to the names of the phases.
void check_name(const Recording& recording) {
    const std::string& name = recording.name;
    const bool possible = run_path::can_name_axis(name) && name.find('+') == std::string::npos;
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
        const Recording& one = recordings[table];
        one.at.empty() ? sampling.add(one.every, one.from, one.to) : sampling.add(one.at);
    }
    return sampling;
}

// Whether a quantity, and all that is recorded with it, has a row of before the first step.
bool starts(const Quantity& quantity) {
    return quantity.what == What::rate || quantity.what == What::strength;
}

NewDataset dataset_of(const Quantity& quantity, std::size_t phases, const std::string& axis) {
    NewDataset dataset;
    dataset.path = quantity.path;
    dataset.labels = {run_path::step_dimension};
    dataset.scales = {run_path::steps_of_axis(axis)};
    if (quantity.by_phase) {
        dataset.row.push_back(phases);
        dataset.labels.emplace_back(run_path::phase_dimension);
        dataset.scales.emplace_back(run_path::phases);
    }
    dataset.attributes = described(quantity.units, quantity.long_name, quantity.symbol);
    dataset.attributes.emplace_back(dataset_attribute::address, quantity.address);
    return dataset;
}

// "coarse+fine". HDF5 has a name of very many tables within a page no more: what is left out is
// told apart by the number of the axis.
std::string axis_name(const Tables& tables, const std::vector<Recording>& recordings,
                      std::size_t number) {
    constexpr std::size_t most = 1000;
    std::string name;
    for (std::size_t k = 0; k < tables.size(); ++k) {
        const std::string& next = recordings[tables[k]].name;
        if (name.size() + next.size() >= most)
            return fmt::format("{}+{}_more+{}", name.substr(0, most), tables.size() - k, number);
        name += (name.empty() ? "" : "+") + next;
    }
    return name;
}

AxisLayout make_axis(const Tables& tables, const std::vector<Recording>& recordings,
                     std::size_t phases, std::size_t number) {
    AxisLayout axis;
    axis.name = axis_name(tables, recordings, number);
    axis.steps = sampling_of(tables, recordings);
    for (const std::size_t table : tables) {
        const std::int64_t end = recordings[table].run_end;
        axis.ends |= end > 0;
        if (end > 0) axis.steps.add(1, end, end);
    }
    axis.rows = static_cast<std::size_t>(axis.steps.count());
    axis.step.path = run_path::steps_of_axis(axis.name);
    axis.step.type = NewDataset::Type::integer;
    axis.step.scale_name = run_path::step_dimension;
    axis.step.attributes = described("1", "step, counted from 1", "k");
    axis.time.path = run_path::times_of_axis(axis.name);
    axis.time.row = {phases};
    axis.time.labels = {run_path::step_dimension, run_path::phase_dimension};
    axis.time.scales = {axis.step.path, run_path::phases};
    axis.time.attributes = described("ms", "time at the end of each phase", "t");
    return axis;
}

std::vector<AxisLayout> make_axes(const Program& program, const std::vector<Recording>& recordings,
                                  const Choice& choice, CellDimensions& cells) {
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
            axes.push_back(make_axis(chosen_by, recordings, phases, axes.size()));
        }
        AxisLayout& axis = axes[index];
        axis.samples_phases |= program.quantities[i].by_phase;
        axis.quantities.push_back({i, dataset_of(program.quantities[i], phases, axis.name)});
        cells.add_to(axis.quantities.back(), chosen_by);
        axis.starts |= axis.ends && starts(program.quantities[i]);
        if (!is_in_each_iteration(program, program.quantities[i], chosen_by, recordings)) continue;
        axis.samples_phases = true;
        axis.quantities.push_back(in_each_iteration(program, axis.quantities.back()));
    }
    for (AxisLayout& axis : axes) {
        if (axis.starts) ++axis.rows;
        const std::int64_t start_rows = axis.starts ? 1 : 0;
        axis.step.attributes.emplace_back(dataset_attribute::start_rows, start_rows);
    }
    return axes;
}

void add_evaluation(RunLayout& layout, const EvaluatedRows& rows,
                    const std::vector<Recording>& recordings) {
    AxisLayout axis = axis_of(rows);
    for (const AxisLayout& other : layout.axes) {
        if (other.name != axis.name) continue;
        const auto named =
            std::find_if(recordings.begin(), recordings.end(),
                         [&](const Recording& one) { return one.name == axis.name; });
        reject(named->what.front().where,
               "a table of recordings cannot be called \"evaluation\" in a run with [evaluate], "
               "whose file has what that finds under this name");
    }
    layout.axes.push_back(std::move(axis));
}

NewDataset names_of(const std::vector<std::string>& phases, const char* path, const char* dimension,
                    const std::string& what) {
    NewDataset names;
    names.path = path;
    names.type = NewDataset::Type::free_text;
    names.scale_name = dimension;
    names.attributes = described("1", what, "p");
    names.chunk = {std::max<std::size_t>(phases.size(), 1)};
    return names;
}

void lay_out_events(RunLayout& layout) {
    layout.events.path = run_path::events;
    layout.events.type = NewDataset::Type::record;
    layout.events.record = event_record();
    layout.events.scales = {run_path::event};
    layout.events.attributes =
        described("ms", "what happened, in the order in which it happened", "t");
    layout.event.path = run_path::event;
    layout.event.type = NewDataset::Type::integer;
    layout.event.scale_name = "event";
    layout.event.attributes = described("1", "number of an event, from 0 on", "e");
}

// At most: the task's input, the step's end, each phase's beginning and end, and at each beginning
// what every gate does.
std::size_t events_per_step(const Program& program) {
    const auto gates = static_cast<std::size_t>(
        std::count_if(program.quantities.begin(), program.quantities.end(),
                      [](const Quantity& quantity) { return quantity.what == What::gate; }));
    std::size_t turns = 0;  // of phases that are carried out in turn each iteration has its own
    for (std::size_t p = 0; p < program.phase_names.size(); ++p)
        turns += program.turns.empty() ? 1 : static_cast<std::size_t>(program.turns[p].count);
    return 2 + turns * (2 + gates);
}

}  // namespace

std::vector<std::string> unrecorded_strengths(const Program& program,
                                              const std::vector<Recording>& recordings) {
    const Choice choice = choose_all(program, recordings);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < program.quantities.size(); ++i) {
        const Quantity& quantity = program.quantities[i];
        if (quantity.what == What::strength && choice.of_quantity[i].empty())
            names.push_back(quantity.address);
    }
    return names;
}

RunLayout lay_out(const Program& program, const std::vector<Recording>& recordings,
                  const std::optional<EvaluatedRows>& evaluation) {
    for (const Recording& recording : recordings) check_steps(recording);
    check_iterations(program, recordings);
    const Choice choice = choose_all(program, recordings);
    check_cells(program, recordings, choice.of_quantity);
    RunLayout layout;
    CellDimensions cells(program, recordings);
    layout.axes = make_axes(program, recordings, choice, cells);
    if (evaluation) add_evaluation(layout, *evaluation, recordings);
    layout.cells = cells.take_scales();
    layout.spikes = lay_out_spikes(program, recordings);
    layout.phases = names_of(program.phase_names, run_path::phases, run_path::phase_dimension,
                             "phases of a step, in order");
    layout.has_iterations = has_iterations(layout.axes);
    layout.iterations =
        names_of(phases_of_iterations(program), run_path::iterations, run_path::iteration_dimension,
                 "phases of all iterations of a step, in the order of time");
    layout.has_events = !choice.of_events.empty();
    layout.event_steps = sampling_of(choice.of_events, recordings);
    const auto steps = static_cast<std::size_t>(layout.event_steps.count());
    layout.most_events = steps * events_per_step(program);
    lay_out_events(layout);
    complete_scales(layout, program);
    choose_sizes(layout, program);
    return layout;
}

}  // namespace apical
