// Numbers that a rule or a cell draws anew in each step.
#include <cmath>

#include "sim/audit/audit.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/learning_rules/shown_inputs.hpp"
#include "tests/sim/audit/text_cheats.hpp"

using namespace apical;

namespace {

// Many linear cells that W drives; it learns by what the rule draws.
std::string many_cells(const std::string& rule, const std::string& more = "") {
    return "phase = [{ name = \"forward\", ms = 10.0 }]\n"
           "population.cell = { size = 200, activation = \"linear\" }\n"
           "synapses.W = { from = \"input\", to = \"cell.soma\", during = \"forward\", init = { "
           "constant = 0.0 } }\n"
           "rule.mine = { " +
           rule + " }\nplasticity.learning = { rule = \"mine\", synapses = [\"W\"] }\n" + more;
}

struct MomentsOfDraws {
    double mean = 0.0, square = 0.0, fourth = 0.0;
};

// The moments of a slot's numbers in many steps.
MomentsOfDraws moments_of(SteppedModel& sim, const std::string& address, int steps) {
    MomentsOfDraws sums;
    int count = 0;
    for (int t = 0; t < steps; ++t) {
        sim.step();
        for (const double x : sim.vector(address)) {
            sums.mean += x;
            sums.square += x * x;
            sums.fourth += x * x * x * x;
            ++count;
        }
    }
    return {sums.mean / count, sums.square / count, sums.fourth / count};
}

const std::string adds_draws =
    "state = { xi = { at = \"post\", draw = \"normal\" } }, equations = "
    "\"w += xi * pre.r\"";

}  // namespace

TEST_CASE("a rule draws of the normal distribution in each cell and step", "[rules][draw]") {
    SteppedModel sim(shown(many_cells(adds_draws), row({1.0})));
    // 400,000 draws: five standard errors are 0.008 of the mean, 0.011 of the square, 0.08 of the
    // fourth power.
    const MomentsOfDraws found = moments_of(sim, "learning.xi", 2'000);
    CHECK(std::abs(found.mean) < 0.008);
    CHECK(std::abs(found.square - 1.0) < 0.011);
    CHECK(std::abs(found.fourth - 3.0) < 0.08);
}

TEST_CASE("a rule draws signs that are as often 1 as -1", "[rules][draw]") {
    SteppedModel sim(shown(many_cells("state = { xi = { at = \"post\", draw = \"sign\" } }, "
                                      "equations = \"w += xi * pre.r\""),
                           row({1.0})));
    const MomentsOfDraws found = moments_of(sim, "learning.xi", 500);
    CHECK(std::abs(found.mean) < 0.016);
    CHECK(found.square == 1.0);
}

TEST_CASE("a step has one draw for all statements and sets that read it", "[rules][draw]") {
    const std::string two_sets =
        "phase = [{ name = \"forward\", ms = 10.0 }]\n"
        "population.cell = { size = 4, activation = \"linear\" }\n"
        "synapses.W = { from = \"input\", to = \"cell.soma\", during = \"forward\", init = { "
        "constant = 0.0 } }\n"
        "synapses.V = { from = \"input\", to = \"cell.soma\", during = \"forward\", init = { "
        "constant = 0.0 } }\n"
        "rule.mine = { state = { xi = { at = \"post\", draw = \"normal\" }, eta = { at = \"pre\", "
        "draw = \"normal\" }, x = \"post\" }, equations = [\"x = 2 * xi\", \"w = xi + 10 * eta + 0 "
        "* w\"] }\n"
        "plasticity.learning = { rule = \"mine\", synapses = [\"W\", \"V\"] }\n";
    SteppedModel sim(shown(two_sets, row({1.0, 1.0})));
    const auto draws = std::ranges::count_if(
        sim.model.program.operations, [](const Operation& op) { return op.kind == Kind::noise; });
    CHECK(draws == 3);  // xi, and eta of each set
    for (int t = 0; t < 20; ++t) {
        sim.step();
        const Vector xi = sim.vector("learning.xi");
        for (const char* set : {"W", "V"}) {
            const Vector eta = sim.vector(fmt::format("learning.eta({})", set));
            const Matrix w = sim.matrix(set);
            for (Eigen::Index i = 0; i < xi.size(); ++i) {
                REQUIRE(sim.vector("learning.x")[i] == near(2.0 * xi[i]));
                for (Eigen::Index j = 0; j < eta.size(); ++j)
                    REQUIRE(w(i, j) == near(xi[i] + 10.0 * eta[j]));
            }
        }
        // Each set draws its own numbers of its presynaptic cells.
        REQUIRE(sim.vector("learning.eta(W)") != sim.vector("learning.eta(V)"));
    }
}

TEST_CASE("node perturbation by draws goes down the gradient by 3 s^4 e x^3",
          "[rules][draw][closed_form]") {
    constexpr double s = 0.5, e = 0.4, x = 0.6;
    const std::string rule =
        "state = { xi = { at = \"post\", draw = \"normal\" } }, equations = [\"noise = 0.5 * xi\", "
        "\"loss_of_cell = (0.4 + noise)^2 / 2\", \"w -= loss_of_cell * (pre.r * noise)^3\"]";
    SteppedModel sim(shown(many_cells(rule), row({x})));
    constexpr int steps = 10'000;
    sim.step(steps);
    const Matrix w = sim.matrix("W");
    double mean = 0.0, squares = 0.0;
    const auto cells = static_cast<double>(w.size());
    for (Eigen::Index i = 0; i < w.size(); ++i) mean += w(i) / steps / cells;
    for (Eigen::Index i = 0; i < w.size(); ++i) squares += std::pow(w(i) / steps - mean, 2);
    const double standard_error = std::sqrt(squares / (cells - 1.0) / cells);
    const double expected = -3.0 * std::pow(s, 4) * e * std::pow(x, 3);
    CHECK(expected == Approx(-0.0162));
    CHECK(standard_error < 1e-4);
    CHECK(std::abs(mean - expected) < 5.0 * standard_error);
}

TEST_CASE("cells fire with the noise that their equations draw", "[dynamics][draw]") {
    SteppedModel sim(
        shown("phase = [{ name = \"forward\", ms = 10.0 }]\n"
              "population.cell = { size = 6, activation = \"linear\" }\n"
              "synapses.W = { from = \"input\", to = \"cell.soma\", during = \"forward\", init = { "
              "constant = 2.0 } }\n"
              "dynamics.noise = { cells = \"cell\", state = { xi = { at = \"cell\", draw = "
              "\"normal\" } }, equations = \"soma.v += 0.25 * xi\" }\n",
              row({1.0})));
    Vector last = Vector::Zero(6);
    for (int t = 0; t < 50; ++t) {
        sim.step();
        const Vector xi = sim.vector("cell.xi");
        REQUIRE(xi != last);
        for (Eigen::Index i = 0; i < xi.size(); ++i)
            REQUIRE(sim.vector("cell.r")[i] == near(2.0 + 0.25 * xi[i]));
        last = xi;
    }
}

TEST_CASE("verify computes rules and cells from the draws of each step", "[verify][draw]") {
    const std::string cells =
        "dynamics.noise = { cells = \"hidden\", state = { xi = { at = \"cell\", draw = \"normal\" "
        "} "
        "}, equations = [\"soma.v += 0.1 * xi\"] }\n"
        "rule.mine = { state = { xi = { at = \"post\", draw = \"sign\" }, eta = { at = \"pre\", "
        "draw = \"normal\" }, t = \"synapse\" }, equations = [\"t = 0.9 * t + xi * eta\", \"w += "
        "0.01 * t * post.r + 0.001 * previous(xi) * pre.r\"] }\n"
        "plasticity.learning = { rule = \"mine\", synapses = [\"W_in\"] }\n"
        "population.hidden = { size = 5, activation = \"tanh\", alpha = 0.5 }\n";
    const Model model = small_model(cells + hidden_lines);
    const Differences found = verify_text_rules(model, 50, 1e-12);
    INFO((found.first() ? found.first()->symbol : ""));
    CHECK(found.first() == nullptr);
    Model wrong = small_model(cells + hidden_lines);
    for (Operation& op : wrong.program.operations) {
        if (op.kind == Kind::cellwise && op.asked_by == "dynamics.noise") op.gain *= 1.01;
    }
    CHECK(verify_text_rules(wrong, 50, 1e-12).first() != nullptr);
}

TEST_CASE("draws in each cell are its own noise and one for all is not", "[audit][draw]") {
    using namespace text_cheats;
    const auto rule = [](const std::string& at) {
        return MadeUpRule{.equations = "w += 0.001 * xi * tanh(pre.r)",
                          .state = "xi = { at = \"" + at + "\", draw = \"sign\" }"};
    };
    is_fair(rule("post"));
    is_fair(rule("pre"));
    is_found(rule("all"), Criterion::independent_noise, "one draw for all cells");
}

TEST_CASE("a declaration of what is drawn is told where it is wrong", "[rules][draw]") {
    const auto refused = [](const std::string& state, const std::string& equations) {
        return refusal_of(
            many_cells("state = { " + state + " }, equations = \"" + equations + "\""));
    };
    CHECK_THAT(refused("xi = { at = \"synapse\", draw = \"normal\" }", "w += xi"),
               Catch::Contains("\"xi\" is a number at each synapse, where nothing is drawn; "
                               "expected numbers that are drawn at \"post\", \"pre\" or \"all\""));
    CHECK_THAT(refused("xi = { at = \"pairs\", of = \"pre\", draw = \"normal\" }", "w += pre.r"),
               Catch::Contains("where nothing is drawn"));
    CHECK_THAT(refused("xi = { at = \"post\", draw = \"normal\", init = { constant = 1.0 } }",
                       "w += xi * pre.r"),
               Catch::Contains("\"xi\" is drawn anew in each step, and begins as nothing else"));
    CHECK_THAT(refused("xi = { at = \"post\", draw = \"normals\" }", "w += xi * pre.r"),
               Catch::Contains("Did you mean \"normal\"?"));
    CHECK_THAT(refused("xi = { at = \"post\", draw = \"normal\" }", "xi = 0.5 * xi"),
               Catch::Contains("draws \"xi\" in each step, and its equations change it"));
    CHECK_THAT(refused("xi = { at = \"post\", draw = \"normal\" }", "w += pre.r"),
               Catch::Contains("has the state \"xi\", which its equations neither read nor"));
}
