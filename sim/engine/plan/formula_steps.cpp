#include "sim/engine/plan/formula_steps.hpp"

#include <array>
#include <cassert>

#include "sim/engine/plan/node_calls.hpp"

namespace apical {

namespace {

// A call and the nodes that it reads.
struct CallOfNodes {
    FormulaCall call;
    std::array<std::uint16_t, 3> from = {};
    int count = 0;
};

}  // namespace

class FormulaStore::Resolving {
public:
    Resolving(const Operation& operation, State& state, Formulas& to)
        : op_(operation),
          formula_(operation.formula),
          state_(state),
          to_(to),
          values_(formula_.size()),
          uses_(formula_.size()),
          absorbed_(formula_.size()) {
        assert(check_formula(formula_, op_.operands.size()));
        for (const FormulaNode& node : formula_) {
            for (int k = 0; k < arity(node.node); ++k) ++uses_[child(node, k)];
        }
        for (const FormulaNode& node : formula_) {
            products_.push_back(product_in(node));
            if (products_.back() != none) absorbed_[products_.back()] = true;
        }
        for (std::size_t place = 0; place < formula_.size(); ++place) resolve(place);
    }

private:
    static constexpr std::uint16_t none = 0xffff;

    // The product that a sum or a difference is rounded with.
    std::uint16_t product_in(const FormulaNode& node) const {
        if (node.node != Node::add && node.node != Node::subtract) return none;
        for (const std::uint16_t side : {node.b, node.a}) {
            if (formula_[side].node == Node::multiply && uses_[side] == 1) return side;
        }
        return none;
    }

    void resolve(std::size_t place) {
        const FormulaNode& node = formula_[place];
        const bool is_last = place + 1 == formula_.size();
        if (arity(node.node) == 0) {
            values_[place] = leaf(node);
            if (is_last)
                append({FormulaCall::copy, {static_cast<std::uint16_t>(place)}, 1}, node, is_last);
        } else if (!absorbed_[place]) {
            values_[place] = append(call(node, products_[place]), node, is_last);
        }
    }

    FormulaNumbers leaf(const FormulaNode& node) {
        if (node.node == Node::operand && node.index == Index::post)
            return {state_.data(op_.operands[node.a].slot), Lies::in_vector};
        double* const eight = state_.step_memory().numbers(lanes);
        const bool is_number = node.node == Node::number;
        to_.spread.push_back({eight, is_number ? nullptr : state_.data(op_.operands[node.a].slot),
                              is_number ? node.number : 0.0});
        return {eight, Lies::alike};
    }

    CallOfNodes call(const FormulaNode& node, std::uint16_t product) const {
        if (product == none)
            return {call_of(node.node), {node.a, node.b, node.c}, arity(node.node)};
        const FormulaNode& factors = formula_[product];
        const bool second = product == node.b;
        const FormulaCall sum = node.node == Node::add ? FormulaCall::multiply_add
                                : second               ? FormulaCall::subtract_product
                                                       : FormulaCall::multiply_subtract;
        return {sum, {factors.a, factors.b, second ? node.a : node.b}, 3};
    }

    // The part that makes this call; returns where it leaves its value.
    FormulaNumbers append(const CallOfNodes& call, const FormulaNode& node, bool is_last) {
        FormulaPart part;
        part.call = call.call;
        part.exponent = node.node == Node::power ? static_cast<int>(node.number) : 0;
        part.a = part.b = part.c = values_[call.from[0]];
        if (call.count > 1) part.b = values_[call.from[1]];
        if (call.count > 2) part.c = values_[call.from[2]];
        bool alike = !is_last;
        for (const FormulaNumbers& source : {part.a, part.b, part.c})
            alike &= source.lies == Lies::alike;
        for (int k = 0; k < call.count; ++k) release(call.from[static_cast<std::size_t>(k)]);
        if (is_last) {
            part.out = {state_.data(op_.operands[0].slot), Lies::in_vector};
        } else {
            part.out = alike ? FormulaNumbers{state_.step_memory().numbers(lanes), Lies::alike}
                             : FormulaNumbers{tile(), Lies::in_tile};
        }
        (alike ? to_.before : to_.parts).push_back(part);
        return part.out;
    }

    // A tile whose value nobody reads any more is written anew; a call may write what it reads.
    double* tile() {
        if (free_.empty()) return state_.step_memory().numbers(tile_entries);
        double* const known = free_.back();
        free_.pop_back();
        return known;
    }
    void release(std::uint16_t place) {
        if (uses_[place] > 0 && --uses_[place] == 0 && values_[place].lies == Lies::in_tile)
            free_.push_back(values_[place].at);
    }

    const Operation& op_;
    const Formula& formula_;
    State& state_;
    Formulas& to_;
    std::vector<FormulaNumbers> values_;   // by node
    std::vector<int> uses_;                // of its value, still to come
    std::vector<std::uint16_t> products_;  // by sum or difference: what is rounded with it
    std::vector<bool> absorbed_;           // such a product
    std::vector<double*> free_;
};

const FormulaSteps& FormulaStore::add(const Operation& operation, State& state) {
    Formulas& one = all_.emplace_back();
    Resolving(operation, state, one);
    one.steps = {one.spread.data(), one.before.data(), one.parts.data(),
                 one.spread.size(), one.before.size(), one.parts.size()};
    return one.steps;
}

}  // namespace apical
