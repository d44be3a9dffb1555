// Gates that cells make: what inhibition makes of them, cell by cell, and DNI(b) with interneurons.
#include "sim/engine/plan/passes.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The apical dendrite's gate has this form, and the input inhibits it through `inhibits`.
std::string gated_by_cells(const std::string& form, const std::string& during = "update") {
    return hidden_lines + R"(
population.hidden = { size = 4, alpha = 0.5, dendrites = ["apical"] }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.cells = { opens = "hidden.apical", during = "update", by = "activity", )" +
           form +
           " }\nsynapses.inhibits = { from = \"input\", to = \"hidden.apical.gate\", during = \"" +
           during + "\", init = { normal = 1.0 } }\n";
}

// What the gate is of a cell that receives this inhibition.
double gate_of(const std::string& form, double inhibition) {
    const std::string lines =
        gated_by_cells(form) +
        "synapses.b = { from = \"one\", to = \"hidden.apical.gate\", during = "
        "\"update\", init = { constant = " +
        fmt::format("{}", -inhibition) + " } }\n";
    SteppedModel sim(small_model(lines, {"synapses.inhibits.init={ constant = 0.0 }"}));
    sim.step();
    return sim.vector("hidden.apical.gate")[3];
}

Approx to_rounding(double expected) { return Approx(expected).epsilon(0.0).margin(1e-14); }

}  // namespace

TEST_CASE("a threshold gate is open until the inhibition reaches the threshold", "[gates]") {
    const std::string form = "form = \"threshold\", threshold = 0.5, closed = 0.2";
    CHECK(gate_of(form, -3.0) == 1.0);
    CHECK(gate_of(form, 0.4999) == 1.0);
    CHECK(gate_of(form, 0.5) == 0.2);
    CHECK(gate_of(form, 7.0) == 0.2);
}

TEST_CASE("a graded gate closes in proportion to the inhibition", "[gates]") {
    const std::string form = "form = \"graded\", scale = 2.0, closed = 0.2";
    CHECK(gate_of(form, -1.0) == to_rounding(1.0));
    CHECK(gate_of(form, 0.5) == to_rounding(0.2 + 0.8 * 0.75));
    CHECK(gate_of(form, 3.0) == to_rounding(0.2));
}

TEST_CASE("a gate that divides is a tenth for an inhibition of nine", "[gates]") {
    CHECK(gate_of("form = \"divide\", scale = 1.0", 9.0) == to_rounding(0.1));
    CHECK(gate_of("form = \"divide\", scale = 2.0, closed = 0.1", 2.0) ==
          to_rounding(0.1 + 0.9 / 2.0));
    CHECK(gate_of("form = \"divide\", scale = 1.0", -5.0) == 1.0);
}

TEST_CASE("each cell fires through a gate of its own", "[gates]") {
    SteppedModel sim(small_model(gated_by_cells("form = \"divide\", scale = 0.5")));
    for (int step = 1; step <= 3; ++step) {
        const Vector rate = sim.vector("hidden.r"), last_apical = sim.vector("hidden.apical.v"),
                     last_gate = sim.vector("hidden.apical.gate"),
                     last_drive = sim.vector("hidden.apical.gate.drive");
        sim.step();
        const auto divided = [](const Vector& arrives) -> Vector {
            return 1.0 / (1.0 + (-arrives).cwiseMax(0.0).array() / 0.5);
        };
        const Vector arrives = sim.matrix("inhibits") * sim.vector("input.r"),
                     gate = divided(arrives), soma = sim.vector("hidden.soma.v");
        CHECK(distance(sim.vector("hidden.apical.gate"), gate) < 1e-14);
        // In the first phase with the inhibition that arrived last.
        const Vector drive = soma + divided(last_drive).cwiseProduct(last_apical);
        const Vector fired = 0.5 * rate + 0.5 * drive.array().tanh().matrix();
        CHECK(distance(sim.vector("hidden.r"), fired) < 1e-14);
        const Vector apical = gate.cwiseProduct(sim.vector("hidden.apical.v"));
        CHECK(distance(sim.vector("hidden.apical.r"), apical.array().tanh().matrix()) < 1e-14);
        CHECK(gate.minCoeff() < 0.9);
    }
}

TEST_CASE("written activations fire through gates of cells too", "[gates]") {
    std::string lines = gated_by_cells("form = \"divide\", scale = 0.5");
    lines.replace(lines.find("size = 4"), 8, "size = 4, activation = \"soft\"");
    lines += "activation.soft = { equation = \"log(1 + exp(x))\" }\n";
    SteppedModel sim(small_model(lines));
    sim.step(3);
    const Vector drive =
        sim.vector("hidden.apical.gate").cwiseProduct(sim.vector("hidden.apical.v"));
    const Vector expected = (1.0 + drive.array().exp()).log();
    CHECK(distance(sim.vector("hidden.apical.r"), expected) < 1e-14);
}

TEST_CASE("a gate of cells that is slow counts its mean over the phase", "[gates]") {
    SteppedModel sim(
        small_model(gated_by_cells("form = \"threshold\", threshold = 0.5, tau_ms = 5.0")));
    sim.write("inhibits", Matrix::Zero(4, 3));
    sim.step();
    // Open from the beginning of the step on, which is 6 ms before the phase of 4 ms.
    const double begins = 1.0 - std::exp(-6.0 / 5.0);
    const double mean = 1.0 + (begins - 1.0) * 5.0 / 4.0 * (1.0 - std::exp(-4.0 / 5.0));
    CHECK(sim.vector("hidden.apical.gate")[2] == to_rounding(mean));
    CHECK(sim.vector("hidden.apical.gate.now")[2] == to_rounding(1.0 - std::exp(-2.0)));
}

TEST_CASE("a set that ends on a gate learns like any other", "[gates]") {
    const std::string learning = R"(
rule.plain = { parameters = { rate = 0.1 }, equations = "w += -rate * post.r * pre.r" }
plasticity.inhibition = { rule = "plain", synapses = ["inhibits"] }
)";
    SteppedModel sim(small_model(gated_by_cells("form = \"graded\", scale = 1.0") + learning));
    const Matrix before = sim.matrix("inhibits");
    sim.step();
    const Matrix expected =
        before - 0.1 * sim.vector("hidden.apical.r") * sim.vector("input.r").transpose();
    const Matrix held = before - 0.1 * sim.vector("hidden.r") * sim.vector("input.r").transpose();
    const double error = std::min(distance(sim.matrix("inhibits"), expected),
                                  distance(sim.matrix("inhibits"), held));
    CHECK(error < 1e-14);
    CHECK(distance(before, sim.matrix("inhibits")) > 1e-3);
}

TEST_CASE("DNI-b whose gates are cells has every bit of DNI-b", "[gates]") {
    SteppedModel sim(load_model(path_of_shipped("dni_b"), {}));
    SteppedModel cells(load_model(path_of_shipped("circuits/dni_b_disinhibition"), {}));
    const Matrix start = sim.matrix("W_rec");
    for (int step = 1; step <= 300; ++step) {
        sim.step();
        cells.step();
        for (const char* one : {"hidden.r", "hidden.apical.r", "hidden.apical.v", "output.r",
                                "W_rec", "W_in", "b", "W_out", "A_r", "A_y", "J"}) {
            INFO(one << " in step " << step);
            REQUIRE(sim.matrix(one) == cells.matrix(one));
        }
    }
    CHECK(distance(start, sim.matrix("W_rec")) > 1e-4);
    CHECK(cells.vector("vip.r") == Vector::Constant(4, 1.0));  // in the update phase
    CHECK(cells.vector("sst.r") == Vector::Constant(4, 0.0));
    CHECK(cells.vector("hidden.soma.gate").maxCoeff() == 0.0);
}

TEST_CASE("a run that is fused has the losses of DNI-b too", "[gates]") {
    const TemporaryFolder folder;
    std::vector<double> losses;
    for (const std::string name : {"dni_b", "circuits/dni_b_disinhibition"}) {
        for (const std::string passes : {"run.fuse=true", "run.fuse=false"}) {
            Model model = load_model(path_of_shipped(name), {"run.steps=200", passes});
            model.output = folder / fmt::format("{}.h5", losses.size());
            losses.push_back(run_model(model).loss);
        }
    }
    CHECK(losses == std::vector<double>(4, losses.front()));
}

TEST_CASE("runs with gates of cells go on as if they had never stopped", "[gates][checkpoint]") {
    const TemporaryFolder folder;
    const std::string whole = folder / "whole.h5", killed = folder / "killed.h5";
    const Model model =
        saved_model(path_of_shipped("circuits/dni_b_disinhibition"), whole,
                    {"gate.disinhibition.tau_ms=2.0", "gate.perisomatic.closed=0.1"});
    run_model(model);
    for (const int threads : {1, 2}) {
        leave_killed(whole, 26, killed);
        resumed(killed, threads);
        INFO(threads);
        CHECK(content_of(killed) == content_of(whole));
    }
}
