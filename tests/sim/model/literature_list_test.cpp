// The second table of `apical list` against the models that are there, and what the audit says of
// them.
#include <set>

#include "sim/audit/audit.hpp"
#include "sim/model/literature.hpp"
#include "sim/model/shipped_models.hpp"
#include "sim/verify/gradient_check.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string path_of(const CircuitOfLiterature& one) {
    return path_of_shipped(fmt::format("literature/{}", one.name));
}

// Trials so short that 60 steps see what happens at their ends.
std::vector<std::string> short_trials_of(std::string_view name) {
    if (name == "eprop_lif") return {"trial.steps=25"};
    if (name == "eprop_alif") return {"task.scale=0.02"};
    if (name == "rflo_sine") return {"task.period=25", "trial.steps=25"};
    if (name != "reward_modulated_hebb") return {};
    return {"trial.steps=25", "plasticity.expectation.first_trial=0.0"};
}

std::string verdict_of(const Audit& audit) {
    std::vector<std::string> failing;
    for (const std::string_view column : criterion_columns)
        if (!audit.meets(column)) failing.emplace_back(column);
    return failing.empty() ? "passes" : fmt::format("fails {}", fmt::join(failing, ", "));
}

}  // namespace

TEST_CASE("every circuit of the literature is listed with its source, its task and a page",
          "[list][literature]") {
    std::set<std::string> models, names;
    for (const std::string& path : models_in({"models/literature"})) models.insert(path);
    const std::vector<std::string> folders{APICAL_SOURCE_DIR "/models"};
    for (const CircuitOfLiterature& one : circuits_of_literature()) {
        const std::string name(one.name), path = path_of(one);
        INFO(name);
        names.insert(path);
        CHECK(find_model(name, folders).path.ends_with("models/literature/" + name + ".toml"));
        const std::string text = content_of(path);
        CHECK_THAT(text, Catch::Contains(fmt::format("\nsource = \"{}\"\n", one.source)));
        const bool is_file = text.find("\nkind    = \"file\"\n") != std::string::npos;
        CHECK_THAT(text, Catch::Contains(is_file ? fmt::format("\npath    = \"{}.h5\"\n", one.task)
                                                 : fmt::format("\nkind = \"{}\"\n", one.task)));
        CHECK_THAT(content_of(APICAL_SOURCE_DIR "/docs/literature/README.md"),
                   Catch::Contains(fmt::format("`{}`", name)));
    }
    CHECK(names == models);
}

TEST_CASE("the verdict of every circuit of the literature is what the audit finds",
          "[list][literature][audit]") {
    for (const CircuitOfLiterature& one : circuits_of_literature()) {
        INFO(one.name);
        CHECK(verdict_of(audit(load_model(path_of(one)))) == one.verdict);
    }
}

TEST_CASE("every circuit of the literature is what its text says", "[literature][verify]") {
    for (const CircuitOfLiterature& one : circuits_of_literature()) {
        INFO(one.name);
        CHECK(verify(load_model(path_of(one), short_trials_of(one.name)), 60, 1e-12).hold());
    }
}

TEST_CASE("the gradient of every circuit of the literature with a loss is that of differences",
          "[literature][verify][adjoint]") {
    GradientCheckOptions options;
    options.entries = 2;
    for (const CircuitOfLiterature& one : circuits_of_literature()) {
        if (one.name == "urbanczik_senn") continue;  // nothing judges it
        INFO(one.name);
        const GradientCheck found =
            check_gradient(load_model(path_of(one), short_trials_of(one.name)), options);
        CHECK(found.hold());
        CHECK_FALSE(found.sets.empty());
    }
}

TEST_CASE("list has a line for every circuit of the literature", "[list][literature]") {
    const std::string both = apical_with({"list"}).out;
    for (const CircuitOfLiterature& one : circuits_of_literature()) {
        CHECK_THAT(both, Catch::Contains(fmt::format("\n{} ", one.name)));
        CHECK_THAT(both, Catch::Contains(std::string(one.source)));
    }
    CHECK(python("import json\nfor one in json.loads(argv[1])['literature']: "
                 "print(one['name'], one['verdict'])",
                 {apical_with({"list", "literature", "--json"}).out})
              .starts_with("dendritic_microcircuit fails iii\n"));
}
