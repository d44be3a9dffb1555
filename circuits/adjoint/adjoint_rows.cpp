// The derivative of each kind of operation: y' and x' as AdjointWriter has them. The table stands
// here and not in circuits/kinds/, since a row is written in words of the backward program.
//
//   inject, noise, gate (timetable)   y = given             y' = 0
//   transmit          v (+)= S x      x' += S^T v', S' += v' x x; one to one x' += gain v'
//   multiply          y (+)= M x      the same; a = B a: B' += a' x a, a' = B^T a'
//   gather            y_i = sum S_ij  S' += y' x 1
//   readout           y = softmax(v)  v' += y (y' - y . y')
//   modulate inner    y (+)= a . b    a' += y' b, b' += y' a
//   fire spike        z = step(v - A) v' += psi z', A' -= psi z', psi the surrogate
//   remember, reset, assign (copy)    y = x: x' += y', y' = 0
//   remember history, conduct         x' += the newest's, the others move up by one
//   recall            y = x(t - lag)  x'(lag) += y'
//   relax, fire, gate by cells, cellwise, modulate, hebb, consolidate, synaptic, assign (Jacobian,
//   diagonal), intervene              by the derivatives of their formulas
//                                     (adjoint_of_formula.cpp)
#include "circuits/adjoint/adjoint_writer.hpp"
#include "circuits/program/formula_builder.hpp"

namespace apical {

namespace {

using Writer = AdjointWriter;

// Behind an operation that sets nothing is left of y'.
void take(Writer& w) {
    if (w.sets()) w.clear(w.adjoint(0));
}

void given(Writer& w) { w.clear(w.adjoint(0)); }

void product(Writer& w, std::size_t matrix, std::size_t vector) {
    const bool reverse = w.op().reverse;
    if (w.wants(vector)) w.add_product(w.adjoint(vector), w.value(matrix), w.adjoint(0), !reverse);
    if (w.wants(matrix)) {
        const SlotId y = w.adjoint(0), x = w.value(vector);
        w.add_outer(w.adjoint(matrix), reverse ? x : y, reverse ? y : x);
    }
    take(w);
}

void transmit(Writer& w) {
    if (w.op().operands.size() == 3) return product(w, 2, 1);
    if (w.wants(1)) {
        if (w.op().first_cell >= 0) w.has_none("it carries a part of rates that vary");
        w.add(w.adjoint(1), w.op().gain, w.adjoint(0));
    }
    take(w);
}

// a = B a, of a vector; of a matrix the sums would be over its columns.
void multiply(Writer& w) {
    if (w.op().operands.size() == 3) return product(w, 1, 2);
    if (w.slot(0).shape != Shape::per_cell)
        w.has_none("a matrix that is multiplied by a matrix drives no loss of a circuit");
    const SlotId y = w.adjoint(0), before = w.temporary(y);
    w.copy(before, y);
    if (w.wants(1)) w.add_outer(w.adjoint(1), before, w.value(0));
    w.set_product(y, w.value(1), before, true);
}

void gather(Writer& w) {
    if (w.wants(1)) w.add_outer(w.adjoint(1), w.adjoint(0), w.ones(w.slot(1).columns));
    take(w);
}

void readout(Writer& w) {
    const SlotId y = w.adjoint(0), fired = w.result(), mean = w.temporary_number();
    w.clear(mean);
    w.add_inner(mean, fired, y);
    FormulaBuilder b;
    const auto apart = b.made(Node::subtract, b.operand(2, Index::post), b.operand(3, Index::all));
    const auto more = b.made(Node::multiply, b.operand(1, Index::post), apart);
    if (w.wants(1))
        w.set_formula(w.adjoint(1), b.formula(b.made(Node::add, b.operand(0, Index::post), more)),
                      {{fired, Index::post}, {y, Index::post}, {mean, Index::all}});
    take(w);
}

void inner(Writer& w) {
    const auto by = [&](std::size_t operand, std::size_t other) {
        if (!w.wants(operand)) return;
        const bool at_synapses = !is_vector(w.slot(operand).shape);
        const Index own = at_synapses                              ? Index::synapse
                          : w.slot(operand).shape == Shape::scalar ? Index::all
                                                                   : Index::post;
        FormulaBuilder b;
        const auto more = b.made(Node::multiply, b.operand(1, Index::all), b.operand(2, own));
        w.set_formula(w.adjoint(operand), b.formula(b.made(Node::add, b.operand(0, own), more)),
                      {{w.adjoint(0), Index::all}, {w.value(other), own}});
    };
    by(1, 2);
    by(2, 1);
    take(w);
}

void copied(Writer& w) {
    if (w.op().operands.size() > 1 && w.wants(1)) w.add(w.adjoint(1), 1.0, w.adjoint(0));
    w.clear(w.adjoint(0));
}

// What is on its way along an axon, and what is kept of the past, begins anew with all that it has.
void reset(Writer& w) {
    const Slot& whole = w.slot(0);
    if (whole.shape != Shape::history && whole.line == 1) return copied(w);
    for (const SlotId one : w.adjoints_of_history(w.op().operands[0].slot)) {
        if (w.op().operands.size() > 1 && w.wants(1)) w.add(w.adjoint(1), 1.0, one);
        w.clear(one);
    }
}

// The newest came last: it is the first to go back.
void pushed(Writer& w) {
    const std::vector<SlotId> all = w.adjoints_of_history(w.op().operands[0].slot);
    if (w.wants(1)) w.add(w.adjoint(1), 1.0, all.front());
    for (std::size_t k = 0; k + 1 < all.size(); ++k) w.copy(all[k], all[k + 1]);
    w.clear(all.back());
}

void recall(Writer& w) {
    const std::size_t history = w.sets() ? 1 : 0;
    const SlotId past =
        w.adjoints_of_history(w.op().operands[history].slot)[static_cast<std::size_t>(w.op().lag)];
    if (w.sets()) {
        if (w.wants(1)) w.add(past, 1.0, w.adjoint(0));
        w.clear(w.adjoint(0));
    } else if (w.wants(1)) {
        w.add(w.adjoint(1), 1.0, past);
    }
}

void assign(Writer& w) {
    if (w.op().function == Function::jacobian || w.op().function == Function::diagonal) {
        const bool is_diagonal = w.op().function == Function::diagonal;
        std::vector<SlotId> more;
        if (is_diagonal) more.push_back(w.identity(w.adjoint(0)));
        return w.through(formula_of(w.program(), w.circuit(), w.op()), more);
    }
    copied(w);
}

// What a spike takes off the voltage of its cell: "exact for the surrogate" leaves it out, as
// surrogates are used, unless it is asked for.
bool is_reset_by_spike(const Writer& w) {
    if (w.options().through_reset || w.op().kind != Kind::cellwise ||
        w.op().function != Function::sum || w.slot(0).what != What::voltage)
        return false;
    const Slot& last = w.slot(2);
    return w.circuit()[w.slot(0).cells].spikes && last.what == What::previous &&
           w.program()[last.of].what == What::rate && last.cells == w.slot(0).cells;
}

void by_formula(Writer& w) {
    if (is_reset_by_spike(w)) return;  // v' goes on, and z' has no part of it
    w.through(formula_of(w.program(), w.circuit(), w.op()));
}

void modulate(Writer& w) {
    if (w.op().function == Function::constant) return given(w);
    return w.op().function == Function::inner ? inner(w) : by_formula(w);
}

void gate(Writer& w) { return w.op().formula.empty() ? given(w) : by_formula(w); }

}  // namespace

void write_adjoint(AdjointWriter& w) {
    switch (w.op().kind) {
        case Kind::inject:
        case Kind::noise:
            return given(w);
        case Kind::gate:
            return gate(w);
        case Kind::transmit:
            return transmit(w);
        case Kind::relax:
        case Kind::fire:
        case Kind::cellwise:
        case Kind::hebb:
        case Kind::consolidate:
        case Kind::synaptic:
        case Kind::intervene:
            return by_formula(w);
        case Kind::readout:
            return readout(w);
        case Kind::modulate:
            return modulate(w);
        case Kind::gather:
            return gather(w);
        case Kind::assign:
            return assign(w);
        case Kind::multiply:
            return multiply(w);
        case Kind::backpropagate:
            return w.has_none("a gradient of the gradient is not kept");
        case Kind::contract:
            return w.has_none("an influence tensor drives no loss of a circuit");
        case Kind::recall:
            return recall(w);
        case Kind::reset:
            return reset(w);
        case Kind::remember:
            return w.op().function == Function::history ? pushed(w) : copied(w);
        case Kind::conduct:
            return pushed(w);
    }
}

}  // namespace apical
