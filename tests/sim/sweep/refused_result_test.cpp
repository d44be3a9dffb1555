// What is there already of another sweep, of another engine or of something else is never mixed in.
#include "sim/sweep/result_store.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Nothing was changed, and --force begins anew.
void check_refused(const SweepFolder& sweep, const std::vector<std::string>& phrases) {
    const std::string before = content_of(sweep.result());
    const Outcome outcome = sweep.sweep();
    INFO(outcome.out << outcome.err);
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("runs/s.h5") && Catch::Contains("--force"));
    for (const std::string& phrase : phrases) CHECK_THAT(outcome.err, Catch::Contains(phrase));
    CHECK((content_of(sweep.result()) == before));
    CHECK(sweep.parts() == 0);
    CHECK(sweep.done({"--force"}) == JobCounts{3, 3, 0, 0, 0});
    CHECK(Stored(sweep.result()).texts("jobs/job").size() == 3);
}

void set_text(const std::string& path, const char* attribute, const std::string& text) {
    H5::H5File file(path, H5F_ACC_RDWR);
    file.removeAttr(attribute);
    const H5::StrType type(H5::PredType::C_S1, H5T_VARIABLE);
    file.createAttribute(attribute, type, H5::DataSpace(H5S_SCALAR)).write(type, text);
}

}  // namespace

TEST_CASE("a result of jobs with another value is refused with this value", "[sweep]") {
    const SweepFolder sweep(three_jobs() + "set = { plasticity.recurrent.rate = 2e-3 }\n");
    sweep.done();
    sweep.write(three_jobs() + "set = { plasticity.recurrent.rate = 4e-3 }\n");
    check_refused(sweep, {"another sweep", "rate = 0.002", "rate = 0.004"});
}

TEST_CASE("a result of seeds that are no more in the file is refused", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.done();
    sweep.write("format = 1\nseeds = \"2:4\"\nblocks = 10\n" + small_set +
                model_lines("RFLO", "rflo"));
    check_refused(sweep, {"another sweep", "seed = 1", "seed = 2"});
}

TEST_CASE("a result with another number of blocks is refused", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.done();
    sweep.write("format = 1\nseeds = \"1:3\"\nblocks = 20\n" + small_set +
                model_lines("RFLO", "rflo"));
    check_refused(sweep, {"another sweep", "10 blocks", "20"});
}

TEST_CASE("a result of another model is refused with its name", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.done();
    sweep.write(few_seeds + small_set + model_lines("DNI(b)", "dni_b"));
    check_refused(sweep, {"another sweep", "RFLO"});
}

TEST_CASE("a result of another engine is refused with both versions", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.done();
    const std::string engine = Stored(sweep.result()).text("engine");
    set_text(sweep.result(), "engine", "0.0.1+abc");
    check_refused(sweep, {"0.0.1+abc", engine});
    CHECK(Stored(sweep.result()).text("engine") == engine);
}

TEST_CASE("what is no result of a sweep is refused", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    std::filesystem::create_directory(sweep.folder / "runs");
    sweep.folder.write("runs/s.h5", "precious");
    check_refused(sweep, {"no result of a sweep"});
    REQUIRE(apical_in(sweep.folder, {"run", path_of_shipped("rflo"), "-q", "--steps", "20", "-o",
                                     "runs/s.h5", "--force"})
                .code == 0);
    check_refused(sweep, {"no result of a sweep"});
    const std::string whole = content_of(sweep.result());
    sweep.folder.write("runs/s.h5", whole.substr(0, whole.size() / 2));
    check_refused(sweep, {"no result of a sweep"});
}

TEST_CASE("parts of another sweep are refused", "[sweep]") {
    const SweepFolder sweep(three_jobs() + "set = { plasticity.recurrent.rate = 2e-3 }\n");
    CHECK(sweep.done({"--shard", "1/2"}) == JobCounts{2, 2, 0, 0, 0});
    sweep.write(three_jobs() + "set = { plasticity.recurrent.rate = 4e-3 }\n");
    const Outcome outcome = sweep.sweep();
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("runs/s.parts/") && Catch::Contains("rate = 0.002") &&
                                Catch::Contains("rate = 0.004") && Catch::Contains("--force"));
    CHECK(sweep.parts() == 2);
    CHECK_FALSE(exists(sweep.result()));
    CHECK(sweep.done({"--force"}) == JobCounts{3, 3, 0, 0, 0});
}

TEST_CASE("a part that cannot be read is named, and its job run again once it is deleted",
          "[sweep]") {
    const SweepFolder sweep(three_jobs());
    CHECK(sweep.done({"--shard", "1/2"}) == JobCounts{2, 2, 0, 0, 0});
    const std::filesystem::path folder = sweep.folder / "runs/s.parts";
    const std::filesystem::path damaged = std::filesystem::directory_iterator(folder)->path();
    std::ofstream(damaged) << "junk";
    const Outcome outcome = sweep.sweep();
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err,
               Catch::Contains(damaged.filename().string()) && Catch::Contains("delete it"));
    std::filesystem::remove(damaged);
    CHECK(sweep.done() == JobCounts{3, 2, 1, 0, 0});
}

TEST_CASE("a part is stored although its folder was deleted meanwhile", "[sweep]") {
    const SweepFolder folder(three_jobs());
    Sweep sweep = load_sweep(folder.folder / "s.toml");
    sweep.output = folder.result();
    JobResult result;
    result.id = "part";
    store_part(sweep, result);
    std::filesystem::remove_all(folder.folder / "runs/s.parts");
    store_part(sweep, result);
    CHECK(exists(folder.folder / "runs/s.parts/part.h5"));
}

TEST_CASE("report says of a sweep that is not gathered yet where its results lie", "[sweep]") {
    const SweepFolder sweep(three_jobs());
    CHECK(sweep.done({"--shard", "1/2"}) == JobCounts{2, 2, 0, 0, 0});
    const Outcome outcome = apical_in(sweep.folder, {"report", "runs/s.h5"});
    CHECK(outcome.code == 66);
    CHECK_THAT(outcome.err, Catch::Contains("runs/s.parts") && Catch::Contains("--merge"));
}

TEST_CASE("begun anew with --force, run files that are kept are made again", "[sweep]") {
    const SweepFolder sweep(three_jobs() + "[[keep]]\nseed = 1\n");
    sweep.done();
    const std::string kept =
        sweep.folder / "runs/" + Stored(sweep.result()).texts("jobs/run_file")[0];
    REQUIRE(exists(kept));
    const std::string before = content_of(kept);
    std::ofstream(kept) << "worn";
    CHECK(sweep.done({"--force"}) == JobCounts{3, 3, 0, 0, 0});
    CHECK(content_of(kept) == before);
}

TEST_CASE("shards, gathering and planning refuse another result too", "[sweep]") {
    const SweepFolder sweep(three_jobs() + "set = { plasticity.recurrent.rate = 2e-3 }\n");
    sweep.done();
    const std::string before = content_of(sweep.result());
    sweep.write(three_jobs() + "set = { plasticity.recurrent.rate = 4e-3 }\n");
    for (const std::vector<std::string>& options :
         std::vector<std::vector<std::string>>{{"--merge"}, {"--shard", "1/2"}, {"--dry-run"}}) {
        const Outcome outcome = sweep.sweep(options);
        CHECK(outcome.code == 73);
        CHECK_THAT(outcome.err, Catch::Contains("another sweep"));
        CHECK((content_of(sweep.result()) == before));
        CHECK(sweep.parts() == 0);
    }
}
