// Activations as they are written: values and slopes against closed forms.
#include "sim/algebra/literal_activation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <string>

#include "circuits/equations/parse.hpp"
#include "circuits/text/value.hpp"

using namespace apical;

namespace {

struct KnownActivation {
    const char* text;
    double (*value)(double x);
    double (*slope)(double x);
};

double logistic_of(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// Values and slopes by hand.
const KnownActivation known_activations[] = {
    {"tanh(x)", [](double x) { return std::tanh(x); },
     [](double x) { return 1.0 / (std::cosh(x) * std::cosh(x)); }},
    {"1 / (1 + exp(-x))", logistic_of, [](double x) { return logistic_of(x) * logistic_of(-x); }},
    {"logistic(2 * x)", [](double x) { return logistic_of(2.0 * x); },
     [](double x) { return 2.0 * logistic_of(2.0 * x) * logistic_of(-2.0 * x); }},
    {"log(1 + exp(x))", [](double x) { return std::log1p(std::exp(x)); }, logistic_of},
    {"rectified(x)^2", [](double x) { return x > 0.0 ? x * x : 0.0; },
     [](double x) { return x > 0.0 ? 2.0 * x : 0.0; }},
    {"abs(x) - sign(x)", [](double x) { return std::abs(x) - (x > 0.0 ? 1.0 : -1.0); },
     [](double x) { return x > 0.0 ? 1.0 : -1.0; }},
    {"sqrt(1 + x^2) * step(x)", [](double x) { return x > 0.0 ? std::hypot(1.0, x) : 0.0; },
     [](double x) { return x > 0.0 ? x / std::hypot(1.0, x) : 0.0; }},
    {"clip(3 * x, -2, 1)", [](double x) { return std::min(std::max(3.0 * x, -2.0), 1.0); },
     [](double x) { return 3.0 * x > -2.0 && 3.0 * x < 1.0 ? 3.0 : 0.0; }},
    {"select(x, x, max(min(x, 2), 0.5 * x))", [](double x) { return x > 0.0 ? x : 0.5 * x; },
     [](double x) { return x > 0.0 ? 1.0 : 0.5; }},
    {"x / (2 - x^3)", [](double x) { return x / (2.0 - x * x * x); },
     [](double x) {
         const double under = 2.0 - x * x * x;
         return (2.0 + 2.0 * x * x * x) / (under * under);
     }}};

}  // namespace

TEST_CASE("a written activation has the value and slope of its equation", "[algebra]") {
    for (const KnownActivation& one : known_activations) {
        const Expression equation = parse_expression(value_of(std::string(one.text)));
        const algebra::Activation phi = algebra::literal_activation(equation);
        algebra::Vector v(6);
        v << -1.9, -0.8, -0.1, 0.15, 0.7, 1.1;
        const algebra::Vector fired = algebra::phi(phi, v), slopes = algebra::slope_of(phi, v);
        for (Eigen::Index i = 0; i < v.size(); ++i) {
            INFO(one.text << " at " << v(i));
            CHECK(fired(i) == Approx(one.value(v(i))).epsilon(1e-13).margin(1e-15));
            CHECK(slopes(i) == Approx(one.slope(v(i))).epsilon(1e-13).margin(1e-15));
        }
    }
}

TEST_CASE("what is no activation of one cell is refused", "[algebra]") {
    for (const char* const text : {"phi(x)", "x + y", "sum(x)", "nothing(x)"}) {
        INFO(text);
        const Expression equation = parse_expression(value_of(std::string(text)));
        const algebra::Activation phi = algebra::literal_activation(equation);
        CHECK_THROWS_AS(phi.value(equation, 0.5), std::invalid_argument);
    }
}
