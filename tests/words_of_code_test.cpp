// What code may say, and where: what prints or ends the process, names of slots and of parts of run
// files, what changes and is kept for good, what hides who runs or owns.
#include <algorithm>
#include <set>
#include <string_view>

#include "tests/source_lines.hpp"

namespace apical::source_lines {

namespace {

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

// One who takes a part of Apical into a program of his own does not expect it to print, to end the
// program, to take its signals or to begin MPI: that is the command line's.
TEST_CASE("the command line alone prints, ends the process or takes its signals", "[layers]") {
    const auto only = [](std::vector<std::string> words, const std::vector<std::string>& others) {
        std::vector<std::string> files = command_line();
        files.insert(files.end(), others.begin(), others.end());
        only_these_say(files, words);
    };
    const std::string child = "sim/command_line/reading_process.cpp";
    only({"std::cout", "std::cerr", "std::clog"}, {});
    only({"stderr", "stdout", "fmt::print", "std::fputs", "std::puts", "std::printf",
          "std::fprintf", "perror"},
         {"sim/command_line/progress.cpp"});
    only_these_say({}, {"fork()", "vfork()"});
    only({"std::exit", "_exit", "std::_Exit", "std::quick_exit", "std::abort", "std::terminate"},
         {child});
    only({"MPI_Init", "MPI_Init_thread", "MPI_Finalize", "MPI_Abort"},
         {"sim/command_line/mpi_session.cpp"});
    only({"posix_spawn", "posix_spawnp", "popen", "std::system", "execv", "execvp"},
         {child, "sim/system/external_program.cpp"});
    only({"std::signal", "sigaction", "std::raise"},
         {child, "sim/command_line/interrupt.hpp", "sim/command_line/interrupt.cpp"});
}

// A library's caller knows arguments and functions: these stand in messages, in backticks, and the
// command line puts its own words in their place (sim/command_line/option_words.hpp).
TEST_CASE("the command line alone names options and commands", "[layers]") {
    const std::set<std::string> telling = {
        "sim/model/model_keys.cpp",     // descriptions of keys
        "sim/show/view/page_data.cpp",  // the page, which `apical view` makes
    };
    const auto names = [](const std::string& text) {
        const std::size_t option = text.find("--");
        const bool is_option = option != std::string::npos && option + 2 < text.size() &&
                               std::isalpha(static_cast<unsigned char>(text[option + 2]));
        return is_option || text.find("`apical ") != std::string::npos;
    };
    std::set<std::string> found;
    no_line(lines_of_sources(), "name an argument, as in `cells`, or a function", [&](auto& line) {
        if (line.file.starts_with("sim/command_line/")) return false;
        const std::vector<std::string> texts = texts_of(line.text);
        if (std::none_of(texts.begin(), texts.end(), names)) return false;
        found.insert(line.file);
        return !telling.contains(line.file);
    });
    CHECK(found == telling);
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
    const std::set<std::string> spelling = {"circuits/anatomy/address.cpp",
                                            "learning_rules/lowering/names.cpp",  // of equations
                                            "sim/verify/cell_texts.cpp"};         // of equations
    const std::set<std::string> telling = {
        "circuits/anatomy/draw_circuit.cpp",             // a drawing
        "circuits/anatomy/load_activations.cpp",         // what is near
        "circuits/anatomy/event_keys.cpp",               // descriptions of keys
        "circuits/anatomy/gate_keys.cpp",                // descriptions of keys
        "circuits/anatomy/load_events.cpp",              // what is expected
        "circuits/anatomy/load_gate.cpp",                // the path of a table, for messages
        "circuits/anatomy/noise_keys.cpp",               // descriptions of keys
        "circuits/anatomy/intervention.hpp",             // the path of a table, for messages
        "circuits/program/imperfections.cpp",            // what users write short
        "learning_rules/book/set_numbers.cpp",           // what is expected
        "sim/sweep/baselines.cpp",                       // keys of models
        "sim/sweep/imperfections.cpp",                   // keys of models
        "circuits/anatomy/trial_keys.cpp",               // descriptions of keys
        "circuits/anatomy/wire_keys.cpp",                // descriptions of keys
        "circuits/equations/expression_parser.cpp",      // examples
        "circuits/equations/parse.cpp",                  // examples
        "learning_rules/lowering/cells.cpp",             // what is expected
        "learning_rules/lowering/check_equations.cpp",   // what is expected
        "learning_rules/lowering/facts.cpp",             // what is expected
        "learning_rules/lowering/names_in_circuit.cpp",  // what is expected
        "learning_rules/book/bind_rules.cpp",            // the path of a table, for messages
        "learning_rules/book/rule_keys.cpp",             // descriptions of keys
        "sim/run_file/record_keys.cpp",                  // descriptions of keys
        "sim/model/model_mistakes.cpp",                  // the path of a table, for messages
        "sim/command_line/help_keys.cpp",                // examples
        "sim/command_line/run_file_commands.cpp",        // what an argument is
        "sim/command_line/usage.cpp",                    // examples
        "sim/show/plot/request.cpp",                     // what is expected
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

// A reader of "Of those two the first" has to find out who is meant.
TEST_CASE("no comment begins a line with a word that leaves its subject open", "[layers]") {
    no_line(lines_of_sources(), "begin with the subject, or a verb", [](const Line& line) {
        const std::size_t begin = line.text.find("// ");
        if (begin == std::string::npos) return false;
        const std::string comment = line.text.substr(begin + 3);
        const auto begins = [&](const char* word) { return comment.starts_with(word); };
        return begins("Of ") || begins("Those ") || begins("Likewise") || begins("The same ");
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

}  // namespace apical::source_lines
