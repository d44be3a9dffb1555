// Formulas as they are computed, against plain loops; every instruction set, sizes around those of
// registers and tiles, clean pads, and what is no number.
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "circuits/program/formula.hpp"
#include "sim/engine/plan/plan.hpp"
#include "tests/circuits/program/random_formula.hpp"

using namespace apical;
using namespace apical::random_formulas;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// A formula over two vectors of cells and one number for all, operands 1 to 3; `in_place` its first
// vector is what it writes.
class LoneFormula {
public:
    LoneFormula(const Formula& formula, int cells, bool in_place = false) {
        Slot vector;
        vector.shape = Shape::per_cell;
        vector.rows = cells;
        program_.phase_names = {"only"};
        program_.slots = {vector, vector, vector, Slot{}};
        Operation op{.kind = Kind::cellwise, .phase = PhaseId(0), .function = Function::formula};
        op.formula = formula;
        op.operands = {{SlotId(0), in_place ? Access::update : Access::set},
                       {SlotId(in_place ? 0 : 1)},
                       {SlotId(2)},
                       {SlotId(3)}};
        program_.operations = {op};
    }

    // The numbers that it writes, with their pads. values: of the operands, by slot.
    std::vector<double> run(const Kernels& kernels,
                            const std::vector<std::vector<double>>& values) {
        State state(program_);
        for (std::size_t k = 0; k < values.size(); ++k) state.write(SlotId(k), values[k].data());
        const Plan plan = Plan::compile(program_, state, kernels);
        plan.run_phase(0, 1);
        const auto written = state.numbers(SlotId(0));
        return {written.begin(), written.end()};
    }

private:
    Program program_;
};

std::vector<std::vector<double>> random_values(unsigned seed, int cells) {
    std::mt19937 draws(seed);
    std::uniform_real_distribution<double> value(-3.0, 3.0);
    std::vector<std::vector<double>> all(4);
    for (std::size_t k = 0; k < 4; ++k) {
        for (int i = 0; i < (k == 3 ? 1 : cells); ++i) {
            const auto special = draws() % 40;
            all[k].push_back(special == 0   ? 0.0
                             : special == 1 ? no_number
                             : special == 2 ? -infinite
                                            : value(draws));
        }
    }
    return all;
}

// To the bit, but for the bits of what is no number.
bool is_same(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

std::vector<const Kernels*> sets(Rounding rounding) {
    const auto all = available_kernels(rounding);
    return {all.begin(), all.end()};
}

// One call of a node at each of these numbers, by the best kernels of a rounding.
std::vector<double> called(Node node, const std::vector<double>& at, const Kernels& kernels) {
    FormulaParts parts;
    const std::uint16_t a = parts.operand(1, Index::post), b = parts.operand(2, Index::post);
    arity(node) == 1 ? parts.of(node, a) : parts.of(node, a, b, a);
    Formula formula = parts.formula();
    if (arity(node) == 1) formula.erase(formula.begin() + 1);
    std::vector<double> all =
        LoneFormula(formula, int(at.size())).run(kernels, {at, at, at, {1.0}});
    all.resize(at.size());
    return all;
}

// In units of the last place of the exact value.
double error_of(double found, long double exact) {
    const double nearest = static_cast<double>(exact);
    if (found == nearest || (std::isnan(found) && std::isnan(nearest))) return 0.0;
    if (!std::isfinite(found) || !std::isfinite(nearest)) return infinite;
    const double unit = std::nextafter(std::abs(nearest), infinite) - std::abs(nearest);
    return static_cast<double>(std::abs((found - exact) / unit));
}

std::vector<double> arguments(double from, double to) {
    std::mt19937_64 draws(1);
    std::vector<double> all;
    for (int k = 0; k < 100'000; ++k)
        all.push_back(std::uniform_real_distribution(from, to)(draws));
    return all;
}

template <class Exact>
void is_within(double units, Node node, const std::vector<double>& at, Exact exact) {
    for (const Rounding rounding : {Rounding::strict, Rounding::fused}) {
        const std::vector<double> found = called(node, at, best_kernels(rounding));
        double worst = 0.0;
        for (std::size_t k = 0; k < at.size(); ++k)
            worst = std::max(worst, error_of(found[k], exact(static_cast<long double>(at[k]))));
        CHECK(worst <= units);
    }
}

long double exact_logistic(long double x) {
    const long double e = std::exp(-std::abs(x));
    return (x < 0.0L ? e : 1.0L) / (1.0L + e);
}

std::vector<double> positive_numbers() {
    std::mt19937_64 draws(2);
    std::vector<double> all = arguments(0.5, 2.0);
    for (int k = 0; k < 100'000; ++k)
        all.push_back(std::ldexp(1.0 + double(draws() % 1000) / 1000, 1023 - int(draws() % 2098)));
    return all;
}

}  // namespace

TEST_CASE("random formulas have the bits of plain loops, on every instruction set", "[formula]") {
    for (const Rounding rounding : {Rounding::strict, Rounding::fused}) {
        for (const Kernels* kernels : sets(rounding)) {
            const bool fused = kernels->rounding == Rounding::fused;
            for (unsigned seed = 0; seed < 300; ++seed) {
                const Formula formula = RandomFormula(seed, 3, 3, false).formula();
                INFO(kernels->instruction_set << ": " << to_text(formula, {"y", "a", "b", "c"}));
                for (const int cells : {1, 5, 32, 33, 257}) {
                    const auto values = random_values(seed, cells);
                    const std::vector<double> found =
                        LoneFormula(formula, cells).run(*kernels, values);
                    for (std::size_t i = 0; i < found.size(); ++i) {
                        const bool pad = i >= std::size_t(cells);
                        const double expected =
                            pad ? 0.0
                                : PlainValue(formula,
                                             {0.0, values[1][i], values[2][i], values[3][0]}, fused)
                                      .last();
                        if (!is_same(found[i], expected)) FAIL();
                    }
                }
            }
        }
    }
    SUCCEED();
}

TEST_CASE("formulas with exp, log, tanh and logistic have the same bits on every instruction set",
          "[formula]") {
    for (const Rounding rounding : {Rounding::strict, Rounding::fused}) {
        for (unsigned seed = 0; seed < 200; ++seed) {
            const Formula formula = RandomFormula(seed, 3, 3, true).formula();
            INFO(to_text(formula, {"y", "a", "b", "c"}));
            const auto values = random_values(seed, 33);
            const std::vector<double> first =
                LoneFormula(formula, 33).run(*sets(rounding).front(), values);
            for (const Kernels* kernels : sets(rounding)) {
                const std::vector<double> found = LoneFormula(formula, 33).run(*kernels, values);
                for (std::size_t i = 0; i < found.size(); ++i) {
                    if (!is_same(found[i], first[i])) FAIL();
                }
            }
        }
    }
    SUCCEED();
}

TEST_CASE("a formula may read what it writes", "[formula]") {
    for (unsigned seed = 0; seed < 100; ++seed) {
        const Formula formula = RandomFormula(seed, 3, 3, true).formula();
        INFO(to_text(formula, {"y", "a", "b", "c"}));
        auto values = random_values(seed, 257);
        values[0] = values[1];
        const std::vector<double> beside = LoneFormula(formula, 257).run(best_kernels(), values),
                                  within =
                                      LoneFormula(formula, 257, true).run(best_kernels(), values);
        for (std::size_t i = 0; i < beside.size(); ++i) {
            if (!is_same(beside[i], within[i])) FAIL();
        }
    }
    SUCCEED();
}

TEST_CASE("exp and log are within 1.1 units in the last place over all doubles", "[formula]") {
    is_within(1.1, Node::exponential, arguments(-745.0, 709.7),
              [](long double x) { return std::exp(x); });
    is_within(1.1, Node::exponential, arguments(-1.0, 1.0),
              [](long double x) { return std::exp(x); });
    is_within(1.1, Node::logarithm, positive_numbers(), [](long double x) { return std::log(x); });
}

TEST_CASE("the logistic function is within 2.4 units in the last place over all doubles",
          "[formula]") {
    is_within(2.4, Node::logistic, arguments(-745.0, 745.0), exact_logistic);
    is_within(2.4, Node::logistic, arguments(-5.0, 5.0), exact_logistic);
}

TEST_CASE("exp and log of the ends of all doubles are those of the C library", "[formula]") {
    const std::vector<double> at = {0.0,    -0.0,   infinite, -infinite, no_number,
                                    5e-324, 1e-310, -1.0,     709.78,    709.79,
                                    -745.1, -745.2, 1e308,    -1e308,    1.0};
    const std::vector<double> powers = called(Node::exponential, at, best_kernels()),
                              logarithms = called(Node::logarithm, at, best_kernels()),
                              shares = called(Node::logistic, at, best_kernels());
    for (std::size_t k = 0; k < at.size(); ++k) {
        INFO(at[k]);
        CHECK(error_of(powers[k], std::exp(static_cast<long double>(at[k]))) <= 1.1);
        CHECK(error_of(logarithms[k], std::log(static_cast<long double>(at[k]))) <= 1.1);
        CHECK(error_of(shares[k], exact_logistic(at[k])) <= 2.4);
    }
}

TEST_CASE("what is no number comes through bounds, signs and steps", "[formula]") {
    const std::vector<double> at(5, no_number);
    for (const Node node : {Node::minimum, Node::maximum, Node::select, Node::absolute, Node::sign,
                            Node::step, Node::rectified, Node::root, Node::exponential,
                            Node::logarithm, Node::tanh, Node::logistic}) {
        for (const double value : called(node, at, best_kernels())) CHECK(std::isnan(value));
    }
}

TEST_CASE("a bound does not hide what is no number, on either side", "[formula]") {
    for (const Node node : {Node::minimum, Node::maximum}) {
        for (const bool first : {true, false}) {
            FormulaParts parts;
            const std::uint16_t bound = parts.number(1.0), x = parts.operand(1);
            first ? parts.of(node, bound, x) : parts.of(node, x, bound);
            const std::vector<std::vector<double>> none(3, std::vector<double>(5, no_number));
            const std::vector<double> found =
                LoneFormula(parts.formula(), 5).run(best_kernels(), none);
            for (std::size_t i = 0; i < 5; ++i) CHECK(std::isnan(found[i]));
        }
    }
}

TEST_CASE("1 / 0 in a pad is cleared", "[formula]") {
    FormulaParts parts;
    parts.of(Node::divide, parts.number(1.0), parts.operand(1));
    const std::vector<std::vector<double>> zeros(3, std::vector<double>(5, 0.0));
    for (const Kernels* kernels : sets(Rounding::strict)) {
        const std::vector<double> found = LoneFormula(parts.formula(), 5).run(*kernels, zeros);
        for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == (i < 5 ? infinite : 0.0));
    }
}
