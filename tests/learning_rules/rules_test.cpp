// One step of each rule against its equation (paper, Table 1 and Eq. 3), written out in Eigen.
#include "learning_rules/rules.hpp"

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double tolerance = 1e-13, alpha = 0.5;
constexpr int n = 5;

// Recurrent hidden cells with a bias and random feedback of the error.
const std::string network = R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["feedback"], init = { activated_normal = 1.0 } }
population.error.role = "error"
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.7 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
synapses.b_out = { from = "one", to = "output.soma", during = "forward", init = { normal = 1.0 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 1.0 } }
)";

const std::string eligibility_rule = R"(
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in", "b"], credit = "hidden.feedback", rate = 0.3 }
)";

const std::string dendritic_rule = R"(
plasticity.recurrent = { rule = "dendritic", synapses = ["W_rec", "W_in", "b"], credit = "hidden.feedback", rate = 0.3 }
)";

using Lines = std::vector<std::string>;

// phi'(v) = 1 - tanh(v)^2 of the hidden cells.
Vector slope(const SteppedModel& sim) {
    return 1.0 - sim.vector("hidden.soma.v").array().tanh().square();
}

}  // namespace

TEST_CASE("delta changes the output's strengths by error times rate", "[rules][delta]") {
    SteppedModel sim(small_model(network + dendritic_rule + R"(
plasticity.readout = { rule = "delta", synapses = ["W_out", "b_out"], rate = 0.2 }
)"));
    for (int step = 0; step < 3; ++step) {
        const Matrix W = sim.matrix("W_out"), b = sim.matrix("b_out");
        sim.step();
        const Vector z = W * sim.vector("hidden.r") + b, e = z - sim.vector("label.r");
        REQUIRE(distance(sim.matrix("W_out"), W - 0.2 * e * sim.vector("hidden.r").transpose()) <=
                tolerance);
        REQUIRE(distance(sim.matrix("b_out"), b - 0.2 * e) <= tolerance);
    }
    REQUIRE(listed(sim.model.program, "plasticity.readout") ==
            Lines{"hebb W_out += -0.2 error.r x hidden.r", "hebb b_out += -0.2 error.r x one.r"});
}

TEST_CASE("eligibility decays by 1 - alpha, grows by slope times rate, and is taught by the credit",
          "[rules][eligibility]") {
    SteppedModel sim(small_model(network + eligibility_rule));
    Matrix B_rec = Matrix::Zero(n, n), B_in = Matrix::Zero(n, 3), B_1 = Matrix::Zero(n, 1);
    for (int step = 0; step < 4; ++step) {
        const Matrix W_rec = sim.matrix("W_rec"), W_in = sim.matrix("W_in"), b = sim.matrix("b");
        const Vector r = sim.vector("hidden.r");
        sim.step();
        const Vector s = slope(sim), c = sim.matrix("B_fb") * sim.vector("error.r");
        B_rec = (1 - alpha) * B_rec + alpha * s * r.transpose();
        B_in = (1 - alpha) * B_in + alpha * s * sim.vector("input.r").transpose();
        B_1 = (1 - alpha) * B_1 + alpha * s;
        REQUIRE(distance(sim.matrix("eligibility(W_rec)"), B_rec) <= tolerance);
        REQUIRE(distance(sim.matrix("eligibility(W_in)"), B_in) <= tolerance);
        REQUIRE(distance(sim.matrix("eligibility(b)"), B_1) <= tolerance);
        REQUIRE(distance(sim.matrix("W_rec"), W_rec - 0.3 * (c.asDiagonal() * B_rec)) <= tolerance);
        REQUIRE(distance(sim.matrix("W_in"), W_in - 0.3 * (c.asDiagonal() * B_in)) <= tolerance);
        REQUIRE(distance(sim.matrix("b"), b - 0.3 * (c.asDiagonal() * B_1)) <= tolerance);
    }
}

TEST_CASE("the listing of eligibility is its traces, then its changes", "[rules][eligibility]") {
    REQUIRE(
        listed(small_model(network + eligibility_rule).program, "plasticity.recurrent") ==
        Lines{"cellwise slope(hidden.soma.v) = tanh'(hidden.soma.v)",
              "hebb eligibility(W_rec) = 0.5 eligibility(W_rec) + 0.5 slope(hidden.soma.v) x "
              "previous(hidden.r)",
              "hebb eligibility(W_in) = 0.5 eligibility(W_in) + 0.5 slope(hidden.soma.v) x input.r",
              "hebb eligibility(b) = 0.5 eligibility(b) + 0.5 slope(hidden.soma.v) x one.r",
              "consolidate W_rec += -0.3 hidden.feedback.v . eligibility(W_rec)",
              "consolidate W_in += -0.3 hidden.feedback.v . eligibility(W_in)",
              "consolidate b += -0.3 hidden.feedback.v . eligibility(b)"});
}

TEST_CASE("dendritic changes strengths by alpha, credit, slope and rate", "[rules][dendritic]") {
    SteppedModel sim(small_model(network + dendritic_rule));
    for (int step = 0; step < 3; ++step) {
        const Matrix W_rec = sim.matrix("W_rec"), W_in = sim.matrix("W_in"), b = sim.matrix("b");
        const Vector r = sim.vector("hidden.r");
        sim.step();
        const Vector c = sim.matrix("B_fb") * sim.vector("error.r"),
                     teaching = alpha * c.cwiseProduct(slope(sim));
        REQUIRE(distance(sim.matrix("W_rec"), W_rec - 0.3 * teaching * r.transpose()) <= tolerance);
        REQUIRE(distance(sim.matrix("W_in"),
                         W_in - 0.3 * teaching * sim.vector("input.r").transpose()) <= tolerance);
        REQUIRE(distance(sim.matrix("b"), b - 0.3 * teaching) <= tolerance);
    }
    REQUIRE(listed(sim.model.program, "plasticity.recurrent") ==
            Lines{"cellwise slope(hidden.soma.v) = tanh'(hidden.soma.v)",
                  "cellwise recurrent.teaching = hidden.feedback.v slope(hidden.soma.v)",
                  "hebb W_rec += -0.15 recurrent.teaching x previous(hidden.r)",
                  "hebb W_in += -0.15 recurrent.teaching x input.r",
                  "hebb b += -0.15 recurrent.teaching x one.r"});
}

TEST_CASE("a rule uses the slope of its own cells' activation", "[rules][dendritic]") {
    const auto teaching = [](const std::string& activation) {
        SteppedModel sim(
            small_model(network + dendritic_rule, {"population.hidden.activation=" + activation}));
        sim.step();
        return std::pair(sim.vector("slope(hidden.soma.v)"), sim.vector("hidden.soma.v"));
    };
    const auto [linear, any] = teaching("linear");
    REQUIRE(linear == Vector::Ones(n));
    const auto [rectified, v] = teaching("rectified");
    REQUIRE(rectified == Vector((v.array() > 0.0).cast<double>()));
    const auto [logistic, w] = teaching("logistic");
    const Vector rate = 1.0 / (1.0 + (-w.array()).exp());
    REQUIRE(distance(logistic, rate.cwiseProduct(Vector::Ones(n) - rate)) <= tolerance);
}

TEST_CASE("a rule on cells whose activation has no slope of one cell is rejected",
          "[rules][dendritic]") {
    // Softmax: the slope of one output depends on all of them.
    for (const char* rule : {"dendritic", "eligibility"}) {
        INFO(rule);
        const auto load_it = [&] {
            const Model model = small_model(
                network + dendritic_rule +
                    fmt::format(
                        "plasticity.wrong = {{ rule = \"{}\", synapses = [\"W_out\"], credit = "
                        "\"output.soma\", rate = 0.1 }}\n",
                        rule),
                {"task={ kind = \"add\", lags = [1, 2] }"});
        };
        const auto error = error_of(load_it);
        CHECK(error);
        if (error) CHECK(error->code() == ExitCode::bad_model);
    }
}

TEST_CASE("predict_rate changes strengths by the error of their own prediction",
          "[rules][predict_rate]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["forecast"], init = { activated_normal = 1.0 } }
synapses.J = { from = "hidden", to = "hidden.forecast", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.J_1 = { from = "one", to = "hidden.forecast", during = "forward", init = { normal = 1.0 } }
plasticity.jacobian = { rule = "predict_rate", synapses = ["J", "J_1"], rate = 0.2 }
)"));
    for (int step = 0; step < 3; ++step) {
        const Matrix J = sim.matrix("J"), J_1 = sim.matrix("J_1");
        const Vector before = sim.vector("hidden.r");
        sim.step();
        const Vector error = sim.vector("hidden.r") - (J * before + J_1);
        REQUIRE(distance(sim.matrix("J"), J + 0.2 * error * before.transpose()) <= tolerance);
        REQUIRE(distance(sim.matrix("J_1"), J_1 + 0.2 * error) <= tolerance);
    }
    REQUIRE(listed(sim.model.program, "plasticity.jacobian") ==
            Lines{"cellwise jacobian.error = hidden.r - hidden.forecast.v",
                  "hebb J += 0.2 jacobian.error x previous(hidden.r)",
                  "hebb J_1 += 0.2 jacobian.error x one.r"});
}

TEST_CASE("exact_jacobian sets strengths to the derivative of the rate by last step's rate",
          "[rules][exact_jacobian]") {
    SteppedModel sim(small_model(network + dendritic_rule + R"(
synapses.J = { from = "hidden", to = "hidden.soma", init = { constant = 0.0 }, back = { to = "hidden.feedback", during = "update" } }
plasticity.jacobian = { rule = "exact_jacobian", synapses = ["J"], of = ["W_rec"], during = "forward" }
)"));
    for (int step = 0; step < 3; ++step) {
        const Matrix W_rec = sim.matrix("W_rec");
        sim.step();
        const Matrix J =
            (1 - alpha) * Matrix::Identity(n, n) + alpha * (slope(sim).asDiagonal() * W_rec);
        REQUIRE(distance(sim.matrix("J"), J) <= tolerance);
    }
}

TEST_CASE("exact_jacobian is what a small change of last step's rate does to the rate",
          "[rules][exact_jacobian]") {
    const std::string lines = network + R"(
plasticity.jacobian = { rule = "exact_jacobian", synapses = ["J"], of = ["W_rec"], during = "forward" }
plasticity.silent = { rule = "dendritic", synapses = ["b"], credit = "hidden.feedback", rate = 0.0 }
synapses.J = { from = "hidden", to = "hidden.soma", init = { constant = 0.0 }, back = { to = "hidden.feedback", during = "update" } }
)";
    constexpr double nudge = 1e-5;
    const auto rate_after = [&](int j, double change, Matrix* J) {
        SteppedModel sim(small_model(lines));
        for (const char* address : {"hidden.r", "previous(hidden.r)"}) {
            Matrix r = sim.matrix(address);
            r(j) += change;
            sim.write(address, r);
        }
        sim.step();
        if (J) *J = sim.matrix("J");
        return sim.vector("hidden.r");
    };
    Matrix J;
    rate_after(0, 0.0, &J);
    for (int j = 0; j < n; ++j) {
        const Vector column =
            (rate_after(j, nudge, nullptr) - rate_after(j, -nudge, nullptr)) / (2 * nudge);
        REQUIRE(distance(J.col(j), column) <= 1e-9);
    }
}

TEST_CASE("copy takes over strengths every k steps and leaves them alone in between",
          "[rules][copy]") {
    SteppedModel sim(small_model(network + dendritic_rule + R"(
synapses.T = { from = "hidden", to = "output.soma", during = "update", init = { normal = 1.0 } }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.2, during = "update" }
plasticity.copy = { rule = "copy", synapses = ["T"], of = ["W_out"], every = 4, during = "forward" }
)"));
    Matrix expected = sim.matrix("T");
    for (int step = 1; step <= 9; ++step) {
        if (step % 4 == 0) expected = sim.matrix("W_out");  // before this step's change
        sim.step();
        INFO("step " << step);
        REQUIRE(sim.matrix("T") == expected);
    }
    REQUIRE(listed(sim.model.program, "plasticity.copy") ==
            Lines{"assign T = W_out, every 4 steps"});
}

TEST_CASE("a copy sees what the rules above it in the same phase have changed, and no others",
          "[rules][copy][order]") {
    const std::string circuit = network + dendritic_rule + R"(
synapses.T = { from = "hidden", to = "output.soma", during = "update", init = { normal = 1.0 } }
)";
    const std::string learn =
                          "plasticity.readout = { rule = \"delta\", synapses = [\"W_out\"], rate "
                          "= 0.2 }\n",
                      take =
                          "plasticity.copy = { rule = \"copy\", synapses = [\"T\"], of = "
                          "[\"W_out\"], every = 1 }\n";
    SteppedModel above(small_model(circuit + take + learn)),
        below(small_model(circuit + learn + take));
    const Matrix before = above.matrix("W_out");
    above.step();
    below.step();
    REQUIRE(above.matrix("W_out") != before);
    REQUIRE(above.matrix("T") == before);
    REQUIRE(below.matrix("T") == below.matrix("W_out"));
}
