#pragma once

#include "tests/circuits/program/formula_parts.hpp"
#include "tests/formula_terms.hpp"
#include "tests/sim/engine/plan/lone_program.hpp"

// One operation of each kind, alone in a program.
namespace apical::lone {

inline LoneOperation gate() { return {{.kind = Kind::gate, .gain = 1.0}, Access::set, {scalar()}}; }
inline LoneOperation transmit(Access access) {
    return {{.kind = Kind::transmit}, access, {vector(), vector(m), matrix()}};
}
inline LoneOperation transmit_back(Access access) {
    return {{.kind = Kind::transmit, .reverse = true}, access, {vector(m), vector(), matrix()}};
}
inline LoneOperation one_to_one(Access access) {
    return {{.kind = Kind::transmit, .gain = -1.0}, access, {vector(), vector()}};
}
inline LoneOperation relax() {
    return {{.kind = Kind::relax, .retain = 0.3}, Access::update, {vector(), vector()}};
}
inline LoneOperation fire(Activation phi) {
    return {{.kind = Kind::fire, .activation = phi, .gated = {false}, .retain = 0.0, .gain = 1.0},
            Access::set,
            {vector(), vector()}};
}
inline LoneOperation integrate() {
    return {{.kind = Kind::fire,
             .activation = Activation::tanh,
             .gated = {false},
             .retain = 0.75,
             .gain = 0.25},
            Access::update,
            {vector(), vector()}};
}
// Two compartments through gates and one without.
inline LoneOperation fire_gated() {
    return {{.kind = Kind::fire,
             .activation = Activation::tanh,
             .gated = {true, false, true},
             .retain = 0.75,
             .gain = 0.25},
            Access::update,
            {vector(), vector(), scalar(), vector(), vector(), scalar()}};
}
inline LoneOperation fire_dendrite() {
    return {{.kind = Kind::fire,
             .activation = Activation::tanh,
             .gated = {true},
             .retain = 0.0,
             .gain = 1.0},
            Access::set,
            {vector(), vector(), scalar()}};
}
inline LoneOperation readout() {
    return {{.kind = Kind::readout}, Access::set, {vector(), vector()}};
}
inline LoneOperation slope(Activation phi) {
    return {{.kind = Kind::cellwise, .function = Function::slope, .activation = phi},
            Access::set,
            {vector(), vector()}};
}
inline LoneOperation cellwise(Function function) {
    return {{.kind = Kind::cellwise, .function = function},
            Access::set,
            {vector(), vector(), vector()}};
}
inline LoneOperation hebb(double retain) {
    return {{.kind = Kind::hebb, .retain = retain, .gain = -0.4},
            Access::update,
            {matrix(), vector(), vector(m)}};
}
inline LoneOperation set_hebb() {
    return {{.kind = Kind::hebb, .retain = 0.0, .gain = -0.4},
            Access::set,
            {matrix(), vector(), vector(m)}};
}
inline LoneOperation consolidate() {
    return {{.kind = Kind::consolidate, .gain = -0.4},
            Access::increment,
            {matrix(), vector(), matrix()}};
}
// S <- 0.9 S + s post pre - 0.3 tag, and S <- s post pre
inline LoneOperation synaptic(bool sets) {
    using namespace terms;
    const Term product = all(3) * (post(1) * pre(2));
    Operation op{.kind = Kind::synaptic};
    op.formula = sets ? product.formula : (0.9 * w() + product - 0.3 * tag(4)).formula;
    std::vector<Slot> operands = {matrix(), vector(), vector(m), scalar()};
    if (!sets) operands.push_back(matrix());
    return {op, sets ? Access::set : Access::update, operands};
}
// y_i = sum_j S_ij
inline LoneOperation gather() {
    return {{.kind = Kind::gather}, Access::set, {vector(), matrix()}};
}
// 0.75 I + 0.25 diag(slope) S
inline LoneOperation jacobian() {
    return {{.kind = Kind::assign, .function = Function::jacobian, .retain = 0.75, .gain = 0.25},
            Access::set,
            {square(), square(), vector()}};
}
inline LoneOperation assign() {
    return {{.kind = Kind::assign}, Access::set, {matrix(), matrix()}};
}
inline LoneOperation remember(const Slot& slot) {
    return {{.kind = Kind::remember}, Access::set, {slot, slot}};
}

// 0.3 a + 0.7 b, and s a + t b
inline LoneOperation weighted_sum() {
    return {{.kind = Kind::cellwise, .function = Function::sum, .retain = 0.3, .gain = 0.7},
            Access::set,
            {vector(), vector(), vector()}};
}
inline LoneOperation mixture() {
    return {{.kind = Kind::cellwise, .function = Function::sum},
            Access::set,
            {vector(), vector(), vector(), scalar(), scalar()}};
}
inline LoneOperation scaled() {
    return {{.kind = Kind::cellwise, .function = Function::product, .gain = -0.4},
            Access::set,
            {vector(), vector()}};
}
inline LoneOperation complement(Activation phi) {
    return {{.kind = Kind::cellwise, .function = Function::complement, .activation = phi},
            Access::set,
            {vector(), vector()}};
}
inline LoneOperation inner(Access access) {
    return {{.kind = Kind::modulate, .function = Function::inner},
            access,
            {scalar(), matrix(), matrix()}};
}
inline LoneOperation modulate(Function function) {
    return {{.kind = Kind::modulate, .function = function},
            Access::set,
            {scalar(), scalar(), scalar()}};
}
// tanh(a b - s) + a / (1 + b^2), of cells or of numbers.
inline Formula formula_of_three(Index index) {
    FormulaParts f;
    const std::uint16_t a = f.operand(1, index), b = f.operand(2, index),
                        s = f.operand(3, Index::all);
    const std::uint16_t bent =
        f.of(Node::tanh, f.of(Node::subtract, f.of(Node::multiply, a, b), s));
    const std::uint16_t under = f.of(Node::add, f.number(1.0), f.power(b, 2.0));
    f.of(Node::add, bent, f.of(Node::divide, a, under));
    return f.formula();
}
inline LoneOperation formula_of_cells() {
    return {{.kind = Kind::cellwise,
             .function = Function::formula,
             .formula = formula_of_three(Index::post)},
            Access::set,
            {vector(), vector(), vector(), scalar()}};
}
inline LoneOperation formula_of_numbers() {
    return {{.kind = Kind::modulate,
             .function = Function::formula,
             .formula = formula_of_three(Index::all)},
            Access::set,
            {scalar(), scalar(), scalar(), scalar()}};
}
inline LoneOperation constant() {
    return {{.kind = Kind::modulate, .function = Function::constant, .gain = 1.5},
            Access::set,
            {scalar()}};
}
// S <- s 0.5 S - t 0.4 post pre, and S_ij <- k_i S_ij - 0.4 post_i pre_j
inline LoneOperation modulated_hebb() {
    return {{.kind = Kind::hebb, .retain = 0.5, .gain = -0.4},
            Access::update,
            {matrix(), vector(), vector(m), scalar(), scalar()}};
}
inline LoneOperation kept_hebb() {
    return {{.kind = Kind::hebb, .gain = -0.4},
            Access::update,
            {matrix(), vector(), vector(m), vector()}};
}
inline LoneOperation consolidate_all(bool by_a_number) {
    std::vector<Slot> operands = {matrix(), matrix()};
    if (by_a_number) operands = {matrix(), scalar(), matrix()};
    return {{.kind = Kind::consolidate, .gain = -0.4}, Access::increment, operands};
}
// s B + t diag(a)
inline LoneOperation diagonal() {
    return {{.kind = Kind::assign, .function = Function::diagonal},
            Access::update,
            {square(), vector(), scalar(), scalar()}};
}
inline LoneOperation zero() {
    return {{.kind = Kind::assign, .function = Function::zero}, Access::set, {matrix()}};
}
inline LoneOperation multiply(Access access) {
    return {{.kind = Kind::multiply}, access, {vector(), matrix(), vector(m)}};
}
inline LoneOperation multiply_back(Access access) {
    return {{.kind = Kind::multiply, .reverse = true}, access, {vector(m), matrix(), vector()}};
}
inline LoneOperation multiply_in_place(const Slot& right) {
    return {{.kind = Kind::multiply}, Access::update, {right, square()}};
}
inline LoneOperation contract() {
    return {{.kind = Kind::contract, .gain = 0.4},
            Access::update,
            {tensor(), square(), vector(), vector(m)}};
}
inline LoneOperation contract_credit() {
    return {{.kind = Kind::contract, .function = Function::credit},
            Access::set,
            {matrix(), tensor(), vector()}};
}
inline LoneOperation recall() {
    return {{.kind = Kind::recall, .lag = 2}, Access::set, {vector(), history()}};
}
inline LoneOperation add_to_past() {
    return {{.kind = Kind::recall, .lag = 1}, Access::increment, {history(), vector()}};
}
inline LoneOperation set_back() {
    return {{.kind = Kind::reset}, Access::set, {vector(), vector()}};
}
inline LoneOperation set_to_zero() {
    return {{.kind = Kind::reset, .function = Function::zero}, Access::set, {vector()}};
}
inline LoneOperation keep_history() {
    return {{.kind = Kind::remember, .function = Function::history},
            Access::update,
            {history(), vector()}};
}

inline const std::vector<LoneOperation>& every_kind() {
    static const std::vector<LoneOperation> all = {
        gate(),
        transmit(Access::set),
        transmit(Access::increment),
        transmit_back(Access::set),
        transmit_back(Access::increment),
        one_to_one(Access::set),
        one_to_one(Access::increment),
        relax(),
        fire(Activation::linear),
        fire(Activation::tanh),
        fire(Activation::rectified),
        fire(Activation::logistic),
        integrate(),
        fire_gated(),
        fire_dendrite(),
        readout(),
        slope(Activation::tanh),
        slope(Activation::logistic),
        cellwise(Function::product),
        cellwise(Function::sum),
        cellwise(Function::difference),
        hebb(1.0),
        hebb(0.5),
        set_hebb(),
        consolidate(),
        synaptic(false),
        synaptic(true),
        gather(),
        assign(),
        jacobian(),
        weighted_sum(),
        mixture(),
        scaled(),
        complement(Activation::linear),
        complement(Activation::rectified),
        inner(Access::set),
        inner(Access::increment),
        modulate(Function::product),
        modulate(Function::quotient),
        modulate(Function::balance),
        constant(),
        formula_of_cells(),
        formula_of_numbers(),
        modulated_hebb(),
        kept_hebb(),
        consolidate_all(true),
        consolidate_all(false),
        diagonal(),
        set_back(),
        set_to_zero(),
        zero(),
        multiply(Access::set),
        multiply(Access::increment),
        multiply_back(Access::set),
        multiply_back(Access::increment),
        multiply_in_place(matrix()),
        multiply_in_place(vector()),
        contract(),
        contract_credit(),
        recall(),
        add_to_past(),
        keep_history(),
        remember(vector()),
        remember(scalar()),
    };
    return all;
}

}  // namespace apical::lone
