// Formulas: what may be one, and their text.
#include "circuits/program/formula.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/circuits/program/formula_parts.hpp"

using namespace apical;

TEST_CASE("a formula's text is that of its operands and numbers", "[formula]") {
    FormulaParts operand, number;
    operand.operand(2);
    REQUIRE(operand.text() == "b");
    number.number(1.0 / 3.0);
    REQUIRE(number.text() == "0.333333");
}

TEST_CASE("brackets stand where the order of evaluation needs them, and nowhere else",
          "[formula]") {
    const auto text = [](Node inner, Node outer, bool left) {
        FormulaParts f;
        const std::uint16_t a = f.operand(1), b = f.operand(2), c = f.operand(3);
        left ? f.of(outer, f.of(inner, a, b), c) : f.of(outer, a, f.of(inner, b, c));
        return f.text();
    };
    const Node plus = Node::add, minus = Node::subtract, times = Node::multiply,
               over = Node::divide;
    CHECK(text(plus, minus, true) == "a + b - c");
    CHECK(text(minus, plus, false) == "a + (b - c)");
    CHECK(text(plus, minus, false) == "a - (b + c)");
    CHECK(text(times, plus, true) == "a b + c");
    CHECK(text(times, minus, false) == "a - b c");
    CHECK(text(over, minus, false) == "a - b / c");
    CHECK(text(plus, times, true) == "(a + b) c");
    CHECK(text(plus, times, false) == "a (b + c)");
    CHECK(text(times, times, true) == "a b c");
    CHECK(text(times, times, false) == "a (b c)");
    CHECK(text(over, times, true) == "(a / b) c");
    CHECK(text(over, times, false) == "a (b / c)");
    CHECK(text(times, over, true) == "a b / c");
    CHECK(text(times, over, false) == "a / (b c)");
    CHECK(text(over, over, true) == "a / b / c");
    CHECK(text(plus, over, false) == "a / (b + c)");
    CHECK(text(minus, Node::minimum, true) == "min(a - b, c)");
}

TEST_CASE("a sum with what begins with a minus is a difference, and a difference a sum",
          "[formula]") {
    const auto text = [](Node outer, bool times) {
        FormulaParts f;
        const std::uint16_t a = f.operand(1), half = f.number(-0.5);
        f.of(outer, a, times ? f.of(Node::multiply, half, f.operand(2)) : half);
        return f.text();
    };
    CHECK(text(Node::add, false) == "a - 0.5");
    CHECK(text(Node::subtract, false) == "a + 0.5");
    CHECK(text(Node::add, true) == "a - 0.5 b");
    CHECK(text(Node::subtract, true) == "a + 0.5 b");
    CHECK(text(Node::multiply, false) == "a (-0.5)");
    CHECK(text(Node::divide, false) == "a / (-0.5)");
}

TEST_CASE("powers bind before products, and their base is bracketed when it is no word",
          "[formula]") {
    FormulaParts square, of_sum, of_negative, factor;
    square.power(square.operand(1), 2);
    CHECK(square.text() == "a^2");
    of_sum.power(of_sum.of(Node::add, of_sum.operand(1), of_sum.operand(2)), -3);
    CHECK(of_sum.text() == "(a + b)^-3");
    of_negative.power(of_negative.power(of_negative.number(-2.0), 2), 3);
    CHECK(of_negative.text() == "((-2)^2)^3");
    factor.of(Node::multiply, factor.operand(1), factor.power(factor.operand(2), 2));
    CHECK(factor.text() == "a b^2");
}

TEST_CASE("functions are written as calls", "[formula]") {
    const auto text = [](Node node) {
        FormulaParts f;
        const std::uint16_t a = f.operand(1), b = f.operand(2), c = f.operand(3);
        f.of(node, a, b, c);
        return f.text();
    };
    CHECK(text(Node::minimum) == "min(a, b)");
    CHECK(text(Node::maximum) == "max(a, b)");
    CHECK(text(Node::select) == "select(a, b, c)");
    CHECK(text(Node::absolute) == "abs(a)");
    CHECK(text(Node::sign) == "sign(a)");
    CHECK(text(Node::step) == "step(a)");
    CHECK(text(Node::root) == "sqrt(a)");
    CHECK(text(Node::exponential) == "exp(a)");
    CHECK(text(Node::logarithm) == "log(a)");
    CHECK(text(Node::tanh) == "tanh(a)");
    CHECK(text(Node::logistic) == "logistic(a)");
    CHECK(text(Node::rectified) == "rectified(a)");
}

TEST_CASE("a minimum of a maximum by constants is written as clip", "[formula]") {
    FormulaParts bounded;
    const std::uint16_t change = bounded.of(
        Node::multiply, bounded.of(Node::multiply, bounded.number(0.01), bounded.operand(1)),
        bounded.operand(2, Index::pre));
    const std::uint16_t sum = bounded.of(Node::add, bounded.operand(4, Index::synapse), change);
    const std::uint16_t least = bounded.of(Node::maximum, bounded.number(0.0), sum);
    bounded.of(Node::minimum, bounded.number(1.0), least);
    CHECK(bounded.text() == "clip(W + 0.01 a x b, 0, 1)");

    FormulaParts by_cell;
    const std::uint16_t low = by_cell.of(Node::maximum, by_cell.operand(1), by_cell.operand(2));
    by_cell.of(Node::minimum, low, by_cell.number(1.0));
    CHECK(by_cell.text() == "min(max(a, b), 1)");
}

TEST_CASE("a formula's parts stand before it and are read", "[formula]") {
    FormulaParts sound, late, unread, empty;
    sound.of(Node::add, sound.operand(1), sound.operand(2));
    REQUIRE(sound.is_sound());
    REQUIRE(sound.is_sound(3));
    REQUIRE_FALSE(sound.is_sound(2));  // operands are 0 and 1
    late.operand(1);
    late.of(Node::add, 0, 1);
    REQUIRE_FALSE(late.is_sound());
    unread.operand(1);
    unread.operand(2);
    REQUIRE_FALSE(unread.is_sound());
    REQUIRE_FALSE(empty.is_sound());
}

TEST_CASE("a formula's numbers are finite and its powers whole, from -8 to 8", "[formula]") {
    const auto power = [](double exponent) {
        FormulaParts f;
        f.power(f.operand(1), exponent);
        return f.is_sound();
    };
    const auto number = [](double value) {
        FormulaParts f;
        f.number(value);
        return f.is_sound();
    };
    for (const double exponent : {-8.0, -1.0, 0.0, 2.0, 8.0}) CHECK(power(exponent));
    for (const double exponent : {-9.0, 0.5, 9.0, std::numeric_limits<double>::quiet_NaN()})
        CHECK_FALSE(power(exponent));
    CHECK(number(1e300));
    CHECK_FALSE(number(std::numeric_limits<double>::infinity()));
    CHECK_FALSE(number(std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("a formula that is too long, or too long when written out, is none", "[formula]") {
    const auto doubled = [](int times) {
        FormulaParts f;
        std::uint16_t last = f.operand(1);
        for (int k = 0; k < times; ++k) last = f.of(Node::add, last, last);
        return f.is_sound();
    };
    const auto chain = [](std::size_t length) {
        FormulaParts f;
        std::uint16_t last = f.operand(1);
        while (f.formula().size() < length) last = f.of(Node::absolute, last);
        return f.is_sound();
    };
    CHECK(chain(longest_formula));
    CHECK_FALSE(chain(longest_formula + 1));
    CHECK(doubled(9));  // 1,023 nodes written out
    CHECK_FALSE(doubled(10));
    CHECK_FALSE(doubled(200));
}

TEST_CASE("whether a formula reads an operand is found", "[formula]") {
    FormulaParts f;
    f.of(Node::add, f.operand(3), f.number(1.0));
    CHECK(reads(f.formula(), 3));
    CHECK_FALSE(reads(f.formula(), 0));
}
