#include "sim/verify/phi_of.hpp"

#include "sim/algebra/literal_activation.hpp"

namespace apical {

std::optional<algebra::Activation> phi_of(const Circuit& circuit, const Population& cells) {
    switch (cells.activation) {
        case Activation::linear:
            return algebra::Activation::linear;
        case Activation::tanh:
            return algebra::Activation::tanh;
        case Activation::rectified:
            return algebra::Activation::rectified;
        case Activation::logistic:
            return algebra::Activation::logistic;
        case Activation::written:
            return algebra::literal_activation(circuit.written(cells)->equation);
        case Activation::softmax:
            break;
    }
    return std::nullopt;
}

}  // namespace apical
