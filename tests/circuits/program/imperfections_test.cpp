// What holds lose, gains of uses, and strengths that change unequally or stand on few levels.
#include "circuits/program/imperfections.hpp"

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Model imperfect(const std::vector<std::string>& overrides) {
    return load_model(std::string(APICAL_SOURCE_DIR) + "/models/dni_b.toml", overrides);
}

std::string refused_imperfection(const std::vector<std::string>& overrides) {
    try {
        imperfect(overrides);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a hold keeps of last step's value what it does not lose", "[imperfections]") {
    SteppedModel sim(imperfect({"hold.\"previous(hidden.apical)\".loses=0.1"}));
    for (int t = 0; t < 5; ++t) {
        sim.step();
        const auto now = sim.vector("hidden.apical.v"),
                   last = sim.vector("previous(hidden.apical.v)");
        CHECK(now.cwiseAbs().maxCoeff() > 0.1);
        CHECK((last - 0.9 * now).cwiseAbs().maxCoeff() < 1e-15);
    }
}

TEST_CASE("unequal changes are what a rule asks for times a fixed factor", "[imperfections]") {
    SteppedModel sim(imperfect({"synapses.W_rec.heterogeneity=0.3"}));
    const Matrix factor = sim.matrix("rate_factor(W_rec)");
    const auto logarithm = factor.array().log();
    const double mean = logarithm.mean();
    CHECK(std::abs(mean) < 0.03);
    CHECK(std::abs(std::sqrt((logarithm - mean).square().mean()) - 0.3) < 0.03);
    for (int t = 0; t < 3; ++t) {
        const Matrix before = sim.matrix("W_rec");
        sim.step();
        const Matrix expected = before + factor.cwiseProduct(sim.matrix("asked_change(W_rec)"));
        CHECK((sim.matrix("W_rec") - expected).cwiseAbs().maxCoeff() < 1e-15);
        CHECK(sim.matrix("asked_change(W_rec)").cwiseAbs().maxCoeff() > 0.0);
    }
    CHECK(sim.matrix("rate_factor(W_rec)") == factor);
}

TEST_CASE("strengths of few bits stand on their levels", "[imperfections]") {
    const double level = 4.0 / 256.0;
    for (const std::string rounding : {"nearest", "stochastic"}) {
        INFO(rounding);
        SteppedModel coarse(
            imperfect({"synapses.W_rec.bits=8", "synapses.W_rec.rounding=" + rounding}));
        const Matrix begun = coarse.matrix("W_rec");
        coarse.step();
        const Matrix whole = coarse.matrix("W_rec") / level;
        CHECK((whole.array() - whole.array().round()).abs().maxCoeff() == 0.0);
        // The first step changes a strength by far less than a level.
        const double most = rounding == "nearest" ? 0.51 : 1.01;
        CHECK((whole - begun / level).cwiseAbs().maxCoeff() < most);
    }
}

TEST_CASE("a gain of a use multiplies what it delivers", "[imperfections]") {
    SteppedModel plain(imperfect({})), strong(imperfect({"synapses.J.back.gain=1.5"}));
    plain.step();
    strong.step();
    const auto expected = (1.5 * plain.vector("hidden.bootstrap.v")).eval();
    CHECK((strong.vector("hidden.bootstrap.v") - expected).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("imperfections that a circuit cannot have are refused by name", "[imperfections]") {
    CHECK_THAT(refused_imperfection({"hold.\"hidden.spine\".loses=0.1"}),
               Catch::Contains("names \"hidden.spine\", which nothing holds; expected one of"));
    CHECK_THAT(refused_imperfection({"synapses.B_fb.heterogeneity=0.1"}),
               Catch::Contains("nothing changes it"));
    CHECK_THAT(refused_imperfection({"synapses.B_fb.bits=4"}),
               Catch::Contains("nothing changes it"));
    CHECK_THAT(refused_imperfection({"synapses.J.noise=0.1"}),
               Catch::Contains("is used against its direction"));
    CHECK_THAT(refused_imperfection({"synapses.W_rec.rounding=nearest"}),
               Catch::Contains("goes with \"bits\" alone"));
    CHECK_THAT(refused_imperfection({"synapses.W_in.gain=2.0"}),
               Catch::Contains("others drive \"hidden.soma\""));
}

TEST_CASE("sizes of 0 leave a program as it is", "[imperfections]") {
    CHECK(listing(imperfect({"synapses.W_rec.noise=0.0", "synapses.W_rec.heterogeneity=0.0",
                             "synapses.J.back.gain=1.0", "hold.\"previous(hidden.r)\".loses=0.0"})
                      .program) == listing(imperfect({}).program));
}
