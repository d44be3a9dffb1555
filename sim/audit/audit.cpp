#include "sim/audit/audit.hpp"

#include <algorithm>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/interventions.hpp"
#include "sim/audit/starts.hpp"
#include "sim/model/model.hpp"

namespace apical {

namespace {

constexpr CriterionTraits criteria[] = {
    {Criterion::online, "online", "online", "nothing older than one step is needed"},
    {Criterion::vectors_in_cells, "i", "vectors_in_cells",
     "a vector is a rate, a voltage or another variable inside cells"},
    {Criterion::matrices_in_synapses, "ii", "matrices_in_synapses",
     "a matrix is numbers at the synapses of a set"},
    {Criterion::local_plasticity, "ii", "local_plasticity",
     "a synapse changes with its own two cells, itself and broadcast numbers alone"},
    {Criterion::continuous_plasticity, "ii", "continuous_plasticity",
     "a synapse changes continuously, it does not jump"},
    {Criterion::rates_transmitted, "iii", "rates_transmitted",
     "a matrix times a vector is transmission, and what is transmitted is a firing rate"},
    {Criterion::one_rate_a_phase, "iii", "one_rate_a_phase", "cells fire one rate in a phase"},
    {Criterion::gates_obeyed, "iii", "gates_obeyed",
     "a compartment drives firing only while its gate is open"},
    {Criterion::no_matrix_product, "iv", "no_matrix_product",
     "a synapse does a few products a step, not as many as there are cells"},
    {Criterion::independent_noise, "v", "independent_noise", "noise is each cell's own"},
    {Criterion::no_copy_of_network, "vi", "no_copy_of_network",
     "synapses work between the cells they connect, and nothing keeps a copy of them"},
    {Criterion::both_ways, "", "both_ways", "a synapse carries signals in one direction"},
    {Criterion::mirrored_weights, "", "mirrored_weights",
     "the way back has strengths of its own (no weight transport)"},
    {Criterion::frozen_copy, "", "frozen_copy", "no synapses are a copy of others"},
    {Criterion::held_vector, "", "held_vector", "what is used later is kept by something"},
    {Criterion::linear_cells, "", "linear_cells", "cells do not fire negative rates"},
    {Criterion::softmax, "", "softmax", "a cell's rate depends on its own voltage"},
    {Criterion::broadcast_number, "", "broadcast_number",
     "one number for all synapses is broadcast by something"},
    {Criterion::gathered_synapses, "", "gathered_synapses",
     "no signal at a synapse tells what the cell's other synapses have"},
    {Criterion::presynaptic_variable, "", "presynaptic_variable",
     "a synapse knows of the presynaptic cell what its axon carries"},
    {Criterion::replayed_noise, "", "replayed_noise", "noise that is read is independent"},
    {Criterion::unbounded_change, "", "unbounded_change",
     "what a step changes a strength by has a bound"},
    {Criterion::old_rate, "", "old_rate", "no chain of cells keeps what was several steps ago"},
    {Criterion::dale, "", "dale", "what cells do to others has one sign (Dale's law)"},
    {Criterion::set_back, "", "set_back", "cells go on from what they are"},
    {Criterion::paired_cells, "", "paired_cells", "no cell needs a partner of its own"},
    {Criterion::gate_leaks, "", "gate_leaks",
     "a path is surely shut in the phases in which it is meant to be"},
    {Criterion::long_axon, "", "long_axon", "axons hand on within a step"},
    {Criterion::second_channel, "", "second_channel", "an axon carries one number"},
    {Criterion::winners, "", "winners", "a cell fires whatever the others' voltages are"},
};

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < std::size(criteria); ++i) {
        if (criteria[i].criterion != static_cast<Criterion>(i)) return false;
    }
    return true;
}
static_assert(are_in_order(), "every criterion has its row, in the order of the enumeration");

}  // namespace

const CriterionTraits& traits(Criterion criterion) {
    return criteria[static_cast<std::size_t>(criterion)];
}

bool Audit::meets(std::string_view column) const {
    return std::none_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return traits(finding.criterion).column == column;
    });
}

Audit audit(const Model& model) {
    return audit(model.program, model.circuit, Starts(model.circuit, model.seed, model.directory));
}

namespace {

// Judges a program without the experimenter's doing.
Audit audit_of_own(const Program& program, const Circuit& circuit, const Starts& starts) {
    AuditContext context(program, circuit, starts);
    examine_time(context);
    examine_vectors(context);
    examine_matrices(context);
    examine_continuity(context);
    examine_transmission(context);
    examine_gathering(context);
    examine_firing(context);
    examine_spikes(context);
    examine_coupling(context);
    examine_products(context);
    examine_noise(context);
    examine_copies(context);
    examine_beyond(context);
    examine_dale(context);
    examine_axons(context);
    examine_interventions(context);
    examine_ways_back(context);
    return std::move(context).result();
}

}  // namespace

Audit audit(const Program& program, const Circuit& circuit, const Starts& starts) {
    if (circuit.interventions.empty()) return audit_of_own(program, circuit, starts);
    const OwnProgram own = without_interventions(program, circuit);
    Audit audit = audit_of_own(own.program, circuit, starts);
    for (auto* findings : {&audit.findings, &audit.beyond})
        for (Finding& finding : *findings) finding.operation = own.listed[finding.operation];
    audit.interventions = own.interventions;
    return audit;
}

}  // namespace apical
