// The page on architecture, held against the sources and the table of rooms in layers_test.cpp.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of_page(const std::string& path) {
    std::ifstream file(fs::path(APICAL_SOURCE_DIR) / path);
    REQUIRE(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

// The rooms of the table in tests/layers_test.cpp, in its order.
std::vector<std::string> rooms_of_table() {
    static const std::regex row("    \"([a-z0-9_/]+)\", +// .+");
    std::vector<std::string> rooms;
    bool inside = false;
    for (const std::string& line : lines_of_page("tests/layers_test.cpp")) {
        if (line.ends_with("rooms = {")) inside = true;
        if (line == "};") inside = false;
        std::smatch found;
        if (inside && std::regex_match(line, found, row)) rooms.push_back(found[1]);
    }
    REQUIRE(rooms.size() > 20);
    return rooms;
}

std::vector<std::string> words_in_backquotes(const std::string& line) {
    static const std::regex quotes("`([^`]+)`");
    std::vector<std::string> all;
    for (std::sregex_iterator at(line.begin(), line.end(), quotes), end; at != end; ++at)
        all.push_back((*at)[1]);
    return all;
}

// A path from the root, not an example of one ("sim/tasks/NAME_task.cpp").
bool is_path_of_sources(const std::string& word) {
    static const std::regex path(
        "(bench|circuits|docs|learning_rules|models|scripts|sim|tests)(/[a-z0-9_./-]+)?");
    return std::regex_match(word, path);
}

}  // namespace

TEST_CASE("the page on architecture has a sentence for each room, in the table's order", "[docs]") {
    static const std::regex row("\\| `([^`]+)` \\| ([A-Z][^|]+\\.) \\| `([^`]+)` \\|");
    std::vector<std::string> described;
    for (const std::string& line : lines_of_page("docs/architecture.md")) {
        std::smatch found;
        if (!std::regex_match(line, found, row)) continue;
        described.push_back(found[1]);
        CHECK(fs::path(found[3].str()).parent_path() == found[1].str());
    }
    CHECK(described == rooms_of_table());
}

TEST_CASE("the page on architecture names no file and no folder that is not there", "[docs]") {
    int named = 0;
    for (const std::string& line : lines_of_page("docs/architecture.md")) {
        for (const std::string& word : words_in_backquotes(line)) {
            if (!is_path_of_sources(word)) continue;
            INFO(word << " in: " << line);
            CHECK(fs::exists(fs::path(APICAL_SOURCE_DIR) / word));
            ++named;
        }
    }
    CHECK(named > 100);
}

TEST_CASE("the drawing of the rooms has the rooms and the includes of the sources", "[docs]") {
    const std::string command =
        fmt::format("/usr/bin/python3 -B '{}/scripts/rooms.py' --check", APICAL_SOURCE_DIR);
    CHECK(std::system(command.c_str()) == 0);
}
