#pragma once

#include <string>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// What the loss of a readout is called, and its unit.
struct LossKind {
    std::string name;   // "cross-entropy", "half mean square"
    std::string units;  // "nats"; "1" has no unit
};

inline LossKind loss_kind(Activation readout) {
    if (readout == Activation::softmax) return {"cross-entropy", "nats"};
    return {"half mean square", "1"};
}

}  // namespace apical
