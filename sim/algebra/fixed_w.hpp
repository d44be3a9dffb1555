#pragma once

#include "sim/algebra/network.hpp"

namespace apical::algebra {

// The readout alone learns: G = 0.
class FixedW : public Network {
public:
    using Network::Network;

    void step(const Vector& x, const Vector& label) {
        forward(x, label);
        descend();
    }
};

}  // namespace apical::algebra
