// Runs of different data are no seeds of one model.
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

// Two folders with the same model beside other data of the same name.
struct TwoFolders : PlotRuns {
    TwoFolders() {
        for (const auto& [name, factor] : {std::pair{"A", 1}, std::pair{"B", -1}}) {
            std::filesystem::create_directory(folder / name);
            folder.write(std::string(name) + "/m.toml", content_of(path_of_shipped("rflo")));
            python(fmt::format("import h5py, numpy\nwith h5py.File(argv[1], 'w') as f:\n"
                               "    f['x'] = numpy.arange(80).reshape(40, 2) % 3\n"
                               "    f['y'] = {} * (numpy.arange(40.0) % 5)",
                               factor),
                   {folder / (std::string(name) + "/data.h5")});
        }
    }
    void run(const std::string& name, const std::string& from, int seed) const {
        const Outcome outcome = apical_in(folder, {"run", from + "/m.toml", "-q", "--steps", "40",
                                                   "--seed", std::to_string(seed), "--set",
                                                   "task={ kind = \"file\", path = \"data.h5\", "
                                                   "readout = \"linear\" }",
                                                   "-o", name});
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
    }
    // Expects a figure.
    Outcome drawn(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"-o", "f.gp"});
        const Outcome outcome = plot(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return outcome;
    }
};

}  // namespace

TEST_CASE("no mean is taken over runs of different data, and their curves get a note",
          "[plot][data]") {
    const TwoFolders runs;
    runs.run("a1.h5", "A", 1);
    runs.run("a2.h5", "A", 2);
    runs.run("b1.h5", "B", 1);
    runs.run("b2.h5", "B", 2);
    for (const char* other : {"b1.h5", "b2.h5"}) {
        const Outcome refused = runs.plot({"a1.h5", other, "loss", "--mean", "-o", "f.gp"});
        CHECK(refused.code == 2);
        CHECK_THAT(refused.err, Catch::Contains("differ in the data in data.h5:y"));
    }
    const Outcome alike = runs.drawn({"a1.h5", "a2.h5", "loss", "--mean"});
    CHECK(alike.err.empty());
    CHECK_THAT(content_of(runs.folder / "f.gp"), Catch::Contains("mean of 2 runs"));
    runs.drawn({"a1.h5", "b1.h5", "a2.h5", "b2.h5", "loss", "--mean"});
    CHECK(count(content_of(runs.folder / "f.gp"), "mean of 2 runs") >= 2);
    CHECK_THAT(runs.drawn({"a1.h5", "b1.h5", "loss"}).err,
               Catch::Contains("note: a1.h5 and b1.h5 read different data: data.h5:y"));
}

TEST_CASE("no mean is taken over a run and a fork, or over forks after different steps",
          "[plot][data]") {
    const PlotRuns runs;
    for (const std::string seed : {"1", "2"})
        runs.add(seed + ".h5", {"--steps", "60", "--seed", seed, "--set", "checkpoint.every=20",
                                "--set", "checkpoint.keep=3"});
    const auto fork = [&](const std::string& from, const std::string& at, const std::string& to) {
        const Outcome outcome = apical_in(runs.folder, {"fork", from, "--at", at, "-q", "-o", to});
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
    };
    fork("1.h5", "40", "1_40.h5");
    fork("2.h5", "40", "2_40.h5");
    fork("2.h5", "20", "2_20.h5");
    const auto refused = [&](const std::string& one, const std::string& other) {
        const Outcome outcome =
            runs.plot({one, other, "loss", "--mean", "--steps", "50:60", "-o", "f.gp"});
        INFO(one << " " << other);
        CHECK(outcome.code == 2);
        CHECK_THAT(outcome.err, Catch::Contains("the step that they were forked after"));
    };
    refused("1.h5", "2_40.h5");
    refused("1_40.h5", "2_20.h5");
    CHECK(runs.plot({"1_40.h5", "2_40.h5", "loss", "--mean", "-o", "f.gp"}).code == 0);
}
