#pragma once

#include "sim/algebra/network.hpp"

namespace apical::algebra {

struct DniBOptions {
    double rate_A = 0.0, rate_J = 0.0;
    int target_interval = 1;      // steps between refreshes of the copy A_target; 1: no copy
    bool jacobian_first = false;  // J changes before A uses it, else after
    // Held: u is made once a step, with A before its change, and is next step's p (zero at first).
    // Else replayed: p and u are both made anew, u with the changed A.
    bool held = true;
    bool linear_bootstrap = false;  // what is bootstrapped is u itself, no phi(u)
    Within within_A = {}, within_J = {};
};

// DNI(b) of Marschall, Cho & Savin 2019: a learned Jacobian and a bootstrap that is fired,
// r~(t) = [r(t); y*(t); 1]:
// p = A r~(t-1);  c* = c-bar(t-1) + phi(A_target r~(t)) J;  A <- A - rate_A (p - c*) r~(t-1);
// J <- J + rate_J (r(t) - J r(t-1)) r(t-1), Eq. (3) with its sign corrected;
// u = A r~(t);  G_ij = alpha u_i phi'_i r^_j
class DniB : public Network {
public:
    // A: n x (n + n_out + 1), J: n x n
    DniB(const Settings& settings, const Start& start, const Matrix& first_A, const Matrix& first_J,
         const DniBOptions& chosen)
        : Network(settings, start),
          options(chosen),
          A(first_A),
          A_target(first_A),
          J(first_J),
          u(Vector::Zero(n)) {}

    void step(const Vector& x, const Vector& label) {
        const Vector r_before = r;
        const Vector r_tilde_before = joined(r_before, steps == 0 ? label : y_star);
        c_before = c_bar;
        forward(x, label);
        const Vector r_tilde = joined(r, y_star);
        const Vector p = options.held ? u : Vector(A * r_tilde_before);
        if (options.held) u = A * r_tilde;
        if (options.jacobian_first) learn_jacobian(r_before);
        bootstrap = A_target * r_tilde;
        if (!options.linear_bootstrap) bootstrap = phi(activation, bootstrap);
        c_star = c_before + J.transpose() * bootstrap;
        if (!options.jacobian_first) learn_jacobian(r_before);
        A_error = p - c_star;
        A -= options.rate_A * A_error * r_tilde_before.transpose();
        options.within_A.keep(A);
        ++steps;
        if (steps % options.target_interval == 0) A_target = A;
        if (!options.held) u = A * r_tilde;
        G = alpha * u.cwiseProduct(slope) * r_hat.transpose();
        descend();
    }

    DniBOptions options;
    Matrix A, A_target;                              // n x (n + n_out + 1)
    Matrix J;                                        // n x n: the learned Jacobian
    Vector c_before, bootstrap, c_star, A_error, u;  // n each; A_error = p - c*
    int steps = 0;

private:
    void learn_jacobian(const Vector& r_before) {
        J += options.rate_J * (r - J * r_before) * r_before.transpose();
        options.within_J.keep(J);
    }
};

}  // namespace apical::algebra
