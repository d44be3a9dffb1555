#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "circuits/anatomy/recurrent_network.hpp"
#include "sim/diagnosis/network_numbers.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/engine/state.hpp"
#include "sim/engine/state_matrices.hpp"
#include "sim/model/model.hpp"
#include "sim/simulation/scheduler.hpp"
#include "sim/verify/gradient.hpp"
#include "sim/verify/rules_of.hpp"

namespace apical {

// Which plan a circuit is run by.
enum class Performed : std::uint8_t {
    plainly,   // an operation after the other, as they are listed
    as_a_run,  // what `apical run` performs (sim/runs/run.hpp)
};

// A model that is stepped without being recorded, seen as the network of the equations.
class CircuitRun {
public:
    // The model must outlive this. Throws Error{bad_model} when the circuit is no recurrent network
    // with biases (circuits/anatomy/recurrent_network.hpp).
    explicit CircuitRun(const Model& model, Performed performed = Performed::plainly);
    CircuitRun(const CircuitRun&) = delete;
    CircuitRun& operator=(const CircuitRun&) = delete;

    // Throws Error{numerical_failure} as the scheduler does. The gradients are read before the
    // step's end.
    void step();
    std::int64_t steps() const { return scheduler_.step(); }  // completed

    // ---- the network's numbers
    algebra::Matrix W() const { return numbers_.W(); }
    algebra::Matrix W_out() const { return numbers_.W_out(); }
    algebra::Vector r() const { return numbers_.r(); }
    algebra::Vector x() const { return numbers_.x(); }
    algebra::Vector label() const { return numbers_.label(); }
    // The gradients that the last step's changes followed, from the factors of these changes.
    const algebra::Matrix& G() const { return G_; }
    const algebra::Matrix& G_out() const { return G_out_; }

    // Puts the numbers of another network of this size, n x (n + n_in + 1) and n_out x (n + 1), in
    // the place of the circuit's own.
    void set_weights(const algebra::Matrix& W, const algebra::Matrix& W_out);
    // Sets rates before the first step.
    void set_rates(const algebra::Vector& r);

    // ---- what else is there
    const Model& model() const { return model_; }
    const Circuit& circuit() const { return model_.circuit; }
    const RecurrentNetwork& network() const { return network_; }
    const State& state() const { return state_; }
    Performed performed() const { return performed_; }
    double rate() const { return rate_; }          // learning rate of W; 0 when nothing changes it
    double rate_out() const { return rate_out_; }  // of W_out
    // What a rule makes or keeps for itself; unset when there is none.
    SlotId slot(const RuleQuantity& name) const { return model_.program.of_rule(name); }
    // Activation, alpha and loss; the learning rates are 0.
    algebra::Settings settings() const {
        return settings_of(model_.circuit, model_.task->shape().readout, network_);
    }
    algebra::Matrix matrix(const RuleQuantity& name) const {
        return numbers_of(state_, slot(name));
    }
    algebra::Vector vector(const RuleQuantity& name) const { return matrix(name).col(0); }
    std::vector<SlotId> strengths(const std::vector<SynapseSetId>& sets) const;
    // The tags that a rule calls this at the synapses of W_rec, W_in and b, in the order of W.
    std::vector<SlotId> at_synapses(std::string_view quantity) const;

private:
    const Model& model_;
    Performed performed_;
    RecurrentNetwork network_;
    Program program_;
    State state_;
    Workers workers_;
    Plan plan_;
    Scheduler scheduler_;
    NetworkNumbers numbers_;
    double rate_, rate_out_;
    Gradient of_W_, of_W_out_;
    algebra::Matrix G_, G_out_;
};

}  // namespace apical
