// Rules as equations that jump, remember or gather by what only text can say, each with a fair rule
// that looks like it.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

TEST_CASE("a choice between a target and the strength is found", "[audit][text][cheat]") {
    is_found({.equations = R"(target = 0.9 * target + 0.1 * post.r * pre.r
w = select(post.r, target, w))",
              .state = R"(target = "synapse")"});
    is_fair({.equations = R"(target = 0.9 * target + 0.1 * post.r * pre.r
w += select(post.r, 0.01 * target, 0))",
             .state = R"(target = "synapse")"});
}

TEST_CASE("a choice of a huge number is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * select(post.r, 1e9, 0) * pre.r"});
    is_fair({.equations = "w += 0.01 * select(post.r, 1, 0) * pre.r"});
}

TEST_CASE("a choice of a huge number inside a cell is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = select(post.r, 1e6, 1e-6)
w += 1e-3 * g * pre.r)"});
    is_fair({.equations = R"(g = select(post.r, 1, 0.1)
w += 1e-3 * g * pre.r)"});
}

TEST_CASE("a larger of two that is huge is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = max(post.r, 1e5)
w += 1e-3 * g * pre.r)"});
    is_fair({.equations = R"(g = max(post.r, 0)
w += 1e-3 * g * pre.r)"});
}

TEST_CASE("a step that lets a strength jump to a number is found", "[audit][text][cheat]") {
    is_found({.equations = "w += step(post.r) * (0.5 - w)"});
    is_fair({.equations = "w += 0.01 * step(post.r) * (0.5 - w)"});
}

TEST_CASE("a step that lets a strength jump to a tag is found", "[audit][text][cheat]") {
    is_found({.equations = R"(target = 0.99 * target + 0.01 * post.r * pre.r
w += step(post.r - 0.5) * (target - w))",
              .state = R"(target = "synapse")"});
    is_fair({.equations = R"(target = 0.99 * target + 0.01 * post.r * pre.r
w += 0.1 * step(post.r - 0.5) * (target - w))",
             .state = R"(target = "synapse")"});
}

TEST_CASE("a logistic function so steep that it is a step is found", "[audit][text][cheat]") {
    is_found({.equations = "w += logistic(1e9 * post.r) * (0.5 - w)"});
    is_fair({.equations = "w += 0.01 * logistic(1e9 * post.r) * (0.5 - w)"});
}

TEST_CASE("a choice between a strength and its negative is found", "[audit][text][cheat]") {
    is_found({.equations = "w = select(post.r, w, -w)"});
    is_fair({.equations = "w = select(post.r, w, 0.99 * w)"});
}

TEST_CASE("a choice by the strength itself is found", "[audit][text][cheat]") {
    is_found({.equations = "w = select(w - post.r, 0.1 * w, w)"});
    is_fair({.equations = "w = select(w - post.r, 0.99 * w, w)"});
}

TEST_CASE("a largest of the strength and a switch is found", "[audit][text][cheat]") {
    is_found({.equations = "w = max(w, 5 * step(post.r))"});
    is_fair({.equations = "w += 0.01 * max(0, post.r) * pre.r"});
}

TEST_CASE("a smaller of the strength and a rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w = min(w, pre.r)"});
    is_fair({.equations = "w += 0.01 * min(post.r, pre.r)"});
}

TEST_CASE("a size of the strength with another sign is found", "[audit][text][cheat]") {
    is_found({.equations = "w = abs(w) * sign(post.r)"});
    is_fair({.equations = "w += 0.01 * abs(post.r) * pre.r"});
}

TEST_CASE("a strength that takes the sign of a rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w = w * sign(pre.r)"});
    is_fair({.equations = "w -= 0.01 * sign(w)"});
}

TEST_CASE("bounds that are huge are no bounds", "[audit][text][cheat]") {
    is_found({.equations = "w += clip(1e9 * post.r * pre.r, -1e6, 1e6)"});
    is_fair({.equations = "w += clip(1e9 * post.r * pre.r, -0.01, 0.01)"});
}

TEST_CASE("growth within huge bounds is found", "[audit][text][cheat]") {
    is_found({.equations = "w = clip(1e3 * w, -1e9, 1e9)"});
    is_fair({.equations = "w = clip(0.999 * w, -1e9, 1e9)"});
}

TEST_CASE("a strength that starts outside of its bounds jumps to them", "[audit][text][cheat]") {
    is_found({.equations = "w = clip(w + 0.01 * post.r * pre.r, 0, 1)"});
    is_fair({.equations = "w = clip(w + 0.01 * post.r * pre.r, -9, 9)"});
}

TEST_CASE("one over the strength is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 / w"});
    is_fair({.equations = "w += 1e-3 * (1 - w)"});
}

TEST_CASE("a square of the strength is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * w * w"});
    is_fair({.equations = "w -= 0.01 * w * post.r^2"});
}

TEST_CASE("a strength over a rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w = w / (1 + 1e3 * post.r^2)"});
    is_fair({.equations = "w = w / (1 + 0.01 * post.r^2)"});
}

TEST_CASE("a strength over a sum over all cells is found", "[audit][text][cheat]") {
    is_found({.equations = R"(n = sum(post.r^2)
w = w / (1e-3 + n))"});
    is_fair({.equations = R"(n = sum(post.r^2)
w -= 0.01 * tanh(n) * w)"});
}

TEST_CASE("a factor of the strength that a voltage closes is found", "[audit][text][cheat]") {
    is_found({.equations = R"(k = clip(post.soma.v, 0, 1)
w = k * w + 0.01 * post.r * pre.r)"});
    is_fair({.equations = R"(k = clip(post.soma.v, 0.9, 1)
w = k * w + 0.01 * post.r * pre.r)"});
}

TEST_CASE("a tag that holds the strength and takes it back is found", "[audit][text][cheat]") {
    is_found({.equations = R"(copy = w
w += -0.9 * copy)",
              .state = R"(copy = "synapse")"});
    is_fair({.equations = R"(slow = 0.99 * slow + 0.01 * w
w += 0.01 * (slow - w))",
             .state = R"(slow = "synapse")"});
}

TEST_CASE("a tag that holds half of the strength and adds it is found", "[audit][text][cheat]") {
    is_found({.equations = R"(copy = 0.5 * w
w += copy)",
              .state = R"(copy = "synapse")"});
    is_fair({.equations = R"(copy = 0.5 * w
w += -0.01 * copy)",
             .state = R"(copy = "synapse")"});
}

TEST_CASE("a tag that follows the strength and is gone back to is found", "[audit][text][cheat]") {
    is_found({.equations = R"(slow = 0.999 * slow + 0.001 * w
w += slow - w)",
              .state = R"(slow = "synapse")"});
    is_fair({.equations = R"(slow = 0.999 * slow + 0.001 * w
w += 0.001 * (slow - w))",
             .state = R"(slow = "synapse")"});
}

TEST_CASE("a tag of a tag of the strength is found", "[audit][text][cheat]") {
    is_found({.equations = R"(one = 0.5 * w
two = 2 * one
w -= two)",
              .state = R"(one = "synapse", two = "synapse")"});
    is_fair({.equations = R"(one = 0.5 * w
two = 0.02 * one
w -= two)",
             .state = R"(one = "synapse", two = "synapse")"});
}

TEST_CASE("a hidden strength that a strength jumps to is found", "[audit][text][cheat]") {
    is_found({.equations = R"(u = u + 0.1 * (w - u)
w += 0.9 * (u - w) + 0.01 * post.r * pre.r)",
              .state = R"(u = "synapse")"});
    is_fair({.equations = R"(u = u + 0.1 * (w - u)
w += 0.1 * (u - w) + 0.01 * post.r * pre.r)",
             .state = R"(u = "synapse")"});
}

TEST_CASE("a sum of past strengths is found", "[audit][text][cheat]") {
    is_found({.equations = R"(m = 0.9 * m + w
w -= 0.2 * m)",
              .state = R"(m = "synapse")"});
    is_fair({.equations = R"(m = 0.9 * m + 0.1 * w
w -= 0.2 * m)",
             .state = R"(m = "synapse")"});
}

TEST_CASE("a tag of the signs of strengths is found", "[audit][text][cheat]") {
    is_found({.equations = R"(s = 1e6 * sign(w)
w += s)",
              .state = R"(s = "synapse")"});
    is_fair({.equations = R"(s = 1e-3 * sign(w)
w += s)",
             .state = R"(s = "synapse")"});
}

TEST_CASE("tags that hand on a product are a memory of steps ago", "[audit][text][cheat]") {
    is_found({.equations = R"(three = two
two = one
one = post.r * pre.r
w += 0.01 * three)",
              .state = R"(one = "synapse", two = "synapse", three = "synapse")"},
             Criterion::online, "two(A)");
    is_fair({.equations = R"(one = 0.9 * one + 0.1 * post.r * pre.r
two = 0.9 * two + 0.1 * one
w += 0.01 * two)",
             .state = R"(one = "synapse", two = "synapse")"});
}

TEST_CASE("previous values of previous values are two steps old", "[audit][text][cheat]") {
    is_found({.equations = R"(one = previous(post.r)
two = previous(one)
w += 0.01 * two * pre.r)"},
             Criterion::online, "one");
    is_fair({.equations = R"(one = previous(post.r)
w += 0.01 * one * pre.r)"});
}

TEST_CASE("states that hand on a rate are steps old", "[audit][text][cheat]") {
    is_found({.equations = R"(three = two
two = one
one = post.r
w += 0.01 * three * pre.r)",
              .state = R"(one = "post", two = "post", three = "post")"},
             Criterion::online, "two");
    is_fair({.equations = R"(one = 0.9 * one + 0.1 * post.r
w += 0.01 * one * pre.r)",
             .state = R"(one = "post")"});
}

TEST_CASE("a previous value of a trace that keeps next to nothing is old", "[audit][text][cheat]") {
    is_found({.equations = R"(held = previous(trace)
trace = 0.01 * trace + 0.99 * previous(post.r)
w += 0.01 * held * pre.r)",
              .state = R"(trace = "post")"},
             Criterion::online, "trace");
    is_fair({.equations = R"(trace = 0.5 * trace + 0.5 * previous(post.r)
w += 0.01 * trace * pre.r)",
             .state = R"(trace = "post")"});
}

TEST_CASE("numbers in cells that hand on a rate behind its firing are old",
          "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * held * pre.r",
              .signals = R"(held = "post")",
              .binding = R"(held = "hidden.three")",
              .lines = behind_firing(R"(three = two
two = one
one = r)",
                                     R"(one = "cell", two = "cell", three = "cell")")},
             Criterion::online, "two");
    is_fair({.equations = "w += 0.01 * held * pre.r",
             .signals = R"(held = "post")",
             .binding = R"(held = "hidden.one")",
             .lines = behind_firing("one = r", R"(one = "cell")")});
}

TEST_CASE("a sum of voltages is no number that cells can gather", "[audit][text][cheat]") {
    is_found({.equations = R"(n = sum(post.apical.v^2)
w += 0.001 * tanh(n) * pre.r)"},
             Criterion::rates_transmitted, "made_up.n");
    is_fair({.equations = R"(n = sum(post.r^2)
w += 0.001 * tanh(n) * pre.r)"});
}

TEST_CASE("a mean of voltages is no number that cells can gather", "[audit][text][cheat]") {
    is_found({.equations = R"(n = mean(post.apical.v^2)
w += 0.001 * tanh(n) * pre.r)"},
             Criterion::rates_transmitted, "made_up.n");
    is_fair({.equations = R"(n = mean(post.r^2)
w += 0.001 * tanh(n) * pre.r)"});
}

TEST_CASE("an entry that a mask picks from a vector is found", "[audit][text][cheat]") {
    is_found({.equations = R"(one = sum(mask * post.r)
w += 0.001 * tanh(one) * pre.r)",
              .state = R"(mask = { at = "post", init = { normal = 1.0 } })"},
             Criterion::rates_transmitted, "made_up.one");
    is_fair({.equations = R"(one = sum(post.r * post.r)
w += 0.001 * tanh(one) * pre.r)"});
}

TEST_CASE("a voltage of the presynaptic cell is reported", "[audit][text][cheat]") {
    is_said_beyond({.equations = "w += 0.01 * tanh(pre.soma.v) * post.r"},
                   Criterion::presynaptic_variable, "made_up.w1(A)");
    is_fair({.equations = "w += 0.01 * pre.r * post.r"});
}

TEST_CASE("a trace of the presynaptic voltage is reported", "[audit][text][cheat]") {
    is_said_beyond({.equations = R"(t = 0.9 * t + 0.1 * pre.soma.v
w += 0.01 * tanh(t) * post.r)",
                    .state = R"(t = "pre")"},
                   Criterion::presynaptic_variable, "made_up.w1(A)");
    is_fair({.equations = R"(t = 0.9 * t + 0.1 * post.soma.v
w += 0.01 * tanh(t) * pre.r)",
             .state = R"(t = "post")"});
}

TEST_CASE("a rate that the presynaptic cell holds is reported", "[audit][text][cheat]") {
    is_said_beyond({.equations = "w += 0.01 * post.r * held",
                    .signals = R"(held = "pre")",
                    .binding = R"(held = "hidden.one")",
                    .lines = behind_firing("one = r", R"(one = "cell")")},
                   Criterion::presynaptic_variable, "hidden.one");
    is_fair({.equations = "w += 0.01 * post.r * pre.r"});
}

}  // namespace apical
