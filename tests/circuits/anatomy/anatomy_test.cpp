// The order of compartments and populations within a phase, loops, and the drawing.
#include "circuits/anatomy/anatomy.hpp"

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Names of compartments and populations in the order of a phase: "hidden.soma", "hidden.r".
std::vector<std::string> order_of(const Circuit& circuit, std::size_t phase) {
    std::vector<std::string> names;
    for (const Station& station : order_of_phase(circuit, PhaseId(phase))) {
        const auto* c = std::get_if<CompartmentId>(&station);
        names.push_back(c ? circuit.full_name(*c)
                          : circuit[std::get<PopulationId>(station)].name + ".r");
    }
    return names;
}

bool stand_in_order(const std::vector<std::string>& all, const std::vector<std::string>& some) {
    auto from = all.begin();
    for (const std::string& name : some) {
        from = std::find(from, all.end(), name);
        if (from == all.end()) return false;
    }
    return true;
}

// Two populations, the second declared first.
const std::string chain = R"(
population.deep = { size = 3 }
population.hidden = { size = 4 }
synapses.W_out = { from = "deep", to = "output.soma", during = "forward", init = { normal = 1.0 } }
synapses.V = { from = "hidden", to = "deep.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
)";

std::string synapses(const std::string& name, const std::string& from, const std::string& to,
                     const std::string& more = "", const std::string& phase = "forward") {
    return fmt::format(
        "synapses.{} = {{ from = \"{}\", to = \"{}\", during = \"{}\", init = {{ normal = 1.0 }}{} "
        "}}\n",
        name, from, to, phase, more);
}

}  // namespace

TEST_CASE("cells fire after what drives them, however the file orders them", "[anatomy]") {
    const std::vector<std::string> order = order_of(small_model(chain).circuit, 0);
    REQUIRE(stand_in_order(
        order, {"hidden.soma", "hidden.r", "deep.soma", "deep.r", "output.soma", "output.r"}));
}

TEST_CASE("every compartment and population stands in the order of each phase once", "[anatomy]") {
    const Circuit circuit = small_model(chain).circuit;
    for (std::size_t phase = 0; phase < circuit.phases.size(); ++phase) {
        std::vector<std::string> order = order_of(circuit, phase);
        REQUIRE(order.size() == circuit.compartments.size() + circuit.populations.size());
        std::sort(order.begin(), order.end());
        REQUIRE(std::adjacent_find(order.begin(), order.end()) == order.end());
    }
}

TEST_CASE("in every model whatever acts at once stands before what it acts on", "[anatomy]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Circuit circuit = load_model(path, {}).circuit;
        for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
            const PhaseId phase(p);
            const std::vector<std::string> order = order_of(circuit, p);
            for (const SynapseUse& use : circuit.uses) {
                const PopulationId target = circuit[use.target].population;
                if (use.phase != phase) continue;
                const std::string compartment = circuit.full_name(use.target);
                if (use.delay == 0 && circuit.fires(use.source, phase)) {
                    REQUIRE(stand_in_order(order, {circuit[use.source].name + ".r", compartment}));
                }
                if (circuit.is_open(use.target, phase)) {
                    REQUIRE(stand_in_order(order, {compartment, circuit[target].name + ".r"}));
                }
            }
        }
    }
}

TEST_CASE("error cells stand behind the output in the phase in which they fire", "[anatomy]") {
    const Circuit circuit = small_model(chain + R"(
population.error = { role = "error", during = "forward" }
)")
                                .circuit;
    REQUIRE(
        stand_in_order(order_of(circuit, 0), {"output.soma", "output.r", "error.soma", "error.r"}));
}

TEST_CASE("recurrent synapses without delay are a loop that is named", "[anatomy]") {
    rejects_text(common_lines + chain + synapses("W_rec", "hidden", "hidden.soma"),
                 {"phase \"forward\" has an instantaneous loop", "hidden.soma -> hidden.r",
                  "-(W_rec)-> hidden.soma", "delay = 1"});
}

TEST_CASE("a loop through several populations names each synapse set in it", "[anatomy]") {
    rejects_text(common_lines + chain + synapses("U", "deep", "hidden.soma"),
                 {"instantaneous loop", "hidden.r -(V)-> deep.soma", "deep.soma -> deep.r",
                  "deep.r -(U)-> hidden.soma"});
}

TEST_CASE("a loop through the error cells is found", "[anatomy]") {
    rejects_text(common_lines + chain +
                     "population.error = { role = \"error\", during = \"forward\" }\n" +
                     synapses("B_fb", "error", "hidden.soma"),
                 {"instantaneous loop", "output.r -> error.soma", "error.r -(B_fb)-> hidden.soma"});
}

TEST_CASE("a loop in a later phase names that phase", "[anatomy]") {
    rejects_text(common_lines + chain + synapses("U", "hidden", "hidden.soma", "", "update"),
                 {"phase \"update\" has an instantaneous loop", "hidden.r -(U)-> hidden.soma"});
}

TEST_CASE("a delay of one step opens a loop", "[anatomy]") {
    const Circuit circuit =
        small_model(chain + synapses("U", "deep", "hidden.soma", ", delay = 1")).circuit;
    REQUIRE(stand_in_order(order_of(circuit, 0), {"hidden.r", "deep.r"}));
}

TEST_CASE("a rate that another phase has made closes no loop", "[anatomy]") {
    const Circuit circuit =
        small_model(chain + synapses("U", "deep", "hidden.soma", "", "update")).circuit;
    REQUIRE(stand_in_order(order_of(circuit, 1), {"hidden.soma", "hidden.r"}));
}

TEST_CASE("a dendrite that is shut off from the soma closes no loop", "[anatomy]") {
    const std::string recurrent = R"(
population.hidden = { size = 4, dendrites = ["apical"] }
gate.g = { opens = "hidden.apical", during = "update" }
)" + hidden_lines + synapses("A", "hidden", "hidden.apical");
    REQUIRE(stand_in_order(order_of(small_model(recurrent).circuit, 0),
                           {"hidden.soma", "hidden.r", "hidden.apical"}));
    rejects_text(common_lines + recurrent, {"-(A)-> hidden.apical", "hidden.apical -> hidden.r"},
                 [](const std::string& path) {
                     load_model(path, {"gate.g.during=[\"forward\", \"update\"]"});
                 });
}

TEST_CASE("the drawing has every population, compartment, synapse set and gate", "[anatomy]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Circuit circuit = load_model(path, {}).circuit;
        const std::string dot = to_dot(circuit, "a title");
        const auto has = [&](const std::string& part) {
            INFO(part);
            REQUIRE(dot.find(part) != std::string::npos);
        };
        has("label=\"a title\"");
        for (const Population& population : circuit.populations) has(population.name);
        for (std::size_t c = 0; c < circuit.compartments.size(); ++c) {
            has('"' + circuit.full_name(CompartmentId(c)) + '"');
        }
        for (const SynapseUse& use : circuit.uses) has("label=\"" + circuit[use.set].name);
        for (const Gate& gate : circuit.gates) has("gate." + gate.name);
        REQUIRE(std::count(dot.begin(), dot.end(), '{') == std::count(dot.begin(), dot.end(), '}'));
        REQUIRE(std::count(dot.begin(), dot.end(), '"') % 2 == 0);
    }
}

TEST_CASE("quotes and backslashes in a title do not end the drawing's text", "[anatomy]") {
    const std::string dot = to_dot(small_model(chain).circuit, "DNI\"(b)\\");
    REQUIRE(dot.find("label=\"DNI'(b)/\"") != std::string::npos);
}

TEST_CASE("synapses that start at or below 0 end in a bar, and so does the label's inhibition",
          "[anatomy]") {
    const std::string sets = R"(
population.hidden = { size = 4, dendrites = ["apical"] }
gate.g = { opens = "hidden.apical", during = "update" }
)" + hidden_lines;
    const auto line_of = [&](const std::string& init) {
        const std::string set = fmt::format(
            "synapses.A = {{ from = \"hidden\", to = \"hidden.apical\", during = \"update\", "
            "delay = 1, init = {} }}\n",
            init);
        const Circuit circuit = small_model(sets + set).circuit;
        const std::string dot = to_dot(circuit, "", inhibitory_at_start(circuit));
        const std::size_t at = dot.find("label=\"A");
        return dot.substr(at, dot.find('\n', at) - at);
    };
    const std::string bar = "arrowhead=tee, class=inhibitory";
    for (const char* init :
         {"{ constant = -0.5 }", "{ uniform = [-2.0, 0.0] }", "{ identity = -1.0 }",
          "{ half_normal = -0.2 }", "{ lognormal = [-0.1, 0.5] }"})
        CHECK(line_of(init).find(bar) != std::string::npos);
    for (const char* init : {"{ constant = 0.5 }", "{ constant = 0.0 }",
                             "{ uniform = [-1.0, 0.5] }", "{ normal = 1.0 }", "{ identity = 1.0 }",
                             "{ half_normal = 0.2 }", "{ lognormal = [0.1, 0.5] }"})
        CHECK(line_of(init).find(bar) == std::string::npos);
    const std::string shipped = to_dot(load_model(path_of_shipped("rflo"), {}).circuit, "");
    const std::size_t label = shipped.find("-one to one");
    REQUIRE(label != std::string::npos);
    CHECK(shipped.substr(label, shipped.find("];", label) - label).find(bar) != std::string::npos);
}

TEST_CASE("synapses whose bounds leave no strength above 0 end in a bar", "[anatomy][dale]") {
    const auto inhibitory = [](const std::string& population, const std::string& set) {
        const Circuit circuit =
            small_model("population.hidden = { size = 4" + population +
                        " }\nsynapses.W_in = { from = \"input\", to = \"hidden.soma\", during = "
                        "\"forward\", init = { normal = 1.0 } }\nsynapses.W_out = { from = "
                        "\"hidden\", to = \"output.soma\", during = \"forward\", init = { "
                        "constant = 0.0 }" +
                        set + " }\n")
                .circuit;
        return inhibitory_at_start(circuit) ==
               std::vector<SynapseSetId>{circuit.find_synapses("W_out")};
    };
    CHECK(inhibitory(", sign = \"inhibitory\"", ""));
    CHECK(inhibitory("", ", bounds = [-1.0, 0.0]"));
    CHECK_FALSE(inhibitory(", sign = \"excitatory\"", ""));
    CHECK_FALSE(inhibitory("", ", bounds = [-1.0, 0.1]"));
}

TEST_CASE("synapses that transmit in several phases are one edge with the names of all",
          "[anatomy]") {
    const Circuit circuit = small_model(hidden_lines + R"(
population.hidden = { size = 4, dendrites = ["apical"] }
gate.g = { opens = "hidden.apical", during = "update" }
synapses.A = { from = "hidden", to = "hidden.apical", during = ["forward", "update"], delay = { update = 1 }, init = { normal = 1.0 } }
synapses.C = { from = "input", to = "hidden.apical", during = ["forward", "update"], init = { normal = 1.0 } }
)")
                                .circuit;
    const std::string dot = to_dot(circuit, "");
    const auto count = [&](const std::string& part) {
        std::size_t found = 0;
        for (std::size_t at = dot.find(part); at != std::string::npos; at = dot.find(part, at + 1))
            ++found;
        return found;
    };
    CHECK(count("label=\"C\\n") == 1);
    CHECK(count("label=\"C\\nforward, update\"") == 1);
    // What is carried differs.
    CHECK(count("label=\"A\\nforward\"") == 1);
    CHECK(count("label=\"A\\nupdate, delay 1\"") == 1);
}

TEST_CASE("the drawing says how a gate leaks, is late and fails", "[anatomy][gates]") {
    const auto drawn = [](const std::vector<std::string>& keys) {
        return to_dot(load_model(path_of_shipped("dni_b"), keys).circuit, "");
    };
    CHECK_THAT(drawn({}), Catch::Contains("label=\"opens during update\"];"));
    CHECK_THAT(
        drawn({"gate.disinhibition.closed=0.1", "gate.disinhibition.latency_ms=1.0",
               "gate.disinhibition.jitter_ms=0.3", "gate.disinhibition.failure=0.02"}),
        Catch::Contains("label=\"opens during update\\n0.1 of it is left when shut\\n1 +- 0.3 "
                        "ms late\\nfails with 0.02\"];") &&
            Catch::Contains("label=\"opens during forward\"];"));
    CHECK_THAT(drawn({"gate.disinhibition.tau_ms=5.0"}),
               Catch::Contains("\\ntime constant 5 ms\""));
}
