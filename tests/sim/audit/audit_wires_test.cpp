// Wires under audit: what no axon carries, chains that keep what is old, twins behind relays, and
// circuits that are honest.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// A population of five linear cells.
std::string relay(const std::string& name) {
    return "population." + name + " = { size = 5, activation = \"linear\" }\n";
}

std::string wire(const std::string& name, const std::string& from, const std::string& to,
                 const std::string& more = "during = \"forward\"") {
    return "wire." + name + " = { from = \"" + from + "\", to = \"" + to + "\", " + more + " }\n";
}

bool finds_beyond(const Audit& verdict, Criterion criterion, const std::string& word) {
    return std::any_of(verdict.beyond.begin(), verdict.beyond.end(), [&](const Finding& one) {
        return one.criterion == criterion && one.because.find(word) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("a wire from a potential of other cells carries no rate", "[audit][cheat][wires]") {
    Draft(second_population + wire("leak", "ghost.soma.v", "hidden.feedback"))
        .circuit_is_caught(Criterion::rates_transmitted, "ghost.soma.v");
}

TEST_CASE("a potential of before is no rate either", "[audit][cheat][wires]") {
    Draft(second_population +
          wire("leak", "ghost.soma.v", "hidden.feedback", "during = \"update\", delay = 1"))
        .circuit_is_caught(Criterion::rates_transmitted, "ghost.soma.v");
    Draft(second_population + wire("leak", "before(ghost.soma.v)", "hidden.feedback"))
        .circuit_is_caught(Criterion::rates_transmitted, "ghost.soma.v");
    Draft(second_population +
          wire("leak", "at_end(forward, ghost.soma.v)", "hidden.feedback", "during = \"update\""))
        .circuit_is_caught(Criterion::rates_transmitted, "ghost.soma.v");
}

TEST_CASE("a potential that a clamp takes over is none of the cells' own",
          "[audit][cheat][wires]") {
    Draft(second_population + relay("copy") +
          "teach.copy = { cells = \"copy\", from = \"ghost.soma.v\", as = \"clamp\", during = "
          "\"forward\" }\n")
        .circuit_is_caught(Criterion::rates_transmitted, "ghost.soma.v");
}

TEST_CASE("a potential that a nudge compares is none of the cells' own", "[audit][cheat][wires]") {
    Draft(second_population +
          "teach.ghost = { cells = \"ghost\", from = \"hidden.soma.v\", as = \"nudge\", strength = "
          "0.1, during = \"forward\" }\n")
        .circuit_is_caught(Criterion::rates_transmitted, "hidden.soma.v");
}

TEST_CASE("a rate of cells whose gate is shut cannot be wired out of the phase",
          "[audit][cheat][wires]") {
    Draft(relay("copy") +
          wire("late", "at_end(forward, hidden.r)", "copy.soma", "during = \"update\""))
        .circuit_is_caught(Criterion::one_rate_a_phase, "hidden.r");
}

TEST_CASE("a twin behind relays of wires is a copy of the network", "[audit][cheat][wires]") {
    Draft(relay("relay") + wire("there", "input", "relay.soma") + R"(
population.ghost = { size = 5, alpha = 0.5 }
synapses.G_rec = { from = "ghost", to = "ghost.soma", during = "forward", delay = 1, init = { copy = "W_rec" } }
synapses.G_in = { from = "relay", to = "ghost.soma", during = "forward", init = { copy = "W_in" } }
)")
        .circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

// Each hands on what the one before fired a step ago, so that the last has what was five steps ago.
TEST_CASE("a chain of wires that keeps what was several steps ago is told",
          "[audit][cheat][wires]") {
    std::string lines;
    for (int k = 1; k <= 5; ++k) {
        const std::string from = k == 1 ? "hidden" : "d" + std::to_string(k - 1);
        const std::string name = "d" + std::to_string(k);
        lines += relay(name) + wire(name, from, name + ".soma", "during = \"forward\", delay = 1");
    }
    const Audit verdict =
        Draft(lines + wire("end", "d5", "hidden.feedback", "during = \"forward\"")).audited();
    REQUIRE((finds_beyond(verdict, Criterion::old_rate, "steps") || !verdict.passes()));
}

TEST_CASE("wires that make a number of other cells postsynaptic are seen",
          "[audit][cheat][wires]") {
    Draft d(second_population + wire("pair", "ghost", "hidden.feedback"));
    d.hebb(d.w("A"), d.v("ghost.soma"), d.r("hidden"), 0.99, 0.01);
    d.is_caught(Criterion::local_plasticity, "ghost.soma.v");
}

TEST_CASE("partners that a wire joins pass and are told beyond", "[audit][innocent][wires]") {
    const std::string lines =
        second_population + wire("pair", "ghost", "hidden.feedback", "during = \"forward\"");
    Draft(lines).is_innocent();
    const Audit verdict = Draft(lines).audited();
    REQUIRE(finds_beyond(verdict, Criterion::paired_cells,
                         "\"hidden\" and \"ghost\" must be partners, one to one"));
}

TEST_CASE("cells that the label is wired to pass and are no partners of it",
          "[audit][innocent][wires]") {
    const std::string lines = R"(
population.err = { size = 2, activation = "linear" }
synapses.B_err = { from = "err", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
)" + wire("minus", "label", "err.soma", "during = \"update\", gain = -1.0");
    Draft(lines).is_innocent();
    REQUIRE_FALSE(finds_beyond(Draft(lines).audited(), Criterion::paired_cells, "err"));
}

TEST_CASE("error cells of their own that wires make pass", "[audit][innocent][wires]") {
    Draft(R"(
population.err = { size = 2, activation = "linear" }
synapses.B_err = { from = "err", to = "hidden.feedback", during = "forward", init = { normal = 0.5 } }
)" + wire("plus", "output", "err.soma") +
          wire("minus", "label", "err.soma", "during = \"forward\", gain = -1.0"))
        .is_innocent();
}

TEST_CASE("a nudge of cells by the label passes", "[audit][innocent][wires]") {
    const std::string lines = R"(
population.out = { size = 2 }
synapses.V = { from = "hidden", to = "out.soma", during = "forward", init = { normal = 0.5 } }
teach.out = { cells = "out", from = "label", as = "nudge", strength = 0.5, during = "forward" }
)";
    Draft(lines).is_innocent();
    REQUIRE_FALSE(finds_beyond(Draft(lines).audited(), Criterion::paired_cells, "out"));
}

TEST_CASE("a clamp of cells by the label passes", "[audit][innocent][wires]") {
    Draft(R"(
population.out = { size = 2 }
synapses.V = { from = "hidden", to = "out.soma", during = "forward", init = { normal = 0.5 } }
teach.out = { cells = "out", from = "label", as = "clamp", during = "update" }
)")
        .is_innocent();
}

TEST_CASE("a current within a cell that a wire carries pairs nobody", "[audit][innocent][wires]") {
    const std::string lines =
        wire("within", "hidden.forecast", "hidden.feedback", "during = \"forward\", gain = 0.1");
    Draft(lines).is_innocent();
    REQUIRE_FALSE(finds_beyond(Draft(lines).audited(), Criterion::paired_cells, "hidden"));
}
