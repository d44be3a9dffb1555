#pragma once

#include "sim/algebra/network.hpp"
#include "sim/algebra/rho.hpp"

namespace apical::algebra {

// Reverse KF-RTRL (Marschall, Cho & Savin 2019): A_i B_kj estimates M_kij. With n signs nu,
// B~ = J B, P_kj = nu_k alpha phi'_k r^_j, rho0^2 = |B~| / |A|, rho1^2 = |P| / sqrt(n):
// A <- rho0 A + rho1 nu;  B <- B~ / rho0 + P / rho1;  G_ij = A_i (c-bar B)_j
class RKf : public Network {
public:
    // A: n numbers, B: n x m, both ~ N(0, 1)
    RKf(const Settings& settings, const Start& start, const Vector& first_A, const Matrix& first_B,
        const Rho& scaling = {})
        : Network(settings, start), rho(scaling), A(first_A), B(first_B) {}

    void step(const Vector& x, const Vector& label, const Vector& nu) {
        forward(x, label);
        J = jacobian(slope);
        const Matrix carried = J * B, P = nu.cwiseProduct(immediate) * r_hat.transpose();
        rho0 = rho.rho0(carried.norm(), A.norm());
        rho1 = rho.rho1(P.norm(), nu.norm());
        A = rho0 * A + rho1 * nu;
        B = carried / rho0 + P / rho1;
        G = A * (c_bar.transpose() * B);
        descend();
    }

    Rho rho;
    Vector A;                       // n
    Matrix B;                       // n x m
    Matrix J;                       // n x n
    double rho0 = 1.0, rho1 = 1.0;  // of the last step
};

}  // namespace apical::algebra
