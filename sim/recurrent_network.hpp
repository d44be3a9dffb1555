#pragma once

#include <string_view>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/model.hpp"
#include "sim/state.hpp"

namespace apical {

// The recurrent network that a model trains, as the equations of the algorithms have it
// (sim/algebra/network.hpp): cells of rate r with W = [W_rec, W_in, b], read out through
// W_out = [W_out, b_out].
struct RecurrentNetwork {
    PopulationId cells, input, label, output, error;  // error: unset when there is none
    SynapseSetId recurrent, from_input, bias;         // W; the last two are unset when not there
    SynapseSetId readout, readout_bias;               // W_out; likewise

    // The sets of W in the order of its columns, and those of W_out.
    std::vector<SynapseSetId> W() const;
    std::vector<SynapseSetId> W_out() const;
};

// `who` begins the message, as in: "verify" needs a model whose ... Throws Error{bad_model} when
// the circuit is no such network: when anything but the cells' own rates of last step, the input
// and a bias drives their somata, or anything but the cells and a bias the output.
RecurrentNetwork recurrent_network_of(const Circuit& circuit, std::string_view who);

// Activation, alpha and loss of the network; the learning rates are 0.
algebra::Settings settings_of(const Model& model, const RecurrentNetwork& network);

// The numbers of a slot, rows x columns; of a per-cell slot a single column.
algebra::Matrix numbers_of(const State& state, SlotId slot);
// By name, as in "hidden.r"; the program must have it.
algebra::Matrix numbers_of(const State& state, std::string_view name);
// Several slots, at least one, of as many rows beside each other.
algebra::Matrix beside(const State& state, const std::vector<SlotId>& slots);

// The network's numbers at a moment of a run. Of a set that is not there the columns are zero.
class NetworkNumbers {
public:
    // All references must outlive this.
    NetworkNumbers(const Model& model, const RecurrentNetwork& network, const State& state);

    algebra::Matrix W() const;      // n x (n + n_in + 1)
    algebra::Matrix W_out() const;  // n_out x (n + 1)
    algebra::Vector r() const;
    algebra::Vector x() const;      // the input's rate
    algebra::Vector label() const;  // the label's rate

private:
    algebra::Vector rate(PopulationId population) const;
    // The set's strengths into the columns of `to` from `first` on.
    void put(algebra::Matrix& to, SynapseSetId set, int first) const;

    const Model& model_;
    const RecurrentNetwork& network_;
    const State& state_;
};

}  // namespace apical
