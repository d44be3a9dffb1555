// The algorithms' equations against the authors' trajectories: every quantity of every file.
#include <string>

#include "sim/algebra/bptt.hpp"
#include "sim/algebra/bptt_window.hpp"
#include "sim/algebra/dni.hpp"
#include "sim/algebra/dni_b.hpp"
#include "sim/algebra/fixed_w.hpp"
#include "sim/algebra/kernl.hpp"
#include "sim/algebra/kf_rtrl.hpp"
#include "sim/algebra/r_kf.hpp"
#include "sim/algebra/rflo.hpp"
#include "sim/algebra/rtrl.hpp"
#include "sim/algebra/uoro.hpp"
#include "tests/sim/algebra/reference_trajectory.hpp"

namespace {

using namespace apical;
using namespace apical::algebra;

// The settings of all files. Those of the five algorithms whose immediate influence the authors'
// code had without alpha have it when their name ends so.
Settings settings_of(const std::string& name) {
    return {
        .alpha = 0.5, .rate = 0.05, .rate_out = 0.05, .leave_out_alpha = !name.ends_with("_alpha")};
}

void same_network(ReferenceTrajectory& t, const Network& network) {
    t.same("v", network.v);
    t.same("r", network.r);
    t.same("z", network.z);
    t.same("y", network.y);
    t.same("error", network.e);
    t.same("loss", network.loss);
    t.same("q", network.c_bar);
    t.same("grad_W", network.G);
    t.same("grad_Wout", network.G_out);
    t.same("W", network.W);
    t.same("Wout", network.W_out);
}

void same_final_weights(ReferenceTrajectory& t, const Network& network) {
    const Eigen::Index n = network.n, n_in = network.m - n - 1;
    t.same_at_end("final_W_rec", network.W.leftCols(n));
    t.same_at_end("final_W_in", network.W.middleCols(n, n_in));
    t.same_at_end("final_b_rec", network.W.rightCols(1));
    t.same_at_end("final_W_out", network.W_out.leftCols(n));
    t.same_at_end("final_b_out", network.W_out.rightCols(1));
}

// step(x, label) advances the algorithm; compare() looks at its tensors.
template <class Algorithm, class Step, class Compare>
void follow(ReferenceTrajectory& t, const Algorithm& algorithm, const Step& step,
            const Compare& compare) {
    for (t.step = 0; t.step < ReferenceTrajectory::steps; ++t.step) {
        step(t.row("x"), t.row("y_star"));
        same_network(t, algorithm);
        compare();
    }
    same_final_weights(t, algorithm);
    CHECK(t.unread() == "");
}

template <class Algorithm, class Compare>
void follow(ReferenceTrajectory& t, Algorithm& algorithm, const Compare& compare) {
    follow(
        t, algorithm, [&](const Vector& x, const Vector& label) { algorithm.step(x, label); },
        compare);
}

template <class Algorithm>
void same_factors(ReferenceTrajectory& t, const Algorithm& algorithm) {
    t.same("A", algorithm.A);
    t.same("B", algorithm.B);
    t.same("J", algorithm.J);
    t.same("rho0", algorithm.rho0);
    t.same("rho1", algorithm.rho1);
}

template <class Algorithm>
void same_synthetic_gradient(ReferenceTrajectory& t, const Algorithm& algorithm) {
    t.same("q_prev", algorithm.c_before);
    t.same("sg_next", algorithm.bootstrap);
    t.same("sg_target", algorithm.c_star);
    t.same("A_error", algorithm.A_error);
    t.same("A", algorithm.A);
    t.same("A_target", algorithm.A_target);
    t.same("sg", algorithm.u);
}

void follow_dni(const std::string& name, int target_interval) {
    ReferenceTrajectory t(name);
    const DniOptions options{.rate_A = 0.03, .target_interval = target_interval};
    Dni dni(settings_of(name), t.start(), t("init_A"), options);
    dni.A_target = t("init_A_target");
    t("init_J_approx");  // is in the file, and has no part in it
    follow(t, dni, [&] {
        same_synthetic_gradient(t, dni);
        t.same("J", dni.J);
    });
}

void follow_dni_b(const std::string& name, int target_interval, bool jacobian_first) {
    ReferenceTrajectory t(name);
    const DniBOptions options{.rate_A = 0.03,
                              .rate_J = 0.02,
                              .target_interval = target_interval,
                              .jacobian_first = jacobian_first,
                              .held = false};
    DniB dni_b(settings_of(name), t.start(), t("init_A"), t("init_J_approx"), options);
    dni_b.A_target = t("init_A_target");
    follow(t, dni_b, [&] {
        same_synthetic_gradient(t, dni_b);
        t.same("J_approx", dni_b.J);
    });
}

void follow_kernl(const std::string& name, bool clip_kernel, bool filter_noise) {
    ReferenceTrajectory t(name);
    const KernlOptions options{
        .eta = 0.5, .clip_kernel = clip_kernel, .filter_noise = filter_noise};
    Kernl kernl(settings_of(name), t.start(), options);
    t.same_at_end("init_A", kernl.A);
    t.same_at_end("init_B", kernl.B);
    t.same_at_end("init_kernl_gamma", kernl.gamma);
    t.same_at_end("init_Gamma", kernl.Gamma);
    t.same_at_end("init_noisy_r", kernl.r_twin);
    kernl.Omega = t.vector("init_Omega");
    kernl.zeta = t.vector("init_zeta");
    const auto step = [&](const Vector& x, const Vector& label) {
        kernl.step(x, label, t.row("zeta"));
    };
    follow(t, kernl, step, [&] {
        t.same("noisy_r", kernl.r_twin);
        t.same("kernel", kernl.K);
        t.same("Gamma", kernl.Gamma);
        t.same("Omega", kernl.Omega);
        t.same("B", kernl.B);
        t.same("noise_error", kernl.epsilon);
        t.same("A", kernl.A);
        t.same("kernl_gamma", kernl.gamma);
    });
}

// UORO and R-KF: n signs a step.
template <class Algorithm>
void follow_with_signs(const std::string& name) {
    ReferenceTrajectory t(name);
    Algorithm algorithm(settings_of(name), t.start(), t.vector("init_A"), t("init_B"));
    const auto step = [&](const Vector& x, const Vector& label) {
        algorithm.step(x, label, t.row("nu"));
    };
    follow(t, algorithm, step, [&] { same_factors(t, algorithm); });
}

}  // namespace

TEST_CASE("the equations of fixed W make the authors' trajectory", "[algebra][reference]") {
    ReferenceTrajectory t("fixedW");
    FixedW fixed_w(settings_of(t.name()), t.start());
    follow(t, fixed_w, [] {});
}

TEST_CASE("the equations of RTRL make the authors' trajectory", "[algebra][reference]") {
    for (const char* name : {"RTRL", "RTRL_alpha"}) {
        ReferenceTrajectory t(name);
        Rtrl rtrl(settings_of(name), t.start());
        follow(t, rtrl, [&] {
            t.same("J", rtrl.J);
            t.same("M", rtrl.M);
        });
    }
}

TEST_CASE("the equations of BPTT make the authors' trajectory", "[algebra][reference]") {
    for (const char* name : {"F_BPTT", "F_BPTT_alpha"}) {
        ReferenceTrajectory t(name);
        Bptt bptt(settings_of(name), t.start(), 10);
        follow(t, bptt, [&] { t.same("c", bptt.c); });
    }
}

TEST_CASE("the equations of windowed BPTT make the authors' trajectory", "[algebra][reference]") {
    for (const char* name : {"E_BPTT", "E_BPTT_alpha"}) {
        ReferenceTrajectory t(name);
        BpttWindow bptt(settings_of(name), t.start(), 10);
        follow(t, bptt, [] {});
    }
}

TEST_CASE("the equations of UORO make the authors' trajectory", "[algebra][reference]") {
    for (const char* name : {"UORO", "UORO_alpha"}) follow_with_signs<Uoro>(name);
}

TEST_CASE("the equations of R-KF make the authors' trajectory", "[algebra][reference]") {
    for (const char* name : {"R_KF", "R_KF_alpha"}) follow_with_signs<RKf>(name);
}

TEST_CASE("the equations of KF-RTRL make the authors' trajectory", "[algebra][reference]") {
    for (const char* name : {"KF_RTRL", "KF_RTRL_alpha"}) {
        ReferenceTrajectory t(name);
        KfRtrl kf_rtrl(settings_of(name), t.start(), t.vector("init_A"), t("init_B"));
        const auto step = [&](const Vector& x, const Vector& label) {
            const Vector nu = t.row("nu");
            kf_rtrl.step(x, label, nu(0), nu(1));
        };
        follow(t, kf_rtrl, step, [&] { same_factors(t, kf_rtrl); });
    }
}

TEST_CASE("the equations of KeRNL make the authors' trajectory", "[algebra][reference]") {
    follow_kernl("KeRNL", true, false);
    follow_kernl("KeRNL_2019", false, true);
}

TEST_CASE("the equations of RFLO make the authors' trajectory", "[algebra][reference]") {
    ReferenceTrajectory t("RFLO");
    Rflo rflo(settings_of(t.name()), t.start());
    t.same_at_end("init_B", rflo.B);
    follow(t, rflo, [&] { t.same("B", rflo.B); });
}

TEST_CASE("the equations of DNI make the authors' trajectory", "[algebra][reference]") {
    follow_dni("DNI_fix1", 1);
    follow_dni("DNI", 5);
}

TEST_CASE("the equations of replayed DNI(b) make the authors' trajectory", "[algebra][reference]") {
    follow_dni_b("DNIb_noFB_fix1", 1, true);
    follow_dni_b("DNIb_noFB", 5, true);
    follow_dni_b("DNIb", 5, true);
    follow_dni_b("DNIb_2019", 5, false);
}
