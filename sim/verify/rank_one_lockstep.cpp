// Algorithms whose influence is a product of two tensors: UORO, KF-RTRL and R-KF. The equations are
// given the signs that the circuit has drawn.
#include <fmt/format.h>

#include "sim/algebra/kf_rtrl.hpp"
#include "sim/algebra/r_kf.hpp"
#include "sim/algebra/uoro.hpp"
#include "sim/verify/lockstep.hpp"
#include "sim/verify/parts.hpp"

namespace apical {

namespace {

algebra::Rho rho_of(const BoundRule& rule) {
    const std::optional<double> rho0 = rule.parts.constant("rho0");
    if (!rho0) return {};
    return {.constant0 = *rho0, .constant1 = *rule.parts.constant("rho1")};
}

// The common part of the three algorithms, with rho0, rho1 and J beside the tensors.
struct Factored {
    Factored(const CircuitRun& run, const BoundRule& rule)
        : c_bar(rule.parts.credit),
          jacobian(run.slot(rule.signal_name("jacobian"))),
          rho0(run.slot(rule.signal_name("rho0"))),
          rho1(run.slot(rule.signal_name("rho1"))) {}

    template <class Equations>
    void compare(const Equations& equations, Comparison& found) const {
        const auto single = [](double number) { return algebra::Matrix::Constant(1, 1, number); };
        found.same("J", {jacobian}, equations.J);
        found.same("rho0", {rho0}, single(equations.rho0));
        found.same("rho1", {rho1}, single(equations.rho1));
    }

    SlotId c_bar, jacobian, rho0, rho1;
};

// UORO and R-KF: A a vector of the cells, B at the synapses, a sign for each cell.
template <class Algebra>
struct OfCells : Algebra {
    OfCells(const CircuitRun& run, const BoundRule& rule, const Approximations& approximations)
        : Algebra(settings_of(run, approximations),
                  start_of(run, rule.parts.credit, approximations),
                  run.vector(rule.signal_name("A")), beside(run.state(), run.at_synapses("B")),
                  rho_of(rule)),
          factored(run, rule),
          c_bar_slot(factored.c_bar),
          A_slot(run.slot(rule.signal_name("A"))),
          nu_slot(run.slot(rule.signal_name("nu"))) {}
    void step(const CircuitRun& run) {
        Algebra::step(run.x(), run.label(), numbers_of(run.state(), nu_slot).col(0));
    }
    void compare(const CircuitRun& run, Comparison& found) const {
        factored.compare(*this, found);
        found.same("A", {A_slot}, this->A);
        found.same("B", run.at_synapses("B"), this->B);
    }
    Factored factored;
    SlotId c_bar_slot, A_slot, nu_slot;
};

struct Uoro : OfCells<algebra::Uoro> {
    Uoro(const CircuitRun& run, const Approximations& approximations)
        : OfCells(run, rule_of_W(run, "uoro"), approximations) {}
};

struct RKf : OfCells<algebra::RKf> {
    RKf(const CircuitRun& run, const Approximations& approximations)
        : OfCells(run, rule_of_W(run, "r_kf"), approximations) {}
};

// A_j: one number for each presynaptic cell of W.
std::vector<SlotId> row_of_A(const CircuitRun& run, const BoundRule& rule) {
    std::vector<SlotId> row;
    for (const SynapseSetId set : run.network().W())
        row.push_back(run.slot(rule.signal_name(fmt::format("A({})", run.circuit()[set].name))));
    return row;
}

algebra::Vector stacked(const CircuitRun& run, const std::vector<SlotId>& slots) {
    std::vector<double> all;
    for (const SlotId slot : slots) {
        const algebra::Matrix part = numbers_of(run.state(), slot);
        all.insert(all.end(), part.data(), part.data() + part.size());
    }
    return algebra::Vector::Map(all.data(), static_cast<algebra::Index>(all.size()));
}

struct KfRtrl : algebra::KfRtrl {
    KfRtrl(const CircuitRun& run, const Approximations& approximations)
        : KfRtrl(run, rule_of_W(run, "kf_rtrl"), approximations) {}
    void step(const CircuitRun& run) {
        const auto sign = [&](SlotId slot) { return numbers_of(run.state(), slot)(0); };
        algebra::KfRtrl::step(run.x(), run.label(), sign(nu0_slot), sign(nu1_slot));
    }
    void compare(const CircuitRun& run, Comparison& found) const {
        factored.compare(*this, found);
        found.same("A", A_slots, stacked(run, A_slots), A);
        found.same("B", {B_slot}, B);
    }
    Factored factored;
    SlotId c_bar_slot;
    std::vector<SlotId> A_slots;
    SlotId B_slot, nu0_slot, nu1_slot;

private:
    KfRtrl(const CircuitRun& run, const BoundRule& rule, const Approximations& approximations)
        : algebra::KfRtrl(
              settings_of(run, approximations), start_of(run, rule.parts.credit, approximations),
              stacked(run, row_of_A(run, rule)), run.matrix(rule.signal_name("B")), rho_of(rule)),
          factored(run, rule),
          c_bar_slot(factored.c_bar),
          A_slots(row_of_A(run, rule)),
          B_slot(run.slot(rule.signal_name("B"))),
          nu0_slot(run.slot(rule.signal_name("nu0"))),
          nu1_slot(run.slot(rule.signal_name("nu1"))) {}
};

}  // namespace

void verify_uoro(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<Uoro>(run, steps, found);
}

void verify_kf_rtrl(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<KfRtrl>(run, steps, found);
}

void verify_r_kf(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<RKf>(run, steps, found);
}

}  // namespace apical
