// Dale's law and bounds of strengths: one projection behind the last change of a phase.
#include <cmath>

#include "tests/sim/engine/plan/draft_program.hpp"

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
    const Model model =
        small_model(ei_cells + learning(R"("W_ei", "W_ex")", "rate = 0.1") +
                    "plasticity.of_inh = { rule = \"mine\", synapses = [\"W_ie\"], rate = 0.1 }\n");
    const std::vector<std::string> all = projections(model);
    REQUIRE(all.size() == 2);  // W_ex comes from cells without a sign, nothing changes W_out
    CHECK_THAT(all[0], Catch::EndsWith("W_ei = min(W_ei, 0)"));
    CHECK_THAT(all[1], Catch::EndsWith("W_ie = max(W_ie, 0)"));
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

TEST_CASE("a projection stands behind the last change of its phase, as often as one comes",
          "[bounds]") {
    Draft d(model_of_text(audited_lines + R"(
population.hidden = { size = 5, activation = "rectified", sign = "excitatory" }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { constant = 0.1 } }
)"));
    const auto change = [&](const std::string& phase, int steps) {
        d.during(phase);
        d.every(steps);
        d.hebb(d.w("W_rec"), d.r("hidden"), d.previous(d.r("hidden")), 1.0, 0.1);
    };
    change("forward", 1);
    change("update", 4);
    change("forward", 3);
    change("update", 6);
    const Program program = std::move(d).finish();
    struct Writer {
        PhaseId phase;
        bool projects;
        int every;
        bool operator==(const Writer&) const = default;
    };
    std::vector<Writer> writers;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot == program.find("W_rec"))
            writers.push_back({op.phase, op.asker == Asker::bounds, op.every});
    }
    const PhaseId forward(0), update(1);
    CHECK(writers == std::vector<Writer>{{forward, false, 1},
                                         {forward, false, 3},
                                         {forward, true, 1},
                                         {update, false, 4},
                                         {update, false, 6},
                                         {update, true, 2}});
}

TEST_CASE("strengths are the nearest within their bounds after each change", "[bounds]") {
    const std::string set =
        "synapses.V = { from = \"input\", to = \"exc.soma\", during = \"update\", init = { uniform "
        "= [0.0, 0.3] }, bounds = [0.0, 0.3] }\n";
    SteppedModel stepped(
        small_model(ei_cells + set +
                    "rule.mine = { equations = \"w += 3 * post.r * pre.r - 0.2\" }\n"
                    "plasticity.learning = { rule = \"mine\", synapses = [\"V\"] }\n"));
    bool at_low = false, at_high = false;
    for (int t = 0; t < 20; ++t) {
        const Matrix before = stepped.matrix("V");
        stepped.step();
        const Matrix change =
            3.0 * (stepped.vector("exc.r") * stepped.vector("input.r").transpose()).array() - 0.2;
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

TEST_CASE("a set that lacks synapses is 0 there behind each change", "[bounds][connect]") {
    const auto projected = [](const std::string& keys) {
        const Model model = small_model(
            ei_cells +
            "synapses.more = { from = \"exc\", to = \"exc.soma\", during = \"forward\", delay = 1, "
            "init = { constant = 0.1 }, connect = { in_degree = 2 }" +
            keys + " }\n" + learning(R"("more")", "rate = 0.1"));
        const std::vector<std::string> all = projections(model);
        REQUIRE(all.size() == 1);
        return all[0];
    };
    CHECK_THAT(projected(""), Catch::EndsWith("more = select(connected(more), max(more, 0), 0)"));
    CHECK_THAT(projected(", bounds = [0.1, 0.5]"),
               Catch::EndsWith("more = select(connected(more), clip(more, 0.1, 0.5), 0)"));
}

TEST_CASE("what a rule keeps at synapses cannot have the name of their places", "[connect]") {
    const std::optional<Error> error = error_of([] {
        small_model(ei_cells +
                    "synapses.more = { from = \"exc\", to = \"exc.soma\", during = \"forward\", "
                    "delay = 1, init = { constant = 0.1 }, connect = { in_degree = 2 } }\n"
                    "rule.mine = { state = { connected = \"synapse\" }, equations = [\"connected = "
                    "0.5 * connected + pre.r\", \"w += 0.1 * connected\"] }\n"
                    "plasticity.learning = { rule = \"mine\", synapses = [\"more\"] }\n");
    });
    REQUIRE(error);
    CHECK_THAT(error->what(), Catch::Contains("expected another name in the rule"));
}

TEST_CASE("a copy among the changes takes over what was projected", "[bounds]") {
    const Model model = small_model(
        ei_cells +
        "synapses.T = { from = \"exc\", to = \"inh.soma\", during = \"update\", init = { copy = "
        "\"W_ie\" } }\n" +
        learning(R"("W_ie")", "rate = 0.1") +
        "plasticity.taken = { rule = \"copy\", synapses = [\"T\"], of = [\"W_ie\"], every = 1 }\n");
    std::vector<std::string> order;
    for (const Operation& op : model.program.operations) {
        const Slot& slot = model.program[op.operands[0].slot];
        if (slot.what == What::strength)
            order.push_back(slot.name + (op.asker == Asker::bounds ? " within" : ""));
    }
    CHECK(order == std::vector<std::string>{"W_ie", "W_ie within", "T", "T within"});
}
