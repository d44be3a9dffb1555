// The models of richer circuits, in models/circuits, are found, and pass the audit.
#include "sim/audit/audit.hpp"
#include "sim/model/shipped_models.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

TEST_CASE("a model of a richer circuit is found by its name, and passes the audit",
          "[circuits][shipped][audit]") {
    const std::vector<std::string> folders{std::string(APICAL_SOURCE_DIR) + "/models"};
    for (const std::string name :
         {"excitation_inhibition", "dni_b_disinhibition", "equilibrium_propagation"}) {
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
