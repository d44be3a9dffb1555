// A new run from what another one knew, with something changed; and plain files from killed ones.
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

struct Saved {
    TemporaryFolder folder;
    std::string path = folder / "run.h5", output = folder / "fork.h5";
    std::vector<std::string> notes;

    Saved() { run_model(saved_model(path_of_shipped("dni_b"), path)); }

    RunSummary forked(std::int64_t step, const std::vector<std::string>& overrides) {
        OpenCheckpoint checkpoint = checkpoint_at(path, step);
        const Model model = branched_model(checkpoint.head, path, overrides, output);
        return branch_run(model, path, std::move(checkpoint), {.force = true}, notes);
    }
};

// Losses of the steps from `first` on.
std::vector<double> losses(const std::string& path, std::int64_t first) {
    const StoredRun run(path);
    const StoredQuantity& loss = run.find("loss");
    const std::uint64_t row = run.row_of(loss.axis, first);
    return run.read(loss, row, loss.rows - row);
}

}  // namespace

TEST_CASE_METHOD(Saved, "a fork with nothing changed goes the same way", "[checkpoint][fork]") {
    forked(26, {});
    CHECK(notes.empty());
    CHECK(losses(output, 27) == losses(path, 27));
    CHECK(losses(output, 27).size() == 34);
    CHECK(StoredRun(output).text(run_attribute::forked_from) == "run.h5 after step 26");
    CHECK(StoredRun(path).text(run_attribute::forked_from).empty());
    CHECK_THAT(apical_in(folder, {"inspect", "fork.h5"}).out,
               Catch::Contains("\nfork of  run.h5 after step 26\n"));
}

TEST_CASE_METHOD(Saved, "a fork with another rate goes its own way from the next update on",
                 "[checkpoint][fork]") {
    forked(26, {"plasticity.recurrent.rate=0.5"});
    const std::vector<double> of_fork = losses(output, 27), of_run = losses(path, 27);
    REQUIRE(of_fork.size() == of_run.size());
    CHECK(of_fork[0] == of_run[0]);  // the rate has acted on nothing yet
    CHECK(of_fork[2] != of_run[2]);
}

TEST_CASE_METHOD(Saved, "a fork may be longer, and its checkpoints are its own",
                 "[checkpoint][fork]") {
    const RunSummary summary = forked(52, {"run.steps=100"});
    CHECK(summary.steps == 100);
    CHECK(summary.begun_after == 52);
    CHECK(losses(output, 53).size() == 48);
    CHECK(checkpoint_steps(output) == std::vector<std::int64_t>{65, 78, 91});
    const std::string whole = content_of(output), killed = folder / "killed.h5";
    leave_killed(output, 65, killed);
    resumed(killed);
    CHECK(content_of(killed) == whole);
}

TEST_CASE_METHOD(Saved, "a fork in which a set no longer learns keeps it as it was",
                 "[checkpoint][fork]") {
    forked(26, {"plasticity.jacobian.rate=0.0"});
    const StoredRun of_fork(output), of_run(path);
    const StoredQuantity &held = of_fork.find("J"), &learned = of_run.find("J");
    const std::vector<double> then = of_run.read(learned, 26, 1);
    CHECK(of_fork.read(held, 5, 1) == of_fork.read(held, held.rows - 1, 1));
    CHECK(of_run.read(learned, learned.rows - 1, 1) != then);
    CHECK(of_fork.read(held, 0, 1) == then);
}

TEST_CASE_METHOD(Saved, "what a fork has no name for is said, what is new begins anew",
                 "[checkpoint][fork]") {
    forked(26, {"run.fuse=false"});
    CHECK(losses(output, 27) == losses(path, 27));
    forked(26, {"plasticity.jacobian.rate=0.0",
                "synapses.extra={ from = \"hidden\", to = \"hidden.soma\", during = \"forward\", "
                "delay = 1, init = { normal = 1.0 } }"});
    REQUIRE(notes.size() == 1);
    CHECK(notes[0] == "\"extra\" is new in the fork, with its initial value");
}

TEST_CASE_METHOD(Saved, "a set whose init is changed begins with it: a lesion",
                 "[checkpoint][fork]") {
    forked(26, {"synapses.B_fb.init={ constant = 0.0 }"});
    CHECK(notes == std::vector<std::string>{"\"B_fb\" begins anew, as its init is another"});
    const StoredRun of_fork(output), of_run(path);
    const StoredQuantity& lesioned = of_fork.find("B_fb");
    for (const double one : of_fork.read(lesioned, 0, 1)) CHECK(one == 0.0);
    const auto row = [](const StoredRun& run, const char* what, std::uint64_t number) {
        return run.read(run.find(what), number, 1);
    };
    CHECK(row(of_fork, "loss", 1) == row(of_run, "loss", 27));
    CHECK(row(of_fork, "A_r", 3) != row(of_run, "A_r", 29));
    CHECK_THROWS_WITH(forked(26, {"population.hidden.init={ activated_normal = 2.0 }"}),
                      Catch::Contains("population.hidden.init has no effect in a fork"));
}

TEST_CASE_METHOD(Saved, "a set that lacks synapses in a fork begins anew without them",
                 "[checkpoint][fork][connect]") {
    forked(26, {"synapses.W_in.connect={ in_degree = 1 }"});
    CHECK(notes == std::vector<std::string>{"\"W_in\" begins anew, as its init is another",
                                            "\"connected(W_in)\" is new in the fork, with its "
                                            "initial value"});
    const StoredRun of_fork(output);
    const StoredQuantity& some = of_fork.find("W_in");
    for (const std::uint64_t row : {std::uint64_t{0}, some.rows - 1}) {
        const std::vector<double> strengths = of_fork.read(some, row, 1);
        for (std::size_t cell = 0; 2 * cell < strengths.size(); ++cell)
            CHECK((strengths[2 * cell] != 0.0) + (strengths[2 * cell + 1] != 0.0) == 1);
    }
}

TEST_CASE_METHOD(Saved, "the checkpoint of another run is not forked under this one's name",
                 "[checkpoint][fork]") {
    const Model other = saved_model(path_of_shipped("dni_b"), folder / "other.h5", {"run.seed=2"});
    run_model(other);
    std::filesystem::copy_file(checkpoint_path(other.output, 26), checkpoint_path(path, 26),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_THROWS_WITH(forked(26, {}), Catch::Contains("is of another run than"));
    std::filesystem::remove(path);
    forked(26, {});
    CHECK(StoredRun(output).integer(run_attribute::seed, 0) == 2);
}

// Both take as much room, for the lanes of a register.
TEST_CASE("a number for all does not become numbers in cells in a fork", "[checkpoint][fork]") {
    const TemporaryFolder folder;
    const std::string path = folder / "run.h5", output = folder / "fork.h5";
    const auto rule_of = [](const std::string& place, const std::string& of) {
        return std::vector<std::string>{"rule.mine={ state = { m = '" + place +
                                            "' }, equations = ['m = 0.9 * m + " + of +
                                            "', 'w += 0.001 * m * post.r * pre.r'] }",
                                        "plasticity.mine={ rule = 'mine', synapses = ['W_out'] }"};
    };
    std::vector<std::string> overrides = rule_of("all", "sum(post.r * post.r)");
    overrides.push_back("plasticity.readout={ rule = 'delta', synapses = ['b_out'], rate = 0.01 }");
    run_model(saved_model(path_of_shipped("rflo"), path, overrides));
    OpenCheckpoint checkpoint = checkpoint_at(path, 26);
    const Model model = branched_model(checkpoint.head, path, rule_of("post", "post.r"), output);
    std::vector<std::string> notes;
    CHECK_THROWS_WITH(branch_run(model, path, std::move(checkpoint), {}, notes),
                      Catch::Contains("has 1 x 1 numbers of \"mine.m\", and the fork 2 x 1; sizes "
                                      "cannot change in a fork"));
}

TEST_CASE_METHOD(Saved, "a fork that cannot be is refused", "[checkpoint][fork]") {
    CHECK_THROWS_WITH(forked(27, {}), "\"" + path +
                                          "\" has no checkpoint at step 27; there are "
                                          "13, 26, 39, 52");
    CHECK_THROWS_WITH(
        forked(26, {"run.steps=26"}),
        Catch::Contains("the run is 26 steps long, and the fork would begin after 26"));
    CHECK_THROWS_WITH(forked(26, {"population.hidden.size=7"}),
                      Catch::Contains("sizes cannot change in a fork"));
    CHECK_FALSE(std::filesystem::exists(output));
    std::ofstream(output) << "precious";
    CHECK_THROWS(forked(26, {"population.hidden.size=7"}));
    CHECK(content_of(output) == "precious");
    std::filesystem::remove(output);
    for (const std::string& own : {path, checkpoint_path(path, 13)}) {
        output = own;
        const std::string before = content_of(own);
        CHECK_THROWS_WITH(forked(26, {}), Catch::Contains("it is what the command reads"));
        CHECK(content_of(own) == before);
    }
    output = folder / "fork.h5";
    CHECK_THROWS_WITH(forked(26, {"diagnose={ change = true }"}),
                      Catch::Contains("a fork measures what its run did"));
    CHECK_THROWS_WITH(forked(26, {"plasticity.recurent.rate=1"}), Catch::Contains("recurrent"));
}

TEST_CASE("a killed run's file becomes a plain one with all its rows", "[checkpoint][recover]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command({"run", path_of_shipped("dni_b"), "--steps",
                                            "100_000_000", "-o", "r.h5", "-q"}));
    REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "r.h5"); }));
    const Outcome refused = apical_in(folder, {"recover", "r.h5"});
    CHECK(refused.code == 73);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    REQUIRE(kill(running.id(), SIGKILL) == 0);
    running.wait();
    std::vector<double> before;
    std::int64_t last = 0;
    {
        const StoredRun killed(folder / "r.h5");
        CHECK(killed.steps_completed() == -1);
        before = killed.read(killed.find("loss"), 0, killed.find("loss").rows);
        last = killed.last_step();
    }
    const Outcome outcome = apical_in(folder, {"recover", "r.h5"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.out == fmt::format("file     r.h5 (up to step {})\n", last));
    // A plain file opens for writing without any ado.
    CHECK(python("import h5py\nwith h5py.File(argv[1], 'r+') as f:\n"
                 "    f.attrs['mine'] = 1\n    print(f.attrs['steps_completed'])",
                 {folder / "r.h5"}) == fmt::format("{}\n", last));
    const StoredRun plain(folder / "r.h5");
    CHECK(plain.read(plain.find("loss"), 0, plain.find("loss").rows) == before);
    CHECK(plain.failure() == fmt::format("the run was killed; recovered up to step {}", last));
}
