// Euler's step of a soma whose conductances cells bring: they have no bound before the run.
#include "sim/audit/audit.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// G = 0.1 + 0.05 g per ms, where g is what a constant brings in the second phase and what there is
// in the first, of 6 ms: 6 G is 2 at g = 14 / 3.
std::string cells(double conductance, const std::string& solver = "euler") {
    return hidden_lines + R"(
population.cell = { size = 3, activation = "tanh", dendrites = ["driven"], coupling = { leak = 0.1, driven = 0.05, solver = ")" +
           solver + R"(" } }
gate.opens = { opens = "cell.driven", by = "activity", form = "linear", during = "update" }
population.hidden = { size = 4, activation = "tanh" }
synapses.E = { from = "one", to = "cell.driven", during = "update", init = { constant = 2.0 } }
synapses.g = { from = "one", to = "cell.driven.gate", during = "update", init = { constant = )" +
           fmt::format("{}", conductance) + " } }\n";
}

std::string failure(Model loaded) {
    const TemporaryFolder folder;
    loaded.output = folder / "run.h5";
    const auto error = error_of([&] { run_model(loaded); });
    if (!error) return "";
    CHECK(error->code() == ExitCode::numerical_failure);
    return error->what();
}

Model short_run(const std::string& lines) { return small_model(lines, {"run.steps=40"}); }

}  // namespace

TEST_CASE("a step of Euler within the reach of its conductances is what it was",
          "[coupling][euler]") {
    SteppedModel sim(small_model(cells(4.6)));
    double u = 0.0, g = 0.0, v = 0.0;
    const auto euler = [&](double ms) { u += ms * (0.05 * g * v - (0.1 + 0.05 * g) * u); };
    for (int step = 0; step < 20; ++step) {
        sim.step();
        euler(6.0);
        g = 4.6;
        v = 2.0;
        euler(4.0);
        REQUIRE(distance(sim.vector("cell.soma.v"), Vector(Vector::Constant(3, u))) <= 1e-14);
    }
    CHECK(failure(short_run(cells(4.6))).empty());
}

TEST_CASE("a conductance that takes an Euler step beyond its aim ends the run, and says so",
          "[coupling][euler]") {
    const std::string message = failure(short_run(cells(4.8)));
    CHECK_THAT(message,
               Catch::Contains("\"cell.soma.v\" is no longer a finite number") &&
                   Catch::Contains("Euler's step of 6 ms leads it further from its aim than "
                                   "it was, since its conductances are more than "
                                   "0.333333 / ms") &&
                   Catch::Contains("solver = \"exact\""));
}

TEST_CASE("the exact solution takes conductances of any size", "[coupling][euler]") {
    CHECK(failure(short_run(cells(300.0, "exact"))).empty());
    CHECK(failure(short_run(cells(300.0, "steady"))).empty());
}

TEST_CASE("the audit judges an Euler step that is guarded as one that is not",
          "[coupling][euler]") {
    CHECK(audit(small_model(cells(1.2))).passes() ==
          audit(small_model(cells(1.2, "exact"))).passes());
}
