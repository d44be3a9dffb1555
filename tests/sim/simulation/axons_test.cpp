// Axons that take more than a step: what arrives at their ends is what the cells fired then.
#include "sim/hdf5/dataset.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string alone = R"(
format = 1
phase = [{ name = "step", ms = 10.0 }]
run = { steps = 100, seed = 1 }
)";

// Cells that the input drives, and each other after some steps.
const std::string driven = R"(
format = 1
phase = [{ name = "step", ms = 10.0 }]
population.input.role = "input"
population.label.role = "label"
population.output.role = "output"
task = { kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 1 }
run = { steps = 100, seed = 3 }
population.hidden = { size = 4, activation = "tanh", alpha = 0.5 }
synapses.W_in = { from = "input", to = "hidden.soma", during = "step", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "step", init = { normal = 1.0 } }
)";

std::string recurrent(const std::string& delay) {
    return "synapses.W = { from = \"hidden\", to = \"hidden.soma\", during = \"step\", " + delay +
           ", init = { normal = 0.7 } }\n";
}

const std::string hebbian =
    "rule.hebbian = { parameters = { rate = 0.01 }, equations = \"w += rate * post.r * pre.r\" }\n"
    "plasticity.learning = { rule = \"hebbian\", synapses = [\"W\"], rate = 0.02 }\n";

std::size_t count_of(const Program& program, Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(program.operations.begin(), program.operations.end(),
                      [&](const Operation& op) { return op.kind == kind; }));
}

}  // namespace

TEST_CASE("a rate that comes back after three steps by half is halved every three steps",
          "[axon]") {
    SteppedModel sim(model_of_text(alone + R"(
population.hidden = { size = 1, activation = "linear", init = { constant = 1.0 } }
synapses.W = { from = "hidden", to = "hidden.soma", during = "step", delay = 3, init = { constant = 0.5 } }
)"));
    for (const double rate : {0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125}) {
        sim.step();
        CHECK(sim.vector("hidden.r")(0) == rate);
    }
}

TEST_CASE("two steps along an axon are one relay", "[axon]") {
    SteppedModel axon(model_of_text(driven + recurrent("delay = 2")));
    SteppedModel relay(model_of_text(driven + R"(
population.relay = { size = 4, activation = "linear" }
synapses.there = { from = "hidden", to = "relay.soma", during = "step", delay = 1, init = { identity = 1.0 } }
synapses.W = { from = "relay", to = "hidden.soma", during = "step", delay = 1, init = { normal = 0.7 } }
)"));
    for (int step = 0; step < 30; ++step) {
        axon.step();
        relay.step();
        REQUIRE((axon.vector("hidden.r") - relay.vector("hidden.r")).cwiseAbs().maxCoeff() == 0.0);
    }
    CHECK(axon.vector("hidden.r").cwiseAbs().maxCoeff() > 0.1);
}

TEST_CASE("synapses learn with what arrives at them", "[axon]") {
    for (const int delay : {2, 3, 7}) {
        INFO(delay);
        SteppedModel sim(
            model_of_text(driven + recurrent("delay = " + std::to_string(delay)) + hebbian));
        std::vector<Vector> fired(static_cast<std::size_t>(delay), sim.vector("hidden.r"));
        Matrix W = sim.matrix("W");
        const Matrix W_in = sim.matrix("W_in");
        Vector r = fired.front();
        for (std::size_t step = 0; step < 25; ++step) {
            sim.step();
            Vector& arrives = fired[step % fired.size()];
            const Vector v = W * arrives + W_in * sim.vector("input.r");
            r = 0.5 * r + 0.5 * Vector(v.array().tanh());
            W += 0.02 * r * arrives.transpose();
            arrives = r;
            REQUIRE(distance(sim.vector("hidden.r"), r) < 1e-12);
            REQUIRE(distance(sim.matrix("W"), W) < 1e-12);
        }
    }
}

TEST_CASE("what the task gives arrives late as well", "[axon]") {
    SteppedModel sim(model_of_text(driven + R"(
population.late = { size = 3, activation = "linear" }
wire.late = { from = "input", to = "late.soma", during = "step", delay = 4 }
)"));
    std::vector<Vector> given;
    for (std::size_t step = 0; step < 20; ++step) {
        sim.step();
        given.push_back(sim.vector("input.r"));
        REQUIRE(sim.vector("late.r") == given[step < 4 ? 0 : step - 4]);
    }
}

TEST_CASE("sets of one source and one delay share their axons", "[axon]") {
    const Model model = model_of_text(driven + recurrent("delay = 3") + R"(
population.other = { size = 2, activation = "tanh" }
synapses.V = { from = "hidden", to = "other.soma", during = "step", delay_ms = 30.0, init = { normal = 1.0 } }
synapses.U = { from = "hidden", to = "other.soma", during = "step", delay = 4, init = { normal = 1.0 } }
)");
    CHECK(count_of(model.program, Kind::conduct) == 2);
    CHECK(model.program.find("axon(hidden.r, 3)"));
    CHECK(model.program.find("axon(hidden.r, 4)"));
    CHECK(model.resolved.find("delay_ms = 30.0") != std::string::npos);
    const auto conducts =
        std::find_if(model.program.operations.begin(), model.program.operations.end(),
                     [](const Operation& op) { return op.kind == Kind::conduct; });
    const auto index = static_cast<std::size_t>(conducts - model.program.operations.begin());
    CHECK_THAT(listing_line(model.program, index),
               Catch::Contains("step's end") && Catch::Contains("conduct") &&
                   Catch::Contains("axon(hidden.r, 3) = hidden.r of 3 steps ago"));
}

TEST_CASE("the resolved model of a delay in ms is the same model", "[axon]") {
    const Model model = model_of_text(driven + recurrent("delay_ms = 40.0"));
    const Model again = model_of_text(model.resolved);
    CHECK(again.resolved == model.resolved);
    CHECK(listing(again.program) == listing(model.program));
    CHECK(listing(model.program) ==
          listing(model_of_text(driven + recurrent("delay = 4")).program));
    CHECK(listing(model_of_text(driven + recurrent("delay_ms = 10")).program) ==
          listing(model_of_text(driven + recurrent("delay = 1")).program));
}

TEST_CASE("delays that are none are told at their place", "[axon]") {
    const auto rejected = [](const std::string& delay, const std::vector<std::string>& phrases) {
        rejects_text(driven + recurrent(delay), phrases);
    };
    rejected("delay_ms = @25",
             {"delay_ms = 25 is no whole number of steps of 10 ms; nearest are 20 and 30"});
    rejected("delay = 3, delay_ms = @30.0", {"[synapses.W] has delay and delay_ms"});
    rejected("delay_ms = @20_000.0", {"is 2000 steps; expected at most 1000"});
    rejected("delay = @1001", {"synapses.W.delay", "a whole number from 0 to 1000"});
    rejected("@delay_sm = 20", {"unknown key \"delay_sm\"", "Did you mean \"delay_ms\"?"});
    rejects("rtrl", {{"delay  = 1 ", "delay  = 3 "}}, {"delay 1"});
    rejects("dni_b", {{"delay  = 1 ", "delay  = 2 "}}, {"delay 1"},
            [](const std::string& path) { verify(load_model(path), 20, 1e-12); });
}

TEST_CASE("a run goes on with axons that are half full", "[axon][checkpoint]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("late.toml", driven + recurrent("delay = 20") + hebbian);
    Model model =
        load_model(path, {"run.steps=60", "checkpoint={ every = 13, minutes = 0, keep = 99 }",
                          "record={ all = { what = \"*\" } }"});
    model.output = folder / "whole.h5";
    run_model(model);
    const std::string killed = folder / "killed.h5";
    for (const std::int64_t step : {13, 26, 52}) {
        for (const int threads : {1, 2}) {
            INFO("after " << step << " with " << threads << " threads");
            leave_killed(model.output, step, killed);
            resumed(killed, threads);
            CHECK(content_of(killed) == content_of(model.output));
        }
    }
}

TEST_CASE("what arrives is recorded by its address", "[axon]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("late.toml", driven + recurrent("delay = 3"));
    Model model = load_model(path, {"run.steps=12",
                                    "record={ all = { what = [\"hidden.r\", "
                                    "\"axon(hidden.r, 3)\"] } }"});
    model.output = folder / "late.h5";
    run_model(model);
    const DataSet rates = read_dataset(model.output, "/state/hidden/rate", {}),
                  arrived = read_dataset(model.output, "/state/hidden/axon_3_rate", {});
    REQUIRE(rates.numbers.size() == arrived.numbers.size());
    const std::size_t rows = rates.numbers.size() / 4;
    REQUIRE(rows >= 12);
    for (std::size_t k = 3 * 4; k < rates.numbers.size(); ++k)
        CHECK(arrived.numbers[k] == rates.numbers[k - 3 * 4]);
    CHECK(rates.numbers.back() != rates.numbers[rates.numbers.size() - 5]);
}

TEST_CASE("verify follows what is on its way", "[axon][verify]") {
    const Model model = model_of_text(driven + recurrent("delay = 5") + hebbian);
    const Verification found = verify(model, 40, 1e-12);
    REQUIRE(found.texts);
    const std::vector<Difference>& rows = found.texts->all;
    CHECK(std::any_of(rows.begin(), rows.end(), [](const Difference& one) {
        return one.symbol == "axon(hidden.r, 5)" && one.largest > 0.1;
    }));
    CHECK(found.hold());
}
