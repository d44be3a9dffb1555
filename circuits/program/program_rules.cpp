// The words in which plasticity rules are written.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

// Leaves out the operands that a formula reads no more, as of a product with 0. The first operand
// of the operation is none of them.
void leave_read(Formula& formula, std::vector<SlotId>& operands) {
    for (std::size_t place = operands.size(); place > 0; --place) {
        if (reads(formula, place)) continue;
        operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(place) - 1);
        for (FormulaNode& node : formula)
            if (node.node == Node::operand && node.a > place) --node.a;
    }
}

}  // namespace

// ---- inside one cell

SlotId ProgramBuilder::signal_like(SlotId cells, const RuleQuantity& name) {
    return signal(program_[cells].cells, name);
}

void ProgramBuilder::set_cellwise(Function function, SlotId result, std::vector<SlotId> from,
                                  double retain, double gain) {
    const bool in_place = std::find(from.begin(), from.end(), result) != from.end();
    Operation op{.kind = Kind::cellwise, .function = function, .retain = retain, .gain = gain};
    op.operands = {{result, in_place ? Access::update : Access::set}};
    for (const SlotId slot : from) op.operands.push_back({slot});
    append(std::move(op));
}

void ProgramBuilder::set_product(SlotId result, SlotId a, SlotId b, double gain) {
    set_cellwise(Function::product, result, {a, b}, 1.0, gain);
}

void ProgramBuilder::set_sum(SlotId result, double retain, SlotId a, double gain, SlotId b) {
    set_cellwise(Function::sum, result, {a, b}, retain, gain);
}

void ProgramBuilder::set_mixture(SlotId result, SlotId s, SlotId a, SlotId t, SlotId b) {
    set_cellwise(Function::sum, result, {a, b, s, t}, 1.0, 1.0);
}

void ProgramBuilder::set_difference(SlotId result, SlotId a, SlotId b) {
    set_cellwise(Function::difference, result, {a, b}, 1.0, 1.0);
}

SlotId ProgramBuilder::product(SlotId a, SlotId b, const RuleQuantity& name, double gain) {
    const SlotId result = signal_like(a, name);
    set_product(result, a, b, gain);
    return result;
}

SlotId ProgramBuilder::sum(SlotId a, SlotId b, const RuleQuantity& name) {
    const SlotId result = signal_like(a, name);
    set_sum(result, 1.0, a, 1.0, b);
    return result;
}

SlotId ProgramBuilder::difference(SlotId a, SlotId b, const RuleQuantity& name) {
    const SlotId result = signal_like(a, name);
    set_difference(result, a, b);
    return result;
}

void ProgramBuilder::scale(SlotId result, double gain) {
    set_cellwise(Function::product, result, {result}, 1.0, gain);
}

SlotId ProgramBuilder::scaled(SlotId a, double gain, const RuleQuantity& name) {
    const SlotId result = signal_like(a, name);
    set_cellwise(Function::product, result, {a}, 1.0, gain);
    return result;
}

SlotId ProgramBuilder::formula(PopulationId cells, const RuleQuantity& name, Formula formula,
                               const std::vector<SlotId>& operands) {
    const SlotId result = cells ? signal(cells, name) : number(name);
    set_formula(result, std::move(formula), operands);
    return result;
}

void ProgramBuilder::set_formula(SlotId result, Formula formula, std::vector<SlotId> operands) {
    leave_read(formula, operands);
    const bool in_place = std::find(operands.begin(), operands.end(), result) != operands.end();
    const bool is_number = program_[result].shape == Shape::scalar;
    Operation op{.kind = is_number ? Kind::modulate : Kind::cellwise,
                 .function = Function::formula,
                 .formula = std::move(formula)};
    op.operands = {{result, in_place ? Access::update : Access::set}};
    for (const SlotId slot : operands) op.operands.push_back({slot});
    append(std::move(op));
}

SlotId ProgramBuilder::complement(SlotId a, bool rectified, const RuleQuantity& name) {
    const SlotId result = signal_like(a, name);
    append({.kind = Kind::cellwise,
            .function = Function::complement,
            .activation = rectified ? Activation::rectified : Activation::linear,
            .operands = {{result, Access::set}, {a}}});
    return result;
}

SlotId ProgramBuilder::noise(PopulationId cells, const RuleQuantity& name, const Draw& draw) {
    const SlotId result = cells ? state(cells, name, draw.first) : number(name);
    Operation op{.kind = Kind::noise, .function = draw.function, .gain = draw.deviation};
    op.operands = {{result, Access::set}};
    if (!draw.replay.path.empty()) {
        op.replay = static_cast<int>(program_.replays.size());
        program_.replays.push_back(draw.replay);
    }
    append(std::move(op));
    Operation& drawn = program_.operations.back();
    drawn.phase = PhaseId(0);
    drawn.every = drawn.iterations = 1;
    drawn.first = drawn.last = -1;  // in each step, whichever phase asks
    return result;
}

// ---- one number for all

SlotId ProgramBuilder::modulated(Function function, SlotId a, SlotId b, const RuleQuantity& name) {
    const SlotId result = number(name);
    append({.kind = Kind::modulate,
            .function = function,
            .operands = {{result, Access::set}, {a}, {b}}});
    return result;
}

SlotId ProgramBuilder::inner(SlotId a, SlotId b, const RuleQuantity& name) {
    return modulated(Function::inner, a, b, name);
}

void ProgramBuilder::add_inner(SlotId result, SlotId a, SlotId b) {
    append({.kind = Kind::modulate,
            .function = Function::inner,
            .operands = {{result, Access::increment}, {a}, {b}}});
}

SlotId ProgramBuilder::times(SlotId a, SlotId b, const RuleQuantity& name) {
    return modulated(Function::product, a, b, name);
}

SlotId ProgramBuilder::quotient(SlotId a, SlotId b, const RuleQuantity& name) {
    return modulated(Function::quotient, a, b, name);
}

SlotId ProgramBuilder::balance(SlotId a, SlotId b, const RuleQuantity& name) {
    return modulated(Function::balance, a, b, name);
}

SlotId ProgramBuilder::constant(double value, const RuleQuantity& name) {
    const SlotId result = number(name);
    append({.kind = Kind::modulate,
            .function = Function::constant,
            .operands = {{result, Access::set}},
            .gain = value});
    return result;
}

// ---- at synapses

void ProgramBuilder::hebb(SlotId matrix, SlotId post, SlotId pre, double retain, double gain) {
    const Access access = retain == 0.0 ? Access::set : Access::update;
    append({.kind = Kind::hebb,
            .operands = {{matrix, access}, {post}, {pre}},
            .retain = retain,
            .gain = gain});
}

void ProgramBuilder::hebb_kept(SlotId matrix, SlotId post, SlotId pre, SlotId keep, SlotId scale,
                               double gain) {
    Operation op{.kind = Kind::hebb, .gain = gain};
    op.operands = {{matrix, Access::update}, {post}, {pre}, {keep}};
    if (scale) op.operands.push_back({scale});
    append(std::move(op));
}

void ProgramBuilder::consolidate(SlotId strength, SlotId factor, SlotId tag, double gain) {
    Operation op{.kind = Kind::consolidate, .gain = gain};
    op.operands = {{strength, Access::increment}};
    if (factor) op.operands.push_back({factor});
    op.operands.push_back({tag});
    append(std::move(op));
}

void ProgramBuilder::synaptic(SlotId matrix, Formula formula, std::vector<SlotId> operands) {
    leave_read(formula, operands);
    const Access access = reads(formula, 0) ? Access::update : Access::set;
    Operation op{.kind = Kind::synaptic, .operands = {{matrix, access}}};
    for (const SlotId slot : operands) op.operands.push_back({slot});
    op.formula = std::move(formula);
    append(std::move(op));
}

SlotId ProgramBuilder::gathered(SlotId matrix, const RuleQuantity& name) {
    const SlotId result = signal_like(matrix, name);
    append({.kind = Kind::gather, .operands = {{result, Access::set}, {matrix}}});
    return result;
}

// ---- what no circuit can do

void ProgramBuilder::assign(SlotId matrix, SlotId source) {
    append({.kind = Kind::assign, .operands = {{matrix, Access::set}, {source}}});
}

void ProgramBuilder::assign_zero(SlotId matrix) {
    append({.kind = Kind::assign, .function = Function::zero, .operands = {{matrix, Access::set}}});
}

void ProgramBuilder::assign_jacobian(SlotId matrix, SlotId strength, SlotId slope, double alpha) {
    append({.kind = Kind::assign,
            .function = Function::jacobian,
            .operands = {{matrix, Access::set}, {strength}, {slope}},
            .retain = 1.0 - alpha,
            .gain = alpha});
}

void ProgramBuilder::assign_diagonal(SlotId matrix, SlotId s, SlotId t, SlotId a) {
    append({.kind = Kind::assign,
            .function = Function::diagonal,
            .operands = {{matrix, Access::update}, {a}, {s}, {t}}});
}

SlotId ProgramBuilder::multiplied(SlotId matrix, SlotId vector, const RuleQuantity& name) {
    const SlotId result = signal_like(matrix, name);
    append({.kind = Kind::multiply, .operands = {{result, Access::set}, {matrix}, {vector}}});
    return result;
}

SlotId ProgramBuilder::transposed(SlotId matrix, SlotId vector, const RuleQuantity& name) {
    const SlotId result = signal(program_[matrix].pre, name);
    append({.kind = Kind::multiply,
            .reverse = true,
            .operands = {{result, Access::set}, {matrix}, {vector}}});
    return result;
}

void ProgramBuilder::add_transposed(SlotId result, SlotId matrix, SlotId vector) {
    append({.kind = Kind::multiply,
            .reverse = true,
            .operands = {{result, Access::increment}, {matrix}, {vector}}});
}

void ProgramBuilder::multiply_from_left(SlotId right, SlotId left) {
    append({.kind = Kind::multiply, .operands = {{right, Access::update}, {left}}});
}

void ProgramBuilder::contract(SlotId tensor, SlotId jacobian, SlotId slope, SlotId pre,
                              double gain) {
    append({.kind = Kind::contract,
            .operands = {{tensor, Access::update}, {jacobian}, {slope}, {pre}},
            .gain = gain});
}

void ProgramBuilder::contract_credit(SlotId matrix, SlotId tensor, SlotId credit) {
    append({.kind = Kind::contract,
            .function = Function::credit,
            .operands = {{matrix, Access::set}, {tensor}, {credit}}});
}

SlotId ProgramBuilder::history(SlotId of, int length, const RuleQuantity& name,
                               const Where& where) {
    Slot past = program_[of];
    if (past.cells && circuit_[past.cells].role == Role::constant) return of;
    if (const SlotId known = program_.history_of(of, name)) return known;
    past.name = fmt::format("{}({})", name.address(), past.name);
    past.what = What::history;
    past.of = of;
    past.rule = name.rule;
    past.quantity = name.quantity;
    past.shape = Shape::history;
    past.columns = length;
    past.kept = true;
    past.init = {};
    past.where = where;
    const SlotId id = slot(std::move(past), {});
    append({.kind = Kind::remember,
            .function = Function::history,
            .operands = {{id, Access::update}, {of}}});
    Operation& kept = program_.operations.back();
    kept.every = 1;
    kept.first = kept.last = -1;
    return id;
}

void ProgramBuilder::recall(SlotId result, SlotId history, int lag) {
    append({.kind = Kind::recall, .operands = {{result, Access::set}, {history}}, .lag = lag});
}

void ProgramBuilder::add_to_past(SlotId history, int lag, SlotId value) {
    append({.kind = Kind::recall, .operands = {{history, Access::increment}, {value}}, .lag = lag});
}

}  // namespace apical
