// Models that come with the program are found by name.
#include "sim/model/shipped_models.hpp"

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

const std::vector<std::string> folders{std::string(APICAL_SOURCE_DIR) + "/models"};

}  // namespace

TEST_CASE("every shipped model and sweep is found by its name, with .toml and with its folder",
          "[shipped]") {
    std::vector<std::string> paths = shipped_models();
    for (const std::string& path : rule_models()) paths.push_back(path);
    for (const char* sweep : {"figure1", "figure1_short", "figure1_paper"})
        paths.push_back(path_of_shipped(sweep));
    for (const std::string& path : paths) {
        const std::filesystem::path file = path;
        const std::string stem = file.stem().string(),
                          folder = file.parent_path().filename().string();
        std::vector<std::string> names{stem, stem + ".toml"};
        if (folder != "models") names.push_back(folder + "/" + stem);
        for (const std::string& name : names) {
            INFO(name);
            const NamedModel found = find_model(name, folders);
            CHECK(std::filesystem::equivalent(found.path, path));
            CHECK(found.note.empty());
        }
    }
}

TEST_CASE("a shipped model is run, checked, audited, verified and swept by its name", "[shipped]") {
    const TemporaryFolder folder;
    const auto works = [&](const std::vector<std::string>& words, const std::string& says) {
        const Outcome outcome = apical_in(folder, words);
        INFO(list_of(words) << outcome.err);
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, Catch::Contains(says));
    };
    works({"run", "rflo", "--steps", "20", "-q"}, "runs/rflo.h5");
    works({"check", "dni_b_mirrored"}, "variants/dni_b_mirrored.toml");
    works({"audit", "dni_b", "rflo"}, "every criterion of the paper holds");
    works({"verify", "rflo", "--steps", "20"}, "holds");
    works({"sweep", "figure1_short", "--dry-run", "-q"}, "240 of 240 jobs");
    CHECK(std::filesystem::exists(folder / "runs/rflo.h5"));
}

TEST_CASE("a file here is taken in place of a shipped model of its name, and a note says so",
          "[shipped]") {
    const TemporaryFolder folder;
    folder.write("rflo.toml", drafted("rflo", {{"RFLO: eligibility", "MINE: eligibility"}}));
    for (const char* name : {"rflo", "rflo.toml"}) {
        const Outcome outcome = apical_in(folder, {"check", name});
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, Catch::Contains("MINE: eligibility"));
        CHECK_THAT(outcome.err,
                   Catch::StartsWith("note: \"" + std::string(name) +
                                     "\" is the file rflo.toml here, not the shipped"));
    }
    const Outcome path = apical_in(folder, {"check", "./rflo.toml"});
    CHECK_THAT(path.out, Catch::Contains("MINE: eligibility"));
    CHECK(path.err.empty());
    std::filesystem::create_directory(folder / "dni");  // no model
    CHECK(apical_in(folder, {"check", "dni"}).code == 0);
}

TEST_CASE("a name that is no model is told with the nearest, and with all", "[shipped]") {
    const Outcome name = apical_with({"run", "rfol"});
    CHECK(name.code == 66);
    CHECK(name.out.empty());
    CHECK_THAT(name.err, Catch::StartsWith("apical: rfol: no such file, and no shipped model") &&
                             Catch::Contains("dni_b_mirrored") &&
                             Catch::Contains("Did you mean \"rflo\"?"));
    const Outcome file = apical_with({"run", "rfol.toml"});
    CHECK(file.code == 66);
    CHECK(file.err == "apical: rfol.toml: no such file. Did you mean \"rflo\"?\n");
    CHECK(apical_with({"run", "mine/rflo.toml"}).err == "apical: mine/rflo.toml: no such file\n");
}

TEST_CASE("without a folder of shipped models a message names none", "[shipped]") {
    try {
        find_model("rfol", {});
        FAIL("found");
    } catch (const Error& error) {
        CHECK(error.code() == ExitCode::no_such_input);
        CHECK(std::string(error.what()) ==
              "rfol: no such file, and no folder of shipped models was found.");
    }
}

TEST_CASE("the schema that each shipped model names is there, seen from the model", "[shipped]") {
    std::vector<std::string> paths = shipped_models();
    for (const std::string& path : rule_models()) paths.push_back(path);
    for (const std::string& path : paths) {
        INFO(path);
        const std::string text = content_of(path), word = "#:schema ";
        REQUIRE(text.starts_with(word));
        const std::string schema = text.substr(word.size(), text.find('\n') - word.size());
        CHECK(std::filesystem::exists(std::filesystem::path(path).parent_path() / schema));
    }
}
