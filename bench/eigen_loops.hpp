// The algorithms as plain loops in Eigen, without an avoidable copy or allocation: what somebody
// would write by hand for one of them alone. Only for comparing times; what is right is held in
// sim/algebra/.
#pragma once

#include <Eigen/Core>
#include <cmath>

namespace eigen_loops {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

constexpr double alpha = 0.5, rate = 1e-3;

// Forward pass, error, credit through the transpose of W_out, readout.
struct Network {
    explicit Network(Index cells, Index inputs = 2, Index outputs = 2)
        : n(cells),
          m(cells + inputs + 1),
          W(Matrix::Random(n, m) / std::sqrt(double(n))),
          W_out(Matrix::Random(outputs, n) / std::sqrt(double(n))),
          x(Vector::Random(inputs)),
          label(Vector::Constant(outputs, 1.0 / double(outputs))),
          r(Vector::Random(n)),
          r_hat(m),
          v(n),
          slope(n),
          z(outputs),
          e(outputs),
          c(n) {}

    void forward() {
        r_hat << r, x, 1.0;
        v.noalias() = W * r_hat;
        v = v.array().tanh();
        slope = 1.0 - v.array().square();
        r = (1 - alpha) * r + alpha * v;
        z.noalias() = W_out * r;
        z = (z.array() - z.maxCoeff()).exp();
        e = z / z.sum() - label;
        c.noalias() = W_out.transpose() * e;
    }
    void read_out() { W_out.noalias() -= rate * e * r.transpose(); }
    void jacobian() {
        J = (alpha * slope).asDiagonal() * W.leftCols(n);
        J.diagonal().array() += 1 - alpha;
    }

    Index n, m;
    Matrix W, W_out;
    Vector x, label, r, r_hat, v, slope, z, e, c;
    Matrix J;
};

struct FixedW : Network {
    using Network::Network;
    void step() {
        forward();
        read_out();
    }
};

struct Rflo : Network {
    explicit Rflo(Index cells) : Network(cells), B(Matrix::Zero(n, m)) {}
    void step() {
        forward();
        B *= 1 - alpha;
        B.noalias() += (alpha * slope) * r_hat.transpose();
        W.noalias() -= (rate * c).asDiagonal() * B;
        read_out();
    }
    Matrix B;
};

struct Rtrl : Network {
    explicit Rtrl(Index cells)
        : Network(cells), M(Matrix::Zero(n, n * m)), carried(M), gradient(n * m) {}
    // Column i + n j of M is the influence of W_ij.
    void step() {
        forward();
        jacobian();
        carried.noalias() = J * M;
        M.swap(carried);
        for (Index j = 0; j < m; ++j) {
            for (Index i = 0; i < n; ++i) M(i, i + n * j) += alpha * slope(i) * r_hat(j);
        }
        gradient.noalias() = M.transpose() * c;
        W -= rate * Eigen::Map<const Matrix>(gradient.data(), n, m);
        read_out();
    }
    Matrix M, carried;
    Vector gradient;
};

struct Window : Network {
    static constexpr Index T = 10;
    explicit Window(Index cells)
        : Network(cells),
          slopes(Matrix::Zero(n, T)),
          credits(slopes),
          inputs(Matrix::Zero(m, T)),
          back(n),
          credit(n),
          scaled(n) {}
    // Columns are steps; the newest is t % T.
    Index column(Index lag) const { return ((t - lag) % T + T) % T; }
    void keep() {
        ++t;
        slopes.col(column(0)) = slope;
        credits.col(column(0)) = c;
        inputs.col(column(0)) = r_hat;
    }
    void carry_back(Index lag) {
        scaled = alpha * credit.cwiseProduct(slopes.col(column(lag)));
        back.noalias() = W.leftCols(n).transpose() * scaled;
        credit = (1 - alpha) * credit + back;
    }
    Index t = 0;
    Matrix slopes, credits, inputs;
    Vector back, credit, scaled;
};

struct Bptt : Window {
    using Window::Window;
    void step() {
        forward();
        keep();
        credit = c;
        for (Index lag = 0; lag + 1 < T; ++lag) {
            carry_back(lag);
            credits.col(column(lag + 1)) += credit;
        }
        const Index oldest = column(T - 1);
        scaled = (rate * alpha) * credits.col(oldest).cwiseProduct(slopes.col(oldest));
        W.noalias() -= scaled * inputs.col(oldest).transpose();
        read_out();
    }
};

struct BpttWindow : Window {
    explicit BpttWindow(Index cells) : Window(cells), G(n, m) {}
    void step() {
        forward();
        keep();
        if (t % T == 0) sweep();
        read_out();
    }
    void sweep() {
        G.setZero();
        credit = c;
        for (Index lag = 0; lag < T; ++lag) {
            scaled = alpha * credit.cwiseProduct(slopes.col(column(lag)));
            G.noalias() += scaled * inputs.col(column(lag)).transpose();
            if (lag + 1 == T) break;
            carry_back(lag);
            credit += credits.col(column(lag + 1));
        }
        W -= rate * G;
    }
    Matrix G;
};

struct Uoro : Network {
    explicit Uoro(Index cells)
        : Network(cells), A(Vector::Random(n)), carried(n), p(n), nu(n), B(Matrix::Random(n, m)) {
        for (Index i = 0; i < n; ++i) nu(i) = i % 2 ? 1.0 : -1.0;
    }
    void step() {
        forward();
        jacobian();
        carried.noalias() = J * A;
        p = alpha * nu.cwiseProduct(slope);
        const double rho0 = std::sqrt(B.norm() / carried.norm());
        const double rho1 = std::sqrt(p.norm() * r_hat.norm() / nu.norm());
        A = rho0 * carried + rho1 * nu;
        B *= 1 / rho0;
        B.noalias() += (p / rho1) * r_hat.transpose();
        W -= (rate * c.dot(A)) * B;
        read_out();
    }
    Vector A, carried, p, nu;
    Matrix B;
};

struct KfRtrl : Network {
    explicit KfRtrl(Index cells)
        : Network(cells), A(Vector::Random(m)), back(n), B(Matrix::Random(n, n)), carried(n, n) {}
    void step() {
        forward();
        jacobian();
        carried.noalias() = J * B;
        const double nu0 = 1.0, nu1 = -1.0;
        const double rho0 = std::sqrt(carried.norm() / A.norm());
        const double rho1 = std::sqrt(alpha * slope.norm() / r_hat.norm());
        A = nu0 * rho0 * A + nu1 * rho1 * r_hat;
        B = nu0 / rho0 * carried;
        B.diagonal() += (nu1 / rho1 * alpha) * slope;
        back.noalias() = B.transpose() * c;
        W.noalias() -= (rate * back) * A.transpose();
        read_out();
    }
    Vector A, back;
    Matrix B, carried;
};

struct RKf : Network {
    explicit RKf(Index cells)
        : Network(cells),
          A(Vector::Random(n)),
          p(n),
          nu(n),
          back(m),
          B(Matrix::Random(n, m)),
          carried(n, m) {
        for (Index i = 0; i < n; ++i) nu(i) = i % 2 ? 1.0 : -1.0;
    }
    void step() {
        forward();
        jacobian();
        carried.noalias() = J * B;
        p = alpha * nu.cwiseProduct(slope);
        const double rho0 = std::sqrt(carried.norm() / A.norm());
        const double rho1 = std::sqrt(p.norm() * r_hat.norm() / nu.norm());
        A = rho0 * A + rho1 * nu;
        B = carried / rho0;
        B.noalias() += (p / rho1) * r_hat.transpose();
        back.noalias() = B.transpose() * c;
        W.noalias() -= (rate * A) * back.transpose();
        read_out();
    }
    Vector A, p, nu, back;
    Matrix B, carried;
};

struct Kernl : Network {
    explicit Kernl(Index cells)
        : Network(cells),
          A(Matrix::Identity(n, n)),
          B(Matrix::Zero(n, m)),
          gamma(Vector::Constant(n, 0.8)),
          K(n),
          Omega(Vector::Zero(n)),
          Gamma(Vector::Zero(n)),
          zeta(Vector::Constant(n, 1e-3)),
          twin(r),
          twin_hat(m),
          epsilon(n),
          back(n) {}
    void step() {
        twin += zeta;
        twin_hat << twin, x, 1.0;
        v.noalias() = W * twin_hat;
        twin = (1 - alpha) * twin + alpha * v.array().tanh().matrix();
        forward();
        K = (1.0 - gamma.array()).max(0.0);
        Gamma = K.cwiseProduct(Gamma) - Omega;
        Omega = K.cwiseProduct(Omega) + zeta;
        B = K.asDiagonal() * B;
        B.noalias() += (alpha * slope) * r_hat.transpose();
        epsilon.noalias() = A * Omega;
        epsilon -= twin - r;
        back.noalias() = A.transpose() * epsilon;
        A.noalias() -= (rate * epsilon) * Omega.transpose();
        gamma -= rate * back.cwiseProduct(Gamma);
        back.noalias() = A.transpose() * c;
        W.noalias() -= (rate * back).asDiagonal() * B;
        read_out();
    }
    Matrix A, B;
    Vector gamma, K, Omega, Gamma, zeta, twin, twin_hat, epsilon, back;
};

// A from [r; y*; 1].
struct Synthetic : Network {
    explicit Synthetic(Index cells)
        : Network(cells),
          A(Matrix::Random(n, n + label.size() + 1) / std::sqrt(double(n))),
          r_tilde(A.cols()),
          before(Vector::Zero(A.cols())),
          p(n),
          u(n),
          target(n),
          c_before(Vector::Zero(n)) {}
    void learn() {
        p -= target;
        A.noalias() -= (rate * p) * before.transpose();
    }
    void apply() {
        p = (rate * alpha) * u.cwiseProduct(slope);
        W.noalias() -= p * r_hat.transpose();
        read_out();
        before = r_tilde;
        c_before = c;
    }
    Matrix A;
    Vector r_tilde, before, p, u, target, c_before;
};

struct Dni : Synthetic {
    using Synthetic::Synthetic;
    void step() {
        forward();
        jacobian();
        r_tilde << r, label, 1.0;
        p.noalias() = A * before;
        u.noalias() = A * r_tilde;
        target.noalias() = J.transpose() * u;
        target += c_before;
        learn();
        u.noalias() = A * r_tilde;
        apply();
    }
};

struct DniB : Synthetic {
    explicit DniB(Index cells) : Synthetic(cells), learned(W.leftCols(n)), error(n) {}
    void step() {
        forward();
        r_tilde << r, label, 1.0;
        p = u;
        u.noalias() = A * r_tilde;
        v = u.array().tanh();
        target.noalias() = learned.transpose() * v;
        target += c_before;
        learn();
        error.noalias() = learned * r_hat.head(n);
        error = rate * (r - error);
        learned.noalias() += error * r_hat.head(n).transpose();
        apply();
    }
    Matrix learned;
    Vector error;
};

}  // namespace eigen_loops
