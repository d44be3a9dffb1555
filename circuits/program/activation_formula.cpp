#include "circuits/program/activation_formula.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/equations/other_notations.hpp"
#include "circuits/program/formula_builder.hpp"
#include "circuits/program/formula_derivative.hpp"
#include "circuits/program/formula_functions.hpp"

namespace apical {

namespace {

class ActivationReader {
public:
    explicit ActivationReader(const WrittenActivation& activation) : activation_(activation) {}

    ActivationFormulas read() {
        const Formula value = b_.formula(node_of(activation_.equation));
        check_length(value, "it");
        if (!reads(value, 0))
            tell(begin_of(activation_.equation),
                 "its value is the same at all voltages; expected an equation of \"x\"");
        const Formula slope =
            activation_.slope ? b_.formula(node_of(*activation_.slope)) : derivative(value);
        check_length(slope, "its slope");
        return {value, slope};
    }

private:
    using Place = std::uint16_t;

    [[noreturn]] void tell(const Where& where, const std::string& sentence) const {
        reject(where, fmt::format("activation \"{}\": {}", activation_.name, sentence));
    }

    void check_length(const Formula& formula, std::string_view what) const {
        if (check_formula(formula, 1 + activation_.of_cells.size())) return;
        const Where& where = begin_of(activation_.equation);
        if (formula.size() > longest_formula)
            tell(where, fmt::format("{} has {} numbers, names and functions; a formula has {} at "
                                    "most",
                                    what, formula.size(), longest_formula));
        tell(where, fmt::format("written out, {} has more than {} numbers, names and functions",
                                what, longest_written));
    }

    Place node_of(const Expression& e) {
        const Place made = made_of(e);
        const FormulaNode& node = b_[made];
        if (node.node == Node::number && !std::isfinite(node.number))
            tell(begin_of(e), fmt::format("\"{}\" is no finite number", shortened(to_text(e))));
        return made;
    }

    Place made_of(const Expression& e) {
        switch (e.symbol) {
            case Symbol::number:
                return b_.number(e.number);
            case Symbol::name:
                return b_.operand(place_of(e.name), Index::post);
            case Symbol::call:
                return call(e);
            case Symbol::negative:
                return b_.made(Node::multiply, b_.number(-1.0), node_of(e.of[0]));
            case Symbol::add:
                return arithmetic(Node::add, e);
            case Symbol::subtract:
                return arithmetic(Node::subtract, e);
            case Symbol::multiply:
                return arithmetic(Node::multiply, e);
            case Symbol::divide:
                return arithmetic(Node::divide, e);
            case Symbol::power:
                return power(e);
        }
        return 0;
    }

    // "x", or a number of each cell.
    Place place_of(const std::string& name) const {
        for (std::size_t k = 0; k < activation_.of_cells.size(); ++k)
            if (activation_.of_cells[k].name == name) return static_cast<Place>(k + 1);
        return 0;
    }

    Place arithmetic(Node node, const Expression& e) {
        const Place a = node_of(e.of[0]), b = node_of(e.of[1]);
        return b_.made(node, a, b);
    }

    Place power(const Expression& e) {
        constexpr const char* expected = "expected a whole number from -8 to 8, or 0.5";
        const Place base = node_of(e.of[0]), by = node_of(e.of[1]);
        if (b_[by].node != Node::number)
            tell(begin_of(e.of[1]), fmt::format("the power \"{}\" is no constant number; {}",
                                                shortened(to_text(e.of[1])), expected));
        const double exponent = b_[by].number;
        if (exponent == 0.5) return b_.made(Node::root, base);
        if (std::abs(exponent) > highest_power || exponent != std::floor(exponent))
            tell(begin_of(e.of[1]), fmt::format("found the power {}; {}", exponent, expected));
        return b_.power(base, static_cast<int>(exponent));
    }

    Place call(const Expression& e) {
        const bool is_clip = e.name == "clip";
        const std::optional<Node> node = node_of_function(e.name);
        if (!node && !is_clip) reject_function(e);
        const std::size_t arguments = is_clip ? 3 : static_cast<std::size_t>(arity(*node));
        if (e.of.size() != arguments)
            tell(e.where, fmt::format("\"{}\" takes {} argument{}; found {}", e.name, arguments,
                                      arguments == 1 ? "" : "s", e.of.size()));
        std::vector<Place> of;
        for (const Expression& one : e.of) of.push_back(node_of(one));
        if (is_clip) return b_.made(Node::minimum, b_.made(Node::maximum, of[0], of[1]), of[2]);
        of.resize(3);
        return b_.made(*node, of[0], of[1], of[2]);
    }

    [[noreturn]] void reject_function(const Expression& e) const {
        constexpr std::string_view of_cells[] = {"phi", "slope", "previous", "sum", "mean"};
        for (const std::string_view one : of_cells) {
            if (one == e.name)
                tell(e.where, fmt::format("found \"{}\"; an activation is of the cell's own "
                                          "voltage \"x\" alone",
                                          e.name));
        }
        const std::vector<std::string> known = functions_of_formulas();
        tell(e.where, fmt::format("there is no function \"{}\"; known are {}.{}", shortened(e.name),
                                  list_of(known), did_you_mean_function(e.name, known)));
    }

    const WrittenActivation& activation_;
    FormulaBuilder b_;
};

}  // namespace

ActivationFormulas formulas_of(const WrittenActivation& activation) {
    return ActivationReader(activation).read();
}

std::size_t first_number_of(const Operation& fire) {
    std::size_t next = 1;
    for (const bool gated : fire.gated) next += gated ? 2 : 1;
    return next;
}

namespace {

std::uint16_t drive_in(FormulaBuilder& b, const Operation& fire,
                       const std::vector<bool>& of_cells) {
    const auto gate_at = [&](std::uint16_t place) {
        const bool is_vector = place < of_cells.size() && of_cells[place];
        return b.operand(place, is_vector ? Index::post : Index::all);
    };
    std::uint16_t drive = b.number(0.0), operand = 1;
    for (const bool gated : fire.gated) {
        std::uint16_t one = b.operand(operand, Index::post);
        if (gated)
            one = b.made(Node::multiply, gate_at(static_cast<std::uint16_t>(operand + 1)), one);
        drive = b.made(Node::add, drive, one);
        operand = static_cast<std::uint16_t>(operand + (gated ? 2 : 1));
    }
    return drive;
}

std::vector<std::uint16_t> x_and_numbers(FormulaBuilder& b, const Operation& fire,
                                         std::uint16_t drive) {
    std::vector<std::uint16_t> all = {drive};
    for (std::size_t k = 1; k < places_of(fire.formula); ++k)
        all.push_back(
            b.operand(static_cast<std::uint16_t>(first_number_of(fire) + k - 1), Index::post));
    return all;
}

std::uint16_t phi_of(FormulaBuilder& b, const Operation& fire, std::uint16_t drive) {
    switch (fire.activation) {
        case Activation::written:
            return b.composed(fire.formula, x_and_numbers(b, fire, drive));
        case Activation::tanh:
            return b.made(Node::tanh, drive);
        case Activation::rectified:
            return b.made(Node::rectified, drive);
        case Activation::logistic:
            return b.made(Node::logistic, drive);
        case Activation::linear:
        case Activation::softmax:
            break;
    }
    return drive;
}

}  // namespace

bool has_own_alpha(const Operation& fire) {
    return fire.function == Function::none &&
           fire.operands.size() == first_number_of(fire) + places_of(fire.formula);
}

bool fires_by_formula(const Operation& fire) {
    return fire.activation == Activation::written || fire.function != Function::none ||
           has_own_alpha(fire);
}

namespace {

// 1 where the voltage reaches the threshold, in a cell that does not wait.
Formula spiking_formula(const Operation& fire) {
    constexpr std::uint16_t voltage = 1, threshold = 2, wait = 3;
    FormulaBuilder b;
    const std::uint16_t below =
        b.made(Node::subtract, b.operand(threshold, Index::post), b.operand(voltage, Index::post));
    std::uint16_t fired = b.made(Node::select, below, b.number(0.0), b.number(1.0));
    if (fire.operands.size() > wait)
        fired = b.made(Node::select, b.operand(wait, Index::post), b.number(0.0), fired);
    return b.formula(fired);
}

Formula bursting_formula() {
    FormulaBuilder b;
    return b.formula(b.made(Node::multiply, b.operand(1, Index::post), b.operand(2, Index::post)));
}

}  // namespace

Formula firing_formula(const Operation& fire, const std::vector<bool>& of_cells) {
    if (fire.function == Function::spike) return spiking_formula(fire);
    if (fire.function == Function::burst) return bursting_formula();
    FormulaBuilder b;
    const std::uint16_t fired = phi_of(b, fire, drive_in(b, fire, of_cells));
    if (has_own_alpha(fire)) {
        const std::uint16_t last = b.operand(0, Index::post);
        const auto place = static_cast<std::uint16_t>(fire.operands.size() - 1);
        const std::uint16_t change = b.made(Node::subtract, fired, last);
        return b.formula(
            b.made(Node::add, last, b.made(Node::multiply, b.operand(place, Index::post), change)));
    }
    if (fire.operands[0].access == Access::set && fire.gain == 1.0) return b.formula(fired);
    const std::uint16_t kept =
        b.made(Node::multiply, b.number(fire.retain), b.operand(0, Index::post));
    return b.formula(b.made(Node::add, kept, b.made(Node::multiply, b.number(fire.gain), fired)));
}

}  // namespace apical
