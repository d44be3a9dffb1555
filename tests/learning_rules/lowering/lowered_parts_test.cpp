// What single parts of equations come to, where a slip would change a number and nothing else.
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

using Lines = std::vector<std::string>;

Lines lines_on_W_in(const std::string& equations, const std::vector<StateDeclaration>& state = {},
                    const std::string& activation = "tanh") {
    const Circuit circuit = small_model(hidden_lines + fmt::format(R"(
population.hidden = {{ size = 5, activation = "{}", alpha = 0.5 }}
)",
                                                                   activation))
                                .circuit;
    const TextRule rule = rule_of_text(equations, {"rate"}, state);
    return LoweredRule(circuit, rule, "synapses = [\"W_in\"]\nrate = 0.1").lines();
}

const std::vector<StateDeclaration> theta = {state_at(Place::post, "theta")};

}  // namespace

TEST_CASE("what is taken from a strength has the other sign in both of its parts", "[lowering]") {
    const Lines expected = {"cellwise learning.lost = 0.1 hidden.r",
                            "cellwise learning.keep = 1 - learning.lost",
                            "hebb W_in = learning.keep W_in + 0.1 hidden.r x input.r"};
    CHECK(lines_on_W_in("w -= rate * post.r * w - rate * post.r * pre.r") == expected);
    CHECK(lines_on_W_in("w += rate * post.r * pre.r - rate * post.r * w") == expected);
}

TEST_CASE("a difference has the numbers of both of its parts", "[lowering]") {
    CHECK(lines_on_W_in("theta = post.r - post.soma.v\nw += rate * theta * pre.r", theta)[0] ==
          "cellwise learning.theta = hidden.r - hidden.soma.v");
    CHECK(lines_on_W_in("theta = post.r - 2 * post.soma.v\nw += rate * theta * pre.r", theta)[0] ==
          "cellwise learning.theta = hidden.r + -2 hidden.soma.v");
    CHECK(lines_on_W_in("theta = 3 * post.r - post.soma.v\nw += rate * theta * pre.r", theta)[0] ==
          "cellwise learning.theta = 3 hidden.r + -1 hidden.soma.v");
}

TEST_CASE("a number that is made of itself is updated, another one is set", "[lowering]") {
    const auto access_of_theta = [](const std::string& equation) {
        const Circuit circuit =
            small_model(hidden_lines +
                        "population.hidden = { size = 5, activation = \"tanh\", "
                        "alpha = 0.5 }\n")
                .circuit;
        const TextRule rule =
            rule_of_text(equation + "\nw += rate * theta * pre.r", {"rate"}, theta);
        const LoweredRule lowered(circuit, rule, "synapses = [\"W_in\"]\nrate = 0.1");
        const Program& program = lowered.program();
        for (const Operation& op : program.operations)
            if (program[op.operands[0].slot].name == "learning.theta") return op.operands[0].access;
        FAIL("nothing makes it");
        return Access::read;
    };
    CHECK(access_of_theta("theta = 0.5 * theta") == Access::update);
    CHECK(access_of_theta("theta += 0.5 * post.r") == Access::update);
    CHECK(access_of_theta("theta = 0.5 * post.r") == Access::set);
}

TEST_CASE("two functions of one number are made apart", "[lowering]") {
    const Lines lines =
        lines_on_W_in("w += rate * tanh(post.r) * w * abs(w) - rate * exp(post.r) * w * pre.r^3");
    const auto has = [&](const std::string& part) {
        return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
            return line.find(part) != std::string::npos;
        });
    };
    CHECK(has("tanh(hidden.r)"));
    CHECK(has("exp(hidden.r)"));
}

TEST_CASE("slopes within formulas are those of their cells", "[lowering]") {
    const auto made = [](const std::string& activation) {
        return lines_on_W_in("theta = abs(slope(2 * post.r))\nw += rate * theta * pre.r", theta,
                             activation)[0];
    };
    CHECK(made("logistic") ==
          "cellwise learning.theta = abs(logistic(2 hidden.r) (1 - logistic(2 hidden.r)))");
    CHECK(made("tanh") == "cellwise learning.theta = abs(1 - tanh(2 hidden.r) tanh(2 hidden.r))");
    CHECK(made("rectified") == "cellwise learning.theta = abs(step(2 hidden.r))");
}

TEST_CASE("no name of a compartment stands for one that only the synapses have", "[equations]") {
    CHECK_THAT(said_of(rule_of_text("w += pre.here.v * post.r", {})),
               Catch::Contains("there is no \"pre.here.v\""));
    CHECK_THAT(said_of(rule_of_text("w += pre.r * post.here.r", {})),
               Catch::Contains("there is no \"post.here.r\""));
    CHECK(said_of(rule_of_text("w += pre.soma.v * post.here.v", {})) == "");
}
