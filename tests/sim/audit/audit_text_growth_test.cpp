// Numbers of rules as equations that multiply themselves, and those that stay within bounds.
#include <cmath>

#include "sim/audit/bounds.hpp"
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

// A number of each cell that begins as 0.3 and changes so, and teaches.
MadeUpRule grown(const std::string& equation) {
    return {.equations = equation + "\nw += 0.001 * t * pre.r",
            .state = R"(t = { at = "post", init = { constant = 0.3 } })"};
}

Interval bounds_of_state(const std::string& equation, const std::string& begin) {
    const Model model = model_of_text(
        model_text({.equations = equation + "\nw += 0.001 * t * pre.r",
                    .state = R"(t = { at = "post", init = )" + begin + R"( }, c = "all")"}));
    const SlotId t = model.program.first([](const Slot& one) { return one.quantity == "t"; });
    return Bounds(model.program, model.circuit).of(t);
}

}  // namespace

TEST_CASE("a number that a factor of either sign makes larger is found", "[audit][text][cheat]") {
    is_found(grown("t = -2 * t"));
    is_found(grown("t = 2 * t"));
    is_fair(grown("t = -0.5 * t"));
    is_fair(grown("t = 0.5 * t"));
}

TEST_CASE("a number that is its own square is found", "[audit][text][cheat]") {
    is_found(grown("t = 5 * t^2"));
    is_found(grown("t = 3.9 * t * (1 - t)"));
    is_found(grown("t = 1 - 3 * t^2"));
    is_fair(grown("t = clip(1 - 3 * t^2, -1, 1)"));
}

// 1 - 1.99 u^2 is from -0.99 to 1 where u is from -1 to 1.
TEST_CASE("a number that a step leaves within its start has bounds", "[audit][text]") {
    const std::string turn = "c = select(c - 3.5, 0, c + 1)\n";
    const Interval chaos =
        bounds_of_state(turn + "t = 1 - 1.99 * t^2", "{ uniform = [-1.0, 1.0] }");
    CHECK(chaos.low == -1.0);
    CHECK(chaos.high == 1.0);
    const Interval held =
        bounds_of_state(turn + "t = select(c - 0.5, t, post.r)", "{ constant = 2.0 }");
    CHECK(held.low == -1.0);  // tanh cells
    CHECK(held.high == 2.0);
    const Interval largest = bounds_of_state(turn + "t = max(t, post.r)", "{ constant = -3.0 }");
    CHECK(largest.low == -3.0);
    CHECK(largest.high == 1.0);
    is_fair({.equations = "t = 1 - 1.99 * t^2\nw += 0.001 * t * pre.r",
             .state = R"(t = { at = "post", init = { uniform = [-1.0, 1.0] } })"});
}

TEST_CASE("a number that leaves its start has no bounds", "[audit][text]") {
    const std::string turn = "c = select(c - 3.5, 0, c + 1)\n";
    CHECK(
        std::isinf(bounds_of_state(turn + "t = 1 - 2.01 * t^2", "{ uniform = [-1.0, 1.0] }").low));
    CHECK(std::isinf(bounds_of_state(turn + "t += 1", "{ constant = 0.0 }").high));
    CHECK(std::isinf(
        bounds_of_state(turn + "t = select(c - 0.5, t, post.soma.v)", "{ constant = 0.0 }").high));
}

TEST_CASE("a term of no size is none", "[audit][text]") {
    is_fair({.equations = "w += 0.01 * (post.r * pre.r + 0 * w^2 - 0 * post.soma.v * w)"});
    is_found({.equations = "w += 0.01 * (post.r * pre.r + 1e-9 * w^2)"});
}

TEST_CASE("bounds that each cell keeps are bounds", "[audit][text]") {
    const std::string bounds = R"(low = { at = "post", init = { constant = -9.0 } }, )"
                               R"(high = { at = "post", init = { constant = 9.0 } })";
    is_fair({.equations = "w = clip(w + 0.01 * post.r * pre.r, low, high)", .state = bounds});
    is_found({.equations = "high = 0.9 * high\nw = clip(w + 0.01 * post.r * pre.r, low, high)",
              .state = bounds});
}

// A_rec carries last step's rates, from -1 to 1: 1 - 0.01 (1 + x_j) is from 0.98 to 1.
TEST_CASE("what is made of a rate of last step is as bounded as the rate", "[audit][text]") {
    const Model model =
        model_of_text(honest_lines +
                      "synapses.A_rec = { from = \"hidden\", to = \"hidden.apical\", during = "
                      "\"forward\", delay = "
                      "1, init = { normal = 0.1 } }\n"
                      "rule.made_up.equations = 'w += 0.01 * (post.r * pre.r - w - pre.r * w)'\n"
                      "plasticity.made_up = { rule = \"made_up\", synapses = [\"A_rec\"] }\n");
    INFO(findings_of(audit(model), model.program));
    CHECK(audit(model).passes());
}

// A cell's synapses are as many as the set has presynaptic cells, where all exist.
TEST_CASE("a mean over a cell's synapses is as bounded as what it is of", "[audit][text]") {
    is_fair({.equations = "w += 0.01 * post.r * (pre.r - gather(pre.r) / gather(1))"});
    is_found({.equations = "w += 0.01 * post.r * pre.r / (gather(1) - 5)"});
}

}  // namespace apical
