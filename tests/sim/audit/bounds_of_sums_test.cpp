// Bounds of what rules add up, keep and never write.

#include "sim/audit/bounds.hpp"
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

// Bounds of the number "x" of a rule of cells that fire from -1 to 1.
Interval bounds_of_x(const std::string& equations, const std::string& state = "") {
    const Model model = model_of_text(
        model_text({.equations = equations + "\nw += 0.001 * tanh(x) * pre.r", .state = state}));
    const SlotId x = model.program.first([](const Slot& one) { return one.quantity == "x"; });
    REQUIRE(x);
    return Bounds(model.program, model.circuit).of(x);
}

void is_between(const Interval& found, double low, double high) {
    CHECK(found.low == Approx(low));
    CHECK(found.high == Approx(high));
}

}  // namespace

TEST_CASE("sums and differences are as large as their parts together", "[audit]") {
    is_between(bounds_of_x("a = post.r^2\nx = post.r - a"), -2.0, 1.0);
    is_between(bounds_of_x("a = post.r^2\nx = 2 * post.r - 0.5 * a"), -2.5, 2.0);
    is_between(bounds_of_x("a = post.r^2\nx = 3 * a - post.r"), -1.0, 4.0);
    CHECK_FALSE(bounds_of_x("x = post.r - post.soma.v").is_bounded());
}

TEST_CASE("a sum over cells is as large as that of all of them", "[audit]") {
    // Five cells that fire from -1 to 1.
    is_between(bounds_of_x("x = sum(post.r * post.r)"), 0.0, 5.0);
    is_between(bounds_of_x("x = mean(post.r^2)"), 0.0, 1.0);
    is_between(bounds_of_x("x = 3 * mean(post.r^2)"), 0.0, 3.0);
    is_between(bounds_of_x("x = 1 / (1 + mean(post.r^2))"), 0.5, 1.0);
    is_between(bounds_of_x("a = 2 * post.r^2\nx = sum(post.r * a)"), -10.0, 10.0);
    // What has no bound has a sum without one, whose squares are not below 0.
    CHECK_FALSE(bounds_of_x("x = sum(post.r * post.soma.v)").is_bounded());
    CHECK(bounds_of_x("x = mean(post.soma.v^2)").low == 0.0);
}

TEST_CASE("a multiple that was taken before a rate changes is no square with it", "[audit]") {
    const auto bounds_of_sum = [](bool changes) {
        Draft d;
        const SlotId x = d.scaled(d.r("hidden"), 1.0, "made_up.x");
        const SlotId half = d.scaled(x, 0.5, "made_up.half");
        if (changes) d.set_product(x, d.r("hidden"), d.r("hidden"), -1.0);
        const SlotId sum = d.inner(half, x, "made_up.sum");
        const Program program = std::move(static_cast<ProgramBuilder&>(d)).finish();
        return Bounds(program, d.circuit()).of(sum);
    };
    is_between(bounds_of_sum(false), 0.0, 2.5);
    CHECK(bounds_of_sum(true).low < 0.0);
}

TEST_CASE("a loss of squares is not below 0", "[audit]") {
    const auto bounds_of_loss = [](const std::vector<std::string>& task) {
        const Model model = small_model("population.hidden = { size = 3 }\n" + hidden_lines, task);
        return Bounds(model.program, model.circuit).of(model.program.loss());
    };
    CHECK(bounds_of_loss({}).low == 0.0);
    CHECK(bounds_of_loss({}).high == INFINITY);
    // Labels may be below 0, and so may a cross-entropy.
    CHECK(bounds_of_loss({"task={ kind = \"add\", lags = [1, 2], hold = 1 }"}).low == -INFINITY);
}

TEST_CASE("a number that nothing writes stays what it starts as", "[audit]") {
    is_between(bounds_of_x("", R"(x = { at = "all", init = { constant = 0.25 } })"), 0.25, 0.25);
    is_between(bounds_of_x("", R"(x = { at = "post", init = { constant = -2.0 } })"), -2.0, -2.0);
}

TEST_CASE("a number that decays is at most what it gains over what it loses", "[audit]") {
    const std::string from_3 = R"(x = { at = "post", init = { constant = 3.0 } })",
                      from_0 = R"(x = "post")";
    is_between(bounds_of_x("x = 0.5 * x + tanh(post.soma.v)", from_0), -2.0, 2.0);
    is_between(bounds_of_x("x = 0.5 * x + tanh(post.soma.v)", from_3), -2.0, 3.0);
    // The rule keeps 0.25 to 0.75 of x in a step.
    is_between(bounds_of_x("x = (0.5 + 0.25 * post.r) * x + post.r^2", from_0), 0.0, 4.0);
    CHECK_FALSE(bounds_of_x("x = (0.75 + 0.25 * post.r) * x + post.r^2", from_0).is_bounded());
    CHECK_FALSE(bounds_of_x("x = -0.5 * x + tanh(post.soma.v)", from_0).is_bounded());
}

TEST_CASE("a rate that something else writes has no bounds where it is read before", "[audit]") {
    const auto bounds_of_twice = [](bool noisy) {
        Draft d;
        const SlotId twice = d.scaled(d.r("hidden"), 2.0, "made_up.twice");
        if (noisy) {
            const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {.deviation = 0.1});
            d.at_step_end();
            d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, nu);
        }
        const Program program = std::move(static_cast<ProgramBuilder&>(d)).finish();
        return Bounds(program, d.circuit()).of(twice);
    };
    is_between(bounds_of_twice(false), -2.0, 2.0);
    CHECK_FALSE(bounds_of_twice(true).is_bounded());
}

}  // namespace apical
