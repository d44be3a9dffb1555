#include "sim/diagnosis/gate_distance.hpp"

#include <cmath>

namespace apical {

GateDistance::GateDistance(const Circuit& circuit, State& state, const WatchedGate& watched)
    : circuit_(circuit), state_(state), watched_(watched) {
    *state.data(watched.distance) = 0.0;
}

void GateDistance::after_phase(std::size_t phase) {
    const double meant = circuit_[watched_.gate].open_in[phase] ? 1.0 : 0.0;
    const auto cells = static_cast<std::size_t>(state_.program()[watched_.number].rows);
    const double* numbers = state_.data(watched_.number);
    double sum = 0.0;
    for (std::size_t i = 0; i < cells; ++i) sum += std::abs(numbers[i] - meant);
    const double ms = in_ms(circuit_.phases[phase].repeat * circuit_.phases[phase].nanoseconds);
    of_step_ += sum / static_cast<double>(cells) * ms / circuit_.step_ms();
}

void GateDistance::end_step() {
    *state_.data(watched_.distance) = of_step_;
    sum_ += of_step_;
    ++steps_;
    of_step_ = 0.0;
}

GateLine GateDistance::line() const {
    const double mean = steps_ > 0 ? sum_ / static_cast<double>(steps_) : 0.0;
    return {circuit_[watched_.gate].name, mean};
}

}  // namespace apical
