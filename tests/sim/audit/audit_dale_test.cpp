// Dale's law, and projections of strengths onto constant bounds: what keeps criterion ii, what only
// looks like it, and what keeps a sign.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// min(max(w, low), high)
Formula clip_of_w(double low, double high) {
    return {{.node = Node::operand, .index = Index::synapse},
            {.node = Node::number, .number = low},
            {.node = Node::maximum, .a = 0, .b = 1},
            {.node = Node::number, .number = high},
            {.node = Node::minimum, .a = 2, .b = 3}};
}

const std::string signed_cells = R"(
population.hidden = { size = 5, activation = "rectified", alpha = 0.5, dendrites = ["feedback"], sign = "excitatory" }
population.inh = { size = 5, activation = "logistic", sign = "inhibitory" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { uniform = [0.0, 0.2] }, bounds = [0.0, 1.5] }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.W_ie = { from = "hidden", to = "inh.soma", during = "forward", init = { uniform = [0.0, 0.5] } }
synapses.W_ei = { from = "inh", to = "hidden.soma", during = "forward", delay = 1, init = { uniform = [-0.5, 0.0] } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in", "W_ei"], credit = "hidden.feedback", rate = 0.01 }
)";
const std::string positive_readout = "synapses.W_out.init={ uniform = [0.0, 0.5] }";

Model signed_model(const std::vector<std::string>& more = {}) {
    std::vector<std::string> overrides = {positive_readout};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return model_of_text(audited_lines + signed_cells, overrides);
}

// The sentence about Dale's law with this subject; "" when there is none.
std::string said_of(const Model& model, const std::string& subject) {
    for (const Finding& one : audit(model).beyond) {
        if (one.criterion == Criterion::dale && one.subject == subject) return one.because;
    }
    return "";
}

bool says_nothing(const Model& model) {
    const Audit found = audit(model);
    return std::none_of(found.beyond.begin(), found.beyond.end(),
                        [](const Finding& one) { return one.criterion == Criterion::dale; });
}

}  // namespace

TEST_CASE("a circuit whose cells keep their sign passes, and nothing is said of it",
          "[audit][innocent][dale]") {
    CHECK(says_nothing(signed_model()));
    Draft(signed_model()).is_innocent();
}

TEST_CASE("cells with a sign that fire negative rates are told", "[audit][dale]") {
    for (const char* activation : {"tanh", "linear"}) {
        const Model model =
            signed_model({fmt::format("population.hidden.activation={}", activation)});
        CHECK(said_of(model, "hidden.r") ==
              "\"hidden\" has a sign and fires negative rates, which turn it round");
        CHECK(said_of(model, "inh.r").empty());
    }
    CHECK_FALSE(
        said_of(signed_model({"population.hidden.init={ constant = -0.5 }"}), "hidden.r").empty());
}

TEST_CASE("a sign that no operation keeps is told, whatever the circuit says", "[audit][dale]") {
    Model model = signed_model();
    const SlotId W_ei = model.program.find("W_ei");
    std::erase_if(model.program.operations, [&](const Operation& op) {
        return op.operands[0].slot == W_ei && op.asker == Asker::bounds;
    });
    CHECK(said_of(model, "W_ei") == "nothing keeps \"W_ei\" <= 0, though \"inh\" is inhibitory");
    CHECK(said_of(model, "W_rec").empty());
    // Behind the last change, not before it.
    Model early = signed_model();
    const SlotId W_rec = early.program.find("W_rec");
    std::vector<Operation>& all = early.program.operations;
    const auto writes = [&](const Operation& op) { return op.operands[0].slot == W_rec; };
    const auto change = std::find_if(all.begin(), all.end(), writes);
    const auto projection = std::find_if(change + 1, all.end(), writes);
    REQUIRE(projection != all.end());
    std::iter_swap(change, projection);
    CHECK(said_of(early, "W_rec") ==
          "nothing keeps \"W_rec\" >= 0, though \"hidden\" is excitatory");
}

TEST_CASE("a projection that comes less often than the changes keeps no sign", "[audit][dale]") {
    Model model = signed_model();
    for (Operation& op : model.program.operations) {
        if (op.asker == Asker::bounds) op.every = 2;
    }
    CHECK_FALSE(said_of(model, "W_ei").empty());
    const Audit found = audit(model);
    CHECK(std::any_of(found.findings.begin(), found.findings.end(), [](const Finding& one) {
        return one.criterion == Criterion::continuous_plasticity && one.subject == "W_ei";
    }));
}

TEST_CASE("a projection onto constant bounds takes back what other changes did",
          "[audit][innocent]") {
    Draft d;
    d.synaptic(d.w("J"), clip_of_w(-2.0, 2.0), {});
    d.is_innocent();
}

TEST_CASE("two projections onto different bounds throw strengths to and fro", "[audit][cheat]") {
    Draft d;
    d.synaptic(d.w("J"), clip_of_w(-2.0, -1.0), {});
    d.synaptic(d.w("J"), clip_of_w(1.0, 2.0), {});
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a projection of every second step lets changes gather", "[audit][cheat]") {
    Draft d;
    d.every(2);
    d.synaptic(d.w("J"), clip_of_w(-2.0, 2.0), {});
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a cut off sum with another number is no projection", "[audit][cheat]") {
    // clip(w + 9 r_i, -2, 2)
    Draft d;
    const Formula formula = {{.node = Node::operand, .index = Index::synapse},
                             {.node = Node::operand, .index = Index::post, .a = 1},
                             {.node = Node::number, .number = 9.0},
                             {.node = Node::multiply, .a = 1, .b = 2},
                             {.node = Node::add, .a = 0, .b = 3},
                             {.node = Node::number, .number = -2.0},
                             {.node = Node::maximum, .a = 4, .b = 5},
                             {.node = Node::number, .number = 2.0},
                             {.node = Node::minimum, .a = 6, .b = 7}};
    d.synaptic(d.w("J"), formula, {d.r("hidden")});
    d.is_caught(Criterion::continuous_plasticity, "J");
}
