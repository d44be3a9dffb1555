// What can be said of a rule's text in any circuit.
#include <fmt/format.h>

#include <algorithm>

#include "learning_rules/lowering/divisor.hpp"
#include "learning_rules/lowering/facts.hpp"
#include "learning_rules/lowering/lower.hpp"

namespace apical {

namespace {

std::string whole_target(const Statement& statement) {
    const bool rate = statement.assignment == Assignment::rate_of_change;
    return rate ? fmt::format("d{}/dt", statement.target) : statement.target;
}

// Why an expression is not a x + b with a constant a.
struct NotLinear {
    enum class Why { none, factor, inside };
    Why why = Why::none;
    const Expression* part = nullptr;  // the factor of x, or what has x inside it
};

// What keeps `e` from being linear in `x`. `is_constant`: whether a part is one number of the text.
template <class IsConstant>
NotLinear find_not_linear(const Expression& e, std::string_view x, const IsConstant& is_constant) {
    if (!find_name(e, x) || e.symbol == Symbol::name) return {};
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
                if (find_name(e.of[k], x) && !is_constant(e.of[1 - k]))
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

class EquationCheck {
public:
    explicit EquationCheck(const TextRule& rule)
        : rule_(rule), names_(rule), facts_(rule, names_) {}

    void run() {
        for (std::size_t k = 0; k < rule_.equations.size(); ++k) check(k);
        check_all_is_read();
        check_states();
        facts_.mistakes().reject_any();
    }

private:
    using Why = NotLinear::Why;

    void check(std::size_t k) {
        const Statement& statement = rule_.equations[k];
        facts_.begin(statement);
        const std::optional<Fact> right = facts_.of(statement.right);
        const std::optional<Meaning> target = target_of(statement);
        if (target && right) {
            check_place(statement, *target, *right);
            check_unit(statement, *target, *right);
        }
        if (statement.assignment == Assignment::rate_of_change && right) check_linear(statement);
        check_once(k);
        if (statement.target == "w") check_last(k);
        if (target || names_.find(statement.target)) return;
        if (!right || statement.assignment != Assignment::set)
            return names_.make_mistaken(statement.target);
        if (right->place == Place::synapse) check_free_at_synapses(statement);
        if (is_of_pairs(right->place)) return reject_made_of_pairs(statement, right->place);
        check_is_no_change(statement);
        names_.make(statement.target, right->place, right->unit);
    }

    // Tells that a matrix between cells is a state, and not made anew.
    void reject_made_of_pairs(const Statement& statement, Place pairs) {
        facts_.tell(
            statement.where,
            fmt::format("\"{0}\" would be {1}, which is a state; expected state = {{ {0} = "
                        "{{ at = \"pairs\", of = \"{2}\" }} }}",
                        statement.target, in_words(pairs), spelling_of(cells_of_pairs(pairs))));
        names_.make_mistaken(statement.target);
    }

    // "dw = ..." makes a number that nothing adds to w.
    void check_is_no_change(const Statement& statement) {
        if (!statement.target.starts_with('d')) return;
        const std::string changed = statement.target.substr(1);
        if (changed != "w" && !rule_.find_state(changed)) return;
        facts_.tell(
            statement.where,
            fmt::format("\"{0}\" would be a new name, and \"{1}\" stay as it is; expected {1} "
                        "+= ..., or d{1}/dt = ...",
                        statement.target, changed));
    }

    // Nothing when the statement makes a name, or assigns what it cannot.
    std::optional<Meaning> target_of(const Statement& statement) {
        const std::optional<Meaning> known = names_.find(statement.target);
        const bool is_changed = statement.assignment != Assignment::set;
        const bool is_no_name =
            statement.target == "w" || statement.target.find('.') != std::string::npos;
        if (rule_.of_cells && !known && is_no_name) {
            reject_target(statement);
            return std::nullopt;
        }
        if (!known && !is_changed) return std::nullopt;
        if (!known) {
            const std::vector<std::string> all = names_.known();
            facts_.tell(statement.where,
                        fmt::format("\"{0}\" changes \"{1}\", which is no state; expected state = "
                                    "{{ {1} = ... }}, or {1} = ....{2}",
                                    shortened(statement.text), shortened(statement.target),
                                    did_you_mean_name(statement.target, all)));
            return std::nullopt;
        }
        if (known->source == Source::state || known->source == Source::strength) return known;
        if (rule_.of_cells && known->source == Source::voltage) {
            check_adds(statement);
            return known;
        }
        if (known->source != Source::made) reject_target(statement);
        return std::nullopt;
    }

    void reject_drawn(const StateDeclaration& state) {
        facts_.add({state.where, fmt::format("rule \"{}\" draws \"{}\" in each step, and its "
                                             "equations change it; expected another name for what "
                                             "they change",
                                             rule_.name, state.name)});
    }

    void reject_target(const Statement& statement) {
        facts_.tell(statement.where,
                    fmt::format("\"{}\" cannot be assigned; expected {}, a state or a new name",
                                statement.target, rule_.of_cells ? "soma.v += ..." : "w"));
    }

    // A voltage is what a phase transmits; equations add to it.
    void check_adds(const Statement& statement) {
        const bool adds =
            statement.assignment == Assignment::add || statement.assignment == Assignment::subtract;
        if (adds) return;
        facts_.tell(statement.where,
                    fmt::format("\"{0}\" is made by what the phase transmits; expected {0} += ...",
                                statement.target));
    }

    // A made number at synapses is a tag of its name; those of states were told with their table.
    void check_free_at_synapses(const Statement& statement) {
        if (!is_name_of_synapses(statement.target)) return;
        facts_.tell(statement.where,
                    fmt::format("\"{}\" is a name of the synapses' own; expected "
                                "another than {}",
                                statement.target, fmt::join(names_of_synapses, ", ")));
    }

    void check_place(const Statement& statement, const Meaning& target, const Fact& right) {
        if (fits_at(right.place, target.place)) return;
        facts_.tell(statement.where,
                    fmt::format("\"{}\" is {}, \"{}\" {}; expected {}", statement.target,
                                in_words(target.place), shortened(to_text(statement.right)),
                                in_words(right.place), expected_instead(target, right)));
    }

    static std::string expected_instead(const Meaning& target, const Fact& right) {
        if (is_of_pairs(target.place)) return "outer(a, b) of two numbers in these cells";
        if (is_of_pairs(right.place)) return "state at \"pairs\", or dot(P, x)";
        return fmt::format("state at \"{}\", or sum(...)",
                           spelling_of(join(target.place, right.place)));
    }

    void check_unit(const Statement& statement, const Meaning& target, const Fact& right) {
        const bool rate = statement.assignment == Assignment::rate_of_change;
        const double needed = rate ? target.unit - 1.0 : target.unit;
        if (right.unit == needed) return;
        const std::string found = shortened(to_text(statement.right));
        std::string sentence =
            fmt::format("\"{}\" needs {}, \"{}\" is {}", whole_target(statement),
                        needed == -1.0 && rate ? "a change per ms" : unit_in_words(needed), found,
                        unit_in_words(right.unit));
        if (rate && right.unit == target.unit) sentence += over_a_time(statement.right);
        if (!rate && right.unit == needed + 1.0 && reads(statement.right, "step_ms"))
            sentence += "; expected it over a time, as by a parameter rate_per_ms";
        facts_.tell(begin_of(statement.right), sentence);
    }

    static bool reads(const Expression& e, std::string_view name) {
        if (e.symbol == Symbol::name && e.name == name) return true;
        return std::ranges::any_of(e.of, [&](const Expression& one) { return reads(one, name); });
    }

    // What is expected of a d/dt that is over no time. A parameter is one by its name alone.
    std::string over_a_time(const Expression& right) const {
        const Expression* divisor = divisor_of(right);
        const bool is_number =
            divisor && rule_.find_parameter(divisor->name) && unit_of_name(divisor->name) == 0.0;
        if (is_number)
            return fmt::format(
                "; expected a time for \"{0}\", which is a number by its name: name "
                "it {0}_ms",
                divisor->name);
        return fmt::format("; expected it over a time, as in ({}) / tau_ms",
                           shortened(to_text(right)));
    }

    void check_linear(const Statement& statement) {
        Facts silent(rule_, names_);
        const auto is_constant = [&](const Expression& part) {
            const std::optional<Fact> fact = silent.of(part);
            return fact && fact->place == Place::number;
        };
        const NotLinear found = find_not_linear(statement.right, statement.target, is_constant);
        if (found.why == Why::none) return;
        const std::string part = shortened(to_text(*found.part)), &x = statement.target;
        const std::string why =
            found.why == Why::factor
                ? fmt::format("multiplies {} by \"{}\", which is no constant", x, part)
                : fmt::format("has {} within \"{}\"", x, part);
        facts_.tell(statement.where, fmt::format("\"{}\" {}, so it has no exact step; expected {} "
                                                 "+= step_ms * (...)",
                                                 whole_target(statement), why, x));
    }

    void check_once(std::size_t k) {
        const Statement& statement = rule_.equations[k];
        for (std::size_t before = 0; before < k; ++before) {
            const Statement& other = rule_.equations[before];
            if (other.target != statement.target) continue;
            // A text of the command line has no lines.
            const std::string by = other.where.line > 0
                                       ? fmt::format("in line {}", other.where.line)
                                       : fmt::format("by \"{}\"", shortened(other.text));
            facts_.tell(statement.where, fmt::format("\"{}\" is assigned {} already; expected one "
                                                     "statement for each name",
                                                     statement.target, by));
            return;
        }
    }

    // Strengths change last in a phase, whatever stands behind.
    void check_last(std::size_t k) {
        bool is_told = false;
        for (std::size_t behind = k + 1; behind < rule_.equations.size(); ++behind) {
            if (rule_.equations[behind].target == "w") return;
            const Expression* read = find_name(rule_.equations[behind].right, "w");
            if (!read) continue;
            is_told = true;
            facts_.begin(rule_.equations[behind]);
            facts_.tell(read->where,
                        "\"w\" is read behind the statement that changes it; strengths change "
                        "last: expected that statement at the end");
        }
        if (is_told || k + 1 == rule_.equations.size()) return;
        facts_.tell(rule_.equations[k].where,
                    "\"w\" is changed before the last statement; strengths change last: expected "
                    "that statement at the end");
    }

    void check_all_is_read() {
        const auto tell = [&](const Where& where, std::string_view what, const std::string& name) {
            if (facts_.has_read(name) || facts_.has_misspelt(name)) return;
            facts_.add({where, fmt::format("rule \"{}\" has the {} \"{}\", which its equations do "
                                           "not read",
                                           rule_.name, what, name)});
        };
        for (const Parameter& one : rule_.parameters) tell(one.where, "parameter", one.name);
        for (const SignalDeclaration& one : rule_.signals) tell(one.where, "signal", one.name);
    }

    bool is_changed(std::string_view name) const {
        return std::any_of(rule_.equations.begin(), rule_.equations.end(),
                           [&](const Statement& one) { return one.target == name; });
    }

    bool adds_to_a_voltage() const {
        return std::any_of(
            rule_.equations.begin(), rule_.equations.end(),
            [](const Statement& one) { return one.target.find('.') != std::string::npos; });
    }

    // A rule may change no strength: its states may be what somebody records.
    void check_states() {
        if (facts_.mistakes().any()) return;  // a misspelt name may be what is missing
        bool changes = is_changed("w") || (rule_.of_cells && adds_to_a_voltage());
        for (const StateDeclaration& one : rule_.state) {
            const bool is_target = is_changed(one.name);
            changes = changes || is_target;
            if (is_target && one.drawn != Drawn::no) reject_drawn(one);
            if (is_target || facts_.has_read(one.name)) continue;
            facts_.add({one.where, fmt::format("rule \"{}\" has the state \"{}\", which its "
                                               "equations neither read nor change",
                                               rule_.name, one.name)});
        }
        if (!changes && !rule_.equations.empty()) {
            facts_.begin(rule_.equations.front());
            facts_.tell(rule_.equations.front().where,
                        rule_.of_cells ? "its equations change neither a voltage nor a state; "
                                         "expected soma.v += ..., or a state"
                                       : "its equations change neither w nor a state; expected "
                                         "w += ...");
        }
    }

    const TextRule& rule_;
    Names names_;
    Facts facts_;
};

}  // namespace

void check_equations(const TextRule& rule) { EquationCheck(rule).run(); }

}  // namespace apical
