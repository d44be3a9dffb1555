#pragma once

#include "sim/algebra/network.hpp"

namespace apical::algebra {

struct KernlOptions {
    double eta = 0.0;           // learning rate of A and gamma
    double gamma = 0.8;         // start
    bool clip_kernel = true;    // K = max(0, 1 - gamma), else 1 - gamma
    bool filter_noise = false;  // Omega <- K Omega + (1 - K) zeta, else K Omega + zeta
    int reset_interval = 0;     // every so many steps the twin and its traces start anew; 0: never
};

// Kernel RNN learning (Roth, Kanitscheider & Fiete 2019): A_ki B_ij estimates M_kij, and a noisy
// twin with the same weights teaches A.
// Twin: its rate += zeta(t-1), then one step.  Gamma <- K Gamma - Omega;  Omega <- K Omega + zeta;
// B <- K_i B_ij + alpha phi'_i r^_j;  epsilon = A Omega - (r_twin - r);  both from the old A:
// A <- A - eta epsilon Omega;  gamma <- gamma - eta (epsilon A) Gamma.  G_ij = (c-bar A)_i B_ij
class Kernl : public Network {
public:
    Kernl(const Settings& settings, const Start& start, const KernlOptions& chosen)
        : Network(settings, start),
          options(chosen),
          A(Matrix::Identity(n, n)),
          B(Matrix::Zero(n, m)),
          gamma(Vector::Constant(n, chosen.gamma)),
          Omega(Vector::Zero(n)),
          Gamma(Vector::Zero(n)),
          r_twin(start.r),
          zeta(Vector::Zero(n)) {}

    // noise: n numbers, the zeta of this step, which the twin feels in the next one.
    void step(const Vector& x, const Vector& label, const Vector& noise) {
        step_twin(x);
        forward(x, label);
        zeta = noise;
        trace();
        epsilon = A * Omega - (r_twin - r);
        const Vector blame = A.transpose() * epsilon;
        A -= options.eta * epsilon * Omega.transpose();
        gamma -= options.eta * blame.cwiseProduct(Gamma);
        G = (A.transpose() * c_bar).asDiagonal() * B;
        descend();
        ++steps;
        if (options.reset_interval > 0 && steps % options.reset_interval == 0) reset();
    }

    KernlOptions options;
    Matrix A;             // n x n
    Matrix B;             // n x m
    Vector gamma, K;      // n: inverse time constants, the kernel 1 - gamma
    Vector Omega, Gamma;  // n: filtered noise, its derivative by gamma
    Vector r_twin, zeta;  // n: the twin's rates, the noise of this step
    Vector epsilon;       // n: the error of A Omega
    int steps = 0;

private:
    void step_twin(const Vector& x) {
        const Vector perturbed = r_twin + zeta;
        r_twin = (1.0 - alpha) * perturbed + alpha * phi(activation, W * joined(perturbed, x));
    }

    // Gamma is dOmega / dgamma, so it comes before Omega changes.
    void trace() {
        K = 1.0 - gamma.array();
        if (options.clip_kernel) K = K.cwiseMax(0.0);
        Gamma = K.cwiseProduct(Gamma) - Omega;
        const Vector gain = options.filter_noise ? Vector(1.0 - K.array()) : Vector::Ones(n);
        Omega = K.cwiseProduct(Omega) + gain.cwiseProduct(zeta);
        B = K.asDiagonal() * B;
        B += alpha * slope * r_hat.transpose();
    }

    void reset() {
        r_twin = r;
        Omega.setZero();
        Gamma.setZero();
        B.setZero();
    }
};

}  // namespace apical::algebra
