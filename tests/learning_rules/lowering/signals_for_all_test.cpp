// Where a rule's number for all comes from, and what is said of one that comes from nowhere.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

const std::string taught_cells = R"(
phase = [{ name = "forward", ms = 5.0 }]
population.cell = { size = 1, activation = "linear" }
population.reward = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 1.0 } }
synapses.R = { from = "input", to = "reward.soma", during = "forward", init = { constant = 1.0 } }
rule.keeps = { state = { usual = "all" }, equations = "usual = 0.5 * usual + 1" }
rule.taught = { signals = { g = "all" }, equations = "w += 0.01 * g * post.r * pre.r" }
)";

const std::string table_of_keeping =
    "plasticity.keeping = { rule = \"keeps\", synapses = [\"R\"] }\n";

std::string bound_to(const std::string& address) {
    return "plasticity.learning = { rule = \"taught\", synapses = [\"W\"], g = \"" + address +
           "\" }\n";
}

// What is said of the model, behind the name of its file.
std::string said_of_taught(const std::string& tables) {
    const std::string said = refusal_of(taught_cells + tables);
    return said.substr(std::min(said.find(".toml:"), said.size()));
}

const std::string needs_one_for_all = "rule \"taught\" needs one number for all as \"g\"; ",
                  expected_before =
                      "; expected a gate, or a number for all of a rule whose table stands "
                      "before [plasticity.learning]; ";

}  // namespace

TEST_CASE("a number for all is one of a rule whose table stands before", "[lowering]") {
    CHECK(said_of_taught(table_of_keeping + bound_to("keeping.usual")).empty());
    CHECK(said_of_taught(bound_to("keeping.usual") + table_of_keeping) ==
          ".toml:13:64: " + needs_one_for_all + "\"keeping.usual\" is no such number" +
              expected_before + "here there is none");
    CHECK(said_of_taught(table_of_keeping + bound_to("keeping.usuel")) ==
          ".toml:14:64: " + needs_one_for_all + "\"keeping.usuel\" is no such number" +
              expected_before + "known are keeping.usual. Did you mean \"keeping.usual\"?");
}

TEST_CASE("a rate of cells is no number for all", "[lowering]") {
    CHECK(said_of_taught(bound_to("reward.r")) == ".toml:13:64: " + needs_one_for_all +
                                                      "\"reward.r\" is of the cells \"reward\"" +
                                                      expected_before + "here there is none");
}

TEST_CASE("a number for all is a window of a trial, its beginning or its end",
          "[lowering][trials]") {
    const std::string trials = "trial = { steps = 5, window.cue = { to = 2 } }\n";
    for (const char* clock : {"window.cue", "trial.begins", "trial.ends"}) {
        SteppedModel sim(
            shown(taught_cells + trials + bound_to(clock), drawn_rows(10, 1, "clock")));
        for (int step = 0; step < 10; ++step) {
            const double before = sim.matrix("W")(0, 0), place = step % 5;
            sim.step();
            const bool acts = clock == std::string("window.cue")     ? place < 2
                              : clock == std::string("trial.begins") ? place == 0
                                                                     : place == 4;
            CHECK((sim.matrix("W")(0, 0) != before) == acts);
        }
    }
    CHECK(said_of_taught(trials + bound_to("window.cu")) ==
          ".toml:14:64: " + needs_one_for_all +
              "\"window.cu\" is no such number; expected a gate, a window, a trial's beginning or "
              "end, or a number for all of a rule whose table stands before [plasticity.learning]; "
              "known are window.cue, trial.begins, trial.ends. Did you mean \"window.cue\"?");
}
