// Time constants of rates in ms: alpha follows from the time between two firings.
#include <cmath>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A cell with this alpha that is driven in the phase "forward" of 6 ms, and the phases' keys.
std::string slow_rates(const std::string& alpha, const std::string& of_forward = "",
                       const std::string& lines = "", const std::string& of_update = "") {
    std::string text = common_lines + R"(
population.cell = { size = 2, activation = "linear", alpha = )" +
                       alpha + R"( }
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)" + lines;
    const std::string forward = "ms = 6.0", update = "ms = 4.0";
    text.replace(text.find(forward), forward.size(), forward + of_forward);
    return text.replace(text.find(update), update.size(), update + of_update);
}

double alpha_of(const std::string& text) {
    const Circuit circuit = model_of_text(text).circuit;
    return circuit[circuit.find_population("cell")].alpha;
}

const std::string tau_of_20_ms = "{ tau_ms = 20.0 }",
                  driven_in_update =
                      "synapses.c = { from = \"one\", to = \"cell.soma\", during = "
                      "\"update\", init = { constant = 1.0 } }\n";

Approx near_alpha(double expected) { return Approx(expected).epsilon(0.0).margin(1e-15); }

}  // namespace

TEST_CASE("alpha follows from a time constant and the time between two firings", "[tau]") {
    REQUIRE(alpha_of(slow_rates(tau_of_20_ms)) ==
            near_alpha(1.0 - std::exp(-10.0 / 20.0)));  // a step
    REQUIRE(alpha_of(slow_rates(tau_of_20_ms, ", repeat = 5")) ==
            near_alpha(1.0 - std::exp(-6.0 / 20.0)));
    REQUIRE(alpha_of(slow_rates("{ tau_ms = 20.0, euler = true }")) == 0.5);
    REQUIRE(alpha_of(slow_rates("{ tau_ms = 12.0, euler = true }", ", repeat = 5")) == 0.5);
    REQUIRE(alpha_of(slow_rates("0.25", ", repeat = 5")) == 0.25);
    // Two phases of iterations that last as long.
    std::string both = slow_rates(tau_of_20_ms, ", repeat = 5", driven_in_update, ", repeat = 2");
    both.replace(both.find("ms = 4.0"), 8, "ms = 6.0");
    REQUIRE(alpha_of(both) == near_alpha(1.0 - std::exp(-6.0 / 20.0)));
}

// A leak of 20 ms to 2: what five iterations of 6 ms leave is exp(-30 / 20).
TEST_CASE("rates approach what drives them with their time constant", "[tau]") {
    SteppedModel sim(model_of_text(slow_rates(tau_of_20_ms, ", repeat = 5")));
    sim.step();
    REQUIRE(sim.vector("cell.r")[0] ==
            Approx(2.0 * (1.0 - std::exp(-1.5))).epsilon(0.0).margin(1e-14));
}

TEST_CASE("a population like another has its time constant", "[tau]") {
    const Circuit circuit = model_of_text(slow_rates(tau_of_20_ms, "", R"(
population.twin = { like = "cell" }
synapses.d = { from = "one", to = "twin.soma", during = "forward", init = { constant = 1.0 } }
)"))
                                .circuit;
    REQUIRE(circuit[circuit.find_population("twin")].alpha ==
            circuit[circuit.find_population("cell")].alpha);
}

TEST_CASE("a time constant that fits no step is rejected at its place", "[tau]") {
    rejects_text(slow_rates("{ tau_ms = @0.0 }"), {"population.cell.alpha.tau_ms"});
    rejects_text(
        slow_rates("{ tau_ms = @5.0, euler = true }"),
        {"population.cell.alpha is 10 ms / 5 ms = 2 with euler = true", "tau_ms of at least 10"});
    rejects_text(slow_rates("{ tau_ms = 20.0, @eular = true }"),
                 {"\"eular\"", "Did you mean \"euler\"?"});
    rejects_text(
        slow_rates("@{ tau_ms = 20.0 }", "", driven_in_update),
        {"\"cell\" fires in the phases \"forward\" and \"update\"", "expected alpha as a number"});
    rejects_text(slow_rates("@1.5"), {"population.cell.alpha is the number 1.5",
                                      "expected a number above 0 to 1, or a table"});
    rejects_text(slow_rates("@\"slow\""), {"population.cell.alpha", ", or a table"});
}
