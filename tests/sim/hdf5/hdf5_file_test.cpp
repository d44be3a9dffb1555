#include "sim/hdf5/hdf5_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <numeric>

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
        REQUIRE(python(path, R"(
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

NewDataset series(const std::string& path, const Extent& row, const Extent& chunk) {
    NewDataset dataset;
    dataset.path = path;
    dataset.row = row;
    dataset.chunk = chunk;
    dataset.attributes = {{"units", "mV"}, {"count", std::int64_t{3}}};
    return dataset;
}

Entries counting(std::size_t count) {
    Entries numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return numbers;
}

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
    REQUIRE(python(path, "h5py.File(path, 'w')['W'] = numpy.ones(10000)"));
    std::filesystem::resize_file(path, 1000);
    CHECK_FALSE(error("W", ExitCode::bad_model).empty());
    path = directory / "";
    CHECK_FALSE(error("W", ExitCode::bad_model).empty());
}

TEST_CASE_METHOD(Given, "rows are appended to a run file and read back", "[hdf5]") {
    RunFile file(path, false);
    const std::size_t pairs = file.add(series("/a/b/pairs", {2}, {3, 2}));
    const std::size_t grid = file.add(series("/a/grid", {2, 3}, {1, 1, 3}));
    file.start();
    file.take_name();
    const Entries numbers = counting(60);
    for (std::uint64_t row = 0; row < 10; row += 2) {
        file.write(pairs, row, 2, &numbers[2 * row]);
        file.write(grid, row, 2, &numbers[6 * row]);
    }
    file.close();
    CHECK(read_dataset(path, "a/b/pairs", where).shape == Extent{10, 2});
    CHECK(read_dataset(path, "a/b/pairs", where).numbers == counting(20));
    CHECK(read_dataset(path, "a/grid", where).shape == Extent{10, 2, 3});
    CHECK(read_dataset(path, "a/grid", where).numbers == numbers);
}

TEST_CASE_METHOD(Given, "whole chunks and single rows make the same file", "[hdf5]") {
    const Entries numbers = counting(2 * 30);
    const auto written = [&](const std::vector<std::uint64_t>& ends) {
        RunFile file(path, true);
        const std::size_t pairs = file.add(series("pairs", {2}, {4, 2}));
        const std::size_t halves = file.add(series("halves", {2}, {4, 1}));
        file.start();
        file.take_name();
        for (const std::size_t dataset : {pairs, halves}) {
            std::uint64_t row = 0;
            for (const std::uint64_t end : ends) {
                file.write(dataset, row, end - row, &numbers[2 * row]);
                row = end;
            }
        }
        file.close();
        CHECK(read_dataset(path, "pairs", where).numbers == numbers);
        CHECK(read_dataset(path, "halves", where).numbers == numbers);
        return contents(path);
    };
    std::vector<std::uint64_t> single(30);
    std::iota(single.begin(), single.end(), 1);
    const std::string expected = written(single);
    CHECK(written({4, 8, 12, 16, 20, 24, 28, 30}) == expected);
    CHECK(written({30}) == expected);
    CHECK(written({3, 17, 30}) == expected);
}

// Of an extensible array (HDF5 File Format Specification, VII.D): 4 bytes of signature, 14 of
// header with the place of its first element among all, 8 of each element, 4 of checksum. The sizes
// double.
TEST_CASE_METHOD(Given, "the places of 8,000 chunks are kept in blocks that no page border parts",
                 "[hdf5]") {
    constexpr std::uint64_t chunks = 8000;
    RunFile file(path, false);
    const std::size_t single = file.add(series("single", {}, {1}));
    file.start();
    file.take_name();
    const Entries numbers = counting(chunks);
    file.write(single, 0, chunks, numbers.data());
    file.close();
    CHECK(python(path, R"(
import re, struct
data = open(path, 'rb').read()
blocks = [match.start() for match in re.finditer(b'EADB', data)]
assert len(blocks) > 40
largest = 0
for block in blocks:
    first, = struct.unpack_from('<I', data, block + 14)
    level = (first // 16 + 1).bit_length() - 1
    size = 22 + 8 * 16 * 2 ** ((level + 1) // 2)
    largest = max(largest, size)
    assert block // 4096 == (block + size - 1) // 4096, (block, first, size)
assert largest == 22 + 8 * 256
)"));
}

TEST_CASE_METHOD(Given, "a run file is read while it is written, up to what was flushed",
                 "[hdf5]") {
    RunFile file(path, false);
    const std::size_t numbers = file.add(series("numbers", {}, {1000}));
    file.start();
    file.take_name();
    const Entries rows = counting(700);
    file.write(numbers, 0, 300, rows.data());
    file.flush(numbers);
    CHECK(read_dataset(path, "numbers", where).numbers == counting(300));
    CHECK(python(path, "assert h5py.File(path, swmr=True)['numbers'].shape == (300,)"));
    file.write(numbers, 300, 400, &rows[300]);
    file.flush(numbers);
    CHECK(read_dataset(path, "numbers", where).numbers == rows);
}

TEST_CASE_METHOD(Given, "an attribute may be longer than 64 kB, and a number may change later",
                 "[hdf5]") {
    RunFile file(path, false);
    file.set_attribute("model", std::string(300'000, 'm'));
    for (int i = 0; i < 20; ++i)
        file.set_attribute("attribute " + std::to_string(i), std::int64_t{i});
    file.set_attribute("loss", 0.0);
    file.start();
    file.take_name();
    file.set_attribute("attribute 7", std::int64_t{-7});
    file.set_attribute("loss", 0.125);
    file.close();
    CHECK(python(path, R"(
a = h5py.File(path).attrs
assert a['model'] == 300000 * 'm' and a['loss'] == 0.125
assert a['attribute 7'] == -7 and a['attribute 8'] == 8
)"));
}

TEST_CASE_METHOD(Given, "a run file that was never started leaves nothing behind", "[hdf5]") {
    { const RunFile file(path, false); }
    CHECK_FALSE(std::filesystem::exists(path));
    std::ofstream(path) << "precious";
    { const RunFile file(path, true); }
    CHECK(contents(path) == "precious");
    CHECK_THROWS_WITH(RunFile(path, false), "cannot write \"" + path + "\": File exists");
    CHECK(contents(path) == "precious");
}

TEST_CASE_METHOD(Given, "what HDF5 refuses is an error, after which the file can still be used",
                 "[hdf5]") {
    RunFile file(path, false);
    CHECK_THROWS_AS(file.add(series("without chunks", {2}, {1, 0})), Error);
    const std::size_t numbers = file.add(series("numbers", {}, {8}));
    file.start();
    file.take_name();
    const Entries rows = counting(8);
    file.write(numbers, 0, 8, rows.data());
    file.close();
    CHECK(read_dataset(path, "numbers", where).numbers == rows);
}
