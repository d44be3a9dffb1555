// What the pages of docs/rules quote of the program is what the program says.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "circuits/text/text.hpp"
#include "sim/model/algorithms.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::vector<std::string> quoted(const std::string& line) {
    static const std::regex quotes("`([^`]+)`");
    std::vector<std::string> all;
    for (std::sregex_iterator at(line.begin(), line.end(), quotes), end; at != end; ++at)
        all.push_back((*at)[1]);
    return all;
}

template <class Check>
void for_each_page(Check check) {
    for (const Algorithm& one : algorithms()) {
        const std::string name(one.name);
        INFO(name);
        const std::string path = fmt::format("{}/docs/rules/{}.md", APICAL_SOURCE_DIR, name);
        check(lines_of(content_of(path)), load_model(path_of_shipped(name), {}).program);
    }
}

}  // namespace

TEST_CASE("every listing line that a page quotes is a line of the model's listing", "[docs]") {
    for_each_page([](const std::vector<std::string>& page, const Program& program) {
        const std::regex listing_begin("^ {0,2}[0-9]+  (forward|update|replay|step's end) .*");
        int found = 0;
        for (const std::string& line : page) {
            if (!std::regex_match(line, listing_begin)) continue;
            ++found;
            const auto index = static_cast<std::size_t>(std::stoi(line)) - 1;
            INFO(line);
            REQUIRE(index < program.operations.size());
            REQUIRE(listing_line(program, index).starts_with(line));
        }
        REQUIRE(found > 0);
    });
}

TEST_CASE("every address and path in a page's tables can be recorded", "[docs]") {
    for_each_page([](const std::vector<std::string>& page, const Program& program) {
        std::set<std::string> addresses, paths;
        for (const Quantity& quantity : program.quantities) {
            addresses.insert(quantity.address);
            paths.insert(quantity.path);
        }
        int found = 0;
        for (const std::string& line : page) {
            const std::vector<std::string> words = quoted(line);
            const bool has_path = std::any_of(words.begin(), words.end(),
                                              [](const auto& w) { return w.starts_with("/"); });
            if (!line.starts_with("| `") || !has_path) continue;
            for (const std::string& word : words) {
                INFO(word);
                ++found;
                REQUIRE((word.starts_with("/") ? paths : addresses).contains(word));
            }
        }
        REQUIRE(found > 0);
    });
}

namespace {

// A command that a page quotes, and the lines that the page says it prints.
struct Quoted {
    std::string command;
    std::vector<std::string> lines;
};

// The commands `./apical <what> ...` of a page, up to the next command or the end of the block.
std::vector<Quoted> quoted_commands(const std::string& page, const std::string& what) {
    std::vector<Quoted> all;
    bool inside = false;
    for (const std::string& line : lines_of(page)) {
        if (line.starts_with("```") || line.starts_with("$ ")) inside = false;
        if (inside) all.back().lines.push_back(line);
        if (!line.starts_with("$ ./apical " + what)) continue;
        all.push_back({line.substr(2, line.find("  #") - 2), {}});
        inside = true;
    }
    return all;
}

}  // namespace

TEST_CASE("the page on the library quotes the project that a test builds", "[docs][library]") {
    const std::string page = content_of(APICAL_SOURCE_DIR "/docs/library.md");
    for (const auto& [language, file] :
         {std::pair{"cmake", "CMakeLists.txt"}, {"cpp", "main.cpp"}}) {
        INFO(file);
        const std::string block =
            fmt::format("```{}\n{}```\n", language,
                        content_of(fmt::format("{}/tests/library/{}", APICAL_SOURCE_DIR, file)));
        CHECK(page.find(block) != std::string::npos);
    }
}

TEST_CASE("what pages say that audit prints is what it prints", "[docs][audit]") {
    std::map<std::string, std::string> printed;  // by command: two pages quote the same
    int found = 0;
    std::vector<std::string> pages = {"README.md", "docs/audit.md", "docs/testing-a-mapping.md"};
    std::vector<std::string> rules;
    for (const Algorithm& one : algorithms()) rules.emplace_back(one.name);
    for (const std::string& path : rule_models())
        rules.push_back(std::filesystem::path(path).stem().string());
    for (const char* of_algorithms : {"delta", "eligibility", "dendritic", "bootstrap",
                                      "predict_rate", "exact_jacobian", "copy"})
        rules.emplace_back(of_algorithms);
    for (const std::string& name : rules) {
        pages.push_back(fmt::format("docs/rules/{}.md", name));
        INFO(name);
        const std::string page = content_of(fmt::format("{}/{}", APICAL_SOURCE_DIR, pages.back()));
        CHECK(page.find("\n## Verdict\n") != std::string::npos);
    }
    for (const std::string& page : pages) {
        for (const Quoted& one :
             quoted_commands(content_of(fmt::format("{}/{}", APICAL_SOURCE_DIR, page)), "audit")) {
            INFO(page << ": " << one.command);
            if (!printed.contains(one.command)) {
                std::string command = one.command;
                command.replace(0, std::string("./apical").size(), tested_program);
                const TemporaryFolder folder;
                const std::string script = fmt::format("cd '{}'\n{}\n", APICAL_SOURCE_DIR, command);
                printed[one.command] = Running(folder, {"/bin/bash", "-c", script}).wait().out;
            }
            REQUIRE(lines_of(printed.at(one.command)) == one.lines);
            ++found;
        }
    }
    REQUIRE(found >= 4 + static_cast<int>(rules.size()));
}

namespace {

// The files that a page shows, by name: blocks whose first line is "# NAME.toml".
std::map<std::string, std::string> shown_files(const std::string& page) {
    std::map<std::string, std::string> files;
    std::string name;
    bool begins = false;
    for (const std::string& line : lines_of(page)) {
        if (line.starts_with("```")) name.clear();
        if (begins && line.starts_with("# ") && line.ends_with(".toml")) name = line.substr(2);
        begins = line == "```toml";
        if (!name.empty()) files[name] += line + "\n";
    }
    return files;
}

}  // namespace

TEST_CASE("what the page on rules as equations says that commands print is what they print",
          "[docs][equations]") {
    const std::string page = content_of(APICAL_SOURCE_DIR "/docs/rules-as-equations.md");
    const TemporaryFolder folder;
    std::filesystem::create_symlink(tested_program, folder / "apical");
    for (const auto& [name, text] : shown_files(page)) std::ofstream(folder / name) << text;
    const auto printed = [&](const std::string& command) {
        const std::string script = fmt::format("{{ {}\n}} 2>&1", command);
        return lines_of(Running(folder, {"/bin/bash", "-c", script}).wait().out);
    };
    for (const std::string& line : lines_of(page))
        if (line.starts_with("$ sed ")) printed(line.substr(2));
    int found = 0;
    for (const char* what : {"help rule", "check", "audit"}) {
        for (const Quoted& one : quoted_commands(page, what)) {
            INFO(one.command);
            CHECK(printed(one.command) == one.lines);
            ++found;
        }
    }
    CHECK(found == 11);
}

namespace {

// What a compiler calls itself is not the page's.
std::vector<std::string> without_compiler(std::vector<std::string> lines) {
    for (std::string& line : lines)
        if (line.starts_with("made by")) line = line.substr(0, line.find(','));
    return lines;
}

}  // namespace

TEST_CASE("what the page on inspect says that it prints is what it prints", "[docs][inspect]") {
    const std::string page = content_of(fmt::format("{}/docs/inspect.md", APICAL_SOURCE_DIR));
    const TemporaryFolder folder;
    std::filesystem::create_symlink(tested_program, folder / "apical");
    std::filesystem::create_symlink(fmt::format("{}/models", APICAL_SOURCE_DIR), folder / "models");
    const auto printed = [&](const std::string& command) {
        return lines_of(Running(folder, {"/bin/bash", "-c", command}).wait().out);
    };
    printed(quoted_commands(page, "run").at(0).command);
    int found = 0;
    for (const Quoted& one : quoted_commands(page, "inspect")) {
        if (one.command.find("--follow") != std::string::npos) continue;
        INFO(one.command);
        CHECK(without_compiler(printed(one.command)) == without_compiler(one.lines));
        ++found;
    }
    CHECK(found == 7);
}

TEST_CASE("what pages say that evaluate prints is what it prints", "[docs][evaluate]") {
    int found = 0;
    for (const char* name : {"evaluation", "testing-a-mapping"}) {
        const std::string page = content_of(fmt::format("{}/docs/{}.md", APICAL_SOURCE_DIR, name));
        const TemporaryFolder folder;
        std::filesystem::create_symlink(tested_program, folder / "apical");
        std::filesystem::create_symlink(fmt::format("{}/models", APICAL_SOURCE_DIR),
                                        folder / "models");
        for (const auto& [file, text] : shown_files(page)) std::ofstream(folder / file) << text;
        const auto printed = [&](const std::string& command) {
            return lines_of(Running(folder, {"/bin/bash", "-c", command}).wait().out);
        };
        for (const std::string& line : lines_of(page))
            if (line.starts_with("$ /usr/bin/python3 ")) printed(line.substr(2));
        const std::vector<Quoted> evaluations = quoted_commands(page, "evaluate");
        for (const Quoted& run : quoted_commands(page, "run")) {
            const bool is_evaluated = run.command.find("-q | grep ^loss") != std::string::npos ||
                                      run.command.find("-q > summary.txt") != std::string::npos;
            INFO(run.command);
            if (is_evaluated) CHECK(printed(run.command) == run.lines);
        }
        for (const Quoted& one : evaluations) {
            INFO(one.command);
            CHECK(printed(one.command) == one.lines);
            ++found;
        }
    }
    CHECK(found == 8);
}

TEST_CASE("what pages on the literature say that check and audit print is what they print",
          "[docs][literature]") {
    int found = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(APICAL_SOURCE_DIR "/docs/literature")) {
        if (entry.path().extension() != ".md") continue;
        const std::string page = content_of(entry.path().string());
        const TemporaryFolder folder;
        std::filesystem::create_symlink(tested_program, folder / "apical");
        std::filesystem::create_symlink(fmt::format("{}/models", APICAL_SOURCE_DIR),
                                        folder / "models");
        const std::map<std::string, std::string> files = shown_files(page);
        for (const auto& [file, text] : files) std::ofstream(folder / file) << text;
        std::vector<const char*> verbs = {"check", "audit"};
        if (!files.empty())
            verbs = {"run", "evaluate", "verify", "audit"};  // a circuit of a second
        for (const char* what : verbs) {
            for (const Quoted& one : quoted_commands(page, what)) {
                INFO(entry.path().filename().string() << ": " << one.command);
                const std::string script = fmt::format("cd '{}'\n{}\n", folder / "", one.command);
                CHECK(lines_of(Running(folder, {"/bin/bash", "-c", script}).wait().out) ==
                      one.lines);
                ++found;
            }
        }
    }
    CHECK(found == 29);
}
