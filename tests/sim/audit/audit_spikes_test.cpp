// Cells that spike under criterion iii, and programs that would carry something else by way of
// their thresholds and waiting.
#include "sim/audit/audit.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

const std::string circuit = R"(
phase = [{ name = "step", ms = 1.0 }]
population.rec = { size = 3, dendrites = ["apical"], coupling = { leak = 0.05, apical = 0.1 }, spikes = { threshold = 1.0, refractory = 2, height = 0.5, adaptation = { tau_ms = 50.0, strength = 0.1 } } }
population.other = { size = 3, dendrites = ["teaching"], spikes = { threshold = 1.0, refractory = 2 } }
population.rates = { size = 3, activation = "logistic" }
synapses.A = { from = "input", to = "rec.apical", during = "step", init = { uniform = [0.0, 1.0] } }
synapses.B = { from = "rec", to = "other.soma", during = "step", init = { uniform = [0.0, 1.0] } }
synapses.T = { from = "input", to = "other.teaching", during = "step", init = { uniform = [0.0, 1.0] } }
synapses.C = { from = "other", to = "rates.soma", during = "step", init = { uniform = [0.0, 1.0] } }
plasticity.timing = { rule = "stdp", synapses = ["C"], rate = 1e-3 }
rule.taught = { signals = { credit = "post" }, equations = 'w += 1e-3 * clip(credit, -1, 1) * post.slope * pre.r' }
plasticity.taught = { rule = "taught", synapses = ["B"], credit = "other.teaching" }
)";

template <class Change>
Audit changed(Change change) {
    Model model = shown(circuit, row({1.0}));
    change(model.program);
    return audit(model);
}

Operation& that_writes(Program& program, const std::string& slot, Kind kind) {
    return *std::find_if(program.operations.begin(), program.operations.end(),
                         [&](const Operation& op) {
                             return op.kind == kind && program[op.operands[0].slot].name == slot;
                         });
}

bool has(const Audit& found, const std::string& subject, const std::string& because) {
    return std::any_of(found.findings.begin(), found.findings.end(), [&](const Finding& one) {
        return one.criterion == Criterion::rates_transmitted && one.subject == subject &&
               one.because.find(because) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("adaptive cells with a coupled dendrite that learn by timing pass", "[audit][spikes]") {
    const Audit found = changed([](Program&) {});
    CHECK(found.passes());
    CHECK(std::none_of(found.beyond.begin(), found.beyond.end(), [](const Finding& one) {
        return one.criterion == Criterion::linear_cells && one.subject != "rates.r";
    }));
}

TEST_CASE("a threshold that is a dendrite's voltage is found", "[audit][cheat][spikes]") {
    const Audit found = changed([](Program& program) {
        that_writes(program, "other.r", Kind::fire).operands[2].slot =
            program.find("other.teaching.v");
    });
    CHECK_FALSE(found.meets("iii"));
    CHECK(has(found, "other.r", "by way of its threshold"));
}

TEST_CASE("a threshold that teaching moves is found", "[audit][cheat][spikes]") {
    const Audit found = changed([](Program& program) {
        Operation& op = that_writes(program, "rec.adapted", Kind::cellwise);
        op.operands[2].slot = program.find("rec.apical.v");
    });
    CHECK(has(found, "rec.r", "\"rec.apical.v\" by way of its threshold"));
}

TEST_CASE("a wait that holds what a dendrite said is found", "[audit][cheat][spikes]") {
    const Audit found = changed([](Program& program) {
        std::vector<Operation>& all = program.operations;
        const auto last = std::find_if(all.rbegin(), all.rend(), [&](const Operation& op) {
            return program[op.operands[0].slot].name == "other.wait";
        });
        last->operands[1].slot = program.find("other.teaching.v");
    });
    CHECK(has(found, "other.r", "\"other.teaching.v\" by way of its refractoriness"));
}

TEST_CASE("a wait of other cells is found", "[audit][cheat][spikes]") {
    const Audit found = changed([](Program& program) {
        that_writes(program, "other.r", Kind::fire).operands[3].slot = program.find("rec.wait");
    });
    CHECK(has(found, "other.r", "by way of its refractoriness"));
    CHECK_FALSE(found.meets("i"));
}

TEST_CASE("cells with an activation do not spike, and cells that spike have none",
          "[audit][cheat][spikes]") {
    const Audit spikes = changed([](Program& program) {
        Operation& op = that_writes(program, "rates.r", Kind::fire);
        op.function = Function::spike;
        op.activation = Activation::linear;
        op.operands.push_back({program.find("rates.soma.v")});
        op.retain = 0.0;
    });
    CHECK(has(spikes, "rates.r", "another activation"));
    const Audit activated = changed([](Program& program) {
        Operation& op = that_writes(program, "other.r", Kind::fire);
        op.function = Function::none;
        op.operands.resize(2);
    });
    CHECK(has(activated, "other.r", "another activation"));
}
