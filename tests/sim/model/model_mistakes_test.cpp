// Several mistakes of a model are told at once, each with its place, and none follows from another.
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// What a model says when it is loaded, a line each, without the path.
std::vector<std::string> told_of(const std::string& text,
                                 const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    const std::string path = folder.write("m.toml", text);
    const auto error = error_of([&] { load_model(path, overrides); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    std::vector<std::string> lines = error->sentences();
    for (std::string& line : lines)
        if (line.starts_with(path)) line = line.substr(path.size());
    return lines;
}

// Each "@" in turn is the place of a mistake, in the order of the file, and there is no other.
void tells_all(const std::string& model, const std::vector<Change>& changes,
               const std::vector<std::string>& phrases) {
    std::string text = drafted(model, changes);
    std::vector<std::string> places;
    while (text.find('@') != std::string::npos) places.push_back(take_mark(text));
    REQUIRE(places.size() == phrases.size());
    const std::vector<std::string> told = told_of(text);
    INFO(fmt::format("{}", fmt::join(told, "\n")));
    REQUIRE(told.size() == phrases.size());
    for (std::size_t k = 0; k < told.size(); ++k)
        CHECK_THAT(told[k], Catch::StartsWith(places[k] + ": ") && Catch::Contains(phrases[k]));
}

}  // namespace

TEST_CASE("unknown keys, wrong types and unknown names are told together, by their places",
          "[model][mistakes]") {
    tells_all("rflo",
              {{"size       = 32", "size       = @\"many\""},
               {"alpha      = 0.5", "@alhpa = 0.5"},
               {"from   = \"input\"\nto     = \"hidden.soma\"",
                "from   = @\"inptu\"\nto     = \"hidden.soma\""},
               {"from   = \"hidden\"\nto     = \"output.soma\"",
                "from   = \"hidden\"\nto     = @\"output.sma\""},
               {"rule     = \"eligibility\"", "rule     = @\"eligbility\""},
               {"[run]\nsteps = 100_000", "[run]\nsteps = @-1"}},
              {"population.hidden.size is the text \"many\"", "Did you mean \"alpha\"?",
               "there is no population \"inptu\"", "population \"output\" has compartments soma",
               "there is no plasticity rule \"eligbility\"", "run.steps is the number -1"});
}

TEST_CASE("what several rules and recordings get wrong is told together", "[model][mistakes]") {
    const std::vector<std::string> told = told_of(
        content_of(path_of_shipped("rflo")),
        {"record.loss.what=[\"los\", \"hidden.r\", \"hiden.r\"]", "record.a.what=\"W_rce\""});
    REQUIRE(told.size() == 3);
    for (std::size_t k = 0; k < told.size(); ++k) {
        INFO(told[k]);
        CHECK_THAT(told[k],
                   Catch::Contains(std::vector<std::string>{"los", "hiden.r", "W_rce"}[k]));
    }
}

TEST_CASE("one mistake is one message, whatever depends on it", "[model][mistakes]") {
    for (const auto& [found, put] :
         std::vector<Change>{{"[population.hidden]", "[population.hiden]"},
                             {"[synapses.W_rec]", "[synapses.W_rce]"},
                             {"name = \"forward\"", "name = \"forwrad\""},
                             {"name = \"forward\"", "nmae = \"forward\""},
                             {"dendrites  = [\"feedback\"]", "dendrits = [\"feedback\"]"},
                             {"dendrites  = [\"feedback\"]", "dendrites = [\"feedbakc\"]"},
                             {"size       = 32", "size = \"many\""},
                             {"from   = \"hidden\"", "form   = \"hidden\""},
                             {"[run]", "[rnu]"},
                             {"kind = \"add\"", "kind = \"ad\""}}) {
        INFO(found << " -> " << put);
        const std::vector<std::string> told = told_of(drafted("rflo", {{found, put}}));
        INFO(fmt::format("{}", fmt::join(told, "\n")));
        CHECK(told.size() == 1);
    }
}

TEST_CASE("a name that is unknown in several places is told once", "[model][mistakes]") {
    const std::vector<std::string> told = told_of(
        content_of(path_of_shipped("rflo")),
        {"synapses.W_in.during=\"never\"", "synapses.W_out.during=\"never\"", "run.seed=-1"});
    REQUIRE(told.size() == 2);
    CHECK_THAT(told[0] + told[1], Catch::Contains("there is no phase \"never\"") &&
                                      Catch::Contains("run.seed is the number -1"));
}

TEST_CASE("several assignments that fit no model are told together", "[model][mistakes]") {
    const std::vector<std::string> told =
        told_of(content_of(path_of_shipped("rflo")),
                {"population.hiden.size=3", "plasticity.recurent.rate=1"});
    REQUIRE(told.size() == 2);
    CHECK_THAT(told[0], Catch::StartsWith("`override` population.hiden.size=3: "));
    CHECK_THAT(told[1], Catch::StartsWith("`override` plasticity.recurent.rate=1: "));
}

TEST_CASE("the program begins each of several messages with its name", "[model][mistakes]") {
    const TemporaryFolder folder;
    folder.write("m.toml",
                 drafted("rflo", {{"alpha      = 0.5", "alhpa = 0.5"}, {"hold = 2", "hold = 0"}}));
    for (const char* command : {"check", "run", "audit", "verify"}) {
        INFO(command);
        const Outcome outcome = apical_in(folder, {command, "m.toml"});
        INFO(outcome.err);
        CHECK(outcome.code == 65);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 2);
        CHECK_THAT(outcome.err,
                   Catch::StartsWith("apical: m.toml:") && Catch::Contains("\napical: m.toml:"));
    }
}
