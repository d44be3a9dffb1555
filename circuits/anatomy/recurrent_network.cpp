#include "circuits/anatomy/recurrent_network.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

[[noreturn]] void reject_use(const Circuit& circuit, const SynapseUse& use, std::string_view who,
                             std::string_view expected) {
    reject(use.where,
           fmt::format("{} needs a recurrent network: {}; \"{}\" drives \"{}\" from \"{}\" too",
                       who, expected, circuit[use.set].name, circuit.full_name(use.target),
                       circuit[use.source].name));
}

[[noreturn]] void reject_lack(const Circuit& circuit, PopulationId of, std::string_view who,
                              std::string_view lacks) {
    const Where where = of ? circuit[of].where : Where{};
    reject(where, fmt::format("{} needs a recurrent network with {}; there is none", who, lacks));
}

void check_loss(const Circuit& circuit, std::string_view who) {
    if (!circuit.loss || circuit.has_loss_of_output()) return;
    reject(circuit.loss->where,
           fmt::format("{} needs the loss of the output against the label, of what the task asks; "
                       "[loss] is of \"{}\"",
                       who, circuit[circuit.loss->cells].name));
}

std::vector<SynapseSetId> present(std::vector<SynapseSetId> sets) {
    std::erase(sets, SynapseSetId{});
    return sets;
}

void check_carried_out_once(const Phase& phase, std::string_view who) {
    if (phase.together) {
        reject(phase.where, fmt::format("{} needs phases in sequence; phase \"{}\" has order = "
                                        "\"together\"",
                                        who, phase.name));
    }
    if (phase.sets_back()) {
        reject(phase.where, fmt::format("{} needs phases that begin with what there is; phase "
                                        "\"{}\" sets its cells back",
                                        who, phase.name));
    }
    if (!phase.steps.is_each()) {
        reject(phase.where, fmt::format("{} needs phases that are carried out in each step; phase "
                                        "\"{}\" is in {} of {}",
                                        who, phase.name, phase.steps.last - phase.steps.first + 1,
                                        phase.steps.period));
    }
    if (phase.group >= 0) {
        reject(phase.where,
               fmt::format("{} needs phases that are carried out once a step; phase \"{}\" is in a "
                           "group that is repeated",
                           who, phase.name));
    }
    if (phase.repeat == 1) return;
    reject(phase.where,
           fmt::format("{} needs phases that are carried out once a step; phase \"{}\" has "
                       "repeat = {}",
                       who, phase.name, phase.repeat));
}

void find_readout(RecurrentNetwork& found, const Circuit& circuit, std::string_view who) {
    if (!found.output) reject_lack(circuit, found.input, who, "an output");
    if (!found.label) reject_lack(circuit, found.output, who, "a label");
    for (const SynapseUse& use : circuit.uses) {
        if (use.target != circuit.soma(found.output) || use.gate) continue;
        const Role source = circuit[use.source].role;
        const bool plain = use.own && !use.reverse && use.delay == 0 && !use.before;
        if (plain && source == Role::cells && !found.readout) {
            found.readout = use.set;
            found.cells = use.source;
        } else if (plain && source == Role::constant && !found.readout_bias) {
            found.readout_bias = use.set;
        } else {
            reject_use(circuit, use, who, "one set from its cells and one bias drive the output");
        }
    }
    if (!found.cells) reject_lack(circuit, found.output, who, "a set from its cells to the output");
}

void find_drive(RecurrentNetwork& found, const Circuit& circuit, std::string_view who) {
    const SomaticDrive drive = drive_of(circuit, found.cells);
    found.recurrent = drive.recurrent;
    for (const SynapseUse* use : drive.rest) {
        const bool given = is_set_from_outside(circuit[use->source].role);
        const bool now =
            use->own && !use->source_voltage && use->delay == 0 && (given || !use->before);
        if (now && use->source == found.input && !found.from_input) {
            found.from_input = use->set;
        } else if (now && circuit[use->source].role == Role::constant && !found.bias) {
            found.bias = use->set;
        } else {
            reject_use(circuit, *use, who,
                       "one set of delay 1 from its own cells, one from the input and one bias "
                       "drive its somata");
        }
    }
    if (!found.recurrent)
        reject_lack(circuit, found.cells, who, "a set of delay 1 from its cells to their somata");
}

}  // namespace

std::vector<SynapseSetId> RecurrentNetwork::W() const {
    return present({recurrent, from_input, bias});
}

std::vector<SynapseSetId> RecurrentNetwork::W_out() const {
    return present({readout, readout_bias});
}

SomaticDrive drive_of(const Circuit& circuit, PopulationId cells) {
    SomaticDrive drive;
    for (const SynapseUse& use : circuit.uses) {
        if (use.target != circuit.soma(cells) || use.gate) continue;
        const bool recurrent =
            use.own && use.source == cells && use.delay == 1 && !use.source_voltage;
        if (recurrent && !drive.recurrent) {
            drive.recurrent = use.set;
        } else {
            drive.rest.push_back(&use);
        }
    }
    return drive;
}

void check_not_wired(const Circuit& circuit, PopulationId cells, std::string_view who) {
    for (const Wire& wire : circuit.wires) {
        if (wire.target != circuit.soma(cells)) continue;
        reject(wire.where, fmt::format("{} needs somata that synapse sets alone drive; [{}] drives "
                                       "\"{}\" too",
                                       who, wire.asked_by, circuit.full_name(wire.target)));
    }
}

bool is_within(const Circuit& circuit, SynapseSetId set, PopulationId cells) {
    return circuit[set].pre == cells && circuit[set].post == cells;
}

void check_fires_once(const Circuit& circuit, PopulationId cells, SynapseSetId recurrent,
                      std::string_view who) {
    check_not_wired(circuit, cells, who);
    const PhaseId phase = circuit.own_use(recurrent)->phase;
    for (const SynapseUse* use : drive_of(circuit, cells).rest) {
        if (use->phase == phase) continue;
        reject(use->where,
               fmt::format("{} needs cells that fire once a step; \"{}\" drives \"{}\" "
                           "in phase \"{}\", but \"{}\" in phase \"{}\"",
                           who, circuit[use->set].name, circuit.full_name(use->target),
                           circuit[use->phase].name, circuit[recurrent].name, circuit[phase].name));
    }
    check_carried_out_once(circuit[phase], who);
}

void check_follows_at_once(const Circuit& circuit, PopulationId cells, std::string_view needs,
                           std::string_view because) {
    const CompartmentId soma = circuit.soma(cells);
    if (circuit[soma].tau_ms == 0.0) return;
    reject(circuit[soma].where,
           fmt::format("{}; \"{}\" has tau_ms = {}{}", needs, circuit.full_name(soma),
                       circuit[soma].tau_ms, because));
}

void check_one_alpha(const Circuit& circuit, PopulationId cells, std::string_view who) {
    if (const WrittenActivation* phi = circuit.written(circuit[cells]);
        phi && !phi->of_cells.empty())
        reject(phi->of_cells.front().init.where,
               fmt::format("{} needs cells of one activation; each of \"{}\" has its own \"{}\"",
                           who, circuit[cells].name, phi->of_cells.front().name));
    const auto& alphas = circuit[cells].alphas;
    if (!alphas) return;
    reject(alphas->where, fmt::format("{} needs cells of one alpha; each of \"{}\" has its own",
                                      who, circuit[cells].name));
}

RecurrentNetwork recurrent_network_of(const Circuit& circuit, std::string_view who) {
    RecurrentNetwork found;
    found.input = circuit.find_role(Role::input);
    found.label = circuit.find_role(Role::label);
    found.output = circuit.find_role(Role::output);
    found.error = circuit.find_role(Role::error);
    find_readout(found, circuit, who);
    find_drive(found, circuit, who);
    check_not_wired(circuit, found.cells, who);
    check_not_wired(circuit, found.output, who);
    check_loss(circuit, who);
    check_follows_at_once(circuit, found.cells,
                          fmt::format("{} needs somata that follow their drive at once", who));
    if (const auto& bias = circuit[found.cells].bias) {
        reject(
            bias->where,
            fmt::format("{} needs somata that synapses alone drive; \"{}\" has a bias of its own, "
                        "expected synapses from a constant population",
                        who, circuit[found.cells].name));
    }
    check_one_alpha(circuit, found.cells, who);
    for (const Phase& phase : circuit.phases) check_carried_out_once(phase, who);
    return found;
}

}  // namespace apical
