// Activations as formulas of the voltage, and their slopes.
#include "circuits/program/activation_formula.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "circuits/equations/parse.hpp"
#include "circuits/program/formula_derivative.hpp"
#include "circuits/program/formula_value.hpp"
#include "circuits/text/value.hpp"

using namespace apical;

namespace {

ActivationFormulas activation_of_text(const std::string& text) {
    return formulas_of({"mine", parse_expression(value_of(text)), {}});
}

std::string text_of_value(const std::string& text) {
    return to_text(activation_of_text(text).value, {"x"});
}
std::string text_of_slope(const std::string& text) {
    return to_text(activation_of_text(text).slope, {"x"});
}

std::string refused(const std::string& text) {
    try {
        activation_of_text(text);
    } catch (const Rejected& rejected) {
        return rejected.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the slope of a formula is its finite difference", "[activation][formula]") {
    const char* const texts[] = {"log(1 + exp(2 * x))",
                                 "rectified(x)^2",
                                 "tanh(x)",
                                 "1.5 * tanh(0.5 * x + 0.1)",
                                 "logistic(x)",
                                 "1 / (1 + exp(-x))",
                                 "x * logistic(1.7 * x)",
                                 "x / (1 + abs(x))",
                                 "x / sqrt(1 + x^2)",
                                 "min(max(x, -0.5), 0.75)",
                                 "clip(2 * x, -1, 1)",
                                 "select(x, x, exp(x) - 1)",
                                 "max(x, 0.1 * x)",
                                 "(x + 3)^-3",
                                 "(x + 3)^-8",
                                 "(x^2 + 1)^0.5 - x",
                                 "x * x * x - 2 * x",
                                 "log(x^2 + 0.5) / (2 + tanh(x))",
                                 "step(x) * x^3 + sign(x)",
                                 "rectified(x - 0.3) - rectified(-x - 0.3)"};
    constexpr double h = 1e-5;
    for (const char* const text : texts) {
        const ActivationFormulas all = activation_of_text(text);
        // No equation has a corner at these voltages.
        for (const double x : {-2.03, -1.1, -0.41, -0.07, 0.06, 0.22, 0.91, 2.6}) {
            INFO(text << " at " << x);
            const double difference =
                (value_of(all.value, x + h) - value_of(all.value, x - h)) / (2.0 * h);
            CHECK(value_of(all.slope, x) == Approx(difference).epsilon(1e-7).margin(1e-8));
        }
    }
}

TEST_CASE("the slope at a corner is that of the side whose value is taken", "[activation]") {
    const auto at = [](const std::string& text, double x) {
        return value_of(activation_of_text(text).slope, x);
    };
    CHECK(at("rectified(x)", 0.0) == 0.0);
    CHECK(at("abs(x)", 0.0) == 0.0);
    CHECK(at("max(3 * x, x)", 0.0) == 1.0);  // equal: the second
    CHECK(at("min(3 * x, x)", 0.0) == 1.0);
    CHECK(at("select(x, 5 * x, 2 * x)", 0.0) == 2.0);
    CHECK(at("clip(x, -1, 1)", 1.0) == 0.0);
    CHECK(at("x + 10 * step(x) + 10 * sign(x)", 0.0) == 1.0);
}

TEST_CASE("the slope of softplus is a number where its exponential is none", "[activation]") {
    const ActivationFormulas softplus = activation_of_text("log(1 + exp(x))");
    CHECK(value_of(softplus.slope, 1000.0) == 1.0);
    CHECK(value_of(softplus.slope, -1000.0) == 0.0);
    CHECK(value_of(softplus.slope, 0.0) == 0.5);
    CHECK(text_of_slope("log(exp(x) + 1)") == "logistic(x)");
}

TEST_CASE("slopes are written without what changes nothing", "[activation]") {
    CHECK(text_of_slope("x") == "1");
    CHECK(text_of_slope("2 * x + 1") == "2");
    CHECK(text_of_slope("x^3") == "3 x^2");
    CHECK(text_of_slope("x * x") == "2 x");
    CHECK(text_of_slope("tanh(x)") == "1 - tanh(x)^2");
    CHECK(text_of_slope("logistic(x)") == "logistic(x) (1 - logistic(x))");
    CHECK(text_of_slope("log(1 + exp(x))") == "logistic(x)");
    CHECK(text_of_slope("rectified(x)^2") == "2 rectified(x) step(x)");
    CHECK(text_of_slope("abs(x)") == "sign(x)");
    CHECK(text_of_slope("sqrt(x)") == "1 / (2 sqrt(x))");
    CHECK(text_of_slope("x + step(x)") == "1");
    CHECK(text_of_slope("min(x, 1)") == "select(1 - x, 1, 0)");
    CHECK(text_of_slope("select(x, x, -x)") == "select(x, 1, -1)");
}

TEST_CASE("constants of an activation are folded", "[activation]") {
    CHECK(text_of_value("log(1 + exp(1 * x))") == "log(1 + exp(x))");
    CHECK(text_of_value("(2 - 1) * x / 2^0 + 0") == "x");
    CHECK(text_of_value("-x") == "-1 x");
    CHECK(text_of_value("clip(x, 0, 1)") == "clip(x, 0, 1)");
    CHECK(text_of_value("x^(1 / 2)") == "sqrt(x)");
}

TEST_CASE("what no formula has is refused", "[activation]") {
    const auto has = [](const std::string& text, const std::string& part) {
        CHECK_THAT(refused(text), Catch::Contains(part));
    };
    CHECK(refused("tanh(x)").empty());
    has("tahn(x)", "activation \"mine\": there is no function \"tahn\"");
    has("tahn(x)", "Did you mean \"tanh\"?");
    has("phi(x)", "found \"phi\"; an activation is of the cell's own voltage \"x\" alone");
    has("max(x)", "\"max\" takes 2 arguments; found 1");
    has("tanh(x, x)", "\"tanh\" takes 1 argument; found 2");
    has("x^9", "found the power 9; expected a whole number from -8 to 8, or 0.5");
    has("x^1.5", "found the power 1.5");
    has("x^x", "the power \"x\" is no constant number");
    has("x + 1 / 0", "\"1 / 0\" is no finite number");
    has("x * log(-1)", "\"log(-1)\" is no finite number");
    has("exp(1000) + x", "\"exp(1000)\" is no finite number");
    has("2 + 3", "expected an equation of \"x\"");
    has("0 * x", "expected an equation of \"x\"");
}

TEST_CASE("a slope that is too long is refused", "[activation]") {
    const auto product = [](int factors) {
        std::string text = "tanh(x)";
        for (int k = 1; k < factors; ++k) text += "*tanh(x+" + std::to_string(k) + ")";
        return text;
    };
    CHECK(refused(product(3)).empty());
    CHECK_THAT(refused(product(32)), Catch::Contains("its slope"));
}

TEST_CASE("firing by a formula is written as a whole", "[activation]") {
    Operation fire{.kind = Kind::fire,
                   .activation = Activation::written,
                   .operands = {{SlotId(0), Access::set}, {SlotId(1)}},
                   .gated = {false},
                   .retain = 0.0,
                   .gain = 1.0,
                   .formula = activation_of_text("log(1 + exp(x))").value};
    CHECK(to_text(firing_formula(fire), {"h.r", "h.soma.v"}) == "log(1 + exp(h.soma.v))");
    fire.operands[0].access = Access::update;
    fire.retain = fire.gain = 0.5;
    CHECK(to_text(firing_formula(fire), {"h.r", "h.soma.v"}) ==
          "0.5 h.r + 0.5 log(1 + exp(h.soma.v))");
    fire.operands = {{SlotId(0), Access::set}, {SlotId(1)}, {SlotId(2)}, {SlotId(3)}};
    fire.gated = {false, true};
    fire.retain = 0.0;
    fire.gain = 1.0;
    fire.formula = activation_of_text("x^2").value;
    CHECK(to_text(firing_formula(fire), {"h.r", "h.soma.v", "h.apical.v", "gate.d"}) ==
          "(h.soma.v + gate.d h.apical.v)^2");
}
