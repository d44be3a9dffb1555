#pragma once

#include <deque>
#include <string>
#include <variant>

#include "sim/algebra/bptt.hpp"
#include "sim/algebra/bptt_past.hpp"
#include "sim/diagnosis/diagnosed.hpp"
#include "sim/diagnosis/exact_influence.hpp"

namespace apical {

// Which exact gradient a rule's estimate is held against, L(t) the loss of step t and W(t) the use
// of W in step t. A gradient of losses to come is complete only when they have come; whichever of
// estimate and gradient is there first waits for the other.
//
//   facing       the rule's change in step t                   exact gradient            known in
//   past         dL(t)/dW                                      RTRL's, or Eq. (1) cut    t
//   past_window  sum of dL(t')/dW, t' the last `window`        the sum of the same       t
//   future       d(L(t) + L(t+1) + ...)/dW(t)                  F-BPTT's c(t)             t + T - 1
//   future_late  the same of W(s), s = t - (its window - 1)    F-BPTT's c(s)             s + T - 1
//
// with T = [diagnose] window. Hence a change waits 0, 0, T - 1, T - (its window) steps.
int lag_of(const AlignedRule& rule);

// Whether the exact gradient is carried on by RTRL's influence.
bool uses_influence(const AlignedRule& rule, Exact exact);

// "RTRL's gradient", "F-BPTT's, 10 steps": for messages.
std::string name_of_truth(const AlignedRule& rule, Exact exact);

// The bytes of memory that the comparison needs, of a network with n x m strengths.
double bytes_of_exact_gradient(const AlignedRule& rule, Exact exact, double n, double m);

// The values that a step of the network is computed from, with the sizes of algebra::Network.
struct NetworkMoment {
    algebra::Matrix W;         // n x m, from before the step's change
    algebra::Matrix W_out;     // n_out x (n + 1), from before the change
    algebra::Vector r;         // n: r(t-1)
    algebra::Vector x, label;  // n_in, n_out
};

// The gradient of a network that is given its numbers in each step and learns nothing itself. Its
// credit comes through the transpose of W_out and its immediate influence has alpha, whatever the
// circuit does.
class ExactGradient {
public:
    // `settings` with learning rates of 0; of `start` the sizes matter only. The kernels, which
    // must outlive this, carry RTRL's influence on.
    ExactGradient(const AlignedRule& rule, Exact exact, const algebra::Settings& settings,
                  const algebra::Start& start, const Kernels& kernels);

    // A step; `wanted`: G is asked for.
    void step(const NetworkMoment& moment, bool wanted);
    // n x m: the gradient of the step, or of the step T - 1 before it when the rule faces the
    // future.
    const algebra::Matrix& G() const { return network().G; }
    const algebra::Network& network() const;
    template <class Archive>
    void persist(Archive& archive) {
        std::visit([&](auto& shadow) { persist_past(archive, shadow); }, shadow_);
    }

private:
    // What of its past it needs: the rest is given to it in each step.
    template <class Archive>
    static void persist_past(Archive& archive, ExactInfluence& shadow) {
        archive(shadow);
    }
    template <class Archive, class Shadow>
    static void persist_past(Archive& archive, Shadow& shadow) {
        archive(shadow.window, shadow.G);
    }
    std::variant<ExactInfluence, algebra::Bptt, algebra::BpttPast> shadow_;
};

// Brings a rule's estimate and the exact gradient of the same together.
class Pairing {
public:
    // The gradients are rows x columns.
    Pairing(const AlignedRule& rule, algebra::Index rows, algebra::Index columns);

    // Whether there is a pair in this step, `update` the rule's estimate and `exact` the gradient
    // that are known in it. Steps count from 1 and none may be left out.
    bool take(const algebra::Matrix& update, const algebra::Matrix& exact, std::int64_t step);
    const algebra::Matrix& estimate() const { return estimate_; }
    const algebra::Matrix& exact() const { return exact_; }
    template <class Archive>
    void persist(Archive& archive) {
        archive(waiting_, sum_, estimate_, exact_);
    }

private:
    bool take_window(const algebra::Matrix& update, const algebra::Matrix& exact,
                     std::int64_t step);
    bool take_late(const algebra::Matrix& update, const algebra::Matrix& exact, std::int64_t step);

    Facing facing_;
    int window_, exact_window_;
    std::size_t lag_;
    std::deque<algebra::Matrix> waiting_;  // updates, the oldest first
    algebra::Matrix sum_, estimate_, exact_;
};

}  // namespace apical
