// Events that set numbers of rules: their parameters, and what they keep.
#include "learning_rules/book/set_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

std::string who(const Intervention& event) {
    return fmt::format("[event.{}] sets \"{}\"", event.name, shortened(event.number_address()));
}

std::vector<std::string> numbers_of(const TextRule& rule) {
    std::vector<std::string> names;
    for (const Parameter& one : rule.parameters) names.push_back(one.name);
    for (const StateDeclaration& one : rule.state) names.push_back(one.name);
    return names;
}

void check_range(const Intervention& event, double least, double most) {
    if (event.amount >= least && event.amount <= most) return;
    reject(event.where, fmt::format("{} to {:.6g}, which is out of its range; expected a number "
                                    "from {:.6g} to {:.6g}",
                                    who(event), event.amount, least, most));
}

// The rate of a rule that is no equations: the one number of it that can be set.
void check_rate(const ProgramBuilder& program, const Intervention& event, const Binding& binding,
                const LearningRule& rule, const Application& how) {
    const auto key = std::ranges::find(rule.keys, learning_rate.name, &Key::name);
    if (event.number != learning_rate.name || key == rule.keys.end())
        reject(event.where, fmt::format("{}, and the rule \"{}\" is no equations, of which {}; "
                                        "expected stop = \"plasticity.{}\"",
                                        who(event), rule.name,
                                        key == rule.keys.end() ? "no numbers can be set"
                                                               : "the rate alone can be set",
                                        event.rule));
    check_range(event, key->minimum, key->maximum);
    if (how.optimiser.takes_rate()) return;
    if (!how.is_direct())
        reject(event.where, fmt::format("{}, whose changes are not made as the rule says; expected "
                                        "an optimiser, or no apply, schedule or average beside it",
                                        who(event)));
    if (binding.rate().value == 0.0)
        reject(event.where, fmt::format("{}, of a table with the rate 0; expected a rate above 0 "
                                        "there, and an event that sets it to 0 at first",
                                        who(event)));
    for (const Intervention& other : program.circuit().interventions) {
        const bool stops = other.action == Intervention::Action::stop && other.rule == event.rule;
        const bool is_second = &other != &event && other.sets_number_of(event.rule, false);
        if (stops || is_second)
            reject(event.where, fmt::format("{}, of the rule \"{}\", and [event.{}] does something "
                                            "to it as well; expected one event",
                                            who(event), rule.name, other.name));
    }
}

// A number of equations.
void set_number(ProgramBuilder& program, const Intervention& event, const TextRule& rule,
                std::size_t first) {
    const std::vector<std::string> known = numbers_of(rule);
    if (std::find(known.begin(), known.end(), event.number) == known.end())
        reject(
            event.where,
            fmt::format("{}, and the rule \"{}\" has no such number; expected one of {}.{}",
                        who(event), rule.name, list_of(known), did_you_mean(event.number, known)));
    if (const Parameter* parameter = rule.find_parameter(event.number))
        check_range(event, *parameter);
    if (program.set_number(event, first)) return;
    reject(event.where,
           fmt::format("{}, which the rule does not change; expected a number that its "
                       "equations make",
                       who(event)));
}

}  // namespace

void check_range(const Intervention& event, const Parameter& parameter) {
    check_range(event, parameter.minimum, parameter.maximum);
}

void set_numbers(ProgramBuilder& program, const Binding& binding, const LearningRule& rule,
                 const Application& how, std::size_t first) {
    for (const Intervention& event : program.circuit().interventions) {
        if (!event.sets_number_of(binding.label, false)) continue;
        const bool is_optimised = how.optimiser.takes_rate() && event.number == learning_rate.name;
        if (!rule.text) {
            check_rate(program, event, binding, rule, how);
            if (!is_optimised) program.set_rate(event, first, binding.rate().value);
        } else if (is_optimised) {
            if (const Parameter* rate = rule.text->find_parameter(event.number))
                check_range(event, *rate);
        } else {
            set_number(program, event, *rule.text, first);
        }
    }
}

}  // namespace apical
