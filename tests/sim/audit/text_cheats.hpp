#pragma once

#include <string>

#include "tests/sim/engine/plan/draft_program.hpp"

// Rules written as equations, bound to a set of the audited circuit, and what the audit finds in
// them.
namespace apical::text_cheats {

struct MadeUpRule {
    std::string equations;
    std::string state = {};    // `trace = "post"`
    std::string signals = {};  // `held = "post"`
    std::string binding = {};  // `held = "hidden.held"`
    std::string lines = {};    // beside it: [dynamics.*]
};

inline std::string table_of(const std::string& name, const std::string& content) {
    return content.empty() ? "" : name + " = { " + content + " }, ";
}

// The audited circuit with the rule at the synapses "A", from the hidden cells to their apical
// dendrites.
inline std::string model_text(const MadeUpRule& rule) {
    return honest_lines + rule.lines + "rule.made_up = { " + table_of("state", rule.state) +
           table_of("signals", rule.signals) + "equations = '''\n" + rule.equations + "\n''' }\n" +
           "plasticity.made_up = { rule = \"made_up\", synapses = [\"A\"]" +
           (rule.binding.empty() ? "" : ", " + rule.binding) + " }\n";
}

// Equations in the hidden cells, behind their firing.
inline std::string behind_firing(const std::string& equations, const std::string& state) {
    return "dynamics.made_up = { cells = \"hidden\", during = \"forward\", when = \"after "
           "firing\", state = { " +
           state + " }, equations = '''\n" + equations + "\n''' }\n";
}

// One finding of this criterion has the word in its subject or sentence, and its evidence is an
// operation that the made-up equations asked for.
inline void is_found_among(const std::vector<Finding>& findings, const Model& model,
                           Criterion criterion, const std::string& word) {
    const bool found = std::any_of(findings.begin(), findings.end(), [&](const Finding& one) {
        const std::string& asked_by = model.program.operations[one.operation].asked_by;
        return one.criterion == criterion && asked_by.find("made_up") != std::string::npos &&
               (one.subject == word || one.because.find(word) != std::string::npos);
    });
    INFO("expected " << traits(criterion).name << " of " << word << "; found\n"
                     << findings_of(audit(model), model.program) << "in\n"
                     << listing(model.program));
    CHECK(found);
}

inline void is_found(const MadeUpRule& rule, Criterion criterion = Criterion::continuous_plasticity,
                     const std::string& word = "A") {
    const Model model = model_of_text(model_text(rule));
    is_found_among(audit(model).findings, model, criterion, word);
}

// A finding beyond the paper has the word.
inline void is_said_beyond(const MadeUpRule& rule, Criterion criterion, const std::string& word) {
    const Model model = model_of_text(model_text(rule));
    is_found_among(audit(model).beyond, model, criterion, word);
}

// The rule passes the audit, and no nudge finds a foreign influence.
inline void is_fair(const MadeUpRule& rule) {
    const Model model = model_of_text(model_text(rule));
    const Audit verdict = audit(model);
    INFO(rule.equations << "\n" << findings_of(verdict, model.program));
    CHECK(verdict.passes());
    const MeasuredInfluence measured = measure_influence(model);
    INFO(influences_of(measured));
    CHECK(measured.foreign.empty());
}

// The model is refused with that message, since its text says something of other cells.
inline void is_refused(const MadeUpRule& rule, const std::string& message) {
    CHECK_THROWS_WITH(model_of_text(model_text(rule)), Catch::Contains(message));
}

}  // namespace apical::text_cheats
