#pragma once

#include "sim/algebra/network.hpp"
#include "sim/diagnosis/measured_model.hpp"
#include "sim/diagnosis/summary.hpp"
#include "sim/engine/state.hpp"
#include "sim/numbers/tail_mean.hpp"

namespace apical {

// A learned Jacobian X beside the exact one of the step, J(t) = (1 - alpha) I + alpha diag(phi')
// W_rec, n x n each, both with the strengths from before the step's change: error |X - J| / |J| and
// cosine X.J / (|X| |J|), Frobenius norms. All measures are dimensionless.
class JacobianError {
public:
    // Eigenvalues cost about as much as a hundred steps: in steps 1, 101, 201, ..., held between.
    static constexpr std::int64_t steps_between_spectra = 100;

    // All references must outlive this.
    JacobianError(const MeasuredModel& model, State& state, const LearnedJacobian& learned);

    void begin_step();
    void end_step(const algebra::Network& network, std::int64_t step);
    // Begins the means of error and cosine anew, for a branch after `step` steps.
    void begin_after(std::int64_t step) {
        error_.begin_after(step);
        cosine_.begin_after(step);
    }
    JacobianLine line(std::int64_t step) const;
    template <class Archive>
    void persist(Archive& archive) {
        archive(error_, cosine_);
    }

private:
    State& state_;
    const LearnedJacobian& learned_;
    std::string name_;
    algebra::Matrix learned_now_;
    TailMean error_, cosine_;
};

}  // namespace apical
