// What the audit says of strengths that are kept within bounds, beyond the paper.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

// What is said of a change of the set without a known bound; nothing where it has one.
std::string growth_said_of(const std::string& set, const Model& model) {
    for (const Finding& one : audit(model).beyond) {
        if (one.criterion == Criterion::unbounded_change && one.subject == set) return one.because;
    }
    return {};
}

Model taught_by_loss(const std::string& equations) {
    return model_of_text(model_text({.equations = equations}));
}

// Rectified cells, driven by strengths W, teach strengths V.
Model rectified_cells(const std::string& rule_of_w, const std::string& rule_of_v) {
    return model_of_text(R"(format = 1
task = { kind = "mimic", inputs = 5 }
run = { steps = 1 }
phase = [{ name = "forward", ms = 1.0 }]
population.input = { role = "input" }
population.cell = { size = 2, activation = "rectified" }
population.next = { size = 2 }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.1 } }
synapses.V = { from = "cell", to = "next.soma", during = "forward", init = { constant = 0.1 } }
rule.first.equations = ")" +
                         rule_of_w + "\"\nrule.second.equations = \"" + rule_of_v + R"("
plasticity.first = { rule = "first", synapses = ["W"] }
plasticity.second = { rule = "second", synapses = ["V"] }
)");
}

const std::string free_rule = "w += 0.01 * post.r * pre.r",
                  held_rule = "w = clip(w + 0.01 * post.r * pre.r, 0, 2)",
                  half_held_rule = "w = max(w + 0.01 * post.r * pre.r, 0)";

}  // namespace

TEST_CASE("bounds of a strength are bounds of its change", "[audit][text]") {
    CHECK(growth_said_of("W", rectified_cells(held_rule, free_rule)).empty());
    CHECK(growth_said_of("V", rectified_cells(held_rule, held_rule)).empty());
    CHECK(growth_said_of("A", taught_by_loss("w = clip(w + 0.01 * loss * post.r * pre.r, -9, 9)"))
              .empty());
}

TEST_CASE("one bound of a strength is no bound of its change", "[audit][text][cheat]") {
    for (const std::string& rule : {free_rule, half_held_rule})
        CHECK(growth_said_of("W", rectified_cells(rule, free_rule)) ==
              "a step changes \"W\" by more the larger \"W\" is, which has no bound while it "
              "learns");
    CHECK(!growth_said_of("A", taught_by_loss("w = max(w + 0.01 * loss * post.r * pre.r, -9)"))
               .empty());
}

TEST_CASE("a strength within bounds is told of with them where others grow with it", "[audit]") {
    CHECK(growth_said_of("V", rectified_cells(held_rule, free_rule)) ==
          "a step changes \"V\" by more the larger \"W\" is, which may come to 2 while it learns");
}

}  // namespace apical
