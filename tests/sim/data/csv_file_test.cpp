// Tables of text files.
#include <catch2/catch.hpp>

#include "sim/data/csv.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const Where where{"model.toml", 4, 1};

std::string refused(const std::string& text, const std::vector<std::string>& columns) {
    const TemporaryFolder folder;
    const std::string path = folder.write("d.csv", text);
    const auto error = error_of([&] { CsvFile::read(path, where).numbers(columns, where); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    std::string what = error->what();
    for (std::size_t at; (at = what.find(folder.path() + "/")) != std::string::npos;)
        what.erase(at, folder.path().size() + 1);
    return what;
}

}  // namespace

TEST_CASE("columns of a table are found by their names, in the order that is asked for", "[csv]") {
    const TemporaryFolder folder;
    const CsvFile file = CsvFile::read(
        folder.write("d.csv", "a, \"b, c\" ,d\r\n1,2.5,-3e-2\r\n\r\n+4, 5 ,\"6\"\n 7,8,9"), where);
    REQUIRE(file.columns() == std::vector<std::string>{"a", "b, c", "d"});
    REQUIRE(file.rows() == 3);
    const DataSet found = file.numbers({"d", "a", "d"}, where);
    CHECK(found.shape == std::vector<std::size_t>{3, 3});
    CHECK(found.numbers == std::vector<double>{-0.03, 1, -0.03, 6, 4, 6, 9, 7, 9});
    CHECK(file.numbers({"b, c"}, where).numbers == std::vector<double>{2.5, 5, 8});
    CHECK(file.place_of(1).ends_with("d.csv:4"));
}

TEST_CASE("a name with a star stands for all columns that begin so", "[csv]") {
    const TemporaryFolder folder;
    const CsvFile file =
        CsvFile::read(folder.write("d.csv", "\xef\xbb\xbfp0,y,p1,q\n1,2,3,4\n"), where);
    CHECK(file.numbers({"p*"}, where).numbers == std::vector<double>{1, 3});
    CHECK(file.numbers({"*"}, where).numbers == std::vector<double>{1, 2, 3, 4});
    CHECK_THAT(error_of([&] { file.numbers({"z*"}, where); })->what(),
               Catch::Contains("no column whose name begins with \"z\""));
}

TEST_CASE("what is wrong in a table is said with the line of its file", "[csv]") {
    using Catch::Equals;
    CHECK(refused("a,target\n1,2\n3,x\n", {"target"}) ==
          "d.csv:3: \"x\" is no number in column \"target\"");
    CHECK(refused("a,b\n1,\n", {"b"}) == "d.csv:2: \"\" is no number in column \"b\"");
    CHECK(refused("a,b\n1,nan\n", {"b"}) == "d.csv:2: \"nan\" is no finite number in column \"b\"");
    CHECK(refused("a,b\n1,1e999\n", {"b"}) == "d.csv:2: \"1e999\" is no number in column \"b\"");
    CHECK(refused("a,b\n1,2 3\n", {"b"}) == "d.csv:2: \"2 3\" is no number in column \"b\"");
    CHECK(refused("a,b\n\n1,2\n3\n", {"b"}) ==
          "d.csv:4: has 1 cells; the first line names 2 columns");
    CHECK(refused("a,b\n1,\"2\n", {"b"}) ==
          "d.csv:2: a quote has no end, or something stands behind it");
    CHECK(refused("a,b\n1,\"2\"3\n", {"b"}) ==
          "d.csv:2: a quote has no end, or something stands behind it");
    CHECK(refused("target,b\n1,2\n", {"tarjet"}) ==
          "model.toml:4:1: \"d.csv\" has no column \"tarjet\". Did you mean \"target\"?");
    for (const char* text : {"", "\n\n", "a,b\n"})
        CHECK_THAT(refused(text, {"a"}), Catch::Contains("\"d.csv\" has no row"));
    CHECK_THAT(refused("\x1f\x8b\x08", {"a"}), Catch::Contains("is packed by gzip"));
}
