#pragma once

#include "sim/algebra/network.hpp"
#include "sim/algebra/rho.hpp"

namespace apical::algebra {

// Kronecker-factored RTRL (Mujika, Meier & Steger 2018): A_j B_ki estimates M_kij.
// With two signs nu, B~ = J B, D = diag(alpha phi'), rho0^2 = |B~| / |A|, rho1^2 = |D| / |r^|:
// A <- nu0 rho0 A + nu1 rho1 r^;  B <- nu0 B~ / rho0 + nu1 D / rho1;  G_ij = A_j (c-bar B)_i
class KfRtrl : public Network {
public:
    // A: m numbers, B: n x n, both ~ N(0, 1)
    KfRtrl(const Settings& settings, const Start& start, const Vector& first_A,
           const Matrix& first_B, const Rho& scaling = {})
        : Network(settings, start), rho(scaling), A(first_A), B(first_B) {}

    void step(const Vector& x, const Vector& label, double nu0, double nu1) {
        forward(x, label);
        J = jacobian(slope);
        const Matrix carried = J * B;
        rho0 = rho.rho0(carried.norm(), A.norm());
        rho1 = rho.rho1(immediate.norm(), r_hat.norm());
        A = nu0 * rho0 * A + nu1 * rho1 * r_hat;
        B = nu0 / rho0 * carried;
        B.diagonal() += nu1 / rho1 * immediate;
        G = (B.transpose() * c_bar) * A.transpose();
        descend();
    }

    Rho rho;
    Vector A;                       // m
    Matrix B, J;                    // n x n
    double rho0 = 1.0, rho1 = 1.0;  // of the last step
};

}  // namespace apical::algebra
