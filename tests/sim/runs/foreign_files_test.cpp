// Files of others: pipes, links to elsewhere, and run files that another program has open or
// changed.
#include <sys/stat.h>

#include "tests/sim/runs/small_model.hpp"

namespace apical::file_tests {

TEST_CASE("a pipe in place of a file is refused, not waited for", "[files]") {
    const TemporaryFolder folder;
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    folder.write("m.toml", small);
    REQUIRE(
        apical_in(folder, {"run", "m.toml", "-o", "a.h5", "--set", "checkpoint.every=10"}).code ==
        0);
    std::filesystem::remove(folder / "a.h5.20.checkpoint");
    REQUIRE(mkfifo((folder / "a.h5.20.checkpoint").c_str(), 0600) == 0);
    const std::vector<std::pair<Words, int>> commands = {
        {{"inspect", "pipe"}, 65},
        {{"plot", "pipe", "loss", "-o", "f.svg"}, 65},
        {{"view", "pipe", "-o", "f.html"}, 65},
        {{"export", "pipe", "--csv", "-", "--what", "loss"}, 65},
        {{"resume", "pipe"}, 65},
        {{"recover", "pipe"}, 65},
        {{"report", "pipe"}, 65},
        {{"run", "pipe"}, 66},
        {{"sweep", "pipe"}, 66},
        {{"run", "m.toml", "-o", "pipe"}, 73},
        {{"run", "m.toml", "-o", "pipe", "--force"}, 73},
        {{"fork", "a.h5", "--at", "20", "-o", "b.h5"}, 65},
        {{"run", "m.toml", "--set", "synapses.W_out.init={ file = \"pipe\", dataset = \"W\" }"},
         65},
        {{"run", "m.toml", "--set", "task={ kind = \"file\", path = \"pipe\" }"}, 65},
    };
    for (const auto& [command, code] : commands) {
        CAPTURE(command);
        CHECK(apical_in(folder, command).code == code);
    }
}

TEST_CASE("a dataset whose numbers are in another file is refused", "[files]") {
    const TemporaryFolder folder;
    write_data(folder);
    folder.write("m.toml", small);
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    python(
        "import h5py, numpy, os\nos.chdir(argv[1])\n"
        "with h5py.File('far.h5', 'w') as f:\n"
        "    f['to_pipe'] = h5py.ExternalLink('pipe', '/W')\n"
        "    f['to_data'] = h5py.ExternalLink('data.h5', '/W')\n"
        "    f['group'] = h5py.ExternalLink('data.h5', '/')\n"
        "    f['soft'] = h5py.SoftLink('/to_data')\n"
        "    f.create_dataset('raw', (2, 2), 'f8', external=[('pipe', 0, h5py.h5f.UNLIMITED)])\n"
        "    for name, source in ('here', 'data.h5'), ('gone', 'none.h5'), ('fifo', 'pipe'):\n"
        "        layout = h5py.VirtualLayout((2, 2), 'f8')\n"
        "        layout[:] = h5py.VirtualSource(source, 'W', (2, 2))\n"
        "        f.create_virtual_dataset(name, layout, fillvalue=7)\n"
        "    f['own'] = numpy.ones((2, 2)); f['soft_own'] = h5py.SoftLink('/own')",
        {folder.path()});
    const auto code_of = [&](const std::string& name) {
        return apical_in(folder,
                         {"run", "m.toml", "-o", name + ".h5", "--set",
                          "synapses.W_out.init={ file = \"far.h5\", dataset = \"" + name + "\" }"});
    };
    for (const char* name :
         {"to_pipe", "to_data", "group/W", "soft", "raw", "here", "gone", "fifo"}) {
        CAPTURE(name);
        const Outcome outcome = code_of(name);
        CHECK(outcome.code == 65);
        CHECK_THAT(outcome.err, Catch::Contains("far.h5"));
        CHECK_THAT(outcome.err, !Catch::Contains("damaged"));
    }
    CHECK(code_of("own").code == 0);
    CHECK(code_of("soft_own").code == 0);
}

TEST_CASE("a run that another program opened for writing is not damaged", "[files]") {
    const TemporaryFolder folder;
    folder.write("m.toml", small);
    REQUIRE(apical_in(folder, {"run", "m.toml", "-o", "run.h5"}).code == 0);
    python(
        "import h5py, os\n"
        "if os.fork() == 0:\n"
        "    run = h5py.File(argv[1], 'a'); run.attrs['note'] = 'mine'; run.flush(); os._exit(0)\n"
        "os.wait()",
        {folder / "run.h5"});
    const Outcome outcome = apical_in(folder, {"inspect", "run.h5"});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err,
               Catch::Contains("is open for writing in another program, or was left so "
                               "by one that was killed") &&
                   Catch::Contains("h5clear -s run.h5") && !Catch::Contains("damaged"));
    CHECK(apical_in(folder, {"recover", "run.h5"}).code == 0);
    CHECK(apical_in(folder, {"inspect", "run.h5"}).code == 0);
    CHECK(python("import h5py\nprint(h5py.File(argv[1], 'r').attrs['note'])",
                 {folder / "run.h5"}) == "mine\n");
}

TEST_CASE("a run that another program has open for writing is left alone", "[files]") {
    const TemporaryFolder folder;
    folder.write("m.toml", small);
    REQUIRE(apical_in(folder, {"run", "m.toml", "-o", "run.h5"}).code == 0);
    Running notebook(folder, {"/usr/bin/python3", "-c",
                              "import h5py, time\nrun = h5py.File('run.h5', 'a')\n"
                              "open('opened', 'w')\ntime.sleep(100)"});
    REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "opened"); }));
    const Outcome outcome = apical_in(folder, {"recover", "run.h5"});
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("is open for writing in another program"));
}

TEST_CASE("recover leaves a file that is whole as it is", "[files]") {
    const TemporaryFolder folder;
    folder.write("m.toml", small);
    REQUIRE(apical_in(folder, {"run", "m.toml", "-o", "run.h5"}).code == 0);
    python("import h5py\nh5py.File(argv[1], 'a').attrs['note'] = 'mine'", {folder / "run.h5"});
    const std::string before = content_of(folder / "run.h5");
    CHECK(apical_in(folder, {"recover", "run.h5"}).code == 0);
    CHECK((content_of(folder / "run.h5") == before));
}

}  // namespace apical::file_tests
