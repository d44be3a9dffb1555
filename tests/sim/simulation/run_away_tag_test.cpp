// Numbers that equations let run away are told with the statement, also where no voltage shows
// them.
#include "sim/runs/run.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// x begins with 1e100 and is multiplied by that in each step: 1e300 after two steps, infinite in
// the third, as 1e400 is no double. Nothing reads it.
Model running_away(const std::string& place) {
    return small_model(hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh" }
plasticity.learning = { rule = "mine", synapses = ["W_in"] }

[rule.mine]
state = { x = { at = ")" + place +
                           R"(", init = { constant = 1e100 } } }
equations = '''
x = 1e100 * x
w += 0.001 * post.r * pre.r
'''
)",
                       {"run.steps=2500"});
}

// Line 20 of the model.
const std::string by_its_statement =
    "written by plasticity.learning (mine), line 20: \"x = 1e100 * x\"";

void is_told(const std::optional<Error>& error, const std::vector<std::string>& parts) {
    REQUIRE(error);
    CHECK(error->code() == ExitCode::numerical_failure);
    for (const std::string& part : parts) CHECK_THAT(error->what(), Catch::Contains(part));
}

}  // namespace

TEST_CASE("a number in cells that becomes infinite is told with its statement", "[failure]") {
    SteppedModel sim(running_away("post"));
    sim.step(2);
    is_told(error_of([&] { sim.step(); }),
            {"step 3, phase \"update\": \"learning.x\"", "(entry 0, ", by_its_statement});
}

TEST_CASE("a strength that a statement makes infinite is told with it, fused and one by one",
          "[failure]") {
    for (const char* fuse : {"true", "false"}) {
        INFO(fuse);
        SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, activation = "logistic" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
plasticity.learning = { rule = "mine", synapses = ["W_rec"] }

[rule.mine]
state = { s = "synapse" }
equations = '''
s = 0.9 * s + 0 * rectified(w)
w += 0.001 * post.r * pre.r / s
'''
)",
                                     {fmt::format("run.fuse={}", fuse)}));
        sim.step();
        is_told(
            error_of([&] { sim.step(); }),
            {"step 2, phase \"forward\": \"W_rec\" is no longer a finite number (entry [0, 0], "
             "read "
             "by synapses.W_rec; changed by plasticity.learning (mine), line 22: \"w += 0.001 * "
             "post.r * pre.r / s\")"});
    }
}

TEST_CASE("a tag that no voltage shows is told after a thousand steps, with its statement",
          "[failure]") {
    const Model model = running_away("synapse");
    Run run(model);
    run.begin(nullptr);
    is_told(error_of([&] {
                while (run.advance()) {
                }
            }),
            {"step 1000, phase \"update\": \"x(W_in)\"", "(entry [0, 0], ", by_its_statement});
    CHECK(run.steps() == 1000);
}

TEST_CASE("a tag that became infinite is told at the end of a shorter run", "[failure]") {
    Model model = running_away("synapse");
    model.steps = 10;
    Run run(model);
    run.begin(nullptr);
    while (run.advance()) {
    }
    is_told(error_of([&] { run.finish(); }), {"step 10, ", "\"x(W_in)\"", by_its_statement});
}

TEST_CASE("verify tells a number that runs away by text and circuit from a difference",
          "[failure][verify]") {
    for (const char* place : {"synapse", "pre", "post", "all"}) {
        INFO(place);
        const Model model = running_away(place);
        is_told(error_of([&] { verify_text_rules(model, 30, 1e-12); }),
                {"step 3, phase \"update\": ", "is no longer a finite number (entry ",
                 by_its_statement});
    }
}

TEST_CASE("verify calls it a difference when the circuit alone makes an infinite number",
          "[failure][verify]") {
    Model model = running_away("synapse");
    for (Operation& op : model.program.operations) {
        for (FormulaNode& node : op.formula) {
            if (node.node == Node::number && node.number == 1e100) node.number = 1e300;
        }
    }
    const Differences found = verify_text_rules(model, 2, 1e-12);
    REQUIRE(found.first());
    CHECK(found.first()->symbol == "learning.x");
    CHECK(found.first()->first_step == 1);
}
