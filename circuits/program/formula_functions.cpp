#include "circuits/program/formula_functions.hpp"

namespace apical {

namespace {

struct NodeOfFunction {
    std::string_view name;
    Node node;
};

constexpr NodeOfFunction nodes_of_functions[] = {
    {"abs", Node::absolute}, {"sign", Node::sign},         {"step", Node::step},
    {"sqrt", Node::root},    {"exp", Node::exponential},   {"log", Node::logarithm},
    {"tanh", Node::tanh},    {"logistic", Node::logistic}, {"rectified", Node::rectified},
    {"min", Node::minimum},  {"max", Node::maximum},       {"select", Node::select}};

}  // namespace

std::optional<Node> node_of_function(std::string_view name) {
    for (const NodeOfFunction& one : nodes_of_functions) {
        if (one.name == name) return one.node;
    }
    return std::nullopt;
}

std::vector<std::string> functions_of_formulas() {
    std::vector<std::string> names;
    for (const NodeOfFunction& one : nodes_of_functions) names.emplace_back(one.name);
    names.emplace_back("clip");
    return names;
}

}  // namespace apical
