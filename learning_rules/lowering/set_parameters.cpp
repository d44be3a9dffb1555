// Parameters that events set are numbers of the program, and constants no longer.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "learning_rules/lowering/beyond_words.hpp"
#include "learning_rules/lowering/lower.hpp"
#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

namespace {

// Names that follow from the parameter: it itself, and what statements make of it.
class NamesThatFollow {
public:
    NamesThatFollow(const TextRule& rule, const std::string& parameter) : names_{parameter} {
        for (const Statement& one : rule.equations) {
            const bool is_made = one.assignment == Assignment::set && !rule.find_state(one.target);
            if (is_made && are_in(one.right)) names_.push_back(one.target);
        }
    }

    bool are_in(const Expression& e) const {
        return std::ranges::any_of(
            names_, [&](const std::string& name) { return find_name(e, name) != nullptr; });
    }

private:
    std::vector<std::string> names_;
};

// Whether what multiplies or divides x in a sum of products is made of these names.
bool multiply(const NamesThatFollow& names, const Expression& e, const std::string& x) {
    if (!find_name(e, x)) return false;
    switch (e.symbol) {
        case Symbol::negative:
            return multiply(names, e.of[0], x);
        case Symbol::add:
        case Symbol::subtract:
            return multiply(names, e.of[0], x) || multiply(names, e.of[1], x);
        case Symbol::multiply:
        case Symbol::divide:
            for (const std::size_t k : {0, 1}) {
                if (find_name(e.of[k], x) && names.are_in(e.of[1 - k])) return true;
            }
            return multiply(names, e.of[0], x) || multiply(names, e.of[1], x);
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::power:
            break;
    }
    return false;
}

// Throws if the exact step of a d/dt needs the parameter, which is worked out before the run.
void check_steps(const TextRule& rule, const Intervention& event) {
    const NamesThatFollow names(rule, event.number);
    for (const Statement& one : rule.equations) {
        if (one.assignment != Assignment::rate_of_change || !multiply(names, one.right, one.target))
            continue;
        reject(event.where,
               fmt::format("[event.{0}] sets \"{1}\", a constant by which \"{2}\" is carried on; "
                           "expected {3} = exp(...) * {3} + ... in place of d{3}/dt, or no such "
                           "event",
                           event.name, shortened(event.number_address()), shortened(one.text),
                           one.target));
    }
}

}  // namespace

void NamesInCircuit::make_set_parameters() {
    for (const Intervention& event : circuit_.interventions) {
        const Parameter* set = is_set(event) ? rule_.find_parameter(event.number) : nullptr;
        if (!set) continue;
        check_steps(rule_, event);
        if (!set_parameter(set->name))
            program_.constant(parameter(*set), quantity(set->name, Place::all));
    }
}

}  // namespace apical
