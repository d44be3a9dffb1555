// What the engine's version is a hash of: all that a stored number can depend on, and nothing else.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/sim/run_file/run_file.hpp"

namespace fs = std::filesystem;

namespace {

const fs::path root = APICAL_SOURCE_DIR;

std::string content(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// The words of `set(NAME ...)` in sim/engine_sources.cmake.
std::set<std::string> listed(const std::string& name) {
    const std::string text = content(root / "sim/engine_sources.cmake");
    std::smatch found;
    REQUIRE(std::regex_search(text, found, std::regex("set\\(" + name + "\\s([^)]*)\\)")));
    std::istringstream words(found[1].str());
    return {std::istream_iterator<std::string>(words), {}};
}

const std::set<std::string>& engine() {
    static const std::set<std::string> sources = [] {
        std::set<std::string> all = listed("engine_files");
        for (const std::string& folder : listed("engine_folders")) {
            if (!fs::is_directory(root / folder)) continue;
            for (const fs::directory_entry& entry : fs::directory_iterator(root / folder)) {
                const std::string ending = entry.path().extension();
                if (ending == ".hpp" || ending == ".cpp")
                    all.insert(fs::relative(entry.path(), root));
            }
        }
        for (const std::string& one : listed("engine_leaves_out")) {
            all.erase(one + ".hpp");
            all.erase(one + ".cpp");
        }
        return all;
    }();
    return sources;
}

std::vector<std::string> includes_of(const std::string& path) {
    const std::string text = content(root / path);
    static const std::regex include("#include \"([^\"]+)\"");
    std::vector<std::string> all;
    for (std::sregex_iterator one(text.begin(), text.end(), include), end; one != end; ++one)
        all.push_back((*one)[1]);
    return all;
}

// engine_version() of a tree in which one file has another line.
std::string version_with_changed(const std::string& path) {
    const apical::TemporaryDirectory temporary;
    const fs::path folder = temporary / "tree";
    fs::create_directories(folder);
    for (const char* part : {"circuits", "learning_rules", "sim"})
        fs::copy(root / part, folder / part, fs::copy_options::recursive);
    if (!path.empty()) {
        REQUIRE(fs::exists(folder / path));
        std::ofstream(folder / path, std::ios::app) << "// another line\n";
    }
    const std::string command = fmt::format(
        "'{}' -D VERSION=1 -D FOLDER='{}' -D OUTPUT='{}/version.cpp' -P "
        "'{}/sim/runs/engine_version.cmake'",
        APICAL_CMAKE, folder.string(), folder.string(), folder.string());
    REQUIRE(std::system(command.c_str()) == 0);
    return content(folder / "version.cpp");
}

}  // namespace

TEST_CASE("every folder of the sources is known to be a part of the engine or none", "[engine]") {
    const std::set<std::string> folders = listed("engine_folders");
    const std::set<std::string> none{
        "sim",           "sim/audit",     "sim/command_line", "sim/show/export", "sim/show/inspect",
        "sim/show/plot", "sim/show/view", "sim/sweep",        "sim/system",      "sim/verify"};
    for (const char* top : {"circuits", "learning_rules", "sim"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") continue;
            const std::string folder = fs::relative(entry.path().parent_path(), root);
            INFO(folder);
            CHECK(folders.contains(folder) != none.contains(folder));
        }
    }
    for (const std::string& one : listed("engine_leaves_out")) {
        INFO(one);
        CHECK((fs::exists(root / (one + ".hpp")) || fs::exists(root / (one + ".cpp"))));
    }
}

TEST_CASE("whatever computing and storing a run includes is a part of the engine", "[engine]") {
    // What is read, shown and said: declared there, no number is made there.
    const std::set<std::string> others{"sim/audit/report.hpp",       "sim/run_file/ranges.hpp",
                                       "sim/model/stored_model.hpp", "sim/run_file/stored_run.hpp",
                                       "sim/sweep/run_job.hpp",      "sim/sweep/sweep.hpp"};
    const std::set<std::string> left_out = listed("engine_leaves_out");
    std::vector<std::string> ahead{"sim/runs/run.cpp", "sim/runs/run_model.cpp",
                                   "sim/sweep/run_job.cpp"};
    std::set<std::string> seen;
    while (!ahead.empty()) {
        const std::string path = ahead.back();
        ahead.pop_back();
        const std::string stem = path.substr(0, path.size() - 4);
        if (!fs::exists(root / path) || left_out.contains(stem) || others.contains(path)) continue;
        // Files, other programs and the terminal: no number is made there.
        if (path.starts_with("sim/system/")) continue;
        if (!seen.insert(path).second) continue;
        INFO(path);
        CHECK(engine().contains(path));
        for (const std::string& one : includes_of(path)) ahead.push_back(one);
        if (path.ends_with(".hpp")) ahead.push_back(stem + ".cpp");
    }
    CHECK(seen.size() > 100);
}

TEST_CASE("the engine changes with the equations of alignment and with the kernels, not with help",
          "[engine]") {
    const std::string before = version_with_changed("");
    for (const char* path :
         {"sim/algebra/rflo.hpp", "sim/diagnosis/alignment.cpp", "learning_rules/delta.toml",
          "learning_rules/book/rule_book.cpp", "sim/runs/archive.hpp",
          "sim/numbers/headline_window.hpp", "sim/sweep/run_job.cpp"}) {
        INFO(path);
        CHECK(version_with_changed(path) != before);
    }
    for (const char* path : {"sim/command_line/main.cpp", "sim/command_line/describe.cpp",
                             "sim/show/view/view.cpp", "sim/algebra/literal_equations.cpp",
                             "sim/command_line/run_text.cpp", "sim/sweep/report.cpp"}) {
        INFO(path);
        CHECK(version_with_changed(path) == before);
    }
}
