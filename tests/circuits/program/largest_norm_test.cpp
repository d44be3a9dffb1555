// Changes that are scaled to a largest norm, and what the audit says of that and of schedules.
#include "sim/audit/audit.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string lines = hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
rule.traced = { parameters = { rate = 1e-2 }, state = { e = "synapse" }, equations = ["e = 0.8 * e + post.r * pre.r", "w += rate * e"] }
plasticity.recurrent.rule = "traced"
plasticity.recurrent.synapses = ["W_rec", "W_in"]
)";

std::string optimiser(const std::string& keys) {
    return "plasticity.recurrent.optimiser = { " + keys + " }\n";
}

}  // namespace

// g of both sets is one vector, whose length counts.
TEST_CASE("changes are scaled to the largest norm over all sets of their rule", "[optimiser]") {
    const auto [norm, is_momentum] =
        GENERATE(table<double, bool>({{0.3, false}, {0.3, true}, {1e6, false}}));
    const std::string keys = "largest_norm = " + std::to_string(norm) +
                             (is_momentum ? ", kind = \"momentum\", keep = 0.7" : "");
    SteppedModel sim(small_model(lines + optimiser(keys)));
    Matrix W = sim.matrix("W_rec"), V = sim.matrix("W_in"), m = 0.0 * W, n = 0.0 * V;
    bool is_scaled = false, is_left = false;
    for (int step = 0; step < 30; ++step) {
        sim.step();
        const Matrix g = sim.matrix("e(W_rec)"), h = sim.matrix("e(W_in)");
        const double length = std::sqrt(g.squaredNorm() + h.squaredNorm());
        const double share = length > norm ? norm / length : 1.0;
        (length > norm ? is_scaled : is_left) = true;
        const double keep = is_momentum ? 0.7 : 0.0;
        m = keep * m + share * g;
        n = keep * n + share * h;
        W += 1e-2 * m;
        V += 1e-2 * n;
        REQUIRE(distance(sim.matrix("W_rec"), W) < 1e-14);
        REQUIRE(distance(sim.matrix("W_in"), V) < 1e-14);
    }
    CHECK((norm < 1.0 ? is_scaled : is_left));
}

TEST_CASE("synapses that do not exist are no part of a norm", "[optimiser]") {
    std::string with = lines;
    const std::string init = "delay = 1, init = { normal = 0.5 }";
    with.replace(with.find(init), init.size(),
                 "delay = 1, init = { normal = 0.5 }, connect = { self = false }");
    SteppedModel sim(small_model(with + optimiser("largest_norm = 1e-3")));
    for (int step = 0; step < 10; ++step) {
        const Matrix W = sim.matrix("W_rec"), V = sim.matrix("W_in");
        sim.step();
        const double length = std::sqrt((sim.matrix("W_rec") - W).squaredNorm() +
                                        (sim.matrix("W_in") - V).squaredNorm());
        REQUIRE(std::abs(length - 1e-5) < 1e-15);
        REQUIRE(sim.matrix("W_rec").diagonal().cwiseAbs().maxCoeff() == 0.0);
    }
}

TEST_CASE("a trial's mean change is scaled to the largest norm", "[optimiser][apply]") {
    SteppedModel sim(small_model(lines + optimiser("largest_norm = 0.05") +
                                 "trial = { steps = 4, reset = \"keep\", traces = \"keep\" }\n"
                                 "plasticity.recurrent.apply = \"trial\"\n"
                                 "plasticity.recurrent.average = true\n"));
    Matrix sum = Matrix::Zero(5, 5), of_input = 0.0 * sim.matrix("W_in");
    const Matrix start = sim.matrix("W_rec");
    for (int step = 0; step < 4; ++step) {
        sim.step();
        sum += sim.matrix("e(W_rec)");
        of_input += sim.matrix("e(W_in)");
    }
    const double length = std::sqrt(sum.squaredNorm() + of_input.squaredNorm()) / 4.0;
    REQUIRE(length > 0.05);
    const Matrix expected = start + 1e-2 * 0.05 / length * sum / 4.0;
    CHECK(distance(sim.matrix("W_rec"), expected) < 1e-14);
}

TEST_CASE("a largest norm and a cosine are performed by passes as by single operations",
          "[optimiser][fuse]") {
    const std::string keys = optimiser("largest_norm = 0.3, kind = \"adam\"") +
                             "plasticity.recurrent.schedule = { to = 0.2, over = 12, shape = "
                             "\"cosine\" }\n";
    SteppedModel plain(small_model(lines + keys));
    same_by_passes(small_model(lines + keys), plain, 30, 10);
}

TEST_CASE("a norm over all synapses is known to none of them and fails the audit",
          "[optimiser][audit]") {
    const Audit plain = audit(small_model(lines + optimiser("kind = \"momentum\"")));
    const Audit scaled = audit(small_model(lines + optimiser("largest_norm = 0.1")));
    const auto sums_up = [](const Audit& found) {
        return std::ranges::any_of(found.findings, [](const Finding& one) {
            return one.subject.find("recurrent.squares") != std::string::npos &&
                   one.criterion == Criterion::local_plasticity;
        });
    };
    CHECK_FALSE(sums_up(plain));
    CHECK(sums_up(scaled));
}

// A count that only grows is not below what it begins with, and so factors are from 0 to 1.
TEST_CASE("a schedule that lets the rate fall is known to have a bound", "[optimiser][audit]") {
    const auto meets = [](const std::string& keys) {
        return audit(small_model(lines + "plasticity.recurrent.schedule = { " + keys + " }\n"))
            .meets("ii");
    };
    CHECK(meets("half_every = 100"));
    CHECK(meets("to = 0.1, over = 100"));
    CHECK(meets("to = 0.1, over = 100, shape = \"cosine\""));
    CHECK(meets("falls = [10, 20], warmup = 5"));
}
