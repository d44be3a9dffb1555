// One result comes from any number of threads, shards and processes, whatever ended them.
#include "sim/sweep/ranks.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"
#include "tests/sim/system/unfinished_names.hpp"

using namespace apical;

namespace {

// Six jobs, one of them kept.
std::string six_jobs() {
    return three_jobs() + model_lines("DNI(b)", "dni_b") + "[[keep]]\nmodel = \"RFLO\"\nseed = 2\n";
}

// The result of one thread.
const std::map<std::string, std::string>& result_of_six() {
    static const std::map<std::string, std::string> result = [] {
        const SweepFolder sweep(six_jobs());
        CHECK(sweep.done({"-j", "1"}) == JobCounts{6, 6, 0, 0, 0});
        return all_but_seconds(sweep.result());
    }();
    return result;
}

// Jobs that take some time each, on one thread.
const std::string eight_seeds = "format = 1\nseeds = \"1:8\"\nblocks = 10\n";
const std::string long_set = "[set]\nrun.steps = 6000\npopulation.hidden.size = 4\n";
std::string eight_long_jobs() { return eight_seeds + long_set + model_lines("RFLO", "rflo"); }

const std::map<std::string, std::string>& result_of_eight() {
    static const std::map<std::string, std::string> result = [] {
        const SweepFolder sweep(eight_long_jobs());
        CHECK(sweep.done() == JobCounts{8, 8, 0, 0, 0});
        return all_but_seconds(sweep.result());
    }();
    return result;
}

const std::vector<std::string> one_thread{"sweep", "s.toml", "-q", "-j", "1"};

Outcome mpirun(const SweepFolder& sweep, std::vector<std::string> command) {
    const CrashesAreSignals environment;
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    command.insert(command.begin(), {"mpirun", "--oversubscribe"});
    return Running(sweep.folder, command).wait();
}

Outcome mpirun(const SweepFolder& sweep, int ranks) {
    return mpirun(sweep, {"-n", std::to_string(ranks), tested_program, "sweep", "s.toml", "-q"});
}

}  // namespace

TEST_CASE("the result does not depend on the number of threads", "[sweep]") {
    const SweepFolder sweep(six_jobs());
    CHECK(sweep.done({"-j", "2"}) == JobCounts{6, 6, 0, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_six());
    CHECK_FALSE(exists(sweep.folder / "runs/s.parts"));
}

TEST_CASE("more threads than jobs are of no harm", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    CHECK(sweep.done({"-j", "64"}) == JobCounts{3, 3, 0, 0, 0});
}

TEST_CASE("shards do each job once, and what they did is gathered into the same result",
          "[sweep]") {
    const SweepFolder sweep(six_jobs());
    for (const char* shard : {"2/3", "1/3", "3/3"}) {
        INFO(shard);
        CHECK(sweep.done({"--shard", shard}) == JobCounts{2, 2, 0, 0, 0});
        CHECK_FALSE(exists(sweep.result()));
    }
    CHECK(sweep.done({"--shard", "2/3"}) == JobCounts{2, 0, 2, 0, 0});
    CHECK(sweep.done({"--merge"}) == JobCounts{6, 0, 6, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_six());
    CHECK_FALSE(exists(sweep.folder / "runs/s.parts"));
    CHECK(sweep.done({"--merge"}) == JobCounts{6, 0, 6, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_six());
}

TEST_CASE("gathering says what is missing, and what is there can be gone on with", "[sweep]") {
    const SweepFolder sweep(six_jobs());
    CHECK(sweep.done({"--shard", "1/4"}) == JobCounts{2, 2, 0, 0, 0});
    const Outcome outcome = sweep.sweep({"--merge"});
    CHECK(outcome.code == 66);
    CHECK(counted(outcome) == JobCounts{6, 0, 2, 0, 4});
    CHECK(Stored(sweep.result()).texts("jobs/job").size() == 2);
    CHECK(sweep.done({"--shard", "2/4"}) == JobCounts{2, 2, 0, 0, 0});
    CHECK(sweep.done() == JobCounts{6, 2, 4, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_six());
}

TEST_CASE("processes that mpirun starts make the same result", "[sweep][mpi]") {
    REQUIRE(has_mpi());
    for (const int ranks : {2, 3}) {
        INFO(ranks << " ranks");
        const SweepFolder sweep(six_jobs());
        const Outcome outcome = mpirun(sweep, ranks);
        INFO(outcome.out << outcome.err);
        CHECK(outcome.code == 0);
        CHECK(counted(outcome) == JobCounts{6, 6, 0, 0, 0});
        check_same(all_but_seconds(sweep.result()), result_of_six());
        CHECK_FALSE(exists(sweep.folder / "runs/s.parts"));
    }
}

TEST_CASE("a mistake ends all that mpirun started, with one message and its exit code",
          "[sweep][mpi]") {
    REQUIRE(has_mpi());
    const SweepFolder sweep(three_jobs() + "[[leave_out]]\nmodel = \"RFL\"\n");
    const Outcome outcome = mpirun(sweep, 2);
    INFO(outcome.err);
    CHECK(outcome.code == 65);
    const std::size_t first = outcome.err.find("Did you mean \"RFLO\"?");
    CHECK(first != std::string::npos);
    CHECK(outcome.err.find("Did you mean", first + 1) == std::string::npos);
    CHECK_FALSE(exists(sweep.folder / "runs"));
}

TEST_CASE("an exception of any kind on a later rank ends all that mpirun started", "[sweep][mpi]") {
    REQUIRE(has_mpi());
    if (is_sanitized) return;  // needs terabytes of addresses to begin with
    // A matrix of 512 MB, for which one rank has no memory.
    const SweepFolder sweep(few_seeds + "[set]\nrun.steps = 3\npopulation.hidden.size = 8000\n" +
                            model_lines("RFLO", "rflo"));
    const std::string poor =
        fmt::format("ulimit -v 500000; exec '{}' sweep s.toml -q", tested_program);
    const Outcome outcome = mpirun(sweep, {"-n", "1", tested_program, "sweep", "s.toml", "-q", ":",
                                           "-n", "1", "bash", "-c", poor});
    INFO(outcome.err);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Catch::Contains("internal error"));
}

TEST_CASE("a sweep that is killed goes on with what is missing", "[sweep]") {
    const SweepFolder sweep(eight_long_jobs());
    std::size_t before = 0;
    for (const std::size_t moment : {1, 3, 6}) {
        Running running(sweep.folder, apical_command(one_thread));
        REQUIRE(comes_true([&] { return sweep.parts() >= moment; }));
        kill(running.id(), SIGKILL);
        REQUIRE(running.wait().code == -SIGKILL);
        CHECK(sweep.parts() >= before);
        before = sweep.parts();
    }
    CHECK(before < 8);
    const int done = int(before);
    CHECK(sweep.done({"-j", "1"}) == JobCounts{8, 8 - done, done, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_eight());
    CHECK(sweep.done() == JobCounts{8, 0, 8, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_eight());
}

TEST_CASE("a shard that is killed goes on with what is missing", "[sweep]") {
    const SweepFolder sweep(eight_long_jobs());
    const std::vector<std::string> command{"sweep", "s.toml", "-q", "-j", "1", "--shard", "1/2"};
    {
        Running running(sweep.folder, apical_command(command));
        REQUIRE(comes_true([&] { return sweep.parts() >= 2; }));
        kill(running.id(), SIGKILL);
        running.wait();
    }
    const int done = int(sweep.parts());
    CHECK(sweep.done({"--shard", "1/2"}) == JobCounts{4, 4 - done, done, 0, 0});
    CHECK(sweep.done({"--shard", "2/2"}) == JobCounts{4, 4, 0, 0, 0});
    CHECK(sweep.done({"--merge"}) == JobCounts{8, 0, 8, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_eight());
}

TEST_CASE("what a killed process left half written is no result", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    CHECK(sweep.done({"--shard", "1/3"}) == JobCounts{1, 1, 0, 0, 0});
    sweep.folder.write("runs/s.parts/x.h5.host.123.new", "half");
    CHECK(sweep.done() == JobCounts{3, 2, 1, 0, 0});
    CHECK(Stored(sweep.result()).texts("jobs/job").size() == 3);
}

TEST_CASE("files that a killed sweep left unfinished are removed", "[sweep]") {
    const SweepFolder sweep(six_jobs());
    const pid_t dead = ended_process();
    std::vector<std::string> left;
    for (const char* folder : {"runs", "runs/s.parts", "runs/s.runs"}) {
        std::filesystem::create_directories(sweep.folder / folder);
        left.push_back(name_of_process(fmt::format("{}/x.h5", folder), dead));
        sweep.folder.write(left.back(), "half");
    }
    CHECK(sweep.done() == JobCounts{6, 6, 0, 0, 0});
    for (const std::string& name : left) {
        INFO(name);
        CHECK_FALSE(exists(sweep.folder / name));
    }
}

TEST_CASE("an interrupted sweep gathers what is done, and can be gone on with", "[sweep]") {
    const SweepFolder sweep(eight_long_jobs());
    Running running(sweep.folder, apical_command(one_thread));
    REQUIRE(comes_true([&] { return sweep.parts() >= 2; }));
    running.interrupt();
    const Outcome outcome = running.wait();
    CHECK(outcome.code == 130);
    CHECK_THAT(outcome.out, Catch::Contains("interrupted"));
    const JobCounts counts = counted(outcome);
    CHECK(counts.now >= 2);
    CHECK(counts.now + counts.missing == 8);
    CHECK(counts.missing > 0);
    CHECK(int(Stored(sweep.result()).texts("jobs/job").size()) == counts.now);
    CHECK_FALSE(exists(sweep.folder / "runs/s.parts"));
    CHECK(sweep.done() == JobCounts{8, counts.missing, counts.now, 0, 0});
    check_same(all_but_seconds(sweep.result()), result_of_eight());
}

TEST_CASE("seeds, values and models may be added: only new jobs are run", "[sweep]") {
    const std::string first = "format = 1\nseeds = [1, 2]\n",
                      both = "format = 1\nseeds = \"1:3\"\n";
    const std::string rflo = model_lines("RFLO", "rflo"), dni = model_lines("DNI", "dni_b");
    const std::string one = "[grid]\nplasticity.readout.rate = [1e-3]\n",
                      two = "[grid]\nplasticity.readout.rate = [1e-2, 1e-3]\n";
    const SweepFolder sweep(first + small_set + rflo + one);
    CHECK(sweep.done() == JobCounts{2, 2, 0, 0, 0});
    sweep.write(both + small_set + rflo + one);
    CHECK(sweep.done() == JobCounts{3, 1, 2, 0, 0});
    sweep.write(both + small_set + rflo + two);
    CHECK(sweep.done() == JobCounts{6, 3, 3, 0, 0});
    sweep.write(both + small_set + dni + rflo + two);
    CHECK(sweep.done() == JobCounts{12, 6, 6, 0, 0});
    const SweepFolder fresh(both + small_set + dni + rflo + two);
    CHECK(fresh.done() == JobCounts{12, 12, 0, 0, 0});
    check_same(all_but_seconds(sweep.result()), all_but_seconds(fresh.result()));
}

TEST_CASE(
    "a seed that comes before those that are there makes the result of all, as from the "
    "beginning",
    "[sweep]") {
    const std::string rest = small_set + model_lines("RFLO", "rflo");
    const SweepFolder sweep("format = 1\nseeds = [2, 3]\n" + rest);
    CHECK(sweep.done() == JobCounts{2, 2, 0, 0, 0});
    sweep.write("format = 1\nseeds = [1, 2, 3]\n" + rest);
    CHECK(sweep.done() == JobCounts{3, 1, 2, 0, 0});
    const SweepFolder fresh("format = 1\nseeds = [1, 2, 3]\n" + rest);
    fresh.done();
    check_same(all_but_seconds(sweep.result()), all_but_seconds(fresh.result()));
}

TEST_CASE("names and titles may change: nothing is run again, and the result has the new ones",
          "[sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.done();
    const std::string renamed = few_seeds + "title = \"better\"\n" + small_set +
                                model_lines("RFLO again", "rflo") + "[task.addition]\nhold = 2\n";
    sweep.write(renamed);
    CHECK(sweep.done() == JobCounts{3, 0, 3, 0, 0});
    const Stored stored(sweep.result());
    CHECK(stored.text("title") == "better");
    CHECK(stored.text("sweep") == renamed);
    CHECK(stored.texts("jobs/model") == std::vector<std::string>(3, "RFLO again"));
    CHECK(stored.texts("jobs/task") == std::vector<std::string>(3, "addition"));
}

TEST_CASE("a swept key may be added whose value so far is one of its values", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.done();
    sweep.write(three_jobs() + "[grid]\nplasticity.recurrent.rate = [1e-3, 1e-2]\n");
    CHECK(sweep.done() == JobCounts{6, 3, 3, 0, 0});
    const SweepFolder fresh(three_jobs() + "[grid]\nplasticity.recurrent.rate = [1e-3, 1e-2]\n");
    fresh.done();
    check_same(all_but_seconds(sweep.result()), all_but_seconds(fresh.result()));
}

TEST_CASE("a swept key may go when the others keep its value", "[sweep]") {
    const std::string set = "set = { plasticity.recurrent.rate = 1e-2 }\n",
                      grid = "[grid]\nplasticity.recurrent.rate = [1e-2]\n";
    const SweepFolder sweep(three_jobs() + grid);
    sweep.done();
    sweep.write(three_jobs() + set);
    CHECK(sweep.done() == JobCounts{3, 0, 3, 0, 0});
    const SweepFolder fresh(three_jobs() + set);
    fresh.done();
    check_same(all_but_seconds(sweep.result()), all_but_seconds(fresh.result()));
}

TEST_CASE("a dry run runs nothing and leaves nothing", "[sweep]") {
    const SweepFolder sweep(six_jobs());
    const Outcome outcome = sweep.sweep({"--dry-run"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("\n6 of 6 jobs to run"));
    CHECK_THAT(outcome.out, Catch::Contains("\nRFLO, add "));
    CHECK_FALSE(exists(sweep.folder / "runs"));
    CHECK(sweep.done({"--shard", "1/4"}) == JobCounts{2, 2, 0, 0, 0});
    CHECK_THAT(sweep.sweep({"--dry-run"}).out, Catch::Contains("\n4 of 6 jobs to run"));
    CHECK(sweep.parts() == 2);
}
