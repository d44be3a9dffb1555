// Tasks of memory and decision: what they show, their trials, and their bounds.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <numbers>

#include "sim/numbers/mean_error.hpp"
#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

namespace {

double bound_of(const Presented& task, const std::string& name) {
    for (const Bound& bound : task->bounds())
        if (bound.name == name) return bound.loss;
    FAIL("no bound " << name);
    return 0.0;
}

Period period_of(const Presented& task, const std::string& name) {
    for (const Period& one : task->trial(0).periods)
        if (one.name == name) return one;
    FAIL("no period " << name);
    return {};
}

// The first step of a period in a trial, as presentations count.
std::int64_t first_step(const Presented& task, std::int64_t trial, const std::string& period) {
    return trial * task->trial(0).steps + period_of(task, period).from + 1;
}

int class_of(const Example& example) { return example.label(1) > example.label(0) ? 1 : 0; }

void is_share(double share, double expected, double trials) {
    INFO(share << " is not " << expected);
    CHECK(std::abs(share - expected) < 3.0 * std::sqrt(expected * (1.0 - expected) / trials));
}

constexpr int trials = 10'000;

}  // namespace

TEST_CASE("bounds of the tasks are those of the enumerations by hand", "[task][bounds]") {
    const auto near = [](double found, double expected) {
        CHECK(found == Approx(expected).margin(1e-6));
    };
    const Presented flips = made("kind = \"flip_flop\"");
    near(bound_of(flips, "only the present task step known"), 0.475);
    near(bound_of(flips, "the last 5 task steps known"), 0.5 * std::pow(0.95, 5));
    near(bound_of(flips, "the last 10 task steps known"), 0.2993685);
    near(bound_of(flips, "the last 20 task steps known"), 0.1792430);
    near(bound_of(made("kind = \"delayed_match\""), "one stimulus known"), 0.693147);
    near(bound_of(made("kind = \"delayed_nonmatch\""), "both known (the floor)"), 0.0);
    near(bound_of(made("kind = \"pattern\""), "an output of 0"), 0.328125);
    near(bound_of(made("kind = \"compare\""), "only the second known"), 0.415888);
    near(bound_of(made("kind = \"context\""), "both known, without context"), 0.346574);
    near(bound_of(made("kind = \"context\""), "one channel known"), 0.562335);
    CHECK(made("kind = \"context\"\nnoise = 0.1")->bounds().empty());
    near(bound_of(made("kind = \"copy\""), "nothing known"), std::log(8.0));
    near(bound_of(made("kind = \"delay_line\""), "nothing known"), 1.0 / 6.0);
    const Presented evidence = made("kind = \"evidence\"");
    near(bound_of(evidence, "nothing known"), 0.693147);
    near(bound_of(evidence, "the last cue known"), 0.585849);
    near(bound_of(evidence, "the last 2 cues known"), 0.489626);
    near(bound_of(evidence, "the last 3 cues known"), 0.400377);
    near(bound_of(evidence, "all cues known (the floor)"), 0.0);
}

TEST_CASE("flip_flop shows pulses and the sign of the last one of each channel",
          "[task][flip_flop]") {
    const Presented task = made("kind = \"flip_flop\"");
    CHECK(task->shape().inputs == 3);
    CHECK(task->shape().readout == Activation::linear);
    Eigen::VectorXd last = Eigen::VectorXd::Zero(3), since = Eigen::VectorXd::Constant(3, 100.0);
    constexpr std::int64_t steps = 100'000;
    double pulses = 0.0, up = 0.0;
    std::vector<double> losses(20, 0.0);  // of an observer who knows the last five, by stretch
    for (std::int64_t step = 1; step <= steps; ++step) {
        const Example shown = presented(task, step);
        for (int c = 0; c < 3; ++c) {
            since(c) += 1.0;
            if (shown.input(c) != 0.0) {
                REQUIRE(std::abs(shown.input(c)) == 1.0);
                last(c) = shown.input(c);
                since(c) = 0.0;
                pulses += 1.0;
                up += shown.input(c) > 0.0;
            }
            const double guess = since(c) < 5.0 ? last(c) : 0.0;
            losses[static_cast<std::size_t>((step - 1) * 20 / steps)] +=
                0.5 * std::pow(shown.label(c) - guess, 2) / (3.0 * steps / 20.0);
        }
        REQUIRE(shown.label == last);
    }
    is_share(pulses / (3.0 * steps), 0.05, 3.0 * steps);
    is_share(up / pulses, 0.5, pulses);
    const MeanError loss = mean_and_error(losses);
    CHECK(std::abs(loss.mean - bound_of(task, "the last 5 task steps known")) < 3.0 * loss.error);
}

TEST_CASE("flip_flop goes on from its memory, and begins again with an earlier step",
          "[task][flip_flop]") {
    const std::string text = "kind = \"flip_flop\"\nhold = 3\npulse = 0.3";
    const Presented whole = made(text), other = made(text);
    std::vector<Example> all;
    std::vector<double> memory;
    for (std::int64_t step = 1; step <= 40; ++step) {
        all.push_back(presented(whole, step));
        if (step == 17) memory = whole.presentation->memory();
    }
    other.presentation->recall(17, memory);
    for (std::int64_t step = 18; step <= 40; ++step) {
        const Example one = presented(other, step);
        const auto k = static_cast<std::size_t>(step - 1);
        CHECK(one.input == all[k].input);
        CHECK(one.label == all[k].label);
    }
    CHECK(presented(whole, 1).label == all[0].label);
    CHECK(all[0].input == all[2].input);
}

TEST_CASE("delay_line's label is the input of so many steps ago", "[task][delay_line]") {
    const Presented task = made("kind = \"delay_line\"\nlag = 4");
    std::vector<double> x;
    double squares = 0.0;
    for (std::int64_t step = 1; step <= trials; ++step) {
        const Example shown = presented(task, step);
        x.push_back(shown.input(0));
        squares += shown.input(0) * shown.input(0);
        REQUIRE(shown.label(0) == (step <= 4 ? 0.0 : x[static_cast<std::size_t>(step - 5)]));
    }
    // Var of x^2 of U(-1, 1): 1/5 - 1/9.
    CHECK(std::abs(squares / trials - 1.0 / 3.0) < 3.0 * std::sqrt((0.2 - 1.0 / 9.0) / trials));
}

TEST_CASE("pattern's label is its sum of sines, period after period", "[task][pattern]") {
    const Presented task = made("kind = \"pattern\"");
    const double turn = 2.0 * std::numbers::pi / 100.0;
    for (const std::int64_t step : {1, 2, 26, 100, 101, 226}) {
        const double t = static_cast<double>((step - 1) % 100);
        const double y =
            std::sin(turn * t) + 0.5 * std::sin(2.0 * turn * t) + 0.25 * std::sin(4.0 * turn * t);
        CHECK(presented(task, step).label(0) == Approx(y).margin(1e-12));
        CHECK(presented(task, step).input(0) == 1.0);
    }
    CHECK(task->trial(7).steps == 100);
    const Presented drawn = made("kind = \"pattern\"\npattern = \"bellec\"");
    double largest = 0.0;
    for (std::int64_t step = 1; step <= 1000; ++step)
        largest = std::max(largest, std::abs(presented(drawn, step).label(0)));
    CHECK(presented(drawn, 1).label(0) == 0.0);
    CHECK(largest == Approx(1.0).epsilon(1e-12));
    const Presented other = made("kind = \"pattern\"\npattern = \"bellec\"", 2);
    CHECK(presented(drawn, 400).label != presented(other, 400).label);
}

TEST_CASE("delayed_match asks in its last period alone whether both stimuli were the same",
          "[task][match]") {
    const Presented task = made("kind = \"delayed_match\"\ndelay = 3"),
                    other = made("kind = \"delayed_nonmatch\"\ndelay = 3");
    CHECK(task->counts() == std::vector<std::string>{"decision"});
    CHECK(task->trial(0).steps == 23);
    std::map<int, int> types;
    for (std::int64_t trial = 0; trial < 2000; ++trial) {
        const Example a = presented(task, first_step(task, trial, "sample")),
                      b = presented(task, first_step(task, trial, "test")),
                      asked = presented(task, first_step(task, trial, "decision"));
        REQUIRE(a.input.tail(2).sum() == 1.0);
        REQUIRE(a.input(0) == 1.0);
        REQUIRE(asked.input.isZero());
        REQUIRE(a.label.isZero());
        REQUIRE(class_of(asked) == (a.input == b.input ? 1 : 0));
        const Example opposite = presented(other, first_step(other, trial, "decision"));
        REQUIRE(class_of(opposite) == 1 - class_of(asked));
        ++types[task->trial(trial).type];
    }
    REQUIRE(types.size() == 4);
    for (const auto& [type, count] : types) is_share(count / 2000.0, 0.25, 2000.0);
}

TEST_CASE("compare's second frequency alone leaves three of ten trials wrong", "[task][compare]") {
    const Presented task = made("kind = \"compare\"");
    int wrong = 0;
    for (std::int64_t trial = 0; trial < trials; ++trial) {
        const double f1 = presented(task, first_step(task, trial, "sample")).input(1) * 34.0,
                     f2 = presented(task, first_step(task, trial, "test")).input(1) * 34.0;
        REQUIRE(std::abs(f2 - f1) == Approx(8.0).epsilon(1e-12));
        const int label = class_of(presented(task, first_step(task, trial, "decision")));
        REQUIRE(label == (f2 > f1 ? 1 : 0));
        wrong += label != (f2 > 25.0 ? 1 : 0);
    }
    is_share(wrong / double(trials), 0.3, trials);
}

TEST_CASE("context asks for the sign of the channel that its line names", "[task][context]") {
    const Presented task = made("kind = \"context\"");
    int wrong = 0;
    for (std::int64_t trial = 0; trial < trials; ++trial) {
        const Example shown = presented(task, first_step(task, trial, "stimulus")),
                      asked = presented(task, first_step(task, trial, "decision"));
        const int relevant = shown.input(3) > 0.0 ? 1 : 0;
        REQUIRE(shown.input(2) + shown.input(3) == 1.0);
        REQUIRE(class_of(asked) == (shown.input(relevant) > 0.0 ? 1 : 0));
        wrong += class_of(asked) != (shown.input(0) > 0.0 ? 1 : 0);
    }
    is_share(wrong / double(trials), 0.25, trials);
    // Noise has the deviation that was asked for.
    const Presented noisy = made("kind = \"context\"\nnoise = 0.5\nstimulus = 20000");
    double squares = 0.0;
    const double mean = presented(task, 1).input(0);
    for (std::int64_t step = 1; step <= 20'000; ++step)
        squares += std::pow(presented(noisy, step).input(0) - mean, 2) / 20'000.0;
    CHECK(squares == Approx(0.25).epsilon(3.0 * std::sqrt(2.0 / 20'000.0)));
}

TEST_CASE("copy asks for its symbols in the order in which they were shown", "[task][copy]") {
    const Presented task = made("kind = \"copy\"\nsymbols = 4\nlength = 3\ndelay = 2");
    CHECK(task->shape().inputs == 5);
    CHECK(task->trial(0).steps == 9);
    std::vector<int> counts(4, 0);
    for (std::int64_t trial = 0; trial < trials; ++trial) {
        for (std::int64_t k = 0; k < 3; ++k) {
            const Example shown = presented(task, first_step(task, trial, "sample") + k),
                          asked = presented(task, first_step(task, trial, "recall") + k);
            REQUIRE(shown.input.head(4) == asked.label);
            REQUIRE(asked.input.isZero());
            for (int s = 0; s < 4; ++s) counts[std::size_t(s)] += asked.label(s) == 1.0;
        }
        REQUIRE(presented(task, first_step(task, trial, "cue")).input(4) == 1.0);
    }
    for (const int count : counts) is_share(count / (3.0 * trials), 0.25, 3.0 * trials);
}

TEST_CASE("evidence asks for the side of more cues, which the last ones tell so often",
          "[task][evidence]") {
    const Presented task = made("kind = \"evidence\"\nscale = 0.02");  // cues of 2 steps, 1 between
    CHECK(task->trial(0).steps == 7 * 3 + 21 + 3);
    int wrong_of_one = 0, wrong_of_three = 0, ones = 0;
    for (std::int64_t trial = 0; trial < trials; ++trial) {
        int sides = 0, last_three = 0, last = 0;
        for (std::int64_t cue = 0; cue < 7; ++cue) {
            const Example shown = presented(task, first_step(task, trial, "cues") + 3 * cue);
            last = shown.input(10) > 0.0 ? 1 : 0;
            REQUIRE(shown.input(0) == (last == 1 ? 0.0 : 0.04));
            REQUIRE(shown.input(39) == 0.01);
            sides += last;
            if (cue >= 4) last_three += last;
        }
        const int label = class_of(presented(task, first_step(task, trial, "recall")));
        REQUIRE(label == (sides > 3 ? 1 : 0));
        REQUIRE(task->trial(trial).type == label);
        ones += label;
        wrong_of_one += label != last;
        wrong_of_three += label != (last_three > 1 ? 1 : 0);
    }
    is_share(ones / double(trials), 0.5, trials);
    is_share(wrong_of_one / double(trials), 0.2726, trials);
    is_share(wrong_of_three / double(trials), 0.1693, trials);
    const Presented spikes = made("kind = \"evidence\"\ncoding = \"spikes\"\nscale = 10");
    double fired = 0.0;
    for (std::int64_t step = 1; step <= trials; ++step) fired += presented(spikes, step).input(35);
    is_share(fired / trials, 0.01, trials);
}

TEST_CASE("a trial that is shown alone is as it is in order, and an evaluation's is another",
          "[task]") {
    for (const char* kind : {"pattern", "delay_line", "copy", "delayed_match", "delayed_nonmatch",
                             "compare", "context", "evidence", "flip_flop"}) {
        INFO(kind);
        const std::string text = fmt::format("kind = \"{}\"", kind);
        const Presented in_order = made(text), alone = made(text);
        Table table = parse_toml(text, "model.toml");
        const std::vector<Key> keys = task_keys();
        const Presented evaluated{
            make_task(Section(table, {"model.toml", 1, 1}, "task", keys), RunStreams(1, 1), {})};
        bool same = true;
        Example last;
        for (std::int64_t step = 1; step <= 3000; ++step) {
            last = presented(in_order, step);
            const Example other = presented(evaluated, step);
            same = same && last.input == other.input && last.label == other.label;
        }
        const Example directly = presented(alone, 3000);
        CHECK(directly.input == last.input);
        CHECK(directly.label == last.label);
        CHECK(same == (std::string(kind) == "pattern"));
    }
}

TEST_CASE("a trial whose decision has no step is rejected", "[task]") {
    for (const char* kind : {"delayed_match", "compare", "context"})
        CHECK_THROWS_WITH(made(fmt::format("kind = \"{}\"\ndecision = 0", kind)),
                          Catch::Contains("task.decision is 0; expected at least one step"));
}

}  // namespace apical::task_tests
