#include "learning_rules/lowering/linear.hpp"

#include <algorithm>

namespace apical {

const Where& begin_of(const Expression& expression) {
    const bool has_two = expression.of.size() == 2 && expression.symbol != Symbol::call;
    return has_two ? begin_of(expression.of.front()) : expression.where;
}

bool has_name(const Expression& expression, std::string_view name) {
    if (expression.symbol == Symbol::name) return expression.name == name;
    return std::any_of(expression.of.begin(), expression.of.end(),
                       [&](const Expression& part) { return has_name(part, name); });
}

}  // namespace apical
