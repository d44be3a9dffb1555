// Verdicts of rules from papers, by how far a formula reaches, and by which factor where one fails.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

// Bursts in cells that fire from -1 to 1; `share`: of bursts in all events.
MadeUpRule burst_rule(const std::string& share) {
    return {.equations =
                "burst = post.r * logistic(credit)\n"
                "events = 0.99 * events + 0.01 * post.r\n"
                "bursts = 0.99 * bursts + 0.01 * burst\n"
                "trace = 0.8 * trace + 0.2 * pre.r\n"
                "w += 0.01 * (burst - " +
                share + " * post.r) * trace",
            .state = R"(events = "post", bursts = "post", trace = "pre")",
            .signals = R"(credit = "post")",
            .binding = R"(credit = "hidden.feedback")"};
}

}  // namespace

TEST_CASE("bursts pass when their share is cut off, and fail when it is not", "[audit][text]") {
    is_fair(burst_rule("clip(bursts / (events + 1e-6), 0, 1)"));
    is_found(burst_rule("bursts / (events + 1e-6)"));
    // Events that are squares are no less than 0, so that a share is at most 10^6.
    is_found(burst_rule("bursts / (events^2 + 1e-6)"));
    is_fair(burst_rule("bursts / (events^2 + 0.1)"));
}

TEST_CASE("RMSprop adds 10^5 times a product: a rate of 10^-3 over 10^-8", "[audit][text]") {
    const auto rule = [](const std::string& least) {
        return MadeUpRule{.equations =
                              "g = 0.99 * g + 0.01 * (post.r * pre.r)^2\n"
                              "w += -1e-3 * post.r * pre.r / (sqrt(g) + " +
                              least + ")",
                          .state = R"(g = "synapse")"};
    };
    is_found(rule("1e-8"), Criterion::continuous_plasticity, "100000 times a product");
    is_fair(rule("1e-2"));
}

TEST_CASE("homeostasis that strengthens keeps more than all: 1 + 0.01 (0.2 + 1)", "[audit][text]") {
    const auto rule = [](const std::string& keep) {
        return MadeUpRule{.equations = "mean = 0.99 * mean + 0.01 * post.r\nw = (" + keep + ") * w",
                          .state = R"(mean = "post")"};
    };
    is_found(rule("1 + 0.01 * (0.2 - mean)"), Criterion::continuous_plasticity,
             "anything from 0.992 to 1.012");
    is_fair(rule("1 + 0.01 * (-1 - mean)"));
}

TEST_CASE("a number for all gets one verdict, whichever operation it comes to", "[audit][text]") {
    const auto by_hebb = [](const std::string& x) {
        return MadeUpRule{.equations = "w += 0.001 * (" + x + ") * post.r * pre.r"};
    };
    const auto by_formula = [](const std::string& x) {
        return MadeUpRule{.equations = "w += 0.001 * (" + x + ") * pre.r"};
    };
    const auto by_consolidate = [](const std::string& x) {
        return MadeUpRule{
            .equations = "tag = 0.9 * tag + 0.1 * post.r * pre.r\nw += 0.001 * (" + x + ") * tag",
            .state = R"(tag = "synapse")"};
    };
    for (const char* x : {"previous(loss)", "tanh(previous(loss))", "previous(loss)^2",
                          "mean(post.r^2)", "1 / (1 + mean(post.r^2))", "500"}) {
        INFO(x);
        is_fair(by_hebb(x));
        is_fair(by_formula(x));
        is_fair(by_consolidate(x));
    }
    for (const char* x : {"1 / previous(loss)", "exp(previous(loss))", "1e4",
                          "1e4 * previous(loss)", "1e4 * step(previous(loss))"}) {
        INFO(x);
        is_found(by_hebb(x));
        is_found(by_formula(x));
        is_found(by_consolidate(x));
    }
}

}  // namespace apical
