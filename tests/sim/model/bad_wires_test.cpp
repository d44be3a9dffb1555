// Wires, teachers and losses that cannot be: each is told where it stands.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string cells = R"(
population.a = { size = 3, activation = "tanh", dendrites = ["apical"] }
population.b = { size = 2, activation = "linear" }
gate.g = { opens = "a.apical", during = "update" }
synapses.W_in = { from = "input", to = "a.soma", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "input", to = "a.apical", during = "forward", init = { normal = 1.0 } }
synapses.V = { from = "a", to = "b.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "b", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

void rejects_lines(const std::string& lines, const std::vector<std::string>& phrases) {
    rejects_text(common_lines + cells + lines, phrases);
}

void rejects_wire(const std::string& keys, const std::vector<std::string>& phrases) {
    rejects_lines("wire.x = { " + keys + " }\n", phrases);
}

void rejects_teacher(const std::string& keys, const std::vector<std::string>& phrases) {
    rejects_lines("teach.x = { " + keys + " }\n", phrases);
}

void rejects_loss(const std::string& keys, const std::vector<std::string>& phrases) {
    rejects_lines("loss = { " + keys + " }\n", phrases);
}

}  // namespace

TEST_CASE("a wire joins as many cells as there are at its end", "[wires][model]") {
    rejects_wire(R"(from = @"a", to = "b.soma", during = "forward")",
                 {"\"a\" has 3 cells, \"b\" 2; a wire joins one to one"});
    rejects_wire(R"(from = @"one", to = "b.soma", during = "forward")",
                 {"\"one\" has 1 cell, \"b\" 2"});
}

TEST_CASE("names of wires are found or told with the nearest one", "[wires][model]") {
    rejects_wire(R"(from = @"lable", to = "b.soma", during = "forward")",
                 {"no population \"lable\"", "Did you mean \"label\"?"});
    rejects_wire(R"(from = @"b.sma", to = "b.soma", during = "forward")",
                 {"no signal \"b.sma\"", "Did you mean \"b.soma\"?"});
    rejects_wire(R"(from = "label", to = @"b.sma", during = "forward")",
                 {"wire \"x\" goes to \"b.sma\"", "Did you mean \"b.soma\"?"});
    rejects_wire(R"(from = "label", to = "b.soma", during = @"forwrd")",
                 {"no phase \"forwrd\"", "Did you mean \"forward\"?"});
    rejects_wire(R"toml(from = @"at_end(fre, b.r)", to = "b.soma", during = "forward")toml",
                 {"no phase \"fre\""});
    rejects_wire(R"(from = "label", to = "b.soma", @durig = "forward")",
                 {"unknown key \"durig\"", "Did you mean \"during\"?"});
}

TEST_CASE("a wire needs its keys and their types", "[wires][model]") {
    rejects_lines(R"(wire.@x = { from = "label", to = "b.soma" })", {"during"});
    rejects_wire(R"(from = "label", to = "b.soma", during = @[])", {"names no phase"});
    rejects_wire(R"(from = "label", to = "b.soma", during = ["forward", @"forward"])",
                 {"names phase \"forward\" twice"});
    rejects_wire(R"(from = "label", to = "b.soma", during = "forward", gain = @"much")", {"gain"});
    rejects_wire(R"(from = "label", to = "b.soma", during = "forward", delay = @1001)", {"delay"});
    rejects_wire(R"toml(from = "previous(b.r)", to = "b.soma", during = "forward", delay = @1)toml",
                 {"[wire.x] has a delay", "of another time already"});
    rejects_lines("wire = @3\n", {"wire is the number 3; expected a table"});
}

TEST_CASE("a wire drives cells or the output alone", "[wires][model]") {
    rejects_wire(R"(from = "b", to = @"label.soma", during = "forward")",
                 {"[wire.x] drives \"label\", but nothing else may"});
}

TEST_CASE("a wire carries rates of cells that can fire in its phase", "[wires][model]") {
    rejects_lines(R"(
population.c = { size = 2, activation = "linear" }
gate.c = { opens = "c.soma", during = "forward" }
synapses.C = { from = "input", to = "c.soma", during = "forward", init = { normal = 1.0 } }
wire.x = { from = @"c", to = "b.soma", during = "update" }
)",
                  {"[wire.x] carries the rate of \"c\" in phase \"update\"", "expected a gate"});
}

TEST_CASE("a loop of wires is told at one of them", "[wires][model]") {
    rejects_lines(R"(
population.c = { size = 2, activation = "linear" }
wire.x = { from = "c", to = "b.soma", during = "forward" }
wire.y = { from = "b", to = "c.soma", during = "forward" }
)",
                  {"phase \"forward\" has an instantaneous loop", "-(wire.x)->", "-(wire.y)->",
                   "expected a wire in it to have delay = 1"});
    rejects_wire(R"(from = @"b.soma.v", to = "b.soma", during = "forward")",
                 {"instantaneous loop: b.soma -(wire.x)-> b.soma"});
}

TEST_CASE("a wire that reads what the step has yet to make is rejected", "[wires][model]") {
    rejects_wire(R"toml(from = @"at_end(update, b.r)", to = "b.soma", during = "forward")toml",
                 {"[wire.x] reads \"at_end(update, b.r)\"", "before this step has made it"});
}

TEST_CASE("teachers that cannot be are told", "[teach][model]") {
    rejects_teacher(R"(cells = "b", from = "label", as = "nudge", during = "update")",
                    {"strength"});
    rejects_teacher(
        R"(cells = "b", from = "label", as = "clamp", strength = @0.5, during = "update")",
        {"[teach.x] has as = \"clamp\", which sets the voltage"});
    rejects_teacher(R"(cells = "b", from = "label", as = @"push", during = "update")",
                    {"nudge, clamp", "\"push\""});
    rejects_teacher(
        R"(cells = "b", from = "label", as = @"conductance", strength = 0.1, during = "update")",
        {"\"b\" has no coupling", "expected as = \"nudge\" or as = \"clamp\""});
    rejects_teacher(R"(cells = @"label", from = "b", as = "clamp", during = "update")",
                    {"[teach.x] drives \"label\""});
    rejects_teacher(R"(cells = "a", from = @"label", as = "clamp", during = "update")",
                    {"\"label\" has 2 cells, \"a\" 3"});
    rejects_teacher(
        R"(cells = "b", from = "label", as = "nudge", strength = @-1.0, during = "update")",
        {"strength"});
}

TEST_CASE("nothing else drives what is clamped", "[teach][model]") {
    rejects_lines(R"(
synapses.late = { from = "input", to = @"b.soma", during = "update", init = { normal = 1.0 } }
teach.x = { cells = "b", from = "label", as = "clamp", during = "update" }
)",
                  {"[teach.x] clamps \"b.soma\" in phase \"update\"", "\"late\" drives it too"});
    rejects_lines(R"(
wire.y = { from = @"label", to = "b.soma", during = "update" }
teach.x = { cells = "b", from = "label", as = "clamp", during = "update" }
)",
                  {"[teach.x] clamps \"b.soma\" in phase \"update\"", "[wire.y] drives it too"});
    rejects_lines(
        R"(
population.c = { size = 3 }
synapses.C = { from = "input", to = "c.soma", during = "forward", init = { normal = 1.0 } }
teach.x = { cells = "a", from = @"c", as = "clamp", during = "update" }
)",
        {"[teach.x] clamps \"a.soma\" in phase \"update\"", "\"a.apical\" drives firing"});
}

TEST_CASE("losses that cannot be are told", "[loss][model]") {
    rejects_loss(R"(of = @"b.x", against = "label")", {"no signal \"b.x\""});
    rejects_loss(R"(of = "b.r", against = @"lable")",
                 {"no population \"lable\"", "Did you mean \"label\"?"});
    rejects_loss(R"(of = "a.r", against = @"label")",
                 {"\"a\" has 3 cells, \"label\" 2; a loss compares one to one"});
    rejects_loss(R"(of = "b.r", against = "label", kind = @"cross_entropy")",
                 {"the rates of \"b\" are no softmax", "of = \"b.soma.v\""});
    rejects_loss(R"(of = "b.r", against = "label", kind = @"cube")", {"squared, cross_entropy"});
    rejects_loss(R"(of = "b.r", against = "label", during = @"nigh")", {"no phase \"nigh\""});
    rejects_loss(R"toml(of = @"previous(b.r)", against = "label")toml",
                 {"of another time than now"});
    rejects_loss(R"(@agains = "label", of = "b.r")", {"unknown key \"agains\""});
}

TEST_CASE("what follows the loss of the output refuses another", "[loss][model]") {
    const std::string other = "[loss]\nof = \"hidden.r\"\nagainst = \"hidden\"\n";
    rejects("rflo",
            {{"[run]", "[diagnose]\nalignment = true\nexact = \"rtrl\"\n@" + other + "[run]"}},
            {"diagnose.alignment", "the loss of the output"});
}

TEST_CASE("rules that follow the cells' equation refuse wires to their somata", "[wires][model]") {
    rejects("rtrl",
            {{"[run]",
              "[wire.own]\nfrom = @\"previous(hidden.r)\"\nto = \"hidden.soma\"\nduring = "
              "\"forward\"\n[run]"}},
            {"rule \"rtrl\" needs somata that synapse sets alone drive; [wire.own]"});
}

TEST_CASE("a phase that a set names twice is told", "[phases][model]") {
    rejects_lines(R"(
synapses.late = { from = "input", to = "b.soma", during = ["update", @"update"], init = { normal = 1.0 } }
)",
                  {"[synapses.late] names phase \"update\" twice"});
    rejects_lines(R"(
synapses.late = { from = "input", to = "b.soma", during = @[], init = { normal = 1.0 } }
)",
                  {"[synapses.late] names no phase"});
}

TEST_CASE("softmax cells fire at once and without gates", "[model]") {
    const std::string softmax = R"(
population.@c = { size = 2, activation = "softmax", alpha = 0.5 }
synapses.C = { from = "input", to = "c.soma", during = "forward", init = { normal = 1.0 } }
)";
    rejects_lines(softmax, {"\"c\" fires the softmax of its somata at once; expected no alpha"});
    rejects_lines(R"(
population.c = { size = 2, activation = "softmax", dendrites = ["apical"] }
synapses.C = { from = "input", to = "c.soma", during = "forward", init = { normal = 1.0 } }
synapses.D = { from = "input", to = "c.apical", during = "forward", init = { normal = 1.0 } }
gate.@c = { opens = "c.apical", during = "update" }
)",
                  {"\"c\" fires the softmax of its somata at once; expected no gate"});
}
