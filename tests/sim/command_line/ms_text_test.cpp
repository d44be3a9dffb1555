// What `check` says of the lengths of phases.
#include "sim/command_line/describe.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A cell with these keys in a phase "forward" of so many iterations of 6 ms.
std::string checked(const std::string& repeat, const std::string& keys,
                    const std::string& lines = "") {
    std::string text = common_lines + "population.cell = { size = 1" + keys + " }\n" + R"toml(
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)toml" + lines;
    const std::string forward = "ms = 6.0";
    text.replace(text.find(forward), forward.size(), forward + repeat);
    return describe_model(model_of_text(text));
}

const std::string five_times = ", repeat = 5", traced_by_text = R"toml(
rule.traced = { state = { trace = "pre" }, parameters = { tau_ms = 20.0 }, equations = ["dtrace/dt = (pre.r - trace) / tau_ms", "w += 1e-3 * post.r * trace"] }
plasticity.learning = { rule = "traced", synapses = ["b"] }
)toml";

}  // namespace

TEST_CASE("check says what ms scales, or that it is a label", "[program][ms]") {
    CHECK_THAT(checked(five_times, ""),
               Catch::Contains("\n  nothing here depends on ms; 6, 4 are labels\n"));
    CHECK_THAT(checked(five_times, ", tau_ms = { soma = 40.0 }"),
               Catch::Contains("\n  ms scale cell.soma\n"));
    CHECK_THAT(checked("", ", alpha = { tau_ms = 20.0 }"),
               Catch::Contains("\n  ms scale the rates of cell\n") &&
                   Catch::Contains("alpha 0.393469 (tau 20 ms); soma"));
    CHECK_THAT(checked(five_times, "", traced_by_text),
               Catch::Contains("\n  ms scale the rule traced of learning\n"));
}

TEST_CASE("check says nothing of ms where nothing is iterated", "[program][ms]") {
    for (const std::string& text : {checked("", ""), checked("", ", tau_ms = { soma = 40.0 }")})
        CHECK_THAT(text, !Catch::Contains("ms scale") && !Catch::Contains("are labels"));
}

TEST_CASE("check counts noise, axons, spikes and their rates among what ms scales",
          "[program][ms]") {
    const auto scales = [](const std::string& lines, const std::string& what,
                           const std::string& keys = "") {
        INFO(lines << keys);
        CHECK_THAT(checked(five_times, keys, lines),
                   Catch::Contains("\n  ms scale " + what + "\n"));
    };
    scales("noise.hum = { into = \"cell.soma\", density = 0.1 }\n", "noise.hum");
    scales("noise.hum = { into = \"cell.soma\", kind = \"ou\", sd = 0.1, tau_ms = 5.0 }\n",
           "noise.hum");
    scales(
        "wire.loop = { from = \"cell\", to = \"cell.soma\", during = \"forward\", delay_ms = "
        "68.0 }\n",
        "wire.loop");
    CHECK_THAT(checked(five_times, "", "noise.hum = { into = \"cell.soma\", sd = 0.1 }\n"),
               Catch::Contains("\n  nothing here depends on ms; 6, 4 are labels\n"));
}
