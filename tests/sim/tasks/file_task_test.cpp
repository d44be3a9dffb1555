#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

TEST_CASE("a file's rows are presented one a step until they end", "[task][file]") {
    TemporaryHdf5 file;
    file.write("x", {3, 2}, {1, 2, 3, 4, 5, 6});
    file.write("y", {3, 2}, {0.25, 0.75, 0.5, 0.5, 0.75, 0.25});
    file.close();
    const std::string toml = fmt::format("kind = \"file\"\npath = \"{}\"", file.name());
    const auto task = made(toml, 1, file.directory());
    REQUIRE(task->shape().inputs == 2);
    REQUIRE(task->shape().outputs == 2);
    REQUIRE(task->shape().readout == Activation::softmax);
    REQUIRE(task->steps() == 3);
    for (int step = 1; step <= 3; ++step) {
        const Example e = presented(task, step);
        REQUIRE(e.input == Eigen::Vector2d(2 * step - 1, 2 * step));
        REQUIRE(e.label == Eigen::Vector2d(0.25 * step, 1 - 0.25 * step));
    }
}

TEST_CASE("a repeated file starts again after its last row and has no end", "[task][file]") {
    TemporaryHdf5 file;
    file.write("inputs", {3, 1}, {1, 2, 3});
    file.write("labels", {3, 1}, {7, 8, 9});
    file.close();
    const auto task =
        made(fmt::format("kind = \"file\"\npath = \"{}\"\nx = \"inputs\"\ny = \"labels\"\n"
                         "repeat = true\nreadout = \"linear\"",
                         file.name()),
             1, file.directory());
    REQUIRE(task->steps() == -1);
    REQUIRE(task->shape().readout == Activation::linear);
    for (int step = 1; step <= 9; ++step) {
        REQUIRE(presented(task, step).input(0) == (step - 1) % 3 + 1);
        REQUIRE(presented(task, step).label(0) == (step - 1) % 3 + 7);
    }
}

// What h5py makes of numpy's booleans; HDF5 has no type of its own.
TEST_CASE("booleans of a file are 0 and 1, and other enumerations are refused", "[task][file]") {
    const TemporaryFolder folder;
    python(
        "import h5py, numpy\n"
        "x = numpy.array([[True, False], [False, False], [True, True]])\n"
        "colour = h5py.enum_dtype({'RED': 0, 'GREEN': 1, 'BLUE': 7}, basetype='i2')\n"
        "switch = h5py.enum_dtype({'ON': 1, 'OFF': 0}, basetype='>u4')\n"
        "with h5py.File(argv[1], 'w') as f:\n"
        "    f['x'] = x\n"
        "    f['y'] = x[:, :1]\n"
        "    f.create_dataset('switch', data=numpy.array(x, dtype='>u4'), dtype=switch)\n"
        "    f.create_dataset('colour', data=numpy.array(x, dtype='i2'), dtype=colour)\n"
        "    f['text'] = ['a', 'b', 'c']\n",
        std::vector<std::string>{folder / "d.h5"});
    const std::string task = "kind = \"file\"\npath = \"d.h5\"\nreadout = \"linear\"\n";
    for (const char* inputs : {"", "x = \"switch\"\n"}) {
        const auto made_of = made(task + inputs, 1, folder.path());
        CHECK(presented(made_of, 1).input == Eigen::Vector2d(1, 0));
        CHECK(presented(made_of, 2).input == Eigen::Vector2d(0, 0));
        CHECK(presented(made_of, 3).input == Eigen::Vector2d(1, 1));
        CHECK(presented(made_of, 3).label(0) == 1);
    }
    const auto refused = [&](const std::string& inputs) {
        const auto error = error_of([&] { made(task + inputs, 1, folder.path()); });
        REQUIRE(error);
        return std::string(error->what());
    };
    CHECK_THAT(refused("x = \"colour\""),
               Catch::Contains("an enumeration") && Catch::Contains("uint8"));
    CHECK_THAT(refused("x = \"text\""), Catch::Contains("it is not of numbers; expected"));
}

TEST_CASE("a file whose inputs and labels differ in length is an error with both shapes",
          "[task][file]") {
    TemporaryHdf5 file;
    file.write("x", {3, 2}, {1, 2, 3, 4, 5, 6});
    file.write("y", {4}, {7, 8, 9, 10});
    file.write("cube", {1, 1, 1, 1}, {0});
    file.close();
    const std::string toml = fmt::format("kind = \"file\"\npath = \"{}\"\n", file.name());
    REQUIRE_THROWS_WITH(made(toml, 1, file.directory()), Catch::StartsWith("model.toml:2:8: ") &&
                                                             Catch::Contains("3 x 2") &&
                                                             Catch::Contains("labels 4"));
    REQUIRE_THROWS_WITH(made(toml + "x = \"cube\"", 1, file.directory()),
                        Catch::StartsWith("model.toml:3:5: ") && Catch::Contains("[1, 1, 1, 1]"));
    REQUIRE_THROWS_WITH(made("kind = \"file\""), Catch::Contains("path"));
}

}  // namespace apical::task_tests
