// The headline loss is one number over one window, whoever prints it.
#include <regex>

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

const std::string rflo_model = path_of_shipped("rflo");

// "loss     0.66567  mean of the last 200 steps"
std::string loss_line(const std::string& text) {
    static const std::regex line("(^|\n)loss +([^\n]*)");
    std::smatch found;
    INFO(text);
    REQUIRE(std::regex_search(text, found, line));
    return found[2];
}

struct Runs {
    TemporaryFolder folder;

    std::string out(std::vector<std::string> arguments) const {
        const Outcome outcome = apical_in(folder, arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return outcome.out;
    }
    std::string inspected(const std::string& name) const {
        return loss_line(out({"inspect", name}));
    }
};

// The mean over the rows of the steps behind `from`, up to the last.
std::string mean_behind(const std::string& path, int from) {
    return python(fmt::format("import h5py\nf = h5py.File(argv[1])\n"
                              "print('%.5f' % f['signals/loss'][{}:].mean())",
                              from),
                  {path});
}

}  // namespace

TEST_CASE("inspect prints the loss that the run printed, whatever was recorded of it",
          "[inspect]") {
    const Runs runs;
    const std::vector<std::string> run{"run", rflo_model, "-q", "--steps", "1505", "-o"};
    const auto with = [&](std::vector<std::string> more) {
        std::vector<std::string> all = run;
        all.insert(all.end(), more.begin(), more.end());
        return loss_line(runs.out(all));
    };
    const std::string all = with({"all.h5"});
    CHECK_THAT(all, Catch::EndsWith("mean of the last 150 steps"));
    CHECK_THAT(mean_behind(runs.folder / "all.h5", 1505 - 150),
               Catch::StartsWith(all.substr(0, 7)));
    CHECK(with({"some.h5", "--set", "record.loss.every=100"}) == all);
    CHECK(with({"end.h5", "--set", "record={ loss = { what = \"loss\", from = 1500 } }"}) == all);
    for (const char* name : {"all.h5", "some.h5", "end.h5"}) {
        INFO(name);
        CHECK(runs.inspected(name) == all);
    }
}

TEST_CASE("a fork's window has its own steps alone, and a resumed run that of the whole",
          "[inspect]") {
    const Runs runs;
    runs.out({"run", rflo_model, "-q", "--steps", "1000", "--set", "checkpoint.every=500", "--set",
              "checkpoint.keep=2", "-o", "a.h5"});
    for (const auto& [steps, window] : {std::pair{1500, 150}, std::pair{520, 20}}) {
        INFO(steps);
        const std::string fork = loss_line(
            runs.out({"fork", "a.h5", "--at", "500", "--set", fmt::format("run.steps={}", steps),
                      "-q", "-o", "f.h5", "--force"}));
        CHECK_THAT(fork, Catch::EndsWith(fmt::format("mean of the last {} steps", window)));
        CHECK_THAT(mean_behind(runs.folder / "f.h5", steps - 500 - window),
                   Catch::StartsWith(fork.substr(0, 7)));
        CHECK(runs.inspected("f.h5") == fork);
    }
}

TEST_CASE("an interrupted run says of how many steps its loss is the mean, and inspect the same",
          "[inspect]") {
    const Runs runs;
    Running running(runs.folder, apical_command({"run", rflo_model, "--steps", "50_000_000", "-q",
                                                 "-o", "long.h5", "--set", "record.loss.every=1"}));
    REQUIRE(comes_true([&] { return std::filesystem::exists(runs.folder / "long.h5"); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    running.interrupt();
    const Outcome outcome = running.wait();
    REQUIRE(outcome.code == 130);
    const std::string loss = loss_line(outcome.out);
    CHECK(runs.inspected("long.h5") == loss);
    const std::string said = python(
        "import h5py\nf = h5py.File(argv[1])\nn = f.attrs['final_loss_steps']\n"
        "s = f.attrs['steps_completed']\nassert s // 10 <= n <= 1.1 * s / 10 + 1, (s, n)\n"
        "print('%.5f  mean of the last %d steps' % (f['signals/loss'][-n:].mean(), n))",
        {runs.folder / "long.h5"});
    CHECK(said == loss + "\n");
}

TEST_CASE("the run file says how the output is read, and inspect, plot and recover believe it",
          "[inspect]") {
    const Runs runs;
    // A key of another task, which "add" passes over.
    runs.out({"run", rflo_model, "-q", "--steps", "50", "-o", "r.h5", "--set",
              "task.readout=\"linear\""});
    CHECK(
        python("import h5py\nf = h5py.File(argv[1])\na = f.attrs\n"
               "print(a['inputs'], a['outputs'], a['readout'].decode() if isinstance(a['readout'], "
               "bytes) else a['readout'], a['loss'], a['loss_units'], "
               "f['signals/loss'].attrs['units'])",
               {runs.folder / "r.h5"}) == "2 2 softmax cross-entropy nats nats\n");
    runs.out({"plot", "r.h5", "loss", "-o", "r.gp"});
    CHECK_THAT(content_of(runs.folder / "r.gp"), Catch::Contains("'loss (nats)'"));
    runs.out({"recover", "r.h5"});
    CHECK(python("import h5py\nf = h5py.File(argv[1])\nprint(f.attrs['readout'], "
                 "f['signals/loss'].attrs['units'])",
                 {runs.folder / "r.h5"}) == "softmax nats\n");
    // A file of 0.1.0 has none of these attributes.
    python(
        "import h5py\nf = h5py.File(argv[1], 'r+', libver=('v110', 'v110'))\n"
        "for name in ('inputs', 'outputs', 'readout', 'loss', 'loss_units', 'final_loss_steps'): "
        "del f.attrs[name]\nf.close()",
        {runs.folder / "r.h5"});
    runs.out({"plot", "r.h5", "loss", "-o", "r.gp"});
    CHECK_THAT(content_of(runs.folder / "r.gp"), Catch::Contains("'loss (nats)'"));
    CHECK_THAT(runs.inspected("r.h5"), Catch::EndsWith("mean of the last 5 steps"));
}
