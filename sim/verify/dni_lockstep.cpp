// DNI and DNI(b): synthetic gradients, with the exact Jacobian or a learned one.
#include "sim/algebra/dni.hpp"
#include "sim/algebra/dni_b.hpp"
#include "sim/verify/lockstep.hpp"
#include "sim/verify/synthetic_gradient.hpp"

namespace apical {

namespace {

constexpr std::string_view exact = "exact_jacobian", learned = "predict_rate";

template <class Equations>
void compare_synthetic_gradient(const SyntheticGradient& parts, const Equations& equations,
                                Comparison& found) {
    found.same("A", parts.A, equations.A);
    if (!parts.T.empty()) found.same("T", parts.T, equations.A_target);
    found.same("J", {parts.J}, equations.J);
    found.same("bootstrap", {parts.carried}, equations.bootstrap);
    found.same("c* - c_bar", {parts.bootstrap}, equations.c_star - equations.c_before);
    found.same("c*", {parts.target}, equations.c_star);
    if (parts.recalled) found.same("p", {parts.recalled}, equations.A_error + equations.c_star);
    found.same("p - c*", {parts.error}, equations.A_error);
    found.same("u", {parts.u}, equations.u);
}

int interval_of(const SyntheticGradient& parts, const Approximations& approximations) {
    check_target_copy(parts, approximations);
    return approximations.has(Approximation::target_copy) ? parts.target_interval : 1;
}

std::string_view jacobian_rule_of(const CircuitRun& run) {
    return Approximations(run.model()).has(Approximation::learned_jacobian) ? learned : exact;
}

struct Dni : algebra::Dni {
    Dni(const CircuitRun& run, const Approximations& approximations)
        : Dni(run, synthetic_gradient_of(run, jacobian_rule_of(run)), approximations) {}
    void step(const CircuitRun& run) { algebra::Dni::step(run.x(), run.label()); }
    void compare(const CircuitRun&, Comparison& found) const {
        compare_synthetic_gradient(parts, *this, found);
    }
    SyntheticGradient parts;
    SlotId c_bar_slot;

private:
    Dni(const CircuitRun& run, const SyntheticGradient& found, const Approximations& approximations)
        : algebra::Dni(settings_of(run, approximations), start_of(run, found.c_bar, approximations),
                       beside(run.state(), found.A),
                       {.rate_A = found.rate_A,
                        .target_interval = interval_of(found, approximations),
                        .within_A = within_of(run, found.A)}),
          parts(found),
          c_bar_slot(found.c_bar) {}
};

algebra::DniBOptions options_of(const CircuitRun& run, const SyntheticGradient& parts,
                                const Approximations& approximations) {
    return {.rate_A = parts.rate_A,
            .rate_J = parts.rate_J,
            .target_interval = interval_of(parts, approximations),
            .jacobian_first = approximations.has(Approximation::jacobian_first),
            .held = approximations.has(Approximation::held),
            .linear_bootstrap = approximations.has(Approximation::learned_jacobian),
            .within_A = within_of(run, parts.A),
            .within_J = within_of(run, {parts.J})};
}

// DNI with a learned Jacobian: DNI(b) with phi on the bootstrap, DNI approximated by
// "learned_jacobian" without it.
struct LearnedDni : algebra::DniB {
    LearnedDni(const CircuitRun& run, const Approximations& approximations)
        : LearnedDni(run, synthetic_gradient_of(run, learned), approximations) {}
    void step(const CircuitRun& run) { algebra::DniB::step(run.x(), run.label()); }
    void compare(const CircuitRun&, Comparison& found) const {
        compare_synthetic_gradient(parts, *this, found);
    }
    SyntheticGradient parts;
    SlotId c_bar_slot;

private:
    LearnedDni(const CircuitRun& run, const SyntheticGradient& found,
               const Approximations& approximations)
        : algebra::DniB(settings_of(run, approximations),
                        start_of(run, found.c_bar, approximations), beside(run.state(), found.A),
                        numbers_of(run.state(), found.J), options_of(run, found, approximations)),
          parts(found),
          c_bar_slot(found.c_bar) {}
};

}  // namespace

void verify_dni(CircuitRun& run, std::int64_t steps, Verification& found) {
    if (jacobian_rule_of(run) == learned) return lockstep<LearnedDni, Dni>(run, steps, found);
    lockstep<Dni>(run, steps, found);
}

void verify_dni_b(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<LearnedDni>(run, steps, found);
}

}  // namespace apical
