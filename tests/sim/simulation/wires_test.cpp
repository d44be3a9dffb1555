// Wires, which pair cells one to one: what they bring, when, and how they are told.
#include "circuits/anatomy/anatomy.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Two pairs of cells, of which `a` is driven by the input, and the output.
const std::string two_pairs = R"(
population.a = { size = 3, activation = "tanh", dendrites = ["apical"] }
population.b = { size = 3, activation = "linear" }
gate.shut = { opens = "a.apical", during = [] }
synapses.W_in = { from = "input", to = "a.soma", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "input", to = "a.apical", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "b", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

std::string wire(const std::string& name, const std::string& keys) {
    return "wire." + name + " = { " + keys + " }\n";
}

// The model with the phases "forward", of these keys, and "update".
std::string in_forward(const std::string& keys, const std::string& lines) {
    std::string text = common_lines + lines;
    const std::string forward = "name = \"forward\", ms = 6.0";
    return text.replace(text.find(forward), forward.size(), forward + keys);
}

}  // namespace

TEST_CASE("a wire hands each cell's rate to its partner", "[wires]") {
    SteppedModel sim(small_model(
        two_pairs + wire("plain", R"(from = "a", to = "b.soma", during = "forward")") +
        wire("spelt", R"(from = "a.r", to = "b.soma", gain = -0.25, during = "forward")")));
    for (int step = 0; step < 3; ++step) {
        sim.step();
        const Vector a = (sim.matrix("W_in") * sim.vector("input.r")).array().tanh();
        REQUIRE(distance(sim.vector("b.r"), 0.75 * a) < 1e-15);
    }
}

TEST_CASE("wires are listed with their gain and asked for by their table", "[wires]") {
    const Model model = small_model(
        two_pairs + wire("plain", R"(from = "a", to = "b.soma", during = "forward")") +
        wire("half", R"(from = "a.apical.v", to = "b.soma", gain = -0.5, during = "forward")") +
        wire("minus", R"(from = "a", to = "b.soma", gain = -1.0, during = "forward", delay = 1)"));
    REQUIRE(listed(model.program, "wire.plain") ==
            std::vector<std::string>{"transmit b.soma.v = a.r (one to one)"});
    REQUIRE(listed(model.program, "wire.half") ==
            std::vector<std::string>{"transmit b.soma.v += -0.5 a.apical.v (one to one)"});
    REQUIRE(listed(model.program, "wire.minus") ==
            std::vector<std::string>{"transmit b.soma.v += -previous(a.r) (one to one)",
                                     "remember previous(a.r) = a.r"});
}

TEST_CASE("a wire carries last step's rate or what was before the iteration", "[wires]") {
    const std::string cell = R"(
population.a = { size = 1, activation = "linear", alpha = 0.5 }
population.b = { size = 1, activation = "linear" }
population.c = { size = 1, activation = "linear" }
synapses.drive = { from = "one", to = "a.soma", during = "forward", init = { constant = 1.0 } }
synapses.W_out = { from = "b", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";
    const auto both = [&](const std::string& last, const std::string& before) {
        return cell + wire("last", "to = \"b.soma\", during = \"forward\", " + last) +
               wire("before", "to = \"c.soma\", during = \"forward\", " + before);
    };
    SteppedModel sim(model_of_text(in_forward(
        ", repeat = 2", both("from = \"a\", delay = 1", "from = \"a\", delay = \"iteration\""))));
    SteppedModel spelt(model_of_text(
        in_forward(", repeat = 2", both("from = \"previous(a.r)\"", "from = \"before(a.r)\""))));
    // a is 1 - 2^-k behind k iterations.
    for (SteppedModel* one : {&sim, &spelt}) {
        one->step(2);
        REQUIRE(one->vector("a.r")[0] == 0.9375);
        REQUIRE(one->vector("b.r")[0] == 0.75);
        REQUIRE(one->vector("c.r")[0] == 0.875);
    }
    REQUIRE(listing(sim.model.program) == listing(spelt.model.program));
}

TEST_CASE("in a phase together wires carry what was before", "[wires][together]") {
    const std::string swap = R"(
population.a = { size = 1, activation = "linear", init = { constant = 1.0 } }
population.b = { size = 1, activation = "linear", init = { constant = 3.0 } }
synapses.W_out = { from = "a", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)" + wire("there", R"(from = "a", to = "b.soma", during = "forward")") +
                             wire("back", R"(from = "b", to = "a.soma", during = "forward")");
    SteppedModel sim(model_of_text(in_forward(", repeat = 3, order = \"together\"", swap)));
    sim.step();
    REQUIRE(sim.vector("a.r")[0] == 3.0);
    REQUIRE(sim.vector("b.r")[0] == 1.0);
}

TEST_CASE("a wire brings what was at the end of an earlier phase", "[wires][at_end]") {
    const std::string lines =
        two_pairs + R"(
population.held = { size = 3, activation = "linear" }
synapses.W_late = { from = "input", to = "a.soma", during = "update", init = { normal = 1.0 } }
)" + wire("plain", R"(from = "a", to = "b.soma", during = "forward")") +
        wire("of_end",
             R"toml(from = "at_end(forward, a.r)", to = "held.soma", during = "update")toml");
    SteppedModel sim(small_model(lines));
    sim.step(2);
    const Vector early = (sim.matrix("W_in") * sim.vector("input.r")).array().tanh(),
                 late = (sim.matrix("W_late") * sim.vector("input.r")).array().tanh();
    REQUIRE(distance(sim.vector("held.r"), early) < 1e-15);
    REQUIRE(distance(sim.vector("a.r"), late) < 1e-15);
}

// v = 1 and then 1 + 0.5: what equations inside the cells add is there when the wire reads it,
// whether or not the cells fire in the phase.
TEST_CASE("a potential is read behind the equations inside its cells", "[wires][dynamics]") {
    const auto with_phase = [](const std::string& drive) {
        return R"(
population.x = { size = 1, activation = "linear" }
population.e = { size = 1, activation = "linear" }
synapses.W_out = { from = "e", to = "output.soma", during = "update", init = { constant = 1.0 } }
synapses.drive = { from = "one", to = "x.soma", during = ")" +
               drive + R"(", init = { constant = 1.0 } }
dynamics.x = { cells = "x", during = "forward", equations = "soma.v += 0.5" }
)" + wire("down", R"(from = "x.soma.v", to = "e.soma", gain = -1.0, during = "forward")");
    };
    SteppedModel sim(small_model(with_phase("forward")));
    sim.step();
    REQUIRE(sim.vector("e.r")[0] == -1.5);
    const std::vector<std::string> all = listed(sim.model.program);
    const auto place = [&](const std::string& line) {
        return std::find(all.begin(), all.end(), line) - all.begin();
    };
    REQUIRE(place("transmit e.soma.v = -x.soma.v (one to one)") < std::ssize(all));
    REQUIRE(place("fire x.r = x.soma.v") < place("transmit e.soma.v = -x.soma.v (one to one)"));
}

TEST_CASE("cells that do not fire hand their potential on behind their equations",
          "[wires][dynamics]") {
    SteppedModel sim(small_model(R"(
population.x = { size = 1, activation = "linear", dendrites = ["apical"] }
population.e = { size = 1, activation = "linear" }
gate.shut = { opens = "x.apical", during = [] }
synapses.first = { from = "one", to = "x.soma", during = "update", init = { constant = 0.0 } }
synapses.drive = { from = "one", to = "x.apical", during = "forward", init = { constant = 1.0 } }
synapses.W_out = { from = "e", to = "output.soma", during = "forward", init = { constant = 1.0 } }
dynamics.x = { cells = "x", during = "forward", equations = "apical.v += 0.5" }
)" + wire("down", R"(from = "x.apical", to = "e.soma", during = "forward")")));
    sim.step();
    REQUIRE(sim.vector("e.r")[0] == 1.5);
}

TEST_CASE("a wire in several phases is one for each", "[wires]") {
    const Model model = small_model(
        two_pairs +
        wire("plain", R"(from = "input", to = "b.soma", during = ["forward", "update"])"));
    REQUIRE(model.circuit.wires.size() == 2);
    REQUIRE(model.circuit.wires[1].phase == PhaseId(1));
    REQUIRE(model.circuit.fires(model.circuit.find_population("b"), PhaseId(1)));
    // One edge in the drawing.
    const std::string dot = to_dot(model.circuit, "");
    REQUIRE(dot.find("\"input.soma\" -> \"b.soma\" [label=\"plain\\nforward, update, one to one\", "
                     "style=dashed, class=\"wire\"];") != std::string::npos);
    REQUIRE(dot.find("label=\"plain", dot.find("label=\"plain") + 1) == std::string::npos);
}

TEST_CASE("wires are drawn dashed and those that inhibit end in a bar", "[wires][anatomy]") {
    const Model model = small_model(
        two_pairs + wire("half", R"(from = "a", to = "b.soma", gain = -0.5, during = "forward")") +
        wire("leak", R"(from = "a.apical", to = "b.soma", during = "forward", delay = 1)"));
    const std::string dot = to_dot(model.circuit, "");
    REQUIRE(dot.find("\"a.soma\" -> \"b.soma\" [label=\"half\\nforward, one to one, times -0.5\", "
                     "style=dashed, color=\"#2050a0\", arrowhead=tee, class=\"wire "
                     "inhibitory\"];") != std::string::npos);
    REQUIRE(dot.find("\"a.apical\" -> \"b.soma\" [label=\"leak\\nforward, one to one, delay 1\", "
                     "style=dashed, color=\"#b04000\", class=\"wire potential\"];") !=
            std::string::npos);
}

TEST_CASE("check has a line for each wire", "[wires]") {
    const std::string text = describe_model(small_model(
        two_pairs +
        wire("half", R"(from = "a.apical", to = "b.soma", gain = 0.5, during = "forward")")));
    REQUIRE(
        text.find("  wire.half        3 one to one  0.5 a.apical.v -> b.soma during forward\n") !=
        std::string::npos);
}

TEST_CASE("check has one column of names however long those of wires are", "[wires]") {
    const std::string text = describe_model(small_model(
        two_pairs + wire("a_name_of_twenty",
                         R"(from = "a.apical", to = "b.soma", gain = 0.5, during = "forward")")));
    const auto has = [&](const std::string& line) { return text.find(line) != std::string::npos; };
    REQUIRE(
        has(fmt::format("\n  {:<21} {:>5} one to one  0.5 a.apical.v -> b.soma during forward\n",
                        "wire.a_name_of_twenty", 3)));
    REQUIRE(has(fmt::format("\n  {:<21} {:>5} cells", "a", 3)));
}

TEST_CASE("resolved has wires as they are written", "[wires]") {
    const Model model = small_model(
        two_pairs + wire("half", R"(from = "a", to = "b.soma", gain = 0.5, during = ["forward"])"));
    REQUIRE(model.resolved.find("[wire.half]\n") != std::string::npos);
    REQUIRE(model.resolved.find("from = \"a\"") != std::string::npos);
    REQUIRE(listing(model_of_text(model.resolved).program) == listing(model.program));
    REQUIRE(small_model(two_pairs + wire("x", R"(from = "a", to = "b.soma", during = "forward")"))
                .resolved.find("teach") == std::string::npos);
}

TEST_CASE("a run with wires goes on from a checkpoint as if it had never stopped",
          "[wires][checkpoint]") {
    const TemporaryFolder folder;
    const std::string text =
        common_lines + two_pairs +
        wire("last", R"(from = "a", to = "b.soma", during = ["forward", "update"], delay = 1)") +
        "teach.b = { cells = \"a\", from = \"input\", as = \"nudge\", strength = 0.1, during = "
        "\"forward\" }\n"
        "rule.plain = { parameters = { rate = 1e-3 }, equations = \"w += rate * post.r * pre.r\" "
        "}\n"
        "plasticity.out = { rule = \"plain\", synapses = [\"W_out\"], during = \"forward\" }\n"
        "population.hidden = { size = 6 }\n"
        "synapses.W_h = { from = \"input\", to = \"hidden.soma\", during = \"forward\", init = "
        "{ normal = 1.0 } }\n";
    REQUIRE_FALSE(verify_text_rules(model_of_text(text), 10, 1e-12).first());
    const Model model = saved_model(folder.write("wires.toml", text), folder / "whole.h5");
    const std::string killed = folder / "killed.h5";
    const RunSummary whole = run_model(model);
    for (const int threads : {1, 2}) {
        leave_killed(model.output, 13, killed);
        const RunSummary summary = resumed(killed, threads);
        CHECK(content_of(killed) == content_of(model.output));
        CHECK(summary.loss == whole.loss);
    }
}

TEST_CASE("sets transmit in all phases that during names", "[phases]") {
    SteppedModel sim(small_model(R"(
population.a = { size = 3, activation = "linear", dendrites = ["apical"] }
gate.shut = { opens = "a.apical", during = [] }
synapses.W_in = { from = "input", to = "a.soma", during = ["forward", "update"], init = { normal = 1.0 } }
synapses.W_out = { from = "a", to = "output.soma", during = "forward", init = { normal = 1.0 }, back = { to = "a.apical", during = ["forward", "update"] } }
)"));
    REQUIRE(sim.model.circuit.uses.size() == 5);
    const std::vector<std::string> all = listed(sim.model.program, "synapses.W_in");
    REQUIRE(all == std::vector<std::string>{"transmit a.soma.v = W_in input.r",
                                            "transmit a.soma.v = W_in input.r"});
    sim.step();
    REQUIRE(distance(sim.vector("a.r"), sim.matrix("W_in") * sim.vector("input.r")) < 1e-15);
}

// The rate of `a` is x in "forward" and x + 1 in "update".
TEST_CASE("pre.r of a rule is what its set carries in the rule's own phase", "[phases]") {
    const auto text = [](const std::string& during) {
        return R"(
population.a = { size = 1, activation = "linear" }
population.b = { size = 1, activation = "linear", dendrites = ["apical"] }
gate.shut = { opens = "b.apical", during = [] }
synapses.low = { from = "one", to = "a.soma", during = "forward", init = { constant = 2.0 } }
synapses.high = { from = "one", to = "a.soma", during = "update", init = { constant = 3.0 } }
synapses.base = { from = "one", to = "b.soma", during = "forward", init = { constant = 1.0 } }
synapses.W = { from = "a", to = "b.apical", during = ["update", "forward"], init = { constant = 0.0 } }
synapses.W_out = { from = "b", to = "output.soma", during = "forward", init = { constant = 1.0 } }
rule.plain = { parameters = { rate = 0.5 }, equations = "w += rate * pre.r" }
plasticity.learning = { rule = "plain", synapses = ["W"], during = ")" +
               during + "\" }\n";
    };
    SteppedModel first(small_model(text("forward"))), second(small_model(text("update")));
    first.step();
    second.step();
    REQUIRE(first.vector("W")[0] == 1.0);
    REQUIRE(second.vector("W")[0] == 1.5);
    REQUIRE_FALSE(verify_text_rules(first.model, 5, 1e-12).first());
    REQUIRE_FALSE(verify_text_rules(second.model, 5, 1e-12).first());
}
