#include "sim/hdf5/dataset.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "circuits/text/error.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

using Entries = std::vector<double>;
using Extent = std::vector<std::size_t>;

const Where where{"dni.toml", 14, 8};

struct Given {
    TemporaryDirectory directory;
    std::string path = directory / "given.h5";

    std::string error(const std::string& dataset, ExitCode code) const {
        try {
            read_dataset(path, dataset, where);
        } catch (const Error& error) {
            CHECK(error.code() == code);
            return error.what();
        }
        return "";
    }
};

// Made by h5py, with all that a reader may meet.
struct Foreign : Given {
    Foreign() {
        REQUIRE(python_agrees(path, R"(
with h5py.File(path, 'w') as file:
    file['net/W_rec'] = numpy.arange(6.0).reshape(2, 3)
    file['net/order'] = numpy.array([3, -1, 2**40], dtype='>i8')
    file['net/half'] = numpy.float16(0.5)
    file['net/name'] = 'dni'
    file['net/flags'] = numpy.array([True, False])
    file['net/again'] = h5py.SoftLink('/net')
    file.create_dataset('none', (0, 4))
    file.create_dataset('huge', (2**16, 2**16), chunks=(1, 2**16))
    for power in 31, 32, 62: file.create_dataset(f'huge{power}', (2**power, 2**32), chunks=(1, 1))
    file.create_dataset('unwritten', (2**10, 2**10), chunks=(1, 2**10))
    file.create_dataset('packed', data=numpy.ones((2**9, 2**9)), compression='gzip')
)"));
    }
};

}  // namespace

TEST_CASE_METHOD(Foreign, "a dataset is read in row-major order with its shape", "[hdf5]") {
    const DataSet strengths = read_dataset(path, "net/W_rec", where);
    CHECK(strengths.shape == Extent{2, 3});
    CHECK(read_dataset(path, "net/flags", where).numbers == Entries{1.0, 0.0});
    CHECK(strengths.numbers == Entries{0, 1, 2, 3, 4, 5});
    CHECK(read_dataset(path, "/net/W_rec", where).numbers == strengths.numbers);
}

TEST_CASE_METHOD(Foreign, "numbers of every size and byte order become doubles", "[hdf5]") {
    CHECK(read_dataset(path, "net/order", where).numbers == Entries{3, -1, 1099511627776});
    const DataSet half = read_dataset(path, "net/half", where);
    CHECK(half.shape.empty());
    CHECK(half.numbers == Entries{0.5});
    CHECK(read_dataset(path, "none", where).shape == Extent{0, 4});
}

TEST_CASE_METHOD(Foreign, "a dataset that is not there is an error with the nearest name",
                 "[hdf5]") {
    const std::string sentence = "dni.toml:14:8: \"" + path + "\" has no dataset ";
    CHECK(error("net/W_ref", ExitCode::bad_model) ==
          sentence + "\"net/W_ref\". Did you mean \"net/W_rec\"?");
    CHECK(error("/net/W_ref", ExitCode::bad_model) ==
          sentence + "\"/net/W_ref\". Did you mean \"net/W_rec\"?");
    CHECK(error("something else entirely", ExitCode::bad_model) ==
          sentence + "\"something else entirely\".");
    CHECK(error("net", ExitCode::bad_model).starts_with(sentence + "\"net\""));
    CHECK(error("", ExitCode::bad_model) == sentence + "\"\".");
}

TEST_CASE_METHOD(Foreign, "a dataset that is not of numbers is an error", "[hdf5]") {
    CHECK(error("net/name", ExitCode::bad_model) ==
          "dni.toml:14:8: cannot read \"net/name\" of \"" + path +
              "\": it is not of numbers; expected floating-point or whole numbers, or booleans");
}

TEST_CASE_METHOD(Foreign, "a dataset of more than 2^31 numbers is an error", "[hdf5]") {
    // The number of entries overflows for some of them: 2^63, 2^64, 2^94.
    for (const char* name : {"huge", "huge31", "huge32", "huge62"})
        CHECK(error(name, ExitCode::bad_model).ends_with("it has more than 2^31 numbers"));
}

TEST_CASE_METHOD(Foreign,
                 "numbers that the file has no room for are an error, before they take memory",
                 "[hdf5]") {
    CHECK(error("unwritten", ExitCode::bad_model)
              .ends_with("it states 1024 x 1024 numbers, for which the file is too short"));
    CHECK(read_dataset(path, "packed", where).numbers == Entries(1 << 18, 1.0));
}

TEST_CASE_METHOD(Given, "a file that is not there is an error", "[hdf5]") {
    CHECK(error("x", ExitCode::no_such_input) ==
          "dni.toml:14:8: cannot read \"" + path + "\": No such file or directory");
}

TEST_CASE_METHOD(Given, "a file that is not HDF5, or is cut off, is an error", "[hdf5]") {
    std::ofstream(path) << "W_rec = [[1, 2], [3, 4]]";
    CHECK(error("W_rec", ExitCode::bad_model) ==
          "dni.toml:14:8: \"" + path + "\" is not an HDF5 file, or it is damaged; it has 24 bytes");
    REQUIRE(python_agrees(path, "h5py.File(path, 'w')['W'] = numpy.ones(10000)"));
    std::filesystem::resize_file(path, 1000);
    CHECK_FALSE(error("W", ExitCode::bad_model).empty());
    path = directory / "";
    CHECK_FALSE(error("W", ExitCode::bad_model).empty());
}
