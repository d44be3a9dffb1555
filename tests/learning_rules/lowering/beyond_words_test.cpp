// What no operation can do, and what a circuit lacks, told at its place.
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

const std::string cells_without_dendrites = hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
)";

std::string said_when_lowered(const std::string& equations,
                              std::vector<StateDeclaration> state = {},
                              const std::string& sets = "\"W_in\"") {
    const Circuit circuit = small_model(cells_without_dendrites).circuit;
    const TextRule rule = rule_of_text(equations, {"rate"}, std::move(state));
    return what_is_said(
        [&] { LoweredRule(circuit, rule, "rate = 0.1\nsynapses = [" + sets + "]"); });
}

}  // namespace

TEST_CASE("a power that the binding gives is one that a formula has", "[lowering]") {
    CHECK(said_when_lowered("w += post.r^rate * pre.r") ==
          "rule.toml:2:12: rule \"mine\": found the power 0.1; expected a whole number from -8 to "
          "8, or 0.5");
}

TEST_CASE("the loss is read behind the phase that makes it", "[lowering]") {
    const Circuit circuit = small_model(cells_without_dendrites).circuit;
    const auto said_in = [&](const std::string& equations, PhaseId phase) {
        const TextRule rule = rule_of_text(equations, {"rate"});
        return what_is_said(
            [&] { LoweredRule(circuit, rule, "rate = 0.1\nsynapses = [\"W_in\"]", phase); });
    };
    const std::string rewarded = "w += rate * loss * post.r * pre.r";
    CHECK(said_in(rewarded, PhaseId(0)) ==
          "rule.toml:2:13: rule \"mine\": \"loss\" is made at the end of phase \"forward\", and "
          "the rule takes place in \"forward\"; expected during = \"update\" or later");
    CHECK(said_in(rewarded, PhaseId(1)) == "");
    CHECK(said_in("w += rate * previous(loss) * post.r * pre.r", PhaseId(0)) == "");
}

TEST_CASE("a sum over cells is one of products", "[lowering]") {
    CHECK(
        said_when_lowered("w += rate * sum(post.r) * post.r * pre.r") ==
        "rule.toml:2:1: rule \"mine\": no operation can do \"w += rate * sum(post.r) * post.r * "
        "pre.r\": \"sum(post.r)\" is no sum of products of two numbers in each cell; expected one, "
        "as in sum(post.r * post.r), or a cell that all of them drive, which fires their sum");
}

TEST_CASE("a compartment that the cells have not is told with the nearest", "[lowering]") {
    CHECK(said_when_lowered("w += rate * post.some.v * pre.r") ==
          "rule.toml:2:13: rule \"mine\": there is no \"post.some.v\"; population \"hidden\" has "
          "compartments soma. Did you mean \"post.soma.v\"?");
    CHECK(said_when_lowered("w += rate * post.r * pre.soma.v") ==
          "rule.toml:2:22: rule \"mine\": \"pre.soma.v\" is a voltage, but the rates of \"input\" "
          "are given and its cells have none");
}

TEST_CASE("a constant that is no finite number is told where it stands", "[lowering]") {
    CHECK(said_when_lowered("w += rate / 0 * post.r * pre.r") ==
          "rule.toml:2:11: rule \"mine\": \"rate / 0\" is no finite number");
}

TEST_CASE("a constant 0 that cells or synapses are divided by is told where it stands",
          "[lowering]") {
    CHECK(said_when_lowered("x = post.r / (rate - 0.1)\nw += x * pre.r") ==
          "rule.toml:2:12: rule \"mine\": \"post.r / (rate - 0.1)\" divides by \"rate - 0.1\", "
          "which is 0");
    CHECK(said_when_lowered("w += post.r * pre.r / (rate - 0.1)") ==
          "rule.toml:2:21: rule \"mine\": \"post.r * pre.r / (rate - 0.1)\" divides by \"rate - "
          "0.1\", which is 0");
}

TEST_CASE("bounds in the wrong order are told where they stand", "[lowering]") {
    CHECK(said_when_lowered("w = clip(w + post.r * pre.r, 1, rate)") ==
          "rule.toml:2:5: rule \"mine\": \"clip(w + post.r * pre.r, 1, rate)\" has the bounds 1 "
          "and 0.1, between which there is no number; expected the smaller one first, as in "
          "clip(x, low, high)");
    CHECK(said_when_lowered("x = clip(post.r, 0, -1)\nw += rate * x * pre.r") ==
          "rule.toml:2:5: rule \"mine\": \"clip(post.r, 0, -1)\" has the bounds 0 and -1, between "
          "which there is no number; expected the smaller one first, as in clip(x, low, high)");
    CHECK(said_when_lowered("w += clip(3, 2, rate) * post.r * pre.r").find("has the bounds 2") !=
          std::string::npos);
    CHECK(said_when_lowered("w = clip(w + post.r * pre.r, rate, rate)") == "");
}

TEST_CASE("constants that come to no finite number once multiplied out are no rule's",
          "[lowering]") {
    CHECK(said_when_lowered("w += 1e200 * post.r * (1e200 * pre.r) * rate") ==
          "rule.toml:2:1: rule \"mine\": the constants of \"w += 1e200 * post.r * (1e200 * pre.r) "
          "* rate\" come to no finite number");
    CHECK(said_when_lowered("x = 1e200 * post.r * (1e200 * post.r)\nw += rate * x * pre.r") ==
          "rule.toml:2:1: rule \"mine\": the constants of \"x = 1e200 * post.r * (1e200 * "
          "post.r)\" come to no finite number");
}

TEST_CASE("what is made once for all sets must be the same for each", "[lowering]") {
    CHECK(said_when_lowered("x = pre.alpha * post.r\nw += rate * x * pre.r", {},
                            "\"W_in\", \"W_rec\"") ==
          "model.toml:2:12: rule \"mine\": \"x = pre.alpha * post.r\" is made once for all sets, "
          "but is another for \"W_rec\" than for \"W_in\"; expected sets that end on one "
          "compartment, of cells with one alpha");
}

TEST_CASE("sets that end on several populations are rejected", "[lowering]") {
    CHECK(said_when_lowered("w += rate * post.r * pre.r", {}, "\"W_in\", \"W_out\"")
              .find("rule \"mine\" needs synapse sets that end on the same cells") !=
          std::string::npos);
}
