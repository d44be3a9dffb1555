// A plain copy of a run file, also of one whose run goes on.
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// The loss of so many steps, as a reader finds it that does not know how HDF5 files grow.
std::string losses_in(const std::string& path) {
    return python("import h5py\nwith h5py.File(argv[1]) as f:\n  print(f['signals/loss'][:200])\n",
                  {path});
}

}  // namespace

TEST_CASE("the plain copy of a run that ended has its bytes", "[export]") {
    const TemporaryFolder folder;
    REQUIRE(
        apical_in(folder, {"run", path_of_shipped("dni_b"), "--steps", "50", "-o", "a.h5"}).code ==
        0);
    const Outcome copied = apical_in(folder, {"export", "a.h5", "--hdf5", "new/b.h5"});
    CHECK(copied.out == "hdf5     new/b.h5 (up to step 50)\n");
    CHECK(content_of(folder / "new/b.h5") == content_of(folder / "a.h5"));
}

TEST_CASE("a run that goes on can be copied, and the copy be opened as any file", "[export]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command({"run", path_of_shipped("rflo"), "--set",
                                            "run.steps=100000000", "-o", "grows.h5", "-q", "--set",
                                            "record={ it = { what = \"loss\" } }"}));
    REQUIRE(comes_true([&] {
        return std::filesystem::is_regular_file(folder / "grows.h5") &&
               StoredRun(folder / "grows.h5").last_step() >= 200;
    }));
    const Outcome copied = apical_in(folder, {"export", "grows.h5", "--hdf5", "copy.h5"});
    INFO(copied.err);
    REQUIRE(copied.code == 0);
    const StoredRun copy(folder / "copy.h5");
    CHECK(copy.was_closed());
    CHECK(copy.last_step() >= 200);
    CHECK_THAT(copy.failure(), Catch::StartsWith("copied up to step "));
    running.interrupt();
    running.wait();
    CHECK(losses_in(folder / "copy.h5") == losses_in(folder / "grows.h5"));
}

TEST_CASE("what a plain copy cannot be is answered", "[export]") {
    const TemporaryFolder folder;
    REQUIRE(
        apical_in(folder, {"run", path_of_shipped("rflo"), "--steps", "5", "-o", "a.h5"}).code ==
        0);
    const auto refused = [&](std::vector<std::string> more, int code, const std::string& why) {
        more.insert(more.begin(), {"export", "a.h5", "--hdf5"});
        const Outcome outcome = apical_in(folder, more);
        CHECK(outcome.code == code);
        CHECK_THAT(outcome.err, Catch::Contains(why));
    };
    refused({"a.h5", "--force"}, 73, "it is what the command reads");
    refused({"b.h5", "--what", "loss"}, 2, "a plain copy has all that was recorded");
    refused({"b.h5", "--steps", "1:2"}, 2, "a plain copy has all that was recorded");
    folder.write("b.h5", "mine");
    refused({"b.h5"}, 73, "exists; use --force");
    CHECK(content_of(folder / "b.h5") == "mine");
}
