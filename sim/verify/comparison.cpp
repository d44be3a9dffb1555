#include "sim/verify/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "sim/engine/state_matrices.hpp"
#include "sim/simulation/not_finite.hpp"

namespace apical {

namespace {

bool writes(const Operation& operation, const std::vector<SlotId>& slots) {
    const SlotId written = operation.operands.front().slot;
    return std::find(slots.begin(), slots.end(), written) != slots.end();
}

// The last operation that writes one of the slots; no operation writes the loss.
std::size_t last_writer(const Program& program, const std::vector<SlotId>& slots,
                        std::size_t otherwise) {
    for (std::size_t i = program.operations.size(); i-- > 0;) {
        if (writes(program.operations[i], slots)) return i;
    }
    return otherwise;
}

std::string addresses(const Program& program, const std::vector<SlotId>& slots) {
    std::vector<std::string> names;
    for (const SlotId slot : slots) names.push_back(program[slot].name);
    return list_of(names);
}

// An entry that is finite in neither, as row and column; nothing when there is none.
std::optional<std::pair<Eigen::Index, Eigen::Index>> not_finite_in_both(const algebra::Matrix& a,
                                                                        const algebra::Matrix& b) {
    for (Eigen::Index row = 0; row < a.rows(); ++row) {
        for (Eigen::Index column = 0; column < a.cols(); ++column) {
            if (!std::isfinite(a(row, column)) && !std::isfinite(b(row, column)))
                return std::pair(row, column);
        }
    }
    return std::nullopt;
}

double largest_of(const algebra::Matrix& numbers) {
    return numbers.size() == 0 ? 0.0 : numbers.cwiseAbs().maxCoeff();
}

// The numbers where synapses are, of slots stored by rows, which keep nothing elsewhere; nothing
// where none is.
std::optional<algebra::Matrix> numbers_of_synapses(const Program& program,
                                                   const std::vector<SlotId>& slots,
                                                   const algebra::Matrix& expected) {
    algebra::Matrix some = expected;
    algebra::Index first = 0;
    bool any = false;
    for (const SlotId id : slots) {
        const Slot& slot = program[id];
        if (first + slot.columns > expected.cols() || slot.rows != expected.rows()) return {};
        if (slot.places) {
            any = true;
            some.middleCols(first, slot.columns).setZero();
            for_each_synapse(*slot.places, [&](std::size_t i, std::size_t j, std::size_t) {
                const auto row = static_cast<algebra::Index>(i),
                           column = first + static_cast<algebra::Index>(j);
                some(row, column) = expected(row, column);
            });
        }
        first += slot.columns;
    }
    if (!any) return {};
    return some;
}

}  // namespace

Difference& Comparison::row(std::string_view symbol, const std::vector<SlotId>& slots) {
    std::vector<Difference>& all = differences_.all;
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const Difference& d) { return d.symbol == symbol; });
    if (known != all.end()) return *known;
    const Program& program = state_.program();
    const std::size_t before = all.empty() ? 0 : all.back().order;
    Difference& added = all.emplace_back();
    added.symbol = symbol;
    added.address = addresses(program, slots);
    added.order = last_writer(program, slots, before);
    const PhaseId phase = program.operations[added.order].phase;
    added.phase = phase_name(program, phase);
    return added;
}

void Comparison::same(std::string_view symbol, const std::vector<SlotId>& slots,
                      const algebra::Matrix& expected) {
    same(symbol, slots, beside(state_, slots), expected);
}

void Comparison::same(std::string_view symbol, const std::vector<SlotId>& slots,
                      const algebra::Matrix& found, const algebra::Matrix& expected) {
    const auto some = numbers_of_synapses(state_.program(), slots, expected),
               found_there = numbers_of_synapses(state_.program(), slots, found);
    // What is expected where no synapse is, is left out.
    if (some && found_there) return compare(symbol, slots, entry_beside, *found_there, *some);
    compare(symbol, slots, entry_beside, found, expected);
}

void Comparison::same_kept(std::string_view symbol, const std::vector<SlotId>& slots,
                           const algebra::Matrix& found, const algebra::Matrix& expected) {
    compare(symbol, slots, entry_behind, found, expected);
}

void Comparison::compare(std::string_view symbol, const std::vector<SlotId>& slots,
                         EntryAt entry_at, const algebra::Matrix& found,
                         const algebra::Matrix& expected) {
    Difference& d = row(symbol, slots);
    double absolute = INFINITY, relative = INFINITY;
    const bool alike = found.rows() == expected.rows() && found.cols() == expected.cols();
    if (alike && !differences_.first()) check_finite(slots, entry_at, found, expected);
    if (alike && found.allFinite() && expected.allFinite()) {
        absolute = largest_of(found - expected);
        d.largest = std::max({d.largest, largest_of(expected), largest_of(found)});
        relative = absolute == 0.0 ? 0.0 : absolute / largest_of(expected);
    }
    d.apart += std::isfinite(absolute) ? (found - expected).squaredNorm() : INFINITY;
    d.size += expected.squaredNorm();
    const double error = std::min(absolute, relative);
    d.absolute = std::max(d.absolute, absolute);
    d.relative = std::max(d.relative, relative);
    d.error = std::max(d.error, error);
    if (d.first_step == 0 && error > differences_.tolerance) d.first_step = step_;
}

Comparison::Entry Comparison::entry_beside(const Program& program, const std::vector<SlotId>& slots,
                                           Eigen::Index row, Eigen::Index column) {
    std::size_t k = 0;
    for (; k + 1 < slots.size() && column >= program[slots[k]].columns; ++k)
        column -= program[slots[k]].columns;
    const Slot& slot = program[slots[k]];
    if (!slot.places) return {slots[k], row * slot.columns + column};
    const auto post = static_cast<std::size_t>(row), pre = static_cast<std::size_t>(column);
    return {slots[k], static_cast<std::ptrdiff_t>(slot.places->find(post, pre).value_or(0))};
}

Comparison::Entry Comparison::entry_behind(const Program& program, const std::vector<SlotId>& slots,
                                           Eigen::Index row, Eigen::Index) {
    auto number = static_cast<std::size_t>(row);
    std::size_t k = 0;
    for (; k + 1 < slots.size() && number >= entries_of(program[slots[k]]); ++k)
        number -= entries_of(program[slots[k]]);
    return {slots[k], static_cast<std::ptrdiff_t>(number)};
}

// Throws where both are infinite or no numbers, which is no difference: the circuit's numbers run
// away, as its equations say.
void Comparison::check_finite(const std::vector<SlotId>& slots, EntryAt entry_at,
                              const algebra::Matrix& found, const algebra::Matrix& expected) const {
    const auto bad = not_finite_in_both(found, expected);
    if (!bad) return;
    const Program& program = state_.program();
    const auto [slot, number] = entry_at(program, slots, bad->first, bad->second);
    const std::size_t none = program.operations.size();
    const std::size_t by = last_writer(program, {slot}, none);
    const Operation* operation = by < none ? &program.operations[by] : nullptr;
    throw Error(ExitCode::numerical_failure, text_of(state_, step_, {operation, slot, number}));
}

}  // namespace apical
