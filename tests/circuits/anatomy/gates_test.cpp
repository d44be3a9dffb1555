// [gate.*] in a model file: what is told of mistakes, what its lists and drawings say.
#include "circuits/anatomy/anatomy.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr const char* disinhibition =
    "[gate.disinhibition]\nopens  = \"hidden.apical\"\nduring = \"update\"";

// A gate in place of that of models/dni_b.toml, with a mark where the mistake is told.
void is_told(const std::string& gate, const std::vector<std::string>& words) {
    rejects("dni_b", {{disinhibition, "[gate.disinhibition]\nopens = \"hidden.apical\"\n" + gate}},
            words);
}

const std::string by_cells = "during = \"update\"\nby = \"activity\"\n";

std::string with_cells(const std::string& more = "") {
    return hidden_lines + R"(
population.hidden = { size = 4, dendrites = ["apical"] }
population.sst = { size = 2, activation = "rectified", sign = "inhibitory" }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.cells = { opens = "hidden.apical", during = "update", by = "activity", form = "threshold", threshold = 0.5 }
synapses.A = { from = "input", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
synapses.tonic = { from = "one", to = "sst.soma", during = ["forward", "update"], init = { constant = 1.0 } }
synapses.shuts = { from = "sst", to = "hidden.apical.gate", during = ["forward", "update"], init = { constant = -0.5 } }
)" + more;
}

}  // namespace

TEST_CASE("numbers of a gate outside their range are told at their place", "[gates][model]") {
    is_told("during = \"update\"\nclosed = @1.5", {"closed", "1.5"});
    is_told("during = \"update\"\nfailure = @-0.1", {"failure"});
    is_told("during = \"update\"\nlatency_ms = @-1.0", {"latency_ms"});
    is_told("during = \"update\"\ntau_ms = @0.0", {"tau_ms"});
    is_told("during = \"update\"\n@latency = 1.0", {"latency", "latency_ms"});
}

TEST_CASE("a gate without phases is told", "[gates][model]") {
    rejects("dni_b", {{disinhibition, "[gate.@disinhibition]\nopens = \"hidden.apical\""}},
            {"during"});
}

TEST_CASE("a gate that cells make has no timing of its own", "[gates][model]") {
    is_told(
        by_cells + "form = \"threshold\"\nthreshold = 0.5\nlatency_ms = @1.0",
        {"gate \"disinhibition\" has latency_ms, but its cells make it (by = \"activity\"); give "
         "the axon a delay"});
    is_told(by_cells + "form = \"threshold\"\nthreshold = 0.5\nfailure = @0.1", {"failure"});
}

TEST_CASE("the form of a gate and its number are told when they do not fit", "[gates][model]") {
    is_told("during = \"update\"\nform = @\"graded\"", {"form", "by = \"activity\""});
    is_told("during = \"update\"\nscale = @1.0", {"scale", "by = \"activity\""});
    is_told(by_cells + "form = \"graded\"\nscale = 1.0\nthreshold = @0.5",
            {"threshold", "\"graded\"", "scale"});
    is_told(by_cells + "form = @\"linear\"", {"linear", "coupling"});
    is_told(by_cells + "form = @\"treshold\"", {"threshold, graded, divide, linear"});
}

TEST_CASE("a gate that cells make needs cells", "[gates][model]") {
    rejects("dni_b",
            {{disinhibition, "[gate.@disinhibition]\nopens = \"hidden.apical\"\n" + by_cells +
                                 "form = \"threshold\"\nthreshold = 0.5"}},
            {"nothing inhibits gate \"disinhibition\"", "hidden.apical.gate"});
}

TEST_CASE("synapses end on no gate that a timetable moves, and on none that is not there",
          "[gates][model]") {
    const auto ends_on = [](const std::string& target, const std::vector<std::string>& words) {
        rejects("dni_b",
                {{"[synapses.B_fb]", "[synapses.more]\nfrom = \"error\"\nto = @\"" + target +
                                         "\"\nduring = \"update\"\ninit = { constant = 0.0 }\n"
                                         "[synapses.B_fb]"}},
                words);
    };
    ends_on("hidden.apical.gate", {"timetable", "by = \"activity\" in [gate.disinhibition]"});
    ends_on("hidden.forecast.gate", {"nothing gates \"hidden.forecast\""});
    ends_on("hidden.apicl.gate", {"apical"});
}

TEST_CASE("the listing says what is late and what is made by cells", "[gates]") {
    const std::vector<std::string> lines =
        listed(small_model(with_cells(),
                           {"gate.perisomatic.latency_ms=2.0", "gate.perisomatic.jitter_ms=0.5"})
                   .program);
    const auto has = [&](const std::string& line) {
        INFO(line);
        CHECK(std::find(lines.begin(), lines.end(), line) != lines.end());
    };
    has("gate gate.perisomatic = late(1, 2 ms +- 0.5)");
    has("gate hidden.apical.gate = threshold(hidden.apical.gate.drive, 0.5)");
    has("transmit hidden.apical.gate.drive = shuts sst.r");
    has("fire hidden.apical.r = tanh(gate.perisomatic hidden.soma.v + hidden.apical.gate "
        "hidden.apical.v)");
}

TEST_CASE("a gate that cells make is drawn on the path to the soma and their inhibition onto it",
          "[gates][dot]") {
    const Model model = small_model(with_cells());
    const std::string dot = to_dot(model.circuit, "", inhibitory_at_start(model.circuit));
    CHECK_THAT(
        dot,
        Catch::Contains("\"sst.soma\" -> \"gate.cells\" [label=\"shuts") &&
            Catch::Contains("\"hidden.apical\" -> \"gate.cells\" [style=dotted, dir=none") &&
            Catch::Contains("\"gate.cells\" -> \"hidden.soma\" [style=dotted, label=\"drives") &&
            !Catch::Contains("-> \"gate.cells\" [arrowhead=tee") &&
            !Catch::Contains("\"gate.cells\" -> \"hidden.apical\""));
    const std::size_t edge = dot.find("\"sst.soma\" -> \"gate.cells\"");
    CHECK(dot.substr(edge, dot.find('\n', edge) - edge).find("arrowhead=tee") != std::string::npos);
}

TEST_CASE("a loop through a gate is told with its members", "[gates][model]") {
    const std::string loop =
        "synapses.E = { from = \"hidden\", to = \"sst.soma\", during = \"forward\", init = { "
        "constant "
        "= 1.0 } }\n";
    CHECK_THROWS_WITH(small_model(with_cells(loop)), Catch::Contains("instantaneous loop") &&
                                                         Catch::Contains("hidden.apical.gate") &&
                                                         Catch::Contains("sst.r"));
}

TEST_CASE("cells fire in the phases that during lists though nothing drives them", "[gates]") {
    const std::string lines = hidden_lines + R"(
population.hidden = { size = 4, alpha = 0.5 }
population.pv = { size = 2, activation = "linear", alpha = 0.5, during = ["forward", "update"] }
synapses.cue = { from = "one", to = "pv.soma", during = "forward", init = { constant = 1.0 } }
)";
    SteppedModel sim(small_model(lines));
    sim.step();
    CHECK(sim.vector("pv.r")[0] == 0.75);  // twice half of what is left
    SteppedModel held(small_model(lines, {"population.pv.during=\"forward\""}));
    held.step();
    CHECK(held.vector("pv.r")[0] == 0.5);
}

TEST_CASE("a set transmits in all the phases that during lists", "[gates]") {
    const Model model = small_model(with_cells());
    const std::vector<std::string> lines = listed(model.program, "synapses.shuts");
    CHECK(lines == std::vector<std::string>(2, "transmit hidden.apical.gate.drive = shuts sst.r"));
}
