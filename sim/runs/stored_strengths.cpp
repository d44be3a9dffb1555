#include "sim/runs/stored_strengths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "sim/runs/resume.hpp"

namespace apical {

namespace {

constexpr std::size_t most_listed = 6;

// "0, 100, 200, ..., 5000"
std::string list_of_steps(const std::vector<std::int64_t>& steps) {
    if (steps.size() <= most_listed) return fmt::format("{}", fmt::join(steps, ", "));
    return fmt::format("{}, ..., {}",
                       fmt::join(steps.begin(), steps.begin() + most_listed / 2, ", "),
                       steps.back());
}

// Whether all of its numbers were recorded, once a step.
bool is_whole(const StoredQuantity& quantity) {
    return !quantity.by_phase && !quantity.by_iteration &&
           std::all_of(quantity.chosen.begin(), quantity.chosen.end(),
                       [](const auto& cells) { return cells.empty(); });
}

std::size_t entries_of_matrix(const Slot& slot) {
    return static_cast<std::size_t>(slot.rows) * static_cast<std::size_t>(slot.columns);
}

// Whether the same synapses exist in the file and in the slot, where both keep them by rows.
bool has_places(const StoredQuantity& quantity, const SynapseRows* places) {
    if (!places || quantity.synapses.empty()) return true;
    std::vector<std::size_t> all;
    for_each_synapse(*places, [&](std::size_t i, std::size_t j, std::size_t) {
        all.push_back(i * quantity.row.back() + j);
    });
    return all == quantity.synapses;
}

}  // namespace

StoredStrengths::StoredStrengths(const StoredRun& run, const Program& program,
                                 std::vector<SlotId> slots, const ReadingTrial& trial)
    : run_(run), program_(program), slots_(std::move(slots)), trial_(trial) {
    bool first = true;
    for (const SlotId slot : slots_) {
        std::vector<std::int64_t> steps, both;
        if (const StoredQuantity* quantity = recorded(slot))
            steps = run.steps(quantity->axis, 0, quantity->rows);
        std::ranges::set_intersection(in_rows_, steps, std::back_inserter(both));
        in_rows_ = first ? steps : both;
        first = false;
    }
    // Without anything that is learned each step is as any other.
    if (slots_.empty()) in_rows_ = {std::max<std::int64_t>(run.end(), 0)};
    std::ranges::set_union(in_rows_, checkpoint_steps(run.path()), std::back_inserter(steps_));
}

const StoredQuantity* StoredStrengths::recorded(SlotId slot) const {
    const std::string& name = program_[slot].name;
    if (!run_.has(name)) return nullptr;
    const StoredQuantity& found = run_.find(name);
    return is_whole(found) ? &found : nullptr;
}

std::int64_t StoredStrengths::last() const {
    if (steps_.empty()) none_at("");
    return steps_.back();
}

std::string StoredStrengths::names() const {
    std::vector<std::string> all;
    for (const SlotId slot : slots_) all.push_back(program_[slot].name);
    return list_of(all);
}

void StoredStrengths::none_at(const std::string& when) const {
    throw Error(ExitCode::no_such_input,
                fmt::format("{} has no strengths{} ({}); expected {}", run_.path(), when, names(),
                            steps_.empty()
                                ? std::string("rows of all of them, which a [record.*] table or "
                                              "run.record_endpoints = true makes, or a checkpoint")
                                : fmt::format("one of the steps after which it has them, {}, or a "
                                              "checkpoint",
                                              list_of_steps(steps_))));
}

bool StoredStrengths::is_in_rows(std::int64_t step) const {
    return slots_.empty() || std::binary_search(in_rows_.begin(), in_rows_.end(), step);
}

void StoredStrengths::write(std::int64_t step, Simulation& simulation) const {
    if (is_in_rows(step)) {
        for (const SlotId slot : slots_) write_row(slot, step, simulation);
    } else if (std::binary_search(steps_.begin(), steps_.end(), step)) {
        write_checkpoint(step, simulation);
    } else {
        none_at(fmt::format(" after step {}", step));
    }
}

void StoredStrengths::write_row(SlotId slot, std::int64_t step, Simulation& simulation) const {
    const StoredQuantity& quantity = *recorded(slot);
    const Slot& what = program_[slot];
    const std::uint64_t row = run_.row_of(quantity.axis, step);
    if (quantity.row_numbers() != entries_of_matrix(what))
        reject({run_.path(), 0, 0},
               fmt::format("\"{}\" is {} in it, and {} x {} in the model that is evaluated; sizes "
                           "cannot change",
                           what.name, fmt::join(quantity.row, " x "), what.rows, what.columns));
    if (!has_places(quantity, what.places))
        reject({run_.path(), 0, 0},
               fmt::format("\"{}\" has other synapses in it than in the model that is evaluated",
                           what.name));
    std::vector<double> numbers = run_.read(quantity, row, 1);
    const bool is_start = row < run_.axes()[quantity.axis].start_rows;
    const auto is_none = [](double one) { return std::isnan(one); };
    // The run's first step made it: before that it was what it begins with.
    if (is_start && std::ranges::all_of(numbers, is_none)) return;
    if (!quantity.synapses.empty())  // no number where no synapse is
        std::ranges::replace_if(numbers, is_none, 0.0);
    simulation.write(slot, numbers);
}

void StoredStrengths::write_checkpoint(std::int64_t step, Simulation& simulation) const {
    OpenCheckpoint checkpoint = checkpoint_at(run_.path(), step, trial_);
    std::map<std::string, SlotId> wanted;
    for (const SlotId slot : slots_) wanted[archived_name(program_[slot])] = slot;
    std::int64_t count = 0;
    checkpoint.rest(count);
    for (std::int64_t k = 0; k < count; ++k) {
        std::string name;
        std::int64_t rows = 0, columns = 0;
        std::vector<double> numbers;
        checkpoint.rest(name, rows, columns, numbers);
        const auto found = wanted.find(name);
        if (found == wanted.end()) continue;
        const std::span<double> ours = simulation.state().numbers(found->second);
        const Slot& slot = program_[found->second];
        if (rows != slot.rows || columns != slot.columns || ours.size() != numbers.size())
            checkpoint.rest.reject(
                fmt::format("has {} x {} numbers of \"{}\", and the model that is evaluated {} x "
                            "{}; sizes cannot change",
                            rows, columns, slot.name, slot.rows, slot.columns));
        std::ranges::copy(numbers, ours.begin());
        wanted.erase(found);
    }
    if (!wanted.empty())
        checkpoint.rest.reject(fmt::format("has no \"{}\", or at other synapses",
                                           program_[wanted.begin()->second].name));
}

}  // namespace apical
