#include <fmt/format.h>

#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

// What cells have of their own kind, beside rates and voltages.
Part NamesInCircuit::of_cells(const Expression& e, const Meaning& meaning) {
    if (meaning.source == Source::alpha) return number_part(alpha(e, meaning), &e);
    if (meaning.source == Source::slope) return slot_part(slope(e), Place::post, &e);
    if (meaning.source == Source::adaptation) return adaptation(e);
    if (meaning.source == Source::share) return number_part(share(e, meaning), &e);
    if (meaning.source == Source::conductance) return conductance(e, meaning);
    const CompartmentId of = led(e, meaning);
    check_arrived(e, of);
    return slot_part(program_.drive_of_branch(of), Place::post, &e);
}

// Equations inside cells take place within a phase: what leads a branch is to have arrived.
void NamesInCircuit::check_arrived(const Expression& e, CompartmentId branch) {
    if (!rule_.of_cells) return;
    for (const CompartmentId c : circuit_.dendrites_of(branch)) {
        if (circuit_.is_led(c)) {
            check_arrived(e, c);
        } else if (circuit_.is_driven(c, program_.phase()) &&
                   !program_.is_made(program_.voltage(c))) {
            reject_here(
                e, fmt::format("\"{}\" is led by \"{}\", into which the phase \"{}\" transmits "
                               "behind these equations; expected another phase, or when = \"after "
                               "firing\"",
                               e.name, circuit_.full_name(c), circuit_[program_.phase()].name));
        }
    }
}

double NamesInCircuit::alpha(const Expression& e, const Meaning& meaning) const {
    const Population& of = circuit_[cells(meaning.of_pre ? Place::pre : Place::post)];
    if (!of.alphas) return of.alpha;
    reject_here(e, fmt::format("\"{}\" is one number for all cells, and each of \"{}\" has its own",
                               e.name, of.name));
}

double NamesInCircuit::share(const Expression& e, const Meaning& meaning) {
    const CompartmentId of = compartment(e, meaning);
    if (circuit_.is_coupled(of) && circuit_.has_tree(circuit_[of].population))
        reject_here(e,
                    fmt::format("\"{0}\" is a constant of dendrites that are coupled to their "
                                "soma alone, and dendrites of \"{1}\" are coupled to each other; "
                                "expected post.soma.conductance, in place of the sum",
                                e.name, circuit_[circuit_[of].population].name));
    if (circuit_.is_coupled(of)) return circuit_.share(of);
    reject_here(
        e, fmt::format("\"{}\" is a dendrite's part in where it leads its soma, and no "
                       "conductance couples \"{}\"; expected it in population.{}.coupling",
                       e.name, circuit_.full_name(of), circuit_[circuit_[of].population].name));
}

CompartmentId NamesInCircuit::compartment(const Expression& e, const Meaning& meaning) {
    if (meaning.compartment == "here") {
        program_.check_own_use(set_);
        const SynapseUse& use = *circuit_.own_use(set_, program_.phase());
        if (!use.gate || circuit_[use.target].reversal) return use.target;
        reject_here(e, fmt::format("\"{}\" is a voltage, but \"{}\" ends on a gate", e.name,
                                   circuit_[set_].name));
    }
    const Population& owner = circuit_[cells(meaning.place)];
    if (is_set_from_outside(owner.role))
        reject_here(e, fmt::format("\"{}\" is a voltage, but the rates of \"{}\" are given and "
                                   "its cells have none",
                                   e.name, owner.name));
    std::vector<std::string> own_names, spelt;
    for (const CompartmentId c : owner.compartments) {
        if (circuit_[c].name == meaning.compartment) return c;
        own_names.push_back(circuit_[c].name);
        const std::string_view end = meaning.source == Source::rate          ? "r"
                                     : meaning.source == Source::conductance ? "conductance"
                                     : meaning.source == Source::drive       ? "drive"
                                                                             : "v";
        spelt.push_back(rule_.of_cells ? fmt::format("{}.{}", circuit_[c].name, end)
                                       : fmt::format("{}.{}.{}", meaning.of_pre ? "pre" : "post",
                                                     circuit_[c].name, end));
    }
    const bool is_of_end = meaning.compartment == "pre" || meaning.compartment == "post";
    if (rule_.of_cells && is_of_end)
        reject_here(e, fmt::format("there is no \"{}\": equations inside cells have no pre and no "
                                   "post. Did you mean \"{}\"?",
                                   e.name, e.name.substr(e.name.find('.') + 1)));
    reject_here(e,
                fmt::format("there is no \"{}\"; population \"{}\" has compartments {}.{}", e.name,
                            owner.name, list_of(own_names), did_you_mean(e.name, spelt)));
}

// A branch or a coupled soma, which conductances lead.
CompartmentId NamesInCircuit::led(const Expression& e, const Meaning& meaning) {
    const CompartmentId of = compartment(e, meaning);
    if (circuit_.is_led(of)) return of;
    if (meaning.compartment == "here" && circuit_.is_coupled(of)) return circuit_.led_by(of);
    reject_here(
        e, fmt::format("\"{}\" is of what conductances lead, and no dendrite is coupled to "
                       "\"{}\"; expected one that is, in population.{}.coupling",
                       e.name, circuit_.full_name(of), circuit_[circuit_[of].population].name));
}

Part NamesInCircuit::conductance(const Expression& e, const Meaning& meaning) {
    const CompartmentId of = led(e, meaning);
    if (const std::optional<double> number = program_.constant_conductance(of))
        return number_part(*number, &e);
    check_arrived(e, of);
    return slot_part(program_.conductance(of), Place::post, &e);
}

// The surrogate of cells that spike, of others the slope of their activation at the soma.
SlotId NamesInCircuit::slope(const Expression& e) {
    const Population& of = circuit_[post_];
    if (of.spikes) return program_.surrogate_slope(post_);
    if (is_set_from_outside(of.role))
        reject_here(e, fmt::format("\"{}\" is of a voltage, but the rates of \"{}\" are given and "
                                   "its cells have none",
                                   e.name, of.name));
    return program_.slope(circuit_.soma(post_));
}

// 0 of cells whose threshold stays; one number where it rises alike in all of them.
Part NamesInCircuit::adaptation(const Expression& e) {
    const std::optional<Spikes>& spikes = circuit_[post_].spikes;
    if (!spikes)
        reject_here(e, fmt::format("\"{}\" is by how much a spike raises the threshold, and \"{}\" "
                                   "does not spike; expected spikes = {{ ... }} in [population.{}]",
                                   e.name, circuit_[post_].name, circuit_[post_].name));
    if (!spikes->adaptation) return number_part(0.0, &e);
    if (!spikes->adaptation->cells) return number_part(spikes->adaptation->strength, &e);
    return slot_part(program_.adaptation(post_), Place::post, &e);
}

}  // namespace apical
