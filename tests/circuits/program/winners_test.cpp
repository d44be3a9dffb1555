// At most so many cells of a population fire.
#include "sim/audit/audit.hpp"
#include "tests/learning_rules/shown_inputs.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"

using namespace apical;

namespace {

std::string driven(const std::string& cells) {
    return R"(
phase = [{ name = "step", ms = 1.0 }]
population.cell = { size = 6, )" +
           cells + R"( }
synapses.W = { from = "input", to = "cell.soma", during = "step", connect = { one_to_one = true }, init = { constant = 1.0 } }
)";
}

// x_i where it is one of the k largest that are not 0, the first of equal ones, else 0.
Vector largest(const Vector& x, int k, const Vector& by) {
    Vector left = Vector::Zero(x.size());
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        if (x[i] == 0.0) continue;
        int before = 0;
        for (Eigen::Index j = 0; j < x.size(); ++j)
            before += x[j] != 0.0 && (by[j] > by[i] || (by[j] == by[i] && j < i)) ? 1 : 0;
        if (before < k) left[i] = x[i];
    }
    return left;
}

}  // namespace

TEST_CASE("the cells with the largest rates fire, the first of equal ones", "[winners]") {
    Matrix x = drawn_rows(12, 6, "winners");
    x.row(3) << 1.0, 1.0, 2.0, 1.0, 0.0, 1.0;
    x.row(4) << 0.0, 0.0, 0.0, 0.0, 0.0, 0.0;
    x.row(5) << -1.0, -2.0, -3.0, 0.0, 4.0, -5.0;
    x.row(6) << 2.0, 2.0, 2.0, 2.0, 2.0, 2.0;
    for (const int k : {1, 2, 3, 6}) {
        SteppedModel sim(shown(driven(fmt::format("activation = \"linear\", winners = {}", k)), x));
        for (Eigen::Index t = 0; t < x.rows(); ++t) {
            sim.step();
            const Vector all = x.row(t).transpose();
            INFO(k << " winners, row " << t);
            CHECK(sim.vector("cell.r") == largest(all, k, all));
        }
    }
}

TEST_CASE("of many cells as many fire as win", "[winners]") {
    for (const int cells : {40, 257, 1000}) {
        const Matrix x = drawn_rows(3, cells, "winners");
        for (const int k : {1, 7, cells / 2, cells - 1}) {
            std::string text = driven(fmt::format("activation = \"linear\", winners = {}", k));
            text.replace(text.find("size = 6"), 8, fmt::format("size = {}", cells));
            SteppedModel sim(shown(text, x));
            for (Eigen::Index t = 0; t < x.rows(); ++t) {
                sim.step();
                const Vector all = x.row(t).transpose();
                CHECK(sim.vector("cell.r") == largest(all, k, all));
            }
        }
    }
}

TEST_CASE("of cells that would spike those with the highest voltage do; the others keep theirs",
          "[winners][spikes]") {
    const Matrix x = drawn_rows(60, 6, "spiking winners").cwiseAbs();
    SteppedModel sim(shown(driven("tau_ms = { soma = 10.0 }, impulse = [\"soma\"], winners = 2, "
                                  "spikes = { threshold = 1.0, reset = 0.0, refractory = 2 }"),
                           x));
    const double k = std::exp(-0.1);
    Vector v = Vector::Zero(6), wait = v;
    int full = 0, lost = 0;
    for (Eigen::Index t = 0; t < x.rows(); ++t) {
        v = k * v + x.row(t).transpose();
        wait = (wait.array() - 1.0).max(0.0);
        const Vector would = ((v.array() >= 1.0) && (wait.array() == 0.0)).cast<double>();
        const Vector z = largest(would, 2, v);
        full += z.sum() == 2.0;
        lost += would.sum() > 2.0;
        wait = (z.array() == 1.0).select(2.0, wait);
        v = (z.array() == 1.0).select(0.0, v);
        sim.step();
        REQUIRE(sim.vector("cell.r") == z);
        REQUIRE(distance(sim.vector("cell.soma.v"), v) < form_tolerance);
        REQUIRE(sim.vector("cell.wait") == wait);
    }
    CHECK(full > 10);
    CHECK(lost > 5);
}

TEST_CASE("a fused plan leaves the same winners as the operations that are listed", "[winners]") {
    const std::string text = driven("alpha = 0.5, winners = 2") + R"(
population.label.role = "label"
population.output.role = "output"
population.error = { role = "error", during = "step" }
synapses.V = { from = "cell", to = "output.soma", during = "step", init = { normal = 1.0 } }
plasticity.readout = { rule = "delta", synapses = ["V"], rate = 0.1 }
)";
    const Matrix x = drawn_rows(20, 6, "winners"), y = drawn_rows(20, 2, "labels");
    OptimisedModel fused(shown(text, x, y));
    SteppedModel listed(shown(text, x, y));
    for (int t = 0; t < 40; ++t) {
        fused.step();
        listed.step();
        const std::vector<double> rates = fused.numbers("cell.r");
        const Vector expected = listed.vector("cell.r");
        REQUIRE(Eigen::Map<const Vector>(rates.data(), 6) == expected);
        CHECK((expected.array() != 0.0).count() == 2);
    }
}

TEST_CASE("the audit names the rank among all cells, beyond the paper's criteria",
          "[winners][audit]") {
    for (const std::string cells :
         {"winners = 2", "winners = 2, spikes = { threshold = 1.0, reset = 0.0 }"}) {
        const Model model = shown(driven(cells), row({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}));
        const Audit found = audit(model);
        CHECK(found.findings.empty());
        const auto one = std::find_if(found.beyond.begin(), found.beyond.end(), [](auto& finding) {
            return finding.criterion == Criterion::winners;
        });
        REQUIRE(one != found.beyond.end());
        CHECK(one->subject == "cell.r");
        CHECK_THAT(one->because, Catch::Contains("a rank gathers over all of them"));
    }
}

TEST_CASE("winners that there cannot be are told at their place", "[winners]") {
    const std::string start =
        "format = 1\nsynapses = {}\nrun = { steps = 10, seed = 1 }\nphase = [{ name = \"step\", ms "
        "= 1.0 }]\n";
    rejects_text(start + "population.cell = { size = 4, winners = @5 }", {"5 winners of 4 cells"});
    rejects_text(start + "population.cell = { size = 4, winners = @0 }", {"winners", "1"});
    rejects_text(start + "population.one = { role = \"constant\", @winners = 1 }", {"winners"});
}
