// The numbers that are on their way along an axon lie in a ring; whoever looks at all of them finds
// the newest first.
#include <vector>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string alone = R"(
format = 1
phase = [{ name = "step", ms = 10.0 }]
run = { steps = 1000, seed = 5 }
population.hidden = { size = 11, activation = "tanh", init = { normal = 1.0 } }
)";

std::string recurrent(const std::string& name, int delay) {
    return "synapses." + name +
           " = { from = \"hidden\", to = \"hidden.soma\", during = \"step\", " +
           "delay = " + std::to_string(delay) + ", init = { normal = 0.6 } }\n";
}

constexpr std::size_t cells = 11;

// The vector that lies `place` places behind the axon's newest one.
Vector lies_at(const SteppedModel& sim, const std::string& axon, std::size_t place) {
    const std::span<const double> line = sim.state.line(sim.find(axon));
    Vector found(cells);
    for (std::size_t i = 0; i < cells; ++i)
        found(Eigen::Index(i)) = line[place * padded(cells) + i];
    return found;
}

}  // namespace

TEST_CASE("an axon's line has the newest first however many steps went by", "[axon]") {
    SteppedModel looked(model_of_text(alone + recurrent("W", 5) + recurrent("V", 2))),
        unseen(model_of_text(alone + recurrent("W", 5) + recurrent("V", 2)));
    std::vector<Vector> fired;
    for (std::size_t t = 0; t < 40; ++t) {
        looked.step();
        unseen.step();
        fired.push_back(looked.vector("hidden.r"));
        REQUIRE(fired.back() == unseen.vector("hidden.r"));
        REQUIRE(fired.back().norm() > 0.01);
        const bool looks = t % 3 == 0 || t % 7 == 0;
        for (std::size_t place = 0; looks && place < 5 && place <= t; ++place) {
            INFO("step " << t + 1 << ", place " << place);
            CHECK(lies_at(looked, "axon(hidden.r, 5)", place) == fired[t - place]);
            if (place < 2) CHECK(lies_at(looked, "axon(hidden.r, 2)", place) == fired[t - place]);
        }
    }
    for (std::size_t place = 0; place < 5; ++place)
        CHECK(lies_at(unseen, "axon(hidden.r, 5)", place) == fired[39 - place]);
}

TEST_CASE("a copy of a state goes on with what is on its way wherever it was taken", "[axon]") {
    for (const std::int64_t taken : {1, 4, 6, 11}) {
        INFO("taken behind step " << taken);
        SteppedModel sim(model_of_text(alone + recurrent("W", 7)));
        sim.step(taken);
        const StateSnapshot copy = sim.state.snapshot();
        std::vector<Vector> went;
        for (int t = 0; t < 20; ++t) {
            sim.step();
            went.push_back(sim.vector("hidden.r"));
        }
        sim.state.restore(copy);
        for (const Vector& before : went) {
            sim.step();
            CHECK(sim.vector("hidden.r") == before);
        }
    }
}

// Each trial begins with axons that have nothing of the one before on them.
TEST_CASE("what a trial leaves on its way arrives in no later one", "[axon][trials]") {
    SteppedModel sim(
        model_of_text(alone + "trial = { steps = 9, reset = \"init\" }\n" + recurrent("W", 7)));
    std::vector<Vector> first;
    for (int t = 0; t < 36; ++t) {
        sim.step();
        if (t < 9) first.push_back(sim.vector("hidden.r"));
        CHECK(sim.vector("hidden.r") == first[std::size_t(t % 9)]);
    }
    CHECK(first[0] != first[8]);
}
