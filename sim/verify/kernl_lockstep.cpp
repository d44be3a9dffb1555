// KeRNL, whose equations are given the noise that the circuit has drawn.
#include "sim/algebra/kernl.hpp"
#include "sim/verify/lockstep.hpp"
#include "sim/verify/parts.hpp"

namespace apical {

namespace {

algebra::KernlOptions options_of(const BoundRule& rule) {
    const auto constant = [&](std::string_view name) {
        return rule.parts.constant(name).value_or(0.0);
    };
    return {.eta = constant("kernel_rate"),
            .gamma = constant("gamma"),
            .clip_kernel = constant("clip") != 0.0,
            .filter_noise = constant("mean") != 0.0,
            .reset_interval = static_cast<int>(constant("reset_every"))};
}

struct Kernl : algebra::Kernl {
    Kernl(const CircuitRun& run, const Approximations& approximations)
        : Kernl(run, rule_of_W(run, "kernl"), approximations) {}
    void step(const CircuitRun& run) {
        algebra::Kernl::step(run.x(), run.label(), numbers_of(run.state(), zeta_slot).col(0));
    }
    void compare(const CircuitRun& run, Comparison& found) const {
        const auto same = [&](std::string_view symbol, std::string_view quantity,
                              const algebra::Matrix& expected) {
            found.same(symbol, {run.slot(rule.signal_name(quantity))}, expected);
        };
        found.same("r + zeta of the twin", {twin_slot}, r_twin + zeta);
        same("K", "kernel", K);
        same("gamma", "gamma", gamma);
        same("Omega", "Omega", Omega);
        same("Gamma", "Gamma", Gamma);
        same("epsilon", "error", epsilon);
        same("A", "A", A);
        found.same("B", run.at_synapses("B"), B);
    }
    const BoundRule& rule;
    SlotId c_bar_slot, zeta_slot, twin_slot;

private:
    Kernl(const CircuitRun& run, const BoundRule& table, const Approximations& approximations)
        : algebra::Kernl(settings_of(run, approximations),
                         start_of(run, table.parts.credit, approximations), options_of(table)),
          rule(table),
          c_bar_slot(table.parts.credit),
          zeta_slot(run.slot(table.signal_name("zeta"))),
          twin_slot(table.parts.find("twin")->slots.front()) {
        // The circuit has perturbed its twin already.
        zeta = numbers_of(run.state(), zeta_slot).col(0);
        r_twin = numbers_of(run.state(), twin_slot).col(0) - zeta;
    }
};

}  // namespace

void verify_kernl(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<Kernl>(run, steps, found);
}

}  // namespace apical
