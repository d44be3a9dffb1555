#include "sim/verify/phi_of.hpp"

namespace apical {

std::optional<algebra::Activation> phi_of(Activation activation) {
    switch (activation) {
        case Activation::linear:
            return algebra::Activation::linear;
        case Activation::tanh:
            return algebra::Activation::tanh;
        case Activation::rectified:
            return algebra::Activation::rectified;
        case Activation::logistic:
            return algebra::Activation::logistic;
        case Activation::softmax:
            break;
    }
    return std::nullopt;
}

}  // namespace apical
