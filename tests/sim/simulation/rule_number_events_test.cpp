// Events that set numbers of rules and of equations inside cells.
#include "sim/audit/audit.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string lines = R"(
population.hidden = { size = 5 }
dynamics.adapt = { cells = "hidden", state = { a = "cell" }, equations = ["a = 0.9 * a + 0.1 * r", "soma.v += -0.5 * a"] }
rule.grow = { parameters = { rate = { minimum = 0.0, maximum = 1.0 }, keep = 0.75 }, state = { trace = "pre", tag = "synapse" }, equations = ["trace = keep * trace + pre.r", "tag = 0.5 * tag + post.r * trace", "w += rate * tag"] }
plasticity.p = { rule = "grow", synapses = ["W_in"], rate = 0.01 }
)" + hidden_lines;

std::string with_event(const std::string& what) {
    return lines + "event.e = { at = 4, for = 3, " + what + " }\n";
}

bool is_on(int step) { return 4 <= step && step <= 6; }

}  // namespace

TEST_CASE("an event sets a parameter of a rule while it is on", "[events][rule_text]") {
    SteppedModel sim(small_model(
        with_event("set = { \"plasticity.p.rate\" = 0.5, \"plasticity.p.keep\" = 0.0 }")));
    Matrix w = sim.matrix("W_in"), tag = Matrix::Zero(5, 3);
    Vector trace = Vector::Zero(3);
    for (int step = 1; step <= 9; ++step) {
        sim.step();
        trace = ((is_on(step) ? 0.0 : 0.75) * trace + sim.vector("input.r")).eval();
        tag = (0.5 * tag + sim.vector("hidden.r") * trace.transpose()).eval();
        w = (w + (is_on(step) ? 0.5 : 0.01) * tag).eval();
        INFO("step " << step);
        CHECK(sim.vector("p.rate")[0] == (is_on(step) ? 0.5 : 0.01));
        CHECK(distance(sim.matrix("W_in"), w) <= 1e-14);
    }
}

TEST_CASE("an event sets what a rule keeps, behind the statement that makes it",
          "[events][rule_text]") {
    SteppedModel sim(small_model(
        with_event("set = { \"plasticity.p.trace\" = 2.0, \"plasticity.p.tag\" = -1.0 }")));
    Matrix w = sim.matrix("W_in"), tag = Matrix::Zero(5, 3);
    Vector trace = Vector::Zero(3);
    for (int step = 1; step <= 9; ++step) {
        sim.step();
        trace = (0.75 * trace + sim.vector("input.r")).eval();
        if (is_on(step)) trace.setConstant(2.0);
        tag = (0.5 * tag + sim.vector("hidden.r") * trace.transpose()).eval();
        if (is_on(step)) tag.setConstant(-1.0);
        w = (w + 0.01 * tag).eval();
        INFO("step " << step);
        CHECK(distance(sim.vector("p.trace(W_in)"), trace) <= 1e-14);
        CHECK(distance(sim.matrix("tag(W_in)"), tag) <= 1e-14);
        CHECK(distance(sim.matrix("W_in"), w) <= 1e-14);
    }
}

TEST_CASE("an event sets what equations inside cells keep", "[events][dynamics]") {
    SteppedModel sim(small_model(with_event("set = { \"hidden.a\" = 3.0 }")));
    Vector a = Vector::Zero(5), r = sim.vector("hidden.r");
    for (int step = 1; step <= 9; ++step) {
        const Matrix w = sim.matrix("W_in");
        sim.step();
        a = (0.9 * a + 0.1 * r).eval();
        if (is_on(step)) a.setConstant(3.0);
        const Vector v = w * sim.vector("input.r") - 0.5 * a;
        r = v.array().tanh().matrix();
        INFO("step " << step);
        CHECK(distance(sim.vector("hidden.a"), a) <= 1e-14);
        CHECK(distance(sim.vector("hidden.r"), r) <= 1e-14);
    }
}

TEST_CASE("up to an event that sets a rule's numbers a run has the bits of one without",
          "[events][rule_text]") {
    SteppedModel plain(small_model(lines));
    for (const char* what :
         {"\"plasticity.p.rate\" = 0.0", "\"plasticity.p.keep\" = 0.0",
          "\"plasticity.p.trace\" = 0.0", "\"plasticity.p.tag\" = 0.0", "\"hidden.a\" = 0.0"}) {
        INFO(what);
        SteppedModel same(small_model(lines)),
            sim(small_model(with_event(fmt::format("set = {{ {} }}", what))));
        same.step(3);
        sim.step(3);
        CHECK(sim.matrix("W_in") == same.matrix("W_in"));
        CHECK(sim.vector("hidden.r") == same.vector("hidden.r"));
        same.step();
        sim.step();
        const bool differs = sim.matrix("W_in") != same.matrix("W_in") ||
                             sim.vector("hidden.r") != same.vector("hidden.r");
        CHECK(differs);
    }
}

TEST_CASE("a plan with all passes does what the listed operations do to a rule's numbers",
          "[events][rule_text]") {
    const std::string text = with_event(
        "set = { \"plasticity.p.rate\" = 0.5, \"plasticity.p.tag\" = -1.0, \"hidden.a\" = 0.25 }");
    SteppedModel listed(small_model(text, {"run.passes=[]"})), run(small_model(text));
    listed.step(9);
    run.step(9);
    CHECK(distance(run.matrix("W_in"), listed.matrix("W_in")) <= 1e-14);
    CHECK(distance(run.matrix("tag(W_in)"), listed.matrix("tag(W_in)")) <= 1e-14);
}

TEST_CASE("a run whose rule has its numbers set is resumed to the same bytes", "[events][resume]") {
    const std::string text = common_lines + lines +
                             "event.e = { at = 20, for = 15, set = { \"plasticity.p.rate\" = 0.3, "
                             "\"plasticity.p.trace\" = 0.5, \"hidden.a\" = 0.1 } }\n";
    check_resumed(text);
}

TEST_CASE("the audit judges a circuit without the numbers that events set", "[events][audit]") {
    const Audit plain = audit(small_model(lines));
    const Audit set = audit(
        small_model(with_event("set = { \"plasticity.p.trace\" = 2.0, \"plasticity.p.tag\" = -1.0, "
                               "\"plasticity.p.rate\" = 0.0, \"hidden.a\" = 1.0 }")));
    for (const char* criterion : {"online", "i", "ii", "iii", "iv", "v", "vi"}) {
        INFO(criterion);
        CHECK(plain.meets(criterion) == set.meets(criterion));
    }
    CHECK(plain.findings.size() == set.findings.size());
}

TEST_CASE("events that cannot set a rule's number are told at their places", "[events][error]") {
    const auto is_refused = [](const std::string& set, const std::string& why) {
        INFO(set);
        CHECK_THROWS_WITH(small_model(with_event("set = { " + set + " }")), Catch::Contains(why));
    };
    is_refused("\"plasticity.q.rate\" = 0.0", "Did you mean \"plasticity.p\"");
    is_refused("\"plasticity.p\" = 0.0",
               "is a rule; expected a number of it, as plasticity.p.rate");
    is_refused("\"plasticity.p.rat\" = 0.0", "Did you mean \"rate\"");
    is_refused("\"plasticity.p.rate\" = 2.0", "expected a number from 0 to 1");
    is_refused("\"hidden.b\" = 0.0", "they have a.");
    is_refused("\"p.rate\" = 0.0", "as \"plasticity.p.rate\"");
    const auto refuses = [](const std::string& rule, const std::string& why) {
        INFO(rule);
        CHECK_THROWS_WITH(small_model(lines + rule), Catch::Contains(why));
    };
    refuses("event.e = { at = 2, cells = \"0:2\", set = { \"plasticity.p.rate\" = 0.0 } }\n",
            "the same for all cells");
    refuses(
        "event.e = { at = 2, set = { \"plasticity.c.every\" = 3 } }\n"
        "population.twin = { size = 5, activation = \"tanh\" }\n"
        "synapses.W_t = { from = \"input\", to = \"twin.soma\", during = \"forward\", init = { "
        "copy = \"W_in\" } }\n"
        "plasticity.c = { rule = \"copy\", of = [\"W_in\"], synapses = [\"W_t\"], every = 5 }\n",
        "is no equations");
}
