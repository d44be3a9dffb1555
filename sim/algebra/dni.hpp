#pragma once

#include "sim/algebra/network.hpp"

namespace apical::algebra {

struct DniOptions {
    double rate_A = 0.0;
    int target_interval = 1;  // steps between refreshes of the copy A_target; 1: no copy
    Within within_A = {};
};

// Decoupled neural interfaces (Jaderberg et al. 2017) with the exact Jacobian,
// r~(t) = [r(t); y*(t); 1]:
// p = A r~(t-1);  c* = c-bar(t-1) + (A_target r~(t)) J(t);  A <- A - rate_A (p - c*) r~(t-1);
// u = A r~(t) with the changed A;  G_ij = alpha u_i phi'_i r^_j
class Dni : public Network {
public:
    // A: n x (n + n_out + 1)
    Dni(const Settings& settings, const Start& start, const Matrix& first_A,
        const DniOptions& chosen)
        : Network(settings, start), options(chosen), A(first_A), A_target(first_A) {}

    void step(const Vector& x, const Vector& label) {
        const Vector r_before = r;
        const Vector r_tilde_before = joined(r_before, steps == 0 ? label : y_star);
        c_before = c_bar;
        forward(x, label);
        const Vector r_tilde = joined(r, y_star);
        J = jacobian(slope);
        bootstrap = A_target * r_tilde;
        c_star = c_before + J.transpose() * bootstrap;
        A_error = A * r_tilde_before - c_star;
        A -= options.rate_A * A_error * r_tilde_before.transpose();
        options.within_A.keep(A);
        ++steps;
        if (steps % options.target_interval == 0) A_target = A;
        u = A * r_tilde;
        G = alpha * u.cwiseProduct(slope) * r_hat.transpose();
        descend();
    }

    DniOptions options;
    Matrix A, A_target;                              // n x (n + n_out + 1)
    Matrix J;                                        // n x n: the exact Jacobian of the step
    Vector c_before, bootstrap, c_star, A_error, u;  // n each; A_error = p - c*
    int steps = 0;
};

}  // namespace apical::algebra
