#pragma once

#include "sim/algebra/network.hpp"
#include "sim/algebra/rho.hpp"

namespace apical::algebra {

// Unbiased online recurrent optimisation (Tallec & Ollivier 2018): A_k B_ij estimates M_kij.
// With n signs nu, A~ = J A, P_ij = nu_i alpha phi'_i r^_j, rho0^2 = |B| / |A~|, rho1^2 = |P| /
// sqrt(n): A <- rho0 A~ + rho1 nu;  B <- B / rho0 + P / rho1;  G_ij = (c-bar . A) B_ij
class Uoro : public Network {
public:
    // A: n numbers, B: n x m, both ~ N(0, 1)
    Uoro(const Settings& settings, const Start& start, const Vector& first_A, const Matrix& first_B,
         const Rho& scaling = {})
        : Network(settings, start), rho(scaling), A(first_A), B(first_B) {}

    void step(const Vector& x, const Vector& label, const Vector& nu) {
        forward(x, label);
        J = jacobian(slope);
        const Vector carried = J * A;
        const Matrix P = nu.cwiseProduct(immediate) * r_hat.transpose();
        rho0 = rho.rho0(B.norm(), carried.norm());
        rho1 = rho.rho1(P.norm(), nu.norm());
        A = rho0 * carried + rho1 * nu;
        B = B / rho0 + P / rho1;
        G = c_bar.dot(A) * B;
        descend();
    }

    Rho rho;
    Vector A;                       // n
    Matrix B;                       // n x m
    Matrix J;                       // n x n
    double rho0 = 1.0, rho1 = 1.0;  // of the last step
};

}  // namespace apical::algebra
