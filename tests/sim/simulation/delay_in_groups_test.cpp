// Delays by phase: what synapses carry while phases are carried out in turn.
#include "sim/command_line/describe.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// h = 2 in "up", 2 + o / 2 while it settles; o = 0.8 h. Of each iteration h is made first.
std::string up_and_settling(const std::string& delay) {
    return with_phases(
        common_lines + R"(
population.h = { size = 1, activation = "linear" }
population.o = { size = 1, activation = "linear" }
synapses.b = { from = "one", to = "h.soma", during = ["up", "settle_h"], init = { constant = 2.0 } }
synapses.W = { from = "h", to = "o.soma", during = ["up", "settle_o"])" +
            delay + R"(, init = { constant = 0.8 } }
synapses.V = { from = "o", to = "h.soma", during = "settle_h", init = { constant = 0.5 } }
synapses.W_out = { from = "o", to = "output.soma", during = "settle_o", init = { constant = 1.0 } }
)",
        R"(phase = [{ name = "up", ms = 1.0 }, { name = "settle_h", ms = 1.0 }, { name = "settle_o", ms = 1.0 }]
group = [{ phases = ["settle_h", "settle_o"], repeat = 7 }])");
}

}  // namespace

TEST_CASE("a set's delay by phase: this step's rate on the way up, last iteration's while settling",
          "[groups][delay]") {
    SteppedModel at_once(model_of_text(up_and_settling(""))),
        late(model_of_text(up_and_settling(", delay = { settle_o = \"iteration\" }")));
    for (int step = 0; step < 2; ++step) {
        double h = 2.0, o = 1.6, h_late = 2.0, o_late = 1.6;
        for (int k = 0; k < 7; ++k) {
            h = 2.0 + 0.5 * o;
            o = 0.8 * h;
            const double h_was = h_late;
            h_late = 2.0 + 0.5 * o_late;
            o_late = 0.8 * h_was;
        }
        at_once.step();
        late.step();
        CHECK(at_once.vector("h.r")[0] == as_closed_form(h));
        CHECK(at_once.vector("o.r")[0] == as_closed_form(o));
        CHECK(late.vector("h.r")[0] == as_closed_form(h_late));
        CHECK(late.vector("o.r")[0] == as_closed_form(o_late));
    }
    CHECK(at_once.vector("o.r")[0] != late.vector("o.r")[0]);
    const std::string text = describe_model(late.model);
    CHECK_THAT(text, Catch::Contains("h -> o.soma during up\n"));
    CHECK_THAT(text, Catch::Contains("h -> o.soma during settle_o, rates of before\n"));
}

// w <- w + h r_o / 100, by the h that came in the phase of the rule.
TEST_CASE("a rule reads what the set carries in the rule's own phase", "[groups][delay]") {
    const std::string rule = R"(
rule.mine = { equations = "w += 0.01 * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W"], during = ")";
    const auto learned_in = [&](const std::string& phase, const std::string& delay) {
        SteppedModel sim(model_of_text(up_and_settling(delay) + rule + phase + "\" }\n"));
        CHECK_FALSE(verify_text_rules(sim.model, 5, 1e-12).first());
        sim.step();
        return sim.vector("W")[0] - 0.8;
    };
    const std::string late = ", delay = { settle_o = \"iteration\" }";
    SteppedModel sim(model_of_text(up_and_settling(late)));
    sim.step();
    CHECK(learned_in("settle_o", late) ==
          Approx(0.01 * sim.vector("before(h.r)")[0]).epsilon(1e-12));
    SteppedModel now(model_of_text(up_and_settling("")));
    now.step();
    CHECK(learned_in("settle_o", "") == Approx(0.01 * now.vector("h.r")[0]).epsilon(1e-12));
}

TEST_CASE("wrong delays by phase are rejected at their place", "[groups][delay]") {
    rejects_text(up_and_settling(", delay = { @settle_h = 1 }"),
                 {"[synapses.W] has a delay in \"settle_h\", but transmits in up, settle_o"});
    rejects_text(up_and_settling(", delay = { settle_o = @1001 }"),
                 {"synapses.W.delay is a table whose \"settle_o\" is the number 1001"});
    rejects_text(up_and_settling(", delay = { settle_o = @\"step\" }"),
                 {"synapses.W.delay is a table whose \"settle_o\" is"});
}
