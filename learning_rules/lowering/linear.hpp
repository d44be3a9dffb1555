#pragma once

#include <string_view>
#include <vector>

#include "circuits/equations/syntax.hpp"

namespace apical {

// The first character of an expression.
const Where& begin_of(const Expression& expression);

// Whether a name is read in the expression.
bool has_name(const Expression& expression, std::string_view name);

// Why an expression is not a x + b with a constant a.
struct NotLinear {
    enum class Why { none, factor, inside };
    Why why = Why::none;
    const Expression* part = nullptr;  // factor: that x is multiplied by; inside: that has x in it
};

// `is_constant` says of a part whether it is one number of the text.
template <class IsConstant>
NotLinear find_not_linear(const Expression& e, std::string_view x, const IsConstant& is_constant) {
    if (!has_name(e, x) || e.symbol == Symbol::name) return {};
    const auto in = [&](const Expression& part) { return find_not_linear(part, x, is_constant); };
    const auto first_of_two = [&] {
        const NotLinear first = in(e.of[0]);
        return first.why == NotLinear::Why::none ? in(e.of[1]) : first;
    };
    switch (e.symbol) {
        case Symbol::negative:
            return in(e.of[0]);
        case Symbol::add:
        case Symbol::subtract:
            return first_of_two();
        case Symbol::multiply:
            for (std::size_t k : {0, 1}) {
                if (has_name(e.of[k], x) && !is_constant(e.of[1 - k]))
                    return {NotLinear::Why::factor, &e.of[1 - k]};
            }
            return first_of_two();
        case Symbol::divide:
            if (is_constant(e.of[1])) return in(e.of[0]);
            break;
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::power:
            break;
    }
    return {NotLinear::Why::inside, &e};
}

}  // namespace apical
