#include "sim/diagnosis/jacobian_error.hpp"

#include <Eigen/Eigenvalues>
#include <limits>

#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

double spectral_radius(const algebra::Matrix& matrix) {
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(matrix, false);
    return solver.eigenvalues().cwiseAbs().maxCoeff();
}

algebra::Matrix exact_jacobian_of(const algebra::Network& network) {
    const auto W_rec = network.W.leftCols(network.n);
    return (1.0 - network.alpha) * algebra::Matrix::Identity(network.n, network.n) +
           network.alpha * (network.slope.asDiagonal() * W_rec);
}

}  // namespace

JacobianError::JacobianError(const MeasuredModel& model, State& state,
                             const LearnedJacobian& learned)
    : state_(state),
      learned_(learned),
      name_(model.circuit[learned.set].name),
      error_(model.steps),
      cosine_(model.steps) {
    for (const SlotId slot :
         {learned.error, learned.cosine, learned.spectral_radius, learned.true_spectral_radius})
        *state.data(slot) = std::numeric_limits<double>::quiet_NaN();
}

void JacobianError::begin_step() {
    learned_now_ = numbers_of(state_, state_.program().strength_of(learned_.set));
}

void JacobianError::end_step(const algebra::Network& network, std::int64_t step) {
    const algebra::Matrix exact = exact_jacobian_of(network);
    const double norm = exact.norm(), error = (learned_now_ - exact).norm() / norm,
                 cosine = learned_now_.cwiseProduct(exact).sum() / (learned_now_.norm() * norm);
    *state_.data(learned_.error) = error;
    *state_.data(learned_.cosine) = cosine;
    error_.add(step, error);
    cosine_.add(step, cosine);
    if ((step - 1) % steps_between_spectra != 0) return;
    *state_.data(learned_.spectral_radius) = spectral_radius(learned_now_);
    *state_.data(learned_.true_spectral_radius) = spectral_radius(exact);
}

JacobianLine JacobianError::line(std::int64_t step) const {
    return {name_, error_.mean(step), cosine_.mean(step), *state_.data(learned_.spectral_radius),
            *state_.data(learned_.true_spectral_radius)};
}

}  // namespace apical
