// Rules that a model writes itself, or takes from rule files.
#include "learning_rules/text_rule.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const std::string oja_table =
    "parameters = { rate = { minimum = 0.0, maximum = 1.0, description = \"learning rate\" } }\n"
    "equations = \"w += rate * post.r * (pre.r - post.r * w)\"\n";
const std::string oja_of_its_own = "\n[rule.own_oja]\n" + oja_table;
const std::string oja_is_bound =
    "\n[plasticity.random]\nrule = \"own_oja\"\nsynapses = [\"B_fb\"]\n";
const std::string oja_at_a_rate = oja_is_bound + "rate = 1e-3\n";

std::string rflo_and(const std::string& end, const std::string& top = "") {
    return drafted("rflo", {{"format     = 1\n", "format     = 1\n" + top},
                            {"steps = 100_000", "steps = 20"},
                            {"[record.end]\nwhat = \"*\"\nfrom = 99_951\nto   = 100_000\n", ""}}) +
           end;
}

const BoundRule& rule_of(const Model& model, const std::string& label) {
    for (const BoundRule& one : model.rules)
        if (one.label == label) return one;
    FAIL("no rule is bound as " << label);
    return model.rules.front();
}

std::string said_of_model(const std::string& path, const std::vector<std::string>& overrides = {}) {
    const std::optional<Error> error = error_of([&] { load_model(path, overrides); });
    return error ? error->what() : "nothing was rejected";
}

}  // namespace

TEST_CASE("a model binds a rule that it writes itself", "[model][text_rule]") {
    const TemporaryFolder folder;
    const Model model =
        load_model(folder.write("m.toml", rflo_and(oja_at_a_rate + oja_of_its_own)));
    const BoundRule& bound_rule = rule_of(model, "random");
    CHECK(bound_rule.rule->name == "own_oja");
    REQUIRE(bound_rule.rule->text);
    CHECK(bound_rule.rule->text->equations.size() == 1);
    CHECK_THAT(model.resolved, Catch::Contains("[rule.own_oja]"));
    CHECK(model.rule_files.empty());
}

TEST_CASE("a model without rules of its own resolves without a word of them",
          "[model][text_rule]") {
    const Model model = load_model(path_of_shipped("rflo"));
    CHECK_THAT(model.resolved, !Catch::Contains("[rule") && !Catch::Contains("rules"));
}

TEST_CASE("rules are imported from files beside the model, and what is bound is resolved",
          "[model][text_rule]") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "rules");
    const std::string file = folder.write(
        "rules/hebbian.toml", "format = 1\n" + oja_of_its_own + "\n[rule.other]\n" + oja_table);
    const std::string text = rflo_and(oja_at_a_rate, "rules = [\"rules/hebbian.toml\"]\n");
    const Model model = load_model(folder.write("m.toml", text));
    CHECK(rule_of(model, "random").rule->name == "own_oja");
    REQUIRE(model.rule_files.size() == 1);
    CHECK(model.rule_files.front().path == file);
    CHECK_THAT(model.resolved, Catch::Contains("[rule.own_oja]") &&
                                   !Catch::Contains("[rule.other]") && !Catch::Contains("rules ="));
    SECTION("the resolved text alone is the same model") {
        const TemporaryFolder elsewhere;
        CHECK(load_model(elsewhere.write("m.toml", model.resolved)).resolved == model.resolved);
    }
    SECTION("overrides reach what is imported, and what is imported") {
        const Model changed =
            load_model(folder / "m.toml",
                       {"rule.own_oja.parameters.rate.maximum=2", "plasticity.random.rate=1.5",
                        "rule.own_oja.equations=w += rate * post.r * pre.r"});
        CHECK(rule_of(changed, "random").rule->text->find_parameter("rate")->maximum == 2.0);
        const Model other = load_model(folder / "m.toml", {"plasticity.random.rule=other"});
        CHECK(rule_of(other, "random").rule->name == "other");
        CHECK_THAT(other.resolved, !Catch::Contains("[rule.own_oja]"));
        folder.write("more.toml", "format = 1\n" + oja_of_its_own);
        CHECK_NOTHROW(load_model(folder / "m.toml", {"rules=[\"more.toml\"]"}));
    }
    SECTION("imported rules that nothing binds leave no trace") {
        const std::vector<std::string> frozen = {"plasticity.random.rule=delta",
                                                 "plasticity.random.synapses=[\"b_out\"]",
                                                 "plasticity.readout.synapses=[\"W_out\"]"};
        CHECK_THAT(load_model(folder / "m.toml", frozen).resolved, !Catch::Contains("[rule"));
    }
}

TEST_CASE("a rule's quantity that is recorded without its binding is told with its address",
          "[model][text_rule]") {
    CHECK_THAT(said_of_model(path_of_shipped("rules/bcm"), {"record={ x = { what = \"theta\" } }"}),
               Catch::Contains("Did you mean \"learning.theta\"?"));
}

TEST_CASE("a stored model is loaded with its rules", "[model][text_rule]") {
    const TemporaryFolder folder;
    const Model model =
        load_model(folder.write("m.toml", rflo_and(oja_at_a_rate + oja_of_its_own)));
    const Model again =
        load_recorded("r.h5", parse_toml(model.resolved, "r.h5 (resolved)"), model.task->shape());
    CHECK(rule_of(again, "random").rule->text);
    CHECK(again.program.slots.size() == model.program.slots.size());
}

TEST_CASE("what is wrong with a binding of a model's own rule is told", "[model][text_rule]") {
    const TemporaryFolder folder;
    const auto said = [&](const std::string& end) {
        return said_of_model(folder.write("m.toml", rflo_and(end)));
    };
    CHECK_THAT(said(oja_is_bound + oja_of_its_own),
               Catch::Contains("[plasticity.random] is missing its key \"rate\" "
                               "(a number from 0 to 1): learning rate"));
    CHECK_THAT(said(oja_at_a_rate + "raet = 1\n" + oja_of_its_own),
               Catch::Contains("unknown key \"raet\" in [plasticity.random]") &&
                   Catch::Contains("Did you mean \"rate\"?"));
    CHECK_THAT(said(oja_is_bound + "rate = 2.0\n" + oja_of_its_own),
               Catch::Contains("a number from 0 to 1"));
    CHECK_THAT(said(oja_at_a_rate + "\n[rule.own_ojas]\n" + oja_table),
               Catch::Contains("there is no plasticity rule \"own_oja\"") &&
                   Catch::Contains("Did you mean \"own_ojas\"?"));
    CHECK_THAT(said("\n[rule.delta]\n" + oja_table), Catch::Contains("comes with Apical"));
}

TEST_CASE("mistakes in a rule are told with those of the model, and nothing follows from them",
          "[model][text_rule]") {
    const TemporaryFolder folder;
    const std::string text =
        rflo_and(oja_at_a_rate + "\n[rule.own_oja]\nfacing = \"pats\"\n" + oja_table +
                 "\n[gate.g]\nopens = \"hidden.feedbak\"\nduring = \"update\"\n");
    const std::string said = said_of_model(folder.write("m.toml", text));
    CHECK_THAT(said, Catch::Contains("Did you mean \"past\"?") &&
                         Catch::Contains("Did you mean \"hidden.feedback\"?") &&
                         !Catch::Contains("there is no plasticity rule"));
}

TEST_CASE("mistakes in a rule file are told at their places there", "[model][text_rule]") {
    const TemporaryFolder folder;
    const std::string model =
        folder.write("m.toml", rflo_and(oja_at_a_rate, "rules = [\"own_oja.toml\"]\n"));
    const auto said = [&](const std::string& file) {
        folder.write("own_oja.toml", file);
        return said_of_model(model);
    };
    const std::string place = folder / "own_oja.toml";
    CHECK_THAT(said("format = 1\n[rule.own_oja]\n" + oja_table + "sumary = \"\"\n"),
               Catch::StartsWith(place + ":5:1: ") && Catch::Contains("Did you mean \"summary\"?"));
    CHECK_THAT(said("format = 1\n[task]\n" + oja_of_its_own),
               Catch::StartsWith(place + ":2:2: ") && Catch::Contains("unknown key \"task\""));
    CHECK_THAT(said(oja_of_its_own), Catch::Contains("missing its key \"format\""));
    CHECK_THAT(said("format = 1\n[rule.own_oja\n"), Catch::StartsWith(place + ":2:"));
    CHECK_THAT(said("format = 1\n[rule.kernl]\n" + oja_table),
               Catch::StartsWith(place + ":2:7: ") && Catch::Contains("comes with Apical"));
    folder.write("m.toml",
                 rflo_and(oja_at_a_rate + oja_of_its_own, "rules = [\"own_oja.toml\"]\n"));
    CHECK_THAT(said("format = 1\n" + oja_of_its_own), Catch::StartsWith(place + ":3:7: ") &&
                                                          Catch::Contains("m.toml:") &&
                                                          Catch::Contains("has it already"));
    const std::optional<Error> missing =
        error_of([&] { load_model(model, {"rules=[\"own_ojas.toml\"]"}); });
    REQUIRE(missing);
    CHECK(missing->code() == ExitCode::no_such_input);
    CHECK_THAT(missing->what(),
               Catch::Contains("own_ojas.toml") && Catch::Contains("no such file"));
}
