#include "sim/verify/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "sim/engine/state_matrices.hpp"
#include "sim/verify/activation_texts.hpp"
#include "sim/verify/cell_texts.hpp"
#include "sim/verify/comparison.hpp"
#include "sim/verify/followed_run.hpp"
#include "sim/verify/kept_strengths.hpp"
#include "sim/verify/one_by_one.hpp"
#include "sim/verify/phi_of.hpp"
#include "sim/verify/text_names.hpp"

namespace apical {

namespace {

using algebra::Home;
using Means = TextName::Means;

algebra::CellsOfEnd end_of(const Circuit& circuit, PopulationId cells) {
    return {circuit[cells].size, phi_of(circuit, circuit[cells])};
}

algebra::LiteralEquations equations_of(const Model& model, const BoundRule& bound) {
    const Circuit& circuit = model.circuit;
    std::vector<algebra::CellsOfEnd> pre;
    for (const SynapseSetId set : bound.synapses) pre.push_back(end_of(circuit, circuit[set].pre));
    return {bound.rule->text->equations, end_of(circuit, circuit[bound.synapses.front()].post),
            std::move(pre)};
}

class RuleBesideText {
public:
    RuleBesideText(const Model& model, const BoundRule& bound)
        : circuit_(model.circuit),
          program_(model.program),
          bound_(bound),
          names_(model, bound),
          equations_(equations_of(model, bound)),
          first_(first_of_rule(program_, bound)),
          first_of_strengths_(first_change(program_, bound)),
          kept_(model) {
        check_strengths();
        for (const SynapseSetId set : bound.synapses) {
            const std::size_t by = own_transmission(model, bound, set);
            carried_.push_back({by, by < program_.operations.size()
                                        ? program_.operations[by].operands[1].slot
                                        : SlotId{}});
        }
    }

    // Before the first step.
    void start(const State& state) {
        remember(state);
        for (Carried& one : carried_) one.now = numbers_if(state, one.slot);
        std::vector<algebra::Matrix> exist;
        for (const SynapseSetId set : bound_.synapses)
            exist.push_back(existing_synapses(state, set));
        equations_.leave_out(std::move(exist));
        give_activations(state);
    }

    void begin_step(double loss) {
        loss_before_ = loss_;
        loss_ = loss;
        has_taken_place_ = false;
        for (Carried& one : carried_) {
            one.before = one.now;
            one.is_seen = false;
        }
        kept_.begin_step();
    }

    // Before an operation takes place.
    void before(std::size_t operation, const State& state) {
        for (Carried& one : carried_) {
            if (one.by != operation) continue;
            one.now = numbers_of(state, one.slot);
            one.is_seen = true;
        }
        kept_.before(operation, state);
        if (operation == first_) begin_rule(state);
        if (operation == first_of_strengths_) {
            read_outside(state);
            take(true);
        }
    }

    // After the step's last phase. `state` is one that the step has made.
    void compare(const State& state, Comparison& comparison) const {
        if (!has_taken_place_) return;
        const algebra::LiteralEquations& all = equations_;
        for (std::size_t k = 0; k < all.count(); ++k) {
            const std::string& name = all.statement(k).target;
            compare(name, all[name], state, comparison);
        }
    }

    void end_step(const State& state) { remember(state); }

private:
    struct Carried {
        std::size_t by;  // which operation
        SlotId slot;
        bool is_seen = false;
        algebra::Matrix now = {}, before = {};
    };

    void give_activations(const State& state) {
        const auto of = [&](PopulationId cells) {
            return phi_of_cells(circuit_, cells, state, texts_);
        };
        equations_.give_activations(Home::post, 0, of(circuit_[bound_.synapses.front()].post));
        for (std::size_t k = 0; k < bound_.synapses.size(); ++k)
            equations_.give_activations(Home::pre, k, of(circuit_[bound_.synapses[k]].pre));
    }

    static algebra::Matrix numbers_if(const State& state, SlotId slot) {
        return slot ? numbers_of(state, slot) : algebra::Matrix();
    }

    void check_strengths() const {
        const std::vector<Statement>& all = bound_.rule->text->equations;
        const bool changes = std::any_of(all.begin(), all.end(),
                                         [](const Statement& one) { return one.target == "w"; });
        if (!changes || first_of_strengths_ < program_.operations.size()) return;
        throw Error(ExitCode::verification_failed,
                    fmt::format("{}: rule \"{}\" changes w, but no operation changes a strength",
                                text(bound_.where), bound_.rule->name));
    }

    void begin_rule(const State& state) {
        for (Carried& one : carried_) {
            if (!one.is_seen) one.now = numbers_if(state, one.slot);
        }
        for (const TextName& name : names_.read()) give(name, state);
        for (const TextName& name : names_.read_previous())
            equations_.give_previous(name.name, before_step(name));
        take(false);
        has_taken_place_ = true;
    }

    void read_outside(const State& state) {
        for (const TextName& name : names_.read()) {
            if (name.means == Means::outside) give(name, state);
        }
    }

    void take(bool of_strengths) {
        for (std::size_t k = 0; k < equations_.count(); ++k) {
            const bool changes_strengths = equations_.statement(k).target == "w";
            if (changes_strengths && of_strengths) w_before_ = equations_["w"].numbers;
            if (changes_strengths == of_strengths) equations_.take(k);
        }
    }

    void give(const TextName& name, const State& state) {
        algebra::Quantity quantity{name.home, {}};
        for (const double one : name.constants)
            quantity.numbers.push_back(algebra::Matrix::Constant(1, 1, one));
        if (name.means == Means::loss) quantity.numbers = {algebra::Matrix::Constant(1, 1, loss_)};
        if (name.means == Means::carried) {
            for (const Carried& one : carried_) quantity.numbers.push_back(one.now);
        }
        for (const std::vector<SlotId>& slots : name.summands)
            quantity.numbers.push_back(sum_of(slots, state));
        equations_.give(name.name, std::move(quantity));
    }

    // The sum of slots; of one that is remembered, what it was remembered of.
    algebra::Matrix sum_of(const std::vector<SlotId>& slots, const State& state) const {
        algebra::Matrix sum = numbers_now(slots.front(), state);
        for (std::size_t k = 1; k < slots.size(); ++k) sum += numbers_now(slots[k], state);
        return sum;
    }

    algebra::Matrix numbers_now(SlotId slot, const State& state) const {
        const Slot& what = program_[slot];
        return what.what == What::previous ? ends_.at(what.of) : numbers_of(state, slot);
    }

    algebra::Quantity before_step(const TextName& name) const {
        algebra::Quantity quantity{name.home, {}};
        if (name.means == Means::loss)
            quantity.numbers = {algebra::Matrix::Constant(1, 1, loss_before_)};
        if (name.means == Means::carried) {
            for (const Carried& one : carried_) quantity.numbers.push_back(one.before);
        }
        for (const std::vector<SlotId>& slots : name.summands) {
            algebra::Matrix sum = ends_.at(slots.front());
            for (std::size_t k = 1; k < slots.size(); ++k) sum += ends_.at(slots[k]);
            quantity.numbers.push_back(std::move(sum));
        }
        return quantity;
    }

    // What previous(...) of the text, or of an address, will ask for in the next step.
    void remember(const State& state) {
        for (const TextName& name : names_.read_previous()) {
            for (const std::vector<SlotId>& slots : name.summands) {
                for (const SlotId slot : slots) ends_[slot] = numbers_of(state, slot);
            }
        }
        for (const TextName& name : names_.read()) {
            for (const std::vector<SlotId>& slots : name.summands) {
                for (const SlotId slot : slots) {
                    const Slot& what = program_[slot];
                    if (what.what == What::previous) ends_[what.of] = numbers_of(state, what.of);
                }
            }
        }
    }

    void compare(const std::string& name, const algebra::Quantity& expected, const State& state,
                 Comparison& comparison) const {
        const std::vector<SlotId> slots = names_.results(name, expected.home);
        if (expected.home == Home::number || !slots.front()) return;
        const std::string symbol = fmt::format("{}.{}", bound_.label, name);
        if (expected.home == Home::pre || expected.home == Home::pre_pairs) {
            for (std::size_t set = 0; set < slots.size(); ++set) {
                const std::string of_set = program_[slots[set]].name;
                comparison.same(of_set, {slots[set]}, numbers_of(state, slots[set]),
                                expected.numbers[set]);
            }
            return;
        }
        const bool strengths = name == "w";
        const algebra::Matrix found = beside(state, slots),
                              by_text = joined(
                                  strengths ? kept_.kept(bound_.synapses, expected.numbers, state)
                                            : expected.numbers);
        comparison.same(symbol, slots, found, by_text);
        if (!strengths) return;
        const algebra::Matrix w_was = joined(w_before_);
        comparison.same(fmt::format("{}.change of w", bound_.label), slots, found - w_was,
                        by_text - w_was);
    }

    // The numbers of several sets beside each other, as `beside` reads their slots.
    static algebra::Matrix joined(const std::vector<algebra::Matrix>& numbers) {
        algebra::Index columns = 0, first = 0;
        for (const algebra::Matrix& one : numbers) columns += one.cols();
        algebra::Matrix all(numbers.front().rows(), columns);
        for (const algebra::Matrix& one : numbers) {
            all.middleCols(first, one.cols()) = one;
            first += one.cols();
        }
        return all;
    }

    const Circuit& circuit_;
    const Program& program_;
    const BoundRule& bound_;
    TextNames names_;
    algebra::LiteralEquations equations_;
    std::size_t first_, first_of_strengths_;
    std::vector<Carried> carried_;
    std::deque<Expression> texts_;            // of cells' activations
    std::map<SlotId, algebra::Matrix> ends_;  // at the end of last step's last phase
    std::vector<algebra::Matrix> w_before_;
    KeptStrengths kept_;
    double loss_ = 0.0, loss_before_ = 0.0;
    bool has_taken_place_ = false;
};

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

}  // namespace

bool has_text_rules(const Model& model) {
    return !model.dynamics.empty() || has_written_activations(model) ||
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
    std::vector<RuleBesideText> rules;
    for (const BoundRule& bound : model.rules) {
        if (bound.rule->text) rules.emplace_back(model, bound);
    }
    for (RuleBesideText& rule : rules) rule.start(run.state());
    std::vector<CellsBesideText> cells;
    for (const CellDynamics& one : model.dynamics) cells.emplace_back(model, one);
    for (CellsBesideText& one : cells) one.start(run.state());
    ActivationsBesideText activations(model);
    const SlotId loss = model.program.loss();
    const std::size_t after_loss = first_after_loss(model);
    Differences found{tolerance};
    while (run.steps() < steps) {
        const std::int64_t step = run.steps() + 1;
        plain.copy(run.state());
        run.run_phases();
        plain.copy_given(run.state());
        for (RuleBesideText& rule : rules) rule.begin_step(run.loss());
        for (CellsBesideText& one : cells) one.begin_step(run.loss());
        activations.begin_step();
        plain.perform(step, [&](std::size_t operation) {
            if (loss && operation >= after_loss) plain.copy(run.state(), loss);
            for (RuleBesideText& rule : rules) rule.before(operation, plain.state());
            for (CellsBesideText& one : cells) one.before(operation, plain.state());
            activations.before(operation, plain.state());
        });
        Comparison comparison(plain.state(), step, found);
        for (RuleBesideText& rule : rules) {
            rule.compare(run.state(), comparison);
            rule.compare(plain.state(), comparison);
            rule.end_step(run.state());
        }
        for (CellsBesideText& one : cells) {
            one.compare(plain.state(), run.state(), comparison);
            one.end_step(run.state());
        }
        activations.compare(plain.state(), run.state(), comparison);
        run.end_step();
    }
    return found;
}

}  // namespace apical
