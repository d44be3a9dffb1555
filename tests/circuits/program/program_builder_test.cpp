// Slots and the operations that name them.
#include "circuits/program/program_builder.hpp"

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Hidden cells with a recurrent set, and a dendrite that a gate opens in the update phase.
const std::string circuit = hidden_lines + R"(
population.hidden = { size = 4, alpha = 0.5, dendrites = ["apical"] }
gate.g_soma = { opens = "hidden.soma", during = "forward" }
gate.g_apical = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
)";

std::vector<std::string> lines_with(const Program& program, const std::string& part) {
    std::vector<std::string> found;
    for (const std::string& line : listed(program)) {
        if (line.find(part) != std::string::npos) found.push_back(line);
    }
    return found;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the first transmission into a voltage sets it, and those that follow add", "[program]") {
    const Program program = small_model(circuit).program;
    REQUIRE(lines_with(program, "transmit hidden.soma.v") ==
            Lines{"transmit hidden.soma.v = W_in input.r",
                  "transmit hidden.soma.v += W_rec previous(hidden.r)",
                  "transmit hidden.soma.v += b one.r"});
}

TEST_CASE("the first transmission of each phase sets the voltage anew", "[program]") {
    const Program program = small_model(circuit + R"(
synapses.U = { from = "input", to = "hidden.soma", during = "update", init = { normal = 1.0 } }
synapses.V = { from = "one", to = "hidden.soma", during = "update", init = { normal = 1.0 } }
)",
                                        {"gate.g_soma.during=[\"forward\", \"update\"]"})
                                .program;
    REQUIRE(lines_with(program, "transmit hidden.soma.v") ==
            Lines{"transmit hidden.soma.v = W_in input.r",
                  "transmit hidden.soma.v += W_rec previous(hidden.r)",
                  "transmit hidden.soma.v += b one.r", "transmit hidden.soma.v = U input.r",
                  "transmit hidden.soma.v += V one.r"});
}

TEST_CASE("a delay of one step carries what was remembered at the end of the last", "[program]") {
    const Program program = small_model(circuit).program;
    REQUIRE(program.operations.back().kind == Kind::remember);
    REQUIRE(lines_with(program, "remember") == Lines{"remember previous(hidden.r) = hidden.r"});
}

TEST_CASE("what a dendrite fires has a slot of its own beside the rate that the soma holds",
          "[program]") {
    const Program program = small_model(circuit + R"(
synapses.J = { from = "hidden", to = "output.soma", during = "update", init = { normal = 1.0 } }
)")
                                .program;
    REQUIRE(lines_with(program, "fire hidden") ==
            Lines{"fire hidden.r = 0.5 hidden.r + 0.5 tanh(gate.g_soma hidden.soma.v)",
                  "fire hidden.apical.r = tanh(gate.g_apical hidden.apical.v)"});
    REQUIRE(lines_with(program, " J ") == Lines{"transmit output.soma.v = J hidden.apical.r"});
}

TEST_CASE("a set in reverse carries its postsynaptic cells' rate to its presynaptic cells",
          "[program]") {
    const Program program =
        small_model(circuit + "population.error.role = \"error\"\n",
                    {"synapses.W_out.back={ from = \"error\", to = \"hidden.apical\", "
                     "during = \"update\" }"})
            .program;
    REQUIRE(lines_with(program, "transpose") ==
            Lines{"transmit hidden.apical.v = transpose(W_out) error.r"});
}

TEST_CASE("error cells are excited by the output and inhibited by the label, one to one",
          "[program]") {
    const Program program =
        small_model(circuit + "population.error = { role = \"error\", during = \"update\" }\n")
            .program;
    REQUIRE(lines_with(program, "error") == Lines{"transmit error.soma.v = output.r (one to one)",
                                                  "transmit error.soma.v += -label.r (one to one)",
                                                  "fire error.r = error.soma.v"});
}

TEST_CASE("an address names one slot, however often it is asked for", "[program]") {
    const Model model = small_model(circuit);
    ProgramBuilder builder(model.circuit);
    builder.begin(PhaseId(0), "someone", {});
    const PopulationId hidden = model.circuit.find_population("hidden");
    const CompartmentId apical = model.circuit.find_compartment("hidden.apical");
    const SlotId rate = builder.rate(hidden), voltage = builder.voltage(apical);
    REQUIRE(builder.rate(hidden) == rate);
    REQUIRE(builder.signal({"hidden.r", {}}) == rate);
    REQUIRE(builder.signal({"hidden.apical", {}}) == voltage);
    REQUIRE(builder.signal({"hidden.apical.v", {}}) == voltage);
    REQUIRE(builder.signal({"previous(hidden.r)", {}}) == builder.previous(rate));
    REQUIRE(builder.rate_in(hidden, PhaseId(0)) == rate);
    REQUIRE(builder.rate_in(hidden, PhaseId(1)) != rate);
}

TEST_CASE("a value that is asked for twice is remembered once", "[program]") {
    const Program program = small_model(circuit + R"(
synapses.V_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
)")
                                .program;
    REQUIRE(lines_with(program, "remember").size() == 1);
}

TEST_CASE("last step's rate of a constant population is its rate", "[program]") {
    const Program program = small_model(circuit + R"(
synapses.late = { from = "one", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
)")
                                .program;
    REQUIRE(lines_with(program, " late ") == Lines{"transmit hidden.soma.v += late one.r"});
}

TEST_CASE("the slope at a voltage is made once in a phase, for all rules that need it",
          "[program]") {
    const std::string rules = circuit + R"(
plasticity.first = { rule = "dendritic", synapses = ["W_in"], credit = "hidden.apical", rate = 0.1 }
plasticity.second = { rule = "dendritic", synapses = ["W_rec"], credit = "hidden.apical", rate = 0.1 }
)";
    REQUIRE(lines_with(small_model(rules).program, "cellwise slope").size() == 1);
    const Program apart = small_model(rules, {"plasticity.second.during=\"forward\""}).program;
    REQUIRE(lines_with(apart, "cellwise slope").size() == 2);
}

TEST_CASE("a slot has the shape of the cells or synapses that it belongs to", "[program]") {
    const Program program = small_model(circuit).program;
    const auto shape = [&](const char* address) {
        const Slot& slot = program[program.find(address)];
        return std::vector<int>{int(slot.shape), slot.rows, slot.columns};
    };
    REQUIRE(shape("hidden.soma.v") == std::vector<int>{int(Shape::per_cell), 4, 1});
    REQUIRE(shape("W_in") == std::vector<int>{int(Shape::per_synapse), 4, 3});
    REQUIRE(shape("W_out") == std::vector<int>{int(Shape::per_synapse), 2, 4});
    REQUIRE(shape("gate.g_apical") == std::vector<int>{int(Shape::scalar), 1, 1});
}

TEST_CASE("a slot is found by what it is and of what", "[program]") {
    const Model model = small_model(circuit);
    const Program& program = model.program;
    const PopulationId hidden = model.circuit.find_population("hidden");
    const CompartmentId soma = model.circuit.soma(hidden);
    const SynapseSetId W_in = model.circuit.find_synapses("W_in");
    const auto name = [&](SlotId slot) { return slot ? program[slot].name : "none"; };
    REQUIRE(name(program.rate_of(hidden)) == "hidden.r");
    REQUIRE(name(program.voltage_of(soma)) == "hidden.soma.v");
    REQUIRE(name(program.strength_of(W_in)) == "W_in");
    REQUIRE(name(program.loss()) == "loss");
    REQUIRE(name(program.previous_of(program.rate_of(hidden))) == "previous(hidden.r)");
    REQUIRE(name(program.signal({.voltage = soma})) == "hidden.soma.v");
    REQUIRE(name(program.signal({.rate = hidden, .is_previous = true})) == "previous(hidden.r)");
    REQUIRE_FALSE(program.slope_of(soma));
    REQUIRE_FALSE(program.tag_of(W_in, "eligibility"));
}

TEST_CASE("a rule's numbers are found by what the rule calls them", "[program]") {
    const Model model = small_model(circuit);
    ProgramBuilder builder(model.circuit);
    builder.begin(PhaseId(0), "someone", {}, Asker::rule);
    const SynapseSetId W_in = model.circuit.find_synapses("W_in");
    const SlotId tag = builder.tag(W_in, "trace"), other = builder.tag(W_in, "eligibility"),
                 rate = builder.rate(model.circuit.find_population("hidden")),
                 past = builder.history(rate, 3, {"a", "history"}, {}),
                 other_past = builder.history(rate, 3, {"b", "history"}, {}),
                 sum = builder.sum(rate, rate, {"a", "sum"});
    const Program& program = builder.so_far();
    REQUIRE(program.tag_of(W_in, "trace") == tag);
    REQUIRE(program.tag_of(W_in, "eligibility") == other);
    REQUIRE(program.history_of(rate, {"a", "history"}) == past);
    REQUIRE(program.history_of(rate, {"b", "history"}) == other_past);
    REQUIRE(program.of_rule({"a", "sum"}) == sum);
    REQUIRE_FALSE(program.of_rule({"b", "sum"}));
    REQUIRE(program[sum].name == "a.sum");
    REQUIRE(program[past].name == "a.history(hidden.r)");
    REQUIRE(program[past].what == What::history);
    REQUIRE(program[tag].what == What::tag);
    REQUIRE(program.operations.back().asker == Asker::rule);
}

TEST_CASE("a dendrite's rate is another slot than the soma's of the same cells", "[program]") {
    const Model model = small_model(circuit);
    ProgramBuilder builder(model.circuit);
    const PopulationId hidden = model.circuit.find_population("hidden");
    const SlotId of_dendrite = builder.rate_in(hidden, PhaseId(1)), of_soma = builder.rate(hidden);
    const Program& program = builder.so_far();
    REQUIRE(program[of_dendrite].what == What::rate);
    REQUIRE(program[of_dendrite].dendrites.size() == 1);
    REQUIRE(program.rate_of(hidden) == of_soma);
    REQUIRE(of_soma != of_dendrite);
}

TEST_CASE("a signal that a circuit lacks is rejected with the nearest that it has", "[program]") {
    const Model model = small_model(circuit);
    ProgramBuilder builder(model.circuit);
    builder.begin(PhaseId(0), "someone", {});
    check_error(error_of([&] {
                    builder.signal({"hidden.apial", {"small.toml", 3, 7}});
                }),
                ExitCode::bad_model, "small.toml:3:7",
                {"no signal \"hidden.apial\"", "Did you mean \"hidden.apical\"?"});
}

TEST_CASE("nothing is kept for two steps", "[program]") {
    const Model model = small_model(circuit);
    ProgramBuilder builder(model.circuit);
    builder.begin(PhaseId(0), "someone", {});
    const auto error = error_of([&] { builder.signal({"previous(previous(hidden.r))", {}}); });
    REQUIRE(error);
    REQUIRE(error->code() == ExitCode::bad_model);
}
