// What each folder may include. An include points only downwards.
#include <algorithm>
#include <map>
#include <set>

#include "tests/source_lines.hpp"

namespace apical::source_lines {

namespace {

// The rooms of the sources, the lowest first: an include leads to the same room or to one above it
// in this list.
const std::vector<std::string> rooms = {
    "circuits/text",            // a model file as a table of values, and messages about it
    "circuits/equations",       // equations of rules as trees
    "sim/numbers",              // random streams, statistics, numbers as text
    "sim/algebra",              // the algorithms as equations
    "circuits/anatomy",         // populations, compartments, synapse sets, gates
    "circuits/program",         // the vocabulary of operations, and the program made of them
    "circuits/kinds",           // the facts of each kind of operation
    "circuits/adjoint",         // a program run backwards, as a program
    "learning_rules",           // rules as sums of operations
    "learning_rules/lowering",  // rules as text, said in words of operations
    "learning_rules/book",      // those that a model can bind, of its own and shipped
    "sim/system",               // files, other programs, what a caller asks of work and hears of it
    "sim/hdf5",                 // datasets, growing files, the driver
    "sim/data",                 // tables of numbers in files of other formats
    "sim/engine/kernels",       // loops over numbers, by instruction set
    "sim/engine",               // the numbers of a state, and what they begin with
    "sim/engine/plan",          // a program as steps, fused and split
    "sim/adjoint",              // the dynamics of a loss, on a tape, and back
    "sim/tasks",                // the world outside
    "sim/run_file",             // one format: recorder and reader
    "sim/diagnosis",            // what is measured while a run goes on
    "sim/model",                // a model file loaded and checked
    "sim/simulation",           // a step as events in order of time
    "sim/audit",                // criteria on a program, and what influences what
    "sim/runs",                 // begin, save, resume, fork, recover
    "sim/verify",               // a circuit beside its equations
    "sim",                      // the face of the library
    "sim/sweep",                // many runs
    "sim/show/inspect",         // what a user looks at: texts
    "sim/show/plot",            // figures
    "sim/show/view",            // a page
    "sim/show/export",          // other formats
    "sim/command_line",         // the program
};

std::size_t floor_of(const std::string& file) {
    const auto room = std::find(rooms.begin(), rooms.end(), folder_of(file));
    INFO(file << " stands in no room");
    CHECK(room != rooms.end());
    return static_cast<std::size_t>(room - rooms.begin());
}

// Headers of one kind are included by these source files alone, and by each of them.
void only_in(const std::vector<std::string>& files, const std::string& what,
             const std::function<bool(const std::string&)>& is_such) {
    std::vector<std::string> found;
    no_line(lines_of_sources(), fmt::format("only {} may include {}", fmt::join(files, ", "), what),
            [&](const Line& line) {
                const bool such = is_such(of_others(line)) || is_such(ours(line));
                if (such) found.push_back(line.file);
                return such && std::find(files.begin(), files.end(), line.file) == files.end();
            });
    for (const std::string& file : files) {
        INFO(file << " includes " << what);
        REQUIRE(std::find(found.begin(), found.end(), file) != found.end());
    }
}

// By file, or by what stands for several, what they include of ours.
using Includes = std::map<std::string, std::set<std::string>>;

// `node` says what stands for a file; empty: the file does not count.
Includes includes_between(const std::function<std::string(const std::string&)>& node) {
    Includes all;
    for (const Line& line : lines_of_sources()) {
        const std::string path = ours(line);
        if (path.empty() || node(line.file).empty() || node(path).empty()) continue;
        if (node(path) != node(line.file)) all[node(line.file)].insert(node(path));
    }
    return all;
}

// What is left when all that include nothing more are taken away, again and again: circles, and
// who leads to one.
Includes in_circles(Includes includes) {
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (auto one = includes.begin(); one != includes.end();) {
            std::erase_if(one->second,
                          [&](const std::string& path) { return !includes.contains(path); });
            const bool is_free = one->second.empty();
            goes_on |= is_free;
            one = is_free ? includes.erase(one) : std::next(one);
        }
    }
    return includes;
}

void no_circle(const Includes& includes) {
    REQUIRE(includes.size() > 100);
    for (const auto& [file, others] : in_circles(includes))
        FAIL_CHECK(fmt::format("{} includes {}, and so itself, or a circle", file,
                               fmt::join(others, ", ")));
}

// Sources that include whoever includes their own headers. Their functions go to and fro: a size
// is found by bounds, and bounds by sizes.
const std::map<std::string, std::string> asking_back = {
    {"sim/engine/kernels/kernels.cpp", "the table of all loops has what each of them includes"},
    {"sim/engine/plan/fused_groups.cpp", "a group's change is looked for in the group"},
    {"sim/run_file/row_buffers.cpp", "buffers give rows to a writer that writes buffers"},
    {"sim/audit/audit.cpp", "what examines knows what was examined"},
    {"sim/audit/bounds.cpp", "bounds of formulas, of what reaches a synapse"},
};

// A header with the source of its name, "sim/audit/sizes"; sources that ask back, but one, stand
// for themselves.
std::function<std::string(const std::string&)> idea_of(const std::string& but) {
    return [but](const std::string& file) {
        const bool apart = file != but && asking_back.contains(file);
        return apart ? file : file.substr(0, file.rfind('.'));
    };
}

}  // namespace

TEST_CASE("an include points only downwards, from room to room", "[layers]") {
    std::vector<bool> seen(rooms.size());
    int includes = 0;
    no_line(lines_of_sources(), "the rooms above must not be known here", [&](const Line& line) {
        const std::size_t own = floor_of(line.file);
        seen[own] = true;
        const std::string path = ours(line);
        if (path.empty()) return false;
        ++includes;
        return floor_of(path) > own;
    });
    REQUIRE(includes > 500);
    REQUIRE(std::find(seen.begin(), seen.end(), false) == seen.end());
}

TEST_CASE("no circle of headers includes itself", "[layers]") {
    no_circle(includes_between(
        [](const std::string& file) { return file.ends_with(".hpp") ? file : ""; }));
}

TEST_CASE("no circle of headers with their sources includes itself", "[layers]") {
    no_circle(includes_between(idea_of({})));
    for (const auto& [source, why] : asking_back) {
        INFO(source << " asks back no more: " << why);
        CHECK_FALSE(in_circles(includes_between(idea_of(source))).empty());
    }
}

TEST_CASE("tests stand in the rooms of what they test", "[layers]") {
    for (const char* top : {"circuits", "learning_rules", "sim"}) {
        for (const Line& line : lines_of(fmt::format("tests/{}", top))) {
            if (line.number == 1) floor_of(line.file.substr(std::string("tests/").size()));
        }
    }
}

TEST_CASE("the algorithms' equations share nothing with what they are held against", "[layers]") {
    // A rule in text is held to its own text: to its tree as it was parsed, by files of their own.
    const auto is_literal = [](const std::string& file) {
        return file.starts_with("sim/algebra/literal_");
    };
    no_line(lines_of("sim/algebra"), "the equations include nothing else of ours",
            [&](const Line& line) {
                const std::string path = ours(line);
                if (path == "circuits/equations/syntax.hpp") return !is_literal(line.file);
                if (is_literal(path)) return !is_literal(line.file);
                return !path.empty() && folder_of(path) != "sim/algebra";
            });
    no_line(lines_of("sim/algebra"), "the equations need Eigen's matrices only",
            [](const Line& line) {
                const std::string header = of_others(line);
                return header != "Eigen/Core" && header.find_first_of("./") != std::string::npos;
            });
}

TEST_CASE("HDF5 is known to the files that write and read run files and to the one of SONATA",
          "[layers]") {
    only_in({"sim/hdf5/hdf5_types.hpp", "sim/hdf5/disk_driver.hpp", "sim/hdf5/disk_driver.cpp",
             "sim/hdf5/hdf5_reading.hpp", "sim/hdf5/hdf5_writing.hpp", "sim/hdf5/hdf5_writing.cpp",
             "sim/run_file/stored_scales.hpp", "sim/run_file/stored_scales.cpp",
             "sim/sweep/read_result.cpp", "sim/show/export/sonata_file.cpp"},
            "HDF5 headers", [](const std::string& header) {
                return header.starts_with("H5") || header.find("hdf5.h") != std::string::npos;
            });
}

TEST_CASE("toml++ is known to one source file", "[layers]") {
    only_in({"circuits/text/value.cpp"}, "toml++",
            [](const std::string& header) { return header.starts_with("toml"); });
}

TEST_CASE("the command line alone talks to the standard streams of C++", "[layers]") {
    only_in(command_line(), "<iostream>",
            [](const std::string& header) { return header == "iostream"; });
}

}  // namespace apical::source_lines
