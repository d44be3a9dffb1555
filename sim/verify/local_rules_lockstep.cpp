// Algorithms of local rules: fixed W and RFLO.
#include "sim/algebra/fixed_w.hpp"
#include "sim/algebra/rflo.hpp"
#include "sim/verify/lockstep.hpp"
#include "sim/verify/parts.hpp"

namespace apical {

namespace {

struct FixedW : algebra::FixedW {
    FixedW(const CircuitRun& run, const Approximations& approximations)
        : algebra::FixedW(settings_of(run, approximations), start_of(run, {}, {})) {}
    void step(const CircuitRun& run) { algebra::FixedW::step(run.x(), run.label()); }
    void compare(const CircuitRun&, Comparison&) const {}
    SlotId c_bar_slot;  // unset: no credit is needed
};

struct Rflo : algebra::Rflo {
    Rflo(const CircuitRun& run, const Approximations& approximations)
        : Rflo(run, rule_of_W(run, "eligibility"), approximations) {}
    void step(const CircuitRun& run) { algebra::Rflo::step(run.x(), run.label()); }
    void compare(const CircuitRun& run, Comparison& found) const {
        found.same("B", run.at_synapses("eligibility"), B);
    }
    SlotId c_bar_slot;

private:
    Rflo(const CircuitRun& run, const BoundRule& rule, const Approximations& approximations)
        : algebra::Rflo(settings_of(run, approximations),
                        start_of(run, rule.parts.credit, approximations)),
          c_bar_slot(rule.parts.credit) {}
};

}  // namespace

void verify_fixed_w(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<FixedW>(run, steps, found);
}

void verify_rflo(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<Rflo>(run, steps, found);
}

}  // namespace apical
