// Dale's law and bounds of strengths: one projection behind the last change of a phase.
#include <cmath>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// An excitatory and an inhibitory population, both driven by the input and by each other.
const std::string ei_cells = R"(
population.exc = { size = 4, activation = "rectified", sign = "excitatory" }
population.inh = { size = 3, activation = "rectified", sign = "inhibitory" }
synapses.W_ex = { from = "input", to = "exc.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_ie = { from = "exc", to = "inh.soma", during = "forward", init = { constant = 0.1 } }
synapses.W_ei = { from = "inh", to = "exc.soma", during = "forward", delay = 1, init = { constant = -0.1 } }
synapses.W_out = { from = "exc", to = "output.soma", during = "forward", init = { constant = 0.2 } }
)";

// w += rate * post.r * pre.r of these sets, in this phase.
std::string learning(const std::string& sets, const std::string& more) {
    return "rule.mine = { parameters = { rate = 0.1 }, equations = \"w += rate * post.r * pre.r\" }"
           "\nplasticity.learning = { rule = \"mine\", synapses = [" +
           sets + "], " + more + " }\n";
}

std::vector<std::string> projections(const Model& model) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < model.program.operations.size(); ++i) {
        if (model.program.operations[i].asker != Asker::bounds) continue;
        const std::string line = listing_line(model.program, i);
        const std::size_t begin = line.find("synaptic"), end = line.find("  synapses.");
        REQUIRE(begin != std::string::npos);
        REQUIRE(end != std::string::npos);
        std::string text = line.substr(begin, end - begin);
        text.erase(text.find_last_not_of(' ') + 1);
        all.push_back(text);
    }
    return all;
}

}  // namespace

TEST_CASE("every changed set of a population with a sign is projected once", "[bounds][dale]") {
    const Model model = small_model(ei_cells + learning(R"("W_ie", "W_ei", "W_ex")", "rate = 0.1"));
    const std::vector<std::string> all = projections(model);
    REQUIRE(all.size() == 2);  // W_ex comes from cells without a sign, nothing changes W_out
    CHECK_THAT(all[0], Catch::EndsWith("W_ie = max(W_ie, 0)"));
    CHECK_THAT(all[1], Catch::EndsWith("W_ei = min(W_ei, 0)"));
}

TEST_CASE("bounds and sign together leave what both allow", "[bounds][dale]") {
    const std::string set =
        "synapses.more = { from = \"exc\", to = \"inh.soma\", during = \"forward\", delay = 1, "
        "init = { constant = 0.1 }, bounds = [-1.0, 0.5] }\n";
    const Model model = small_model(ei_cells + set + learning(R"("more")", "rate = 0.1"));
    const std::vector<std::string> all = projections(model);
    REQUIRE(all.size() == 1);
    CHECK_THAT(all[0], Catch::EndsWith("more = clip(more, 0, 0.5)"));
    const SynapseSetId more = model.circuit.find_synapses("more");
    CHECK(model.circuit.strength_range(more).low == 0.0);
    CHECK(model.circuit.strength_range(more).high == 0.5);
}

TEST_CASE("a projection stands behind the last change of its phase, as often as that comes",
          "[bounds]") {
    const std::string rules =
        learning(R"("W_ie")", "rate = 0.1, during = \"forward\"") +
        "rule.other = { equations = \"w += 0.01 * post.r\" }\n"
        "plasticity.again = { rule = \"other\", synapses = [\"W_ie\"], during = \"forward\" }\n"
        "plasticity.late = { rule = \"other\", synapses = [\"W_ie\"], during = \"update\" }\n";
    const Model model = small_model(ei_cells + rules);
    const SlotId strength = model.program.find("W_ie");
    std::vector<std::pair<PhaseId, bool>> writers;  // whether it is the projection
    for (const Operation& op : model.program.operations) {
        if (op.operands[0].slot == strength)
            writers.emplace_back(op.phase, op.asker == Asker::bounds);
    }
    const PhaseId forward(0), update(1);
    CHECK(
        writers ==
        std::vector<std::pair<PhaseId, bool>>{
            {forward, false}, {forward, false}, {forward, true}, {update, false}, {update, true}});
}

TEST_CASE("strengths are the nearest within their bounds after each change", "[bounds]") {
    const std::string set =
        "synapses.V = { from = \"input\", to = \"exc.soma\", during = \"update\", init = { uniform "
        "= [0.0, 0.3] }, bounds = [0.0, 0.3] }\n";
    SteppedModel stepped(
        small_model(ei_cells + set +
                    "rule.mine = { equations = \"w += post.r * pre.r - 0.2\" }\n"
                    "plasticity.learning = { rule = \"mine\", synapses = [\"V\"] }\n"));
    bool at_low = false, at_high = false;
    for (int t = 0; t < 20; ++t) {
        const Matrix before = stepped.matrix("V");
        stepped.step();
        const Matrix change =
            (stepped.vector("exc.r") * stepped.vector("input.r").transpose()).array() - 0.2;
        const Matrix expected = (before + change).cwiseMax(0.0).cwiseMin(0.3);
        CHECK(distance(stepped.matrix("V"), expected) <= 1e-15);
        at_low = at_low || expected.minCoeff() == 0.0;
        at_high = at_high || expected.maxCoeff() == 0.3;
    }
    CHECK(at_low);
    CHECK(at_high);
}

TEST_CASE("a strength on its side of the bound 0 is 0 and never -0", "[bounds][dale]") {
    // The first change of W_ie makes -0.1 + 0.1 of it, or less; that of W_ei the opposite.
    const std::string rules =
        "rule.down = { equations = \"w += -0.1 - post.r\" }\n"
        "rule.up = { equations = \"w += 0.1 + post.r\" }\n"
        "plasticity.less = { rule = \"down\", synapses = [\"W_ie\"] }\n"
        "plasticity.more = { rule = \"up\", synapses = [\"W_ei\"] }\n";
    SteppedModel stepped(small_model(ei_cells + rules));
    stepped.write("W_ie", Matrix::Constant(3, 4, -0.0));
    stepped.write("W_ei", Matrix::Constant(4, 3, -0.0));
    for (int t = 0; t < 5; ++t) {
        stepped.step();
        for (const char* name : {"W_ie", "W_ei"}) {
            const Matrix numbers = stepped.matrix(name);
            CHECK(numbers.cwiseAbs().maxCoeff() == 0.0);
            for (Eigen::Index k = 0; k < numbers.size(); ++k)
                CHECK_FALSE(std::signbit(numbers.data()[k]));
        }
    }
}

TEST_CASE("what nothing changes is not projected", "[bounds][dale]") {
    CHECK(projections(small_model(ei_cells)).empty());
}
