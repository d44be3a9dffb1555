#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "learning_rules/book/cell_dynamics.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "sim/audit/audit.hpp"
#include "sim/audit/influence.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

// A circuit with as many inputs as hidden cells, so that a vector of the ones fits in place of one
// of the others.
inline const std::string audited_lines = R"(
format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.input.role = "input"
population.label.role = "label"
population.one.role = "constant"
population.output.role = "output"
population.error.role = "error"
task = { kind = "mimic", inputs = 5, outputs = 2, cells = 5, hold = 1 }
run = { steps = 1_000, seed = 3 }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.01 }
)";

// Hidden cells that learn by traces, forecast their own rates, and fire their apical voltage in the
// update phase.
inline const std::string honest_lines = audited_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical", "feedback", "forecast"] }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.disinhibition = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 0.5 } }
synapses.J = { from = "hidden", to = "hidden.forecast", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in", "b"], credit = "hidden.feedback", rate = 0.01 }
plasticity.jacobian = { rule = "predict_rate", synapses = ["J"], rate = 0.01 }
)";

// A second population of as many cells, with synapses and strengths of its own.
inline const std::string second_population = R"(
population.ghost = { size = 5, alpha = 0.5 }
synapses.G_rec = { from = "ghost", to = "ghost.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.G_in = { from = "input", to = "ghost.soma", during = "forward", init = { normal = 0.5 } }
)";

inline std::string findings_of(const Audit& verdict, const Program& program) {
    std::string text;
    for (const Finding& finding : verdict.findings) {
        text += std::string(traits(finding.criterion).name) + ": " + finding.subject + ": " +
                finding.because + "\n    " + listing_line(program, finding.operation) + '\n';
    }
    return text;
}

inline std::string influences_of(const MeasuredInfluence& measured) {
    std::string text;
    for (const ForeignInfluence& one : measured.foreign)
        text += one.of + " on " + one.on + ": " + one.example + '\n';
    return text;
}

// The operation, in the program, that makes the cells fire in a phase.
inline Operation& firing(Program& program, const std::string& rate) {
    const SlotId slot = program.find(rate);
    for (Operation& op : program.operations) {
        if (op.kind == Kind::fire && op.operands[0].slot == slot) return op;
    }
    FAIL("nothing fires " << rate);
    return program.operations.front();
}

struct LoadedModel {
    Model model;
};

// The program of a circuit and its rules, to which a made-up rule adds operations.
class Draft : private LoadedModel, public ProgramBuilder {
public:
    explicit Draft(const std::string& lines = "", const std::vector<std::string>& overrides = {})
        : Draft(model_of_text(honest_lines + lines, overrides)) {}
    explicit Draft(Model loaded)
        : LoadedModel{std::move(loaded)}, ProgramBuilder(LoadedModel::model.circuit) {
        emit_circuit(*this, model.dynamics, model.root);
        emit_plasticity(*this, *model.book,
                        std::get<Table>(model.root.find("plasticity")->content));
        during(circuit().phases.back().name);
    }

    void during(const std::string& phase) {
        begin(circuit().find_phase(phase), "plasticity.made_up (draft)", {}, Asker::rule);
    }
    PopulationId cells(const std::string& name) const { return circuit().find_population(name); }
    CompartmentId compartment(const std::string& name) const {
        return circuit().find_compartment(name);
    }
    SynapseSetId set(const std::string& name) const { return circuit().find_synapses(name); }
    SlotId r(const std::string& population) { return rate(cells(population)); }
    SlotId fired(const std::string& population) { return rate_in(cells(population), phase()); }
    SlotId v(const std::string& name) { return voltage(compartment(name)); }
    SlotId w(const std::string& name) { return strength(set(name)); }
    // A use of a set that the circuit does not declare; `target` as in "hidden.feedback".
    SynapseUse use_of(const std::string& name, const std::string& source,
                      const std::string& target) const {
        SynapseUse use;
        use.set = set(name);
        use.source = cells(source);
        use.target = compartment(target);
        use.phase = phase();
        return use;
    }

    // The program has a finding of this criterion whose subject is `word`, or whose sentence has
    // it; without the draft's operations it has none. Where a change of synapses depends on what is
    // not in its cells, the compiled plan shows it as well.
    template <class Alter>
    void is_caught(Criterion criterion, const std::string& word, Alter alter) {
        is_read(criterion, word, alter);
        const bool of_a_cell =
            criterion == Criterion::local_plasticity || criterion == Criterion::vectors_in_cells;
        if (of_a_cell) check_measured();
    }
    void is_caught(Criterion criterion, const std::string& word) {
        is_caught(criterion, word, [](Program&) {});
    }
    // The first half of it, and the second.
    template <class Alter>
    void is_read(Criterion criterion, const std::string& word, Alter alter) {
        const Audit before = audit(model);
        INFO("without the draft:\n" << findings_of(before, model.program));
        CHECK(before.passes());
        finish_with(alter);
        check_caught(criterion, word);
    }
    template <class Alter>
    void is_measured(Alter alter) {
        CHECK(measure_influence(model).foreign.empty());
        finish_with(alter);
        check_measured();
    }
    // Checks that a circuit that cheats by itself is caught.
    void circuit_is_caught(Criterion criterion, const std::string& word) {
        finish_with([](Program&) {});
        check_caught(criterion, word);
    }
    // Whether some change of synapses knows what is not in its cells: by its operations, and by the
    // compiled plan.
    std::pair<bool, bool> are_not_local() {
        finish_with([](Program&) {});
        const Audit verdict = audit(model);
        const bool read =
            std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& one) {
                return one.criterion == Criterion::local_plasticity ||
                       one.criterion == Criterion::vectors_in_cells;
            });
        return {read, !measure_influence(model).foreign.empty()};
    }
    Audit audited() && {
        finish_with([](Program&) {});
        return audit(model);
    }
    void is_innocent() {
        finish_with([](Program&) {});
        const Audit verdict = audit(model);
        INFO(findings_of(verdict, model.program));
        CHECK(verdict.passes());
        const MeasuredInfluence measured = measure_influence(model);
        INFO(influences_of(measured));
        CHECK(measured.nudges > 0);
        CHECK(measured.foreign.empty());
    }

private:
    template <class Alter>
    void finish_with(Alter alter) {
        model.program = std::move(*this).finish();
        alter(model.program);
        if (!model.program.replays.empty()) return;  // nothing to be run
        model.noise =
            std::make_unique<Noise>(model.program, model.seed, model.directory, model.steps);
    }

    void check_caught(Criterion criterion, const std::string& word) const {
        const Audit verdict = audit(model);
        const bool found = std::any_of(
            verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) {
                return finding.criterion == criterion &&
                       (finding.subject == word || finding.because.find(word) != std::string::npos);
            });
        INFO("expected " << traits(criterion).name << " of " << word << "; found:\n"
                         << findings_of(verdict, model.program) << "in\n"
                         << listing(model.program));
        CHECK(found);
    }

    void check_measured() const {
        const MeasuredInfluence measured = measure_influence(model);
        INFO("measured, of " << measured.nudges << " nudges; program\n" << listing(model.program));
        CHECK_FALSE(measured.foreign.empty());
    }
};

}  // namespace apical
