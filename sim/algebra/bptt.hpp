#pragma once

#include <cstddef>
#include <deque>

#include "sim/algebra/network.hpp"

namespace apical::algebra {

// Back-propagation through time (Werbos 1990) that faces the future ("F-BPTT"), T steps of it:
// c(s) = sum_{t = s}^{s+T-1} c-bar(t) J(t) ... J(s+1), complete T - 1 steps late and applied then.
// G_ij = alpha c_i(s) phi'_i(s) r^_j(s-1), zero while the first window fills. The Jacobians have
// the weights of step t and the slopes of their own steps.
class Bptt : public Network {
public:
    struct Moment {
        Vector c, slope, immediate;  // n: credit so far, phi'(v), and alpha phi'(v) or phi'(v)
        Vector r_hat;                // m

        template <class Archive>
        void persist(Archive& archive) {
            archive(c, slope, immediate, r_hat);
        }
    };

    Bptt(const Settings& settings, const Start& start, std::size_t window_length)
        : Network(settings, start), T(window_length), c(Vector::Zero(n)) {}

    void step(const Vector& x, const Vector& label) {
        forward(x, label);
        window.push_back({Vector::Zero(n), slope, immediate, r_hat});
        Vector credit = c_bar;
        for (auto s = window.rbegin(); s != window.rend(); ++s) {
            s->c += credit;
            credit = jacobian(s->slope).transpose() * credit;
        }
        if (window.size() == T) apply_oldest();
        descend();
    }

    std::size_t T;
    std::deque<Moment> window;  // at most T, the oldest first
    Vector c;                   // n: c(t - T + 1), the credit applied last

private:
    void apply_oldest() {
        const Moment& oldest = window.front();
        c = oldest.c;
        G = c.cwiseProduct(oldest.immediate) * oldest.r_hat.transpose();
        window.pop_front();
    }
};

}  // namespace apical::algebra
