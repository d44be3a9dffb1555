#include "sim/verify/cell_texts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/branches.hpp"
#include "sim/engine/state_matrices.hpp"
#include "sim/verify/kept_by_hold.hpp"
#include "sim/verify/phi_of.hpp"

namespace apical {

namespace {

using algebra::Home;

algebra::CellsOfEnd cells_of(const Model& model, const CellDynamics& dynamics) {
    const Population& cells = model.circuit[dynamics.cells];
    return {cells.size, phi_of(model.circuit, cells)};
}

bool ends_with(const std::string& name, std::string_view end) {
    return name.size() > end.size() && name.ends_with(end);
}

// Whether an operation of a phase behind `last` writes the slot.
bool is_written_behind(const Program& program, std::size_t last, SlotId slot) {
    for (std::size_t i = last + 1; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        if (op.phase && op.operands[0].slot == slot) return true;
    }
    return false;
}

}  // namespace

CellsBesideText::CellsBesideText(const Model& model, const CellDynamics& dynamics)
    : model_(model),
      dynamics_(dynamics),
      equations_(dynamics.text.equations, cells_of(model, dynamics), {}) {
    const std::vector<Operation>& all = model.program.operations;
    first_ = all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
        // A memory is first in its phase, a draw in its step; what leads branches is no
        // statement's.
        const bool is_before =
            all[i].kind == Kind::remember || all[i].kind == Kind::noise || all[i].statement.empty();
        const bool is_of_phase = all[i].phase && (!dynamics.gate || all[i].phase == dynamics.phase);
        if (!is_of_phase || is_before || all[i].asked_by != dynamics.asks_as()) continue;
        first_ = std::min(first_, i);
        last_ = i;
    }
    for (const Statement& statement : dynamics.text.equations) {
        find_names(statement.right);
        if (!is_made(statement.target)) find_name(statement.target);
    }
    const bool is_iterated = first_ < all.size() && all[first_].iterations > 1;
    equations_.give("step_ms", is_iterated
                                   ? in_ms(model.circuit.iteration_nanoseconds(dynamics.phase))
                                   : model.circuit.step_ms());
    equations_.give("alpha", model.circuit[dynamics.cells].alpha);
    for (const Parameter& one : dynamics.text.parameters)
        equations_.give(one.name, one.default_value.value());
}

void CellsBesideText::find_names(const Expression& expression) {
    if (expression.symbol == Symbol::call && expression.name == "previous") {
        const std::string& name = expression.of.front().name;
        if (previous_.contains(name)) return;
        previous_[name] = name == "loss" ? SlotId{} : slot_of(name);
        return;
    }
    if (expression.symbol == Symbol::name && !is_made(expression.name)) find_name(expression.name);
    for (const Expression& one : expression.of) find_names(one);
}

void CellsBesideText::find_name(const std::string& name) {
    if (name == "loss") reads_loss_ = true;
    const bool is_number = name == "loss" || name == "step_ms" || name == "alpha" ||
                           dynamics_.text.find_parameter(name);
    if (is_number) return;
    if (const std::optional<double> number = constant_of_branch(name))
        equations_.give(name, *number);
    else
        read_[name] = slot_of(name);
}

// Whether a statement makes it, in each step anew.
bool CellsBesideText::is_made(const std::string& name) const {
    const TextRule& text = dynamics_.text;
    if (name.find('.') != std::string::npos || text.find_state(name)) return false;
    return std::any_of(text.equations.begin(), text.equations.end(),
                       [&](const Statement& one) { return one.target == name; });
}

SlotId CellsBesideText::slot_of(const std::string& name) const {
    const bool is_own = dynamics_.text.find_state(name) || is_made(name);
    const SlotId slot = is_own ? model_.program.of_rule(dynamics_.signal_name(model_.circuit, name))
                               : slot_of_circuit(name);
    if (slot) return slot;
    throw Error(ExitCode::verification_failed,
                fmt::format("{}: dynamics \"{}\" reads \"{}\", which was not found in its circuit",
                            text(dynamics_.text.where), dynamics_.text.name, name));
}

// "apical"; unset when the name has another end.
CompartmentId CellsBesideText::compartment_of(const std::string& name, std::string_view end) const {
    if (!ends_with(name, end)) return {};
    const Circuit& circuit = model_.circuit;
    return circuit.find_compartment(fmt::format("{}.{}", circuit[dynamics_.cells].name,
                                                name.substr(0, name.size() - end.size())));
}

// A conductance that no gate changes.
std::optional<double> CellsBesideText::constant_of_branch(const std::string& name) const {
    const CompartmentId led = compartment_of(name, ".conductance");
    if (!led || !model_.circuit.is_led(led)) return std::nullopt;
    return Branches(model_.circuit, dynamics_.cells).constant(led);
}

// "r", "soma.v", "apical.r", "apical.drive"
SlotId CellsBesideText::slot_of_circuit(const std::string& name) const {
    const Program& program = model_.program;
    if (name == "r") return program.rate_of(dynamics_.cells);
    const Circuit& circuit = model_.circuit;
    using enum BranchNumber;
    if (const CompartmentId led = compartment_of(name, ".conductance"))
        return program.of_rule(name_of_branch(circuit, conductance, led));
    if (const CompartmentId led = compartment_of(name, ".drive"))
        return program.of_rule(name_of_branch(circuit, drive, led));
    if (const CompartmentId c = compartment_of(name, ".v")) return program.voltage_of(c);
    const CompartmentId c = compartment_of(name, ".r");
    if (!c) return {};
    if (circuit.is_soma(c)) return program.rate_of(dynamics_.cells);
    return program.first([&](const Slot& slot) {
        return slot.what == What::rate && slot.cells == dynamics_.cells &&
               slot.dendrites == std::vector{c};
    });
}

algebra::Quantity CellsBesideText::quantity_of(SlotId slot, algebra::Matrix numbers) const {
    const bool is_number = model_.program[slot].shape == Shape::scalar;
    return {is_number ? Home::all : Home::post, {std::move(numbers)}};
}

void CellsBesideText::start(const State& state) {
    remember(state);
    equations_.give_activations(Home::post, 0,
                                phi_of_cells(model_.circuit, dynamics_.cells, state, texts_));
}

void CellsBesideText::begin_step(double loss) {
    loss_before_ = loss_;
    loss_ = loss;
    is_kept_ = has_taken_place_ = false;
}

void CellsBesideText::before(std::size_t operation, const State& state) {
    if (operation == first_) {
        has_taken_place_ = true;
        give(state);
        is_kept_ = false;  // what the last iteration makes is compared
    }
    if (operation > last_ && has_taken_place_ && !is_kept_) keep_made(state);
}

void CellsBesideText::give(const State& state) {
    const auto one_number = [](double number) {
        return algebra::Quantity{Home::all, {algebra::Matrix::Constant(1, 1, number)}};
    };
    if (reads_loss_) equations_.give("loss", one_number(loss_));
    for (const auto& [name, slot] : read_)
        equations_.give(name, quantity_of(slot, numbers_of(state, slot)));
    // What is remembered begins with a trial, too.
    const SlotId begins = model_.program.clock_of(clock_name::begins);
    const bool is_beginning = begins && *state.data(begins) > 0.0;
    for (const auto& [name, slot] : previous_) {
        const SlotId last = slot && is_beginning ? model_.program.previous_of(slot) : SlotId{};
        if (last)
            equations_.give_previous(name, quantity_of(slot, numbers_of(state, last)));
        else
            equations_.give_previous(
                name, slot ? quantity_of(slot, ends_.at(name)) : one_number(loss_before_));
    }
    equations_.take_all();
}

// Voltages that another table or phase adds to are looked at before it does.
void CellsBesideText::keep_made(const State& state) {
    is_kept_ = true;
    for (const Statement& statement : dynamics_.text.equations) {
        const std::string& name = statement.target;
        if (equations_[name].home != Home::number) made_[name] = numbers_of(state, slot_of(name));
    }
}

void CellsBesideText::compare(const State& plain, const State& run, Comparison& comparison) {
    if (!has_taken_place_) return;
    if (!is_kept_) keep_made(plain);
    for (const auto& [name, found] : made_) {
        const SlotId slot = slot_of(name);
        const std::string symbol = fmt::format("{}.{}", dynamics_.text.name, name);
        const algebra::Matrix& expected = equations_[name].numbers.front();
        comparison.same(symbol, {slot}, found, expected);
        if (!is_written_behind(model_.program, last_, slot))
            comparison.same(symbol, {slot}, numbers_of(run, slot), expected);
    }
}

void CellsBesideText::remember(const State& state) {
    for (const auto& [name, slot] : previous_) {
        if (slot) ends_[name] = kept_by_hold(model_.program, slot) * numbers_of(state, slot);
    }
}

}  // namespace apical
