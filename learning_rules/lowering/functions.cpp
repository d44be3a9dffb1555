#include "learning_rules/lowering/functions.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

using Arguments = std::span<const double>;

double sign_of_constant(Arguments x) { return x[0] > 0.0 ? 1.0 : x[0] < 0.0 ? -1.0 : x[0]; }
double clip_of_constants(Arguments x) { return std::min(std::max(x[0], x[1]), x[2]); }

constexpr FunctionOfText all_functions[] = {
    {"abs", 1, UnitRule::same, [](Arguments x) { return std::abs(x[0]); }},
    {"sign", 1, UnitRule::any, sign_of_constant},
    {"step", 1, UnitRule::any, [](Arguments x) { return x[0] > 0.0 ? 1.0 : 0.0; }},
    {"sqrt", 1, UnitRule::root, [](Arguments x) { return std::sqrt(x[0]); }},
    {"exp", 1, UnitRule::numbers, [](Arguments x) { return std::exp(x[0]); }},
    {"log", 1, UnitRule::numbers, [](Arguments x) { return std::log(x[0]); }},
    {"tanh", 1, UnitRule::numbers, [](Arguments x) { return std::tanh(x[0]); }},
    {"logistic", 1, UnitRule::numbers, [](Arguments x) { return 1.0 / (1.0 + std::exp(-x[0])); }},
    {"rectified", 1, UnitRule::same, [](Arguments x) { return std::max(0.0, x[0]); }},
    {"min", 2, UnitRule::same, [](Arguments x) { return std::min(x[0], x[1]); }},
    {"max", 2, UnitRule::same, [](Arguments x) { return std::max(x[0], x[1]); }},
    {"clip", 3, UnitRule::same, clip_of_constants},
    {"select", 3, UnitRule::choice, [](Arguments x) { return x[0] > 0.0 ? x[1] : x[2]; }},
    {"phi", 1, UnitRule::activation},
    {"slope", 1, UnitRule::activation},
    {"previous", 1, UnitRule::name},
    {"sum", 1, UnitRule::gathered},
    {"mean", 1, UnitRule::gathered},
    {"gather", 1, UnitRule::over_synapses},
    {"dot", 2, UnitRule::product},
    {"outer", 2, UnitRule::outer},
};

}  // namespace

std::span<const FunctionOfText> functions_of_text() { return all_functions; }

const FunctionOfText* find_function_of_text(std::string_view name) {
    const auto* found = std::find_if(std::begin(all_functions), std::end(all_functions),
                                     [&](const FunctionOfText& one) { return one.name == name; });
    return found == std::end(all_functions) ? nullptr : found;
}

}  // namespace apical
