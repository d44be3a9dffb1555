#pragma once

#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"

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

}  // namespace apical
