// Images and labels of IDX files, against bytes that the test writes.
#include "sim/data/idx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/data/idx_files.hpp"

using namespace apical;
using namespace apical::idx_tests;

TEST_CASE("images and labels of an IDX file are the bytes behind its header", "[idx]") {
    const TemporaryFolder folder;
    const IdxImages found = IdxImages::read(folder.write("images", images(5, 2, 3, pixels(5, 6))),
                                            {"model.toml", 3, 1});
    REQUIRE(found.count() == 5);
    REQUIRE(found.rows() == 2);
    REQUIRE(found.columns() == 3);
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t p = 0; p < 6; ++p) CHECK(found.image(i)[p] == pixel(i, p));
    const IdxLabels labels_found =
        IdxLabels::read(folder.write("labels", labels({3, 0, 255})), {"model.toml", 3, 1});
    REQUIRE(labels_found.count() == 3);
    CHECK(labels_found.label(0) == 3);
    CHECK(labels_found.label(2) == 255);
}

TEST_CASE("another byte of an IDX file is another fingerprint", "[idx]") {
    const TemporaryFolder folder;
    std::string bytes = images(3, 2, 2, pixels(3, 4));
    const auto fingerprint = [&] {
        return IdxImages::read(folder.write("images", bytes), {}).fingerprint();
    };
    const std::uint64_t first = fingerprint();
    CHECK(fingerprint() == first);
    for (std::size_t i = 16; i < bytes.size(); ++i) {
        bytes[i] = static_cast<char>(bytes[i] ^ 1);
        CHECK(fingerprint() != first);
        bytes[i] = static_cast<char>(bytes[i] ^ 1);
    }
}

TEST_CASE("what is no IDX file of images is refused with a sentence that says why", "[idx]") {
    const TemporaryFolder folder;
    const std::string whole = images(3, 2, 2, pixels(3, 4));
    const auto refused = [&](const std::string& bytes) {
        const std::string path = folder.write("i", bytes);
        const auto error = error_of([&] { IdxImages::read(path, {"model.toml", 3, 1}); });
        REQUIRE(error);
        CHECK(error->code() == ExitCode::bad_model);
        CHECK_THAT(error->what(), Catch::StartsWith("model.toml:3:1: \"" + path + "\" "));
        return std::string(error->what());
    };
    using Catch::Contains;
    CHECK_THAT(refused(whole.substr(0, whole.size() - 1)),
               Contains("says that it has 3 x 2 x 2 images, 12 bytes, and has 11: it is cut off"));
    CHECK_THAT(refused(whole + "x"), Contains("12 bytes, and has 13: it is too long"));
    std::string little = whole;
    for (std::size_t at = 0; at < 16; at += 4)
        std::reverse(little.begin() + static_cast<std::ptrdiff_t>(at),
                     little.begin() + static_cast<std::ptrdiff_t>(at) + 4);
    CHECK_THAT(refused(little),
               Contains("begins with the bytes 03 08 00 00; expected 00 00 08 03") &&
                   Contains("little-endian, and those of IDX files big-endian"));
    CHECK_THAT(refused(labels({1, 2, 3})),
               Contains("00 00 08 01") && Contains("it is one of labels"));
    std::string floats = whole;
    floats[2] = 0x0d;
    CHECK_THAT(refused(floats), Contains("its numbers are no unsigned bytes (08)"));
    CHECK_THAT(refused("\x1f\x8b\x08 and so on"),
               Contains("is packed by gzip") && Contains("gunzip"));
    CHECK_THAT(refused(""), Contains("is 0 bytes long; expected an IDX file of images"));
    CHECK_THAT(refused(whole.substr(0, 10)), Contains("whose header alone has 16"));
    CHECK_THAT(refused(images(0, 28, 28, "")), Contains("has 0 x 28 x 28 images"));
    // Sizes whose product does not fit into any number of bytes.
    CHECK_THAT(refused(images(0xffffffff, 0xffffffff, 0xffffffff, "abc")), Contains("cut off"));
    CHECK_THAT(refused("PNG, and much more than a header"), Contains("expected 00 00 08 03"));
    const auto none = error_of([&] { IdxImages::read(folder / "none", {"model.toml", 3, 1}); });
    REQUIRE(none);
    CHECK(none->code() == ExitCode::no_such_input);
    CHECK_THAT(error_of([&] { IdxImages::read(folder.path(), {}); })->what(),
               Contains("is no ordinary file"));
}

TEST_CASE("sixty thousand images of 28 x 28 stay the bytes of their file", "[idx]") {
    const TemporaryFolder folder;
    constexpr std::uint32_t count = 60'000;
    const std::string bytes = images(count, 28, 28, pixels(count, 784));
    const IdxImages found = IdxImages::read(folder.write("images", bytes), {});
    REQUIRE(found.count() == count);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; i += 997)
        for (std::size_t p = 0; p < 784; ++p) wrong += found.image(i)[p] != pixel(i, p);
    CHECK(wrong == 0);
    CHECK(found.image(count - 1).data() + 784 ==
          found.image(0).data() + std::size_t{784} * count);  // one behind the other
}
