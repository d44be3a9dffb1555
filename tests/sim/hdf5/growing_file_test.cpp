#include "sim/hdf5/growing_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "circuits/text/error.hpp"
#include "sim/hdf5/dataset.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

using Numbers = std::vector<double>;
using Sizes = std::vector<std::size_t>;

const Where no_model{"dni.toml", 14, 8};

// A folder for a growing file.
struct Grown {
    TemporaryDirectory directory;
    std::string path = directory / "given.h5";
};

NewDataset series(const std::string& path, const Sizes& row, const Sizes& chunk) {
    NewDataset dataset;
    dataset.path = path;
    dataset.row = row;
    dataset.chunk = chunk;
    dataset.attributes = {{"units", "mV"}, {"count", std::int64_t{3}}};
    return dataset;
}

Numbers counting(std::size_t count) {
    Numbers numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return numbers;
}

}  // namespace

TEST_CASE_METHOD(Grown, "rows are appended to a run file and read back", "[hdf5]") {
    GrowingFile file(path, false);
    const std::size_t pairs = file.add(series("/a/b/pairs", {2}, {3, 2}));
    const std::size_t grid = file.add(series("/a/grid", {2, 3}, {1, 1, 3}));
    file.start();
    file.publish();
    const Numbers numbers = counting(60);
    for (std::uint64_t row = 0; row < 10; row += 2) {
        file.write(pairs, row, 2, &numbers[2 * row]);
        file.write(grid, row, 2, &numbers[6 * row]);
    }
    file.close();
    CHECK(read_dataset(path, "a/b/pairs", no_model).shape == Sizes{10, 2});
    CHECK(read_dataset(path, "a/b/pairs", no_model).numbers == counting(20));
    CHECK(read_dataset(path, "a/grid", no_model).shape == Sizes{10, 2, 3});
    CHECK(read_dataset(path, "a/grid", no_model).numbers == numbers);
}

TEST_CASE_METHOD(Grown, "whole chunks and single rows make the same file", "[hdf5]") {
    const Numbers numbers = counting(2 * 30);
    const auto written = [&](const std::vector<std::uint64_t>& ends) {
        GrowingFile file(path, true);
        const std::size_t pairs = file.add(series("pairs", {2}, {4, 2}));
        const std::size_t halves = file.add(series("halves", {2}, {4, 1}));
        file.start();
        file.publish();
        for (const std::size_t dataset : {pairs, halves}) {
            std::uint64_t row = 0;
            for (const std::uint64_t end : ends) {
                file.write(dataset, row, end - row, &numbers[2 * row]);
                row = end;
            }
        }
        file.close();
        CHECK(read_dataset(path, "pairs", no_model).numbers == numbers);
        CHECK(read_dataset(path, "halves", no_model).numbers == numbers);
        return contents(path);
    };
    std::vector<std::uint64_t> single(30);
    std::iota(single.begin(), single.end(), 1);
    const std::string expected = written(single);
    CHECK(written({4, 8, 12, 16, 20, 24, 28, 30}) == expected);
    CHECK(written({30}) == expected);
    CHECK(written({3, 17, 30}) == expected);
}

// A block of an extensible array (HDF5 File Format Specification, VII.D) has 4 bytes of signature,
// 14 of header with the place of its first element among all, 8 of each element, 4 of checksum. The
// sizes double.
TEST_CASE_METHOD(Grown, "the places of 8,000 chunks are kept in blocks that no page border parts",
                 "[hdf5]") {
    constexpr std::uint64_t chunks = 8000;
    GrowingFile file(path, false);
    const std::size_t single = file.add(series("single", {}, {1}));
    file.start();
    file.publish();
    const Numbers numbers = counting(chunks);
    file.write(single, 0, chunks, numbers.data());
    file.close();
    CHECK(python_agrees(path, R"(
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

TEST_CASE_METHOD(Grown, "a run file is read while it is written, up to what was flushed",
                 "[hdf5]") {
    GrowingFile file(path, false);
    const std::size_t numbers = file.add(series("numbers", {}, {1000}));
    file.start();
    file.publish();
    const Numbers rows = counting(700);
    file.write(numbers, 0, 300, rows.data());
    file.flush(numbers);
    CHECK(read_dataset(path, "numbers", no_model).numbers == counting(300));
    CHECK(python_agrees(path, "assert h5py.File(path, swmr=True)['numbers'].shape == (300,)"));
    file.write(numbers, 300, 400, &rows[300]);
    file.flush(numbers);
    CHECK(read_dataset(path, "numbers", no_model).numbers == rows);
}

TEST_CASE_METHOD(Grown, "an attribute may be longer than 64 kB, and a number may change later",
                 "[hdf5]") {
    GrowingFile file(path, false);
    file.set_attribute("model", std::string(300'000, 'm'));
    for (int i = 0; i < 20; ++i)
        file.set_attribute("attribute " + std::to_string(i), std::int64_t{i});
    file.set_attribute("loss", 0.0);
    file.start();
    file.publish();
    file.set_attribute("attribute 7", std::int64_t{-7});
    file.set_attribute("loss", 0.125);
    file.close();
    CHECK(python_agrees(path, R"(
a = h5py.File(path).attrs
assert a['model'] == 300000 * 'm' and a['loss'] == 0.125
assert a['attribute 7'] == -7 and a['attribute 8'] == 8
)"));
}

TEST_CASE_METHOD(Grown, "a run file that was never started leaves nothing behind", "[hdf5]") {
    { const GrowingFile file(path, false); }
    CHECK_FALSE(std::filesystem::exists(path));
    std::ofstream(path) << "precious";
    { const GrowingFile file(path, true); }
    CHECK(contents(path) == "precious");
    CHECK_THROWS_WITH(GrowingFile(path, false), "cannot write \"" + path + "\": File exists");
    CHECK(contents(path) == "precious");
}

TEST_CASE_METHOD(Grown, "what HDF5 refuses is an error, after which the file can still be used",
                 "[hdf5]") {
    GrowingFile file(path, false);
    CHECK_THROWS_AS(file.add(series("without chunks", {2}, {1, 0})), Error);
    const std::size_t numbers = file.add(series("numbers", {}, {8}));
    file.start();
    file.publish();
    const Numbers rows = counting(8);
    file.write(numbers, 0, 8, rows.data());
    file.close();
    CHECK(read_dataset(path, "numbers", no_model).numbers == rows);
}
