// The models of richer circuits, in models/circuits, are found, and pass the audit.
#include "sim/audit/audit.hpp"
#include "sim/model/shipped_models.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// Mean loss of the last 500 of 2500 steps.
double learned(const std::string& name, const std::vector<std::string>& overrides) {
    SteppedModel sim(load_model(path_of_shipped("circuits/" + name), overrides));
    sim.step(2000);
    double sum = 0.0;
    for (int t = 0; t < 500; ++t) {
        sim.step();
        sum += sim.vector("loss")[0];
    }
    return sum / 500;
}

}  // namespace

TEST_CASE("a model of a richer circuit is found by its name, and passes the audit",
          "[circuits][shipped][audit]") {
    const std::vector<std::string> folders{std::string(APICAL_SOURCE_DIR) + "/models"};
    for (const std::string name : {"excitation_inhibition", "dni_b_disinhibition", "dni_b_delayed",
                                   "settled_equilibrium_propagation"}) {
        INFO(name);
        CHECK(find_model(name, folders).path.ends_with("models/circuits/" + name + ".toml"));
        CHECK(audit(load_model(path_of_shipped("circuits/" + name))).passes());
    }
}

TEST_CASE("strengths of signed cells stay on their side while they learn", "[circuits][dale]") {
    SteppedModel sim(load_model(path_of_shipped("circuits/excitation_inhibition")));
    for (int t = 0; t < 2000; ++t) sim.step();
    for (const char* name : {"W_ee", "W_ie", "W_out"}) {
        INFO(name);
        CHECK(sim.matrix(name).minCoeff() >= 0.0);
        CHECK(sim.matrix(name).maxCoeff() > 0.0);
    }
    for (const char* name : {"W_ei", "W_ii"}) {
        INFO(name);
        CHECK(sim.matrix(name).maxCoeff() <= 0.0);
        CHECK(sim.matrix(name).minCoeff() < 0.0);
    }
}

TEST_CASE("circuits that need another cell's potential fail by it alone",
          "[circuits][shipped][audit]") {
    const std::vector<std::string> folders{std::string(APICAL_SOURCE_DIR) + "/models"};
    for (const std::string name : {"microcircuit", "predictive_coding"}) {
        INFO(name);
        CHECK(find_model(name, folders).path.ends_with("models/circuits/" + name + ".toml"));
        const Audit verdict = audit(load_model(path_of_shipped("circuits/" + name)));
        for (const std::string_view column : criterion_columns) {
            INFO(column);
            CHECK(verdict.meets(column) == (column != "iii"));
        }
    }
}

TEST_CASE("hidden cells learn by predictive coding", "[circuits][learning]") {
    const auto rates = [](const std::string& first, const std::string& second) {
        return std::vector{"plasticity.first.rate=" + first, "plasticity.second.rate=" + second};
    };
    const double both = learned("predictive_coding", {}),
                 readout = learned("predictive_coding", rates("0.0", "0.01")),
                 none = learned("predictive_coding", rates("0.0", "0.0"));
    CHECK(both < 0.8 * readout);
    CHECK(readout < 0.5 * none);
}

TEST_CASE("hidden cells learn from apical dendrites in the microcircuit",
          "[circuits][learning][coupling]") {
    const double all = learned("microcircuit", {}),
                 readout = learned("microcircuit", {"plasticity.hidden.rate_per_ms=0.0"}),
                 none = learned("microcircuit", {"plasticity.hidden.rate_per_ms=0.0",
                                                 "plasticity.out.rate_per_ms=0.0"});
    CHECK(all < 0.9 * readout);
    CHECK(readout < 0.5 * none);
}
