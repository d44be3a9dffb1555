// What rules in text come to in closed form, computed as they are written.
#include "sim/algebra/literal_equations.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/sim/algebra/literal_rule.hpp"

namespace {

using namespace apical;
using namespace apical::algebra;

Matrix two_strengths(double a, double b) {
    Matrix w(1, 2);
    w << a, b;
    return w;
}

bool is_near(double found, double expected, double apart = 1e-12) {
    return std::abs(found - expected) <= apart;
}

}  // namespace

TEST_CASE("Oja's rule in a linear cell follows y + rate y (1 - y^2) to strengths of norm 1",
          "[algebra][literal]") {
    LiteralRule rule("w += rate * post.r * (pre.r - post.r * w)", 1, 2);
    rule.number("rate", 0.1).pre("pre.r", {0.6, 0.8}).synapses("w", two_strengths(0.06, 0.08));
    const auto output = [&] { return 0.6 * rule.of("w")(0, 0) + 0.8 * rule.of("w")(0, 1); };
    double y = 0.1;
    for (int step = 0; step < 200; ++step) {
        rule.post("post.r", {output()}).take();
        y += 0.1 * y * (1.0 - y * y);
    }
    CHECK(is_near(output(), y));
    CHECK(is_near(rule.of("w").norm(), 1.0));
}

TEST_CASE("BCM picks one of two patterns, at the rate that its sliding threshold asks for",
          "[algebra][literal]") {
    LiteralRule rule(
        "dtheta/dt = (post.r^2 - theta) / tau_ms\n"
        "w += rate * post.r * (post.r - theta) * pre.r",
        1, 2);
    rule.number("rate", 0.005).number("tau_ms", 200.0).post("theta", {0.0});
    rule.synapses("w", two_strengths(0.6, 0.4));
    for (int step = 0; step < 20000; ++step) {
        const double first = step % 2 ? 1.0 : 0.0;
        const double y = first * rule.of("w")(0, 0) + (1.0 - first) * rule.of("w")(0, 1);
        rule.pre("pre.r", {first, 1.0 - first}).post("post.r", {y}).take();
    }
    CHECK(is_near(rule.of("w")(0, 0), 1.0 + std::exp(-literal_step_ms / 200.0)));
    CHECK(is_near(rule.of("w")(0, 1), 0.0));
}

TEST_CASE("a trace is its exact solution, whatever the step", "[algebra][literal]") {
    LiteralRule rule("dtrace/dt = (pre.r - trace) / tau_ms\nddrift/dt = pre.r");
    rule.number("tau_ms", 35.0).pre("pre.r", {1.0}).pre("trace", {0.0}).pre("drift", {0.5});
    for (int step = 0; step < 7; ++step) rule.take();
    CHECK(is_near(rule.one("trace"), 1.0 - std::exp(-2.0)));
    CHECK(is_near(rule.one("drift"), 0.5 + 70.0));
}

TEST_CASE("Hebb's rule with decay ends at rate y x / decay", "[algebra][literal]") {
    LiteralRule rule("w += rate * post.r * pre.r - decay * w");
    rule.number("rate", 0.01).number("decay", 0.05).post("post.r", {0.4}).pre("pre.r", {0.5});
    rule.synapse("w", 0.0);
    for (int step = 0; step < 2000; ++step) rule.take();
    CHECK(is_near(rule.one("w"), 0.04));
}

TEST_CASE("the covariance rule changes by the covariance", "[algebra][literal]") {
    LiteralRule rule(
        "dpost_mean/dt = (post.r - post_mean) / tau_ms\n"
        "dpre_mean/dt = (pre.r - pre_mean) / tau_ms\n"
        "w += rate * (post.r - post_mean) * (pre.r - pre_mean)");
    rule.number("rate", 1e-3).number("tau_ms", 20000.0).synapse("w", 0.0);
    rule.post("post_mean", {0.2}).pre("pre_mean", {0.5});
    constexpr int steps = 40000;
    for (int step = 0; step < steps; ++step) {
        const double z = step % 4 < 2 ? 1.0 : -1.0, own = step % 2 ? 0.1 : -0.1;
        rule.pre("pre.r", {0.5 + z}).post("post.r", {0.2 + 0.3 * z + own}).take();
    }
    CHECK(is_near(rule.one("w") / (1e-3 * steps), 0.3, 0.01));
}

TEST_CASE("bounds are reached and not left", "[algebra][literal]") {
    LiteralRule rule("w = clip(w + rate * post.r * pre.r, 0, largest)", 1, 2);
    rule.number("rate", 0.01).number("largest", 1.0).post("post.r", {1.0});
    rule.pre("pre.r", {1.0, -1.0}).synapses("w", two_strengths(0.95, 0.05));
    for (int step = 0; step < 100; ++step) rule.take();
    CHECK(rule.of("w")(0, 0) == 1.0);
    CHECK(rule.of("w")(0, 1) == 0.0);
}

TEST_CASE("what is left to a soft bound falls by the same share in each step",
          "[algebra][literal]") {
    LiteralRule rule("w += rate * (largest - w) * post.r * pre.r");
    rule.number("rate", 0.01).number("largest", 1.0).synapse("w", 0.2);
    rule.post("post.r", {0.8}).pre("pre.r", {0.5});
    for (int step = 0; step < 100; ++step) rule.take();
    CHECK(is_near(1.0 - rule.one("w"), 0.535826057018117));
}

TEST_CASE("gather sums up over the synapses of each cell, whatever is written in it",
          "[algebra][literal]") {
    LiteralRule rule("total = gather(w * pre.r + post.r)\ncount = gather(1)\nw = w / gather(w)", 2,
                     3);
    Matrix w(2, 3);
    w << 1.0, 2.0, 3.0, -1.0, 0.5, 0.25;
    rule.pre("pre.r", {1.0, 10.0, 100.0}).post("post.r", {0.5, -2.0}).synapses("w", w).take();
    CHECK(is_near(rule.of("total")(0, 0), 321.0 + 1.5));
    CHECK(is_near(rule.of("total")(1, 0), 29.0 - 6.0));
    CHECK(rule.of("count")(1, 0) == 3.0);
    CHECK(is_near(rule.of("w")(0, 2), 0.5));
    CHECK(is_near(rule.of("w")(1, 0), 4.0));
}

TEST_CASE("homeostasis brings the rate to its target", "[algebra][literal]") {
    LiteralRule rule(
        "dmean/dt = (post.r - mean) / tau_ms\n"
        "w += rate * (target - mean) * w");
    rule.number("rate", 0.01).number("target", 0.2).number("tau_ms", 100.0).synapse("w", 1.0);
    rule.post("mean", {0.0}).pre("pre.r", {0.5});
    for (int step = 0; step < 20000; ++step) rule.post("post.r", {0.5 * rule.one("w")}).take();
    CHECK(is_near(0.5 * rule.one("w"), 0.2));
}

TEST_CASE("a dendrite learns to predict the soma that a nudge holds", "[algebra][literal]") {
    LiteralRule rule(
        "predicted = g_dendrite / (g_leak + g_dendrite) * post.here.v\n"
        "error = post.r - phi(predicted)\n"
        "ddrift/dt = (error * pre.r - drift) / tau_ms\n"
        "w += rate * drift",
        1, 2, algebra::Activation::logistic);
    rule.number("rate", 0.5).number("g_leak", 0.1).number("g_dendrite", 2.0).number("tau_ms", 100);
    rule.synapses("w", two_strengths(0, 0)).synapses("drift", two_strengths(0, 0));
    rule.pre("pre.r", {0.3, 0.7}).post("post.r", {0.8});
    const auto voltage = [&] { return 0.3 * rule.of("w")(0, 0) + 0.7 * rule.of("w")(0, 1); };
    for (int step = 0; step < 20000; ++step) rule.post("post.here.v", {voltage()}).take();
    CHECK(is_near(1.0 / (1.0 + std::exp(-2.0 / 2.1 * voltage())), 0.8));
    CHECK(is_near(rule.of("w")(0, 0) / rule.of("w")(0, 1), 0.3 / 0.7));
}

TEST_CASE("short-term plasticity has the use and the resources of a constant rate",
          "[algebra][literal]") {
    LiteralRule rule(
        "u += step_ms * ((use - u) / tau_f_ms + use * (1 - u) * pre.r)\n"
        "x += step_ms * ((1 - x) / tau_d_ms - u * x * pre.r)");
    rule.number("use", 0.2).number("tau_f_ms", 500.0).number("tau_d_ms", 200.0);
    rule.pre("pre.r", {0.01}).pre("u", {0.0}).pre("x", {0.0});
    for (int step = 0; step < 3000; ++step) rule.take();
    CHECK(is_near(rule.one("u"), 0.6));
    CHECK(is_near(rule.one("x"), 5.0 / 11.0));
}

TEST_CASE("a strength and its slow copy meet where they have lost as much", "[algebra][literal]") {
    // Where both are the same, from w = 1 and deep = 0. The copy changes first.
    LiteralRule rule(
        "deep += b * (w - deep)\n"
        "w += rate * post.r * pre.r - a * (w - deep)");
    rule.number("rate", 0.01).number("a", 0.01).number("b", 0.002);
    rule.synapse("w", 1.0).synapse("deep", 0.0).post("post.r", {0.0}).pre("pre.r", {0.0});
    for (int step = 0; step < 5000; ++step) rule.take();
    CHECK(is_near(rule.one("w"), 0.166944908180301));
    CHECK(is_near(rule.one("deep"), 0.002 / (0.01 * (1.0 - 0.002) + 0.002)));
}

TEST_CASE("a change over the root of its mean square is the rate, by sign", "[algebra][literal]") {
    LiteralRule rule(
        "g = credit * slope(post.soma.v) * pre.r\n"
        "s = keep * s + (1 - keep) * g^2\n"
        "w += -rate * g / (sqrt(s) + little)");
    rule.number("rate", 0.001).number("keep", 0.9).number("little", 1e-12);
    rule.post("credit", {0.7}).post("post.soma.v", {2.0}).pre("pre.r", {0.5});
    rule.synapse("g", 0.0).synapse("s", 0.0).synapse("w", 0.0);
    double before = 0.0;
    for (int step = 0; step < 500; ++step) {
        before = rule.one("w");
        rule.take();
    }
    CHECK(is_near(rule.one("w") - before, -0.001));
}

TEST_CASE("node perturbation changes by -3 s^4 error x^3 in the mean", "[algebra][literal]") {
    LiteralRule rule(
        "deviation = post.soma.v - mean\n"
        "dmean/dt = (post.soma.v - mean) / tau_ms\n"
        "e = (1 - forget) * e + (pre.r * deviation)^3\n"
        "surprise = -loss - baseline\n"
        "dbaseline/dt = (-loss - baseline) / tau_reward_ms\n"
        "w += rate * surprise * e");
    rule.number("rate", 1.0).number("forget", 1.0).pre("pre.r", {0.6});
    rule.number("tau_ms", 100.0).number("tau_reward_ms", 5000.0);
    // The quadrature of three points is exact for polynomials of a normal number up to degree 5.
    const double s = 0.5, error = 0.4;
    double mean_change = 0.0;
    for (const auto& [noise, weight] : {std::pair(0.0, 2.0 / 3.0),
                                        {std::sqrt(3.0) * s, 1.0 / 6.0},
                                        {-std::sqrt(3.0) * s, 1.0 / 6.0}}) {
        rule.post("mean", {0.0}).all("baseline", 0.1).synapse("e", 5.0).synapse("w", 0.0);
        rule.post("post.soma.v", {noise}).all("loss", 0.5 * (error + noise) * (error + noise));
        rule.take();
        mean_change += weight * rule.one("w");
    }
    CHECK(is_near(mean_change, -3.0 * std::pow(s, 4) * error * std::pow(0.6, 3)));
    CHECK(is_near(mean_change, -0.0162));
}

TEST_CASE("recursive least squares has the strengths of the normal equations",
          "[algebra][literal]") {
    LiteralRule rule(
        "k = dot(P, pre.r)\n"
        "c = 1 / (1 + sum(pre.r * k))\n"
        "P -= c * outer(k, k)\n"
        "w -= error * c * k",
        1, 3);
    Matrix A = 0.5 * Matrix::Identity(3, 3);
    Vector b = Vector::Zero(3);
    rule.synapses("w", Matrix::Zero(1, 3));
    rule.equations.give("P", {Home::pre_pairs, {2.0 * Matrix::Identity(3, 3)}});
    for (int step = 0; step < 50; ++step) {
        const Vector q =
            Eigen::Vector3d(std::sin(step), std::cos(1.7 * step), std::sin(0.3 * step));
        const double target = std::cos(0.9 * step);
        rule.pre("pre.r", {q(0), q(1), q(2)}).post("error", {rule.of("w").row(0).dot(q) - target});
        rule.take();
        A += q * q.transpose();
        b += target * q;
    }
    CHECK((A * rule.of("w").transpose() - b).cwiseAbs().maxCoeff() < 1e-11);
}
