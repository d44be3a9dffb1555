// Arrays that numpy writes.
#include "sim/data/npz.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

const Where where{"model.toml", 4, 1};

std::string refused(const std::string& path, const std::string& name) {
    const auto error = error_of([&] { read_npz(path, name, where); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    return error->what();
}

}  // namespace

TEST_CASE("arrays of numpy.savez and savez_compressed are read as numpy wrote them", "[npz]") {
    const TemporaryFolder folder;
    python(
        "import numpy\n"
        "x = numpy.arange(12.0).reshape(3, 4) / 7 - 1\n"
        "all = dict(f8=x, f4=x.astype('<f4'), i8=numpy.arange(6).reshape(1, 2, 3) - 3,\n"
        "           i4=numpy.arange(3, dtype='<i4'), u1=numpy.array([0, 7, 255], 'u1'),\n"
        "           b1=numpy.array([True, False]), one=numpy.float64(2.5))\n"
        "all['trials/first'] = numpy.array([0, 5])\n"
        "all['many'] = numpy.zeros(100000)\n"
        "numpy.savez(argv[1], **all)\n"
        "numpy.savez_compressed(argv[2], **all)\n"
        "numpy.save(argv[3], x)\n",
        {folder / "a.npz", folder / "b.npz", folder / "c.npy"});
    std::vector<double> x(12);
    for (std::size_t i = 0; i < 12; ++i) x[i] = static_cast<double>(i) / 7 - 1;
    using Shape = std::vector<std::size_t>;
    for (const char* file : {"a.npz", "b.npz"}) {
        const auto read = [&](const std::string& name) {
            return read_npz(folder / file, name, where);
        };
        CHECK(read("f8").numbers == x);
        CHECK(read("f8").shape == Shape{3, 4});
        for (std::size_t i = 0; i < 12; ++i)
            CHECK(read("f4").numbers[i] == static_cast<double>(static_cast<float>(x[i])));
        CHECK(read("i8").numbers == std::vector<double>{-3, -2, -1, 0, 1, 2});
        CHECK(read("i8").shape == Shape{1, 2, 3});
        CHECK(read("i4").numbers == std::vector<double>{0, 1, 2});
        CHECK(read("u1").numbers == std::vector<double>{0, 7, 255});
        CHECK(read("b1").numbers == std::vector<double>{1, 0});
        CHECK(read("one").shape.empty());
        CHECK(read("one").numbers == std::vector<double>{2.5});
        CHECK(read("trials/first").numbers == std::vector<double>{0, 5});
        CHECK(read("many").numbers == std::vector<double>(100'000));
    }
    CHECK(read_npz(folder / "c.npy", "", where).numbers == x);
}

TEST_CASE("an array of other numbers is refused by the name of its dtype", "[npz]") {
    const TemporaryFolder folder;
    python(
        "import numpy\n"
        "x = numpy.arange(6).reshape(2, 3)\n"
        "numpy.savez(argv[1], big=x.astype('>f8'), text=numpy.array(['a', 'bc']),\n"
        "            half=x.astype('<f2'), complex=x.astype('<c16'), "
        "columns=numpy.asfortranarray(x),\n"
        "            record=numpy.zeros(2, [('a', '<f8')]), target=x)\n",
        {folder / "a.npz"});
    const std::string path = folder / "a.npz";
    using Catch::Contains;
    CHECK_THAT(refused(path, "big"), Contains("\"big\" of \"" + path +
                                              "\" is of the dtype '>f8'; "
                                              "expected '<f8', '<f4', '<i8'"));
    CHECK_THAT(refused(path, "text"), Contains("is of the dtype '<U2'"));
    CHECK_THAT(refused(path, "half"), Contains("is of the dtype '<f2'"));
    CHECK_THAT(refused(path, "complex"), Contains("is of the dtype '<c16'"));
    CHECK_THAT(refused(path, "record"), Contains("is of the dtype [('a'"));
    CHECK_THAT(refused(path, "columns"),
               Contains("Fortran's order") && Contains("ascontiguousarray"));
    CHECK_THAT(refused(path, "tarjet"),
               Contains("has no array \"tarjet\". Did you mean \"target\"?"));
}

TEST_CASE("no byte of an npz file can be changed or cut off without being noticed or harmless",
          "[npz]") {
    const TemporaryFolder folder;
    python("import numpy\nnumpy.savez_compressed(argv[1], x=numpy.arange(40.0) % 7)\n",
           {folder / "a.npz"});
    const std::string whole = content_of(folder / "a.npz");
    std::vector<double> x;
    for (int i = 0; i < 40; ++i) x.push_back(i % 7);
    std::size_t refusals = 0;
    const auto try_bytes = [&](const std::string& bytes) {
        const std::string path = folder.write("b.npz", bytes);
        std::vector<double> found = x;
        const auto error = error_of([&] { found = read_npz(path, "x", where).numbers; });
        CHECK(found == x);
        refusals += error.has_value();
    };
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string bytes = whole;
        bytes[i] = static_cast<char>(bytes[i] ^ 0x41);
        try_bytes(bytes);
        try_bytes(whole.substr(0, i));
    }
    CHECK(refusals > whole.size());  // every shorter file, and most of the changed ones
    CHECK_THAT(refused(folder.write("c.npz", "\x89HDF and more"), "x"),
               Catch::Contains("is no whole zip; expected an .npz file"));
    CHECK_THAT(refused(folder.write("c.npz", ""), "x"), Catch::Contains("is no whole zip"));
    CHECK_THAT(refused(folder.write("c.npy", "NUMPY"), ""),
               Catch::Contains("is no array of numpy's"));
}
