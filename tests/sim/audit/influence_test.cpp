// What the compiled plan does agrees with what its operations declare.
#include "sim/audit/influence.hpp"

#include <set>

#include "sim/audit/audit.hpp"
#include "sim/audit/starts.hpp"
#include "tests/sim/engine/plan/lone_operation.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A circuit in which the lone operations' slots have homes: n cells and m cells, two synapse sets
// from the m to the n and two among the n.
constexpr std::size_t n_cells = 0, m_cells = 1;

Circuit homes() {
    Circuit circuit;
    circuit.phases.emplace_back().name = "only";
    circuit.populations.resize(2);
    circuit.populations[n_cells].name = "n";
    circuit.populations[m_cells].name = "m";
    for (const char* name : {"S", "S2"}) {
        SynapseSet& set = circuit.synapses.emplace_back();
        set.name = name;
        set.pre = PopulationId(m_cells);
        set.post = PopulationId(n_cells);
    }
    for (const char* name : {"Q", "Q2"}) {
        SynapseSet& set = circuit.synapses.emplace_back();
        set.name = name;
        set.pre = set.post = PopulationId(n_cells);
    }
    return circuit;
}

// The first matrix among the operands stands at the synapses of a set; a second one is a tag there
// for `consolidate` and `synaptic`, and else another set's strengths.
void give_homes(lone::LoneOperation& lone) {
    const Operation& op = lone.program.operations[0];
    for (std::size_t k = 0; k < op.operands.size(); ++k) {
        Slot& slot = lone.program.slots[k];
        slot.name = fmt::format("operand {}", k);
        if (slot.shape == Shape::scalar) continue;
        slot.cells = PopulationId(slot.rows == lone::n ? n_cells : m_cells);
        if (is_vector(slot.shape) || slot.shape == Shape::history) continue;
        const bool square = slot.shape == Shape::per_synapse && slot.rows == slot.columns;
        slot.pre = PopulationId(square ? n_cells : m_cells);
        const bool other = k > 0 && op.kind != Kind::consolidate && op.kind != Kind::synaptic;
        slot.synapses = SynapseSetId((square ? 2u : 0u) + (other ? 1u : 0u));
    }
}

// Whether entry (i, j) of a matrix may depend on an entry of this operand.
bool is_own(const lone::LoneOperation& lone, std::size_t operand, int row, int column, int i,
            int j) {
    const Slot &slot = lone.program.slots[operand], &matrix = lone.program.slots[0];
    if (slot.shape == Shape::scalar) return true;
    if (slot.shape == Shape::per_cell) {
        return (slot.cells == matrix.cells && row == i) || (slot.cells == matrix.pre && row == j);
    }
    return slot.synapses == matrix.synapses && slot.shape == matrix.shape && row == i &&
           column == j;
}

bool is_local_when_nudged(const lone::LoneOperation& lone) {
    const Matrix before = lone.result();
    for (std::size_t k = 0; lone.is_operand(k); ++k) {
        const Slot& slot = lone.program.slots[k];
        for (int entry = 0; entry < slot.rows * slot.columns; ++entry) {
            const int row = entry / slot.columns, column = entry % slot.columns;
            const Matrix after = lone.run([&](std::size_t operand, Matrix& numbers) {
                if (operand == k) numbers(row, column) += 0.5;
            })[0];
            for (int i = 0; i < after.rows(); ++i) {
                for (int j = 0; j < after.cols(); ++j) {
                    if (after(i, j) != before(i, j) && !is_own(lone, k, row, column, i, j))
                        return false;
                }
            }
        }
    }
    return true;
}

std::vector<std::string> with_small_cells(const std::string& more = "") {
    std::vector<std::string> overrides = {"population.hidden.size=5", "run.steps=40"};
    if (!more.empty()) overrides.push_back(more);
    return overrides;
}

}  // namespace

TEST_CASE("of every kind that writes a matrix, what is declared local is local when nudged",
          "[audit][influence]") {
    const Circuit circuit = homes();
    int local = 0, foreign = 0;
    for (lone::LoneOperation one : lone::every_kind()) {
        const Slot& written = one.program.slots[0];
        if (written.shape != Shape::per_synapse) continue;
        give_homes(one);
        const Audit audit = apical::audit(one.program, circuit, Starts(circuit, 1, ""));
        const bool declared =
            std::none_of(audit.findings.begin(), audit.findings.end(), [](const Finding& finding) {
                return finding.criterion == Criterion::local_plasticity;
            });
        INFO(listing_line(one.program, 0));
        const bool measured = is_local_when_nudged(one);
        REQUIRE(declared == measured);
        ++(measured ? local : foreign);
    }
    REQUIRE(local >= 8);
    REQUIRE(foreign >= 3);
}

TEST_CASE("a circuit that passes changes no synapse with what is not its own",
          "[audit][influence]") {
    int passing = 0;
    for (const std::string& path : shipped_models()) {
        for (const char* more : {"", "task={ kind = \"mimic\", inputs = 3, outputs = 2 }",
                                 "population.hidden.alpha=1.0"}) {
            const Model model = load_model(path, with_small_cells(more));
            if (!audit(model).passes()) continue;
            INFO(path << ' ' << more);
            const MeasuredInfluence measured = measure_influence(model);
            REQUIRE(measured.every_entry);
            REQUIRE(measured.nudges > 100);
            REQUIRE(measured.foreign.empty());
            ++passing;
        }
    }
    REQUIRE(passing >= 18);
}

TEST_CASE(
    "what the audit calls not local at the synapses of a set is seen when nudged, and the "
    "other way round",
    "[audit][influence]") {
    for (const std::string& path : shipped_models()) {
        const Model model = load_model(path, with_small_cells());
        const Audit audit = apical::audit(model);
        const MeasuredInfluence measured = measure_influence(model);
        INFO(path);
        bool explained = false;
        for (const Finding& finding : audit.findings) {
            // A product by no synapses, or cells that read each other, reach synapses too.
            explained |= finding.criterion == Criterion::local_plasticity ||
                         finding.criterion == Criterion::rates_transmitted ||
                         finding.criterion == Criterion::vectors_in_cells;
            const SlotId subject = model.program.find(finding.subject);
            const bool at_synapses = subject && model.program[subject].shape == Shape::per_synapse;
            if (finding.criterion != Criterion::local_plasticity || !at_synapses) continue;
            INFO(finding.because);
            REQUIRE(std::any_of(measured.foreign.begin(), measured.foreign.end(),
                                [&](const auto& one) { return one.on == finding.subject; }));
        }
        REQUIRE((measured.foreign.empty() || explained));
    }
}

TEST_CASE("UORO's factors, sums over all synapses, are seen when nudged, constants are not",
          "[audit][influence]") {
    const auto reaches_B = [](const std::vector<std::string>& overrides) {
        const MeasuredInfluence measured =
            measure_influence(load_model(path_of_shipped("uoro"), overrides));
        return std::any_of(measured.foreign.begin(), measured.foreign.end(), [](const auto& one) {
            return one.of == "B(W_rec)" && one.on == "B(W_rec)";
        });
    };
    std::vector<std::string> overrides = with_small_cells();
    REQUIRE(reaches_B(overrides));
    overrides.push_back("plasticity.recurrent.rho0=0.9");
    overrides.push_back("plasticity.recurrent.rho1=0.5");
    REQUIRE_FALSE(reaches_B(overrides));
}

TEST_CASE("a window longer than a few steps is seen when nudged", "[audit][influence]") {
    for (const char* window :
         {"plasticity.recurrent.window=10", "plasticity.recurrent.window=30"}) {
        const MeasuredInfluence measured =
            measure_influence(load_model(path_of_shipped("bptt"), with_small_cells(window)));
        REQUIRE(measured.nudges > 100);
        REQUIRE_FALSE(measured.foreign.empty());
    }
}

TEST_CASE("a state that is too large to be copied is not measured, and it is said",
          "[audit][influence]") {
    const Model model =
        load_model(path_of_shipped("rtrl"), {"population.hidden.size=240", "run.steps=20"});
    const MeasuredInfluence measured = measure_influence(model);
    REQUIRE(measured.nudges == 0);
    REQUIRE(measured.gigabytes > 0.1);
}
