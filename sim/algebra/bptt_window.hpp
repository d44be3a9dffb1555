#pragma once

#include <cstddef>
#include <vector>

#include "sim/algebra/network.hpp"

namespace apical::algebra {

// Truncated back-propagation through time (Werbos 1990), a window of T steps at once ("E-BPTT").
// When T steps have gathered, from the newest to the oldest s, with the present weights:
// c <- c-bar(s) + c J(s+1);  G += alpha (c phi'(s)) r^(s-1).  G = 0 on all other steps.
class BpttWindow : public Network {
public:
    struct Moment {
        Vector c_bar, slope, immediate;  // n: credit, phi'(v), and alpha phi'(v) or phi'(v)
        Vector r_hat;                    // m
    };

    BpttWindow(const Settings& settings, const Start& start, std::size_t window_length)
        : Network(settings, start), T(window_length) {}

    void step(const Vector& x, const Vector& label) {
        forward(x, label);
        window.push_back({c_bar, slope, immediate, r_hat});
        G.setZero();
        if (window.size() == T) unroll();
        descend();
    }

    std::size_t T;
    std::vector<Moment> window;  // fewer than T after a step, the oldest first

private:
    void unroll() {
        Vector from_later = Vector::Zero(n);
        for (auto s = window.rbegin(); s != window.rend(); ++s) {
            const Vector c = s->c_bar + from_later;
            G += c.cwiseProduct(s->immediate) * s->r_hat.transpose();
            from_later = jacobian(s->slope).transpose() * c;
        }
        window.clear();
    }
};

}  // namespace apical::algebra
