// Images and their classes: IDX files, and bars.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/data/idx_files.hpp"
#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

namespace {

using namespace idx_tests;

constexpr char files[] =
    "train_files = [\"images\", \"labels\"]\ntest_files = [\"t-images\", \"t-labels\"]\n";

// Twelve images to learn from, of four classes, and three others.
void write_files(const TemporaryFolder& folder) {
    folder.write("images", images(12, 2, 3, pixels(12, 6)));
    folder.write("labels", labels(classes(12, 4)));
    folder.write("t-images", images(3, 2, 3, pixels(3, 6)));
    folder.write("t-labels", labels({2, 0, 1}));
}

// The image that a step shows, by its first pixel.
std::size_t shown_image(const Example& shown) {
    const auto first = static_cast<std::uint8_t>(std::lround(shown.input(0) * 255.0));
    for (std::size_t i = 0; i < 12; ++i)
        if (pixel(i, 0) == first) return i;
    FAIL("an image that was not written");
    return 0;
}

std::string refused(const std::string& toml, const TemporaryFolder& folder) {
    const auto error = error_of([&] { made(toml, 1, folder.path()); });
    REQUIRE(error);
    return error->what();
}

}  // namespace

TEST_CASE("mnist shows an image of its file in each step, and each once in an epoch",
          "[task][mnist]") {
    const TemporaryFolder folder;
    write_files(folder);
    const Presented task =
        made(std::string("kind = \"mnist\"\nclasses = 4\n") + files, 1, folder.path());
    REQUIRE(task->shape().inputs == 6);
    REQUIRE(task->shape().outputs == 4);
    CHECK(task->shape().readout == Activation::softmax);
    CHECK(task->steps() == -1);
    CHECK(task->trial(0).steps == 1);
    CHECK(task->counts() == std::vector<std::string>{"stimulus"});
    std::set<std::vector<std::size_t>> orders;
    for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
        std::vector<std::size_t> order;
        for (std::int64_t k = 1; k <= 12; ++k) {
            const Example shown = presented(task, 12 * epoch + k);
            const std::size_t i = shown_image(shown);
            order.push_back(i);
            for (std::size_t p = 0; p < 6; ++p)
                CHECK(shown.input(Eigen::Index(p)) == pixel(i, p) * (1.0 / 255.0));
            CHECK(shown.label == Eigen::VectorXd::Unit(4, Eigen::Index(i % 4)));
            CHECK(task->trial(12 * epoch + k - 1).type == int(i % 4));
        }
        CHECK(std::set<std::size_t>(order.begin(), order.end()).size() == 12);
        orders.insert(order);
    }
    CHECK(orders.size() == 3);
    // Four classes as often: ln 4.
    CHECK(task->bounds().front().loss == Approx(std::log(4.0)).epsilon(1e-12));
}

TEST_CASE("an evaluation of mnist shows its test images once in their order", "[task][mnist]") {
    const TemporaryFolder folder;
    write_files(folder);
    const std::string text = std::string("kind = \"mnist\"\nclasses = 4\nhold = 2\n") + files;
    const Presented task = made_in(text, folder, "");
    CHECK(task->steps() == 6);
    CHECK(task->splits() == std::vector<std::string>{"train", "test"});
    const std::vector<int> expected = {2, 2, 0, 0, 1, 1};
    for (std::int64_t step = 1; step <= 6; ++step) {
        const Example shown = presented(task, step);
        CHECK(shown_image(shown) == std::size_t(step - 1) / 2);
        CHECK(shown.label == Eigen::VectorXd::Unit(4, expected[std::size_t(step - 1)]));
    }
    const Presented train = made_in(text, folder, "train");
    CHECK(train->steps() == 24);
    for (std::int64_t i = 0; i < 12; ++i)
        CHECK(shown_image(presented(train, 2 * i + 1)) == std::size_t(i));
}

TEST_CASE("shares of mnist's images are held back for validation, by draws of the run's seed",
          "[task][mnist]") {
    const TemporaryFolder folder;
    constexpr std::size_t count = 4'000;
    folder.write("images", images(count, 1, 2, pixels(count, 2)));
    folder.write("labels", labels(classes(count, 4)));
    const std::string text =
        "kind = \"mnist\"\nclasses = 4\ntrain_files = [\"images\", \"labels\"]\nsplit = [0.75, "
        "0.25]";
    const Presented train = made_in(text, folder, "train"),
                    validation = made_in(text, folder, "validation");
    CHECK(train->steps() + validation->steps() == count);
    CHECK(std::abs(double(train->steps()) - 0.75 * count) < 3.0 * std::sqrt(count * 0.75 * 0.25));
    CHECK(train->splits() == std::vector<std::string>{"train", "validation"});
    // Image k is of the class k mod 4: the two parts have each class as often as all have.
    std::size_t found = 0;
    for (std::int64_t k = 0; k < validation->steps(); ++k) found += validation->trial(k).type == 0;
    CHECK(std::abs(double(found) - 250.0) < 3.0 * std::sqrt(250.0));
}

TEST_CASE("sequential_mnist shows rows or pixels of an image, and asks behind it",
          "[task][mnist]") {
    const TemporaryFolder folder;
    write_files(folder);
    const std::string text =
        std::string("kind = \"sequential_mnist\"\nclasses = 4\nshuffle = false\n") + files;
    for (const bool by_row : {true, false}) {
        const Presented task =
            made(text + (by_row ? "pixels = \"row\"" : "decision = 2"), 1, folder.path());
        const std::int64_t parts = by_row ? 2 : 6, each = by_row ? 3 : 1, asked = by_row ? 1 : 2;
        REQUIRE(task->shape().inputs == each);
        REQUIRE(task->trial(0).steps == parts + asked);
        CHECK(task->counts() == std::vector<std::string>{"decision"});
        for (std::int64_t i = 0; i < 12; ++i) {
            for (std::int64_t t = 0; t < parts + asked; ++t) {
                const Example shown = presented(task, i * (parts + asked) + t + 1);
                if (t >= parts) {
                    CHECK(shown.input.isZero());
                    CHECK(shown.label == Eigen::VectorXd::Unit(4, i % 4));
                    continue;
                }
                CHECK(shown.label.isZero());
                for (std::int64_t p = 0; p < each; ++p)
                    CHECK(shown.input(p) ==
                          pixel(std::size_t(i), std::size_t(t * each + p)) * (1.0 / 255.0));
            }
        }
    }
}

TEST_CASE("targets are labels of squared errors, whose bound is half their variance",
          "[task][mnist]") {
    const TemporaryFolder folder;
    write_files(folder);
    const std::string text = std::string("kind = \"mnist\"\nclasses = 4\n") + files;
    const Presented task =
        made(text + "readout = \"linear\"\ntargets = [0.1, 0.8]\n", 1, folder.path());
    CHECK(task->shape().readout == Activation::linear);
    CHECK(task->asks_class());
    for (std::int64_t step = 1; step <= 12; ++step) {
        const Example shown = presented(task, step);
        for (int k = 0; k < 4; ++k)
            CHECK(shown.label(k) == (k == int(shown_image(shown) % 4) ? 0.8 : 0.1));
    }
    // Each output is 0.8 in a quarter of the trials: 0.7^2 (1/4) (3/4) / 2.
    CHECK(task->bounds().front().loss == Approx(0.49 * 3.0 / 16.0 / 2.0).epsilon(1e-12));
    CHECK_THAT(refused(text + "targets = [0.1, 0.8]", folder),
               Catch::Contains("expected readout = \"linear\" beside them"));
    CHECK_THAT(refused(text + "readout = \"linear\"\ntargets = [0.8, 0.1]", folder),
               Catch::Contains("and a larger one of the right class"));
}

TEST_CASE("files of mnist that do not fit each other are refused", "[task][mnist]") {
    const TemporaryFolder folder;
    write_files(folder);
    const std::string task = "kind = \"mnist\"\n";
    using Catch::Contains;
    CHECK_THAT(refused(task + "train_files = [\"images\", \"t-labels\"]", folder),
               Contains("\"images\" is an IDX file of 12 images, \"t-labels\" of 3 labels"));
    CHECK_THAT(refused(task + "train_files = [\"labels\", \"images\"]", folder),
               Contains("it is one of labels"));
    CHECK_THAT(refused(task + "train_files = [\"images\"]", folder),
               Contains("is a list of 1; expected two files"));
    CHECK_THAT(refused(task + "classes = 3\n" + files, folder),
               Contains("label 3 of \"labels\" is 3; expected one of 0 to 2, or task.classes = 4"));
    CHECK_THAT(refused(task, folder), Contains("\"mnist\" needs the key \"train_files\""));
    CHECK_THAT(refused(task + files + "split = \"column\"", folder), Contains("[0.9, 0.1]"));
    CHECK_THAT(refused(task + files + "split = [0.9, 0.2]", folder), Contains("that sum to 1"));
    CHECK_THAT(refused("kind = \"sequential_mnist\"\ndecision = 0\n" + std::string(files), folder),
               Contains("task.decision is 0"));
}

TEST_CASE("bars are the eight rows, columns and diagonals of 3 x 3, with their bounds",
          "[task][bars]") {
    const Presented task = made("kind = \"bars\"");
    REQUIRE(task->shape().inputs == 9);
    REQUIRE(task->shape().outputs == 3);
    std::map<std::string, int> seen;
    constexpr std::int64_t epochs = 5;
    for (std::int64_t step = 1; step <= 8 * epochs; ++step) {
        const Example shown = presented(task, step);
        std::string text;
        for (const double x : shown.input) text += x == 1.0 ? '#' : x == 0.0 ? '.' : '?';
        Eigen::Index kind = 0;
        REQUIRE(shown.label.maxCoeff(&kind) == 1.0);
        REQUIRE(shown.label.sum() == 1.0);
        ++seen[fmt::format("{} {}", text, kind)];
    }
    const std::vector<std::string> expected = {"###...... 0", "...###... 0", "......### 0",
                                               "#..#..#.. 1", ".#..#..#. 1", "..#..#..# 1",
                                               "#...#...# 2", "..#.#.#.. 2"};
    REQUIRE(seen.size() == 8);
    for (const std::string& one : expected) CHECK(seen[one] == epochs);
    CHECK(task->bounds().front().loss == Approx(1.082196).margin(1e-6));
}

}  // namespace apical::task_tests
