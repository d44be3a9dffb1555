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
    const bool any_cells = std::any_of(
        circuit.populations.begin(), circuit.populations.end(), [](const Population& one) {
            return one.spikes || one.bursts || one.coupling || one.winners > 0;
        });
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

void CellsBesideEquations::add(std::size_t operation, Of of, Made made) {
    made.by = operation;
    made.of = of;
    made.slot = program_.operations[operation].operands[0].slot;
    made.is_last = !is_written_behind(program_, operation);
    all_.push_back(std::move(made));
}

SlotId CellsBesideEquations::own(PopulationId cells, std::string_view quantity) const {
    return program_.of_rule(RuleQuantity(model_.circuit[cells].name, std::string(quantity)));
}

SlotId CellsBesideEquations::at_terminals(SynapseSetId set, std::string_view quantity) const {
    return program_.of_rule(RuleQuantity(model_.circuit[set].name, std::string(quantity)));
}

double CellsBesideEquations::ms_between(const Operation& op) const {
    if (op.iterations > 1) return in_ms(model_.circuit.iteration_nanoseconds(op.phase));
    return model_.circuit.step_ms();
}

// ---- which equation an operation is of

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
    if (op.function == Function::winners) add(i, Of::won, {.cells = written.cells});
    if (op.kind == Kind::fire && op.function == Function::burst)
        add(i, Of::burst, {.cells = written.cells, .other = op.operands[1].slot});
}

void CellsBesideEquations::find_spikes(std::size_t i, PopulationId cells) {
    const Operation& op = program_.operations[i];
    const SlotId z = program_.rate_of(cells), v = program_.voltage_of(model_.circuit.soma(cells)),
                 written = op.operands[0].slot;
    const SlotId last =
        other_operand(op, [&](SlotId slot) { return slot == z || program_[slot].of == z; });
    const Made of{.cells = cells, .other = last};
    if (op.kind == Kind::fire && op.function == Function::spike) return add(i, Of::fired, of);
    if (op.kind != Kind::cellwise) return;
    const bool loses = op.function == Function::sum;
    if (written == v && last) return add(i, loses ? Of::lost_spike : Of::reset, of);
    if (written == own(cells, "wait")) return add(i, last ? Of::waits : Of::waiting, of);
    if (written == own(cells, "slope")) return add(i, Of::slope, of);
    if (written != own(cells, "adapted")) return;
    const double tau_ms = model_.circuit[cells].spikes->adaptation->tau_ms;
    add(i, Of::adapted,
        {.cells = cells, .other = last, .kept = std::exp(-ms_between(op) / tau_ms)});
}

// The first operation of the phase that leads one of the cells' potentials finds them all as they
// were; those behind it find some of them made.
void CellsBesideEquations::find_coupling(std::size_t i, PopulationId cells) {
    const Operation& op = program_.operations[i];
    if (program_[op.operands[0].slot].what != What::voltage) return;
    const bool is_first = std::none_of(all_.begin(), all_.end(), [&](const Made& one) {
        return one.of == Of::led && one.cells == cells &&
               program_.operations[one.by].phase == op.phase;
    });
    add(i, Of::led,
        {.cells = cells, .ms = in_ms(model_.circuit[op.phase].nanoseconds), .is_first = is_first});
}

void CellsBesideEquations::find_released(std::size_t i, SynapseSetId set) {
    const Operation& op = program_.operations[i];
    const SlotId written = op.operands[0].slot, u = at_terminals(set, "released"),
                 x = at_terminals(set, "left"), arriving = at_terminals(set, "arriving");
    const SlotId r =
        other_operand(op, [&](SlotId slot) { return slot != u && slot != x && slot != arriving; });
    const bool is_spent = bool(other_operand(op, [&](SlotId one) { return one == arriving; }));
    const Of of = written == u          ? Of::released
                  : written == arriving ? Of::arriving
                  : is_spent            ? Of::spent
                  : r                   ? Of::left
                                        : Of::recovered;
    add(i, of, {.cells = model_.circuit[set].pre, .set = set, .other = r, .ms = ms_between(op)});
}

void CellsBesideEquations::find_noise(std::size_t i, const NoiseSource& noise) {
    const Operation& op = program_.operations[i];
    if (op.kind != Kind::cellwise) return;  // a draw, which is replayed
    const bool is_ou = program_[op.operands[0].slot].what == What::noise;
    add(i, Of::noise,
        {.cells = noise.cells,
         .other = other_operand(op, [](SlotId) { return true; }),
         .kept = is_ou ? noise.decay[op.phase.value] : 1.0});
}

// ---- the equations

Matrix CellsBesideEquations::computed(const Made& made, const State& state) {
    switch (made.of) {
        case Of::fired:
        case Of::lost_spike:
        case Of::reset:
        case Of::adapted:
        case Of::waiting:
        case Of::waits:
        case Of::slope:
            return of_spikes(made, state);
        case Of::burst: {
            const SlotId r = program_.operations[made.by].operands[2].slot;
            return numbers_of(state, made.other).cwiseProduct(numbers_of(state, r));
        }
        case Of::won:
            return won(made, state);
        case Of::led:
            return led(made, state);
        case Of::released:
        case Of::left:
        case Of::recovered:
        case Of::spent:
        case Of::arriving:
            return of_terminals(made, state);
        case Of::noise:
            return made.kept * numbers_of(state, made.slot) + numbers_of(state, made.other);
    }
    return {};
}

// threshold + strength adapted, of cells that adapt
Matrix CellsBesideEquations::threshold(PopulationId cells, const State& state) const {
    const Population& is = model_.circuit[cells];
    Matrix all = Matrix::Constant(is.size, 1, is.spikes->threshold);
    if (!is.spikes->adaptation) return all;
    const Matrix a = numbers_of(state, own(cells, "adapted"));
    const std::optional<AdaptingCells>& some = is.spikes->adaptation->cells;
    for (int k = 0; k < is.size; ++k)
        if (!some || some->contains(k)) all(k, 0) += is.spikes->adaptation->strength * a(k, 0);
    return all;
}

// Cells that fire are taken in the order of their rates, or of their voltages where they spike, the
// first of equal ones first, until as many are taken as win.
Matrix CellsBesideEquations::won(const Made& made, const State& state) const {
    const Population& cells = model_.circuit[made.cells];
    const Matrix fired = numbers_of(state, made.slot);
    const Matrix by = cells.spikes
                          ? numbers_of(state, program_.voltage_of(model_.circuit.soma(made.cells)))
                          : fired;
    std::vector<int> who;
    for (int i = 0; i < cells.size; ++i)
        if (fired(i, 0) != 0.0) who.push_back(i);
    std::stable_sort(who.begin(), who.end(), [&](int i, int k) { return by(i, 0) > by(k, 0); });
    who.resize(std::min(who.size(), static_cast<std::size_t>(cells.winners)));
    Matrix stays = Matrix::Zero(cells.size, 1);
    for (const int i : who) stays(i, 0) = fired(i, 0);
    return stays;
}

Matrix CellsBesideEquations::of_spikes(const Made& made, const State& state) const {
    const Spikes& spikes = *model_.circuit[made.cells].spikes;
    const Matrix now = numbers_of(state, made.slot);
    if (made.of == Of::waiting) return (now.array() - 1.0).cwiseMax(0.0);
    if (made.of == Of::fired || made.of == Of::slope) {
        const Matrix v = numbers_of(state, program_.voltage_of(model_.circuit.soma(made.cells))),
                     A = threshold(made.cells, state);
        Matrix all = made.of == Of::fired
                         ? Matrix((v.array() >= A.array()).cast<double>())
                         : Matrix(spikes.height / spikes.threshold *
                                  (1.0 - (v - A).array().abs() / spikes.threshold).cwiseMax(0.0));
        if (const SlotId wait = own(made.cells, "wait"))
            all.array() *= (numbers_of(state, wait).array() <= 0.0).cast<double>();
        return all;
    }
    const Matrix z = numbers_of(state, made.other);
    if (made.of == Of::lost_spike) return now - spikes.threshold * z;
    if (made.of == Of::adapted) return made.kept * now + z;
    const double becomes = made.of == Of::waits ? double(spikes.refractory) : *spikes.reset_to;
    return Matrix((z.array() > 0.0).select(becomes, now));
}

Matrix CellsBesideEquations::of_terminals(const Made& made, const State& state) const {
    const ShortTerm& s = *model_.circuit[made.set].short_term;
    const SynapseUse& use = *model_.circuit.own_use(made.set);
    const bool spikes = model_.circuit[use.source].spikes && !use.reads_bursts;
    const Matrix now = numbers_of(state, made.slot);
    if (made.of == Of::spent)
        return share(now - numbers_of(state, at_terminals(made.set, "arriving")));
    if (made.of == Of::recovered)
        return share((1.0 + (now.array() - 1.0) * std::exp(-made.ms / s.tau_depress_ms)).matrix());
    const Matrix r = numbers_of(state, made.other);
    if (made.of == Of::released) {
        const double rest = 1.0 / s.tau_facilitate_ms, U = s.release;
        if (spikes) {
            const Matrix back = (U + (now.array() - U) * std::exp(-made.ms * rest)).matrix();
            return share((back.array() + U * (1.0 - back.array()) * r.array()).matrix());
        }
        const Matrix rate = (rest + U * r.array()).matrix();
        const Matrix to = ((U * rest + U * r.array()) / rate.array()).matrix();
        return share(neared(now, to, rate, made.ms));
    }
    const SlotId u = at_terminals(made.set, "released"), x = at_terminals(made.set, "left");
    const Matrix released =
        u ? numbers_of(state, u) : Matrix(Matrix::Constant(r.rows(), 1, s.release));
    if (made.of == Of::left) {
        const Matrix rate = (1.0 / s.tau_depress_ms + released.array() * r.array()).matrix();
        const Matrix to = (1.0 / (s.tau_depress_ms * rate.array())).matrix();
        return share(neared(now, to, rate, made.ms));
    }
    Matrix all = r.cwiseProduct(released);
    if (x) all = all.cwiseProduct(numbers_of(state, x)).eval();
    return all;
}

Matrix CellsBesideEquations::led(const Made& made, const State& state) {
    std::vector<Matrix>& all = led_[made.cells.value];
    if (made.is_first) all = led_by_equations(model_, made.cells, made.ms, state);
    const std::vector<CompartmentId>& parts = model_.circuit[made.cells].compartments;
    const auto place = std::find(parts.begin(), parts.end(), program_[made.slot].compartment);
    return all[static_cast<std::size_t>(place - parts.begin())];
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
        one.expected = computed(one, state);
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
