// What a job is computed from is what its row says: the model's text, and the data.
#include "sim/hdf5/data_source.hpp"
#include "sim/hdf5/dataset.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Two inputs, one linear output; the task is in data.h5 beside the model.
const std::string model_of_file = R"(format = 1
[[phase]]
name = "forward"
ms = 6.0
[population.input]
role = "input"
[population.label]
role = "label"
[population.hidden]
size = 2
[population.output]
role = "output"
[synapses.W_in]
from = "input"
to = "hidden.soma"
during = "forward"
init = { normal = 1.0 }
[synapses.W_out]
from = "hidden"
to = "output.soma"
during = "forward"
init = { normal = 1.0 }
[task]
kind = "file"
path = "data.h5"
readout = "linear"
[run]
steps = 20
)";

void write_set(H5::H5File& file, const std::string& name, hsize_t columns,
               const std::vector<double>& numbers) {
    const hsize_t shape[] = {numbers.size() / columns, columns};
    file.createDataSet(name, H5::PredType::NATIVE_DOUBLE, H5::DataSpace(2, shape))
        .write(numbers.data(), H5::PredType::NATIVE_DOUBLE);
}

// Thirty steps whose labels are `label`, with another sign in every second step.
void write_data(const std::string& path, double label) {
    H5::H5File file(path, H5F_ACC_TRUNC);
    std::vector<double> x, y;
    for (int step = 0; step < 30; ++step) {
        x.insert(x.end(), {double(step % 3), double(step % 2)});
        y.push_back(step % 2 == 0 ? label : -label);
    }
    write_set(file, "x", 2, x);
    write_set(file, "y", 1, y);
}

struct FolderOfData : SweepFolder {
    explicit FolderOfData(const std::string& models) : SweepFolder(few_seeds + models) {
        for (const char* name : {"A", "B"}) {
            std::filesystem::create_directory(folder / name);
            folder.write(std::string(name) + "/m.toml", model_of_file);
        }
        write_data(folder / "A/data.h5", 1.0);
        write_data(folder / "B/data.h5", 2.0);
    }
    std::vector<double> losses() const { return Stored(result()).numbers("jobs/loss"); }
};

std::string of(const std::string& folder) {
    return "[model.m]\nfile = \"" + folder + "/m.toml\"\n";
}

}  // namespace

TEST_CASE("a fingerprint tells datasets apart that differ in any bit or in their shape",
          "[sweep][data]") {
    const DataSet data{{2, 2}, {1.0, 2.0, 0.5, 4.0}};
    const std::uint64_t one = fingerprint_of(data);
    CHECK(fingerprint_of(DataSet{{2, 2}, {1.0, 2.0, 0.5, 4.0}}) == one);
    CHECK(fingerprint_of(DataSet{{4}, data.numbers}) != one);
    CHECK(fingerprint_of(DataSet{{1, 4}, data.numbers}) != one);
    // With plain FNV-1a an even number of signs cancelled each other.
    CHECK(fingerprint_of(DataSet{{2, 2}, {-1.0, -2.0, 0.5, 4.0}}) != one);
    CHECK(fingerprint_of(DataSet{{2, 2}, {-1.0, -2.0, -0.5, -4.0}}) != one);
    std::set<std::uint64_t> all;  // every matrix of zeros and ones
    for (unsigned bits = 0; bits < 4096; ++bits) {
        DataSet rows{{12}, {}};
        for (int k = 0; k < 12; ++k) rows.numbers.push_back(bits >> k & 1);
        all.insert(fingerprint_of(rows));
    }
    CHECK(all.size() == 4096);
}

TEST_CASE("results of other data are left out, said, and computed again", "[sweep][data]") {
    FolderOfData there(of("A"));
    CHECK(there.done() == JobCounts{3, 3, 0, 0, 0});
    CHECK(there.done() == JobCounts{3, 0, 3, 0, 0});
    there.write(few_seeds + of("B"));
    const FolderOfData fresh(of("B"));
    CHECK(fresh.done() == JobCounts{3, 3, 0, 0, 0});
    const Outcome other = there.sweep();
    CHECK(other.code == 0);
    CHECK(counted(other) == JobCounts{3, 3, 0, 0, 0});
    CHECK_THAT(other.err, Catch::Contains("3 of the results") && Catch::Contains("data.h5:y"));
    CHECK(there.losses() == fresh.losses());
    // Other numbers in that folder: their signs, of an even number of labels.
    write_data(there.folder / "B/data.h5", -2.0);
    CHECK(there.done() == JobCounts{3, 3, 0, 0, 0});
    CHECK(there.losses() != fresh.losses());
    write_data(there.folder / "B/data.h5", 2.0);
    CHECK(there.done() == JobCounts{3, 3, 0, 0, 0});
    check_same(all_but_seconds(there.result()), all_but_seconds(fresh.result()));
}

TEST_CASE("parts of other data are left out and removed", "[sweep][data]") {
    FolderOfData there(of("A"));
    CHECK(there.done({"--shard", "1/1"}) == JobCounts{3, 3, 0, 0, 0});
    write_data(there.folder / "A/data.h5", 5.0);
    CHECK(there.done() == JobCounts{3, 3, 0, 0, 0});
    CHECK_FALSE(exists(there.folder / "runs/s.parts"));
}

TEST_CASE("one text over different data is two models, which are not compared", "[sweep][data]") {
    const FolderOfData there(of("A") + "[model.n]\nfile = \"B/m.toml\"\n");
    CHECK(there.done() == JobCounts{6, 6, 0, 0, 0});
    const Outcome report = apical_in(there.folder, {"report", "runs/s.h5"});
    CHECK_THAT(report.out, Catch::Contains("m and n read different data (data.h5:y)") &&
                               !Catch::Contains("m < n") && !Catch::Contains("n < m"));
    std::filesystem::copy_file(there.folder / "A/data.h5", there.folder / "B/data.h5",
                               std::filesystem::copy_options::overwrite_existing);
    const Outcome same = there.sweep({"--force"});
    CHECK(same.code == 65);
    CHECK_THAT(same.err, Catch::Contains("are the same run"));
}

TEST_CASE("the data that strengths begin with are part of a job", "[sweep][data]") {
    FolderOfData there(of("A"));
    const auto begin_with = [&](double strength) {
        H5::H5File file(there.folder / "A/w.h5", H5F_ACC_TRUNC);
        write_set(file, "w", 2, {strength, 0.2, 0.3, 0.4});
    };
    there.write(few_seeds + of("A") +
                "[model.m.set]\n\"synapses.W_in.init\" = { file = \"w.h5\", dataset = \"w\" }\n");
    begin_with(0.1);
    CHECK(there.done() == JobCounts{3, 3, 0, 0, 0});
    const std::vector<double> before = there.losses();
    CHECK(there.done() == JobCounts{3, 0, 3, 0, 0});
    begin_with(-0.9);
    CHECK(there.done() == JobCounts{3, 3, 0, 0, 0});
    CHECK(there.losses() != before);
}

TEST_CASE("a model file that changes while its sweep runs counts the next time", "[sweep][data]") {
    const std::string begin =
        "format = 1\nseeds = \"1:6\"\nblocks = 5\n[set]\nrun.steps = 4000\n"
        "population.hidden.size = 4\n";
    const SweepFolder fresh(begin + model_lines("RFLO", "rflo"));
    CHECK(fresh.done() == JobCounts{6, 6, 0, 0, 0});
    const SweepFolder there(begin + "[model.RFLO]\nfile = \"rflo.toml\"\n");
    const std::string text = content_of(path_of_shipped("rflo"));
    there.folder.write("rflo.toml", text);
    Running running(there.folder, apical_command({"sweep", "s.toml", "-q", "-j", "1"}));
    REQUIRE(comes_true([&] { return there.parts() >= 1; }));
    there.folder.write("rflo.toml", text + "\n[record.more]\nwhat = \"W_rec\"\n");
    CHECK(running.wait().code == 0);
    CHECK(Stored(there.result()).numbers("jobs/loss") ==
          Stored(fresh.result()).numbers("jobs/loss"));
    CHECK(there.sweep().code == 73);  // the configuration is another one now
}

TEST_CASE("a job whose data change while its sweep runs is not run", "[sweep][data]") {
    FolderOfData there(of("A"));
    there.write("format = 1\nseeds = \"1:60\"\n" + of("A"));
    Running running(there.folder, apical_command({"sweep", "s.toml", "-q", "-j", "1"}));
    REQUIRE(comes_true([&] { return there.parts() >= 1; }));
    write_data(there.folder / "A/new.h5", 3.0);
    std::filesystem::rename(there.folder / "A/new.h5", there.folder / "A/data.h5");
    const Outcome outcome = running.wait();
    CHECK(outcome.code == 3);
    CHECK_THAT(outcome.out, Catch::Contains("the data in data.h5:y changed while the sweep ran"));
    const std::size_t rows = there.losses().size();
    CHECK(rows < 60);
    CHECK(counted(outcome).missing == 60 - int(rows));
}

TEST_CASE("zero and minus zero are one value of a key", "[sweep][data]") {
    const SweepFolder sweep(few_seeds + small_set +
                            "[grid]\nplasticity.readout.rate = [0.0, -0.0]\n" +
                            model_lines("RFLO", "rflo"));
    const Outcome outcome = sweep.sweep();
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Catch::Contains("are the same run"));
}

TEST_CASE("option --force removes the results of a sweep and nothing else in their folder",
          "[sweep][data]") {
    const SweepFolder sweep(three_jobs());
    CHECK(sweep.done({"--shard", "1/1"}) == JobCounts{3, 3, 0, 0, 0});
    const std::string parts = sweep.folder / "runs/s.parts";
    const std::vector<std::string> others{"notes.txt", "mine.h5", "f81d4fae.h5",
                                          "00000000-0000-0000-0000-000000000000.h5.txt"};
    for (const std::string& name : others) sweep.folder.write("runs/s.parts/" + name, "mine");
    const std::string unfinished =
        "runs/s.parts/00000000-0000-0000-0000-000000000000.h5.host.1.new";
    sweep.folder.write(unfinished, "of a process that died");
    CHECK(sweep.done({"--force"}) == JobCounts{3, 3, 0, 0, 0});
    for (const std::string& name : others) {
        INFO(name);
        CHECK(content_of(parts + "/" + name) == "mine");
    }
    CHECK_FALSE(exists(sweep.folder / unfinished));
    CHECK(sweep.done() == JobCounts{3, 0, 3, 0, 0});
}

TEST_CASE("a second sweep of the same result is refused while the first is at work",
          "[sweep][data]") {
    const SweepFolder sweep(few_seeds + "[set]\nrun.steps = 2_000_000\n" +
                            model_lines("RFLO", "rflo"));
    Running running(sweep.folder, apical_command({"sweep", "s.toml", "-q", "-j", "1"}));
    REQUIRE(comes_true([&] { return exists(sweep.folder / "runs/s.parts/lock"); }));
    for (const char* option : {"--quiet", "--force", "--shard=1/2"}) {
        INFO(option);
        Running second(sweep.folder, apical_command({"sweep", "s.toml", option}), "second",
                       "/dev/null");
        CHECK(second.wait().code == 73);
    }
    running.interrupt();
    CHECK(running.wait().code == 130);
    CHECK_FALSE(exists(sweep.folder / "runs/s.parts"));
}
