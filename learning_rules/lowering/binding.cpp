#include "learning_rules/lowering/binding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/reward_names.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

void check_alone_on_compartment(ProgramBuilder& program, const Binding& binding,
                                const TextRule& rule) {
    const Circuit& circuit = program.circuit();
    const SynapseSetId first = binding.synapses.front();
    program.check_own_use(first);
    const CompartmentId forecast = circuit.own_use(first)->target;
    for (const SynapseUse& use : circuit.uses) {
        const bool ours = use.own && std::find(binding.synapses.begin(), binding.synapses.end(),
                                               use.set) != binding.synapses.end();
        if (ours == (use.target == forecast && !use.gate)) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"{}\" needs a compartment that its sets alone drive, "
                           "as their prediction; \"{}\" goes to \"{}\"",
                           rule.name, circuit[use.set].name, circuit.target_name(use)));
    }
    for (const Wire& wire : circuit.wires) {
        if (wire.target != forecast) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"{}\" needs a compartment that its sets alone drive, "
                           "as their prediction; [{}] goes to \"{}\"",
                           rule.name, wire.asked_by, circuit.full_name(forecast)));
    }
}

void check_ends_on_output(const ProgramBuilder& program, const Binding& binding,
                          const TextRule& rule) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, rule.name);
    const PopulationId error = circuit.find_role(Role::error);
    if (error && circuit[error].same_cells_as == post) return;
    reject(binding.options.where("synapses"),
           fmt::format("rule \"{}\" needs synapse sets that end on the output, and a "
                       "population with role \"error\"; "
                       "\"{}\" ends on \"{}\"{}",
                       rule.name, circuit[binding.synapses.front()].name, circuit[post].name,
                       error ? "" : ", and no population has that role"));
}

class SignalBinding {
public:
    SignalBinding(ProgramBuilder& program, const Binding& binding, const TextRule& rule,
                  NamesInCircuit& names)
        : program_(program),
          circuit_(program.circuit()),
          binding_(binding),
          rule_(rule),
          names_(names) {}

    RulePart bind(const SignalDeclaration& signal) {
        RulePart part{.name = signal.name, .where = binding_.options.where(signal.name)};
        if (signal.of == Place::all && !binding_.options.has(signal.name))
            reject(signal.where, fmt::format("rule \"{}\": the signal \"{}\" is {}, which is in no "
                                             "population; expected no default",
                                             rule_.name, signal.name, in_words(signal.of)));
        if (!binding_.options.has(signal.name)) {
            part.slots = {by_default(signal)};
        } else if (signal.is_list) {
            for (const Text& one : addresses(signal)) part.slots.push_back(slot(signal, one));
        } else {
            part.slots = {slot(signal, binding_.options.text(signal.name))};
        }
        // A number in presynaptic cells has the same slot for all sets, but is bound for each.
        for (const SynapseSetId set : binding_.synapses) {
            names_.turn_to(set);
            names_.bind(signal.name, slot_part(sum(signal, part.slots), signal.of));
            if (signal.of != Place::pre) break;
        }
        return part;
    }

private:
    std::vector<Text> addresses(const SignalDeclaration& signal) const {
        std::vector<Text> all = binding_.options.texts(signal.name);
        if (all.empty())
            reject(binding_.options.where(signal.name),
                   fmt::format("rule \"{}\" needs a {}", rule_.name, signal.name));
        return all;
    }

    // A gate, a number that a rule before has made or keeps, or one of the trial's clock.
    SlotId number(const SignalDeclaration& signal, const Text& address) const {
        if (address.text == clock_name::reward || address.text == clock_name::expected) {
            if (circuit_.trials) return program_.clock(address.text);
            reject(address.where, fmt::format("\"{}\" is of a trial, and there are none; expected "
                                              "[trial] with its steps, or a task that has trials",
                                              address.text));
        }
        std::vector<std::string> known;
        for (const Slot& one : program_.so_far().slots) {
            const bool is_named =
                one.what == What::gate || one.what == What::of_rule || one.what == What::clock;
            if (is_named && one.shape == Shape::scalar) known.push_back(one.name);
        }
        if (std::find(known.begin(), known.end(), address.text) != known.end())
            return program_.so_far().find(address.text);
        const bool has_trials = bool(circuit_.trials);
        for (const std::string_view end : {clock_name::begins, clock_name::ends}) {
            if (has_trials && address.text == end) return program_.clock(end);
            if (has_trials) known.emplace_back(end);
        }
        reject_number(signal, address, known);
    }

    [[noreturn]] void reject_number(const SignalDeclaration& signal, const Text& address,
                                    const std::vector<std::string>& known) const {
        const PopulationId cells = population_of_address(circuit_, address.text);
        const std::string found = cells
                                      ? fmt::format("is of the cells \"{}\"", circuit_[cells].name)
                                      : "is no such number";
        const std::string instead = known.empty() ? "here there is none"
                                                  : fmt::format("known are {}.{}", list_of(known),
                                                                did_you_mean(address.text, known));
        reject(
            address.where,
            fmt::format("rule \"{}\" needs {} as \"{}\"; \"{}\" {}; expected a gate, {}or a number "
                        "for all of a rule whose table stands before [plasticity.{}]; {}",
                        rule_.name, in_words(signal.of), signal.name, shortened(address.text),
                        found, circuit_.trials ? "a window, a trial's beginning or end, " : "",
                        binding_.label, instead));
    }

    // What another rule makes in cells is its own, though it has an address and can be recorded.
    void check_no_other_rules(const Text& address) const {
        const SlotId found = program_.so_far().find(address.text);
        if (!found) return;
        const Slot& made = program_.so_far()[found];
        if (made.what != What::of_rule || circuit_.find_population(made.rule)) return;
        reject(
            address.where,
            fmt::format("rule \"{}\" cannot read \"{}\", which [plasticity.{}] makes for itself; "
                        "expected rates, voltages or what [dynamics.*] make, of which its own "
                        "equations can make it",
                        rule_.name, shortened(address.text), made.rule));
    }

    SlotId slot(const SignalDeclaration& signal, const Text& address) {
        if (signal.of == Place::all) return number(signal, address);
        check_no_other_rules(address);
        if (signal.of == Place::post)
            return postsynaptic_signal(program_, binding_, address, rule_.name);
        const PopulationId owner = population_of_address(circuit_, address.text);
        for (const SynapseSetId set : binding_.synapses) {
            const PopulationId pre = circuit_[set].pre;
            if (!owner || circuit_.same_cells(owner, pre)) continue;
            reject(address.where,
                   fmt::format("rule \"{}\" needs a signal of the cells that its synapses come "
                               "from; \"{}\" comes from \"{}\", \"{}\" is one of \"{}\"",
                               rule_.name, circuit_[set].name, circuit_[pre].name, address.text,
                               circuit_[owner].name));
        }
        return program_.signal(address);
    }

    // "@error.r", of the population with that role.
    SlotId by_default(const SignalDeclaration& signal) {
        const std::string& address = signal.default_address;
        const Where where = binding_.options.where("synapses");
        const std::size_t dot = std::min(address.find('.'), address.size());
        const std::string role = address.substr(1, dot - 1);
        const PopulationId cells = circuit_.find_role(Role(index_of_choice(role_names, role)));
        if (!cells)
            reject(where, fmt::format("rule \"{}\" needs a population with role \"{}\"", rule_.name,
                                      role));
        const Signal named =
            resolve_signal(circuit_, {circuit_[cells].name + address.substr(dot), signal.where});
        for (const SynapseSetId set : binding_.synapses) {
            const PopulationId home =
                signal.of == Place::post ? circuit_[set].post : circuit_[set].pre;
            if (circuit_.same_cells(home, cells)) continue;
            reject(where, fmt::format("rule \"{}\" is taught by \"{}\", which are other cells than "
                                      "\"{}\"",
                                      rule_.name, circuit_[cells].name, circuit_[home].name));
        }
        return named.voltage ? program_.voltage(named.voltage) : program_.rate(named.rate);
    }

    // "learning.target1", ..., the last one "learning.target".
    SlotId sum(const SignalDeclaration& signal, const std::vector<SlotId>& slots) {
        SlotId so_far = slots.front();
        for (std::size_t k = 1; k < slots.size(); ++k) {
            const std::string name =
                k + 1 == slots.size() ? signal.name : fmt::format("{}{}", signal.name, k);
            so_far = program_.sum(so_far, slots[k], names_.quantity(name, signal.of));
        }
        return so_far;
    }

    ProgramBuilder& program_;
    const Circuit& circuit_;
    const Binding& binding_;
    const TextRule& rule_;
    NamesInCircuit& names_;
};

}  // namespace

void check_requirements(ProgramBuilder& program, const Binding& binding, const TextRule& rule) {
    for (const Requirement need : rule.needs) {
        switch (need) {
            case Requirement::drives_the_soma:
                check_drives_soma(program.circuit(), binding, rule.name);
                break;
            case Requirement::alone_on_its_compartment:
                check_alone_on_compartment(program, binding, rule);
                break;
            case Requirement::ends_on_the_output:
                check_ends_on_output(program, binding, rule);
                break;
        }
    }
}

std::vector<RulePart> bind_signals(ProgramBuilder& program, const Binding& binding,
                                   const TextRule& rule, NamesInCircuit& names) {
    SignalBinding signals(program, binding, rule, names);
    std::vector<RulePart> parts;
    for (const SignalDeclaration& one : rule.signals) parts.push_back(signals.bind(one));
    return parts;
}

}  // namespace apical
