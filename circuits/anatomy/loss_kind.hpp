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

// How the loss of a circuit that has one is judged.
inline Activation judged_by(const Circuit& circuit) {
    return circuit.loss ? circuit.loss->readout
                        : circuit[circuit.find_role(Role::output)].activation;
}

// Why a circuit's steps have no loss: "no output", "no label", "no output and no label"; empty when
// they have one.
inline std::string why_no_loss(const Circuit& circuit) {
    const bool output(circuit.find_role(Role::output)), label(circuit.find_role(Role::label));
    if (circuit.has_loss()) return "";
    if (output) return "no label";
    return label ? "no output" : "no output and no label";
}

}  // namespace apical
