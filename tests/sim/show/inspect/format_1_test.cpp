// Run files of format 1, written by version 0.1.0, are read as ever.
#include <cmath>

#include "sim/run_file/stored_run.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

std::string kept(const std::string& name) {
    return APICAL_SOURCE_DIR "/tests/data/format_1/" + name + ".h5";
}

using Steps = std::vector<std::int64_t>;

Steps steps_of(const StoredRun& run, const std::string& address) {
    const StoredQuantity& one = run.find(address);
    return run.steps(one.axis, 0, one.rows);
}

// The model that the file says it ran, run now, with everything in every step.
std::string run_anew(const StoredRun& old, const TemporaryFolder& folder, std::int64_t steps) {
    const std::string path = folder / "anew.toml";
    std::ofstream(path) << old.text(run_attribute::resolved);
    Model model =
        load_model(path, {fmt::format("run.steps={}", steps), "record={ all = { what = \"*\" } }"});
    model.output = folder / "anew.h5";
    run_model(model);
    return model.output;
}

// With rounding as strict as then only the activation may differ, by its last bit.
void has_numbers_of(const StoredRun& old, const StoredRun& now) {
    for (const StoredQuantity& one : old.quantities()) {
        const StoredQuantity& other = now.find(one.address);
        const Steps steps = steps_of(old, one.address);
        for (std::uint64_t row = 0; row < one.rows; ++row) {
            INFO(one.address << " in step " << steps[row]);
            const std::uint64_t there = now.row_of(other.axis, steps[row]);
            const std::vector<double> was = old.read(one, row, 1), is = now.read(other, there, 1);
            REQUIRE(was.size() == is.size());
            for (std::size_t k = 0; k < was.size(); ++k) CHECK(std::abs(was[k] - is[k]) < 1e-9);
        }
    }
}

}  // namespace

TEST_CASE("a file of format 1 has the steps that it says, and no step 0", "[format]") {
    const StoredRun dni_b(kept("dni_b")), rflo(kept("rflo")), killed(kept("killed"));
    CHECK(dni_b.format() == 1);
    CHECK(steps_of(dni_b, "hidden.apical.v") == Steps{1, 11, 21, 31});
    CHECK(steps_of(rflo, "W_rec") == Steps{1, 8, 15, 22, 29});
    CHECK(dni_b.axes().front().start_rows == 0);
    CHECK(killed.last_step() == 60);
    CHECK(killed.steps_completed() == -1);
    CHECK(dni_b.event_count() == 2 * 10);  // input, 2 phases of begin and end, 4 gates, step's end
}

TEST_CASE("a file of format 1 has the numbers that its model makes today", "[format]") {
    for (const auto& [name, steps] : {std::pair("dni_b", 40), {"rflo", 30}, {"killed", 60}}) {
        const TemporaryFolder folder;
        const StoredRun old(kept(name)), now(run_anew(old, folder, steps));
        has_numbers_of(old, now);
    }
}

TEST_CASE("every reader takes a file of format 1", "[format]") {
    for (const char* name : {"dni_b", "rflo", "killed"}) {
        INFO(name);
        const TemporaryFolder folder;
        const std::string run = folder / "run.h5";
        std::filesystem::copy_file(kept(name), run);
        const std::vector<std::vector<std::string>> commands = {
            {"inspect", run},
            {"inspect", run, "--at", "1"},
            {"export", run, "--csv", "table.csv", "--what", "loss", "hidden.r", "W_rec"},
            {"export", run, "--sonata", "folder"},
            {"view", run, "-o", "page.html"},
            {"plot", run, "loss", "-o", "loss.gp"},
            {"plot", run, "W_rec", "-o", "matrix.gp"},
            {"recover", run}};
        for (const std::vector<std::string>& command : commands) {
            const Outcome outcome = apical_in(folder, command);
            INFO(command[0] << ": " << outcome.err);
            CHECK(outcome.code == 0);
        }
        const StoredRun recovered(run), old(kept(name));
        CHECK(recovered.format() == 1);
        CHECK(steps_of(recovered, "W_rec") == steps_of(old, "W_rec"));
        CHECK(content_of(folder / "table.csv").find("\n0,") == std::string::npos);
    }
}

TEST_CASE("a file of a later format is refused, and says so", "[format]") {
    const TemporaryFolder folder;
    std::filesystem::copy_file(kept("rflo"), folder / "run.h5");
    python("import h5py\nwith h5py.File(argv[1], 'r+') as run: run.attrs['format'] = 3\n",
           {folder / "run.h5"});
    const Outcome outcome = apical_in(folder, {"inspect", "run.h5"});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Catch::Contains("is of format 3; expected 1 to 2"));
}
