// A number at a synapse has the same bounds when an equation gives it a name as when it stands in
// the change.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

TEST_CASE("a bounded number at a synapse has its bounds by name", "[audit][text]") {
    const std::string cut = "clip(post.r * pre.r, 0, 1)",
                      mixed = "logistic(4 * post.r * pre.r) / 2 + tanh(post.r - pre.r)^2 / 2";
    for (const std::string& number : {cut, mixed}) {
        is_fair({.equations = "w += 0.01 * (" + number + ") * (1 - w)"});
        is_fair({.equations = "q = " + number + "\nw += 0.01 * q * (1 - w)"});
    }
}

TEST_CASE("a named number of both signs, or without bounds, is found in what is kept",
          "[audit][text][cheat]") {
    // 1 - 0.01 q is up to 1.01.
    is_found({.equations = "q = clip(post.r * pre.r, -1, 1)\nw += 0.01 * q * (1 - w)"},
             Criterion::continuous_plasticity, "from 0.99 to 1.01");
    // A sum of all steps.
    is_found({.equations = "q = q + 0.01 * clip(post.r * pre.r, 0, 1)\nw += 0.01 * q * (1 - w)",
              .state = R"(q = "synapse")"},
             Criterion::continuous_plasticity, "from -inf to inf");
    // No bounds at all.
    is_found({.equations = "q = post.soma.v - pre.r\nw += 0.01 * q * (1 - w)"},
             Criterion::continuous_plasticity, "from -inf to inf");
}

}  // namespace apical
