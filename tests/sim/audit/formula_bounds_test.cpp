// The bounds of a formula hold whatever its operands are within theirs.
#include "sim/audit/formula_bounds.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/circuits/program/random_formula.hpp"
#include "tests/this_build.hpp"

using namespace apical;
using namespace apical::random_formulas;

namespace {

constexpr double infinite_bound = std::numeric_limits<double>::infinity();

// `scale`: the largest number that it was computed from.
bool holds(const Interval& within, double value, double scale) {
    const double room = 1e-9 * (1.0 + scale);
    return value >= within.low - room && value <= within.high + room;
}

Interval random_interval(std::mt19937& draws) {
    std::uniform_real_distribution<double> end(-3.0, 3.0);
    const double a = end(draws), b = end(draws);
    switch (draws() % 6) {
        case 0:
            return {0.0, std::abs(a)};
        case 1:
            return {0.0, infinite_bound};
        case 2:
            return {a, a};
        default:
            return {std::min(a, b), std::max(a, b)};
    }
}

double within(const Interval& bounds, std::mt19937& draws) {
    const double high = std::isinf(bounds.high) ? 1e3 : bounds.high;
    const auto where = draws() % 8;
    if (where < 2) return where == 0 ? bounds.low : high;
    return std::uniform_real_distribution(bounds.low, std::nextafter(high, infinite_bound))(draws);
}

Interval bounds_of_node(Node node, const Interval& a, const Interval& b = {}) {
    FormulaParts f;
    const std::uint16_t x = f.operand(1);
    arity(node) == 1 ? f.of(node, x) : f.of(node, x, f.operand(2));
    return bounds_of(f.formula(), {{}, a, b});
}

void is(const Interval& found, double low, double high) {
    CHECK(found.low == Approx(low));
    CHECK(found.high == Approx(high));
}

}  // namespace

TEST_CASE("values of random formulas lie within the bounds of each of their nodes",
          "[audit][formula]") {
    for (unsigned seed = 0; seed < unsigned(fewer_if_sanitized(3'000)); ++seed) {
        std::mt19937 draws(seed);
        const Formula formula = RandomFormula(seed, 3, 3, true).formula();
        std::vector<Interval> operands = {{}};
        for (int k = 0; k < 3; ++k) operands.push_back(random_interval(draws));
        const std::vector<Interval> bounds = bounds_of_nodes(formula, operands);
        for (int sample = 0; sample < 20; ++sample) {
            std::vector<double> values = {0.0};
            for (std::size_t k = 1; k < 4; ++k) values.push_back(within(operands[k], draws));
            const PlainValue plain(formula, values, false);
            double scale = 0.0;
            for (std::size_t node = 0; node < formula.size(); ++node) {
                const double value = plain.all()[node];
                scale = std::max(scale, std::abs(value));
                if (!std::isfinite(value)) break;  // ends a run
                INFO(seed << ": " << to_text(formula, {"y", "a", "b", "c"}) << ", node " << node);
                if (!holds(bounds[node], value, scale)) FAIL();
            }
        }
    }
    SUCCEED();
}

TEST_CASE("a factor that stands twice is a square, which is never negative", "[audit][formula]") {
    FormulaParts f;
    const std::uint16_t gain = f.number(2.0), first = f.operand(1), again = f.operand(1);
    f.of(Node::multiply, f.of(Node::multiply, gain, first), again);
    is(bounds_of(f.formula(), {{}, {-3.0, 1.0}}), 0.0, 18.0);
}

TEST_CASE("what saturates is bounded by what it saturates at", "[audit][formula]") {
    const Interval anything = {-infinite_bound, infinite_bound};
    is(bounds_of_node(Node::tanh, anything), -1.0, 1.0);
    is(bounds_of_node(Node::logistic, anything), 0.0, 1.0);
    is(bounds_of_node(Node::step, anything), 0.0, 1.0);
    is(bounds_of_node(Node::sign, {0.0, 5.0}), 0.0, 1.0);
    is(bounds_of_node(Node::minimum, anything, {0.0, 1.0}), -infinite_bound, 1.0);
}

TEST_CASE("a quotient is bounded when what divides is never 0", "[audit][formula]") {
    is(bounds_of_node(Node::divide, {1.0, 2.0}, {0.5, 4.0}), 0.25, 4.0);
    is(bounds_of_node(Node::divide, {1.0, 2.0}, {-4.0, -0.5}), -4.0, -0.25);
    CHECK_FALSE(bounds_of_node(Node::divide, {1.0, 2.0}, {0.0, 4.0}).is_bounded());
}

TEST_CASE("what of its own last value a formula keeps is found", "[audit][formula]") {
    const std::vector<bool> own = {false, true, false};
    FormulaParts trace, clipped, product;
    const std::uint16_t kept = trace.of(Node::multiply, trace.number(0.75), trace.operand(1));
    trace.of(Node::subtract, kept, trace.operand(2));
    CHECK(kept_share(trace.formula(), own) == 0.75);
    const std::uint16_t sum = clipped.of(Node::add, clipped.operand(1), clipped.operand(2));
    clipped.of(Node::maximum, clipped.number(0.0), sum);
    CHECK(kept_share(clipped.formula(), own) == 1.0);
    product.of(Node::multiply, product.operand(1), product.operand(2));
    CHECK(kept_share(product.formula(), own) == 0.0);
}
