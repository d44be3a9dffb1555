// Equations inside cells are what their texts say, and wrong operations are found.
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::int64_t cell_text_steps = 30;
constexpr double cell_text_tolerance = 1e-12;

Model cells_with_equations() {
    return small_model(R"toml(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.4 } }
dynamics.adaptation = { cells = "hidden", parameters = { g = 0.3, tau_ms = 50.0 }, state = { a = "cell" }, equations = ["da/dt = (r - a) / tau_ms", "soma.v += -g * a"] }
dynamics.plateau = { cells = "hidden", state = { p = "cell" }, equations = ["jump = step(soma.v - 0.5)", "p = 0.9 * p + jump * tanh(soma.v)", "soma.v += 0.1 * p * previous(r)"] }
dynamics.hold = { cells = "hidden", when = "after firing", state = { held = "cell", n = "all" }, equations = ["held = alpha * r + slope(soma.v)", "n = 0.5 * n + 1"] }
)toml" + hidden_lines);
}

}  // namespace

TEST_CASE("equations inside cells are computed as they are written", "[verify][dynamics]") {
    const Differences found =
        verify_text_rules(cells_with_equations(), cell_text_steps, cell_text_tolerance);
    INFO((found.first() ? found.first()->symbol : ""));
    CHECK(found.first() == nullptr);
}

TEST_CASE("verify finds each changed constant of equations inside cells", "[verify][dynamics]") {
    const Program program = cells_with_equations().program;
    int mutants = 0;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        if (!op.phase || !op.asked_by.starts_with("dynamics.")) continue;
        if (op.function == Function::formula) continue;
        Model mutant = cells_with_equations();
        mutant.program.operations[i].gain *= 1.01;
        ++mutants;
        INFO(listing_line(program, i));
        CHECK(verify_text_rules(mutant, cell_text_steps, cell_text_tolerance).first() != nullptr);
    }
    CHECK(mutants >= 3);
}
