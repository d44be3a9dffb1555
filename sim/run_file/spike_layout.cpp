#include "sim/run_file/spike_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/run_file/address_pattern.hpp"
#include "sim/run_file/format.hpp"

namespace apical {

namespace {

constexpr std::string_view everything = "*";
constexpr std::size_t window_rows = 1 << 15;  // 256 KB of each dataset

bool fires_spikes(const Operation& op) {
    return op.function == Function::spike && (op.kind == Kind::fire || op.kind == Kind::inject);
}

// Whether nothing else makes the rate: what changes it otherwise leaves 0 or 1.
bool is_spikes(const Program& program, SlotId rate) {
    return std::all_of(
        program.operations.begin(), program.operations.end(), [&](const Operation& op) {
            return op.operands[0].slot != rate || fires_spikes(op) || op.kind == Kind::reset ||
                   op.kind == Kind::intervene || op.kind == Kind::readout;
        });
}

bool asks_for(const Text& what, const std::string& population) {
    return what.text == everything || matches(what.text, spikes_address(population));
}

bool asks_for(const Recording& recording, const std::string& population) {
    return std::any_of(recording.what.begin(), recording.what.end(),
                       [&](const Text& what) { return asks_for(what, population); });
}

const Quantity* recorded_as(const Program& program, SlotId rate) {
    for (const Quantity& one : program.quantities) {
        if (std::find(one.slots.begin(), one.slots.end(), rate) != one.slots.end()) return &one;
    }
    return nullptr;
}

// "rec" of the path of its rate, which is a dataset beside the population's others.
std::string population_in(const std::string& path) {
    const std::string group = path.substr(0, path.rfind('/'));
    return group.substr(group.rfind('/') + 1);
}

std::vector<std::size_t> chosen_by(const Recording& recording, const Slot& rate) {
    for (const ChosenCells& one : recording.cells) {
        if (one.population == rate.cells) return one.cells;
    }
    std::vector<std::size_t> all(static_cast<std::size_t>(rate.rows));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
}

void add_datasets(SpikeLayout& layout, int cells) {
    const std::string& name = layout.population;
    layout.timestamps.path = run_path::timestamps_of(name);
    layout.timestamps.labels = {"spike"};
    layout.timestamps.attributes =
        described("ms", fmt::format("when the cells of {} fired", name), "t");
    layout.node_ids = layout.timestamps;
    layout.node_ids.path = run_path::node_ids_of(name);
    layout.node_ids.type = NewDataset::Type::integer;
    layout.node_ids.attributes =
        described("1", fmt::format("which cell of {} fired, counted from 0", name), "i");
    layout.node_ids.attributes.emplace_back(dataset_attribute::address, spikes_address(name));
    layout.node_ids.attributes.emplace_back(dataset_attribute::cells, std::int64_t{cells});
    layout.step = layout.timestamps;
    layout.step.type = NewDataset::Type::integer;
    layout.step.path = run_path::spike_steps_of(name);
    layout.step.attributes = described("1", "step, counted from 1", "k");
}

// When the cells fire, by the operation that makes them.
void take_times(SpikeLayout& layout, const Program& program, const Operation& op) {
    layout.phase = op.phase;
    layout.fires_in = steps_of(op);
    if (op.kind == Kind::inject) layout.phase = {};
    if (!layout.phase) return;
    layout.first_in_turn = program.loop_of(op.phase);
    layout.last_in_turn = op.phase;
    for (std::size_t p = op.phase.value; p < program.phase_names.size(); ++p) {
        if (program.loop_of(PhaseId(p)) == layout.first_in_turn) layout.last_in_turn = PhaseId(p);
    }
    layout.iterations = program.is_in_group(op.phase) ? program.turns[op.phase.value].count
                                                      : std::max(op.iterations, 1);
}

SpikeLayout layout_of(const Program& program, const SpikingCells& cells,
                      const std::vector<Recording>& recordings,
                      const std::vector<std::size_t>& tables) {
    SpikeLayout layout;
    layout.population = cells.population;
    layout.rate = cells.rate;
    const Slot& rate = program[cells.rate];
    const Recording& first = recordings[tables.front()];
    layout.cells = chosen_by(first, rate);
    for (const std::size_t table : tables) {
        const Recording& one = recordings[table];
        layout.steps.add(one.every, one.from, one.to);
        if (chosen_by(one, rate) == layout.cells) continue;
        reject(one.what.front().where,
               fmt::format("[record.{}] and [record.{}] choose different cells of \"{}\"; expected "
                           "the same cells in all tables that record it",
                           first.name, one.name, spikes_address(cells.population)));
    }
    take_times(layout, program, program.operations[cells.operation]);
    add_datasets(layout, rate.rows);
    layout.most = static_cast<std::size_t>(layout.steps.count()) * layout.cells.size() *
                  static_cast<std::size_t>(layout.iterations);
    layout.window = std::clamp<std::size_t>(layout.most, 1, window_rows);
    return layout;
}

}  // namespace

std::string spikes_address(std::string_view population) {
    return std::string(population).append(".spikes");
}

std::vector<SpikingCells> spiking_cells(const Program& program) {
    std::vector<SpikingCells> all;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        const SlotId rate = op.operands[0].slot;
        if (!fires_spikes(op) || !is_spikes(program, rate)) continue;
        if (const Quantity* one = recorded_as(program, rate))
            all.push_back({population_in(one->path), rate, i});
    }
    return all;
}

std::vector<SpikeLayout> lay_out_spikes(const Program& program,
                                        const std::vector<Recording>& recordings) {
    std::vector<SpikeLayout> all;
    for (const SpikingCells& cells : spiking_cells(program)) {
        std::vector<std::size_t> tables;
        for (std::size_t table = 0; table < recordings.size(); ++table) {
            const Recording& one = recordings[table];
            // One that has nothing but the ends of the run has no spikes.
            if (one.from <= one.to && asks_for(one, cells.population)) tables.push_back(table);
        }
        if (!tables.empty()) all.push_back(layout_of(program, cells, recordings, tables));
    }
    return all;
}

bool asks_for_spikes(const Program& program, const std::string& address) {
    const std::vector<SpikingCells> all = spiking_cells(program);
    return std::any_of(all.begin(), all.end(), [&](const SpikingCells& cells) {
        return matches(address, spikes_address(cells.population));
    });
}

bool records_spikes_of(const Program& program, const Recording& recording, PopulationId cells) {
    const std::vector<SpikingCells> all = spiking_cells(program);
    return std::any_of(all.begin(), all.end(), [&](const SpikingCells& one) {
        return program[one.rate].cells == cells && asks_for(recording, one.population);
    });
}

}  // namespace apical
