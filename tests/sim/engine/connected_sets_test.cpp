// Sets of which some synapses are missing, in circuits that run and learn.
#include <cmath>

#include "sim/runs/simulation.hpp"
#include "sim/verify/text_rules.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// E and I cells of in-degrees 8 and 4 whose rates are driven by constants.
const std::string mean_field = R"(
population.exc = { size = 32, activation = "rectified", alpha = 0.5, sign = "excitatory" }
population.inh = { size = 16, activation = "rectified", alpha = 0.5, sign = "inhibitory" }
synapses.W_ee = { from = "exc", to = "exc.soma", during = "forward", delay = 1, init = { constant = 0.1 }, connect = { in_degree = 8, self = false } }
synapses.W_ei = { from = "inh", to = "exc.soma", during = "forward", delay = 1, init = { constant = -0.3 }, connect = { in_degree = 4 } }
synapses.W_ie = { from = "exc", to = "inh.soma", during = "forward", delay = 1, init = { constant = 0.125 }, connect = { in_degree = 8 } }
synapses.W_ii = { from = "inh", to = "inh.soma", during = "forward", delay = 1, init = { constant = -0.15 }, connect = { in_degree = 4, self = false } }
synapses.to_exc = { from = "one", to = "exc.soma", during = "forward", init = { constant = 1.0 } }
synapses.to_inh = { from = "one", to = "inh.soma", during = "forward", init = { constant = 0.2 } }
synapses.W_out = { from = "exc", to = "output.soma", during = "forward", init = { constant = 0.1 } }
)";

const std::vector<std::string> sparse_overrides = {
    "population.hidden.size=9", "synapses.W_rec.init={ normal = 0.4 }",
    "synapses.W_rec.connect={ probability = 0.3, self = false }"};

Model sparse(const std::string& name) {
    return load_model(path_of_shipped(name), sparse_overrides);
}

}  // namespace

TEST_CASE("E and I cells of exact in-degrees settle at the fixed point of their mean field",
          "[connect][dale]") {
    // E = 0.8 E - 1.2 I + 1 and I = E - 0.6 I + 0.2: E = 17/19, I = 13/19, in every cell.
    SteppedModel stepped(small_model(mean_field));
    stepped.step(400);
    for (Eigen::Index k = 0; k < 32; ++k)
        CHECK(std::abs(stepped.vector("exc.r")(k) - 17.0 / 19.0) <= 1e-13);
    for (Eigen::Index k = 0; k < 16; ++k)
        CHECK(std::abs(stepped.vector("inh.r")(k) - 13.0 / 19.0) <= 1e-13);
}

TEST_CASE("where no synapse is the strength is 0, whichever rule changes the set", "[connect]") {
    int changed = 0;
    for (const char* name : {"rtrl", "bptt", "bptt_window", "uoro", "kf_rtrl", "r_kf", "kernl",
                             "rflo", "dni", "dni_b"}) {
        INFO(name);
        SteppedModel stepped(sparse(name));
        const Matrix places = stepped.matrix("connected(W_rec)"), first = stepped.matrix("W_rec");
        CHECK(places.diagonal().sum() == 0.0);
        CHECK(places.sum() > 0.0);
        CHECK(places.sum() < 72.0);
        stepped.step(40);
        const Matrix last = stepped.matrix("W_rec");
        CHECK(places == stepped.matrix("connected(W_rec)"));
        for (Eigen::Index i = 0; i < 9; ++i) {
            for (Eigen::Index j = 0; j < 9; ++j) {
                if (places(i, j) != 0.0) {
                    changed += last(i, j) != first(i, j);
                    continue;
                }
                CHECK(first(i, j) == 0.0);
                CHECK(last(i, j) == 0.0);
                CHECK_FALSE(std::signbit(last(i, j)));
            }
        }
    }
    CHECK(changed > 100);
}

TEST_CASE("strengths are those of the dense set at the same place", "[connect]") {
    SteppedModel dense(
        load_model(path_of_shipped("rflo"),
                   {"population.hidden.size=9", "synapses.W_rec.init={ normal = 0.4 }"}));
    SteppedModel some(sparse("rflo"));
    const Matrix expected = dense.matrix("W_rec").cwiseProduct(some.matrix("connected(W_rec)"));
    CHECK(some.matrix("W_rec") == expected);
}

TEST_CASE("a set that connect leaves nothing out of learns as one without connect", "[connect]") {
    const std::vector<std::string> size = {"population.hidden.size=9",
                                           "synapses.W_rec.init={ normal = 0.4 }"};
    SteppedModel all(load_model(path_of_shipped("rflo"), size));
    std::vector<std::string> overrides = size;
    overrides.push_back("synapses.W_rec.connect={ probability = 1.0 }");
    SteppedModel whole(load_model(path_of_shipped("rflo"), overrides));
    all.step(100);
    whole.step(100);
    CHECK(all.matrix("W_rec") == whole.matrix("W_rec"));
    CHECK(all.matrix("W_out") == whole.matrix("W_out"));
}

TEST_CASE("a circuit that lacks synapses is its algorithm's equations without them",
          "[connect][verify]") {
    for (const char* name : {"rtrl", "bptt", "uoro", "kernl", "rflo", "dni", "dni_b"}) {
        INFO(name);
        const Verification found = verify(sparse(name), 30);
        CHECK(found.declared.hold());
        CHECK(found.declared.largest() > 0.0);
    }
    const std::vector<std::pair<std::string, std::string>> of_rules = {
        {"rules/oja", "probability = 0.4"},
        {"rules/bcm", "in_degree = 1"},
        {"rules/metaplasticity", "probability = 0.4"}};
    for (const auto& [name, connect] : of_rules) {
        INFO(name);
        const Model model = load_model(path_of_shipped(name), {});
        REQUIRE_FALSE(model.rules.empty());
        const std::string set = model.circuit[model.rules.front().synapses.front()].name;
        const Model lacking =
            load_model(path_of_shipped(name), {"synapses." + set + ".connect={ " + connect + " }"});
        CHECK(verify_text_rules(lacking, 30, 1e-12).hold());
    }
}

TEST_CASE("the plan of a run leaves synapses out as the operations do", "[connect]") {
    const Model model = sparse("rflo");
    SteppedModel plain(sparse("rflo"));
    Simulation run(model);
    plain.step(50);
    REQUIRE(run.step(50) == 50);
    const std::vector<double> found = run.read("W_rec");
    const Matrix expected = plain.matrix("W_rec"), places = plain.matrix("connected(W_rec)");
    for (std::size_t k = 0; k < found.size(); ++k) {
        CHECK(std::abs(found[k] - expected.data()[k]) <= 1e-12);
        if (places.data()[k] == 0.0) CHECK(found[k] == 0.0);
    }
}

TEST_CASE("a saved run goes on without the synapses that it lacks", "[connect]") {
    const Model model = sparse("rflo");
    Simulation whole(model), first(model), second(model);
    whole.step(40);
    first.step(17);
    second.restore(first.save());
    second.step(23);
    CHECK(second.read("W_rec") == whole.read("W_rec"));
    CHECK(second.read("connected(W_rec)") == whole.read("connected(W_rec)"));
}

TEST_CASE("missing synapses are no finding of the audit, and a mask that learns is",
          "[connect][audit]") {
    const Audit found = audit(sparse("rflo"));
    CHECK(found.passes());
    Model learned = sparse("rflo");
    const SlotId places = learned.program.find("connected(W_rec)");
    for (Operation& op : learned.program.operations) {  // by hand
        if (learned.program[op.operands[0].slot].name == "eligibility(W_rec)")
            op.operands[0].slot = places;
    }
    CHECK_FALSE(audit(learned).passes());
}

TEST_CASE("where no synapse is no bound asks for a strength", "[connect][bounds]") {
    const auto begins = [](const std::string& init) {
        const Model model = small_model(
            "population.hidden = { size = 5 }\n"
            "synapses.W_in = { from = \"input\", to = \"hidden.soma\", during = \"forward\", init "
            "= { constant = " +
            init +
            " }, bounds = [0.5, 2.0], connect = { in_degree = 2 } }\n"
            "synapses.W_out = { from = \"hidden\", to = \"output.soma\", during = \"forward\", "
            "init = { normal = 1.0 } }\n"
            "plasticity.learning = { rule = \"hebb_decay\", synapses = [\"W_in\"], rate = 0.01, "
            "decay = 0.001 }\n");
        const std::optional<Error> error = error_of([&] { const Simulation begun(model); });
        return error ? std::string(error->what()) : std::string();
    };
    CHECK(begins("1.0").empty());
    CHECK_THAT(begins("3.0"), Catch::Contains("10 of 10 strengths of \"W_in\" begin below 0.5 or "
                                              "above 2"));
}
