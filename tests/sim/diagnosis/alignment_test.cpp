// What is measured of a rule's agreement with the exact gradient.
#include <Eigen/Eigenvalues>

#include "sim/algebra/rtrl.hpp"
#include "sim/numbers/tail_mean.hpp"
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

// RFLO's estimates and the exact gradients, made here step by step.
struct RawValues {
    std::vector<Matrix> estimates, exact;

    RawValues(DiagnosedRun& run, int steps) {
        const RecurrentNetwork network = recurrent_network_of(run.model.circuit, "this test");
        const NetworkNumbers numbers(run.model.circuit, network, run.state);
        algebra::Rtrl rtrl(settings_of(run.model.circuit, run.model.task->shape().readout, network),
                           {.W = numbers.W(), .W_out = numbers.W_out(), .r = numbers.r()});
        for (int step = 0; step < steps; ++step) {
            rtrl.W = numbers.W();
            rtrl.W_out = numbers.W_out();
            run.step();
            rtrl.step(numbers.x(), numbers.label());
            Matrix traces(rtrl.n, rtrl.m);
            traces << run.matrix("eligibility(W_rec)"), run.matrix("eligibility(W_in)"),
                run.matrix("eligibility(b)");
            estimates.push_back(run.vector("hidden.feedback.v").asDiagonal() * traces);
            exact.push_back(rtrl.G);
        }
    }
};

void is_measured(const DiagnosedRun& run, const std::string& name, const RawValues& raw,
                 Eigen::Index first, Eigen::Index columns) {
    INFO(name);
    const auto count = static_cast<double>(raw.exact.size());
    const auto part = [&](const Matrix& all) { return all.middleCols(first, columns).eval(); };
    const Matrix X = part(raw.estimates.back()), G = part(raw.exact.back());
    CHECK(run("cosine", name) ==
          Approx(X.cwiseProduct(G).sum() / (X.norm() * G.norm())).epsilon(1e-11));
    CHECK(run("norm_ratio", name) == Approx(X.norm() / G.norm()).epsilon(1e-11));
    Matrix mean = Matrix::Zero(G.rows(), columns);
    double error = 0.0, exact = 0.0, scatter = 0.0;
    for (std::size_t t = 0; t < raw.exact.size(); ++t) {
        const Matrix E = part(raw.estimates[t] - raw.exact[t]);
        mean += E / count;
        error += E.squaredNorm() / count;
        exact += part(raw.exact[t]).squaredNorm() / count;
    }
    for (std::size_t t = 0; t < raw.exact.size(); ++t)
        scatter += (part(raw.estimates[t] - raw.exact[t]) - mean).squaredNorm() / count;
    const double bias = run("bias", name), variance = run("variance", name);
    CHECK(bias == Approx(mean.norm() / std::sqrt(exact)).epsilon(1e-11));
    CHECK(variance == Approx(scatter / exact).epsilon(1e-11));
    CHECK(bias * bias + variance == Approx(error / exact).epsilon(1e-11));
}

struct BiasAndVariance {
    double bias, variance;
};

BiasAndVariance after(DiagnosedRun& run, int steps) {
    run.step(steps);
    return {run("bias", "recurrent"), run("variance", "recurrent")};
}

const Assignments frozen = {"plasticity.recurrent.rate=1e-15", "plasticity.readout.rate=0.0"};

double radius_of_two_by_two(const Matrix& J) {
    const double half = 0.5 * J.trace(), square = half * half - J.determinant();
    if (square < 0.0) return std::sqrt(J.determinant());
    return std::max(std::abs(half + std::sqrt(square)), std::abs(half - std::sqrt(square)));
}

}  // namespace

TEST_CASE("cosine, norm ratio, bias and variance are those of the raw values",
          "[diagnosis][alignment]") {
    Setting setting = small_add;
    setting.random_feedback = true;
    DiagnosedRun run(diagnosed("rflo", setting));
    const RawValues raw(run, 60);
    is_measured(run, "W_rec", raw, 0, 6);
    is_measured(run, "W_in", raw, 6, 2);
    is_measured(run, "b", raw, 8, 1);
    is_measured(run, "recurrent", raw, 0, 9);
}

TEST_CASE("estimates without bias show less and less of it, and their variance stays",
          "[diagnosis][alignment]") {
    for (const std::string name : {"uoro", "kf_rtrl", "r_kf"}) {
        INFO(name);
        DiagnosedRun run(diagnosed(name, small_add, frozen));
        const BiasAndVariance early = after(run, 500), late = after(run, 7500);
        CHECK(late.bias < 0.5 * early.bias);  // a quarter, when errors are independent
        CHECK(late.variance > 0.5 * early.variance);
        CHECK(late.variance < 2.0 * early.variance);
    }
    Setting setting = small_add;
    setting.random_feedback = true;
    DiagnosedRun run(diagnosed("rflo", setting, frozen));
    const BiasAndVariance early = after(run, 500), late = after(run, 3500);
    CHECK(late.bias > 0.7 * early.bias);
}

TEST_CASE("a set that no such rule changes is left out, and said to be", "[diagnosis][alignment]") {
    const Model model = diagnosed("rflo", small_add, no_recurrence);
    CHECK(aligned_names(model) == std::vector<std::string>{"W_in", "b", "recurrent"});
    REQUIRE(model.notes.size() == 1);
    CHECK_THAT(model.notes[0], Catch::Contains("leaves out W_rec"));
}

TEST_CASE("each rule of its own is aligned by itself", "[diagnosis][alignment]") {
    const Model model =
        diagnosed("rtrl", small_add,
                  {"plasticity.recurrent.synapses=[\"W_rec\", \"b\"]",
                   "plasticity.second={ rule = \"rtrl\", synapses = [\"W_in\"], credit = "
                   "\"hidden.feedback\", rate = 0.01 }"});
    CHECK(aligned_names(model) ==
          std::vector<std::string>{"W_rec", "b", "recurrent", "W_in", "second"});
}

TEST_CASE("several rules are aligned side by side, each with its own rate",
          "[diagnosis][alignment]") {
    DiagnosedRun run(diagnosed(
        "rtrl", small_add,
        {"plasticity.recurrent.synapses=[\"W_rec\"]",
         "plasticity.second={ rule = \"rtrl\", synapses = [\"W_in\"], credit = "
         "\"hidden.feedback\", rate = 0.01 }",
         "plasticity.third={ rule = \"rtrl\", synapses = [\"b\"], credit = \"hidden.feedback\", "
         "rate = 0.03 }"}));
    run.step(20);
    is_exact(run);
}

TEST_CASE("a learned Jacobian is held against the exact one", "[diagnosis][alignment]") {
    Setting setting = small_add;
    setting.n = 2;
    setting.alpha = 0.3;
    DiagnosedRun run(diagnosed("dni_b", setting));
    for (int step = 1; step <= 101; ++step) {
        const Matrix learned = run.matrix("J"), W_rec = run.matrix("W_rec");
        run.step();
        const Vector slope = run.vector("slope(hidden.soma.v)");
        const Matrix exact = 0.7 * Matrix::Identity(2, 2) + 0.3 * slope.asDiagonal() * W_rec;
        CHECK(run("error", "J") == Approx((learned - exact).norm() / exact.norm()).epsilon(1e-12));
        CHECK(run("cosine", "J") ==
              Approx(learned.cwiseProduct(exact).sum() / (learned.norm() * exact.norm()))
                  .epsilon(1e-12));
        if (step != 1 && step != 101) continue;
        CHECK(run("spectral_radius", "J") == Approx(radius_of_two_by_two(learned)));
        CHECK(run("true_spectral_radius", "J") == Approx(radius_of_two_by_two(exact)));
    }
}

TEST_CASE("the tail's mean is over the last tenth of the steps", "[diagnosis]") {
    TailMean mean(40);
    for (int step = 1; step <= 40; ++step) mean.add(step, step);
    CHECK(mean.mean(40) == 38.5);  // of 37, 38, 39, 40
    TailMean some(40);
    for (int step = 3; step <= 40; step += 3) some.add(step, step == 39 ? std::nan("") : step);
    CHECK(std::isnan(some.mean(40)));
    TailMean cut(40);
    for (int step = 1; step <= 22; ++step) cut.add(step, step);
    CHECK(cut.mean(22) == 21.5);  // of 21 and 22
    TailMean fork(40);
    for (int step = 1; step <= 22; ++step) fork.add(step, step);
    fork.begin_after(22);
    for (int step = 23; step <= 24; ++step) fork.add(step, step);
    CHECK(fork.mean(24) == 23.5);
    TailMean nothing(40);
    CHECK(std::isnan(nothing.mean(40)));
}
