#include "sim/audit/saturation.hpp"

#include "sim/audit/formula_bounds.hpp"

namespace apical {

bool saturates(const Operation& fire) {
    switch (fire.activation) {
        case Activation::tanh:
        case Activation::logistic:
        case Activation::softmax:
            return true;
        case Activation::linear:
        case Activation::rectified:
            return false;
        case Activation::written:
            return bounds_of(fire.formula, any_of_all(fire.formula)).is_bounded();
    }
    return false;
}

}  // namespace apical
