#include "sim/system/reading_trial.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace apical;

namespace {

// A trial that is made in this process: `end` only counts.
int trials_ended = 0;
double more_seconds = 0.0;

ReadingTrial trial_here() {
    return {[](const Where&, const std::string&) { return true; }, [] { ++trials_ended; },
            [](double seconds) { more_seconds += seconds; }};
}

}  // namespace

TEST_CASE("without a trial nothing is done before a file is read", "[damaged]") {
    try_reading({}, {}, "", [] { FAIL("it was tried"); });
    CHECK_NOTHROW(ReadingTrial().extend_time(1.0));
}

TEST_CASE("a trial ends also when what is tried throws, and gets the time that it asks for",
          "[damaged]") {
    trials_ended = 0;
    more_seconds = 0.0;
    const ReadingTrial trial = trial_here();
    int tried = 0;
    try_reading(trial, {}, "", [&] {
        ++tried;
        trial.extend_time(2.5);
        throw std::runtime_error("damaged");
    });
    CHECK(tried == 1);
    CHECK(trials_ended == 1);
    CHECK(more_seconds == 2.5);
}

TEST_CASE("a file whose trial failed is not read for trial here", "[damaged]") {
    const ReadingTrial failed{[](const Where& where, const std::string& what) -> bool {
                                  reject(where, what + "is damaged");
                              },
                              [] { FAIL("there is nothing to end"); }};
    CHECK_THROWS_WITH(try_reading(failed, {"m.toml", 1, 2}, "\"x.h5\" ", [] { FAIL("tried"); }),
                      "m.toml:1:2: \"x.h5\" is damaged");
}
