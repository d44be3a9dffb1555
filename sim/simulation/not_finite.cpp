#include "sim/simulation/not_finite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "sim/engine/state_matrices.hpp"
#include "sim/simulation/divergence.hpp"

namespace apical {

namespace {

// "3", or of a matrix "[3, 1]". A matrix stored by rows has its entries one behind the other.
std::string place_of_entry(const Slot& slot, std::ptrdiff_t entry) {
    if (slot.places) {
        const auto [row, column, place] = entry_of(slot, static_cast<std::size_t>(entry));
        return fmt::format("[{}, {}]", row, column);
    }
    if (is_vector(slot.shape)) return std::to_string(entry);
    return fmt::format("[{}, {}]", entry / slot.columns, entry % slot.columns);
}

// "plasticity.learning (mine), line 4: \"w += rate * g\""
std::string asker_of(const Operation& op) {
    return fmt::format("{}{}{}", op.asked_by, op.statement.empty() ? "" : ", ", op.statement);
}

// ", written by plasticity.learning (mine), ...". What is read was changed by a rule's statement,
// if any did so.
std::string by_operation(const Program& program, const NotFinite& bad) {
    if (!bad.operation) return "";
    const Operation& op = *bad.operation;
    if (bad.slot == op.operands[0].slot) return ", written by " + asker_of(op);
    const std::string read = ", read by " + asker_of(op);
    const auto change = std::find_if(
        program.operations.rbegin(), program.operations.rend(), [&](const Operation& one) {
            return one.operands[0].slot == bad.slot && !one.statement.empty();
        });
    return change == program.operations.rend() ? read : read + "; changed by " + asker_of(*change);
}

// Whether the operation says itself that there is no number.
bool leads_beyond(const NotFinite& bad) {
    return bad.operation && bad.operation->stays_between &&
           bad.slot == bad.operation->operands[0].slot;
}

std::string why_beyond(const Operation& euler) {
    return fmt::format(
        "Euler's step of {:.6g} ms leads it further from its aim than it was, since "
        "its conductances are more than {:.6g} / ms; expected solver = "
        "\"exact\", fewer ms, or weaker synapses to its gates",
        euler.ms, 2.0 / euler.ms);
}

}  // namespace

std::ptrdiff_t first_not_finite(const State& state, SlotId id) {
    if (const Slot& slot = state.program()[id]; slot.places) {
        const double* const numbers = state.data(id);
        const double* const end = numbers + slot.places->count();
        const double* const bad =
            std::find_if(numbers, end, [](double one) { return !std::isfinite(one); });
        return bad == end ? -1 : bad - numbers;
    }
    const algebra::Matrix entries = numbers_of(state, id);
    const double* const end = entries.data() + entries.size();
    const double* const bad =
        std::find_if(entries.data(), end, [](double one) { return !std::isfinite(one); });
    return bad == end ? -1 : bad - entries.data();
}

std::string text_of(const State& state, std::int64_t step, const NotFinite& bad) {
    const Program& program = state.program();
    const Slot& slot = program[bad.slot];
    const PhaseId phase = bad.operation ? bad.operation->phase : PhaseId{};
    return fmt::format(
        "step {}, phase \"{}\": \"{}\" is no longer a finite number (entry {}{}); {}", step,
        phase_name(program, phase), slot.name, place_of_entry(slot, bad.entry),
        by_operation(program, bad),
        leads_beyond(bad) ? why_beyond(*bad.operation) : why_not_finite(state));
}

void check_finite(const State& state, const Kernels& kernels, std::int64_t step) {
    const Program& program = state.program();
    std::vector<SlotId> bad;
    // The loss of a step that does not count is no number.
    const bool in_trials = bool(program.clock_of(clock_name::begins));
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const What what = program.slots[i].what;
        if (what == What::measured || (in_trials && what == What::loss)) continue;
        const std::span<const double> numbers = state.numbers(SlotId(i));
        const Range range = {numbers.data(), numbers.size()};
        if (!kernels.all_finite(&range, 1)) bad.push_back(SlotId(i));
    }
    if (bad.empty()) return;
    const auto is_bad = [&](const Operation& op) {
        return std::find(bad.begin(), bad.end(), op.operands[0].slot) != bad.end();
    };
    const auto first = std::find_if(program.operations.begin(), program.operations.end(), is_bad);
    const bool is_made = first != program.operations.end();
    const SlotId slot = is_made ? first->operands[0].slot : bad.front();
    throw Error(
        ExitCode::numerical_failure,
        text_of(state, step, {is_made ? &*first : nullptr, slot, first_not_finite(state, slot)}));
}

}  // namespace apical
