// The recipes of docs/reading-runs.md work, on a run that ended and on one that goes on.
#include <sstream>

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// All blocks of Python of the page, one after the other, as a reader would run them.
std::string recipes() {
    std::istringstream page(content_of(std::string(APICAL_SOURCE_DIR) + "/docs/reading-runs.md"));
    std::string all, line;
    bool inside = false;
    while (std::getline(page, line)) {
        if (line.starts_with("```")) {
            inside = line == "```python";
        } else if (inside) {
            all += line + '\n';
        }
    }
    return all;
}

Outcome run_recipes(const TemporaryFolder& folder) {
    const std::string script = folder.write("recipes.py", recipes());
    return Running(folder, {"/usr/bin/python3", "-W", "error", script}).wait();
}

void check_figures(const TemporaryFolder& folder) {
    for (const char* figure : {"voltage.png", "weights.png", "loss.png"}) {
        INFO(figure);
        CHECK(std::filesystem::file_size(folder / figure) > 5000);
        CHECK(content_of(folder / figure).substr(1, 3) == "PNG");
    }
}

}  // namespace

TEST_CASE("the recipes for reading runs work on a run that ended", "[docs][reading]") {
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder, {"run", path_of_shipped("dni_b"), "-q", "--steps", "300", "-o",
                               "runs/reading.h5"})
                .code == 0);
    const Outcome outcome = run_recipes(folder);
    INFO(outcome.err);
    CHECK(outcome.err.empty());
    REQUIRE(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("hidden.apical.v ") &&
                                Catch::Contains("| steps: 300\n") &&
                                Catch::Contains("step 300: loss 0."));
    check_figures(folder);
}

TEST_CASE("the recipes for reading runs work on a run that goes on", "[docs][reading]") {
    const TemporaryFolder folder;
    const Running run(folder,
                      apical_command({"run", path_of_shipped("dni_b"), "-q", "--steps",
                                      "10_000_000_000", "--set", "record.loss.every=1_000", "--set",
                                      "record.coarse.every=10_000_000", "-o", "runs/reading.h5"}),
                      "run", "");
    REQUIRE(comes_true([&] {
        const std::string all = apical_in(folder, {"inspect", "runs/reading.h5"}).out;
        return !all.empty() && all.find(" 0 rows") == std::string::npos;
    }));
    const Outcome outcome = run_recipes(folder);
    INFO(outcome.err);
    CHECK(outcome.err.empty());
    REQUIRE(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("| steps: -1\n"));
    check_figures(folder);
}

TEST_CASE("the table that the page shows is what export prints", "[docs][reading]") {
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder, {"run", path_of_shipped("dni_b"), "-q", "--steps", "300", "-o",
                               "runs/reading.h5"})
                .code == 0);
    const std::string page = content_of(std::string(APICAL_SOURCE_DIR) + "/docs/reading-runs.md");
    const std::string command =
        "$ ./apical export runs/reading.h5 --csv - --what hidden.apical.v "
        "loss --steps 1:2 --cells 0:2\n";
    const std::size_t begin = page.find(command) + command.size();
    REQUIRE(page.find(command) != std::string::npos);
    const Outcome outcome =
        apical_in(folder, {"export", "runs/reading.h5", "--csv", "-", "--what", "hidden.apical.v",
                           "loss", "--steps", "1:2", "--cells", "0:2"});
    CHECK(page.substr(begin, page.find("```", begin) - begin) == outcome.out);
}
