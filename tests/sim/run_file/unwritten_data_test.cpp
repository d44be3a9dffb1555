// Fill values are no data: what was never written is refused.
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// A folder with a model of the task "file", and "data.h5" as a script makes it: f is the file, x
// and y are numbers that fit.
struct FolderOfTask {
    TemporaryFolder folder;

    explicit FolderOfTask(const std::string& script) {
        python(
            "import h5py, numpy\nx, y = numpy.ones((30, 2)), numpy.ones((30, 2)) / 2\n"
            "with h5py.File(argv[1] + '/data.h5', 'w') as f:\n"
            "    f['z'] = x\n" +
                script,
            {folder.path()});
    }
    Outcome check() const {
        return apical_in(folder, {"run", path_of_shipped("rflo"), "-q", "--steps", "20", "-o",
                                  folder / "r.h5", "--force", "--set", "task.kind=\"file\"",
                                  "--set", "task.path=" + toml_text(folder / "data.h5")});
    }
};

const std::string sources = R"(
    with h5py.File(argv[1] + '/source.h5', 'w') as s: s['a'] = x
    layout = h5py.VirtualLayout((30, 2), 'f8')
)";

void check_refused(const std::string& script, const std::string& phrase) {
    INFO(script);
    const Outcome outcome = FolderOfTask(script).check();
    INFO(outcome.err);
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Catch::Contains("data.h5") && Catch::Contains(phrase));
}

}  // namespace

TEST_CASE("a dataset that nobody wrote is refused, also when it is a part", "[task][data]") {
    CHECK(FolderOfTask("    f['x'] = x; f['y'] = y\n").check().code == 0);
    check_refused("    f['x'] = x; f.create_dataset('y', (30, 2), 'f8')\n", "never written");
    check_refused("    f['y'] = y; f.create_dataset('x', (30, 2), 'f8', chunks=(10, 2))[:20] = 1\n",
                  "never written");
}

TEST_CASE("a virtual dataset whose source is missing is refused", "[task][data]") {
    check_refused(sources +
                      "    layout[:] = h5py.VirtualSource('source.h5', 'b', (30, 2))\n"
                      "    f.create_virtual_dataset('x', layout); f['y'] = y\n",
                  "in other files");
}
