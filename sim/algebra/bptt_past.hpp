#pragma once

#include <cstddef>
#include <deque>

#include "sim/algebra/network.hpp"

namespace apical::algebra {

// Eq. (1), the gradient of this step's loss through all steps before it, cut off after T of them:
// G_ij = sum_{s = t-T+1}^{t} alpha c_i(t, s) phi'_i(s) r^_j(s-1),
// c(t, t) = c-bar(t),  c(t, s-1) = c(t, s) J(s).
// The Jacobians have the weights of step t and the slopes of their own steps. With fixed weights
// and a window that reaches back to the start it is RTRL's gradient. Keeps T (2 n + m) numbers.
class BpttPast : public Network {
public:
    struct Moment {
        Vector slope, immediate;  // n: phi'(v), and alpha phi'(v) or phi'(v)
        Vector r_hat;             // m

        template <class Archive>
        void persist(Archive& archive) {
            archive(slope, immediate, r_hat);
        }
    };

    BpttPast(const Settings& settings, const Start& start, std::size_t window_length)
        : Network(settings, start), T(window_length) {}

    void step(const Vector& x, const Vector& label) {
        observe(x, label);
        unroll();
        descend();
    }

    // The step without its gradient.
    void observe(const Vector& x, const Vector& label) {
        forward(x, label);
        window.push_back({slope, immediate, r_hat});
        if (window.size() > T) window.pop_front();
    }

    // G of the last step observed.
    void unroll() {
        G.setZero();
        Vector c = c_bar;
        for (auto s = window.rbegin(); s != window.rend(); ++s) {
            G += c.cwiseProduct(s->immediate) * s->r_hat.transpose();
            c = (1.0 - alpha) * c + alpha * (W.leftCols(n).transpose() * s->slope.cwiseProduct(c));
        }
    }

    std::size_t T;
    std::deque<Moment> window;  // at most T, the oldest first
};

}  // namespace apical::algebra
