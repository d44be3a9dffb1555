#include "sim/verify/text_rules.hpp"

#include <algorithm>

#include "sim/verify/activation_texts.hpp"
#include "sim/verify/axons_beside_rates.hpp"
#include "sim/verify/cell_equations.hpp"
#include "sim/verify/cell_texts.hpp"
#include "sim/verify/comparison.hpp"
#include "sim/verify/followed_run.hpp"
#include "sim/verify/one_by_one.hpp"
#include "sim/verify/rule_texts.hpp"

namespace apical {

namespace {

// The first operation that finds the step's loss made; the count of operations when none does.
std::size_t first_after_loss(const Model& model) {
    const PopulationId output = model.circuit.find_role(Role::output);
    std::size_t phase = 0;
    while (output && phase < model.circuit.phases.size() &&
           !model.circuit.fires(output, PhaseId(phase)))
        ++phase;
    std::size_t i = 0;
    const std::vector<Operation>& all = model.program.operations;
    while (i < all.size() && all[i].phase.value <= phase) ++i;
    return i;
}

// All that a model says as equations, each beside its text, and what its axons bring.
class AllBesideText {
public:
    AllBesideText(const Model& model, const State& state)
        : activations_(model), equations_(model), axons_(model) {
        for (const BoundRule& bound : model.rules) {
            if (bound.rule->text) rules_.emplace_back(model, bound);
        }
        for (const CellDynamics& one : model.dynamics) cells_.emplace_back(model, one);
        for (RuleBesideText& rule : rules_) rule.start(state);
        for (CellsBesideText& one : cells_) one.start(state);
        axons_.start(state);
    }

    void begin_step(double loss) {
        for (RuleBesideText& rule : rules_) rule.begin_step(loss);
        for (CellsBesideText& one : cells_) one.begin_step(loss);
        activations_.begin_step();
        equations_.begin_step();
    }
    void before(std::size_t operation, const State& state) {
        for (RuleBesideText& rule : rules_) rule.before(operation, state);
        for (CellsBesideText& one : cells_) one.before(operation, state);
        activations_.before(operation, state);
        equations_.before(operation, state);
    }
    void end_step(const State& plain, const State& run, Comparison& comparison) {
        for (RuleBesideText& rule : rules_) {
            rule.compare(run, comparison);
            rule.compare(plain, comparison);
            rule.end_step(run);
        }
        for (CellsBesideText& one : cells_) {
            one.compare(plain, run, comparison);
            one.end_step(run);
        }
        activations_.compare(plain, run, comparison);
        equations_.compare(plain, run, comparison);
        axons_.compare(run, comparison);
        axons_.end_step(run);
    }

private:
    std::vector<RuleBesideText> rules_;
    std::vector<CellsBesideText> cells_;
    ActivationsBesideText activations_;
    CellsBesideEquations equations_;
    AxonsBesideRates axons_;
};

}  // namespace

bool has_text_rules(const Model& model) {
    return !model.dynamics.empty() || has_written_activations(model) || has_cell_equations(model) ||
           std::any_of(model.rules.begin(), model.rules.end(),
                       [](const BoundRule& bound) { return bound.rule->text != nullptr; });
}

bool has_text_rules_of_its_own(const Model& model) {
    if (!model.dynamics.empty() || has_written_activations(model)) return true;
    const Value* rules = model.root.find("rule");
    const Table* own = rules ? std::get_if<Table>(&rules->content) : nullptr;
    return own && std::any_of(model.rules.begin(), model.rules.end(), [&](const BoundRule& bound) {
               return bound.rule->text && own->find(bound.rule->name);
           });
}

Differences verify_text_rules(const Model& model, std::int64_t steps, double tolerance) {
    FollowedRun run(model);
    OneByOne plain(model);
    AllBesideText texts(model, run.state());
    const SlotId loss = model.program.loss();
    const std::size_t after_loss = first_after_loss(model);
    Differences found{tolerance};
    while (run.steps() < steps) {
        const std::int64_t step = run.steps() + 1;
        plain.copy(run.state());
        run.run_phases();
        plain.copy_given(run.state());
        texts.begin_step(run.loss());
        plain.perform(step, [&](std::size_t operation) {
            if (loss && operation >= after_loss) plain.copy(run.state(), loss);
            texts.before(operation, plain.state());
        });
        Comparison comparison(plain.state(), step, found);
        texts.end_step(plain.state(), run.state(), comparison);
        run.end_step();
    }
    return found;
}

}  // namespace apical
