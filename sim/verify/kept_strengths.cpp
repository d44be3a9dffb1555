#include "sim/verify/kept_strengths.hpp"

#include <algorithm>
#include <cmath>

#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

bool is_among(const std::vector<SynapseSetId>& all, SynapseSetId set) {
    return std::find(all.begin(), all.end(), set) != all.end();
}

}  // namespace

algebra::Within limits_of(const Circuit& circuit, const State& state, SynapseSetId set) {
    const algebra::Index rows = circuit[circuit[set].post].size,
                         columns = circuit[circuit[set].pre].size;
    const StrengthRange range = circuit.strength_range(set);
    algebra::Within limits{algebra::Matrix::Constant(rows, columns, range.low),
                           algebra::Matrix::Constant(rows, columns, range.high)};
    const algebra::Matrix exist = existing_synapses(state, set);
    if (exist.size() == 0) return limits;
    limits.low = (exist.array() == 0.0).select(0.0, limits.low);
    limits.high = (exist.array() == 0.0).select(0.0, limits.high);
    return limits;
}

// The cells whose incoming strengths an operation sums up or scales: all its results are theirs.
PopulationId KeptStrengths::scaled_by(const Operation& op) const {
    const Slot& written = program_[op.operands[0].slot];
    return written.synapses ? circuit_[written.synapses].post : written.cells;
}

void KeptStrengths::before(std::size_t operation, const State& state) {
    const Operation& op = program_.operations[operation];
    if (op.asker != Asker::scaling) return;
    const PopulationId cells = scaled_by(op);
    // Its first operation, in each iteration: the next ones find strengths that are scaled already.
    const Operation* last = operation == 0 ? nullptr : &program_.operations[operation - 1];
    if (last && last->asker == Asker::scaling && scaled_by(*last) == cells) return;
    for (const SynapseSetId set : circuit_[cells].scaling->of) {
        const SlotId strength = program_.strength_of(set);
        before_.insert_or_assign(strength, kept_numbers_of(state, strength));
    }
    const int steps = std::max(op.every, 1);
    ms_ = op.iterations > 1 ? in_ms(circuit_.iteration_nanoseconds(op.phase))
                            : circuit_.step_ms() * steps;
}

std::vector<algebra::Matrix> KeptStrengths::within_bounds(const std::vector<SynapseSetId>& sets,
                                                          std::vector<algebra::Matrix> numbers,
                                                          const State& state) const {
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        const StrengthRange range = circuit_.strength_range(sets[k]);
        if (places_of(sets[k])) {
            numbers[k] = numbers[k].cwiseMax(range.low).cwiseMin(range.high).eval();
        } else {
            limits_of(circuit_, state, sets[k]).keep(numbers[k]);
        }
    }
    return numbers;
}

std::vector<algebra::Matrix> KeptStrengths::kept(const std::vector<SynapseSetId>& sets,
                                                 std::vector<algebra::Matrix> changed,
                                                 const State& state) const {
    changed = within_bounds(sets, std::move(changed), state);
    if (before_.empty()) return changed;
    std::vector<algebra::Matrix> all = changed;
    for (std::size_t k = 0; k < sets.size(); ++k) {
        const Population& cells = circuit_[circuit_[sets[k]].post];
        if (!cells.scaling || !is_among(cells.scaling->of, sets[k])) continue;
        all[k] = scaled(sets[k], factors_of(*cells.scaling, sets, changed), changed[k]);
    }
    return within_bounds(sets, std::move(all), state);
}

const SynapseRows* KeptStrengths::places_of(SynapseSetId set) const {
    return program_[program_.strength_of(set)].places;
}

algebra::Matrix KeptStrengths::scaled(SynapseSetId set, const algebra::Vector& factors,
                                      algebra::Matrix numbers) const {
    const SynapseRows* places = places_of(set);
    if (!places) return factors.asDiagonal() * numbers;
    for_each_synapse(*places, [&](std::size_t i, std::size_t, std::size_t k) {
        numbers(static_cast<algebra::Index>(k), 0) *= factors(static_cast<algebra::Index>(i));
    });
    return numbers;
}

// Adds the sizes of each cell's strengths, or their squares.
void KeptStrengths::add_totals(SynapseSetId set, int norm, const algebra::Matrix& w,
                               algebra::Vector& totals) const {
    const algebra::Matrix sizes = norm == 1 ? w.cwiseAbs() : algebra::Matrix(w.cwiseAbs2());
    const SynapseRows* places = places_of(set);
    if (!places) {
        totals += sizes.rowwise().sum();
        return;
    }
    for_each_synapse(*places, [&](std::size_t i, std::size_t, std::size_t k) {
        totals(static_cast<algebra::Index>(i)) += sizes(static_cast<algebra::Index>(k), 0);
    });
}

algebra::Vector KeptStrengths::factors_of(const IncomingScaling& scaling,
                                          const std::vector<SynapseSetId>& sets,
                                          const std::vector<algebra::Matrix>& changed) const {
    constexpr double least_total = 1e-300;
    algebra::Vector total = algebra::Vector::Zero(circuit_[circuit_[scaling.of.front()].post].size);
    for (const SynapseSetId set : scaling.of) {
        const auto own = std::find(sets.begin(), sets.end(), set);
        const algebra::Matrix& w = own != sets.end()
                                       ? changed[static_cast<std::size_t>(own - sets.begin())]
                                       : before_.at(program_.strength_of(set));
        add_totals(set, scaling.norm, w, total);
    }
    if (scaling.norm == 2) total = total.cwiseSqrt().eval();
    const algebra::Vector whole = scaling.to * total.cwiseMax(least_total).cwiseInverse();
    if (scaling.tau_ms == 0.0) return scaling.at_most ? whole.cwiseMin(1.0).eval() : whole;
    const double share = -std::expm1(-ms_ / scaling.tau_ms);
    return 1.0 + share * (whole.array() - 1.0).max(-1.0).min(scaling.at_most ? 0.0 : 1.0);
}

}  // namespace apical
