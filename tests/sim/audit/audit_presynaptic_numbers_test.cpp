// What a synapse knows of the presynaptic cell, beyond the paper: a number that it can make of the
// rate that its axon carries is not told, one that the cell keeps is.
#include <fmt/format.h>

#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

bool tells_of_presynaptic_number(const MadeUpRule& rule) {
    const Audit found = audit(model_of_text(model_text(rule)));
    return std::any_of(found.beyond.begin(), found.beyond.end(), [](const Finding& one) {
        return one.criterion == Criterion::presynaptic_variable;
    });
}

}  // namespace

TEST_CASE("a function of the rate that an axon carries is made at the synapse", "[audit][text]") {
    for (const char* factor : {"pre.r^2", "tanh(pre.r)^3", "(1 - pre.r) * pre.r^2", "0.5 * pre.r"})
        CHECK(!tells_of_presynaptic_number(
            {.equations =
                 fmt::format("w += 0.01 * post.r * {0} + 0.01 * post.r^2 * {0}", factor)}));
    CHECK(!tells_of_presynaptic_number(
        {.equations = "x = 0.9 * x + 0.1 * pre.r\nw += 0.01 * post.r * x",
         .state = R"(x = "synapse")"}));
}

TEST_CASE("what a set makes of nothing but what it carries stands at its axons' ends",
          "[audit][text]") {
    CHECK(!tells_of_presynaptic_number(
        {.equations = "x = 0.9 * x + 0.1 * pre.r\nw += 0.01 * post.r * (pre.r - x)^2",
         .state = R"(x = "pre")"}));
    CHECK(!tells_of_presynaptic_number({.equations = "last = now^2\nnow = pre.r\nw += 0.01 * "
                                                     "post.r * last^2",
                                        .state = R"(last = "pre", now = "pre")"}));
}

TEST_CASE("a function of what the presynaptic cell keeps is reported", "[audit][text][cheat]") {
    CHECK(tells_of_presynaptic_number(
        {.equations = "x = 0.9 * x + 0.1 * pre.soma.v\nw += 0.01 * post.r * (pre.r - x)^2",
         .state = R"(x = "pre")"}));
    CHECK(tells_of_presynaptic_number({.equations = "last = now^2\nnow = pre.soma.v\nw += 0.01 "
                                                    "* post.r * last^2",
                                       .state = R"(last = "pre", now = "pre")"}));
    CHECK(tells_of_presynaptic_number(
        {.equations = "w += 0.01 * post.r * tanh(pre.r + pre.soma.v)^2"}));
    CHECK(tells_of_presynaptic_number({.equations = "w += 0.01 * post.r * held^2",
                                       .signals = R"(held = "pre")",
                                       .binding = R"(held = "hidden.one")",
                                       .lines = behind_firing("one = r", R"(one = "cell")")}));
}

TEST_CASE("a number that the presynaptic cell made in an earlier phase is reported",
          "[audit][cheat]") {
    for (const bool later : {true, false}) {
        Draft d;
        if (later) d.during("forward");
        const SlotId last = d.previous(d.r("hidden"));  // which A does not carry
        const SlotId made = d.product(last, last, "made_up.square");
        d.during("update");
        d.hebb(d.w("A"), d.r("hidden"), made, 1.0, 0.01);
        const Audit found = std::move(d).audited();
        CHECK(later ==
              std::any_of(found.beyond.begin(), found.beyond.end(), [](const Finding& one) {
                  return one.criterion == Criterion::presynaptic_variable &&
                         one.because.find("made_up.square") != std::string::npos;
              }));
    }
}

}  // namespace apical
