// Rules as equations whose functions amplify without limit, each with a fair rule that looks like
// it.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

TEST_CASE("a root of a huge square is found in text", "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * sqrt(1e12 * pre.r^2) * post.r"});
    is_fair({.equations = "w += 0.01 * sqrt(pre.r^2) * post.r"});
}

TEST_CASE("one over what may be nothing is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * post.r / (1e-9 + pre.r^2)"});
    is_fair({.equations = "w += 1e-3 * post.r / (1 + pre.r^2)"});
}

TEST_CASE("one over what may be nothing is found inside a cell", "[audit][text][cheat]") {
    is_found({.equations = R"(loud = post.r / (1e-9 + post.r^2)
w += 1e-3 * loud * pre.r)"});
    is_fair({.equations = R"(loud = post.r / (1 + post.r^2)
w += 1e-3 * loud * pre.r)"});
}

TEST_CASE("a fraction of a trace that may be nothing is found", "[audit][text][cheat]") {
    is_found({.equations = R"(t = 0.9 * t + 0.1 * post.r^2
w += 1e-3 * post.r * pre.r / t)",
              .state = R"(t = "post")"});
    is_fair({.equations = R"(t = 0.9 * t + 0.1 * post.r^2
w += 1e-3 * post.r * pre.r / (1 + t))",
             .state = R"(t = "post")"});
}

TEST_CASE("a fraction of a trace and a tiny number is found", "[audit][text][cheat]") {
    is_found({.equations = R"(t = 0.9 * t + 0.1 * post.r^2
w += 1e-3 * post.r * pre.r / (t + 1e-8))",
              .state = R"(t = "post")"});
    is_fair({.equations = R"(t = 0.9 * t + 0.1 * post.r^2
w += 1e-3 * post.r * pre.r / (t + 0.1))",
             .state = R"(t = "post")"});
}

TEST_CASE("a fraction of a tag and a tiny number is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = 0.9 * g + 0.1 * (post.r * pre.r)^2
w += -1e-3 * post.r * pre.r / (sqrt(g) + 1e-8))",
              .state = R"(g = "synapse")"});
    is_fair({.equations = R"(g = 0.9 * g + 0.1 * (post.r * pre.r)^2
w += -1e-3 * post.r * pre.r / (sqrt(g) + 0.1))",
             .state = R"(g = "synapse")"});
}

TEST_CASE("a fraction of a slope is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * post.r * pre.r / slope(post.soma.v)"});
    is_fair({.equations = "w += 1e-3 * post.r * pre.r * slope(post.soma.v)"});
}

TEST_CASE("a fraction of a sum over all cells is found", "[audit][text][cheat]") {
    is_found({.equations = R"(n = sum(post.r^2)
w += 1e-3 * post.r * pre.r / n)"});
    is_fair({.equations = R"(n = sum(post.r^2)
w += 1e-3 * post.r * pre.r / (1 + n))"});
}

TEST_CASE("a negative power of a rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * post.r^-2 * pre.r"});
    is_fair({.equations = "w += 1e-3 * (1 + post.r^2)^-2 * pre.r"});
}

TEST_CASE("a power of ten times a rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * (10 * post.r)^6 * pre.r"});
    is_fair({.equations = "w += 1e-3 * post.r^6 * pre.r"});
}

TEST_CASE("a product of a huge and a tiny constant is found", "[audit][text][cheat]") {
    is_found({.equations = R"(loud = 1e12 * post.r
soft = 1e-9 * pre.r
w += loud * soft)"});
    is_fair({.equations = R"(loud = 1e7 * post.r
soft = 1e-9 * pre.r
w += loud * soft)"});
}

TEST_CASE("a tiny tag that a huge constant reads is found", "[audit][text][cheat]") {
    is_found({.equations = R"(tag = 1e-9 * post.r * pre.r
w += 1e12 * tag)",
              .state = R"(tag = "synapse")"});
    is_fair({.equations = R"(tag = 1e-9 * post.r * pre.r
w += 1e7 * tag)",
             .state = R"(tag = "synapse")"});
}

TEST_CASE("a sum that doubles six times is found", "[audit][text][cheat]") {
    is_found({.equations = R"(a = post.r + post.r
b = a + a
c = b + b
d = c + c
f = d + d
g = f + f
w += 0.1 * g * pre.r)"});
    is_fair({.equations = R"(a = post.r + post.r
w += 0.1 * a * pre.r)"});
}

TEST_CASE("an exponential of twenty times a rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * exp(20 * post.r) * pre.r"});
    is_fair({.equations = "w += 1e-3 * exp(post.r) * pre.r"});
}

TEST_CASE("an exponential of a voltage is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * exp(post.soma.v) * pre.r"});
    is_fair({.equations = "w += 1e-3 * exp(clip(post.soma.v, -1, 1)) * pre.r"});
}

TEST_CASE("an exponential of a voltage inside a cell is found", "[audit][text][cheat]") {
    is_found({.equations = R"(e = exp(post.soma.v)
w += 1e-3 * e * pre.r)"});
    is_fair({.equations = R"(e = exp(clip(post.soma.v, -1, 1))
w += 1e-3 * e * pre.r)"});
}

TEST_CASE("a logarithm of what may be nothing is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * log(pre.r^2) * post.r"});
    is_fair({.equations = "w += 0.01 * log(1 + pre.r^2) * post.r"});
}

TEST_CASE("a logarithm of what may be nothing is found inside a cell", "[audit][text][cheat]") {
    is_found({.equations = R"(l = log(post.r^2)
w += 0.01 * l * pre.r)"});
    is_fair({.equations = R"(l = log(1 + post.r^2)
w += 0.01 * l * pre.r)"});
}

TEST_CASE("a number in cells that grows by half in each step is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = 1.5 * g + post.r
w += 1e-3 * g * pre.r)",
              .state = R"(g = "post")"});
    is_fair({.equations = R"(g = 0.5 * g + post.r
w += 1e-3 * g * pre.r)",
             .state = R"(g = "post")"});
}

TEST_CASE("a number for all that grows by half in each step is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = 1.5 * g + tanh(loss)
w += 1e-3 * g * post.r * pre.r)",
              .state = R"(g = "all")"});
    is_fair({.equations = R"(g = 0.5 * g + tanh(loss)
w += 1e-3 * g * post.r * pre.r)",
             .state = R"(g = "all")"});
}

TEST_CASE("a tag that grows by half in each step is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = 1.5 * g + post.r * pre.r
w += 1e-3 * g)",
              .state = R"(g = "synapse")"},
             Criterion::continuous_plasticity, "g(A)");
    is_fair({.equations = R"(g = 0.5 * g + post.r * pre.r
w += 1e-3 * g)",
             .state = R"(g = "synapse")"});
}

TEST_CASE("a tag that gathers a hundred times a product is found", "[audit][text][cheat]") {
    is_found({.equations = R"(tag = 0.9 * tag + 100 * post.r * pre.r
w += 0.01 * tag)",
              .state = R"(tag = "synapse")"});
    is_fair({.equations = R"(tag = 0.9 * tag + 0.1 * post.r * pre.r
w += 0.01 * tag)",
             .state = R"(tag = "synapse")"});
}

TEST_CASE("a number for all that amplifies a thousand times is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = 1000 * tanh(loss)
w += 0.01 * g * post.r * pre.r)"});
    is_fair({.equations = R"(g = tanh(loss)
w += 0.01 * g * post.r * pre.r)"});
}

TEST_CASE("an exponential of the loss is found", "[audit][text][cheat]") {
    is_found({.equations = R"(g = exp(loss)
w += 0.01 * g * post.r * pre.r)"});
    is_fair({.equations = R"(g = exp(-clip(loss, 0, 10))
w += 0.01 * g * post.r * pre.r)"});
}

TEST_CASE("a number in cells that grows behind their firing is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * held * pre.r",
              .signals = R"(held = "post")",
              .binding = R"(held = "hidden.one")",
              .lines = behind_firing("one = 1.1 * one + r", R"(one = "cell")")});
    is_fair({.equations = "w += 0.01 * held * pre.r",
             .signals = R"(held = "post")",
             .binding = R"(held = "hidden.one")",
             .lines = behind_firing("one = 0.9 * one + r", R"(one = "cell")")});
}

TEST_CASE("a number in cells that is one over their rate is found", "[audit][text][cheat]") {
    is_found({.equations = "w += 1e-3 * held * pre.r",
              .signals = R"(held = "post")",
              .binding = R"(held = "hidden.one")",
              .lines = behind_firing("one = 1 / r", R"(one = "cell")")});
    is_fair({.equations = "w += 1e-3 * held * pre.r",
             .signals = R"(held = "post")",
             .binding = R"(held = "hidden.one")",
             .lines = behind_firing("one = 1 / (1 + r^2)", R"(one = "cell")")});
}

TEST_CASE("a number in cells that is ten thousand times their rate is found",
          "[audit][text][cheat]") {
    is_found({.equations = "w += 0.01 * held * pre.r",
              .signals = R"(held = "post")",
              .binding = R"(held = "hidden.one")",
              .lines = behind_firing("one = 1e4 * r", R"(one = "cell")")});
    is_fair({.equations = "w += 0.01 * held * pre.r",
             .signals = R"(held = "post")",
             .binding = R"(held = "hidden.one")",
             .lines = behind_firing("one = 0.5 * one + 0.5 * r", R"(one = "cell")")});
}

TEST_CASE("a number in cells that multiplies itself by more than 1 is found, round any loop",
          "[audit][text][cheat]") {
    const std::string from_1 = R"(g = { at = "post", init = { constant = 1.0 } })";
    const std::string reads = "\nw += 1e-3 * g * pre.r";
    is_found({.equations = "g = g * (2 + post.r^2)" + reads, .state = from_1});
    is_found({.equations = "g = 1.5 * previous(g) + post.r" + reads, .state = from_1});
    is_found(
        {.equations = "g = 1.5 * h + post.r\nh = g" + reads, .state = from_1 + ", h = \"post\""});
    is_fair({.equations = "g = g * (0.5 + 0.25 * post.r^2)" + reads, .state = from_1});
    is_fair({.equations = "g = max(0.99 * g, abs(post.r))" + reads, .state = from_1});
    is_fair({.equations = "g = 0.5 * previous(g) + post.r" + reads, .state = from_1});
    is_fair(
        {.equations = "g = 0.5 * h + post.r\nh = g" + reads, .state = from_1 + ", h = \"post\""});
}

TEST_CASE("a factor that is drawn once, and large, is found", "[audit][text][cheat]") {
    for (const std::string at : {"post", "synapse"}) {
        const auto drawn = [&](const std::string& deviation) {
            return MadeUpRule{
                .equations = "w += 0.01 * k * post.r * pre.r",
                .state = "k = { at = \"" + at + "\", init = { normal = " + deviation + " } }"};
        };
        is_found(drawn("1000.0"));
        is_fair(drawn("0.5"));
    }
}

}  // namespace apical
