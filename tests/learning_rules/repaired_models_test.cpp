// The repaired circuit and the rungs that lead to it from DNI(b).
#include "sim/audit/audit.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Model repaired(const std::string& name) {
    return load_model(std::string(APICAL_SOURCE_DIR) + "/models/repaired/" + name + ".toml");
}

}  // namespace

TEST_CASE("the repaired circuit and its rungs pass the audit but for what their page names",
          "[repaired][shipped][audit]") {
    for (const std::string name : {"rung_1_one_way", "rung_2_discount", "rung_3_leaky_holds",
                                   "rung_4_error_baseline", "rung_6_conserved_sums", "r"}) {
        INFO(name);
        CHECK(audit(repaired(name)).passes());
    }
    CHECK_FALSE(audit(repaired("rung_5_update_baseline")).meets("iii"));
    CHECK_FALSE(audit(repaired("r_mimic")).meets("ii"));
}

// In the first step there is no mean of the step before, so that sums move from 0 by one change.
TEST_CASE("the sums that cells of the repaired circuit receive stay while it learns",
          "[repaired]") {
    SteppedModel sim(repaired("r"));
    sim.step();
    const Matrix begun = sim.matrix("W_rec"), A = sim.matrix("A_r"), out = sim.matrix("W_out");
    for (int t = 0; t < 500; ++t) sim.step();
    const auto moved = [&](const char* set, const Matrix& before) {
        return (sim.matrix(set) - before).rowwise().sum().cwiseAbs().maxCoeff();
    };
    CHECK((sim.matrix("W_rec") - begun).cwiseAbs().maxCoeff() > 1e-3);
    CHECK(moved("W_rec", begun) < 1e-10);
    CHECK(moved("A_r", A) < 1e-10);
    CHECK(moved("W_out", out) < 1e-10);
}
