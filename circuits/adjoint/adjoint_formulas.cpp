// What operations write, as formulas of their operands, and derivatives of these.
#include <cstdint>
#include <vector>

#include "circuits/adjoint/adjoint_writer.hpp"
#include "circuits/program/activation_formula.hpp"
#include "circuits/program/formula_builder.hpp"
#include "circuits/program/formula_derivative.hpp"
#include "circuits/program/relaxation_formula.hpp"

namespace apical {

namespace {

using Place = std::uint16_t;

// Formulas of the kinds that are performed by kernels of their own.
class FormulaOfKind {
public:
    FormulaOfKind(const Program& program, const Operation& op) : program_(program), op_(op) {}

    Formula relaxation() {
        if (op_.function == Function::sum) return sum(0, 1);
        const Place apart = b_.made(Node::subtract, cell(0), cell(1));
        return b_.formula(b_.made(Node::add, cell(1), scaled(op_.retain, apart)));
    }

    Formula cellwise() {
        const Function function = op_.function;
        if (function == Function::slope) return slope();
        if (function == Function::complement) return complement();
        if (function == Function::sum) return op_.operands.size() > 3 ? mixture() : sum(1, 2);
        if (function == Function::difference)
            return b_.formula(b_.made(Node::subtract, cell(1), cell(2)));
        if (function != Function::product) return op_.formula;
        const bool is_alone = op_.operands.size() == 2;
        return b_.formula(scaled(op_.gain, is_alone ? cell(1) : product(cell(1), cell(2))));
    }

    Formula number() {
        if (op_.function == Function::formula) return op_.formula;
        if (op_.function == Function::product) return b_.formula(product(alike(1), alike(2)));
        const Place ratio = b_.made(Node::divide, alike(1), alike(2));
        if (op_.function == Function::quotient) return b_.formula(ratio);
        // (a / b)^(1/4), and 1 where a or b, which are sums of squares, is 0.
        const Place root = b_.made(Node::root, b_.made(Node::root, ratio));
        return b_.formula(b_.made(Node::select, product(alike(1), alike(2)), root, b_.number(1.0)));
    }

    // retain S + gain post pre, with the numbers that multiply them.
    Formula rank_one() {
        Place kept = scaled(op_.retain, at(0, Index::synapse));
        Place added = scaled(op_.gain, product(at(1, Index::post), at(2, Index::pre)));
        if (op_.operands.size() > 3) kept = product(kept, at(3, index_of_factor(3)));
        if (op_.operands.size() > 4) added = product(added, alike(4));
        return b_.formula(b_.made(Node::add, kept, added));
    }

    Formula by_tag() {
        const auto last = static_cast<Place>(op_.operands.size() - 1);
        Place added = scaled(op_.gain, at(last, Index::synapse));
        if (op_.operands.size() > 2) added = product(added, at(1, index_of_factor(1)));
        return b_.formula(b_.made(Node::add, at(0, Index::synapse), added));
    }

    // retain I + gain diag(b) S, of which I is no operand.
    Formula jacobian() {
        return b_.formula(scaled(op_.gain, product(at(2, Index::post), at(1, Index::synapse))));
    }

    // s B + t diag(a), the identity in the place behind the operands.
    Formula diagonal() {
        const Place kept = product(alike(2), at(0, Index::synapse));
        const Place added = product(product(alike(3), at(1, Index::post)), at(4, Index::synapse));
        return b_.formula(b_.made(Node::add, kept, added));
    }

    // retain y + gain where the event is on and the entry is chosen.
    Formula intervention() {
        const bool has_cells = is_vector(program_[op_.operands[0].slot].shape);
        const bool is_one = program_[op_.operands[0].slot].shape == Shape::scalar;
        const Index own = is_one ? Index::all : has_cells ? Index::post : Index::synapse;
        const Place now = at(0, own);
        const Place then = b_.made(Node::add, scaled(op_.retain, now), b_.number(op_.gain));
        Place value = then;
        if (op_.operands.size() > 2) value = b_.made(Node::select, at(2, own), then, now);
        return b_.formula(b_.made(Node::select, alike(1), value, now));
    }

private:
    Place at(Place place, Index index) { return b_.operand(place, index); }
    Place cell(Place place) { return at(place, Index::post); }
    Place alike(Place place) { return at(place, Index::all); }
    Place product(Place a, Place b) { return b_.made(Node::multiply, a, b); }
    Place scaled(double factor, Place of) { return product(b_.number(factor), of); }
    Index index_of_factor(std::size_t k) const {
        return program_[op_.operands[k].slot].shape == Shape::scalar ? Index::all : Index::post;
    }

    Formula sum(Place a, Place b) {
        return b_.formula(
            b_.made(Node::add, scaled(op_.retain, cell(a)), scaled(op_.gain, cell(b))));
    }

    Formula mixture() {
        const Place a = product(alike(3), scaled(op_.retain, cell(1)));
        const Place b = product(alike(4), scaled(op_.gain, cell(2)));
        return b_.formula(b_.made(Node::add, a, b));
    }

    Formula complement() {
        const Place rest = b_.made(Node::subtract, b_.number(1.0), cell(1));
        if (op_.activation != Activation::rectified) return b_.formula(rest);
        return b_.formula(b_.made(Node::maximum, b_.number(0.0), rest));
    }

    Formula slope() {
        const Place x = cell(0);
        FormulaBuilder slope;
        const Formula of_x = derivative(b_.formula(activated(x)));
        return slope.formula(slope.composed(of_x, slope.operand(1, Index::post)));
    }

    Place activated(Place x) {
        switch (op_.activation) {
            case Activation::tanh:
                return b_.made(Node::tanh, x);
            case Activation::rectified:
                return b_.made(Node::rectified, x);
            case Activation::logistic:
                return b_.made(Node::logistic, x);
            case Activation::linear:
            case Activation::softmax:
            case Activation::written:
                break;
        }
        return x;
    }

    const Program& program_;
    const Operation& op_;
    FormulaBuilder b_;
};

std::vector<bool> of_cells(const Program& program, const Operation& op) {
    std::vector<bool> each;
    for (const Operand& operand : op.operands)
        each.push_back(program[operand.slot].shape == Shape::per_cell);
    return each;
}

}  // namespace

Formula smooth_spike(const Operation& spike, const Spikes& spikes) {
    constexpr Place voltage = 1, threshold = 2, wait = 3;
    FormulaBuilder b;
    const Place zero = b.number(0.0), one = b.number(1.0), half = b.number(0.5);
    const Place u = b.made(
        Node::divide,
        b.made(Node::subtract, b.operand(voltage, Index::post), b.operand(threshold, Index::post)),
        b.number(spikes.threshold));
    const auto square_of_rest = [&](Node sign) {
        const Place rest = b.made(Node::maximum, b.made(sign, one, u), zero);
        return b.made(Node::multiply, half, b.power(rest, 2));
    };
    const Place above = b.made(Node::subtract, one, square_of_rest(Node::subtract));
    const Place below = square_of_rest(Node::add);
    Place fired =
        b.made(Node::multiply, b.number(spikes.height), b.made(Node::select, u, above, below));
    if (spike.operands.size() > wait)
        fired = b.made(Node::select, b.operand(wait, Index::post), zero, fired);
    return b.formula(fired);
}

Formula formula_of(const Program& program, const Circuit& circuit, const Operation& op) {
    FormulaOfKind formula(program, op);
    switch (op.kind) {
        case Kind::relax:
            return relaxes_by_formula(op) ? relaxation_formula(op, of_cells(program, op))
                                          : formula.relaxation();
        case Kind::fire:
            if (op.function != Function::spike) return firing_formula(op, of_cells(program, op));
            return smooth_spike(op, *circuit[program[op.operands[0].slot].cells].spikes);
        case Kind::cellwise:
            return formula.cellwise();
        case Kind::modulate:
            return formula.number();
        case Kind::gate:
        case Kind::synaptic:
            return op.formula;
        case Kind::hebb:
            return formula.rank_one();
        case Kind::consolidate:
            return formula.by_tag();
        case Kind::assign:
            return op.function == Function::jacobian ? formula.jacobian() : formula.diagonal();
        case Kind::intervene:
            return formula.intervention();
        case Kind::inject:
        case Kind::noise:
        case Kind::transmit:
        case Kind::readout:
        case Kind::gather:
        case Kind::multiply:
        case Kind::contract:
        case Kind::recall:
        case Kind::reset:
        case Kind::remember:
        case Kind::conduct:
        case Kind::backpropagate:
            break;
    }
    return {};
}

Formula derivative_by(const Formula& formula, std::size_t place, Index index) {
    FormulaBuilder moved;
    std::vector<Place> at;
    for (const FormulaNode& node : formula) {
        const bool is_x = node.node == Node::operand && node.a == place && node.index == index;
        at.push_back(node.node != Node::operand ? moved.like(node, at)
                     : is_x                     ? moved.operand(0, index)
                            : moved.operand(static_cast<Place>(node.a + 1), node.index));
    }
    const Formula slope = derivative(moved.formula(at.back()));
    FormulaBuilder back;
    at.clear();
    for (const FormulaNode& node : slope) {
        const bool is_x = node.node == Node::operand && node.a == 0;
        at.push_back(node.node != Node::operand ? back.like(node, at)
                     : is_x                     ? back.operand(static_cast<Place>(place), index)
                            : back.operand(static_cast<Place>(node.a - 1), node.index));
    }
    return back.formula(at.back());
}

}  // namespace apical
