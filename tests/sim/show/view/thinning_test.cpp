// How long series become few points: nothing is lost that stands out.
#include "sim/show/view/thinning.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/show/view/packed.hpp"
#include "sim/show/view/room.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

// 4000 steps with step-by-step windows 1..200 and 3001..3100, and every 10th of the others. Cell 1
// is 0 but for a peak of 7 in step 2011, phase 1, and a dip of -3 in step 411, phase 0; what is
// sampled once is the number of the step.
struct Peaked : Recordable {
    SlotId v = slot(Shape::per_cell, 2);
    SlotId number = slot(Shape::scalar, 1);
    TemporaryDirectory directory;
    std::string path = directory / "run.h5";

    Peaked() {
        quantity("hidden.soma.v", "/state/hidden/soma/voltage", {v, v}, true);
        quantity("loss", "/signals/loss", {number}, false);
        State state(program);
        const std::vector<std::string> what{"hidden.soma.v", "loss"};
        NamedRecorder recorder(
            program,
            {recording("begin", what, 1, 1, 200), recording("coarse", what, 10, 1, 4000),
             recording("late", what, 1, 3001, 3100)},
            description(), path, Replacing::yes);
        run(recorder, state, 1, 4000, [&](std::int64_t step, std::size_t phase) {
            state.data(v)[0] = 100.0;
            state.data(v)[1] = step == 2011 && phase == 1  ? 7.0
                               : step == 411 && phase == 0 ? -3.0
                                                           : 0.0;
            *state.data(number) = static_cast<double>(step);
        });
        recorder.close(4000, 0.0);
    }
};

std::uint64_t points_in(const std::vector<Segment>& segments) {
    return std::accumulate(
        segments.begin(), segments.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Segment& one) { return sum + one.points(); });
}

// One behind the other, from the first row to the last.
void check_cover(const std::vector<Segment>& segments, std::uint64_t rows) {
    std::uint64_t done = 0;
    for (const Segment& one : segments) {
        CHECK(one.first == done);
        CHECK(one.rows > 0);
        done += one.rows;
    }
    CHECK(done == rows);
}

}  // namespace

TEST_CASE("what fits stays as it is", "[view]") {
    const std::vector<Segment> segments = segments_of(500, {{0, 500, 1}}, 500);
    REQUIRE(segments.size() == 1);
    CHECK(segments[0].per == 1);
    CHECK(segments[0].rows == 500);
}

TEST_CASE("thinned segments cover every row once and keep to the room", "[view]") {
    const std::uint64_t rows = 1'000'003;
    const std::vector<std::vector<Window>> cases{{},
                                                 {{0, rows, 1}},
                                                 {{0, 50, 1}, {900'000, 50, 90'000}},
                                                 {{10, 400'000, 11}, {500'000, 20, 1}}};
    for (const std::vector<Window>& windows : cases) {
        for (const std::uint64_t room : {4U, 7U, 1000U, 65'537U}) {
            const std::vector<Segment> segments = segments_of(rows, windows, room);
            INFO(windows.size() << " windows, room for " << room);
            check_cover(segments, rows);
            CHECK(points_in(segments) <= (room < 100 ? room + 2 * segments.size() : room));
        }
    }
}

TEST_CASE("step-by-step windows are exact as far as half of the room goes", "[view]") {
    const std::vector<Segment> segments =
        segments_of(100'000, {{0, 50, 1}, {60'000, 30'000, 1}}, 1000);
    std::vector<std::uint64_t> exact;
    for (const Segment& one : segments)
        if (one.per == 1) exact.insert(exact.end(), {one.first, one.rows});
    CHECK(exact == std::vector<std::uint64_t>{0, 50, 60'000, 225, 89'775, 225});
}

TEST_CASE("windows are found where one step follows the other", "[view]") {
    const Peaked peaked;
    const StoredRun stored(peaked.path);
    const std::vector<Window> windows = windows_of(stored, stored.find("loss").axis);
    REQUIRE(windows.size() == 2);
    CHECK(windows[0].step == 1);
    CHECK(windows[0].rows == 201);  // with step 201, which the coarse table samples
    CHECK(windows[1].step == 3001);
    CHECK(windows[1].rows == 101);
    CHECK(stored.steps(stored.find("loss").axis, windows[1].first, 1).front() == 3001);
}

TEST_CASE("no peak and no dip is lost, whatever the thinning, and each stands at its steps",
          "[view]") {
    const Peaked peaked;
    const StoredRun stored(peaked.path);
    const StoredQuantity& v = stored.find("hidden.soma.v");
    for (const std::uint64_t room : {4U, 20U, 99U, 600U, 10'000U}) {
        INFO("room for " << room);
        const std::vector<Segment> segments = segments_of(v.rows, windows_of(stored, v.axis), room);
        const std::vector<double> steps = point_steps(stored, v.axis, segments);
        const std::vector<float> values = point_values(stored, v, {1, 2}, segments).numbers;
        REQUIRE(steps.size() == points_in(segments));
        REQUIRE(values.size() == 2 * steps.size());  // two phases of one cell
        int peaks = 0, dips = 0;
        for (std::size_t k = 0; k < steps.size(); ++k) {
            const std::size_t before = k > 0 ? k - 1 : k, after = std::min(k + 1, steps.size() - 1);
            CHECK((values[2 * k] == 0.0F || values[2 * k] == -3.0F));
            CHECK((values[2 * k + 1] == 0.0F || values[2 * k + 1] == 7.0F));
            if (values[2 * k + 1] == 7.0F) {
                ++peaks;
                CHECK((steps[before] <= 2011.0 && steps[after] >= 2011.0));
            }
            if (values[2 * k] == -3.0F) {
                ++dips;
                CHECK((steps[before] <= 411.0 && steps[after] >= 411.0));
            }
        }
        CHECK(peaks == 1);
        CHECK(dips == 1);
    }
}

TEST_CASE("exact points are the rows of the file", "[view]") {
    const Peaked peaked;
    const StoredRun stored(peaked.path);
    const StoredQuantity& loss = stored.find("loss");
    const std::vector<Segment> segments =
        segments_of(loss.rows, windows_of(stored, loss.axis), 1000);
    CHECK(segments.size() == 1);
    const std::vector<double> steps = point_steps(stored, loss.axis, segments);
    const std::vector<float> values = point_values(stored, loss, {0, 9}, segments).numbers;
    REQUIRE(steps.size() == loss.rows);
    for (std::size_t k = 0; k < steps.size(); ++k)
        CHECK(static_cast<double>(values[k]) == steps[k]);
}

TEST_CASE("the mean of a block is over its rows", "[view]") {
    Recordable model;
    const SlotId number = model.slot(Shape::scalar, 1);
    model.quantity("loss", "/signals/loss", {number}, false);
    State state(model.program);
    const TemporaryDirectory directory;
    {
        NamedRecorder recorder(model.program, {recording("loss", {"loss"}, 1, 1, 100)},
                               description(), directory / "run.h5", Replacing::yes);
        run(recorder, state, 1, 100, [&](std::int64_t step, std::size_t) {
            *state.data(number) = step <= 3 ? std::nan("") : static_cast<double>(step);
        });
        recorder.close(100, 0.0);
    }
    const StoredRun stored(directory / "run.h5");
    // Means of 4..25 without the steps that are not a number, then 26..50, 51..75, 76..100.
    CHECK(block_means(stored, stored.find("loss"), 4) ==
          std::vector<float>{14.5F, 38.0F, 63.0F, 88.0F});
}

TEST_CASE("every row is of one block, in which its mean is taken", "[view]") {
    for (const std::uint64_t rows : {401U, 999U, 1000U, 54'321U}) {
        CHECK(first_of_block(0, 200, rows) == 0);
        CHECK(first_of_block(200, 200, rows) == rows);
        for (std::uint64_t b = 0; b < 200; ++b) {
            // Row r is of block floor(200 r / rows).
            const std::uint64_t first = first_of_block(b, 200, rows),
                                last = first_of_block(b + 1, 200, rows) - 1;
            CHECK(200 * first / rows == b);
            CHECK(200 * last / rows == b);
        }
    }
}

TEST_CASE("what a float cannot hold is a gap and counted, and takes no peak with it", "[view]") {
    constexpr double inf = std::numeric_limits<double>::infinity();
    std::vector<double> numbers{1.0, 1e300, -2.0, -inf, 3.4e38, std::nan(""), inf, -3.5e38};
    CHECK(drop_beyond(numbers) == 4);
    for (const std::size_t k : {1U, 3U, 5U, 6U, 7U}) CHECK(std::isnan(numbers[k]));
    CHECK(numbers[0] == 1.0);
    CHECK(numbers[2] == -2.0);
    CHECK(numbers[4] == 3.4e38);
}

TEST_CASE("a step that two axes sampled counts once", "[view]") {
    Recordable model;
    const SlotId a = model.slot(Shape::scalar, 1), b = model.slot(Shape::scalar, 1);
    model.quantity("a", "/signals/a", {a}, false);
    model.quantity("b", "/signals/b", {b}, false);
    State state(model.program);
    const TemporaryDirectory directory;
    {
        NamedRecorder recorder(
            model.program, {recording("a", {"a"}, 10, 1, 100), recording("b", {"b"}, 1, 90, 99)},
            description(), directory / "run.h5", Replacing::yes);
        run(recorder, state, 1, 100, [](std::int64_t, std::size_t) {});
        recorder.close(100, 0.0);
    }
    const StoredRun stored(directory / "run.h5");
    REQUIRE(stored.axes().size() == 2);
    CHECK(steps_sampled(stored, {}) == 0);
    CHECK(steps_sampled(stored, {0}) == 10);
    CHECK(steps_sampled(stored, {0, 1}) == 19);  // 91 twice
}

TEST_CASE("nobody gets more room than he needs, and the others share what is left", "[view]") {
    using Shares = std::vector<std::uint64_t>;
    CHECK(shares_of(100, {10, 80, 30}) == Shares{10, 60, 30});
    CHECK(shares_of(100, {200, 20, 200}) == Shares{40, 20, 40});
    CHECK(shares_of(1000, {1, 2, 3}) == Shares{1, 2, 3});
    CHECK(shares_of(0, {5, 0}) == Shares{0, 0});
    CHECK(shares_of(7, {}).empty());
}

TEST_CASE("packed numbers are little-endian words in base64", "[view]") {
    // RFC 4648, section 10.
    const std::pair<std::string, std::string> known[] = {{"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"foobar", "Zm9vYmFy"}};
    for (const auto& [text, coded] : known) {
        Packed packed;
        packed.add(std::vector<char>(text.begin(), text.end()));
        CHECK(packed.base64() == coded);
    }
    Packed packed;
    CHECK(packed.add(std::vector<float>{1.0F}) == 0);
    CHECK(packed.add(std::vector<double>{2.0}) == 1);
    CHECK(packed.add(std::vector<float>{}) == 3);
    CHECK(packed.words() == 3);
    CHECK(packed.base64() == "AACAPwAAAAAAAABA");  // 00 00 80 3f, 00 00 00 00 00 00 00 40
}
