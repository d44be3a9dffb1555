// Bounds of strengths in phases that are carried out in iterations, or in some steps.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// A linear cell that fires w, and w, within [0, 0.25], that grows by 0.1 where the rule acts: in
// the phase "forward", which has these keys.
Model growing_within(const std::string& of_forward, const std::string& of_rule = "") {
    std::string text = common_lines + R"(
population.cell = { size = 1, activation = "linear" }
synapses.w = { from = "one", to = "cell.soma", during = "forward", init = { constant = 0.0 }, bounds = [0.0, 0.25] }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
rule.up = { equations = "w += 0.1 * pre.r" }
plasticity.learning = { rule = "up", synapses = ["w"], during = "forward")" +
                       of_rule + " }\n";
    const std::string forward = "ms = 6.0";
    return model_of_text(text.replace(text.find(forward), forward.size(), forward + of_forward));
}

Operation projection_in(const Program& program) {
    for (const Operation& op : program.operations) {
        if (op.asker == Asker::bounds) return op;
    }
    FAIL("nothing is projected");
    return {};
}

Approx grown_to(double expected) { return Approx(expected).epsilon(0.0).margin(1e-15); }

}  // namespace

// 0.1, 0.2, then 0.25 in iterations 3 to 5: the cell fires what the fourth left.
TEST_CASE("strengths that change in each iteration are kept within in each",
          "[bounds][iterations]") {
    SteppedModel each(growing_within(", repeat = 5", ", each = \"iteration\""));
    each.step();
    CHECK(each.vector("cell.r")[0] == 0.25);
    CHECK(each.vector("w")[0] == 0.25);
    CHECK(projection_in(each.model.program).iterations == 5);
    SteppedModel once(growing_within(", repeat = 5"));
    CHECK(projection_in(once.model.program).iterations == 1);
    for (const double expected : {0.1, 0.2, 0.25, 0.25}) {
        once.step();
        CHECK(once.vector("w")[0] == grown_to(expected));
    }
}

TEST_CASE("strengths are kept within in the steps that carry their phase out",
          "[bounds][periodic]") {
    SteppedModel sim(growing_within(", steps = { period = 5, first = 1, last = 2 }"));
    const Operation projection = projection_in(sim.model.program);
    CHECK(steps_of(projection) == PeriodicSteps{5, 1, 2});
    for (const double expected : {0.0, 0.1, 0.2, 0.2, 0.2, 0.2, 0.25, 0.25}) {
        sim.step();
        CHECK(sim.vector("w")[0] == grown_to(expected));
    }
}

TEST_CASE("changes in iterations and behind them are projected by themselves",
          "[bounds][iterations]") {
    std::string text = audited_lines + R"(
population.hidden = { size = 5, activation = "rectified", sign = "excitatory" }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { constant = 0.1 } }
)";
    const std::string forward = "ms = 6.0";
    Draft d(
        model_of_text(text.replace(text.find(forward), forward.size(), forward + ", repeat = 3")));
    for (const bool in_iterations : {false, true, false}) {
        d.during("forward");
        if (in_iterations) d.in_each_iteration();
        d.hebb(d.w("W_rec"), d.r("hidden"), d.previous(d.r("hidden")), 1.0, 0.1);
    }
    const Program program = std::move(d).finish();
    std::vector<std::pair<int, bool>> writers;  // iterations, whether it projects
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot == program.find("W_rec"))
            writers.emplace_back(op.iterations, op.asker == Asker::bounds);
    }
    CHECK(writers == std::vector<std::pair<int, bool>>{
                         {3, false}, {3, true}, {1, false}, {1, false}, {1, true}});
}
