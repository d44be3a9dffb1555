#pragma once

#include "circuits/anatomy/recurrent_network.hpp"
#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// Activation, alpha and loss of a network whose output is read by `readout`; the learning rates are
// 0. The circuit must outlive them.
algebra::Settings settings_of(const Circuit& circuit, Activation readout,
                              const RecurrentNetwork& network);

// The network's numbers at a moment of a run. The columns of a set that is not there are zero.
class NetworkNumbers {
public:
    // All references must outlive this.
    NetworkNumbers(const Circuit& circuit, const RecurrentNetwork& network, const State& state);

    algebra::Matrix W() const;      // n x (n + n_in + 1)
    algebra::Matrix W_out() const;  // n_out x (n + 1)
    algebra::Vector r() const;      // n
    algebra::Vector x() const;      // n_in: the input's rate
    algebra::Vector label() const;  // n_out: the label's rate

private:
    algebra::Vector rate(PopulationId population) const;
    // The set's strengths into the columns of `to` from `first` on.
    void put(algebra::Matrix& to, SynapseSetId set, int first) const;

    const Circuit& circuit_;
    const RecurrentNetwork& network_;
    const State& state_;
};

}  // namespace apical
