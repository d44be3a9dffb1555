// The models of equations inside cells, in models/dynamics, are what their equations say.
#include "sim/audit/audit.hpp"
#include "sim/model/shipped_models.hpp"
#include "sim/verify/verify.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

Model short_term_plasticity() {
    return load_model(path_of_shipped("dynamics/short_term_plasticity"));
}

}  // namespace

TEST_CASE(
    "active inputs come to release 0.6 of the 5/11 that are left to them, silent ones to rest",
    "[dynamics][closed_form]") {
    SteppedModel sim(short_term_plasticity());
    Vector u = Vector::Constant(32, 0.2), x = Vector::Ones(32);
    for (int t = 0; t < 500; ++t) {  // the inputs of one task step
        sim.step();
        const Vector r = sim.vector("input.r");
        for (int j = 0; j < 32; ++j) {
            u[j] += step_ms * ((0.2 - u[j]) / 500.0 + 0.2 * (1.0 - u[j]) * 0.01 * r[j]);
            x[j] += step_ms * ((1.0 - x[j]) / 200.0 - u[j] * x[j] * 0.01 * r[j]);
        }
        REQUIRE(distance(sim.vector("input.u"), u) <= form_tolerance);
        REQUIRE(distance(sim.vector("input.x"), x) <= form_tolerance);
    }
    const Vector r = sim.vector("input.r");
    REQUIRE((r.minCoeff() == 0.0 && r.maxCoeff() == 1.0));
    for (int j = 0; j < 32; ++j) {
        const bool active = r[j] == 1.0;
        CHECK(u[j] == Approx(active ? 0.6 : 0.2).epsilon(0.0).margin(1e-6));
        CHECK(x[j] == Approx(active ? 5.0 / 11.0 : 1.0).epsilon(0.0).margin(1e-6));
    }
}

TEST_CASE("the model of short-term plasticity passes the audit, and is its text",
          "[dynamics][audit][verify]") {
    CHECK(audit(short_term_plasticity()).passes());
    const Verification found = verify(short_term_plasticity(), 1000, 1e-12);
    REQUIRE(found.texts);
    CHECK(found.texts->hold());
}

TEST_CASE("a model of equations inside cells is found by its name", "[dynamics][shipped]") {
    const std::vector<std::string> folders{std::string(APICAL_SOURCE_DIR) + "/models"};
    for (const char* name : {"short_term_plasticity", "dynamics/short_term_plasticity"}) {
        INFO(name);
        CHECK(
            find_model(name, folders).path.ends_with("models/dynamics/short_term_plasticity.toml"));
    }
}
