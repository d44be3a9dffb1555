// What shells offer for words that are being typed.
#include <sstream>

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

using Words = std::vector<std::string>;

Words offered(const TemporaryFolder& folder, const Words& typed) {
    Words command{tested_program, "complete", "--"};
    command.insert(command.end(), typed.begin(), typed.end());
    const Outcome outcome = Running(folder, command).wait();
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    Words lines;
    std::istringstream text(outcome.out);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

bool has(const Words& words, const std::string& one) {
    return std::find(words.begin(), words.end(), one) != words.end();
}

}  // namespace

TEST_CASE("commands and their options are offered", "[complete]") {
    const TemporaryFolder folder;
    CHECK(offered(folder, {"re"}) == Words{"recover", "report", "resume"});
    CHECK_FALSE(has(offered(folder, {""}), "complete"));
    CHECK(offered(folder, {"run", "rflo", "--st"}) == Words{"--steps"});
    CHECK(offered(folder, {"nothing", ""}).empty());
}

TEST_CASE("shipped models, model files and folders are offered to what takes a model",
          "[complete]") {
    const TemporaryFolder folder;
    folder.write("dni_mine.toml", "");
    folder.write("dni_mine.csv", "");
    std::filesystem::create_directory(folder / "dni_more");
    const Words found = offered(folder, {"check", "dni"});
    for (const char* name : {"dni", "dni_b", "dni_mine.toml", "dni_more/"}) CHECK(has(found, name));
    CHECK_FALSE(has(found, "dni_mine.csv"));
    CHECK(offered(folder, {"run", "--seed", "3", "rfl"}) == offered(folder, {"run", "rfl"}));
}

TEST_CASE("behind --set the keys of the model are offered, one part of a path at a time",
          "[complete]") {
    const TemporaryFolder folder;
    const auto keys = [&](const std::string& typed) {
        return offered(folder, {"run", "rflo", "--set", typed});
    };
    CHECK(keys("run.see") == Words{"run.seed="});
    CHECK(keys("popul") == Words{"population."});
    CHECK(keys("population.h") == Words{"population.hidden."});
    CHECK(keys("population.hidden.si") ==
          Words{"population.hidden.sign=", "population.hidden.size="});
    CHECK(keys("plasticity.recurrent.ra") == Words{"plasticity.recurrent.rate="});
    CHECK(keys("nothing.of.this").empty());
    CHECK(has(offered(folder, {"run", "no_such_model", "--set", ""}), "run."));
}

TEST_CASE("what a run recorded, topics of help and lists are offered", "[complete]") {
    const TemporaryFolder folder;
    REQUIRE(
        apical_with({"run", path_of_shipped("rflo"), "--steps", "5", "-q", "-o", folder / "a.h5"})
            .code == 0);
    CHECK(offered(folder, {"plot", "a.h5", "hidden.soma"}) == Words{"hidden.soma.v"});
    CHECK(has(offered(folder, {"export", "a.h5", "--what", "l"}), "loss"));
    CHECK(offered(folder, {"inspect", ""}) == Words{"a.h5"});
    CHECK(offered(folder, {"plot", "no.h5", ""}).empty());
    CHECK(offered(folder, {"help", "rule", "oj"}) == Words{"oja"});
    CHECK(offered(folder, {"help", "model", "gat"}) == Words{"gate"});
    CHECK(offered(folder, {"list", "r"}) == Words{"rules"});
}

TEST_CASE("the script for bash offers what the program does", "[complete]") {
    const TemporaryFolder folder;
    const std::string script = std::string(APICAL_SOURCE_DIR) + "/scripts/completions/apical.bash";
    const std::string program = std::filesystem::path(tested_program).parent_path().string();
    const Outcome outcome =
        Running(folder, {"bash", "-c",
                         "PATH=\"" + program + ":$PATH\"; source '" + script +
                             "'; COMP_WORDS=(apical check rfl); COMP_CWORD=2; _apical; "
                             "printf '%s\\n' \"${COMPREPLY[@]}\""})
            .wait();
    CHECK(outcome.out.starts_with("rflo\n"));
}
