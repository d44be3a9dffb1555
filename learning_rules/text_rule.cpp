#include "learning_rules/text_rule.hpp"

#include <algorithm>

namespace apical {

namespace {

template <class Declaration>
const Declaration* find_declared(const std::vector<Declaration>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Declaration& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Parameter* TextRule::find_parameter(std::string_view wanted) const {
    return find_declared(parameters, wanted);
}

const SignalDeclaration* TextRule::find_signal(std::string_view wanted) const {
    return find_declared(signals, wanted);
}

const StateDeclaration* TextRule::find_state(std::string_view wanted) const {
    return find_declared(state, wanted);
}

}  // namespace apical
