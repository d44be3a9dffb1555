// Tags that hand on to other tags what they have gathered, which counts where a strength takes it.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

// A trace gathers 1 / (1 - 0.8) = 5 times its input; the strength takes what it was a step ago.
MadeUpRule taken_a_step_late(const std::string& rate) {
    return {.equations = "before = e\ne = 0.8 * e + post.r * pre.r\nw += " + rate + " * before",
            .state = R"(e = "synapse")"};
}

// A trace of the trace: 5 times 5 times its input.
MadeUpRule taken_from_second_trace(const std::string& rate) {
    return {.equations = "e = 0.8 * e + post.r * pre.r\nf = 0.8 * f + e\nw += " + rate + " * f",
            .state = R"(e = "synapse", f = "synapse")"};
}

}  // namespace

TEST_CASE("a tag may carry on what another has gathered", "[audit][text]") {
    is_fair(taken_a_step_late("0.01"));
    is_fair(taken_from_second_trace("0.01"));
}

TEST_CASE("what tags gather one behind the other counts in the strength", "[audit][text][cheat]") {
    is_found(taken_a_step_late("0.3"), Criterion::continuous_plasticity,
             "to \"A\" a step adds 1.5 times a product; expected from -1 to 1");
    is_found(taken_from_second_trace("0.1"), Criterion::continuous_plasticity,
             "to \"A\" a step adds 2.5 times a product; expected from -1 to 1");
}

TEST_CASE("a tag that amplifies what another has gathered is found", "[audit][text][cheat]") {
    is_found({.equations = "e = 0.8 * e + post.r * pre.r\nf = 0.8 * f + 3 * e\nw += 1e-3 * f",
              .state = R"(e = "synapse", f = "synapse")"},
             Criterion::continuous_plasticity, "f(A)");
    is_found({.equations = "e = 1.2 * e + post.r * pre.r\nf = e\nw += 1e-3 * f",
              .state = R"(e = "synapse")"},
             Criterion::continuous_plasticity, "f(A)");
}

}  // namespace apical
