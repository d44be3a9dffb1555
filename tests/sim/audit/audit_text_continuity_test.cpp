// The cheats of continuity and locality that operations can say, as equations.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

TEST_CASE("an outer product anew in each step is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = 0.1 * post.soma.v * pre.r"});
    is_fair({.equations = "w = 0.99 * w + 0.01 * tanh(post.soma.v) * pre.r"});
}

TEST_CASE("a strength that is taken from itself is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w += minus * w + 0.1 * post.soma.v * pre.r",
              .state = R"(minus = { at = "all", init = { constant = -1.0 } })"});
    is_fair({.equations = "w += minus * w + 0.01 * post.r * pre.r",
             .state = R"(minus = { at = "all", init = { constant = -0.01 } })"});
}

TEST_CASE("a strength that doubles is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w += w"});
    is_fair({.equations = "w -= 0.01 * w"});
}

TEST_CASE("keeping a billionth is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = 1e-9 * w + 0.1 * post.r * pre.r"});
    is_fair({.equations = "w = 0.9 * w + 0.1 * post.r * pre.r"});
}

TEST_CASE("a strength that follows a tag made anew is found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(last = anew
anew = post.soma.v * pre.r
w += anew - last)",
              .state = R"(last = "synapse", anew = "synapse")"});
    is_fair({.equations = R"(last = anew
anew = post.r * pre.r
w += 0.01 * (anew - last))",
             .state = R"(last = "synapse", anew = "synapse")"});
}

TEST_CASE("a strength that flips its sign is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = -w + 0.01 * post.r * pre.r"});
    is_fair({.equations = "w = 0.99 * w + 0.01 * post.r * pre.r"});
}

TEST_CASE("a strength that grows by itself is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = 1.05 * w + 0.01 * post.r * pre.r"});
    is_fair({.equations = "w = 0.95 * w + 0.01 * post.r * pre.r"});
}

TEST_CASE("a change of fifty times the product is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w += 50 * post.r * pre.r"});
    is_fair({.equations = "w += 0.5 * post.r * pre.r"});
}

TEST_CASE("a gain above one in a number for all is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w += scale * post.r * pre.r",
              .state = R"(scale = { at = "all", init = { constant = 1000.0 } })"});
    is_fair({.equations = "w += scale * post.r * pre.r",
             .state = R"(scale = { at = "all", init = { constant = 0.1 } })"});
}

TEST_CASE("a number for all that keeps nothing is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = keep * w + 0.1 * post.r * pre.r",
              .state = R"(keep = { at = "all", init = { constant = 0.0 } })"});
    is_fair({.equations = "w = keep * w + 0.1 * post.r * pre.r",
             .state = R"(keep = { at = "all", init = { constant = 0.9 } })"});
}

TEST_CASE("a number for all that keeps half as much in each step is found as text",
          "[audit][text][cheat]") {
    is_found({.equations = R"(keep = 0.5 * keep
w = keep * w + 0.1 * post.r * pre.r)",
              .state = R"(keep = { at = "all", init = { constant = 1.0 } })"});
    is_fair({.equations = R"(keep = clip(keep, 0.9, 1)
w = keep * w + 0.1 * post.r * pre.r)",
             .state = R"(keep = { at = "all", init = { constant = 0.9 } })"});
}

TEST_CASE("cells that all say that nothing is kept are found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(nothing = 0 * post.r
w = nothing * w + 0.1 * post.r * pre.r)"});
    is_fair({.equations = R"(some = 1 - 0.1 * post.r^2
w = some * w + 0.1 * post.r * pre.r)"});
}

TEST_CASE("a gain above one inside the cell is found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(loud = 1000 * post.r
w += loud * pre.r)"});
    is_fair({.equations = R"(loud = 0.1 * post.r
w += loud * pre.r)"});
}

TEST_CASE("a gain that stands half in a number and half in a tag is found as text",
          "[audit][text][cheat]") {
    is_found(
        {.equations = R"(tag = 0.9 * tag + 0.1 * post.soma.v * pre.r
w += hundred * tag)",
         .state = R"(tag = "synapse", hundred = { at = "all", init = { constant = 100.0 } })"});
    is_fair(
        {.equations = R"(tag = 0.9 * tag + 0.1 * post.soma.v * pre.r
w += hundredth * tag)",
         .state = R"(tag = "synapse", hundredth = { at = "all", init = { constant = 0.01 } })"});
}

TEST_CASE("an inverse that says what is kept is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = 1 / rho * w + 0.1 * post.r * pre.r",
              .state = R"(rho = { at = "all", init = { constant = 0.5 } })"});
    is_fair({.equations = "w = rho * w + 0.1 * post.r * pre.r",
             .state = R"(rho = { at = "all", init = { constant = 0.9 } })"});
}

TEST_CASE("a quotient of norms that says what is kept is found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(now = sum(post.r^2)
before = sum(pre.r^2)
keep = now / before
w = keep * w + 0.1 * post.r * pre.r)"});
    is_fair({.equations = R"(now = sum(post.r^2)
keep = 1 / (1 + 0.01 * tanh(now))
w = keep * w + 0.1 * post.r * pre.r)"});
}

TEST_CASE("a chain of quotients that comes to two is found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(quarter = half * half
eighth = quarter * half
keep = quarter / eighth
w = keep * w)",
              .state = R"(half = { at = "all", init = { constant = 0.5 } })"});
    is_fair({.equations = R"(quarter = half * half
keep = 1 - quarter
w = keep * w)",
             .state = R"(half = { at = "all", init = { constant = 0.5 } })"});
}

TEST_CASE("a root of a quotient of norms is found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(now = sum(post.r^2)
keep = (now / 1e-4)^0.5
w = keep^0.5 * w)"});
    is_fair({.equations = R"(now = sum(post.r^2)
keep = 1 - 0.1 * logistic(now)
w = keep * w)"});
}

TEST_CASE("a sum that says what is kept is found as text", "[audit][text][cheat]") {
    is_found({.equations = R"(keep = sum(post.r^2)
w = keep * w)"});
    is_fair({.equations = R"(keep = 1 - 0.1 * tanh(sum(post.r^2))
w = keep * w)"});
}

TEST_CASE("a voltage that says what is kept is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = post.soma.v * w"});
    is_fair({.equations = "w = clip(post.soma.v, 0.9, 1) * w"});
}

TEST_CASE("a shifted rate that says what is kept is found as text", "[audit][text][cheat]") {
    is_found({.equations = "w = (1 + 3 * (1 - post.r)) * w"});
    is_fair({.equations = "w = (1 - 0.1 * (1 - post.r)) * w"});
}

// ---- what other cells know cannot be said

TEST_CASE("a signal of other cells is refused at each end", "[audit][text][cheat]") {
    is_refused({.equations = "w += 0.01 * other * pre.r",
                .signals = "other = \"post\"",
                .binding = "other = \"ghost.soma\"",
                .lines = second_population},
               "needs a signal of the cells that its synapses end on");
    is_refused({.equations = "w += 0.01 * post.r * other",
                .signals = "other = \"pre\"",
                .binding = "other = \"ghost.r\"",
                .lines = second_population},
               "needs a signal of the cells that its synapses come from");
    is_fair({.equations = "w += 0.01 * other * pre.r",
             .signals = "other = \"post\"",
             .binding = "other = \"hidden.feedback\"",
             .lines = second_population});
}

TEST_CASE("another set's tag is refused as a signal", "[audit][text][cheat]") {
    is_refused({.equations = "w += 0.01 * other",
                .signals = "other = \"all\"",
                .binding = "other = \"eligibility(W_rec)\""},
               "needs one number for all as \"other\"");
}

TEST_CASE("a sum over synapses is refused", "[audit][text][cheat]") {
    is_refused({.equations = "n = sum(w)\nw -= 0.001 * n"}, "expected a number in cells");
}

// ---- a number for all of which nothing is known

TEST_CASE("the loss is judged alike in every form that a rule can take", "[audit][text]") {
    const std::string product = "w += 0.01 * loss * post.r * pre.r",
                      formula = "w += 0.01 * loss * (post.r - pre.r)^2",
                      tag = "tag = 0.9 * tag + 0.1 * post.r * pre.r\nw += 0.01 * loss * tag";
    for (const std::string& equations : {product, formula, tag}) {
        const MadeUpRule rule = {.equations = equations,
                                 .state = equations == tag ? "tag = \"synapse\"" : ""};
        is_fair(rule);
        is_said_beyond(rule, Criterion::broadcast_number,
                       equations == formula ? "made_up.w1" : "loss");
        is_said_beyond(rule, Criterion::unbounded_change, "A");
    }
}

TEST_CASE("a mean of squares is a number for all as a sum of them is", "[audit][text]") {
    for (const char* gathers : {"sum", "mean"}) {
        const MadeUpRule rule = {
            .equations =
                fmt::format("n = {}(post.r^2)\nw += 0.001 * tanh(n) * pre.r * post.r", gathers)};
        is_fair(rule);
    }
}

}  // namespace apical
