// Run files that another library of the same process has open, as h5py in a Python that has Apical
// too: the C interface of HDF5 stands for it.
#include <hdf5.h>

#include <catch2/catch.hpp>
#include <optional>

#include "sim/hdf5/dataset.hpp"
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

const std::string voltage_path = "/state/hidden/soma/voltage";

// The voltage of one cell: in each step its number.
struct Growing : Recordable {
    SlotId v = slot(Shape::per_cell, 1);
    TemporaryDirectory directory;
    std::string path = directory / "run.h5";
    std::optional<State> state;
    std::optional<NamedRecorder> recorder;

    Growing() {
        quantity("hidden.soma.v", voltage_path, {v}, false);
        state.emplace(program);
        recorder.emplace(program, std::vector{recording("all", {"hidden.soma.v"}, 1, 1, 1000)},
                         description(), path, Replacing::no);
    }
    void advance(std::int64_t first, std::int64_t last) {
        run(*recorder, *state, first, last,
            [&](std::int64_t step, std::size_t) { state->data(v)[0] = static_cast<double>(step); });
        recorder->flush();
    }
    void close(std::int64_t steps) { recorder->close(steps, 0.5); }
};

// A file as others open it: with locks, as they like to close it, and following a writer or not.
class OpenElsewhere {
public:
    OpenElsewhere(const std::string& path, H5F_close_degree_t degree, unsigned how) {
        const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
        H5Pset_fclose_degree(access, degree);
        file_ = H5Fopen(path.c_str(), how, access);
        H5Pclose(access);
    }
    ~OpenElsewhere() {
        if (file_ >= 0) H5Fclose(file_);
    }
    OpenElsewhere(const OpenElsewhere&) = delete;
    OpenElsewhere& operator=(const OpenElsewhere&) = delete;

    // The number of rows of the voltage, as they are in the file now; 0 when it is not open.
    hsize_t rows() const {
        hsize_t rows[2] = {0, 0};
        const hid_t set = H5Dopen2(file_, voltage_path.c_str(), H5P_DEFAULT);
        if (set < 0) return 0;
        H5Drefresh(set);
        const hid_t space = H5Dget_space(set);
        H5Sget_simple_extent_dims(space, rows, nullptr);
        H5Sclose(space);
        H5Dclose(set);
        return rows[0];
    }

private:
    hid_t file_ = -1;
};

unsigned following() { return H5F_ACC_RDONLY | H5F_ACC_SWMR_READ; }
// Degrees of closing: the driver's, which is weak, and all that there are.
constexpr H5F_close_degree_t degrees[] = {H5F_CLOSE_DEFAULT, H5F_CLOSE_WEAK, H5F_CLOSE_SEMI,
                                          H5F_CLOSE_STRONG};

double voltage_of(const StoredRun& run, std::uint64_t row) {
    return run.read(run.find("hidden.soma.v"), row, 1).front();
}

}  // namespace

TEST_CASE("a run file that another library has open is read, and closed without a change for it",
          "[inspect][opened_elsewhere]") {
    Growing growing;
    growing.advance(1, 10);
    growing.close(10);
    for (const H5F_close_degree_t degree : degrees) {
        for (const unsigned how : {unsigned{H5F_ACC_RDONLY}, following()}) {
            INFO(degree << " " << how);
            const OpenElsewhere other(growing.path, degree, how);
            REQUIRE(other.rows() == 10);
            {
                const StoredRun run(growing.path);
                CHECK(voltage_of(run, 9) == 10.0);
                CHECK(run.was_closed());
                CHECK(read_dataset(growing.path, voltage_path, {}).numbers.size() == 10);
            }
            CHECK(other.rows() == 10);
        }
    }
}

TEST_CASE("a run file that is read can be opened and closed by another library",
          "[inspect][opened_elsewhere]") {
    Growing growing;
    growing.advance(1, 10);
    growing.close(10);
    const StoredRun run(growing.path);
    for (const H5F_close_degree_t degree : degrees) {
        for (const unsigned how : {unsigned{H5F_ACC_RDONLY}, following()}) {
            INFO(degree << " " << how);
            CHECK(OpenElsewhere(growing.path, degree, how).rows() == 10);
            CHECK(voltage_of(run, 4) == 5.0);
        }
    }
}

TEST_CASE("a run file is followed by another library and by us in the process that writes it",
          "[inspect][opened_elsewhere]") {
    Growing growing;
    growing.advance(1, 5);
    const OpenElsewhere other(growing.path, H5F_CLOSE_STRONG, following());
    CHECK(other.rows() == 5);
    {
        const StoredRun run(growing.path);
        CHECK(run.is_being_written());
        CHECK(voltage_of(run, 4) == 5.0);
    }
    growing.advance(6, 10);
    CHECK(other.rows() == 10);
    CHECK(voltage_of(StoredRun(growing.path), 9) == 10.0);
    CHECK(OpenElsewhere(growing.path, H5F_CLOSE_STRONG, following()).rows() == 10);
    growing.advance(11, 12);
    growing.close(12);
    CHECK(other.rows() == 12);
    CHECK(voltage_of(StoredRun(growing.path), 11) == 12.0);
}
