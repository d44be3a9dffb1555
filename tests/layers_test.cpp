// What each folder may include and use. An include points only downwards.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Line {
    std::string file;  // "sim/engine/plan/plan.cpp"
    int number = 0;
    std::string text;

    std::string place() const { return fmt::format("{}:{}: {}", file, number, text); }
};

// The code of a line, without a comment at its end and without what stands in quotes, unless it is
// an include. (No source has a comment of several lines.)
std::string code_of(const std::string& line) {
    if (line.starts_with("#include")) return line.substr(0, line.find("//"));
    std::string code;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quoted && line[i] == '\\') {
            ++i;
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && line.compare(i, 2, "//") == 0) {
            break;
        } else if (!quoted) {
            code += line[i];
        }
    }
    return code;
}

// The texts of a line, what stands in quotes, with the quotes that they have in them.
std::vector<std::string> texts_of(const std::string& line) {
    std::vector<std::string> texts;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (!quoted && line.compare(i, 2, "//") == 0) break;
        if (!quoted && line.compare(i, 3, "'\"'") == 0) {
            i += 2;  // a character
        } else if (line[i] == '"') {
            quoted = !quoted;
            if (quoted) texts.emplace_back();
        } else if (quoted && line[i] == '\\') {
            ++i;
            texts.back() += line[i] == '"' ? '"' : ' ';
        } else if (quoted) {
            texts.back() += line[i];
        }
    }
    return texts;
}

std::vector<Line> lines_of(const std::string& folder) {
    std::vector<Line> lines;
    const fs::path root = APICAL_SOURCE_DIR;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        std::ifstream file(entry.path());
        REQUIRE(file);
        Line line{fs::relative(entry.path(), root).string(), 0, {}};
        while (std::getline(file, line.text)) {
            ++line.number;
            lines.push_back(line);
        }
    }
    REQUIRE(lines.size() > 100);
    return lines;
}

std::vector<Line> lines_of_sources() {
    std::vector<Line> all;
    for (const char* folder : {"circuits", "learning_rules", "sim"}) {
        for (Line& line : lines_of(folder)) all.push_back(std::move(line));
    }
    return all;
}

// What stands between the delimiters of an include, or nothing.
std::string included(const Line& line, char open, char close) {
    const std::string code = code_of(line.text);
    const std::size_t begin = code.find(open);
    if (!code.starts_with("#include") || begin == std::string::npos) return "";
    const std::size_t end = code.find(close, begin + 1);
    return code.substr(begin + 1, end - begin - 1);
}

std::string ours(const Line& line) { return included(line, '"', '"'); }
std::string of_others(const Line& line) { return included(line, '<', '>'); }

void no_line(const std::vector<Line>& lines, const std::string& rule,
             const std::function<bool(const Line&)>& breaks) {
    for (const Line& line : lines) {
        if (breaks(line)) FAIL_CHECK(line.place() << "\n  " << rule);
    }
    SUCCEED();
}

// The rooms of the sources, the lowest first: an include leads to the same room or to one above it
// in this list.
const std::vector<std::string> rooms = {
    "circuits/text",       // a model file as a table of values, and messages about it
    "sim/numbers",         // random streams, statistics, numbers as text
    "sim/algebra",         // the algorithms as equations
    "circuits/anatomy",    // populations, compartments, synapse sets, gates
    "circuits/program",    // the vocabulary of operations, and the program made of them
    "circuits/kinds",      // the facts of each kind of operation
    "learning_rules",      // rules as sums of operations
    "sim/system",          // files, other programs, what a caller asks of work and hears of it
    "sim/hdf5",            // datasets, growing files, the driver
    "sim/engine/kernels",  // loops over numbers, by instruction set
    "sim/engine",          // the numbers of a state, and what they begin with
    "sim/engine/plan",     // a program as steps, fused and split
    "sim/tasks",           // the world outside
    "sim/run_file",        // one format: recorder and reader
    "sim/diagnosis",       // what is measured while a run goes on
    "sim/model",           // a model file loaded and checked
    "sim/simulation",      // a step as events in order of time
    "sim/audit",           // criteria on a program, and what influences what
    "sim/runs",            // begin, save, resume, fork, recover
    "sim/verify",          // a circuit beside its equations
    "sim",                 // the face of the library
    "sim/sweep",           // many runs
    "sim/show/inspect",    // what a user looks at: texts
    "sim/show/plot",       // figures
    "sim/show/view",       // a page
    "sim/show/export",     // other formats
    "sim/command_line",    // the program
};

std::string folder_of(const std::string& file) { return file.substr(0, file.rfind('/')); }

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

bool has_word(const std::string& code, const std::string& word) {
    const auto part_of_name = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    };
    for (std::size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !part_of_name(code[at - 1]);
        if (begins && (end == code.size() || !part_of_name(code[end]))) return true;
    }
    return false;
}

// What prints: the program and its verbs, a file for each family.
const std::vector<std::string> command_line = {
    "sim/command_line/command_line.cpp",      "sim/command_line/main.cpp",
    "sim/command_line/model_commands.cpp",    "sim/command_line/run_commands.cpp",
    "sim/command_line/run_file_commands.cpp", "sim/command_line/sweep_commands.cpp"};

// Code that has one of these words stands in these files alone.
void only_these_say(const std::vector<std::string>& files, const std::vector<std::string>& words) {
    no_line(lines_of_sources(),
            fmt::format("only {} may say {}", fmt::join(files, ", "), fmt::join(words, ", ")),
            [&](const Line& line) {
                const std::string code = code_of(line.text);
                const bool says = std::any_of(words.begin(), words.end(), [&](const auto& word) {
                    return has_word(code, word);
                });
                return says && std::find(files.begin(), files.end(), line.file) == files.end();
            });
}

// Whether a text spells a part of an address or of who asks: ".r" or ".v" at a name's end,
// "previous(", "gate." or "plasticity." before one. "previous(...)", "[plasticity.x]" and
// "plasticity.*" are words of messages and of the table of keys.
bool spells_a_name(const std::string& text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
    const auto is_letter = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto begins = [&](std::string_view part) {
            return text.compare(i, part.size(), part) == 0;
        };
        if ((begins(".r") || begins(".v")) && !is_letter(at(i + 2))) return true;
        if (begins("previous(") && !begins("previous(...")) return true;
        if (i > 0 && (text[i - 1] == '[' || is_letter(text[i - 1]))) continue;
        if (begins("gate.") && !begins("gate.*")) return true;
        if (begins("plasticity.") && !begins("plasticity.*")) return true;
    }
    return false;
}

const std::vector<const char*> no_variables = {"using ",     "struct ", "class ",  "enum ",
                                               "extern ",    "friend ", "return ", "template ",
                                               "namespace ", "typedef "};

// A variable of a namespace, or one of a function or a class that is there once.
bool is_global_that_changes(const std::string& code) {
    const std::size_t begin = code.find_first_not_of(' ');
    if (begin == std::string::npos || code[code.find_last_not_of(' ')] != ';') return false;
    if (has_word(code, "operator")) return false;
    const std::string declared = code.substr(0, code.find('='));
    if (declared.find('(') != std::string::npos || code.find(' ', begin) == std::string::npos)
        return false;
    const auto begins_with = [&](const char* word) { return code.starts_with(word); };
    const bool once =
        code.compare(begin, 7, "static ") == 0 || code.compare(begin, 13, "thread_local ") == 0;
    const bool declares = begin == 0 && std::isalpha(static_cast<unsigned char>(code[0])) &&
                          std::none_of(no_variables.begin(), no_variables.end(), begins_with);
    const bool constant = has_word(code, "const") || has_word(code, "constexpr");
    return (once || declares) && !constant;
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

// Includes from header to header.
TEST_CASE("no circle of files includes itself", "[layers]") {
    std::map<std::string, std::set<std::string>> includes;
    for (const Line& line : lines_of_sources()) {
        const std::string path = ours(line);
        if (!path.empty() && line.file.ends_with(".hpp")) includes[line.file].insert(path);
    }
    // Headers that include nothing of ours any more are taken away until none is left.
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
    for (const auto& [file, others] : includes)
        FAIL_CHECK(fmt::format("{} includes {}, and so itself", file, fmt::join(others, ", ")));
    SUCCEED();
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
             "sim/run_file/stored_datasets.cpp", "sim/sweep/read_result.cpp",
             "sim/show/export/sonata_file.cpp"},
            "HDF5 headers", [](const std::string& header) {
                return header.starts_with("H5") || header.find("hdf5.h") != std::string::npos;
            });
}

TEST_CASE("the paths and attributes of a run file are named in its description alone", "[layers]") {
    const std::set<std::string> description = {
        "circuits/program/quantity_path.hpp", "circuits/program/quantity_path.cpp",
        "sim/run_file/format.hpp", "sim/run_file/format.cpp"};
    const std::vector<std::string> paths = {"/state/",   "/gates/",   "/synapses/", "/plasticity/",
                                            "/signals/", "/axes/",    "/events",    "/strength",
                                            "/voltage",  "/previous", "/time_ms"};
    std::set<std::string> naming;
    no_line(lines_of_sources(), "paths of run files come from these functions",
            [&](const Line& line) {
                if (line.text.starts_with("#include")) return false;
                const std::string texts = fmt::format("{}", fmt::join(texts_of(line.text), " "));
                const bool names = std::any_of(
                    paths.begin(), paths.end(),
                    [&](const std::string& path) { return texts.find(path) != std::string::npos; });
                if (names) naming.insert(line.file);
                return names && !description.contains(line.file);
            });
    REQUIRE(naming.size() == 4);
    no_line(lines_of_sources(), "attributes of run files come from `run_attribute`",
            [](const Line& line) {
                return line.file != "sim/run_file/format.hpp" &&
                       code_of(line.text).find("RunAttribute{") != std::string::npos;
            });
    no_line(
        lines_of_sources(), "attributes of datasets come from `dataset_attribute`",
        [](const Line& line) { return line.text.find(".attributes = {{\"") != std::string::npos; });
}

TEST_CASE("toml++ is known to one source file", "[layers]") {
    only_in({"circuits/text/value.cpp"}, "toml++",
            [](const std::string& header) { return header.starts_with("toml"); });
}

TEST_CASE("the command line alone talks to the standard streams of C++", "[layers]") {
    only_in(command_line, "<iostream>",
            [](const std::string& header) { return header == "iostream"; });
}

// One who takes a part of Apical into a program of his own does not expect it to print, to end the
// program or to take its signals: that is the command line's. The ranks of a sweep are started and
// ended below it, where whoever wants ranks makes them.
TEST_CASE("the command line alone prints, ends the process or takes its signals", "[layers]") {
    const auto only = [](std::vector<std::string> words, const std::vector<std::string>& others) {
        std::vector<std::string> files = command_line;
        files.insert(files.end(), others.begin(), others.end());
        only_these_say(files, words);
    };
    const std::string child = "sim/command_line/reading_process.cpp";
    only({"std::cout", "std::cerr", "std::clog"}, {});
    only({"stderr", "stdout", "fmt::print", "std::fputs", "std::puts", "std::printf",
          "std::fprintf", "perror"},
         {"sim/command_line/progress.cpp"});
    only({"fork()", "vfork()", "std::exit", "_exit", "std::_Exit", "std::quick_exit", "std::abort",
          "std::terminate"},
         {child});
    only({"MPI_Init", "MPI_Init_thread", "MPI_Abort"}, {"sim/sweep/ranks.cpp"});
    only({"posix_spawn", "posix_spawnp", "popen", "std::system", "execv", "execvp"},
         {"sim/system/external_program.cpp"});
    only({"std::signal", "sigaction", "std::raise"},
         {child, "sim/command_line/interrupt.hpp", "sim/command_line/interrupt.cpp"});
}

TEST_CASE("nothing that changes is kept outside of what a caller made", "[layers]") {
    no_line(lines_of_sources(), "two runs in one process would meet there", [](const Line& line) {
        if (!is_global_that_changes(code_of(line.text))) return false;
        const std::string room = folder_of(line.file);
        return room != "sim/command_line" && (room != "sim/hdf5" || !has_word(line.text, "mutex"));
    });
    REQUIRE(is_global_that_changes("std::atomic<int> asked = 0;"));
    REQUIRE(is_global_that_changes("    static std::mutex mutex;"));
    REQUIRE(is_global_that_changes("    static int count = first();"));
    REQUIRE(is_global_that_changes(code_of("thread_local bool inside;  // a run")));
    REQUIRE_FALSE(is_global_that_changes("    static const Kernels best = find();"));
    REQUIRE_FALSE(is_global_that_changes("constexpr int most = 3;"));
    REQUIRE_FALSE(is_global_that_changes("int most();"));
    REQUIRE_FALSE(is_global_that_changes("using Range = int;"));
}

// What a slot is stands in its facts. Addresses are made and read in one file; the others tell
// users how to spell them.
TEST_CASE("code asks a slot what it is, and not its name", "[layers]") {
    const std::set<std::string> spelling = {"circuits/anatomy/address.cpp"};
    const std::set<std::string> telling = {
        "circuits/anatomy/anatomy.cpp",            // a drawing
        "circuits/anatomy/load_circuit.cpp",       // the path of a table, for messages
        "learning_rules/bootstrap.cpp",            // descriptions of keys
        "learning_rules/learning_rule.cpp",        // the path of a table, for messages
        "sim/model/model_keys.cpp",                // descriptions of keys
        "sim/model/model_mistakes.cpp",            // the path of a table, for messages
        "sim/command_line/help_keys.cpp",          // examples
        "sim/command_line/run_file_commands.cpp",  // what an argument is
        "sim/command_line/usage.cpp",              // examples
        "sim/show/plot/request.cpp",               // what is expected
    };
    std::set<std::string> found;
    no_line(lines_of_sources(), "ask for what a slot is, Slot::what, or take its address as made",
            [&](const Line& line) {
                const std::vector<std::string> texts = line.text.starts_with("#include")
                                                           ? std::vector<std::string>()
                                                           : texts_of(line.text);
                if (std::none_of(texts.begin(), texts.end(), spells_a_name)) return false;
                found.insert(line.file);
                return !spelling.contains(line.file) && !telling.contains(line.file);
            });
    for (const auto& files : {spelling, telling}) {
        for (const std::string& file : files) {
            INFO(file << " spells no name any more");
            CHECK(found.contains(file));
        }
    }
}

TEST_CASE("nothing is called without a name that can be read: no std::function, no virtual call",
          "[layers]") {
    no_line(lines_of_sources(), "std::function hides what runs",
            [](const Line& line) { return has_word(code_of(line.text), "std::function"); });
    no_line(lines_of_sources(), "only tasks, the world outside, are virtual", [](const Line& line) {
        return has_word(code_of(line.text), "virtual") && !line.file.starts_with("sim/tasks/");
    });
}

TEST_CASE("nothing has several owners", "[layers]") {
    no_line(lines_of_sources(), "own with unique_ptr", [](const Line& line) {
        const std::string code = code_of(line.text);
        return has_word(code, "shared_ptr") || has_word(code, "make_shared");
    });
}

TEST_CASE("a broken rule is reported with its file and line", "[layers]") {
    const Line line{"sim/x.cpp", 12, "    virtual void f();  // why"};
    REQUIRE(line.place() == "sim/x.cpp:12:     virtual void f();  // why");
    REQUIRE(has_word(code_of(line.text), "virtual"));
    REQUIRE_FALSE(has_word(code_of("int x;  // no virtual call"), "virtual"));
    REQUIRE_FALSE(has_word(code_of("print(\"virtual\");"), "virtual"));
    REQUIRE_FALSE(has_word("virtually", "virtual"));
    REQUIRE(texts_of("f(\"a.r\") + \"\\\"b\\\"\";  // \"c\"") ==
            std::vector<std::string>{"a.r", "\"b\""});
    for (const char* name : {".r", "{}.v", "\"hidden.r\"", "previous({})", "gate.", "plasticity."})
        REQUIRE(spells_a_name(name));
    for (const char* word : {"r", ".run", "previous(...)", "[plasticity.{}]", "plasticity.*",
                             "[gate.x]", "investigate."})
        REQUIRE_FALSE(spells_a_name(word));
    REQUIRE(ours({"", 1, "#include \"sim/engine/plan/plan.hpp\""}) == "sim/engine/plan/plan.hpp");
    REQUIRE(of_others({"", 1, "#include <H5Cpp.h>"}) == "H5Cpp.h");
}
