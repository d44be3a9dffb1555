#include "sim/verify/cell_equations.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/engine/state_matrices.hpp"
#include "sim/verify/literal_cable.hpp"

namespace apical {

namespace {

using algebra::Matrix;

bool is_written_behind(const Program& program, std::size_t operation) {
    const auto begin = program.operations.begin() + static_cast<std::ptrdiff_t>(operation);
    return std::any_of(begin + 1, program.operations.end(), [&](const Operation& op) {
        return op.operands[0].slot == begin->operands[0].slot;
    });
}

// The first operand beside what the operation writes that is such.
template <class Is>
SlotId other_operand(const Operation& op, Is is) {
    for (std::size_t k = 1; k < op.operands.size(); ++k) {
        const SlotId slot = op.operands[k].slot;
        if (slot != op.operands[0].slot && is(slot)) return slot;
    }
    return {};
}

// a + (b - a) exp(-rate ms), of each entry
Matrix neared(const Matrix& from, const Matrix& to, const Matrix& rate, double ms) {
    return to.array() + (from - to).array() * (-ms * rate.array()).exp();
}

Matrix share(const Matrix& of) { return of.cwiseMin(1.0).cwiseMax(0.0); }

}  // namespace

bool has_cell_equations(const Model& model) {
    const Circuit& circuit = model.circuit;
    const bool any_cells =
        std::any_of(circuit.populations.begin(), circuit.populations.end(),
                    [](const Population& one) { return one.spikes || one.bursts || one.coupling; });
    const bool any_released =
        std::any_of(circuit.synapses.begin(), circuit.synapses.end(),
                    [](const SynapseSet& set) { return set.short_term.has_value(); });
    const bool any_axon =
        std::any_of(model.program.operations.begin(), model.program.operations.end(),
                    [](const Operation& op) { return op.kind == Kind::conduct; });
    return any_cells || any_released || any_axon || !circuit.noises.empty();
}

CellsBesideEquations::CellsBesideEquations(const Model& model)
    : model_(model), program_(model.program) {
    for (std::size_t i = 0; i < program_.operations.size(); ++i) {
        const Operation& op = program_.operations[i];
        if (op.phase && op.every == 1 && op.asker == Asker::circuit) find(i);
    }
}

void CellsBesideEquations::add(std::size_t operation, Equation equation) {
    all_.push_back({operation, program_.operations[operation].operands[0].slot, std::move(equation),
                    !is_written_behind(program_, operation)});
}

SlotId CellsBesideEquations::own(PopulationId cells, std::string_view quantity) const {
    return program_.of_rule(
        RuleQuantity(model_.circuit[cells].name, std::string(quantity)));
}

double CellsBesideEquations::ms_between(const Operation& op) const {
    if (op.iterations > 1) return in_ms(model_.circuit.iteration_nanoseconds(op.phase));
    return model_.circuit.step_ms();
}

void CellsBesideEquations::find(std::size_t i) {
    const Operation& op = program_.operations[i];
    const Slot& written = program_[op.operands[0].slot];
    for (const NoiseSource& noise : model_.circuit.noises)
        if (op.asked_by == "noise." + noise.name) return find_noise(i, noise);
    for (std::size_t s = 0; s < model_.circuit.synapses.size(); ++s) {
        const SynapseSet& set = model_.circuit.synapses[s];
        const bool is_own = written.what == What::of_rule && written.rule == set.name;
        if (set.short_term && is_own && op.kind == Kind::cellwise)
            return find_released(i, SynapseSetId(s));
    }
    if (!written.cells || op.asked_by != "population." + model_.circuit[written.cells].name) return;
    if (op.kind == Kind::relax && is_coupling(op.function)) find_coupling(i, written.cells);
    if (model_.circuit[written.cells].spikes) find_spikes(i, written.cells);
    if (op.kind == Kind::fire && op.function == Function::burst) {
        const SlotId p = own(written.cells, "burst_probability"), r = op.operands[2].slot;
        if (p) add(i, [p, r](const State& state) {
            return Matrix(numbers_of(state, p).cwiseProduct(numbers_of(state, r)));
        });
    }
}

void CellsBesideEquations::find_spikes(std::size_t i, PopulationId cells) {
    const Operation& op = program_.operations[i];
    const Spikes& spikes = *model_.circuit[cells].spikes;
    const SlotId z = program_.rate_of(cells), v = program_.voltage_of(model_.circuit.soma(cells)),
                 adapted = own(cells, "adapted"), wait = own(cells, "wait"),
                 written = op.operands[0].slot;
    const auto is_rate = [&](SlotId slot) {
        const Slot& is = program_[slot];
        return slot == z || is.of == z;
    };
    const SlotId last = other_operand(op, is_rate);
    const auto threshold = [spikes, adapted](const State& state, Eigen::Index n) {
        Matrix all = Matrix::Constant(n, 1, spikes.threshold);
        if (!spikes.adaptation) return all;
        const Matrix a = numbers_of(state, adapted);
        for (Eigen::Index k = 0; k < n; ++k) {
            const auto& some = spikes.adaptation->cells;
            if (!some || some->contains(static_cast<int>(k)))
                all(k, 0) += spikes.adaptation->strength * a(k, 0);
        }
        return all;
    };
    if (op.kind == Kind::fire) {
        return add(i, [=](const State& state) {
            const Matrix u = numbers_of(state, v), A = threshold(state, u.rows());
            Matrix fired = (u.array() >= A.array()).cast<double>();
            if (wait) fired.array() *= (numbers_of(state, wait).array() <= 0.0).cast<double>();
            return fired;
        });
    }
    if (op.kind != Kind::cellwise) return;
    if (written == v && op.function == Function::sum && last) {
        return add(i, [=](const State& state) {
            return Matrix(numbers_of(state, v) - spikes.threshold * numbers_of(state, last));
        });
    }
    if (written == v && last && spikes.reset_to) {
        return add(i, [=](const State& state) {
            const Matrix fired = numbers_of(state, z), u = numbers_of(state, v);
            return Matrix((fired.array() > 0.0).select(*spikes.reset_to, u));
        });
    }
    if (adapted && written == adapted) {
        const double kept = std::exp(-ms_between(op) / spikes.adaptation->tau_ms);
        return add(i, [=](const State& state) {
            return Matrix(kept * numbers_of(state, adapted) + numbers_of(state, last));
        });
    }
    if (wait && written == wait) {
        return add(i, [=](const State& state) {
            const Matrix left = numbers_of(state, wait);
            if (!last) return Matrix((left.array() - 1.0).cwiseMax(0.0));
            const Matrix fired = numbers_of(state, z);
            return Matrix((fired.array() > 0.0).select(double(spikes.refractory), left));
        });
    }
    if (written == own(cells, "slope")) {
        add(i, [=](const State& state) {
            const Matrix u = numbers_of(state, v), A = threshold(state, u.rows());
            Matrix slope = spikes.height / spikes.threshold *
                           (1.0 - (u - A).array().abs() / spikes.threshold).cwiseMax(0.0);
            if (wait) slope.array() *= (numbers_of(state, wait).array() <= 0.0).cast<double>();
            return slope;
        });
    }
}

// The first operation of the phase that leads one of the cells' potentials finds them all as they
// were; those behind it find some of them made.
void CellsBesideEquations::find_coupling(std::size_t i, PopulationId cells) {
    const Operation& op = program_.operations[i];
    const CompartmentId led = program_[op.operands[0].slot].compartment;
    if (!led || program_[op.operands[0].slot].what != What::voltage) return;
    const bool is_first = std::none_of(all_.begin(), all_.end(), [&](const Made& one) {
        const Slot& slot = program_[one.slot];
        return slot.what == What::voltage && slot.cells == cells &&
               is_coupling(program_.operations[one.by].function) &&
               program_.operations[one.by].phase == op.phase;
    });
    const double ms = in_ms(model_.circuit[op.phase].nanoseconds);
    if (is_first) led_.push_back(std::make_shared<std::vector<Matrix>>());
    const std::shared_ptr<std::vector<Matrix>> solved = led_.back();
    add(i, [this, cells, led, ms, is_first, solved](const State& state) {
        if (is_first) *solved = led_by_equations(model_, cells, ms, state);
        const auto& all = model_.circuit[cells].compartments;
        const auto place = std::find(all.begin(), all.end(), led) - all.begin();
        return (*solved)[static_cast<std::size_t>(place)];
    });
}

void CellsBesideEquations::find_released(std::size_t i, SynapseSetId set) {
    const Operation& op = program_.operations[i];
    const SynapseSet& of = model_.circuit[set];
    const ShortTerm s = *of.short_term;
    const std::string& quantity = program_[op.operands[0].slot].quantity;
    const SlotId u = program_.of_rule(RuleQuantity(of.name, "released")),
                 x = program_.of_rule(RuleQuantity(of.name, "left")),
                 arriving = program_.of_rule(RuleQuantity(of.name, "arriving"));
    const SynapseUse* use = model_.circuit.own_use(set);
    const bool spikes = model_.circuit[use->source].spikes && !use->reads_bursts;
    const double ms = ms_between(op), U = s.release;
    const auto is_rate = [&](SlotId slot) { return slot != u && slot != x && slot != arriving; };
    const SlotId r = other_operand(op, is_rate);
    const auto released = [=](const State& state, const Matrix& like) {
        return u ? numbers_of(state, u) : Matrix(Matrix::Constant(like.rows(), 1, U));
    };
    if (quantity == "released") {
        return add(i, [=](const State& state) {
            const Matrix now = numbers_of(state, u), z = numbers_of(state, r);
            const double rest = 1.0 / s.tau_facilitate_ms;
            if (spikes) {
                const Matrix back = (U + (now.array() - U) * std::exp(-ms * rest)).matrix();
                return share(back.array() + U * (1.0 - back.array()) * z.array());
            }
            const Matrix rate = (rest + U * z.array()).matrix();
            const Matrix to = ((U * rest + U * z.array()) / rate.array()).matrix();
            return share(neared(now, to, rate, ms));
        });
    }
    if (quantity == "left" && r) {
        return add(i, [=](const State& state) {
            const Matrix now = numbers_of(state, x), z = numbers_of(state, r);
            const Matrix rate =
                (1.0 / s.tau_depress_ms + released(state, z).array() * z.array()).matrix();
            const Matrix to = (1.0 / (s.tau_depress_ms * rate.array())).matrix();
            return share(neared(now, to, rate, ms));
        });
    }
    if (quantity == "left") {
        const bool is_spent = bool(other_operand(op, [&](SlotId one) { return one == arriving; }));
        return add(i, [=](const State& state) {
            const Matrix now = numbers_of(state, x);
            if (is_spent) return share(now - numbers_of(state, arriving));
            const double kept = std::exp(-ms / s.tau_depress_ms);
            return share((1.0 + (now.array() - 1.0) * kept).matrix());
        });
    }
    add(i, [=](const State& state) {
        Matrix all = numbers_of(state, r);
        all.array() *= released(state, all).array();
        if (x) all.array() *= numbers_of(state, x).array();
        return all;
    });
}

void CellsBesideEquations::find_noise(std::size_t i, const NoiseSource& noise) {
    const Operation& op = program_.operations[i];
    if (op.kind != Kind::cellwise) return;  // a draw, which is replayed
    const SlotId written = op.operands[0].slot;
    const SlotId drawn = other_operand(op, [](SlotId) { return true; });
    const bool is_ou = program_[written].what == What::noise;
    const double kept = is_ou ? noise.decay[op.phase.value] : 1.0;
    add(i, [=](const State& state) {
        return Matrix(kept * numbers_of(state, written) + numbers_of(state, drawn));
    });
}

void CellsBesideEquations::begin_step() {
    for (Made& one : all_) one.expected = one.found = std::nullopt;
}

void CellsBesideEquations::before(std::size_t operation, const State& state) {
    for (Made& one : all_) {
        if (one.by < operation && one.expected && !one.found)
            one.found = numbers_of(state, one.slot);
        if (one.by != operation) continue;
        one.found = std::nullopt;  // what the last iteration makes is compared
        one.expected = one.equation(state);
    }
}

void CellsBesideEquations::compare(const State& plain, const State& run, Comparison& comparison) {
    for (Made& one : all_) {
        if (!one.expected) continue;
        if (!one.found) one.found = numbers_of(plain, one.slot);
        if (one.found->isZero(0.0) && one.expected->isZero(0.0)) continue;
        const std::string& name = program_[one.slot].name;
        comparison.same(name, {one.slot}, *one.found, *one.expected);
        if (one.is_last)
            comparison.same(name, {one.slot}, numbers_of(run, one.slot), *one.expected);
    }
}

}  // namespace apical
