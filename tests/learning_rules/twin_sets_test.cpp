// Two sets in opposite directions that receive the same changes.
#include "sim/audit/audit.hpp"
#include "sim/audit/influence.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

Model twins_taught_by(const std::vector<std::string>& overrides) {
    std::vector<std::string> all = {"population.hidden.size=5", "task.inputs=4", "run.steps=60"};
    all.insert(all.end(), overrides.begin(), overrides.end());
    return load_model(path_of_shipped("rules/kolen_pollack"), all);
}

}  // namespace

TEST_CASE("the difference of twin sets decays by 1 - decay a step, whatever they learn",
          "[rules][closed_form]") {
    SteppedModel sim(
        load_model(path_of_shipped("rules/kolen_pollack"),
                   {"plasticity.readout.decay=0.01", "plasticity.feedback.decay=0.01"}));
    const auto difference = [&]() -> Matrix {
        return sim.matrix("W_out") - sim.matrix("B").transpose();
    };
    const Matrix W_first = sim.matrix("W_out"), first = difference();
    REQUIRE(first.norm() > 1.0);
    for (int t = 1; t <= 300; ++t) {
        sim.step();
        REQUIRE(distance(difference(), Matrix(std::pow(0.99, t) * first)) <= form_tolerance);
    }
    // The sets learn meanwhile: strengths do not decay alone.
    CHECK((sim.matrix("W_out") - std::pow(0.99, 300) * W_first).norm() > 0.1);
}

TEST_CASE("twin sets without a decay stay as far apart as they began", "[rules][closed_form]") {
    SteppedModel sim(load_model(path_of_shipped("rules/kolen_pollack"),
                                {"plasticity.readout.decay=0.0", "plasticity.feedback.decay=0.0"}));
    const Matrix first = sim.matrix("W_out") - sim.matrix("B").transpose();
    sim.step(300);
    const Matrix last = sim.matrix("W_out") - sim.matrix("B").transpose();
    CHECK(distance(last, first) <= form_tolerance);
}

TEST_CASE("a twin set may learn with a presynaptic number that is no rate, which is told",
          "[rules][audit]") {
    const char* held =
        "dynamics.teach={ cells = \"error\", during = \"update\", when = \"after firing\", state = "
        "{ held = \"cell\" }, equations = \"held = 0.5 * r\" }";
    const std::vector<std::vector<std::string>> signals = {
        {"plasticity.feedback.error=\"error.soma\""},
        {"plasticity.feedback.error=\"error.held\"", held}};
    for (const std::vector<std::string>& overrides : signals) {
        INFO(overrides.front());
        const Model model = twins_taught_by(overrides);
        const Audit found = audit(model);
        CHECK(found.passes());
        CHECK(std::count_if(found.beyond.begin(), found.beyond.end(), [](const Finding& one) {
                  return one.criterion == Criterion::presynaptic_variable;
              }) == 1);
        CHECK(measure_influence(model).foreign.empty());
        CHECK(verify_text_rules(model, 50, 1e-12).hold());
    }
    const Audit rates = audit(twins_taught_by({}));
    CHECK(std::none_of(rates.beyond.begin(), rates.beyond.end(), [](const Finding& one) {
        return one.criterion == Criterion::presynaptic_variable;
    }));
}

TEST_CASE("a signal of other cells than a twin set comes from is rejected", "[rules]") {
    CHECK_THROWS_WITH(
        twins_taught_by({"plasticity.feedback.error=\"hidden.r\""}),
        Catch::Contains("\"B\" comes from \"error\", \"hidden.r\" is one of \"hidden\""));
}
