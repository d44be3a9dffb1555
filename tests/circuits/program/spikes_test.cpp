// Cells that spike, held to closed forms and to the equations as they are written out here.
#include "sim/audit/audit.hpp"
#include "sim/verify/verify.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// One cell whose voltage goes to what W_in brings, 1 at most, with a time constant of 20 ms.
std::string cell_of(const std::string& spikes, const std::string& more = "") {
    return R"(
phase = [{ name = "step", ms = 1.0 }]
population.cell = { size = 1, tau_ms = { soma = 20.0 }, spikes = { )" +
           spikes + " }" + more + R"( }
synapses.W_in = { from = "input", to = "cell.soma", during = "step", init = { constant = 1.0 } }
)";
}

std::vector<int> spike_times(SteppedModel& sim, int steps, const std::string& cells = "cell") {
    std::vector<int> times;
    for (int t = 1; t <= steps; ++t) {
        sim.step();
        const double z = sim.vector(cells + ".r")[0];
        REQUIRE((z == 0.0 || z == 1.0));
        if (z == 1.0) times.push_back(t);
    }
    return times;
}

}  // namespace

TEST_CASE("a cell that is reset to 0 spikes every tau ln(1 / (1 - threshold)) ms",
          "[spikes][closed_form]") {
    SteppedModel sim(shown(cell_of("threshold = 0.6, reset = 0.0"), row({1.0})));
    const int interval = static_cast<int>(std::ceil(20.0 * std::log(2.5)));
    REQUIRE(interval == 19);
    const std::vector<int> times = spike_times(sim, 10 * interval);
    REQUIRE(times.size() == 10);
    for (std::size_t k = 0; k < times.size(); ++k)
        CHECK(times[k] == interval * (static_cast<int>(k) + 1));
}

TEST_CASE("a refractory cell spikes when its voltage has waited long enough above the threshold",
          "[spikes][closed_form]") {
    const std::string refractory = GENERATE("refractory = 30", "refractory_ms = 30.0");
    SteppedModel sim(shown(cell_of("threshold = 0.6, reset = 0.0, " + refractory), row({1.0})));
    const std::vector<int> times = spike_times(sim, 200);
    REQUIRE(times == std::vector<int>{19, 49, 79, 109, 139, 169, 199});
}

TEST_CASE("a threshold that is subtracted leaves what the voltage was above it",
          "[spikes][closed_form]") {
    SteppedModel sim(shown(cell_of("threshold = 0.6", ", impulse = [\"soma\"]"), row({0.25})));
    const double k = std::exp(-1.0 / 20.0);
    double v = 0.0, z = 0.0;
    int spikes = 0;
    for (int t = 0; t < 100; ++t) {
        v = k * v + 0.25 - 0.6 * z;
        z = v >= 0.6 ? 1.0 : 0.0;
        spikes += z == 1.0;
        sim.step();
        REQUIRE(sim.vector("cell.soma.v")[0] == near(v));
        REQUIRE(sim.vector("cell.r")[0] == z);
        REQUIRE(sim.vector("cell.slope")[0] ==
                near(0.5 * std::max(0.0, 1.0 - std::abs(v - 0.6) / 0.6)));  // height 0.3
    }
    CHECK(spikes > 20);
}

TEST_CASE("a threshold rises with each spike and comes back, in the cells that adapt",
          "[spikes][closed_form]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "step", ms = 2.0 }]
population.cell = { size = 3, tau_ms = { soma = 10.0 }, spikes = { threshold = 0.5, refractory = 2, height = 0.4, adaptation = { tau_ms = 50.0, strength = 0.2, cells = "1:3" } } }
synapses.W_in = { from = "input", to = "cell.soma", during = "step", init = { constant = 1.0 } }
)",
                           row({1.3})));
    const double k = std::exp(-0.2), k_a = std::exp(-0.04);
    Eigen::Array3d v = Eigen::Array3d::Zero(), a = v, z = v, wait = v;
    const Eigen::Array3d strength(0.0, 0.2, 0.2);
    Eigen::Array3d spikes = Eigen::Array3d::Zero();
    for (int t = 0; t < 200; ++t) {
        v = 1.3 + k * (v - 1.3) - 0.5 * z;
        a = k_a * a + z;
        wait = (wait - 1.0).max(0.0);
        const Eigen::Array3d threshold = 0.5 + strength * a;
        z = (v >= threshold && wait <= 0.0).cast<double>();
        const Eigen::Array3d slope =
            (wait > 0.0).select(0.0, 0.8 * (1.0 - (v - threshold).abs() / 0.5).max(0.0));
        wait = (z > 0.0).select(2.0, wait);
        spikes += z;
        sim.step();
        REQUIRE(distance(sim.vector("cell.soma.v"), v.matrix()) <= form_tolerance);
        REQUIRE(sim.vector("cell.r") == z.matrix());
        REQUIRE(sim.vector("cell.wait") == wait.matrix());
        REQUIRE(distance(sim.vector("cell.adapted"), a.matrix()) <= form_tolerance);
        REQUIRE(distance(sim.vector("cell.threshold"), threshold.matrix()) <= form_tolerance);
        REQUIRE(distance(sim.vector("cell.slope"), slope.matrix()) <= form_tolerance);
    }
    CHECK(spikes[0] > 1.2 * spikes[1]);
    CHECK(spikes[1] == spikes[2]);
    CHECK(sim.vector("cell.adaptation") == strength.matrix());
}

TEST_CASE("columns of cells that fired add up to the product in plain order", "[spikes][columns]") {
    const int cells = GENERATE(1, 5, 33, 300);
    SteppedModel sim(shown(fmt::format(R"(
phase = [{{ name = "step", ms = 1.0 }}]
population.rec = {{ size = {0}, tau_ms = {{ soma = 20.0 }}, spikes = {{ threshold = 0.5 }} }}
population.out = {{ size = 7, activation = "linear" }}
synapses.W_in = {{ from = "input", to = "rec.soma", during = "step", init = {{ uniform = [0.0, 2.0] }} }}
synapses.W_rec = {{ from = "rec", to = "rec.soma", during = "step", delay = 1, init = {{ normal = 0.2 }} }}
synapses.W_out = {{ from = "rec", to = "out.soma", during = "step", init = {{ normal = 1.0 }} }}
)",
                                       cells),
                           row({1.0})));
    const Matrix W = sim.matrix("W_rec"), W_in = sim.matrix("W_in"), W_out = sim.matrix("W_out");
    Vector z = Vector::Zero(cells);
    double fired = 0.0;
    for (int t = 0; t < 60; ++t) {
        Vector drive = W_in.col(0);
        for (int j = 0; j < cells; ++j)
            if (z[j] != 0.0) drive += W.col(j);
        sim.step();
        z = sim.vector("rec.r");
        Vector out = Vector::Zero(7);
        for (int j = 0; j < cells; ++j)
            if (z[j] != 0.0) out += W_out.col(j);
        fired += z.sum();
        REQUIRE(distance(sim.vector("rec.soma.drive"), drive) <= form_tolerance);
        // One addition after the other, with a factor of 1: the bits are those of plain sums.
        REQUIRE(sim.vector("out.r") == out);
    }
    CHECK(fired > 0.0);
    CHECK(fired < 60.0 * cells);
}

TEST_CASE("plans with passes and without have the same bits when cells spike and learn",
          "[spikes][columns][passes]") {
    const std::string lines = R"(
phase = [{ name = "step", ms = 1.0 }]
population.rec = { size = 70, tau_ms = { soma = 20.0 }, spikes = { threshold = 0.5, refractory = 2 } }
synapses.W_in = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 2.0] } }
synapses.W_rec = { from = "rec", to = "rec.soma", during = "step", delay = 1, init = { normal = 0.2 } }
plasticity.timing = { rule = "stdp", synapses = ["W_rec", "W_in"], rate = 0.01 }
)";
    SteppedModel plain(shown(lines, row({1.0})));
    State state(plain.model.program);
    initialize(state, plain.model.circuit, plain.model.seed, plain.model.directory);
    const Plan fused = optimised_plan(state, all_plan_passes(), best_kernels(), nullptr);
    Scheduler scheduler(plain.model, fused, state, nullptr);
    plain.step(50);
    scheduler.run_to(50);
    fused.flush();
    for (const char* address : {"rec.soma.v", "rec.r", "W_rec", "W_in"}) {
        INFO(address);
        const SlotId slot = plain.find(address);
        Matrix numbers(plain.model.program[slot].rows, plain.model.program[slot].columns);
        state.read(slot, numbers.data());
        CHECK(numbers == plain.matrix(address));
    }
    CHECK(plain.matrix("W_rec") != SteppedModel(shown(lines, row({1.0}))).matrix("W_rec"));
}

TEST_CASE("a rule in text about spikes is what verify reads in it", "[spikes][verify]") {
    const std::string adaptation =
        GENERATE("", ", adaptation = { tau_ms = 30.0, strength = 0.1 }",
                 ", adaptation = { tau_ms = 30.0, strength = 0.1, cells = \"2:5\" }");
    const Model model = shown(R"(
phase = [{ name = "step", ms = 1.0 }]
population.rec = { size = 5, tau_ms = { soma = 20.0 }, spikes = { threshold = 0.5, refractory = 2)" +
                                  adaptation + R"( } }
synapses.W_in = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 2.0] } }
synapses.W_rec = { from = "rec", to = "rec.soma", during = "step", delay = 1, init = { normal = 0.2 } }
rule.traces = { parameters = { rate = 0.01 }, state = { slow = "synapse" }, equations = [
     'e = post.slope * (pre.r - post.adaptation * slow)', 'slow = 0.9 * slow + e', 'w += rate * e'] }
plasticity.learning = { rule = "traces", synapses = ["W_rec", "W_in"] }
)",
                              row({1.0}));
    const Verification found = verify(model, 100, 1e-12);
    REQUIRE(found.texts);
    CHECK(found.texts->hold());
    CHECK(audit(model).passes());
}

TEST_CASE("cells that spike say what they cannot have", "[spikes][errors]") {
    const auto refused = [](const std::string& spikes, const std::string& more = "") {
        return refusal_of(cell_of(spikes, more));
    };
    using Catch::Contains;
    CHECK_THAT(refused("threshold = 1.0", ", alpha = 0.5"),
               Contains("\"cell\" spikes and has alpha"));
    CHECK_THAT(refused("threshold = 1.0", ", activation = \"logistic\""),
               Contains("\"cell\" spikes and has activation"));
    CHECK_THAT(refused("threshold = 1.0", ", init = { constant = 0.5 }"),
               Contains("\"cell\" spikes and has init; expected 0 or 1 before the first step"));
    CHECK_THAT(refused("threshold = 1.0, refractory_ms = 2.5"),
               Contains("refractory_ms = 2.5 is no whole number of steps of 1 ms; nearest are 2 "
                        "and 3"));
    CHECK_THAT(refused("threshold = 1.0, refractory = 2, refractory_ms = 2.0"),
               Contains("has refractory and refractory_ms; expected one"));
    CHECK_THAT(refused("threshold = 1.0, reset = \"substract\""),
               Contains("expected a number from -1000000000000000 to 1000000000000000") ||
                   Contains("subtract"));
    CHECK_THAT(refused("threshold = 0.0"), Contains("population.cell.spikes.threshold"));
    CHECK_THAT(refused("threshold = 1.0, tresh = 2.0"), Contains("tresh"));
    CHECK_THAT(refused("threshold = 1.0, adaptation = { tau_ms = 10.0, strength = 0.1, cells = "
                       "\"0:2\" }"),
               Contains("adaptation.cells is \"0:2\"; expected \"FIRST:END\" within \"0:1\""));
    CHECK_THAT(refused("threshold = 1.0", ", dendrites = [\"wait\"]"),
               Contains("is a number of cells that spike") || Contains("nothing drives"));
    CHECK_THAT(refusal_of(cell_of("threshold = 1.0") +
                          "plasticity.x = { rule = \"eligibility\", synapses = [\"W_in\"], credit "
                          "= \"cell.soma\", rate = 0.1 }\n"),
               Contains("spikes; expected a rule that reads post.slope"));
}
