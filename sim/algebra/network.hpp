#pragma once

#include <Eigen/Core>
#include <cmath>

namespace apical {
struct Expression;
}

// The algorithms beside the circuits: each as its equations, in matrices, to hold circuits against.
// Shares nothing with the engine, so that no slip can be in both. Members have the equations'
// names: r^(t-1) = [r(t-1); x(t); 1] is r_hat, and M-bar_kij = delta_ki immediate_i r^_j.
namespace apical::algebra {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using Eigen::Index;

// The function by which cells fire: one of those with a name, or one that a model has as text.
struct Activation {
    enum class Kind { tanh, linear, rectified, logistic, written };
    using enum Kind;

    constexpr Activation(Kind one) : kind(one) {}

    Kind kind;
    // The text of a written activation, and phi(v) and phi'(v) of that text; else null.
    const Expression* text = nullptr;
    const Expression* slope_text = nullptr;  // `text` itself, or a slope that is written too
    double (*value)(const Expression& text, double v) = nullptr;
    double (*slope)(const Expression& text, double v) = nullptr;

    bool operator==(const Activation&) const = default;
};
// Cross-entropy of a softmax; half the mean square of a linear output. The error is y - y* in both,
// so the second trains half the sum of squares.
enum class Loss { cross_entropy, mean_square };

// phi(v), entry by entry.
inline Vector phi(const Activation& activation, const Vector& v) {
    switch (activation.kind) {
        case Activation::tanh:
            return v.array().tanh();
        case Activation::linear:
            return v;
        case Activation::rectified:
            return v.cwiseMax(0.0);
        case Activation::written:
            return v.unaryExpr([&](double one) { return activation.value(*activation.text, one); });
        case Activation::logistic:
            break;
    }
    return 1.0 / (1.0 + (-v.array()).exp());
}

// phi'(v), entry by entry; 0 at the corner of a rectified cell.
inline Vector slope_of(const Activation& activation, const Vector& v) {
    const Vector fired = phi(activation, v);
    switch (activation.kind) {
        case Activation::tanh:
            return 1.0 - fired.array().square();
        case Activation::linear:
            return Vector::Ones(v.size());
        case Activation::rectified:
            return (v.array() > 0.0).cast<double>();
        case Activation::written:
            return v.unaryExpr(
                [&](double one) { return activation.slope(*activation.slope_text, one); });
        case Activation::logistic:
            break;
    }
    return fired.array() * (1.0 - fired.array());
}

// Between which numbers those of a matrix are kept, entry by entry; none when empty.
struct Within {
    Matrix low, high;

    void keep(Matrix& numbers) const {
        if (low.size() > 0) numbers = numbers.cwiseMax(low).cwiseMin(high).eval();
    }
};

// The constants of a network.
struct Settings {
    double alpha = 0.5;     // per step, in (0, 1]
    double rate = 0.0;      // of W
    double rate_out = 0.0;  // of W_out
    Activation activation = Activation::tanh;
    Loss loss = Loss::cross_entropy;
    // Immediate influence without alpha, as in the authors' code of BPTT, RTRL, UORO, KF-RTRL and
    // R-KF. The other algorithms do not read it.
    bool leave_out_alpha = false;
};

// The numbers before the first step.
struct Start {
    Matrix W;          // [W_rec, W_in, b], n x m
    Matrix W_out;      // [W_out, b_out], n_out x (n + 1)
    Vector r;          // n
    Matrix B_fb = {};  // n x n_out; when empty, credit comes through the transpose of W_out
    Within within = {}, within_out = {};  // as W and W_out
};

// The recurrent network that all algorithms train: n cells, n_in inputs, n_out outputs, and
// m = n + n_in + 1 presynaptic rates r^. A step of an algorithm is forward, its tensors and its
// gradient G of W, descend; all read W and W_out from before the step's change.
//     v = W r^,  r <- (1 - alpha) r + alpha phi(v),  z = W_out [r; 1],  y = softmax(z) or z,
//     e = y - y*,  c-bar = B_fb e or W_out^T e,  W -= rate G,  W_out -= rate_out e [r; 1]^T
// and both then the nearest within their bounds, where they have some.
// (Marschall, Cho & Savin 2019, arXiv:1907.02649, whose equations and Table 1 those of the
// algorithms are). `step` of an algorithm takes x, n_in numbers, label, n_out numbers, and signs or
// noise where the algorithm has some. Rates and tensors are dimensionless. Nothing is checked:
// sizes that do not fit are an assertion of Eigen.
class Network {
public:
    Network(const Settings& settings, const Start& start)
        : n(start.W.rows()),
          m(start.W.cols()),
          alpha(settings.alpha),
          rate(settings.rate),
          rate_out(settings.rate_out),
          activation(settings.activation),
          loss_kind(settings.loss),
          leave_out_alpha(settings.leave_out_alpha),
          W(start.W),
          W_out(start.W_out),
          B_fb(start.B_fb),
          within(start.within),
          within_out(start.within_out),
          r(start.r),
          r_hat(m),
          c_bar(Vector::Zero(n)),
          G(Matrix::Zero(n, m)) {}

    Index n, m;
    double alpha, rate, rate_out;
    Activation activation;
    Loss loss_kind;
    bool leave_out_alpha;
    Matrix W;                    // n x m
    Matrix W_out;                // n_out x (n + 1)
    Matrix B_fb;                 // n x n_out, or empty
    Within within, within_out;   // of W and W_out
    Vector r;                    // n: r(t) after a step
    Vector r_hat;                // m: [r(t-1); x(t); 1]
    Vector v, slope, immediate;  // n: voltage, phi'(v), and alpha phi'(v) or phi'(v)
    Vector z, y, y_star, e;      // n_out: output's voltage, rate, label, error
    Vector c_bar;                // n: dL(t) / dr(t), or its random estimate
    Matrix G;                    // n x m: estimate of the gradient of W
    Matrix G_out;                // n_out x (n + 1): gradient of W_out
    double loss = 0.0;           // of the step: nats, or half the mean square

protected:
    void forward(const Vector& x, const Vector& label) {
        r_hat = joined(r, x);
        v = W * r_hat;
        slope = slope_of(activation, v);
        immediate = (leave_out_alpha ? 1.0 : alpha) * slope;
        r = (1.0 - alpha) * r + alpha * phi(activation, v);
        z = W_out.leftCols(n) * r + W_out.col(n);
        y_star = label;
        read_out();
        e = y - y_star;
        c_bar = feedback();
    }

    // J(t) = dr(t) / dr(t-1) with the present weights, at the slope of any step.
    Matrix jacobian(const Vector& at_slope) const {
        return (1.0 - alpha) * Matrix::Identity(n, n) +
               alpha * (at_slope.asDiagonal() * W.leftCols(n));
    }

    void descend() {
        G_out.resize(e.size(), n + 1);
        G_out << e * r.transpose(), e;
        W -= rate * G;
        W_out -= rate_out * G_out;
        within.keep(W);
        within_out.keep(W_out);
    }

    // [a; b; 1]
    static Vector joined(const Vector& a, const Vector& b) {
        Vector all(a.size() + b.size() + 1);
        all << a, b, 1.0;
        return all;
    }

private:
    void read_out() {
        if (loss_kind == Loss::mean_square) {
            y = z;
            loss = 0.5 * (y - y_star).squaredNorm() / static_cast<double>(y.size());
            return;
        }
        const double largest = z.maxCoeff();
        const Vector log_y = z.array() - (largest + std::log((z.array() - largest).exp().sum()));
        y = log_y.array().exp();
        loss = -y_star.dot(log_y);
    }

    Vector feedback() const {
        return B_fb.size() > 0 ? Vector(B_fb * e) : Vector(W_out.leftCols(n).transpose() * e);
    }
};

}  // namespace apical::algebra
