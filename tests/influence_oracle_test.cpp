// Rules that carry an influence or a credit through time: fifty steps of shipped models beside
// their equations, which are given the noise that the circuit has drawn.
#include "sim/algebra/bptt.hpp"
#include "sim/algebra/bptt_window.hpp"
#include "sim/algebra/kf_rtrl.hpp"
#include "sim/algebra/r_kf.hpp"
#include "sim/algebra/rtrl.hpp"
#include "sim/algebra/uoro.hpp"
#include "tests/oracle.hpp"

using namespace apical;
using namespace apical::oracle;

namespace {

struct Rtrl : algebra::Rtrl {
    explicit Rtrl(const Run& run) : algebra::Rtrl(run.settings, run.start()) {}
    void step(const Run& run) { algebra::Rtrl::step(run.x(), run.label()); }
    void compare(const Run& run) const {
        run.same("recurrent.jacobian", J);
        run.same("M", run.influence(), M);
        run.same("G", run.tags("gradient"), G);
    }
};

// Column k of a history is its vector of k steps ago.
Vector past(const Run& run, const std::string& address, std::size_t lag) {
    return run.matrix("recurrent.history(" + address + ")").col(static_cast<int>(lag));
}

struct Bptt : algebra::Bptt {
    Bptt(const Run& run, std::size_t window_length)
        : algebra::Bptt(run.settings, run.start(), window_length) {}
    void step(const Run& run) {
        algebra::Bptt::step(run.x(), run.label());
        ++steps_taken;
    }
    void compare(const Run& run) const {
        if (steps_taken >= T) run.same("recurrent.c", c);
        for (std::size_t s = 0; s < window.size(); ++s) {
            const std::size_t lag = window.size() - 1 - s;
            run.same("credits", past(run, "hidden.feedback.v", lag), window[s].c);
            run.same("slopes", past(run, "slope(hidden.soma.v)", lag), window[s].slope);
        }
    }
    std::size_t steps_taken = 0;
};

struct BpttWindow : algebra::BpttWindow {
    BpttWindow(const Run& run, std::size_t window_length)
        : algebra::BpttWindow(run.settings, run.start(), window_length) {}
    void step(const Run& run) { algebra::BpttWindow::step(run.x(), run.label()); }
    // Between the ends of two windows the circuit's gradient stays, unapplied.
    void compare(const Run& run) const {
        if (window.empty()) run.same("G", run.tags("gradient"), G);
    }
};

template <class Equations>
void same_factors(const Run& run, const Equations& equations) {
    run.same("recurrent.jacobian", equations.J);
    run.same("recurrent.rho0", equations.rho0);
    run.same("recurrent.rho1", equations.rho1);
}

struct Uoro : algebra::Uoro {
    explicit Uoro(const Run& run, const algebra::Rho& scaling = {})
        : algebra::Uoro(run.settings, run.start(), run.vector("recurrent.A"), run.tags("B"),
                        scaling) {}
    void step(const Run& run) {
        algebra::Uoro::step(run.x(), run.label(), run.vector("recurrent.nu"));
    }
    void compare(const Run& run) const {
        same_factors(run, *this);
        run.same("recurrent.A", A);
        run.same("B", run.tags("B"), B);
    }
};

struct RKf : algebra::RKf {
    explicit RKf(const Run& run, const algebra::Rho& scaling = {})
        : algebra::RKf(run.settings, run.start(), run.vector("recurrent.A"), run.tags("B"),
                       scaling) {}
    void step(const Run& run) {
        algebra::RKf::step(run.x(), run.label(), run.vector("recurrent.nu"));
    }
    void compare(const Run& run) const {
        same_factors(run, *this);
        run.same("recurrent.A", A);
        run.same("B", run.tags("B"), B);
    }
};

Vector row_of_A(const Run& run) {
    const Vector rec = run.vector("recurrent.A(W_rec)"), in = run.vector("recurrent.A(W_in)");
    Vector A(rec.size() + in.size() + 1);
    A << rec, in, run.vector("recurrent.A(b)");
    return A;
}

struct KfRtrl : algebra::KfRtrl {
    explicit KfRtrl(const Run& run, const algebra::Rho& scaling = {})
        : algebra::KfRtrl(run.settings, run.start(), row_of_A(run), run.matrix("recurrent.B"),
                          scaling) {}
    void step(const Run& run) {
        algebra::KfRtrl::step(run.x(), run.label(), run.vector("recurrent.nu0")(0),
                              run.vector("recurrent.nu1")(0));
    }
    void compare(const Run& run) const {
        same_factors(run, *this);
        run.same("A", row_of_A(run), A);
        run.same("recurrent.B", B);
    }
};

// Also without alpha in the immediate influence, and with constant factors.
template <class Equations>
void follows_of_rank_one(const std::string& name) {
    follows<Equations>(name, {});
    follows<Equations>(name, {without_alpha});
    follows<Equations>(name, {"plasticity.recurrent.rho0=0.97", "plasticity.recurrent.rho1=1.2"},
                       algebra::Rho{.constant0 = 0.97, .constant1 = 1.2});
}

template <class Equations>
void follows_in_windows(const std::string& name) {
    for (const std::size_t window : {1, 2, 10}) {
        const std::string length = fmt::format("plasticity.recurrent.window={}", window);
        follows<Equations>(name, {length}, window);
        follows<Equations>(name, {length, without_alpha}, window);
    }
}

}  // namespace

TEST_CASE("RTRL is its equations", "[oracle][rtrl]") {
    follows<Rtrl>("rtrl", {});
    follows<Rtrl>("rtrl", {without_alpha});
}

TEST_CASE("BPTT in a sliding window is its equations", "[oracle][bptt]") {
    follows_in_windows<Bptt>("bptt");
}

TEST_CASE("BPTT in one window after the other is its equations", "[oracle][bptt_window]") {
    follows_in_windows<BpttWindow>("bptt_window");
}

TEST_CASE("UORO is its equations", "[oracle][uoro]") { follows_of_rank_one<Uoro>("uoro"); }

TEST_CASE("KF-RTRL is its equations", "[oracle][kf_rtrl]") {
    follows_of_rank_one<KfRtrl>("kf_rtrl");
}

TEST_CASE("R-KF is its equations", "[oracle][r_kf]") { follows_of_rank_one<RKf>("r_kf"); }
