#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "sim/algebra/literal_equations.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"
#include "sim/verify/applied_changes.hpp"
#include "sim/verify/comparison.hpp"
#include "sim/verify/kept_strengths.hpp"
#include "sim/verify/text_names.hpp"

namespace apical {

// The equations of one binding of a rule in text, computed as they are written from the numbers
// that a step found, and held against what the program made of them. Names are read before the
// rule's first operation, those from outside again before its first change of a strength; what a
// set carries is read where its synapses transmit it.
class RuleBesideText {
public:
    // The arguments must outlive this. Throws Error{verification_failed} for a rule that changes
    // strengths and has no operation that does.
    RuleBesideText(const Model& model, const BoundRule& bound);

    // Remembers the numbers of before the first step.
    void start(const State& state);
    void begin_step(double loss);
    // Reads what an operation that takes place finds, before it does.
    void before(std::size_t operation, const State& state);
    // Compares after the step's last phase, with a state that the step has made.
    void compare(const State& state, Comparison& comparison) const;
    void end_step(const State& state) {
        remember(state);
        applied_.end_step();
    }

private:
    struct Carried {
        std::size_t by;  // which operation
        SlotId slot;
        bool is_seen = false;
        algebra::Matrix now = {}, before = {};
    };

    void check_strengths() const;
    void give_synapses(const State& state);
    void give_activations(const State& state);
    void begin_rule(const State& state);
    void read_outside(const State& state);
    void take(bool of_strengths);
    void give(const TextName& name, const State& state);
    algebra::Matrix outside_of_set(const TextName& name, std::size_t k, const State& state) const;
    algebra::Matrix sum_of(const std::vector<SlotId>& slots, const State& state) const;
    algebra::Matrix numbers_now(SlotId slot, const State& state) const;
    algebra::Quantity before_step(const TextName& name, const State& state) const;
    void remember(const State& state);
    // Whether a trial begins in this step.
    bool is_beginning(const State& state) const;
    void compare_strengths(std::vector<algebra::Matrix> by_text, const State& state,
                           Comparison& comparison) const;
    void compare_beside(const std::string& symbol, const std::vector<SlotId>& slots,
                        const std::vector<algebra::Matrix>& found,
                        const std::vector<algebra::Matrix>& expected, Comparison& comparison) const;
    std::vector<algebra::Matrix> numbers_of_all(const std::vector<SlotId>& slots,
                                                const State& state) const;
    void compare(const std::string& name, const algebra::Quantity& expected, const State& state,
                 Comparison& comparison) const;

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
    AppliedChanges applied_;
    double loss_ = 0.0, loss_before_ = 0.0;
    bool has_taken_place_ = false;
};

}  // namespace apical
