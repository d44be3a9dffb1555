// What the language of equations means where it is computed as it is written.
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "tests/sim/algebra/literal_rule.hpp"

using namespace apical;
using namespace apical::algebra;

TEST_CASE("statements happen in their order, and each reads its target from before it",
          "[algebra][literal]") {
    LiteralRule rule(
        "x = 2 * x + 1\n"
        "y = x - 1\n"
        "x2 -= previous(x) + x\n"
        "w = w * y");
    rule.post("x", {3.0}).post("x2", {0.0}).synapse("w", 2.0);
    rule.equations.give_previous("x", {Home::post, {Matrix::Constant(1, 1, 10.0)}});
    rule.take();
    CHECK(rule.one("x") == 7.0);
    CHECK(rule.one("y") == 6.0);
    CHECK(rule.one("x2") == -17.0);
    CHECK(rule.one("w") == 12.0);
}

TEST_CASE("rows are postsynaptic, columns presynaptic, and sets have numbers of their own",
          "[algebra][literal]") {
    Value text;
    text.content =
        std::string("total = sum(pre.r)\npart = mean(post.r)\nw += post.r * pre.r * total");
    LiteralEquations rule(parse_equations(text), {2}, {{1}, {3}});
    const Matrix post = Eigen::Vector2d(1.0, 3.0), first = Matrix::Constant(1, 1, 2.0),
                 second = Eigen::Vector3d(1.0, 2.0, 4.0);
    rule.give("post.r", {Home::post, {post}});
    rule.give("pre.r", {Home::pre, {first, second}});
    rule.give("w", {Home::synapse, {Matrix::Zero(2, 1), Matrix::Ones(2, 3)}});
    rule.take_all();
    CHECK(rule.number("part") == 2.0);
    CHECK(rule["total"].numbers[1](0, 0) == 7.0);
    CHECK(rule["w"].numbers[0] == Matrix(2.0 * post * first.transpose()));
    CHECK(rule["w"].numbers[1] == Matrix(7.0 * post * second.transpose() + Matrix::Ones(2, 3)));
}

TEST_CASE("of two equal numbers min and max are the second, as in formulas", "[algebra][literal]") {
    LiteralRule rule("a = 1 / min(x, y)\nb = 1 / max(x, y)\nc = min(x, 1)\nd = max(x, -1)");
    const auto at = [&](double x, double y) {
        rule.post("x", {x});
        rule.post("y", {y});
        rule.take();
    };
    at(0.0, -0.0);
    CHECK(rule.one("a") == -INFINITY);
    CHECK(rule.one("b") == -INFINITY);
    CHECK(rule.one("c") == 0.0);
    CHECK(rule.one("d") == 0.0);
    at(-0.0, 0.0);
    CHECK(rule.one("a") == INFINITY);
    CHECK(rule.one("b") == INFINITY);
}

TEST_CASE("functions are what they are called, and pass on what is no number",
          "[algebra][literal]") {
    LiteralRule rule(
        "a = min(x, 1) + 10 * max(x, 1) + 100 * clip(x, 0, 1)\n"
        "b = select(x, 3, 4) + 10 * sign(x) + 100 * step(x) + 1000 * rectified(x)\n"
        "c = abs(x) + sqrt(4) + log(exp(x)) + tanh(x) - tanh(x) + logistic(0) + 2^-1 + 4^0.5\n"
        "d = -x^2");
    const auto at = [&](double x) {
        rule.post("x", {x});
        rule.take();
    };
    at(-2.0);
    CHECK(rule.one("a") == 8.0);
    CHECK(rule.one("b") == -6.0);
    CHECK(std::abs(rule.one("c") - (2.0 + 2.0 - 2.0 + 0.5 + 0.5 + 2.0)) <= 1e-12);
    CHECK(rule.one("d") == -4.0);
    at(0.0);
    CHECK(rule.one("b") == 4.0);
    at(3.0);
    CHECK(rule.one("a") == 131.0);
    CHECK(rule.one("b") == 3113.0);
    for (const char* text :
         {"y = min(x, 1)", "y = max(x, 1)", "y = clip(x, 0, 1)", "y = select(x, 0, 1)",
          "y = sign(x)", "y = step(x)", "y = rectified(x)"}) {
        INFO(text);
        LiteralRule nothing(text);
        nothing.post("x", {NAN}).take();
        CHECK(std::isnan(nothing.one("y")));
    }
}

TEST_CASE("what is not in the language or was not given is refused", "[algebra][literal][bad]") {
    const auto refused = [](const std::string& text) {
        INFO(text);
        LiteralRule rule(text, 2, 3, std::nullopt);
        rule.post("x", {1, 2}).pre("y", {1, 2, 3}).synapses("w", Matrix::Ones(2, 3));
        CHECK_THROWS_AS(rule.take(), std::invalid_argument);
    };
    for (const char* text :
         {"a = z", "a = previous(x)", "a = sinus(x)", "a = min(x)", "x = y", "x = w", "a += x",
          "dx/dt = tanh(x)", "dx/dt = x * x", "dx/dt = 1 / x", "a = sum(w)", "a = phi(x)",
          "a = slope(w)", "a = outer(w, x)", "a = dot(w, y)", "a = outer(x, x) + x"})
        refused(text);
}
