#pragma once

#include "sim/algebra/network.hpp"

namespace apical::algebra {

// Random-feedback local online learning (Murray 2019):
// B <- (1 - alpha) B + alpha phi' r^(t-1);  G_ij = c-bar_i B_ij
class Rflo : public Network {
public:
    Rflo(const Settings& settings, const Start& start)
        : Network(settings, start), B(Matrix::Zero(n, m)) {}

    void step(const Vector& x, const Vector& label) {
        forward(x, label);
        B = (1.0 - alpha) * B + alpha * slope * r_hat.transpose();
        G = c_bar.asDiagonal() * B;
        descend();
    }

    Matrix B;  // n x m: the traces
};

}  // namespace apical::algebra
