// scripts/mutants.py plants the slips of tests/mutants.toml, which takes hours; that each still
// fits its file is seen here.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "circuits/text/value.hpp"

namespace {

std::string tracked_text(const std::string& path) {
    std::ifstream file(std::string(APICAL_SOURCE_DIR) + "/" + path);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

int occurrences(const std::string& part, const std::string& text) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("the text of each planted slip stands once in its file", "[mutants]") {
    apical::Table root =
        apical::parse_toml(tracked_text("tests/mutants.toml"), "tests/mutants.toml");
    const auto& mutants = std::get<apical::Array>(root.find("mutant")->content);
    REQUIRE(mutants.size() > 100);
    for (const apical::Value& one : mutants) {
        const auto text = [&](const char* key) {
            return std::get<std::string>(std::get<apical::Table>(one.content).find(key)->content);
        };
        INFO(text("file") << ", " << text("kind") << ": " << text("find"));
        CHECK(occurrences(text("find"), tracked_text(text("file"))) == 1);
        CHECK(text("with") != text("find"));
    }
}
