#pragma once

#include <H5Cpp.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <set>

#include "sim/hdf5/hdf5_reading.hpp"
#include "tests/sim/command_line/program_run.hpp"

namespace apical {

// What every sweep of the tests begins with: small networks, short runs.
inline const std::string few_seeds = "format = 1\nseeds = \"1:3\"\nblocks = 10\n";
inline const std::string small_set = "[set]\nrun.steps = 200\npopulation.hidden.size = 4\n";

// "[model.NAME] file = ...", of a shipped model.
inline std::string model_lines(const std::string& name, const std::string& model,
                               const std::string& rest = "") {
    return fmt::format("[model.\"{}\"]\nfile = \"{}\"\n{}", name, path_of_shipped(model), rest);
}

// Three jobs.
inline std::string three_jobs() { return few_seeds + small_set + model_lines("RFLO", "rflo"); }

// "jobs     3: 3 now, 0 before, 0 failed, 0 missing"
struct JobCounts {
    int jobs = -1, now = -1, before = -1, failed = -1, missing = -1;
    bool operator==(const JobCounts&) const = default;
};

inline std::ostream& operator<<(std::ostream& stream, const JobCounts& c) {
    return stream << fmt::format("{}: {} now, {} before, {} failed, {} missing", c.jobs, c.now,
                                 c.before, c.failed, c.missing);
}

// (By no std::regex, which each file that includes this would compile for two seconds.)
inline JobCounts counted(const Outcome& outcome) {
    INFO(outcome.out << outcome.err);
    JobCounts c;
    for (const char* at = std::strstr(outcome.out.c_str(), "jobs "); at;
         at = std::strstr(at + 1, "jobs ")) {
        int end = 0;
        const char* const counts = std::strchr(at, ':');
        if (!counts || std::sscanf(at, "jobs %d", &c.jobs) != 1) continue;
        std::sscanf(counts, ": %d now, %d before, %d failed, %d missing%n", &c.now, &c.before,
                    &c.failed, &c.missing, &end);
        if (end > 0) return c;
    }
    FAIL("no line of jobs");
    return c;
}

// An HDF5 file, read with the library alone.
class Stored {
public:
    explicit Stored(const std::string& path) {
        INFO(path);
        std::optional<H5::H5File> file = open_for_reading(path);
        REQUIRE(file);
        file_ = *file;
    }
    std::vector<double> numbers(const std::string& path) const {
        const H5::DataSet set = file_.openDataSet(path);
        std::vector<double> all(std::size_t(set.getSpace().getSimpleExtentNpoints()));
        set.read(all.data(), H5::PredType::NATIVE_DOUBLE);
        return all;
    }
    std::vector<std::string> texts(const std::string& path) const {
        const H5::DataSet set = file_.openDataSet(path);
        return texts_of(set);
    }
    double number(const char* attribute) const {
        double value = 0.0;
        file_.openAttribute(attribute).read(H5::PredType::NATIVE_DOUBLE, &value);
        return value;
    }
    std::string text(const char* attribute) const { return text_of(file_, attribute); }
    // Each dataset's kind, extent and bytes, by its path.
    std::map<std::string, std::string> datasets() {
        std::map<std::string, std::string> all;
        for (const std::string& name : names_of_datasets(file_)) {
            const H5::DataSet set = file_.openDataSet(name);
            std::string& one = all[name];
            for (const hsize_t size : extent_of(set)) one += std::to_string(size) + " x ";
            one += std::to_string(set.getTypeClass()) + ": " + bytes_of(set);
        }
        return all;
    }

private:
    static std::string bytes_of(const H5::DataSet& set) {
        if (set.getTypeClass() == H5T_STRING)
            return fmt::format("{}", fmt::join(texts_of(set), "\n"));
        const auto count = std::size_t(set.getSpace().getSimpleExtentNpoints());
        std::string bytes(count * set.getDataType().getSize(), '\0');
        set.read(bytes.data(), set.getDataType());
        return bytes;
    }
    H5::H5File file_;
};

inline bool exists(const std::string& path) { return std::filesystem::exists(path); }

// Byte for byte.
inline bool is_same_file(const std::string& a, const std::string& b) {
    return content_of(a) == content_of(b);
}

// All that a result has, but the time.
inline std::map<std::string, std::string> all_but_seconds(const std::string& path) {
    Stored stored(path);
    std::map<std::string, std::string> all = stored.datasets();
    REQUIRE(all.erase("jobs/seconds") == 1);
    for (const char* attribute : {"title", "sweep", "engine", "swept"})
        all[attribute] = stored.text(attribute);
    return all;
}

// The names of those datasets that differ: none.
inline void check_same(const std::map<std::string, std::string>& found,
                       const std::map<std::string, std::string>& expected) {
    std::vector<std::string> differ;
    for (const auto& [name, bytes] : expected)
        if (!found.contains(name) || found.at(name) != bytes) differ.push_back(name);
    CHECK(differ == std::vector<std::string>{});
    CHECK(found.size() == expected.size());
}

// A folder with a sweep file "s.toml", whose result is "runs/s.h5".
struct SweepFolder {
    TemporaryFolder folder;

    explicit SweepFolder(const std::string& text) { write(text); }
    void write(const std::string& text) const { folder.write("s.toml", text); }

    Outcome sweep(const std::vector<std::string>& options = {}) const {
        std::vector<std::string> all{"sweep", "s.toml", "-q"};
        all.insert(all.end(), options.begin(), options.end());
        return apical_in(folder, all);
    }
    // Expects it to end well.
    JobCounts done(const std::vector<std::string>& options = {}) const {
        const Outcome outcome = sweep(options);
        INFO(outcome.out << outcome.err);
        REQUIRE(outcome.code == 0);
        return counted(outcome);
    }
    std::string result() const { return folder / "runs/s.h5"; }
    std::size_t parts() const {
        std::size_t count = 0;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(folder / "runs/s.parts", none))
            count += entry.path().extension() == ".h5";
        return count;
    }
};

}  // namespace apical
