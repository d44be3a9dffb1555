#include "circuits/program/relaxation_formula.hpp"

#include <limits>

#include "circuits/program/formula_builder.hpp"

namespace apical {

namespace {

using Place = std::uint16_t;

class RelaxationFormula {
public:
    RelaxationFormula(const Operation& op, const std::vector<bool>& of_cells)
        : op_(op), of_cells_(of_cells), now_(b_.operand(0, Index::post)), ms_(b_.number(op.ms)) {}

    Formula formula() {
        if (!is_coupling(op_.function)) return b_.formula(by_own_time_constant());
        if (op_.function == Function::cable) return b_.formula(by_cable());
        conduct();
        if (op_.function == Function::steady)
            return b_.formula(b_.made(Node::divide, currents_, all_));
        return b_.formula(op_.function == Function::euler ? euler() : exact());
    }

private:
    Place product(Place a, Place b) { return b_.made(Node::multiply, a, b); }

    // One number for all, or one for each cell.
    Place gate_at(Place place) {
        const bool is_vector = place < of_cells_.size() && of_cells_[place];
        return b_.operand(place, is_vector ? Index::post : Index::all);
    }

    // sum of g v, and leak + sum of g
    void conduct() {
        currents_ = b_.number(0.0);
        all_ = b_.number(op_.weights[0]);
        Place operand = 1;
        for (std::size_t c = 0; c < op_.gated.size(); ++c) {
            Place g = b_.number(op_.weights[c + 1]);
            if (op_.gated[c]) g = product(g, gate_at(static_cast<Place>(operand + 1)));
            currents_ = b_.made(Node::add, currents_, product(g, b_.operand(operand, Index::post)));
            all_ = b_.made(Node::add, all_, g);
            operand = static_cast<Place>(operand + (op_.gated[c] ? 2 : 1));
        }
    }

    Place by_cable() {
        Place all = product(b_.number(op_.weights[0]), now_);
        for (std::size_t k = 1; k < op_.weights.size(); ++k) {
            const Place other = b_.operand(static_cast<Place>(k), Index::post);
            all = b_.made(Node::add, all, product(b_.number(op_.weights[k]), other));
        }
        return all;
    }

    Place euler() {
        const Place slope = b_.made(Node::subtract, currents_, product(all_, now_));
        const Place led = b_.made(Node::add, now_, product(ms_, slope));
        return op_.stays_between ? unless_beyond(led) : led;
    }

    // A conductance that cells bring has no bound that is known before the run. Where ms G is above
    // 2 the step leads so far beyond its aim that it is further away than before: then there is no
    // number, the logarithm of -G, and the run ends.
    Place unless_beyond(Place led) {
        const Place beyond = b_.made(Node::subtract, product(ms_, all_), b_.number(2.0));
        const Place none = b_.made(Node::logarithm, product(b_.number(-1.0), all_));
        return b_.made(Node::select, beyond, none, led);
    }

    // A soma that nothing leads anywhere stays where it is.
    Place exact() {
        const Place least = b_.number(std::numeric_limits<double>::min());
        const Place all = b_.made(Node::maximum, all_, least);
        const Place to = b_.made(Node::divide, currents_, all);
        return approached(to, product(b_.made(Node::multiply, b_.number(-1.0), ms_), all));
    }

    // to + exp(exponent) (now - to)
    Place approached(Place to, Place exponent) {
        const Place kept = b_.made(Node::exponential, exponent);
        return b_.made(Node::add, to, product(kept, b_.made(Node::subtract, now_, to)));
    }

    Place by_own_time_constant() {
        const Place drive = b_.operand(1, Index::post), tau = b_.operand(2, Index::post);
        const Place exponent = b_.made(Node::divide, product(b_.number(-1.0), ms_), tau);
        if (op_.function == Function::none) return approached(drive, exponent);
        return b_.made(Node::add, product(b_.made(Node::exponential, exponent), now_), drive);
    }

    const Operation& op_;
    const std::vector<bool>& of_cells_;
    FormulaBuilder b_;
    Place now_, ms_, currents_ = 0, all_ = 0;
};

}  // namespace

bool relaxes_by_formula(const Operation& relax) {
    return is_coupling(relax.function) || relax.operands.size() == 3;
}

Formula relaxation_formula(const Operation& relax, const std::vector<bool>& of_cells) {
    return RelaxationFormula(relax, of_cells).formula();
}

}  // namespace apical
