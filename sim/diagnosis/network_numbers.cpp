#include "sim/diagnosis/network_numbers.hpp"

#include "sim/algebra/literal_activation.hpp"
#include "sim/engine/state_matrices.hpp"

namespace apical {

algebra::Settings settings_of(const Circuit& circuit, Activation readout,
                              const RecurrentNetwork& network) {
    const Population& cells = circuit[network.cells];
    algebra::Settings settings;
    settings.alpha = cells.alpha;
    switch (cells.activation) {
        case Activation::tanh:
            settings.activation = algebra::Activation::tanh;
            break;
        case Activation::rectified:
            settings.activation = algebra::Activation::rectified;
            break;
        case Activation::logistic:
            settings.activation = algebra::Activation::logistic;
            break;
        case Activation::written:
            settings.activation = algebra::literal_activation(circuit.written(cells)->equation,
                                                              circuit.written(cells)->slope_text());
            break;
        case Activation::linear:
        case Activation::softmax:
            settings.activation = algebra::Activation::linear;
    }
    settings.loss =
        readout == Activation::softmax ? algebra::Loss::cross_entropy : algebra::Loss::mean_square;
    return settings;
}

NetworkNumbers::NetworkNumbers(const Circuit& circuit, const RecurrentNetwork& network,
                               const State& state)
    : circuit_(circuit), network_(network), state_(state) {}

void NetworkNumbers::put(algebra::Matrix& to, SynapseSetId set, int first) const {
    if (!set) return;
    const algebra::Matrix strengths = numbers_of(state_, state_.program().strength_of(set));
    to.middleCols(first, strengths.cols()) = strengths;
}

algebra::Matrix NetworkNumbers::W() const {
    const int n = circuit_[network_.cells].size, in = circuit_[network_.input].size;
    algebra::Matrix all = algebra::Matrix::Zero(n, n + in + 1);
    put(all, network_.recurrent, 0);
    put(all, network_.from_input, n);
    put(all, network_.bias, n + in);
    return all;
}

algebra::Matrix NetworkNumbers::W_out() const {
    const int n = circuit_[network_.cells].size;
    algebra::Matrix all = algebra::Matrix::Zero(circuit_[network_.output].size, n + 1);
    put(all, network_.readout, 0);
    put(all, network_.readout_bias, n);
    return all;
}

algebra::Vector NetworkNumbers::rate(PopulationId population) const {
    return numbers_of(state_, state_.program().rate_of(population)).col(0);
}

algebra::Vector NetworkNumbers::r() const { return rate(network_.cells); }
algebra::Vector NetworkNumbers::x() const { return rate(network_.input); }
algebra::Vector NetworkNumbers::label() const { return rate(network_.label); }

}  // namespace apical
