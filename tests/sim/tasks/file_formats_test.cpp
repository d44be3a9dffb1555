// The task "file" with trials and splits, from tables and numpy's files.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

namespace {

std::string refused(const std::string& toml, const TemporaryFolder& folder,
                    const std::optional<std::string>& split = {}) {
    const auto error = error_of([&] { made_in(toml, folder, split); });
    REQUIRE(error);
    std::string what = error->what();
    for (std::size_t at; (at = what.find(folder.path() + "/")) != std::string::npos;)
        what.erase(at, folder.path().size() + 1);
    return what;
}

constexpr char table[] =
    "session,a,b,target,part,kind\n"
    "s1,1,10,0,train,4\ns1,2,20,0,train,4\n"
    "s2,3,30,1,test,5\n"
    "s3,4,40,2,train,6\ns3,5,50,2,train,6\ns3,6,60,2,train,6\n";

constexpr char of_table[] =
    "kind = \"file\"\npath = \"d.csv\"\nx = [\"b\", \"a\"]\ny = \"target\"\nclasses = 3\n"
    "trials = \"session\"\n";

}  // namespace

TEST_CASE("columns of a table are inputs, classes and trials", "[task][file]") {
    const TemporaryFolder folder;
    folder.write("d.csv", table);
    const Presented task = made_in(std::string(of_table) + "type = \"kind\"", folder);
    REQUIRE(task->shape().inputs == 2);
    REQUIRE(task->shape().outputs == 3);
    CHECK(task->steps() == 6);
    CHECK(task->asks_once());
    for (const auto& [k, steps, type] : {std::tuple{0, 2, 4}, {1, 1, 5}, {2, 3, 6}, {3, 2, 4}}) {
        CHECK(task->trial(k).steps == steps);
        CHECK(task->trial(k).type == type);
    }
    const std::vector<int> label = {0, 0, 1, 2, 2, 2};
    for (int step = 1; step <= 6; ++step) {
        const Example shown = presented(task, step);
        CHECK(shown.input == Eigen::Vector2d(10 * step, step));
        CHECK(shown.label == Eigen::VectorXd::Unit(3, label[std::size_t(step - 1)]));
    }
    CHECK(presented(task, 2).input(1) == 2);  // an earlier step begins again
    // Without types a trial's is its class.
    const Presented by_class = made_in(of_table, folder);
    CHECK(by_class->trial(1).type == 1);
    CHECK(by_class->trial(2).type == 2);
}

TEST_CASE("a split of a table is shown alone, to learn from or in an evaluation", "[task][file]") {
    const TemporaryFolder folder;
    folder.write("d.csv", table);
    const std::string text = std::string(of_table) + "split = \"part\"\nrepeat = true";
    const auto inputs = [&](const std::optional<std::string>& split, int steps) {
        const Presented task = made_in(text, folder, split);
        std::vector<double> all;
        for (int step = 1; step <= steps; ++step) all.push_back(presented(task, step).input(1));
        return all;
    };
    CHECK(inputs({}, 7) == std::vector<double>{1, 2, 4, 5, 6, 1, 2});
    CHECK(made_in(text, folder)->steps() == -1);
    CHECK(inputs("", 1) == std::vector<double>{3});
    CHECK(made_in(text, folder, "")->steps() == 1);
    CHECK(inputs("train", 5) == std::vector<double>{1, 2, 4, 5, 6});
    CHECK(made_in(text, folder)->splits() == std::vector<std::string>{"train", "test"});
    CHECK_THAT(refused(text, folder, "validation"),
               Catch::Contains("no trial of the data lies in the split \"validation\""));
}

TEST_CASE("rows of a table without trials are trials of one step where splits are asked for",
          "[task][file]") {
    const TemporaryFolder folder;
    std::string rows = "a,c\n";
    for (int i = 0; i < 1000; ++i) rows += fmt::format("{},{}\n", i, i % 2);
    folder.write("d.csv", rows);
    const std::string text =
        "kind = \"file\"\npath = \"d.csv\"\nx = \"a\"\ny = \"c\"\nclasses = 2\n"
        "split = [0.8, 0.1, 0.1]\nshuffle = true\nrepeat = true";
    std::set<double> all;
    std::vector<std::int64_t> sizes;
    for (const char* split : {"train", "validation", "test"}) {
        const Presented task = made_in(text, folder, split);
        sizes.push_back(task->steps());
        for (std::int64_t step = 1; step <= task->steps(); ++step)
            CHECK(all.insert(presented(task, step).input(0)).second);  // in one split alone
    }
    CHECK(all.size() == 1000);
    CHECK(std::abs(double(sizes[0]) - 800.0) < 3.0 * std::sqrt(160.0));
    CHECK(std::abs(double(sizes[1]) - 100.0) < 3.0 * std::sqrt(90.0));
    const Presented training = made_in(text, folder);
    std::vector<double> first, second;
    for (std::int64_t step = 1; step <= sizes[0]; ++step) {
        first.push_back(presented(training, step).input(0));
        second.push_back(presented(training, step + sizes[0]).input(0));
    }
    CHECK(first != second);
    std::ranges::sort(first);
    std::ranges::sort(second);
    CHECK(first == second);
}

TEST_CASE("arrays of numpy are trials, by their dimensions or by a table of them", "[task][file]") {
    const TemporaryFolder folder;
    python(
        "import numpy\n"
        "x = numpy.arange(24.0).reshape(3, 4, 2)\n"
        "y = numpy.arange(3.0).reshape(3, 1)\n"
        "steps = numpy.repeat(y, 4, axis=0).reshape(3, 4, 1)\n"
        "trials = {'trials/first': numpy.array([6, 0, 2]), 'trials/steps': numpy.array([4, 2, "
        "3])}\n"
        "numpy.savez(argv[1], x=x, y=y, steps=steps, flat=x.reshape(12, 2),\n"
        "            rows=steps.reshape(12, 1), split=numpy.array([2, 0, 0], 'u1'), **trials)\n",
        {folder / "d.npz"});
    const std::string text = "kind = \"file\"\npath = \"d.npz\"\nreadout = \"linear\"\n";
    for (const char* labels : {"", "y = \"steps\"\n"}) {
        const Presented task = made_in(text + labels, folder);
        CHECK(task->steps() == 12);
        CHECK(task->trial(2).steps == 4);
        CHECK(task->asks_once());
        for (int step = 1; step <= 12; ++step) {
            CHECK(presented(task, step).input == Eigen::Vector2d(2 * step - 2, 2 * step - 1));
            CHECK(presented(task, step).label(0) == (step - 1) / 4);
        }
    }
    const std::string stated = text + "x = \"flat\"\ny = \"rows\"\ntrials = \"trials\"\n";
    const Presented task = made_in(stated, folder);
    std::vector<double> first;
    for (int step = 1; step <= 9; ++step) first.push_back(presented(task, step).input(0) / 2.0);
    CHECK(first == std::vector<double>{6, 7, 8, 9, 0, 1, 2, 3, 4});
    CHECK_FALSE(task->asks_once());  // rows 2 to 4 are of two labels
    const Presented test = made_in(stated + "split = \"split\"", folder, "");
    CHECK(test->steps() == 4);
    CHECK(presented(test, 1).input(0) == 12);
}

TEST_CASE("what does not fit in a file with trials is said where it stands", "[task][file]") {
    const TemporaryFolder folder;
    using Catch::Contains;
    folder.write("d.csv", "a,c,s,t\n1,0,train,1\n2,1,tset,1\n3,2,test,2\n");
    const std::string text = "kind = \"file\"\npath = \"d.csv\"\nx = \"a\"\ny = \"c\"\n";
    CHECK_THAT(refused(text + "classes = 3\nsplit = \"s\"", folder),
               Contains("d.csv:3: \"tset\" is no split; expected train, validation, test. Did you "
                        "mean \"test\"?"));
    CHECK_THAT(refused(text + "classes = 3\ntrials = \"t\"\nsplit = \"s\"", folder),
               Contains("d.csv:3: \"s\" is \"tset\", and \"train\" where its trial began"));
    CHECK_THAT(refused(text + "classes = 2", folder),
               Contains("\"c\" is 2 in row 2; expected the number of a class, 0 to 1"));
    CHECK_THAT(refused(text + "classes = 3\ntype = \"s\"", folder),
               Contains("d.csv:2: \"train\" is no type of a trial"));
    CHECK_THAT(refused(text + "classes = 3\nshuffle = true", folder),
               Contains("only trials are shown in another order"));
    CHECK_THAT(refused("kind = \"file\"\npath = \"d.csv\"", folder),
               Contains("\"d.csv\" has no column \"x\""));
    CHECK_THAT(refused(text + "readout = \"linear\"\nsplit = [0.5, 0.6]", folder),
               Contains("the shares of task.split are 0.5, 0.6; expected two or three"));
    python(
        "import numpy\n"
        "numpy.savez(argv[1], x=numpy.zeros((5, 2)), y=numpy.zeros((4, 1)),\n"
        "            **{'trials/first': [0, 3], 'trials/steps': [3, 3]})\n",
        {folder / "d.npz"});
    const std::string arrays = "kind = \"file\"\npath = \"d.npz\"\nreadout = \"linear\"\n";
    CHECK_THAT(refused(arrays, folder), Contains("the inputs of \"d.npz\" are 5 x 2 and its labels "
                                                 "4 x 1; expected as many rows of both"));
    CHECK_THAT(
        refused(arrays + "trials = \"trials\"", folder),
        Contains("trial 1 is of 3 steps from row 3 on; expected at least one, and rows among "
                 "the 5 of the inputs"));
    CHECK_THAT(refused(arrays + "x = [\"x\", \"y\"]", folder), Contains("names 2 datasets"));
}

}  // namespace apical::task_tests
