// `apical list` against the models that are there.
#include "sim/model/algorithms.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

TEST_CASE("every algorithm has a model that says so, and a page, and every model is an algorithm's",
          "[list]") {
    const std::filesystem::path source = APICAL_SOURCE_DIR;
    std::set<std::string> models, names;
    for (const auto& file : std::filesystem::directory_iterator(source / "models")) {
        const std::string name = file.path().stem().string();
        const bool is_sweep = name.starts_with("figure");
        if (file.is_regular_file() && !is_sweep) models.insert(name);
    }
    for (const Algorithm& one : algorithms()) {
        const std::string name(one.name);
        INFO(name);
        names.insert(name);
        const std::string model =
            content_of((source / "models" / fmt::format("{}.toml", name)).string());
        REQUIRE(model.find(fmt::format("\nimplements = \"{}\"\n", name)) != std::string::npos);
        REQUIRE(std::filesystem::exists(source / "docs" / "rules" / fmt::format("{}.md", name)));
    }
    REQUIRE(names.size() == 11);
    REQUIRE(models == names);
}

TEST_CASE("list names every algorithm, a line each", "[list]") {
    const Outcome outcome = apical_with({"list"});
    REQUIRE(outcome.code == 0);
    for (const Algorithm& one : algorithms()) {
        const std::string line = fmt::format("\n{} ", one.name);
        INFO(line);
        REQUIRE(outcome.out.find(line) != std::string::npos);
        REQUIRE(outcome.out.find(std::string(one.summary)) != std::string::npos);
    }
}

TEST_CASE("list --json is JSON with a model and a page for each algorithm", "[list]") {
    const Outcome outcome = apical_with({"list", "--json"});
    const std::string found = python(
        "import json\nfor one in json.loads(argv[1])['algorithms']: print(one['name'], "
        "one['model'], one['page'])",
        {outcome.out});
    REQUIRE(found.starts_with("rtrl models/rtrl.toml docs/rules/rtrl.md\n"));
}

TEST_CASE("a model that implements no known algorithm is rejected", "[list][bad]") {
    try {
        load_model(path_of_shipped("uoro"), {"implements=\"uoru\""});
        FAIL("it was loaded");
    } catch (const Error& error) {
        const std::string message = error.what();
        INFO(message);
        REQUIRE(message.find("Did you mean \"uoro\"?") != std::string::npos);
        REQUIRE(message.find("kf_rtrl") != std::string::npos);
    }
}
