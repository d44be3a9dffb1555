// The models of single rules, in models/rules: each holds its rule to its text, and has its
// verdict.
#include <set>

#include "learning_rules/book/rule_book.hpp"
#include "learning_rules/book/shipped_texts.hpp"
#include "sim/audit/audit.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"
#include "tests/this_build.hpp"

using namespace apical;

namespace {

std::string stem_of(const std::string& path) { return std::filesystem::path(path).stem().string(); }

// Rules that learning algorithms are made of; models of algorithms show them.
const std::set<std::string> of_algorithms = {"delta", "eligibility", "dendritic", "bootstrap",
                                             "predict_rate"};

}  // namespace

TEST_CASE("every rule in text has a model that binds it, and a page", "[rules][rule_models]") {
    std::set<std::string> expected, found;
    for (const ShippedText& text : shipped_texts()) {
        if (!of_algorithms.contains(std::string(text.name))) expected.emplace(text.name);
    }
    for (const std::string& path : rule_models()) {
        const std::string name = stem_of(path);
        INFO(name);
        found.insert(name);
        const Model model = load_model(path);
        CHECK(std::any_of(model.rules.begin(), model.rules.end(),
                          [&](const BoundRule& bound) { return bound.rule->name == name; }));
        CHECK(std::filesystem::exists(fmt::format("{}/docs/rules/{}.md", APICAL_SOURCE_DIR, name)));
    }
    CHECK(found == expected);
}

TEST_CASE("every rule that the program lists has a page of its own", "[rules][docs]") {
    for (const LearningRule* rule : learning_rules()) {
        INFO(rule->name);
        CHECK(std::filesystem::exists(
            fmt::format("{}/docs/rules/{}.md", APICAL_SOURCE_DIR, rule->name)));
    }
}

TEST_CASE("every model of a rule is what the rule's text says", "[rules][rule_models][verify]") {
    for (const std::string& path : rule_models()) {
        INFO(path);
        const Verification found = verify(load_model(path), fewer_if_sanitized(1000), 1e-12);
        REQUIRE(found.texts);
        CHECK(found.texts->hold());
    }
}

TEST_CASE(
    "every model of a rule passes the audit, but Oja's linear cell, which has no bound, "
    "homeostatic scaling and FORCE",
    "[rules][rule_models][audit]") {
    const std::set<std::string> failing = {"homeostatic_scaling", "oja"};
    for (const std::string& path : rule_models()) {
        INFO(path);
        if (stem_of(path) == "force") continue;
        const Audit found = audit(load_model(path));
        if (!failing.contains(stem_of(path))) {
            CHECK(found.passes());
            continue;
        }
        REQUIRE(found.findings.size() == 1);
        CHECK(found.findings[0].criterion == Criterion::continuous_plasticity);
        CHECK(found.findings[0].subject == "W");
        if (stem_of(path) != "oja") continue;
        CHECK(found.findings[0].because ==
              "of \"W\" a step keeps anything from -inf to 1 times what it was, by "
              "\"learning.keep\"; expected from 0 to 1");
    }
    const std::vector<std::string> saturating = {"population.cell.activation=\"tanh\""};
    CHECK(audit(load_model(path_of_shipped("rules/oja"), saturating)).passes());
}

TEST_CASE("FORCE fails by a matrix that no synapses are; the delta rule in its place passes",
          "[rules][rule_models][audit]") {
    const std::string path = path_of_shipped("rules/force");
    const Audit found = audit(load_model(path));
    CHECK_FALSE(found.meets("ii"));
    CHECK_FALSE(found.meets("iii"));
    CHECK(found.meets("online"));
    CHECK(found.meets("iv"));
    const auto has = [&](Criterion criterion, const std::string& subject) {
        return std::any_of(found.findings.begin(), found.findings.end(), [&](const Finding& one) {
            return one.criterion == criterion && one.subject == subject;
        });
    };
    CHECK(has(Criterion::matrices_in_synapses, "readout.P(W_out)"));
    CHECK(has(Criterion::rates_transmitted, "readout.P(W_out)"));
    CHECK(has(Criterion::rates_transmitted, "readout.c1"));
    const std::vector<std::string> delta = {
        "plasticity.readout={ rule = \"delta\", synapses = [\"W_out\"], rate = 0.01 }",
        "record={}"};
    CHECK(audit(load_model(path, delta)).passes());
}

TEST_CASE("an instar whose cells fire negative rates strengthens what it should lose, and fails",
          "[rules][rule_models][audit]") {
    const Audit found =
        audit(load_model(path_of_shipped("rules/instar"), {"population.cell.activation=\"tanh\""}));
    REQUIRE(found.findings.size() == 1);
    CHECK(found.findings[0].criterion == Criterion::continuous_plasticity);
}

TEST_CASE(
    "excitatory and inhibitory sets of bounded_delta's model keep their sign while they learn",
    "[rules][rule_models]") {
    SteppedModel sim(load_model(path_of_shipped("rules/bounded_delta")));
    for (int t = 0; t < 20; ++t) {
        sim.step(100);
        CHECK(sim.matrix("V_e").minCoeff() >= 0.0);
        CHECK(sim.matrix("V_i").maxCoeff() <= 0.0);
    }
    CHECK(sim.matrix("V_e").maxCoeff() > 0.01);
    CHECK(sim.matrix("V_i").minCoeff() < -0.01);
}

TEST_CASE("a page of a rule quotes the listing and the equations that there are",
          "[rules][rule_models][docs]") {
    const RuleBook book;
    for (const std::string& path : rule_models()) {
        const std::string name = stem_of(path);
        INFO(name);
        const std::string page =
            content_of(fmt::format("{}/docs/rules/{}.md", APICAL_SOURCE_DIR, name));
        const Program program = load_model(path).program;
        for (std::size_t i = 0; i < program.operations.size(); ++i) {
            if (!program.operations[i].asked_by.ends_with(fmt::format("({})", name))) continue;
            const std::string line = listing_line(program, i);
            const std::string operation = line.substr(0, line.find("  plasticity."));
            INFO(line);
            CHECK(page.find("\n" + operation.substr(0, operation.find_last_not_of(' ') + 1)) !=
                  std::string::npos);
        }
        for (const Statement& one : book.find(name)->text->equations) {
            INFO(one.text);
            CHECK(page.find(one.text) != std::string::npos);
        }
    }
}

TEST_CASE("a model of a rule is found by its name", "[rules][rule_models][shipped]") {
    const TemporaryFolder folder;
    for (const char* name : {"bcm", "bcm.toml", "rules/bcm"}) {
        const Outcome outcome = apical_in(folder, {"run", name, "--steps", "20", "-q", "--force"});
        INFO(outcome.err);
        CHECK(outcome.code == 0);
    }
}
