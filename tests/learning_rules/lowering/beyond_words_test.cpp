// What no operation can do yet, and what a circuit lacks, told at its place.
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

TEST_CASE("a statement that comes to no operation says which part is in the way", "[lowering]") {
    const auto no_operation = [](const std::string& statement, const std::string& why) {
        return "rule.toml:2:1: rule \"mine\": no operation can do \"" + statement +
               "\" yet: " + why;
    };
    const auto check = [&](const std::string& statement, const std::string& why) {
        CHECK(said_when_lowered(statement) == no_operation(statement, why));
    };
    check("w = clip(w + rate * post.r * pre.r, 0, 1)", "no operation has the function \"clip\"");
    check("w += rate * tanh(post.soma.v) * pre.r", "no operation has the function \"tanh\"");
    check("w += rate * (0.2 - post.r) * pre.r",
          "\"0.2 - post.r\" adds a constant to what is in cells");
    check("w += rate / post.r * pre.r", "\"rate / post.r\" divides by what is no constant");
    check("w += rate * post.r", "\"post.r\" has no factor in the presynaptic cells");
    check("w += ((post.r^8)^8)^8 * pre.r * rate",
          "\"w\" is multiplied by itself or stands within a function in \"((post.r^8)^8)^8 * pre.r "
          "* rate\", or that has more than 8 terms or 64 factors, multiplied out");
    check("w -= rate * w", "\"w\" is only multiplied, and nothing added to it");
    check("w += rate * loss * post.r * pre.r", "\"loss\" is one number for all");
}

TEST_CASE("a constant among the terms of a change is told as a number", "[lowering]") {
    CHECK(said_when_lowered("w += rate * (post.r * pre.r + 0.5)")
              .ends_with("\"post.r * pre.r\" and \"0.05\" are added at each synapse"));
}

TEST_CASE("a number for all that is kept is none yet", "[lowering]") {
    CHECK(
        said_when_lowered("x += loss\nw += rate * x * post.r * pre.r", {state_at(Place::all, "x")})
            .find("rule.toml:2:1: rule \"mine\": no operation can do \"x += loss\" yet") == 0);
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
