#include "sim/algebra/literal_activation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "sim/algebra/literal_functions.hpp"

namespace apical::algebra {

namespace {

// A value and its slope by x.
struct Dual {
    double value = 0.0, slope = 0.0;
};

Dual dual_of(const Expression& e, double x);

// The slope of a function by x, `y` its value. The second of two equal numbers is taken.
double slope_of_call(std::string_view name, std::span<const Dual> of, double y) {
    const auto [a, da] = of[0];
    if (name == "abs") return a > 0.0 ? da : a < 0.0 ? -da : 0.0;
    if (name == "sign" || name == "step") return 0.0;
    if (name == "sqrt") return 0.5 * da / y;
    if (name == "exp") return y * da;
    if (name == "log") return da / a;
    if (name == "tanh") return (1.0 - y * y) * da;
    if (name == "logistic") return y * (1.0 - y) * da;
    if (name == "rectified") return a > 0.0 ? da : 0.0;
    if (name == "min") return a < of[1].value ? da : of[1].slope;
    if (name == "max") return a > of[1].value ? da : of[1].slope;
    if (name == "select") return a > 0.0 ? of[1].slope : of[2].slope;
    if (name != "clip") refuse(std::string(name) + "() has no slope");
    const double raised = std::max(a, of[1].value);
    if (!(raised < of[2].value)) return of[2].slope;
    return a > of[1].value ? da : of[1].slope;
}

Dual dual_of_call(const Expression& call, double x) {
    const LiteralFunction& function = function_of(call);
    if (!function.value) refuse(call.name + "() is of no cell alone");
    std::array<Dual, most_arguments> duals{};
    std::array<double, most_arguments> values{};
    for (std::size_t k = 0; k < call.of.size(); ++k) {
        duals[k] = dual_of(call.of[k], x);
        values[k] = duals[k].value;
    }
    const double y = function.value(values);
    return {y, slope_of_call(call.name, duals, y)};
}

Dual dual_of(const Expression& e, double x) {
    if (e.symbol == Symbol::number) return {e.number, 0.0};
    if (e.symbol == Symbol::call) return dual_of_call(e, x);
    if (e.symbol == Symbol::name) {
        if (e.name != "x") refuse("no \"" + e.name + "\" was given");
        return {x, 1.0};
    }
    const auto [a, da] = dual_of(e.of[0], x);
    if (e.symbol == Symbol::negative) return {-a, -da};
    const auto [b, db] = dual_of(e.of[1], x);
    if (e.symbol == Symbol::add) return {a + b, da + db};
    if (e.symbol == Symbol::subtract) return {a - b, da - db};
    if (e.symbol == Symbol::multiply) return {a * b, da * b + a * db};
    if (e.symbol == Symbol::divide) return {a / b, (da * b - a * db) / (b * b)};
    // A power is a constant.
    return {std::pow(a, b), b == 0.0 ? 0.0 : b * std::pow(a, b - 1.0) * da};
}

}  // namespace

Activation literal_activation(const Expression& equation, const Expression* slope) {
    Activation activation = Activation::written;
    activation.text = &equation;
    activation.value = [](const Expression& text, double v) { return dual_of(text, v).value; };
    activation.slope_text = slope ? slope : &equation;
    activation.slope = [](const Expression& text, double v) { return dual_of(text, v).slope; };
    if (slope) activation.slope = activation.value;
    return activation;
}

}  // namespace apical::algebra
