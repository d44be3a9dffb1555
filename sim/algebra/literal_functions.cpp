#include "sim/algebra/literal_functions.hpp"

#include <cmath>
#include <stdexcept>

namespace apical::algebra {

namespace {

using Entries = std::span<const double>;

// Return the second of two equal numbers: 0 and -0 are equal, and 1 over them is not.
double least(double a, double b) { return std::isnan(a) || a < b ? a : b; }

double greatest(double a, double b) { return std::isnan(a) || a > b ? a : b; }

double sign_of(double x) {
    if (x > 0.0) return 1.0;
    return x < 0.0 ? -1.0 : x;
}

double step_of(double x) {
    if (std::isnan(x)) return x;
    return x > 0.0 ? 1.0 : 0.0;
}

double selected(double by, double a, double b) {
    if (std::isnan(by)) return by;
    return by > 0.0 ? a : b;
}

// A value that is not a number passes through each of them: through select when it is the first
// argument or the chosen one.
constexpr LiteralFunction literal_functions[] = {
    {"abs", 1, Called::by_entry, [](Entries x) { return std::abs(x[0]); }},
    {"sign", 1, Called::by_entry, [](Entries x) { return sign_of(x[0]); }},
    {"step", 1, Called::by_entry, [](Entries x) { return step_of(x[0]); }},
    {"sqrt", 1, Called::by_entry, [](Entries x) { return std::sqrt(x[0]); }},
    {"exp", 1, Called::by_entry, [](Entries x) { return std::exp(x[0]); }},
    {"log", 1, Called::by_entry, [](Entries x) { return std::log(x[0]); }},
    {"tanh", 1, Called::by_entry, [](Entries x) { return std::tanh(x[0]); }},
    {"logistic", 1, Called::by_entry, [](Entries x) { return 1.0 / (1.0 + std::exp(-x[0])); }},
    {"rectified", 1, Called::by_entry, [](Entries x) { return x[0] < 0.0 ? 0.0 : x[0]; }},
    {"min", 2, Called::by_entry, [](Entries x) { return least(x[0], x[1]); }},
    {"max", 2, Called::by_entry, [](Entries x) { return greatest(x[0], x[1]); }},
    {"clip", 3, Called::by_entry, [](Entries x) { return least(greatest(x[0], x[1]), x[2]); }},
    {"select", 3, Called::by_entry, [](Entries x) { return selected(x[0], x[1], x[2]); }},
    {"phi", 1, Called::phi},
    {"slope", 1, Called::slope},
    {"previous", 1, Called::previous},
    {"sum", 1, Called::sum},
    {"mean", 1, Called::mean},
    {"gather", 1, Called::gather},
    {"dot", 2, Called::dot},
    {"outer", 2, Called::outer},
};

}  // namespace

void refuse(const std::string& what) { throw std::invalid_argument(what); }

const LiteralFunction& function_of(const Expression& call) {
    for (const LiteralFunction& one : literal_functions) {
        if (one.name != call.name) continue;
        if (call.of.size() != one.arguments) refuse(call.name + "() has other arguments");
        return one;
    }
    refuse("there is no function " + call.name + "()");
}

}  // namespace apical::algebra
