#pragma once

#include "sim/algebra/network.hpp"

namespace apical::algebra {

// Real-time recurrent learning (Williams & Zipser 1989), Eq. (2): M_kij = dr_k(t) / dW_ij, in row k
// at column i m + j. M <- J M + M-bar;  G_ij = sum_k c-bar_k M_kij
class Rtrl : public Network {
public:
    Rtrl(const Settings& settings, const Start& start)
        : Network(settings, start), M(Matrix::Zero(n, n * m)) {}

    void step(const Vector& x, const Vector& label) {
        forward(x, label);
        J = jacobian(slope);
        M = J * M;
        for (Index i = 0; i < n; ++i) {
            M.row(i).segment(i * m, m) += immediate(i) * r_hat.transpose();
            G.row(i) = c_bar.transpose() * M.middleCols(i * m, m);
        }
        descend();
    }

    Matrix J;  // n x n
    Matrix M;  // n x (n m)
};

}  // namespace apical::algebra
