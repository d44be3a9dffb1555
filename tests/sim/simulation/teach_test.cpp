// Teachers of cells, nudges and clamps, and losses of any cells: closed forms.
#include <cmath>

#include "sim/command_line/describe.hpp"
#include "sim/runs/simulation.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Approx to_rounding(double expected) { return Approx(expected).epsilon(0.0).margin(1e-15); }

// One linear cell that is driven with 0.6, and taught to be 1 in the phase "forward" of so many
// iterations.
std::string nudged_cell(int iterations, const std::string& order = "sequence") {
    std::string text = common_lines + R"(
population.out = { size = 1, activation = "linear" }
synapses.w = { from = "one", to = "out.soma", during = "forward", init = { constant = 0.6 } }
synapses.W_out = { from = "out", to = "output.soma", during = "forward", init = { constant = 1.0 } }
teach.out = { cells = "out", from = "one", as = "nudge", strength = 0.1, during = "forward" }
)";
    const std::string forward = "name = \"forward\", ms = 6.0";
    return text.replace(text.find(forward), forward.size(),
                        fmt::format("{}, repeat = {}, order = \"{}\"", forward, iterations, order));
}

// Equilibrium propagation in two layers of one linear cell, w_1 = .5, w_2 = .4, x = y = 1: a free
// phase of 60 iterations, and one of 60 in which the output is nudged by 0.1.
const std::string two_layers = R"toml(
format = 1
phase = [{ name = "free", ms = 1.0, repeat = 60, order = "together", begin = "rest" }, { name = "nudged", ms = 1.0, repeat = 60, order = "together" }]
population.input.role = "input"
population.one.role = "constant"
population.h = { size = 1, activation = "linear" }
population.o = { size = 1, activation = "linear" }
task = { kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 1 }
run = { steps = 1_000, seed = 3 }
loss = { of = "o.r", against = "one", during = "free" }
teach.output = { cells = "o", from = "one", as = "nudge", strength = 0.1, during = "nudged" }
synapses.W_1 = { from = "one", to = "h.soma", during = ["free", "nudged"], init = { constant = 0.5 } }
synapses.W_2 = { from = "h", to = "o.soma", during = ["free", "nudged"], init = { constant = 0.4 }, back = { to = "h.soma", during = ["free", "nudged"] } }
rule.settled_contrast = { parameters = { rate = 1.0, beta = 0.1 }, signals = { free_post = "post", free_pre = "pre", now_pre = "pre" }, equations = "w += rate / beta * (post.r * now_pre - free_post * free_pre)" }
plasticity.second = { rule = "settled_contrast", synapses = ["W_2"], free_post = "at_end(free, o.r)", free_pre = "at_end(free, h.r)", now_pre = "h.r" }
)toml";

}  // namespace

// r* = (w x + beta y) / (1 + beta), and an iteration multiplies the distance from it by -beta.
TEST_CASE("a nudged linear cell comes near its fixed point by beta an iteration", "[teach]") {
    const double beta = 0.1, fixed = (0.6 + beta) / (1.0 + beta);
    for (const std::string order : {"sequence", "together"}) {
        for (int k = 1; k <= 12; ++k) {
            SteppedModel sim(model_of_text(nudged_cell(k, order)));
            sim.step();
            const double expected = fixed - std::pow(-beta, k) * fixed;  // from r = 0
            INFO(order << ", " << k << " iterations");
            REQUIRE(sim.vector("out.r")[0] == to_rounding(expected));
        }
    }
}

TEST_CASE("a nudge is two wires in the listing and a table in resolved", "[teach]") {
    const Model model = model_of_text(nudged_cell(1));
    REQUIRE(listed(model.program, "teach.out") ==
            std::vector<std::string>{"remember before(out.r) = out.r",
                                     "transmit out.soma.v += 0.1 one.r (one to one)",
                                     "transmit out.soma.v += -0.1 before(out.r) (one to one)"});
    REQUIRE(model.resolved.find("[teach.out]\n") != std::string::npos);
    REQUIRE(model.resolved.find("[wire") == std::string::npos);
    REQUIRE(listing(model_of_text(model.resolved).program) == listing(model.program));
}

// Free: h = .5 / .84, o = .4 h. Nudged: o = .3 / .94, h = .5 + .4 o. The change of w_2 is
// (h o - h_free o_free) / .1.
TEST_CASE("a free and a nudged phase are those of equilibrium propagation", "[teach]") {
    SteppedModel sim(model_of_text(two_layers));
    sim.step();
    REQUIRE(std::abs(sim.vector("at_end(free, h.r)")[0] - .595238095238095) < 1e-15);
    REQUIRE(std::abs(sim.vector("at_end(free, o.r)")[0] - .238095238095238) < 1e-15);
    REQUIRE(std::abs(sim.vector("h.r")[0] - .627659574468085) < 1e-15);
    REQUIRE(std::abs(sim.vector("o.r")[0] - .319148936170213) < 1e-15);
    REQUIRE(std::abs(sim.vector("W_2")[0] - 0.4 - .585935294594675) < 1e-13);
    // Half the square of 1 - o of the free phase.
    const double error = 1.0 - 0.2 / 0.84;
    REQUIRE(sim.scheduler.loss() == to_rounding(0.5 * error * error));
}

TEST_CASE("clamped cells fire their target at once while the phase lasts", "[teach]") {
    SteppedModel sim(small_model(R"(
population.out = { size = 2, activation = "tanh", tau_ms = { soma = 20.0 } }
population.copy = { size = 2, activation = "linear" }
synapses.w = { from = "input", to = "out.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "copy", to = "output.soma", during = "forward", init = { constant = 1.0 } }
teach.out = { cells = "out", from = "label", as = "clamp", during = "update" }
wire.free = { from = "out", to = "copy.soma", during = "forward" }
)"));
    REQUIRE(listed(sim.model.program, "teach.out") ==
            std::vector<std::string>{"transmit out.soma.v = label.r (one to one)"});
    Vector v = Vector::Zero(2);
    for (int step = 0; step < 3; ++step) {
        sim.step();
        // From the target of last step, 6 ms towards the drive.
        const double keeps = std::exp(-6.0 / 20.0);
        const Vector drive = sim.matrix("w") * sim.vector("input.r");
        const Vector free = drive + keeps * (v - drive);
        REQUIRE(distance(sim.vector("copy.r"), Vector(free.array().tanh())) < 1e-14);
        v = sim.vector("label.r");
        REQUIRE(distance(sim.vector("out.soma.v"), v) == 0.0);
        REQUIRE(distance(sim.vector("out.r"), Vector(v.array().tanh())) < 1e-15);
    }
}

TEST_CASE("the loss is of the rates that the model says and taken in their phase", "[loss]") {
    const std::string circuit = R"(
population.a = { size = 2, activation = "tanh" }
population.b = { size = 2, activation = "logistic" }
synapses.W_in = { from = "input", to = "a.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_late = { from = "input", to = "a.soma", during = "update", init = { normal = 1.0 } }
synapses.V = { from = "input", to = "b.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "a", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";
    const auto with = [&](const std::string& keys) {
        return std::make_unique<SteppedModel>(small_model(circuit + "loss = { " + keys + " }\n"));
    };
    const auto plain = std::make_unique<SteppedModel>(small_model(circuit)),
               first = with(R"(of = "a.r", against = "label")"),
               late = with(R"(of = "a.r", against = "label", during = "update")"),
               voltage = with(R"(of = "a.soma", against = "b", kind = "cross_entropy")"),
               output = with(R"(of = "output.r", against = "label")");
    for (int step = 0; step < 3; ++step) {
        for (const auto* one : {&plain, &first, &late, &voltage, &output}) (*one)->step();
        const Vector x = first->vector("input.r"), y = first->vector("label.r");
        const Vector early = (first->matrix("W_in") * x).array().tanh(),
                     later = (first->matrix("W_late") * x).array().tanh();
        REQUIRE(first->scheduler.loss() == Approx((early - y).squaredNorm() / 4.0).epsilon(1e-14));
        REQUIRE(late->scheduler.loss() == Approx((later - y).squaredNorm() / 4.0).epsilon(1e-14));
        const Vector v = first->matrix("W_in") * x, b = voltage->vector("b.r");
        const double log_sum = std::log(v.array().exp().sum());
        REQUIRE(voltage->scheduler.loss() ==
                Approx((b.array() * (log_sum - v.array())).sum()).epsilon(1e-13));
        REQUIRE(output->scheduler.loss() == plain->scheduler.loss());
    }
    REQUIRE(plain->model.circuit.has_loss_of_output());
    REQUIRE(output->model.circuit.has_loss_of_output());
    REQUIRE(bounds_of(output->model).size() == bounds_of(plain->model).size());
    REQUIRE(bounds_of(late->model).empty());
    REQUIRE_FALSE(late->model.circuit.has_loss_of_output());
}

TEST_CASE("a circuit without an output has the loss that it states", "[loss]") {
    const Model model = model_of_text(two_layers);
    REQUIRE(model.circuit.has_loss());
    const std::string text = describe_model(model);
    REQUIRE(text.find("  loss: half mean square of o.r and one.r at the end of free; the task's "
                      "bounds are of another, and diagnose.alignment has no gradient\n") !=
            std::string::npos);
    REQUIRE(text.find("no loss is computed") == std::string::npos);
}

TEST_CASE("equations read the stated loss behind its phase", "[loss]") {
    const std::string rule = R"(
rule.of_loss = { parameters = { rate = 1e-3 }, equations = "w += -rate * loss * post.r" }
plasticity.first = { rule = "of_loss", synapses = ["W_1"], during = "nudged" }
)";
    SteppedModel sim(model_of_text(two_layers + rule));
    sim.step();
    REQUIRE(sim.vector("W_1")[0] ==
            Approx(0.5 - 1e-3 * sim.scheduler.loss() * sim.vector("h.r")[0]).epsilon(1e-14));
}

// r <- 1 - r / 2 from 0: 1, 1/2, 3/4, 5/8, against 1.
TEST_CASE("a circuit without task and input and output runs with a loss of its own",
          "[loss][task]") {
    const std::string text = R"(
format = 1
phase = [{ name = "step", ms = 1.0 }]
population.one.role = "constant"
population.a = { size = 1, activation = "linear" }
synapses.drive = { from = "one", to = "a.soma", during = "step", init = { constant = 1.0 } }
wire.own = { from = "a", to = "a.soma", gain = -0.5, during = "step", delay = 1 }
loss = { of = "a.r", against = "one" }
run = { steps = 4, seed = 3 }
)";
    SteppedModel sim(model_of_text(text));
    for (const double r : {1.0, 0.5, 0.75, 0.625}) {
        sim.step();
        REQUIRE(sim.vector("a.r")[0] == r);
        REQUIRE(sim.scheduler.loss() == 0.5 * (1.0 - r) * (1.0 - r));
    }
    REQUIRE(sim.model.resolved.find("task") == std::string::npos);
    REQUIRE(bounds_of(sim.model).empty());
}

// Example 5 of a circuit of one phase: output cells are ordinary ones, error cells are wired up,
// and the readout's rule reads the target in a dendrite.
TEST_CASE("softmax cells are taught in one phase by wires", "[wires][loss]") {
    SteppedModel sim(model_of_text(R"(
format = 1
phase = [{ name = "step", ms = 1.0 }]
population.input.role = "input"
population.label.role = "label"
population.hidden = { size = 4, dendrites = ["feedback"] }
population.out = { size = 2, activation = "softmax", dendrites = ["target"] }
population.err = { size = 2, activation = "linear" }
task = { kind = "add", lags = [3, 5], hold = 2 }
loss = { of = "out.r", against = "label", kind = "cross_entropy", during = "step" }
wire.target = { from = "label", to = "out.target", during = "step" }
wire.plus = { from = "out", to = "err.soma", during = "step" }
wire.minus = { from = "label", to = "err.soma", gain = -1.0, during = "step" }
synapses.W_in = { from = "input", to = "hidden.soma", during = "step", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "out.soma", during = "step", init = { normal = 1.0 } }
synapses.B = { from = "err", to = "hidden.feedback", during = "step", init = { normal = 1.0 } }
rule.readout = { parameters = { rate = 0.1 }, equations = "w += -rate * (post.r - post.target.v) * pre.r" }
plasticity.readout = { rule = "readout", synapses = ["W_out"] }
plasticity.first = { rule = "feedback_alignment", synapses = ["W_in"], credit = "hidden.feedback", rate = 0.1 }
run = { steps = 1_000, seed = 3 }
)"));
    for (int step = 0; step < 5; ++step) {
        const Matrix W_out = sim.matrix("W_out");
        sim.step();
        const Vector r = sim.vector("hidden.r"), y = sim.vector("label.r");
        const Vector v = W_out * r;
        const double log_sum = std::log(v.array().exp().sum());
        const Vector out = (v.array() - log_sum).exp();
        REQUIRE(distance(sim.vector("out.r"), out) < 1e-14);
        REQUIRE(distance(sim.vector("err.r"), out - y) < 1e-14);
        REQUIRE(distance(sim.vector("hidden.feedback.v"), sim.matrix("B") * (out - y)) < 1e-14);
        REQUIRE(distance(sim.matrix("W_out"), W_out - 0.1 * (out - y) * r.transpose()) < 1e-14);
        REQUIRE(sim.scheduler.loss() ==
                Approx((y.array() * (log_sum - v.array())).sum()).epsilon(1e-13));
    }
}
