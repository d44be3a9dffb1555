// Local rules and synthetic gradients: fifty steps of shipped models beside their equations.
#include "tests/oracle.hpp"

#include "sim/algebra/dni.hpp"
#include "sim/algebra/dni_b.hpp"
#include "sim/algebra/fixed_w.hpp"
#include "sim/algebra/rflo.hpp"

using namespace apical;
using namespace apical::oracle;

namespace {

struct FixedW : algebra::FixedW {
    explicit FixedW(const Run& run) : algebra::FixedW(run.settings, run.start()) {}
    void step(const Run& run) { algebra::FixedW::step(run.x(), run.label()); }
    void compare(const Run&) const {}
};

struct Rflo : algebra::Rflo {
    explicit Rflo(const Run& run) : algebra::Rflo(run.settings, run.start()) {}
    void step(const Run& run) { algebra::Rflo::step(run.x(), run.label()); }
    void compare(const Run& run) const { run.same("B", run.tags("eligibility"), B); }
};

// What DNI and DNI(b) have in common.
template <class Equations>
void same_synthetic_gradient(const Run& run, const Equations& equations) {
    run.same("A", run.A(), equations.A);
    run.same("J", equations.J);
    run.same("hidden.bootstrap.v", equations.c_star - equations.c_before);
    run.same("synthetic_gradient.target", equations.c_star);
    run.same("synthetic_gradient.error", equations.A_error);
    if (run.has("hidden.credit.v")) run.same("hidden.credit.v", equations.u);
    if (run.has("hidden.recall.v"))
        run.same("hidden.recall.v", equations.A_error + equations.c_star);
    if (run.has("T_r")) run.same("T", run.A("T"), equations.A_target);
}

constexpr double rate_A = 1e-2, rate_J = 1e-3;

struct Dni : algebra::Dni {
    Dni(const Run& run, int target_interval)
        : algebra::Dni(run.settings, run.start(), run.A(),
                       {.rate_A = rate_A, .target_interval = target_interval}) {}
    void step(const Run& run) { algebra::Dni::step(run.x(), run.label()); }
    void compare(const Run& run) const {
        same_synthetic_gradient(run, *this);
        run.same("hidden.apical.v", bootstrap);
    }
};

struct DniB : algebra::DniB {
    DniB(const Run& run, algebra::DniBOptions chosen)
        : algebra::DniB(run.settings, run.start(), run.A(), run.matrix("J"), with_rates(chosen)) {}
    void step(const Run& run) { algebra::DniB::step(run.x(), run.label()); }
    void compare(const Run& run) const {
        same_synthetic_gradient(run, *this);
        run.same("hidden.apical.r", bootstrap);
        if (options.held) run.same("hidden.apical.v", u);
    }

private:
    static algebra::DniBOptions with_rates(algebra::DniBOptions chosen) {
        chosen.rate_A = rate_A;
        chosen.rate_J = rate_J;
        return chosen;
    }
};

}  // namespace

TEST_CASE("fixed W is its equations", "[oracle]") { follows<FixedW>("fixed_w", {}); }

TEST_CASE("RFLO is its equations", "[oracle]") {
    follows<Rflo>("rflo", {});
    follows<Rflo>("variants/rflo_mirrored", {});
}

TEST_CASE("DNI with the exact Jacobian is its equations", "[oracle]") {
    follows<Dni>("dni", {}, 1);
    follows<Dni>("variants/dni_target_copy", {}, 5);
    follows<Dni>("variants/dni_target_copy", {"plasticity.target_copy.every=3"}, 3);
}

TEST_CASE("DNI(b) is its equations, in each of its variants", "[oracle]") {
    follows<DniB>("dni_b", {}, algebra::DniBOptions{});
    follows<DniB>("variants/dni_b_mirrored", {}, algebra::DniBOptions{});
    follows<DniB>("variants/dni_b_jacobian_first", {},
                  algebra::DniBOptions{.jacobian_first = true});
    follows<DniB>("variants/dni_b_replayed", {}, algebra::DniBOptions{.held = false});
    follows<DniB>("variants/dni_b_target_copy", {},
                  algebra::DniBOptions{.target_interval = 5, .held = false});
}
