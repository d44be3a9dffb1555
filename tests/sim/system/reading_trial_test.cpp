#include "sim/system/reading_trial.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace apical;

namespace {

const Reading no_reading{"nothing", [](const std::vector<std::string>&, const ReadingTrial&) {
                             FAIL("it was read here");
                         }};

// What a trial was asked to do, and how much time it got.
struct Asked {
    std::vector<std::string> words;
    double seconds = 0.0;
};
Asked asked;

ReadingTrial noted_trial() {
    asked = {};
    return {
        .attempt =
            [](const std::string& program, const Reading& reading,
               const std::vector<std::string>& words, const Where& where, const std::string& what) {
                asked.words = {program, reading.name, text(where), what};
                asked.words.insert(asked.words.end(), words.begin(), words.end());
            },
        .program = "other",
        .extend = [](double seconds) { asked.seconds += seconds; }};
}

}  // namespace

TEST_CASE("without a trial nothing is done before a file is read", "[damaged]") {
    CHECK_NOTHROW(try_reading({}, no_reading, {"x.h5"}, {}));
    CHECK_NOTHROW(ReadingTrial().extend_time(1.0));
}

TEST_CASE("a trial is told what is read of which file, and gets the time that it asks for",
          "[damaged]") {
    const ReadingTrial trial = noted_trial();
    try_reading(trial, no_reading, {"x.h5", "net/W"}, {"m.toml", 1, 2}, "\"x.h5\" ");
    CHECK(asked.words ==
          std::vector<std::string>{"other", "nothing", "m.toml:1:2", "\"x.h5\" ", "x.h5", "net/W"});
    trial.extend_time(2.5);
    CHECK(asked.seconds == 2.5);
}

TEST_CASE("a file whose trial failed is not read for trial here", "[damaged]") {
    ReadingTrial failed = noted_trial();
    failed.attempt = [](const std::string&, const Reading&, const std::vector<std::string>&,
                        const Where& where,
                        const std::string& what) { reject(where, what + "is damaged"); };
    CHECK_THROWS_WITH(try_reading(failed, no_reading, {"x.h5"}, {"m.toml", 1, 2}, "\"x.h5\" "),
                      "m.toml:1:2: \"x.h5\" is damaged");
}
