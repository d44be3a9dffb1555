// The texts that fuzzing of equations begins with.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "learning_rules/lowering/functions.hpp"
#include "tests/fuzz/check_as_equations.hpp"

namespace apical {

namespace {

const std::filesystem::path fuzz_seeds = APICAL_SOURCE_DIR "/tests/fuzz/equations";

std::string text_of_seed(const std::filesystem::path& path) {
    std::ifstream file(path);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("each function is in a rule that fuzzing begins with", "[lowering][fuzz]") {
    const std::string rule = text_of_seed(fuzz_seeds / "functions.txt");
    for (const FunctionOfText& one : functions_of_text()) {
        INFO(one.name);
        CHECK(rule.find(std::string(one.name) + '(') != std::string::npos);
    }
}

TEST_CASE("fuzzing of equations begins with rules and with equations inside cells",
          "[lowering][fuzz]") {
    for (const char* name :
         {"functions.txt", "oja.txt", "bcm.txt", "bounded.txt", "least_squares.txt"}) {
        INFO(name);
        CHECK(check_as_equations(text_of_seed(fuzz_seeds / name), false));
    }
    CHECK(check_as_equations(text_of_seed(fuzz_seeds / "cells.txt"), true));
}

TEST_CASE("every text that fuzzing begins with is taken or refused, for rules and for cells",
          "[lowering][fuzz]") {
    for (const auto& entry : std::filesystem::directory_iterator(fuzz_seeds)) {
        INFO(entry.path());
        const std::string text = text_of_seed(entry.path());
        CHECK_NOTHROW(check_as_equations(text, false));
        CHECK_NOTHROW(check_as_equations(text, true));
    }
}

}  // namespace apical
