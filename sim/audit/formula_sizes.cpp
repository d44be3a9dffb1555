#include "sim/audit/formula_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sim/audit/formula_bounds.hpp"

namespace apical {

namespace {

// A value as keep x + rest, x its own last value; `keep` is within bounds where it is linear.
struct OwnAndRest {
    Interval keep = {};
    Size rest = {};
    bool is_linear = true;
    bool has_own() const { return keep.low != 0.0 || keep.high != 0.0 || !is_linear; }
};

class FormulaSizes {
public:
    FormulaSizes(const Formula& formula, const FormulaOperands& operands)
        : formula_(formula), o_(operands), bounds_(bounds_of_nodes(formula, operands.bounds)) {
        for (std::size_t k = 0; k < formula.size(); ++k) {
            parts_.push_back(of(formula[k]));
            bound(parts_.back(), bounds_[k]);
        }
    }

    Size value() const {
        const OwnAndRest& all = parts_.back();
        if (!all.is_linear) return {all.rest.most, o_.written};
        if (!all.has_own()) return all.rest;
        return accumulated(all.keep.size(), all.rest, o_.written);
    }

private:
    // Whatever it is made of, it is within its bounds.
    static void bound(OwnAndRest& part, const Interval& within) {
        if (!within.is_bounded()) return;
        const double most = within.size();
        const int sign = within.low >= 0.0 ? 1 : within.high <= 0.0 ? -1 : 0;
        if (part.has_own()) {
            part = {{}, {most, {}, sign}, true};
        } else {
            part.rest.most = std::min(part.rest.most, most);
            part.rest.unbounded = {};
            if (sign != 0) part.rest.sign = sign;
        }
    }

    OwnAndRest of(const FormulaNode& node) const {
        if (node.node == Node::number) return {{}, number(node.number)};
        if (node.node == Node::operand)
            return o_.is_own[node.a] ? OwnAndRest{{1.0, 1.0}, {}}
                                     : OwnAndRest{{}, o_.sizes[node.a]};
        if (node.node == Node::add) return sum(parts_[node.a], parts_[node.b]);
        if (node.node == Node::subtract) return sum(parts_[node.a], scaled(-1.0, parts_[node.b]));
        if (node.node == Node::multiply) return product(node);
        const bool by_number = node.node == Node::divide && is(node.b, Node::number);
        if (by_number) return scaled(1.0 / formula_[node.b].number, parts_[node.a]);
        const Size rest = nonlinear(node);
        if (!has_own(node)) return {{}, rest};
        if (is_one_of_its_parts(node.node)) return {kept_at_most(node), rest, are_linear(node)};
        const bool limited = node.node != Node::power;
        return {{}, limited ? rest : Size{limitless_size, o_.written}, false};
    }

    bool has_own(const FormulaNode& node) const {
        for (int k = 0; k < arity(node.node); ++k) {
            if (parts_[child(node, k)].has_own()) return true;
        }
        return false;
    }
    bool are_linear(const FormulaNode& node) const {
        for (int k = 0; k < arity(node.node); ++k) {
            if (!parts_[child(node, k)].is_linear) return false;
        }
        return true;
    }
    // Whether the value is that of one of the parts, but for its sign.
    static bool is_one_of_its_parts(Node node) {
        return node == Node::minimum || node == Node::maximum || node == Node::select ||
               node == Node::absolute || node == Node::rectified;
    }
    Interval kept_at_most(const FormulaNode& node) const {
        double most = 0.0;
        for (int k = node.node == Node::select ? 1 : 0; k < arity(node.node); ++k) {
            const Interval& keep = parts_[child(node, k)].keep;
            most = std::max({most, std::abs(keep.low), std::abs(keep.high)});
        }
        return {-most, most};
    }

    static Size number(double x) { return {std::abs(x), {}, x > 0.0 ? 1 : x < 0.0 ? -1 : 0}; }

    Size total(const Size& a, const Size& b) const {
        return o_.counted == Counted::constants ? larger(a, b) : a + b;
    }

    OwnAndRest sum(const OwnAndRest& a, const OwnAndRest& b) const {
        return {{a.keep.low + b.keep.low, a.keep.high + b.keep.high},
                total(a.rest, b.rest),
                a.is_linear && b.is_linear};
    }

    static OwnAndRest scaled(double factor, const OwnAndRest& part) {
        return {Interval{factor, factor} * part.keep, factor * part.rest, part.is_linear};
    }

    OwnAndRest product(const FormulaNode& node) const {
        const OwnAndRest &a = parts_[node.a], &b = parts_[node.b];
        if (is(node.a, Node::number)) return scaled(formula_[node.a].number, b);
        if (is(node.b, Node::number)) return scaled(formula_[node.b].number, a);
        if (!a.has_own() && !b.has_own()) return {{}, a.rest * b.rest};
        const Interval& by = bounds_[a.has_own() ? node.b : node.a];
        const bool is_linear = !(a.has_own() && b.has_own()) && by.is_bounded();
        if (!is_linear) return {{}, {limitless_size, o_.written}, false};
        return {(a.has_own() ? a : b).keep * by, a.rest * b.rest, a.is_linear && b.is_linear};
    }

    // The size of a node without what it is of its own last value.
    Size nonlinear(const FormulaNode& node) const {
        const Size& a = parts_[node.a].rest;
        switch (node.node) {
            case Node::divide:
                return a * inverse(node.b);
            case Node::power:
                return power(node);
            case Node::minimum:
            case Node::maximum:
                return larger(a, parts_[node.b].rest);
            case Node::select:
                return larger(parts_[node.b].rest, parts_[node.c].rest);
            case Node::absolute:
            case Node::rectified:
                return {a.most, a.unbounded, 1};
            case Node::sign:
            case Node::tanh:
                return {1.0, {}, a.sign};
            case Node::step:
            case Node::logistic:
                return {1.0, {}, 1};
            case Node::root:
                return {std::sqrt(a.most), a.unbounded, 1};
            case Node::exponential:  // grows beyond all that its argument says
                return limited({std::exp(bounds_[node.a].high), a.unbounded, 1});
            case Node::logarithm:  // of nothing it is without bound
                return limited({logarithm_of(bounds_[node.a].low, a.most), a.unbounded});
            case Node::number:
            case Node::operand:
            case Node::add:
            case Node::subtract:
            case Node::multiply:
                break;
        }
        return {1.0, o_.written};
    }

    // The size, with the number that is written as the one that makes it as large as one likes, if
    // it is.
    Size limited(const Size& size) const {
        return {size.most, std::isfinite(size.most) ? size.unbounded : o_.written, size.sign};
    }

    // 1 over a number: without a least value it is as large as one likes.
    Size inverse(std::uint16_t of) const {
        const Interval& under = bounds_[of];
        const bool away_from_zero = under.low > 0.0 || under.high < 0.0;
        const int sign = under.low > 0.0 ? 1 : under.high < 0.0 ? -1 : 0;
        if (!away_from_zero) return {limitless_size, o_.written};
        return {1.0 / std::min(std::abs(under.low), std::abs(under.high)), {}, sign};
    }

    Size power(const FormulaNode& node) const {
        const int exponent = static_cast<int>(node.number);
        const Size base = exponent < 0 ? inverse(node.a) : parts_[node.a].rest;
        Size product = {1.0, {}, 1};
        for (int k = 0; k < std::abs(exponent); ++k) product = product * base;
        if (exponent % 2 == 0) product.sign = 1;
        return product;
    }

    bool is(std::uint16_t place, Node node) const { return formula_[place].node == node; }

    const Formula& formula_;
    const FormulaOperands& o_;
    std::vector<Interval> bounds_;
    std::vector<OwnAndRest> parts_;
};

}  // namespace

double logarithm_of(double least, double most) {
    return least > 0.0 ? std::max(std::abs(std::log(least)), std::log(std::max(most, 1.0)))
                       : limitless_size;
}

Size size_of_formula(const Formula& formula, const FormulaOperands& operands) {
    return FormulaSizes(formula, operands).value();
}

}  // namespace apical
