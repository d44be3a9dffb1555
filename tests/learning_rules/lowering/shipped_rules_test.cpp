// The operations of the local rules that come with Apical (learning_rules/NAME.toml).
#include "learning_rules/book/rule_book.hpp"
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

using Lines = std::vector<std::string>;

const TextRule& shipped(const std::string& name) {
    const LearningRule* rule = RuleBook().find(name);
    REQUIRE(rule);
    REQUIRE(rule->text);
    return *rule->text;
}

Circuit circuit_of(const std::string& name) { return load_model(path_of_shipped(name)).circuit; }

const std::string all_of_W = "synapses = [\"W_rec\", \"W_in\", \"b\"]\nrate = 1e-3\n";

}  // namespace

TEST_CASE("eligibility as text is a trace for each set, then the strengths", "[lowering]") {
    const Circuit circuit = circuit_of("rflo");
    const LoweredRule rule(circuit, shipped("eligibility"),
                           all_of_W + "credit = \"hidden.feedback\"");
    CHECK(rule.lines() ==
          Lines{"cellwise slope(hidden.soma.v) = tanh'(hidden.soma.v)",
                "hebb eligibility(W_rec) = 0.5 eligibility(W_rec) + 0.5 slope(hidden.soma.v) x "
                "previous(hidden.r)",
                "hebb eligibility(W_in) = 0.5 eligibility(W_in) + 0.5 slope(hidden.soma.v) x "
                "input.r",
                "hebb eligibility(b) = 0.5 eligibility(b) + 0.5 slope(hidden.soma.v) x one.r",
                "consolidate W_rec += -0.001 hidden.feedback.v . eligibility(W_rec)",
                "consolidate W_in += -0.001 hidden.feedback.v . eligibility(W_in)",
                "consolidate b += -0.001 hidden.feedback.v . eligibility(b)"});
    CHECK(rule.slots() == Lines{"slope(hidden.soma.v)", "eligibility(W_rec)", "eligibility(W_in)",
                                "eligibility(b)"});
    CHECK(rule.parts.rate->value == 1e-3);
    CHECK(rule.parts.rate->where.line == 2);
    CHECK(rule.parts.credit == rule.program().find("hidden.feedback.v"));
    CHECK(rule.parts.slots.empty());
    const SlotId tag = rule.program().find("eligibility(b)");
    for (const Quantity& one : rule.program().quantities)
        if (one.slots.front() == tag) CHECK(one.symbol == "B");
}

TEST_CASE("dendritic as text makes its teaching signal once", "[lowering]") {
    const Circuit circuit = circuit_of("dni_b");
    const LoweredRule rule(circuit, shipped("dendritic"), all_of_W + "credit = \"hidden.apical\"");
    CHECK(rule.lines() == Lines{"cellwise slope(hidden.soma.v) = tanh'(hidden.soma.v)",
                                "cellwise learning.teaching = hidden.apical.v slope(hidden.soma.v)",
                                "hebb W_rec += -0.0005 learning.teaching x previous(hidden.r)",
                                "hebb W_in += -0.0005 learning.teaching x input.r",
                                "hebb b += -0.0005 learning.teaching x one.r"});
    CHECK(rule.slots() == Lines{"slope(hidden.soma.v)", "learning.teaching"});
    CHECK(rule.program().operations.back().gain == -1e-3 * 0.5);
    CHECK(rule.parts.credit == rule.program().find("hidden.apical.v"));
}

TEST_CASE("bootstrap as text sums its targets before it reads the prediction", "[lowering]") {
    const Circuit circuit = circuit_of("dni_b");
    const LoweredRule rule(circuit, shipped("bootstrap"),
                           "synapses = [\"A_r\", \"A_y\", \"A_1\"]\nrate = 1e-2\n"
                           "prediction = \"previous(hidden.apical)\"\n"
                           "target = [\"previous(hidden.feedback)\", \"hidden.bootstrap\"]");
    CHECK(rule.lines() ==
          Lines{"remember previous(hidden.feedback.v) = hidden.feedback.v",
                "cellwise learning.target = previous(hidden.feedback.v) + hidden.bootstrap.v",
                "remember previous(hidden.apical.v) = hidden.apical.v",
                "cellwise learning.error = previous(hidden.apical.v) - learning.target",
                "hebb A_r += -0.01 learning.error x previous(hidden.r)",
                "remember previous(label.r) = label.r",
                "hebb A_y += -0.01 learning.error x previous(label.r)",
                "hebb A_1 += -0.01 learning.error x one.r"});
    CHECK_FALSE(rule.parts.credit);
    const RulePart *target = rule.parts.find("target"), *prediction = rule.parts.find("prediction");
    REQUIRE(target);
    REQUIRE(prediction);
    CHECK(target->slots == std::vector<SlotId>{rule.program().find("previous(hidden.feedback.v)"),
                                               rule.program().find("hidden.bootstrap.v")});
    CHECK(prediction->slots ==
          std::vector<SlotId>{rule.program().find("previous(hidden.apical.v)")});
    CHECK(prediction->where.line == 3);
}

TEST_CASE("sums of three signals count those before the last", "[lowering]") {
    const Circuit circuit = circuit_of("dni_b");
    const LoweredRule rule(circuit, shipped("bootstrap"),
                           "synapses = [\"A_r\"]\nrate = 1e-2\nprediction = \"hidden.apical\"\n"
                           "target = [\"hidden.feedback\", \"hidden.bootstrap\", "
                           "\"hidden.forecast\"]");
    CHECK(rule.slots() == Lines{"learning.target1", "learning.target", "learning.error"});
    CHECK(rule.lines()[1] == "cellwise learning.target = learning.target1 + hidden.forecast.v");
}

TEST_CASE("a list of no signals is rejected", "[lowering]") {
    const Circuit circuit = circuit_of("dni_b");
    CHECK(what_is_said([&] {
              LoweredRule(circuit, shipped("bootstrap"),
                          "synapses = [\"A_r\"]\nrate = 1e-2\nprediction = \"hidden.apical\"\n"
                          "target = []");
          }) == "model.toml:4:10: rule \"bootstrap\" needs a target");
}

TEST_CASE("predict_rate as text reads the compartment that its sets end on", "[lowering]") {
    const Circuit circuit = circuit_of("dni_b");
    const LoweredRule rule(circuit, shipped("predict_rate"), "synapses = [\"J\"]\nrate = 1e-3");
    CHECK(rule.lines() == Lines{"cellwise learning.error = hidden.r - hidden.forecast.v",
                                "hebb J += 0.001 learning.error x previous(hidden.r)"});
    const RulePart* predicted = rule.parts.find("predicted");
    REQUIRE(predicted);
    CHECK(predicted->slots == std::vector<SlotId>{rule.program().find("hidden.r")});
    CHECK(what_is_said([&] {
              LoweredRule(circuit, shipped("predict_rate"), "synapses = [\"W_in\"]\nrate = 1e-3");
          })
              .find("rule \"predict_rate\" needs a compartment that its sets alone drive, as their "
                    "prediction; \"") != std::string::npos);
}

TEST_CASE("delta as text is taught by the error cells, and ends on the output", "[lowering]") {
    const Circuit circuit = circuit_of("dni_b");
    const LoweredRule rule(circuit, shipped("delta"),
                           "synapses = [\"W_out\", \"b_out\"]\nrate = 1e-3");
    CHECK(rule.lines() ==
          Lines{"hebb W_out += -0.001 error.r x hidden.r", "hebb b_out += -0.001 error.r x one.r"});
    CHECK(rule.parts.credit == rule.program().find("error.r"));
    CHECK_FALSE(rule.parts.find("predicted"));
    CHECK(what_is_said([&] {
              LoweredRule(circuit, shipped("delta"), "synapses = [\"W_in\"]\nrate = 1e-3");
          }) ==
          "model.toml:1:12: rule \"delta\" needs synapse sets that end on the output, and a "
          "population with role \"error\"; \"W_in\" ends on \"hidden\"");
}

TEST_CASE("a signal of other cells than those that the synapses end on is rejected", "[lowering]") {
    const Circuit circuit = circuit_of("rflo");
    CHECK(what_is_said([&] {
              LoweredRule(circuit, shipped("eligibility"), all_of_W + "credit = \"output.r\"");
          })
              .find("model.toml:3:10: rule \"eligibility\" needs a signal of the cells that its "
                    "synapses end on") == 0);
}
