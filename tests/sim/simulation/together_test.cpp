// Phases in which synapses carry what was before: closed forms, addresses of before, what the audit
// makes of them.
#include "sim/audit/audit.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The phase "forward" with these keys, of 6 ms an iteration, and "update" of 4 ms.
Model in_forward(const std::string& keys, const std::string& lines) {
    std::string text = common_lines + lines;
    const std::string forward = "name = \"forward\", ms = 6.0";
    return model_of_text(text.replace(text.find(forward), forward.size(), forward + keys));
}

std::string together_times(int times) {
    return fmt::format(", repeat = {}, order = \"together\"", times);
}

// Two linear cells that each fire what the other one fired.
std::string cells_copying(const std::string& back) {
    return R"(
population.a = { size = 1, activation = "linear", init = { constant = 1.0 } }
population.b = { size = 1, activation = "linear", init = { constant = 3.0 } }
synapses.there = { from = "a", to = "b.soma", during = "forward", init = { constant = 1.0 } }
synapses.back = { from = "b", to = "a.soma", during = "forward", init = { constant = 1.0 })" +
           back + R"( }
synapses.W_out = { from = "a", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";
}

// h = .5 x + .4 o and o = .4 h, the second set used in both directions: the free phase of
// equilibrium propagation in two layers of one linear cell.
const std::string two_layers = R"(
population.h = { size = 1, activation = "linear" }
population.o = { size = 1, activation = "linear" }
synapses.W_1 = { from = "one", to = "h.soma", during = "forward", init = { constant = 0.5 } }
synapses.W_2 = { from = "h", to = "o.soma", during = "forward", init = { constant = 0.4 }, back = { to = "h.soma", during = "forward" } }
synapses.W_out = { from = "o", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";

// One linear cell with alpha = 1/4 that a constant drives with 2, and what it was an iteration ago.
std::string slow_cell(const std::string& more) {
    return R"(
population.cell = { size = 1, activation = "linear", alpha = 0.25 }
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)" + more;
}

Approx within_rounding(double expected) { return Approx(expected).epsilon(0.0).margin(1e-15); }

bool is_found_beyond(const Model& model, Criterion criterion) {
    const Audit verdict = audit(model);
    return std::any_of(verdict.beyond.begin(), verdict.beyond.end(),
                       [&](const Finding& one) { return one.criterion == criterion; });
}

}  // namespace

TEST_CASE("cells that copy each other swap together and agree in sequence", "[together]") {
    SteppedModel once(in_forward(", order = \"together\"", cells_copying("")));
    SteppedModel thrice(in_forward(together_times(3), cells_copying("")));
    SteppedModel sequence(in_forward(", order = \"sequence\"", cells_copying(", delay = 1")));
    for (int step = 1; step <= 4; ++step) {
        INFO("step " << step);
        for (SteppedModel* sim : {&once, &thrice, &sequence}) sim->step();
        const bool swapped = step % 2 == 1;  // an odd number of times
        for (SteppedModel* sim : {&once, &thrice}) {
            REQUIRE(sim->vector("a.r")[0] == (swapped ? 3.0 : 1.0));
            REQUIRE(sim->vector("b.r")[0] == (swapped ? 1.0 : 3.0));
        }
        REQUIRE(sequence.vector("a.r")[0] == 3.0);
        REQUIRE(sequence.vector("b.r")[0] == 3.0);
    }
}

// a = 3 and b = a at once, in each iteration: they agree on what b was.
TEST_CASE("one set carries what was before the iteration, the other what is", "[together]") {
    for (const char* keys : {"", ", repeat = 4"}) {
        SteppedModel sim(in_forward(keys, cells_copying(", delay = \"iteration\"")));
        REQUIRE(listed(sim.model.program, "synapses.back").back().find("before(b.r)") !=
                std::string::npos);
        for (int step = 1; step <= 3; ++step) {
            sim.step();
            REQUIRE(sim.vector("a.r")[0] == 3.0);
            REQUIRE(sim.vector("b.r")[0] == 3.0);
        }
    }
    rejects_text(common_lines + cells_copying(", delay = @\"iterations\""),
                 {"synapses.back.delay", "a whole number from 0 to 1", "or iteration",
                  "Did you mean \"iteration\"?"});
    rejects_text(common_lines + cells_copying(", delay = @1001"),
                 {"a whole number from 0 to 1000"});
}

TEST_CASE("a loop without a delay is one in sequence alone", "[together]") {
    const std::string text = common_lines + cells_copying("");
    rejects_text(text, {"phase \"forward\" has an instantaneous loop"});
    REQUIRE(in_forward(", order = \"together\"", cells_copying("")).circuit.phases[0].together);
}

// By hand: h, o = (.5, 0), (.5, .2), (.58, .2), ...; at the fixed point h = .5 / .84 and o = .4 h.
// An error is .16 of what it was in two iterations, so .16^10 of it is left after twenty.
TEST_CASE("two layers settle to the fixed point of their equations", "[together]") {
    SteppedModel three(in_forward(together_times(3), two_layers));
    three.step();
    REQUIRE(three.vector("h.r")[0] == within_rounding(0.58));
    REQUIRE(three.vector("o.r")[0] == within_rounding(0.2));
    SteppedModel twenty(in_forward(together_times(20), two_layers));
    twenty.step();
    const double left = 1.0 - std::pow(0.16, 10);
    REQUIRE(twenty.vector("h.r")[0] == within_rounding(0.595238095238095238 * left));
    REQUIRE(twenty.vector("o.r")[0] == within_rounding(0.238095238095238095 * left));
    twenty.step(3);
    REQUIRE(twenty.vector("h.r")[0] == within_rounding(0.595238095238095238));
}

// r_3 - r_2 = 2 a (1 - a)^2 = .28125 of the first step; (1 - a)^3 of it in the next.
TEST_CASE("a rule reads what was before the last iteration", "[together]") {
    const std::string rule = R"toml(
population.other = { size = 1, activation = "linear", dendrites = ["apical"] }
gate.shut = { opens = "other.apical", during = [] }
synapses.U = { from = "cell", to = "other.apical", during = "forward", init = { constant = 0.0 } }
synapses.drive = { from = "one", to = "other.soma", during = "forward", init = { constant = 0.0 } }
rule.of_change = { signals = { was = "pre" }, equations = "w += pre.r - was" }
plasticity.learning = { rule = "of_change", synapses = ["U"], was = "before(cell.r)", during = "forward" }
)toml";
    const Model model = in_forward(", repeat = 3", slow_cell(rule));
    SteppedModel sim(in_forward(", repeat = 3", slow_cell(rule)));
    sim.step();
    REQUIRE(sim.vector("before(cell.r)")[0] == within_rounding(0.875));
    REQUIRE(sim.vector("U")[0] == within_rounding(0.28125));
    sim.step();
    REQUIRE(sim.vector("U")[0] == within_rounding(0.28125 * (1.0 + 0.421875)));
    REQUIRE_FALSE(verify_text_rules(model, 10, 1e-12).first());
}

TEST_CASE("equations in cells find the rate of the last iteration", "[together]") {
    const std::string adapting = R"(
dynamics.keeping = { cells = "cell", state = { held = "cell" }, equations = "held = r" }
)";
    const Model model = in_forward(", repeat = 3", slow_cell(adapting));
    SteppedModel sim(in_forward(", repeat = 3", slow_cell(adapting)));
    sim.step();
    REQUIRE(sim.vector("cell.held")[0] == within_rounding(0.875));
    REQUIRE(sim.vector("cell.r")[0] == within_rounding(1.15625));
    REQUIRE_FALSE(verify_text_rules(model, 10, 1e-12).first());
}

// One to one from the input through three relays: three steps of one iteration are three steps, of
// twenty a part of one.
TEST_CASE("a chain that carries what was before is old by its iterations", "[together][audit]") {
    const std::string chain = R"(
population.a = { size = 3, activation = "linear" }
population.b = { size = 3, activation = "linear" }
population.c = { size = 3, activation = "linear" }
synapses.first = { from = "input", to = "a.soma", during = "forward", init = { identity = 1.0 } }
synapses.second = { from = "a", to = "b.soma", during = "forward", init = { identity = 1.0 } }
synapses.third = { from = "b", to = "c.soma", during = "forward", init = { identity = 1.0 } }
synapses.W_out = { from = "c", to = "output.soma", during = "forward", init = { normal = 1.0 } }
rule.plain = { parameters = { rate = 1e-3 }, equations = "w += rate * post.r * pre.r" }
plasticity.readout = { rule = "plain", synapses = ["W_out"], during = "forward" }
)";
    REQUIRE(is_found_beyond(in_forward(", order = \"together\"", chain), Criterion::old_rate));
    REQUIRE_FALSE(is_found_beyond(in_forward(together_times(20), chain), Criterion::old_rate));
    REQUIRE(is_found_beyond(in_forward(together_times(2), chain), Criterion::old_rate));
    REQUIRE(is_found_beyond(in_forward(together_times(20), chain), Criterion::held_vector));
    REQUIRE(audit(in_forward(together_times(20), chain)).meets("iii"));
}

TEST_CASE("a wrong order, and an address of two times, are rejected", "[together]") {
    std::string text = common_lines + cells_copying("");
    const std::string forward = "name = \"forward\", ms = 6.0";
    rejects_text(
        text.replace(text.find(forward), forward.size(), forward + ", order = @\"togehter\""),
        {"\"togehter\"", "Did you mean \"together\"?"});
    const std::string rule = R"toml(
rule.of_past = { signals = { was = "post" }, equations = "w += 1e-3 * was * pre.r" }
plasticity.learning = { rule = "of_past", synapses = ["W_out"], was = @"before(previous(output.r))" }
)toml";
    rejects_text(common_lines + slow_cell(rule),
                 {"\"before(previous(output.r))\" is of two times"});
}
