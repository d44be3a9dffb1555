// A result that is damaged, or that another command than those of sweeps is given.
#include <sstream>

#include "sim/sweep/sweep_result.hpp"
#include "tests/sim/show/plot/plot_runs.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

namespace apical::result_tests {

namespace {

// A result of two jobs, that is damaged in many ways.
class Damaged {
public:
    // Whole again.
    static const Damaged& get() {
        static const Damaged damaged;
        damaged.put(damaged.bytes());
        return damaged;
    }
    Damaged()
        : sweep_("format = 1\nseeds = [1, 2]\nblocks = 2\n" + small_set +
                 "diagnose.alignment = true\n" + model_lines("RFLO", "rflo") +
                 "[grid]\nplasticity.readout.rate = [1e-3]\n") {
        sweep_.done();
        bytes_ = content_of(sweep_.result());
    }
    const TemporaryFolder& folder() const { return sweep_.folder; }
    const std::string& bytes() const { return bytes_; }
    std::string path() const { return sweep_.result(); }
    void put(const std::string& bytes) const { sweep_.folder.write("runs/s.h5", bytes); }

    // One message and exit code 65, or all that there is to say.
    void check_read(bool may_be_right) const {
        const std::vector<std::vector<std::string>> commands{{"report", "runs/s.h5"},
                                                             {"plot", "runs/s.h5", "-o", "f.gp"}};
        for (const auto& command : commands) {
            const Outcome outcome = apical_in(sweep_.folder, command);
            INFO(command[0] << ": " << outcome.code << " " << outcome.err);
            if (may_be_right && outcome.code == 0) continue;
            // The byte may be one of those that say that it is a result, and not a run file.
            if (may_be_right && outcome.code == 2) {
                CHECK(outcome.err.find("expected an address") != std::string::npos);
                continue;
            }
            CHECK(outcome.code == 65);
            CHECK(outcome.out.empty());
            check_message(outcome);
        }
    }
    // It is refused, or gone on with.
    void check_continued() const {
        const Outcome outcome = sweep_.sweep();
        INFO(outcome.code << " " << outcome.err);
        CHECK((outcome.code == 0 || outcome.code == 73 || outcome.code == 3));
        if (outcome.code != 0) check_message(outcome);
    }

private:
    static void check_message(const Outcome& outcome) {
        std::vector<std::string> lines;
        std::istringstream text(outcome.err);
        for (std::string line; std::getline(text, line);)
            if (!line.starts_with("note: ")) lines.push_back(line);
        REQUIRE(lines.size() == 1);
        CHECK_THAT(lines[0], Catch::StartsWith("apical: ") && Catch::Contains("runs/s.h5"));
    }
    SweepFolder sweep_;
    std::string bytes_;
};

// Replaces a dataset by one of these numbers.
template <class Number>
void replace(const std::string& path, const std::string& name, std::vector<hsize_t> extent,
             const std::vector<Number>& numbers, const H5::DataType& type) {
    H5::H5File file(path, H5F_ACC_RDWR);
    file.unlink(name);
    file.createDataSet(name, type, H5::DataSpace(int(extent.size()), extent.data()))
        .write(numbers.data(), type);
}

void rejects_result(const std::string& path, const std::string& phrase) {
    check_error(error_of([&] { read_result(path); }), ExitCode::bad_model, path, {phrase});
}

}  // namespace

TEST_CASE("a result that lacks a part, or has it in another form, is rejected with its name",
          "[sweep]") {
    const CrashesAreSignals environment;
    const Damaged& damaged = Damaged::get();
    for (const auto& [name, bytes] : Stored(damaged.path()).datasets()) {
        // Numbers of rows, for other readers, and another name of jobs/job.
        if (name == "bounds/bound" || name == "curves/block" || name.ends_with("/job")) continue;
        damaged.put(damaged.bytes());
        H5::H5File(damaged.path(), H5F_ACC_RDWR).unlink(name);
        INFO(name);
        rejects_result(damaged.path(), name);
        damaged.put(damaged.bytes());
        if (name == "configurations") continue;  // may be any number of texts
        const H5::StrType text(H5::PredType::C_S1, 4);
        replace<char>(damaged.path(), name, {3}, std::vector<char>(12, 'x'), text);
        rejects_result(damaged.path(), "");
        damaged.put(damaged.bytes());
        replace<double>(damaged.path(), name, {3}, {1.0, 2.0, 3.0}, H5::PredType::NATIVE_DOUBLE);
        rejects_result(damaged.path(), "");
    }
    for (const char* attribute : {"kind", "title", "sweep", "engine", "swept"}) {
        INFO(attribute);
        damaged.put(damaged.bytes());
        H5::H5File(damaged.path(), H5F_ACC_RDWR).removeAttr(attribute);
        rejects_result(damaged.path(), attribute);
    }
    damaged.put(damaged.bytes());
    replace<std::int64_t>(damaged.path(), "jobs/configuration", {2}, {0, 1},
                          H5::PredType::NATIVE_INT64);
    rejects_result(damaged.path(), "configuration 1 of 1");
    damaged.put(damaged.bytes());
    replace<std::int64_t>(damaged.path(), "bounds/configuration", {4}, {0, 0, -1, 0},
                          H5::PredType::NATIVE_INT64);
    rejects_result(damaged.path(), "configuration -1 of 1");
}

// They were of the models alone, and each loss the mean of the last tenth of the steps.
TEST_CASE("a result of version 0.1.0 has neither data nor how many steps a loss is the mean of",
          "[sweep]") {
    const CrashesAreSignals environment;
    const Damaged& damaged = Damaged::get();
    for (const char* name : {"data", "jobs/loss_steps"})
        H5::H5File(damaged.path(), H5F_ACC_RDWR).unlink(name);
    const SweepResult old = read_result(damaged.path());
    REQUIRE(old.jobs.size() == 2);
    for (const JobResult& job : old.jobs) {
        CHECK(job.data.empty());
        CHECK(job.steps == 200);
        CHECK(job.loss_steps == 20);
    }
}

TEST_CASE(
    "curves whose jobs have different numbers of blocks are drawn or rejected, never read "
    "beyond their end",
    "[sweep]") {
    const CrashesAreSignals environment;
    const Damaged& damaged = Damaged::get();
    const auto read = [&] { return read_result(damaged.path()); };
    replace<std::int64_t>(damaged.path(), "curves/step", {2, 2}, {100, 200, 100, 0},
                          H5::PredType::NATIVE_INT64);
    CHECK_NOTHROW(read());
    damaged.check_read(true);
    replace<std::int64_t>(damaged.path(), "curves/step", {2, 2}, {-5, INT64_MAX, 7, 3},
                          H5::PredType::NATIVE_INT64);
    damaged.check_read(true);
}

TEST_CASE("an attribute of several texts is no crash", "[sweep]") {
    const CrashesAreSignals environment;
    const Damaged& damaged = Damaged::get();
    for (const char* name : {"kind", "swept"}) {
        damaged.put(damaged.bytes());
        {
            H5::H5File file(damaged.path(), H5F_ACC_RDWR);
            file.removeAttr(name);
            const H5::StrType type(H5::PredType::C_S1, H5T_VARIABLE);
            const hsize_t count = 50;
            const std::vector<const char*> texts(count, "sweep");
            file.createAttribute(name, type, H5::DataSpace(1, &count)).write(type, texts.data());
        }
        damaged.check_read(false);
        damaged.check_continued();
    }
}

TEST_CASE("a result that is cut off is rejected with a message, by report and by plot", "[sweep]") {
    const CrashesAreSignals environment;
    const Damaged& damaged = Damaged::get();
    const std::size_t size = damaged.bytes().size();
    for (const std::size_t kept : {std::size_t{0}, std::size_t{100}, size / 2, size - 1}) {
        INFO(kept << " of " << size << " bytes");
        damaged.put(damaged.bytes().substr(0, kept));
        damaged.check_read(false);
    }
}

TEST_CASE("a result with a wrong byte is read, or rejected with a message", "[sweep]") {
    const CrashesAreSignals environment;
    const Damaged& damaged = Damaged::get();
    const std::string& bytes = damaged.bytes();
    // Most of it is about what is where.
    for (std::size_t k = 0; k < 8; ++k) {
        const std::size_t at = bytes.size() * k / 8 + 17 * k % 64;
        INFO("byte " << at << " of " << bytes.size());
        std::string wrong = bytes;
        wrong[at] = char(wrong[at] ^ (k % 2 ? 0xff : 0x10));
        damaged.put(wrong);
        damaged.check_read(true);
        if (k % 4 == 0) damaged.check_continued();
    }
}

TEST_CASE("commands on run files say of a result that it is none", "[sweep]") {
    const Damaged& whole = Damaged::get();
    const std::vector<std::vector<std::string>> commands{
        {"inspect", "runs/s.h5"},
        {"view", "runs/s.h5", "-o", "v.html"},
        {"export", "runs/s.h5", "--csv", "-", "--what", "loss"},
        {"plot", "runs/s.h5", "loss", "-o", "f.gp"}};
    for (const auto& command : commands) {
        const Outcome outcome = apical_in(whole.folder(), command);
        INFO(command[0] << ": " << outcome.out << outcome.err);
        CHECK(outcome.code == 65);
        CHECK_THAT(outcome.err, Catch::Contains("no run file"));
    }
}

}  // namespace apical::result_tests
