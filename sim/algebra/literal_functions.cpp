#include "sim/algebra/literal_functions.hpp"

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace apical::algebra {

namespace {

struct CalledName {
    std::string_view name;
    Called function;
    std::size_t arguments;
};

constexpr CalledName called_names[] = {
    {"abs", Called::absolute, 1},
    {"sign", Called::sign, 1},
    {"step", Called::step, 1},
    {"sqrt", Called::root, 1},
    {"exp", Called::exponential, 1},
    {"log", Called::logarithm, 1},
    {"tanh", Called::tanh, 1},
    {"logistic", Called::logistic, 1},
    {"rectified", Called::rectified, 1},
    {"min", Called::minimum, 2},
    {"max", Called::maximum, 2},
    {"clip", Called::clip, 3},
    {"select", Called::select, 3},
    {"phi", Called::phi, 1},
    {"slope", Called::slope, 1},
    {"previous", Called::previous, 1},
    {"sum", Called::sum, 1},
    {"mean", Called::mean, 1},
    {"dot", Called::dot, 2},
    {"outer", Called::outer, 2},
};

double least(double a, double b) {
    if (std::isnan(a)) return a;
    return std::isnan(b) || b < a ? b : a;
}

double greatest(double a, double b) {
    if (std::isnan(a)) return a;
    return std::isnan(b) || b > a ? b : a;
}

double sign_of(double x) {
    if (x > 0.0) return 1.0;
    return x < 0.0 ? -1.0 : x;
}

}  // namespace

void refuse(const std::string& what) { throw std::invalid_argument(what); }

Called function_of(const Expression& call) {
    for (const CalledName& one : called_names) {
        if (one.name != call.name) continue;
        if (call.of.size() != one.arguments) refuse(call.name + "() has other arguments");
        return one.function;
    }
    refuse("there is no function " + call.name + "()");
}

double of_number(Called function, double x) {
    switch (function) {
        case Called::absolute:
            return std::abs(x);
        case Called::sign:
            return sign_of(x);
        case Called::step:
            if (std::isnan(x)) return x;
            return x > 0.0 ? 1.0 : 0.0;
        case Called::root:
            return std::sqrt(x);
        case Called::exponential:
            return std::exp(x);
        case Called::logarithm:
            return std::log(x);
        case Called::tanh:
            return std::tanh(x);
        case Called::logistic:
            return 1.0 / (1.0 + std::exp(-x));
        case Called::rectified:
            return x < 0.0 ? 0.0 : x;
        case Called::minimum:
        case Called::maximum:
        case Called::clip:
        case Called::select:
        case Called::phi:
        case Called::slope:
        case Called::previous:
        case Called::sum:
        case Called::mean:
        case Called::dot:
        case Called::outer:
            break;
    }
    refuse("a function of a number was expected");
}

double of_numbers(Called function, double a, double b, double c) {
    switch (function) {
        case Called::minimum:
            return least(a, b);
        case Called::maximum:
            return greatest(a, b);
        case Called::clip:
            return least(greatest(a, b), c);
        case Called::select:
            if (std::isnan(a)) return a;
            return a > 0.0 ? b : c;
        case Called::absolute:
        case Called::sign:
        case Called::step:
        case Called::root:
        case Called::exponential:
        case Called::logarithm:
        case Called::tanh:
        case Called::logistic:
        case Called::rectified:
        case Called::phi:
        case Called::slope:
        case Called::previous:
        case Called::sum:
        case Called::mean:
        case Called::dot:
        case Called::outer:
            break;
    }
    refuse("a function of several numbers was expected");
}

}  // namespace apical::algebra
