// Rules in text that keep a sum over a cell's synapses, under audit.
#include "sim/audit/audit.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

TEST_CASE("a normalisation without a bound is a jump, and with one it is none", "[audit][gather]") {
    const auto verdict = [](const std::string& equations) {
        return audit(
            small_model(hidden_lines +
                        "population.hidden = { size = 5, activation = \"tanh\" }\n"
                        "plasticity.learning = { rule = \"mine\", synapses = [\"W_in\"] }\n"
                        "rule.mine.equations = \"" +
                        equations + "\"\n"));
    };
    const Audit jump = verdict("w = w / gather(abs(w))");
    REQUIRE_FALSE(jump.passes());
    CHECK(jump.findings[0].criterion == Criterion::continuous_plasticity);
    CHECK(verdict("w = w * clip(1 / gather(abs(w)), 0.9, 1)").passes());
}
