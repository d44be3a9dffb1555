#include "sim/verify/activation_texts.hpp"

#include <algorithm>

#include "circuits/program/activation_formula.hpp"
#include "sim/engine/state_matrices.hpp"
#include "sim/verify/phi_of.hpp"

namespace apical {

namespace {

// The cells whose activation an operation computes; unset when it computes none.
PopulationId activated_cells(const Program& program, const Operation& op) {
    const Slot& slot = program[op.operands[0].slot];
    if (op.kind == Kind::fire || slot.what == What::slope) return slot.cells;
    return {};
}

bool is_written_later(const Program& program, std::size_t operation) {
    const auto begin = program.operations.begin() + static_cast<std::ptrdiff_t>(operation);
    return std::any_of(begin + 1, program.operations.end(), [&](const Operation& op) {
        return op.operands[0].slot == begin->operands[0].slot;
    });
}

}  // namespace

bool has_written_activations(const Model& model) {
    return std::any_of(model.circuit.populations.begin(), model.circuit.populations.end(),
                       [](const Population& cells) { return bool(cells.written); });
}

ActivationsBesideText::ActivationsBesideText(const Model& model) : model_(model) {
    const Program& program = model.program;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        const PopulationId cells = activated_cells(program, op);
        if (!cells || !op.phase || op.every == 0) continue;
        const Population& fired = model.circuit[cells];
        if (!fired.written) continue;
        all_.push_back({i, op.operands[0].slot, cells, !is_written_later(program, i)});
    }
}

// phi(v), or phi'(v).
algebra::Vector ActivationsBesideText::computed(PopulationId cells, const algebra::Vector& v,
                                                bool is_slope, const State& state) {
    const Population& fired = model_.circuit[cells];
    if (const auto phi = phi_of(model_.circuit, fired))
        return is_slope ? algebra::slope_of(*phi, v) : algebra::phi(*phi, v);
    std::vector<algebra::Activation>& own = of_cells_[cells.value];
    if (own.empty()) own = phi_of_cells(model_.circuit, cells, state, texts_);
    algebra::Vector all(v.size());
    for (Eigen::Index i = 0; i < v.size(); ++i) {
        const algebra::Activation& phi = own[static_cast<std::size_t>(i)];
        all[i] = is_slope ? phi.slope(*phi.slope_text, v[i]) : phi.value(*phi.text, v[i]);
    }
    return all;
}

void ActivationsBesideText::begin_step() {
    for (Made& one : all_) one.expected = one.found = std::nullopt;
}

// retain r + gain phi(v + gate u), with gates of all cells or of each
algebra::Matrix ActivationsBesideText::fired(const Operation& fire, const Made& made,
                                             const State& state) {
    const algebra::Vector r = numbers_of(state, made.slot).col(0);
    algebra::Vector drive = algebra::Vector::Zero(r.size());
    std::size_t k = 1;
    for (const bool gated : fire.gated) {
        algebra::Vector v = numbers_of(state, fire.operands[k].slot).col(0);
        if (gated) {  // by a number for all cells, or one for each
            const algebra::Matrix gate = numbers_of(state, fire.operands[k + 1].slot);
            if (gate.size() == 1)
                v *= gate(0, 0);
            else
                v.array() *= gate.col(0).array();
        }
        drive += v;
        k += gated ? 2 : 1;
    }
    const algebra::Vector phi = computed(made.cells, drive, false, state);
    if (has_own_alpha(fire)) {
        const algebra::Vector alpha = numbers_of(state, fire.operands.back().slot).col(0);
        return r.array() + alpha.array() * (phi - r).array();
    }
    if (fire.operands[0].access == Access::set) return fire.gain * phi;
    return fire.retain * r + fire.gain * phi;
}

void ActivationsBesideText::before(std::size_t operation, const State& state) {
    for (Made& one : all_) {
        if (one.by < operation && one.expected && !one.found)
            one.found = numbers_of(state, one.slot);
        if (one.by != operation) continue;
        one.found = std::nullopt;  // what the last iteration makes is compared
        const Operation& op = model_.program.operations[operation];
        if (op.kind == Kind::fire) {
            one.expected = fired(op, one, state);
            continue;
        }
        const SlotId v = model_.program.voltage_of(model_.program[one.slot].compartment);
        one.expected = computed(one.cells, numbers_of(state, v).col(0), true, state);
    }
}

void ActivationsBesideText::compare(const State& plain, const State& run, Comparison& comparison) {
    for (Made& one : all_) {
        if (!one.expected) continue;
        if (!one.found) one.found = numbers_of(plain, one.slot);
        const std::string& name = model_.program[one.slot].name;
        comparison.same(name, {one.slot}, *one.found, *one.expected);
        if (one.is_last)
            comparison.same(name, {one.slot}, numbers_of(run, one.slot), *one.expected);
    }
}

}  // namespace apical
