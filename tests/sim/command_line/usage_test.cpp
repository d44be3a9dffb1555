// Help, and messages about a command line that is wrong.
#include "sim/command_line/usage.hpp"

#include "circuits/text/text.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/command_line/wrapped.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/sweep/sweep.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

const std::vector<std::string> commands = {
    "run",    "resume",  "fork", "recover", "evaluate", "sweep", "report", "check",  "audit",
    "verify", "inspect", "plot", "view",    "export",   "list",  "help",   "schema", "version"};

std::size_t width_of(const std::string& line) {
    return static_cast<std::size_t>(std::count_if(
        line.begin(), line.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

std::string help_of(const std::vector<std::string>& topic) {
    std::vector<std::string> words{"help"};
    words.insert(words.end(), topic.begin(), topic.end());
    const Outcome outcome = apical_with(words);
    INFO(list_of(words));
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    return outcome.out;
}

// Words in their order, however they are broken into lines.
std::string in_a_row(const std::string& text) {
    std::istringstream stream(text);
    std::string row;
    for (std::string word; stream >> word;) row += word + ' ';
    return row;
}

}  // namespace

TEST_CASE("no page of help has a line of more than 100 columns", "[usage]") {
    std::vector<std::string> pages{help_of({}), help_of({"model"}), help_of({"sweep"}),
                                   apical_with({"--help-all"}).out, apical_with({}).out};
    for (const std::string& command : commands) pages.push_back(help_of({command}));
    for (const std::string& page : pages) {
        REQUIRE(page.size() > 50);
        for (const std::string& line : lines_of(page)) {
            INFO(line);
            CHECK(width_of(line) <= 100);
        }
    }
}

TEST_CASE("help of a command is that command's --help, with examples that begin with it",
          "[usage]") {
    for (const std::string& command : commands) {
        INFO(command);
        const std::string help = help_of({command});
        CHECK_THAT(help,
                   Catch::Contains("\nExamples:\n  ") && Catch::Contains("apical " + command));
        if (command != "sweep") CHECK(help == apical_with({command, "--help"}).out);
        CHECK_FALSE(examples_of(command).empty());
        for (const std::string_view line : examples_of(command))
            CHECK(line.find("apical " + command) != std::string_view::npos);
    }
}

TEST_CASE("help of a section, a rule or a key is that part of the help on models", "[usage]") {
    const std::string whole = help_of({"model"});
    const std::string gate = help_of({"model", "gate"});
    CHECK_THAT(gate, Catch::Contains("\n[gate.*]\n") && Catch::Contains("\n  opens ") &&
                         !Catch::Contains("[synapses.*]"));
    CHECK(whole.find(gate.substr(gate.find("\n[gate.*]"))) != std::string::npos);
    CHECK_THAT(help_of({"model", "synapses"}),
               Catch::Contains("[synapses.*.back]") && Catch::Contains("[[synapses.*.again]]"));
    const std::string delta = help_of({"model", "delta"});
    CHECK_THAT(delta, Catch::Contains("rule = \"delta\"") && !Catch::Contains("\"dendritic\""));
    CHECK_THAT(help_of({"model", "tau_ms"}),
               Catch::Contains("[population.*]") && Catch::Contains("membrane time constant"));
    CHECK_THAT(help_of({"sweep", "model"}), Catch::Contains("[model.*]"));
    const Outcome unknown = apical_with({"help", "model", "gaet"});
    CHECK(unknown.code == 2);
    CHECK(unknown.out.empty());
    CHECK_THAT(unknown.err,
               Catch::StartsWith("apical: ") && Catch::Contains("Did you mean \"gate\"?"));
}

TEST_CASE("help on models names every key, with its description, and every rule", "[usage]") {
    const std::string help = in_a_row(help_of({"model"}));
    const auto names = [&](const Key& key) {
        INFO(key.section << ' ' << key.name);
        CHECK_THAT(help, Catch::Contains(fmt::format(" {} ", key.name)) &&
                             Catch::Contains(in_a_row(std::string(key.description))));
    };
    for (const Key& key : model_keys()) names(key);
    for (const LearningRule* rule : learning_rules()) {
        CHECK_THAT(help, Catch::Contains(fmt::format("rule = \"{}\"", rule->name)));
        for (const Key& key : rule->keys) names(key);
    }
}

TEST_CASE("help of a rule is its keys and, when it is text, its equations", "[usage]") {
    CHECK_THAT(help_of({"rule", "kernl"}),
               Catch::StartsWith("[plasticity.*] with rule = \"kernl\": ") &&
                   !Catch::Contains("Equations:"));
    const TemporaryFolder folder;
    const std::string model = folder.write(
        "m.toml",
        content_of(path_of_shipped("rflo")) +
            "\n[rule.own_oja]\nsummary = \"keeps the norm\"\nparameters = { rate = { minimum "
            "= 0.0, description = \"speed\" } }\n"
            "equations = \"w += rate * post.r * (pre.r - post.r * w)\"\n");
    CHECK(help_of({"rule", "own_oja", model}) ==
          "[plasticity.*] with rule = \"own_oja\": keeps the norm\n"
          "  rate           a number from 0; required\n                   speed\n\n  Equations:\n"
          "    w += rate * post.r * (pre.r - post.r * w)\n");
    const std::string unsummed =
        folder.write("n.toml", content_of(path_of_shipped("rflo")) +
                                   "\n[rule.plain]\nequations = \"w += post.r * pre.r\"\n");
    CHECK_THAT(help_of({"rule", "plain", unsummed}),
               Catch::StartsWith("[plasticity.*] with rule = \"plain\"\n"));
    const Outcome unknown = apical_with({"help", "rule", "detla"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Catch::Contains("Did you mean \"delta\"?"));
}

TEST_CASE("list rules has a line for each rule, and those of a model", "[usage]") {
    const Outcome rules = apical_with({"list", "rules"});
    CHECK(rules.code == 0);
    for (const LearningRule* rule : learning_rules())
        CHECK_THAT(rules.out, Catch::Contains(std::string(rule->name) + "  "));
    CHECK(help_of({"rule"}) == rules.out);
    const TemporaryFolder folder;
    const std::string model =
        folder.write("m.toml", content_of(path_of_shipped("rflo")) +
                                   "\n[rule.fade]\nparameters = { rate = 0.1 }\n"
                                   "equations = \"w += -rate * w\"\n");
    CHECK_THAT(apical_with({"list", "rules", model}).out, Catch::Contains("\nfade "));
    CHECK_THAT(apical_with({"list", "rules", model, "--json"}).out,
               Catch::Contains("\"w += -rate * w\""));
    CHECK(apical_with({"list", "algorithms", model}).code == 2);
    const std::string both = apical_with({"list"}).out;
    for (const char* what : {"algorithms", "literature"}) {
        const std::string one = apical_with({"list", what}).out;
        CHECK_THAT(both, Catch::Contains(one.substr(0, one.find("\n\n"))));
    }
}

TEST_CASE("the examples of the help on models are TOML, of keys that the section has", "[usage]") {
    std::size_t examples = 0;
    for (const std::string& page : {describe_keys(), describe_sweep_keys()}) {
        std::string example;
        bool within = false;
        for (const std::string& line : lines_of(page + "\n")) {
            const bool goes_on = within && line.starts_with("    ");
            if (goes_on) example += line.substr(4) + '\n';
            if (within && !goes_on && !line.empty() && !example.empty()) within = false;
            if (line == "  Example:") within = true, example.clear(), ++examples;
            if (within && !example.empty()) CHECK_NOTHROW(parse_toml(example, "example"));
        }
    }
    CHECK(examples == 48);
}

TEST_CASE("the program alone prints a short help, --version its version", "[usage]") {
    const Outcome alone = apical_with({});
    CHECK(alone.code == 0);
    CHECK(alone.err.empty());
    CHECK_THAT(alone.out, Catch::Contains("apical run rflo") && Catch::Contains("apical help"));
    CHECK(lines_of(alone.out).size() < 20);
    const Outcome version = apical_with({"--version"});
    CHECK(version.code == 0);
    CHECK(version.out == "apical " APICAL_VERSION "\n");
}

TEST_CASE("a command or option that is none is told with the nearest", "[usage]") {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
        {{"runn", "rflo"}, "there is no command \"runn\". Did you mean run?"},
        {{"help", "verfy"}, "there is no command \"verfy\". Did you mean verify?"},
        {{"help", "record"},
         "there is no command \"record\"; `apical help model record` says what it is"},
        {{"help", "predict_rate"},
         "there is no command \"predict_rate\"; `apical help model predict_rate` says"},
        {{"run", "rflo", "--sed", "3"},
         "run: there is no option --sed. Did you mean --set or --seed?"},
        {{"run", "--stepps=3", "rflo"}, "run: there is no option --stepps. Did you mean --steps?"},
        {{"audit", "rflo", "--jsn"}, "audit: there is no option --jsn. Did you mean --json?"},
        {{"--verson"}, "there is no option --verson. Did you mean --version?"},
        {{"run"}, "run: MODEL is required; `apical help run` says more"},
        {{"version", "more"}, "version: "}};
    for (const auto& [words, message] : cases) {
        const Outcome outcome = apical_with(words);
        INFO(list_of(words) << ": " << outcome.err);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: " + message));
        CHECK(lines_of(outcome.err).size() == 1);
    }
}

TEST_CASE("of several values for a key the last one counts, however they are given", "[usage]") {
    const auto summary = [](const std::vector<std::string>& options) {
        std::vector<std::string> words{"run", path_of_shipped("rflo"), "--set", "run.steps=20"};
        words.insert(words.end(), options.begin(), options.end());
        const TemporaryFolder folder;
        words.insert(words.end(), {"--json", "-q", "-o", "r.h5"});
        const Outcome outcome = apical_in(folder, words);
        INFO(outcome.err);
        CHECK(outcome.code == 0);
        return outcome.out;
    };
    CHECK_THAT(summary({"--seed", "3", "--set", "run.seed=4"}), Catch::Contains("\"seed\": 4"));
    CHECK_THAT(summary({"--set", "run.seed=4", "--seed", "3"}), Catch::Contains("\"seed\": 3"));
    CHECK_THAT(summary({"--seed", "3", "--seed", "5"}), Catch::Contains("\"seed\": 5"));
    CHECK_THAT(summary({"--steps=30", "--set", "run.steps=40"}), Catch::Contains("\"steps\": 40"));
    CHECK_THAT(summary({"--set", "run={ steps = 7, seed = 2 }"}), Catch::Contains("\"steps\": 7"));
}

TEST_CASE("lines are broken at spaces, below where their last column of text begins", "[usage]") {
    CHECK(wrapped("one two three four", 9) == "one two\nthree\nfour\n");
    CHECK(wrapped("  key   some words", 12) == "  key   some\n        words\n");
    CHECK(wrapped("  abcdefghij klm", 8) == "  abcdefghij\n  klm\n");
    CHECK(wrapped("\u00e9\u00e9\u00e9\u00e9 x", 6) == "\u00e9\u00e9\u00e9\u00e9 x\n");
    CHECK(wrapped("a\n\nb\n", 9) == "a\n\nb\n");
}
