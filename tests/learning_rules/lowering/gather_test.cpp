// Sums over each cell's own synapses in the text of rules, and the operations that they come to.

#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

using GatherLines = std::vector<std::string>;

const std::string cells_that_gather = hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
)";

GatherLines lines_gathered(const TextRule& rule, const std::string& sets = "\"W_in\"") {
    const Circuit circuit = small_model(cells_that_gather).circuit;
    return LoweredRule(circuit, rule, "rate = 0.1\nsynapses = [" + sets + "]\n").lines();
}

GatherLines lines_gathered(const std::string& equations, const std::string& sets = "\"W_in\"") {
    return lines_gathered(rule_of_text(equations, {"rate"}), sets);
}

}  // namespace

TEST_CASE("strengths and tags are gathered as they are", "[lowering][gather]") {
    CHECK(lines_gathered("total = gather(w)\nw += rate * (0.5 - total) * w") ==
          GatherLines{"gather learning.total = gather(W_in)",
                      "cellwise learning.lost = -0.1 (0.5 - learning.total)",
                      "cellwise learning.keep = 1 - learning.lost",
                      "synaptic W_in = learning.keep W_in"});
    CHECK(lines_gathered(rule_of_text("e = 0.5 * e + post.r * pre.r\nw += rate * gather(e) * e",
                                      {"rate"}, {state_at(Place::synapse, "e")})) ==
          GatherLines{"hebb e(W_in) = 0.5 e(W_in) + 1 hidden.r x input.r",
                      "gather learning.post = gather(e(W_in))",
                      "consolidate W_in += 0.1 learning.post . e(W_in)"});
}

TEST_CASE("of a set that lacks synapses those that exist are gathered", "[lowering][gather]") {
    const Circuit circuit = small_model(hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 }, connect = { in_degree = 2 } }
)")
                                .circuit;
    const auto gathering = [&](const std::string& of) {
        const TextRule rule = rule_of_text(
            "e = 0.5 * e + post.r * pre.r\ntotal = gather(" + of + ")\nw += rate * total * e",
            {"rate"}, {state_at(Place::synapse, "e")});
        const GatherLines all =
            LoweredRule(circuit, rule, "rate = 0.1\nsynapses = [\"W_rec\"]\n").lines();
        return GatherLines(all.begin() + 1, all.end() - 1);  // between the tag and the change
    };
    const std::string gathers = "gather learning.total = gather(learning_total1(W_rec))";
    CHECK(gathering("w") == GatherLines{"gather learning.total = gather(W_rec)"});
    CHECK(gathering("e") ==
          GatherLines{"synaptic learning_total1(W_rec) = select(connected(W_rec), e(W_rec), 0)",
                      gathers});
    CHECK(gathering("1") ==
          GatherLines{"synaptic learning_total1(W_rec) = select(connected(W_rec), 1, 0)", gathers});
}

TEST_CASE("any other expression is gathered from a tag that it is written to",
          "[lowering][gather]") {
    CHECK(lines_gathered("norm = gather(w^2)\nw += rate * clip(1 - norm, 0, 1) * post.r * pre.r") ==
          GatherLines{"synaptic learning_norm1(W_in) = W_in^2",
                      "gather learning.norm = gather(learning_norm1(W_in))",
                      "cellwise learning.post = clip(1 - learning.norm, 0, 1) hidden.r",
                      "hebb W_in += 0.1 learning.post x input.r"});
    CHECK(lines_gathered("w += rate * post.r * (pre.r - gather(pre.r) / gather(1))") ==
          GatherLines{"cellwise learning.w1 = 0.1 hidden.r", "synaptic learning_w2(W_in) = input.r",
                      "gather learning.w3 = gather(learning_w2(W_in))",
                      "synaptic learning_w4(W_in) = 1",
                      "gather learning.w5 = gather(learning_w4(W_in))",
                      "cellwise learning.w6 = learning.w3 / learning.w5",
                      "synaptic W_in = W_in + learning.w1 (input.r - learning.w6)"});
}

TEST_CASE("a sum that a statement reads twice is made once, and one of each set for it",
          "[lowering][gather]") {
    CHECK(lines_gathered("w += rate * (gather(w) + gather(w)^2) * w").front() ==
          "gather learning.w1 = gather(W_in)");
    const GatherLines lines = lines_gathered("w -= rate * gather(w) * w", "\"W_in\", \"W_rec\"");
    const auto gathers = [&](const std::string& set) {
        return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
            return line.starts_with("gather ") && line.ends_with("gather(" + set + ")");
        });
    };
    CHECK(gathers("W_in") == 1);
    CHECK(gathers("W_rec") == 1);
}

TEST_CASE("a sum that is named is over the synapses of one set", "[lowering][gather]") {
    const std::string said = what_is_said(
        [] { lines_gathered("total = gather(w)\nw -= rate * total * w", "\"W_in\", \"W_rec\""); });
    CHECK(said ==
          "rule.toml:2:1: rule \"mine\": \"gather(w)\" is over the synapses of one set, and the "
          "rule is bound to 2; expected it within the statement that changes w, or [plasticity.*] "
          "tables of one set each");
}

TEST_CASE("what is gathered has one argument and keeps its unit", "[lowering][gather]") {
    const auto said = [](const std::string& equations) {
        return said_of(rule_of_text(equations, {"rate", "tau_ms"}));
    };
    CHECK(said("w += rate * gather(w, w) / step_ms * tau_ms") ==
          "rule.toml:2:13: rule \"mine\": \"gather\" takes 1 argument; found 2");
    CHECK(said("w += rate * gather(w * tau_ms) / step_ms").empty());
    CHECK_THAT(said("w += rate * gather(w) * tau_ms"), Catch::Contains("is a time"));
    CHECK_THAT(said("dw/dt = (gather(w) - w) / tau_ms + rate * pre.r / tau_ms"),
               Catch::Contains("has w within \"gather(w)\""));
    CHECK_THAT(said("w += rate * gater(w) / tau_ms * step_ms"),
               Catch::Contains("Did you mean \"gather\"?"));
}

TEST_CASE("equations inside cells have no synapses to gather over", "[dynamics][gather]") {
    const std::string said = what_is_said([] {
        small_model(cells_that_gather +
                    "dynamics.mine = { cells = \"hidden\", during = \"forward\", state = { a = "
                    "\"cell\" }, equations = \"a = gather(r)\" }\n");
    });
    CHECK_THAT(said, Catch::Contains("\"gather\" is over the synapses of a rule's set"));
}
