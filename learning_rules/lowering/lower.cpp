#include "learning_rules/lowering/lower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "learning_rules/lowering/beyond_words.hpp"
#include "learning_rules/lowering/binding.hpp"
#include "learning_rules/lowering/cells.hpp"
#include "learning_rules/lowering/pairs.hpp"
#include "learning_rules/lowering/synapses.hpp"

namespace apical {

namespace {

// Whether it is summed over presynaptic cells, of which each set has its own.
bool gathers_from_pre(const Part& part) {
    return (is_gathered(part) && part.of[0].place == Place::pre) ||
           std::any_of(part.of.begin(), part.of.end(), gathers_from_pre);
}

class Lowering {
public:
    Lowering(ProgramBuilder& program, const Binding& binding, const TextRule& rule)
        : program_(program),
          binding_(binding),
          rule_(rule),
          names_(program, binding, rule),
          cells_(program, names_, rule),
          synapses_(program, names_, cells_, rule),
          pairs_(program, names_, cells_, rule) {}

    RuleParts run() {
        check_requirements(program_, binding_, rule_);
        names_.make_set_parameters();
        std::vector<RulePart> signals = bind_signals(program_, binding_, rule_, names_);
        for (const Statement& statement : rule_.equations) lower_statement(statement);
        return parts(std::move(signals));
    }

private:
    // Makes numbers of postsynaptic cells, or one for all, once, and all others for each set.
    void lower_statement(const Statement& statement) {
        program_.by_statement(line_of(statement));
        names_.begin(statement, binding_.synapses.front());
        const Part first = names_.part_of(statement.right);
        const Place place = place_of(statement, first);
        for (const SynapseSetId set : binding_.synapses) {
            const bool is_first = set == binding_.synapses.front();
            names_.begin(statement, set);
            const Part right = is_first ? first : names_.part_of(statement.right);
            if (!is_first && is_made_once(place)) {
                check_same(statement, first, right);
                continue;
            }
            cells_.begin(statement);
            lower_for_set(statement, place, right);
        }
    }

    static bool is_made_once(Place place) {
        return place == Place::post || place == Place::all || place == Place::pairs_of_post;
    }

    Place place_of(const Statement& statement, const Part& right) const {
        if (statement.target == "w") return Place::synapse;
        const StateDeclaration* state = rule_.find_state(statement.target);
        return state ? state->at : right.place;
    }

    void check_same(const Statement& statement, const Part& first, const Part& other) const {
        if (is_same(first, other)) return;
        const Circuit& circuit = program_.circuit();
        check_gathers_none(statement, other);
        reject(binding_.options.where("synapses"),
               fmt::format("rule \"{}\": \"{}\" is made once for all sets, but is another for "
                           "\"{}\" than for \"{}\"; expected {}",
                           rule_.name, shortened(statement.text), circuit[names_.set()].name,
                           circuit[binding_.synapses.front()].name,
                           gathers_from_pre(first)
                               ? "a [plasticity.*] table for each set, whose presynaptic cells "
                                 "are summed over"
                               : "sets that end on one compartment, of cells with one alpha"));
    }

    // Throws if the statement, which is made once for all sets, has a sum over the synapses of one.
    void check_gathers_none(const Statement& statement, const Part& part) const {
        if (is_over_synapses(part))
            reject(
                statement.where,
                fmt::format("rule \"{}\": \"{}\" is over the synapses of one set, and the rule is "
                            "bound to {}; expected it within the statement that changes w, or "
                            "[plasticity.*] tables of one set each",
                            rule_.name, to_text(part), binding_.synapses.size()));
        for (const Part& one : part.of) check_gathers_none(statement, one);
    }

    void lower_for_set(const Statement& statement, Place place, const Part& right) {
        const bool is_kept = statement.target == "w" || rule_.find_state(statement.target);
        if (place == Place::synapse) {
            synapses_.change(statement, right);
            if (!is_kept)
                names_.bind(statement.target, slot_part(names_.slot_of_own(), Place::synapse));
        } else if (is_of_pairs(place)) {
            pairs_.change(statement, right);
        } else if (is_kept) {
            cells_.change(right, place);
        } else if (place == Place::number) {
            names_.bind(statement.target, right);
        } else {
            names_.bind(statement.target, slot_part(cells_.make(right), place));
        }
    }

    RuleParts parts(std::vector<RulePart> signals) {
        RuleParts all;
        for (const Parameter& one : rule_.parameters) {
            const double value = names_.parameter(one);
            all.constants.push_back({one.name, value});
            if (one.name == "rate") all.rate = Rate{value, binding_.options.where("rate")};
        }
        for (RulePart& one : signals) {
            if (one.name == "credit") {
                all.credit = names_.slot_of("credit");
            } else {
                all.slots.push_back(std::move(one));
            }
        }
        for (const Requirement need : rule_.needs) {
            // The voltage is the prediction of what its cells fire.
            if (need == Requirement::alone_on_its_compartment)
                all.slots.push_back({"predicted", {program_.rate(names_.cells(Place::post))}});
        }
        return all;
    }

    ProgramBuilder& program_;
    const Binding& binding_;
    const TextRule& rule_;
    NamesInCircuit names_;
    CellWords cells_;
    SynapseWords synapses_;
    PairWords pairs_;
};

}  // namespace

RuleParts lower(ProgramBuilder& program, const Binding& binding, const TextRule& rule) {
    check_equations(rule);
    return Lowering(program, binding, rule).run();
}

}  // namespace apical
