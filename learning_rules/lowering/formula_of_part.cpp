#include "learning_rules/lowering/formula_of_part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "circuits/program/activation_formula.hpp"
#include "circuits/program/formula_builder.hpp"
#include "circuits/program/formula_functions.hpp"
#include "learning_rules/place.hpp"

namespace apical {

namespace {

Node node_of_symbol(Symbol symbol) {
    switch (symbol) {
        case Symbol::add:
            return Node::add;
        case Symbol::subtract:
            return Node::subtract;
        case Symbol::divide:
            return Node::divide;
        case Symbol::multiply:
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::negative:
        case Symbol::power:
            break;
    }
    return Node::multiply;
}

}  // namespace

Index index_at(Place place) {
    switch (place) {
        case Place::post:
            return Index::post;
        case Place::pre:
            return Index::pre;
        case Place::synapse:
            return Index::synapse;
        case Place::all:
        case Place::number:
        case Place::pairs_of_pre:  // read by dot alone, which is in cells
        case Place::pairs_of_post:
            break;
    }
    return Index::all;
}

std::uint16_t FormulaOfPart::add(const FormulaNode& node) {
    const auto known = std::find(formula_.begin(), formula_.end(), node);
    if (known != formula_.end()) return static_cast<std::uint16_t>(known - formula_.begin());
    formula_.push_back(node);
    return static_cast<std::uint16_t>(formula_.size() - 1);
}

std::uint16_t FormulaOfPart::add(Node node, std::uint16_t a, std::uint16_t b, std::uint16_t c) {
    return add({.node = node, .a = a, .b = b, .c = c});
}

std::uint16_t FormulaOfPart::operand(const ReadOperand& read) {
    std::size_t place = 0;
    if (!read.is_own) {
        const auto known = std::find(operands_.begin(), operands_.end(), read.slot);
        place = static_cast<std::size_t>(known - operands_.begin()) + 1;
        if (known == operands_.end()) operands_.push_back(read.slot);
    }
    return add(
        {.node = Node::operand, .index = read.index, .a = static_cast<std::uint16_t>(place)});
}

std::uint16_t FormulaOfPart::node_of(const Part& part) {
    if (part.symbol == Symbol::number) return number(part.number);
    if (const std::optional<ReadOperand> read = words_.read(words_.words, part, words_.at))
        return operand(*read);
    if (part.symbol == Symbol::power) return power_of(part);
    if (part.symbol == Symbol::call) return call_of(part);
    if (part.of.size() != 2) throw std::logic_error("a part that no formula has");
    const std::uint16_t a = node_of(part.of[0]), b = node_of(part.of[1]);
    return add(node_of_symbol(part.symbol), a, b);
}

std::uint16_t FormulaOfPart::power_of(const Part& part) {
    const double power = part.of[1].number;
    if (power == 0.5) return add(Node::root, node_of(part.of[0]));
    if (std::abs(power) > highest_power || power != std::floor(power))
        reject(part.text ? part.text->where : Where{},
               fmt::format("rule \"{}\": found the power {}; expected a whole number from -8 to "
                           "8, or 0.5",
                           rule_, power));
    return add({.node = Node::power, .a = node_of(part.of[0]), .number = power});
}

std::uint16_t FormulaOfPart::slope_of(const Part& call) {
    const ActivationOfPart of = words_.activation_at(words_.words, call);
    const Activation phi = of.activation;
    if (of.written) return composed(formulas_of(*of.written).slope, of, call);
    if (phi == Activation::linear) return number(1.0);
    const std::uint16_t x = node_of(call.of[0]);
    if (phi == Activation::rectified) return add(Node::step, x);
    const std::uint16_t y = add(phi == Activation::tanh ? Node::tanh : Node::logistic, x);
    const std::uint16_t one = number(1.0);
    if (phi == Activation::tanh) return add(Node::subtract, one, add(Node::multiply, y, y));
    return add(Node::multiply, y, add(Node::subtract, one, y));
}

std::uint16_t FormulaOfPart::phi_of(const Part& call) {
    const ActivationOfPart of = words_.activation_at(words_.words, call);
    const Activation phi = of.activation;
    if (of.written) return composed(formulas_of(*of.written).value, of, call);
    const std::uint16_t x = node_of(call.of[0]);
    if (phi == Activation::linear) return x;
    return add(phi == Activation::tanh        ? Node::tanh
               : phi == Activation::rectified ? Node::rectified
                                              : Node::logistic,
               x);
}

// Leaves out what the formula does not read, as a slope that is the same everywhere x.
std::uint16_t FormulaOfPart::composed(const Formula& formula, const ActivationOfPart& of,
                                      const Part& call) {
    std::vector<std::uint16_t> operands = {reads(formula, 0) ? node_of(call.of[0])
                                                             : std::uint16_t{0}};
    for (std::size_t k = 0; k < of.numbers.size(); ++k) {
        const bool is_read = reads(formula, k + 1);
        operands.push_back(is_read ? node_of(slot_part(of.numbers[k], call.place))
                                   : std::uint16_t{0});
    }
    std::vector<std::uint16_t> at;
    for (const FormulaNode& node : formula)
        at.push_back(node.node == Node::operand ? operands[node.a] : add(moved(node, at)));
    return at.back();
}

std::uint16_t FormulaOfPart::call_of(const Part& call) {
    if (call.function == "slope") return slope_of(call);
    if (call.function == "phi") return phi_of(call);
    std::array<std::uint16_t, 3> of{};
    for (std::size_t k = 0; k < call.of.size(); ++k) of.at(k) = node_of(call.of[k]);
    if (call.function == "clip") return add(Node::minimum, add(Node::maximum, of[0], of[1]), of[2]);
    if (const std::optional<Node> node = node_of_function(call.function))
        return add(*node, of[0], of[1], of[2]);
    throw std::logic_error("a function that no formula has: " + call.function);
}

// ---- products

namespace {

// Whether it is divided by what is at one place, where 1 over it is made once.
bool divides_at_a_place(const Part& part) {
    if (part.symbol != Symbol::divide) return false;
    const Place below = part.of[1].place;
    return is_in_cells(below) || below == Place::all;
}

void add_factors(const Part& part, std::array<std::vector<Part>, 5>& by_place, double& number) {
    const bool is_at_synapses = part.place == Place::synapse;
    if (part.symbol == Symbol::multiply) {
        for (const Part& one : part.of) add_factors(one, by_place, number);
    } else if (is_at_synapses && divides_at_a_place(part)) {
        add_factors(part.of[0], by_place, number);
        const Part& below = part.of[1];
        by_place.at(static_cast<std::size_t>(below.place))
            .push_back(made_part(Symbol::divide, {number_part(1.0), below}, part.text));
    } else if (part.symbol == Symbol::number) {
        number *= part.number;
    } else {
        by_place.at(static_cast<std::size_t>(part.place)).push_back(ordered_by_place(part));
    }
}

Part product_of(const std::vector<Part>& factors) {
    Part product = factors.front();
    for (std::size_t k = 1; k < factors.size(); ++k)
        product = made_part(Symbol::multiply, {product, factors[k]});
    return product;
}

}  // namespace

Part ordered_by_place(const Part& part) {
    if (part.place != Place::synapse) return part;
    if (part.symbol != Symbol::multiply && !divides_at_a_place(part)) {
        Part made = part;
        for (Part& one : made.of) one = ordered_by_place(one);
        return made;
    }
    std::array<std::vector<Part>, 5> by_place;
    double number = 1.0;
    add_factors(part, by_place, number);
    std::vector<Part> places;
    if (number != 1.0) places.push_back(number_part(number));
    for (const Place place : {Place::all, Place::post, Place::pre, Place::synapse}) {
        const std::vector<Part>& factors = by_place.at(static_cast<std::size_t>(place));
        if (!factors.empty()) places.push_back(product_of(factors));
    }
    return product_of(places);
}

// ---- limits

std::optional<std::string> why_no_formula(const Formula& formula, std::size_t operands,
                                          bool registers) {
    if (formula.size() > longest_formula)
        return fmt::format("it has {} numbers, names and functions; a formula has {} at most",
                           formula.size(), longest_formula);
    if (operands > most_formula_operands)
        return fmt::format("it reads {} numbers of cells and synapses; a formula reads {} at most",
                           operands, most_formula_operands);
    if (!check_formula(formula, operands + 1))
        return fmt::format("written out, it has more than {} numbers, names and functions",
                           longest_written);
    if (registers && most_waiting(formula) > most_registers)
        return fmt::format("{} of its values wait for others; there are registers for {}",
                           most_waiting(formula), most_registers);
    return std::nullopt;
}

}  // namespace apical
