// What a new user writes first and is told at once: what to write in its place.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string cells = R"(
population.hidden = { size = 4, activation = "tanh", alpha = 0.5 }
)";

std::string said_of_model(const std::string& lines) {
    const auto error = error_of([&] { small_model(cells + lines); });
    return error ? error->what() : "it was loaded";
}

}  // namespace

TEST_CASE("synapses onto a population are told its soma", "[model][mistakes]") {
    CHECK_THAT(said_of_model(R"(
synapses.W_in = { from = "input", to = "hidden", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)"),
               Catch::Contains("synapses \"W_in\" go to \"hidden\"; population \"hidden\" has "
                               "compartments soma. Did you mean \"hidden.soma\"?"));
}

TEST_CASE("a rule that reads a rate which it does not declare is told how", "[model][mistakes]") {
    const auto said = [](const std::string& equation) {
        return said_of_model(hidden_lines +
                             "plasticity.learning = { rule = \"mine\", synapses = "
                             "[\"W_in\"] }\nrule.mine = { equations = \"" +
                             equation + "\" }\n");
    };
    CHECK_THAT(said("w += rate * post.r * pre.r"),
               Catch::Contains("there is no \"rate\"") &&
                   Catch::EndsWith(
                       " Expected parameters = { rate = {} }, which [plasticity.*] then gives."));
    CHECK_THAT(said("w += post.r * pre.r * step_ms / tau_ms"),
               Catch::EndsWith(
                   " Expected parameters = { tau_ms = {} }, which [plasticity.*] then gives."));
    CHECK_THAT(said("w += post.r * pre.r * other"), !Catch::Contains("Expected parameters"));
}

TEST_CASE("a rule is told that noise is no signal", "[model][mistakes]") {
    CHECK_THAT(
        said_of_model(hidden_lines + R"(
noise.jitter = { into = "hidden.soma", sd = 0.1 }
plasticity.learning = { rule = "mine", synapses = ["W_in"], rate = 0.1, noise = "noise.jitter" }
rule.mine = { parameters = { rate = {} }, signals = { noise = {} }, equations = "w += rate * noise * pre.r" }
)"),
        Catch::Contains("\"noise.jitter\" is what cells are disturbed by, which nothing else "
                        "can know; expected what it makes of them, as post.soma.v without "
                        "its mean"));
}
