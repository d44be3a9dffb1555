// Rules as equations that recall the past by what only text can say, and what is a trace like any
// other.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

void is_old(const MadeUpRule& rule, const std::string& word) {
    is_found(rule, Criterion::online, word);
}

}  // namespace

TEST_CASE("cells that are filled in turn recall steps ago", "[audit][text][cheat]") {
    is_old({.equations = R"(turn = select(turn - 1.5, 0, turn + 1)
old = select(turn - 0.5, select(turn - 1.5, third, second), first)
first = select(abs(turn) - 0.5, first, post.r)
second = select(abs(turn - 1) - 0.5, second, post.r)
third = select(abs(turn - 2) - 0.5, third, post.r)
w += 0.01 * old * pre.r)",
            .state = R"(turn = "all", first = "post", second = "post", third = "post")"},
           "made_up.second");
}

TEST_CASE("tags that are filled in turn recall steps ago", "[audit][text][cheat]") {
    is_old({.equations = R"(turn = select(turn - 0.5, 0, 1)
old = select(turn, second, first)
first = select(turn, first, post.r * pre.r)
second = select(turn, post.r * pre.r, second)
w += 0.01 * old)",
            .state = R"(turn = "all", first = "synapse", second = "synapse")"},
           "first(A)");
}

TEST_CASE("a number that is held until another is let in is found", "[audit][text][cheat]") {
    const std::string counted = "turn = select(turn - 9.5, 0, turn + 1)\n",
                      used = "\nw += 0.01 * held * pre.r", state = R"(turn = "all", held = "post")";
    const auto holds = [&](const std::string& equation) {
        return MadeUpRule{.equations = counted + equation + used, .state = state};
    };
    is_old(holds("held = select(turn - 0.5, held, post.r)"), "made_up.held");
    is_old(holds("held = select(turn - 0.5, min(held, 5), tanh(post.r))"), "made_up.held");
    is_old(holds("held = select(turn - 0.5, 0.9999 * held, post.r)"), "made_up.held");
    is_old(holds("held += step(turn - 8.5) * (post.r - held)"), "made_up.held");
    is_old(holds("open = step(turn - 8.5)\nheld = open * post.r + (1 - open) * held"),
           "made_up.held");
    is_old(holds("open = select(turn - 8.5, 1, 0)\nheld += open * (post.r - held)"),
           "made_up.held");
}

TEST_CASE("a number that its own cell lets in and holds is found", "[audit][text][cheat]") {
    is_old({.equations = R"(held = select(post.soma.v, post.r, held)
w += 0.01 * held * pre.r)",
            .state = R"(held = "post")"},
           "made_up.held");
}

TEST_CASE("what decays, is set to a constant or let in by parts is no memory", "[audit][text]") {
    const auto fair = [](const std::string& equations) {
        is_fair(
            {.equations = equations + "\nw += 0.01 * held * pre.r", .state = R"(held = "post")"});
    };
    fair("held = select(post.r, post.r, 0.9 * held)");
    fair("held = select(post.r, 1, 0.99 * held)");
    fair("held = select(post.r, 1, held)");  // a plateau that lasts
    fair("held = select(post.r, 0, 0.9 * held + 0.1 * post.r)");
    fair("held += logistic(post.r) * (post.r - held)");
    fair("held += 0.1 * step(post.r) * (post.r - held)");
    fair("held = max(held, 0.5)");
}

TEST_CASE("a mean of the loss is a trace, also before it changes", "[audit][text]") {
    is_fair({.equations = R"(surprise = previous(loss) - usual
usual = 0.9 * usual + 0.1 * previous(loss)
w += 0.01 * surprise * post.r * pre.r)",
             .state = R"(usual = "all")"});
    is_old({.equations = R"(surprise = previous(loss) - usual
usual = 0.01 * usual + 0.99 * previous(loss)
w += 0.01 * surprise * post.r * pre.r)",
            .state = R"(usual = "all")"},
           "made_up.usual");
}

}  // namespace apical
