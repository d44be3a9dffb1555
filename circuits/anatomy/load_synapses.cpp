#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

class SynapseLoader {
public:
    explicit SynapseLoader(Circuit& circuit) : circuit_(circuit) {}

    void load(Entry& entry) {
        check_name({entry.key, entry.where});
        const std::string name = "synapses." + entry.key;
        Table& table = inner_table(entry, "synapses");
        const Section section(table, entry.where, name, synapse_keys());
        const SynapseSetId id(circuit_.synapses.size());
        const PopulationId source = resolve_population(circuit_, section.text("from"));
        const std::string who = fmt::format("synapses \"{}\" go to", entry.key);
        const CompartmentId target = resolve_target(circuit_, section.text("to"), who).compartment;
        circuit_.synapses.push_back({entry.key, source, circuit_[target].population,
                                     load_initializer(section.value("init"), name + ".init", true),
                                     entry.where});
        if (section.has("bounds")) load_bounds(id, section);
        if (section.has("connect")) {
            SynapseSet& set = circuit_.synapses[id.value];
            set.connect = load_connectivity(circuit_, set, section.value("connect"));
        }
        if (section.has("short_term")) load_short_term(id, section);
        const bool again = !std::get<Array>(section.value("again").content).empty();
        if (!again && !section.has("back")) section.require("during", "a set with no other use");
        if (section.has("during")) {
            SynapseUse own = use_of(id, section, who);
            own.source = source;
            own.own = true;
            add(own, section);
        }
        if (section.has("back")) load_back(id, section.value("back"));
        for (Value& use : std::get<Array>(section.value("again").content)) load_again(id, use);
    }

private:
    // One for each phase of `during`.
    void add(SynapseUse use, const Section& section) {
        set_reading(use, section);
        for (const PhaseId phase : load_during(circuit_, section)) {
            check_room(circuit_.uses.size(), "uses of synapse sets", use.where);
            use.phase = phase;
            set_delay(use, section);
            circuit_.uses.push_back(use);
            Compartment& target = circuit_.compartments[use.target.value];
            if (use.gate) drive_in(circuit_.gates[use.gate.value], circuit_, phase);
            if (!use.gate || target.reversal) drive_in(target, circuit_, phase);
        }
    }

    // They must leave strengths on the side of 0 on which the presynaptic cells' sign keeps them.
    void load_bounds(SynapseSetId id, const Section& section) {
        const auto [low, high] = section.number_pair("bounds");
        if (low >= high) {
            reject(section.where("bounds"),
                   fmt::format("[{}] has bounds from {} to {}; expected the smaller one first, as "
                               "in bounds = [0.0, 2.0]",
                               section.name(), low, high));
        }
        circuit_.synapses[id.value].bounds = {low, high};
        const StrengthRange range = circuit_.strength_range(id);
        if (range.low < range.high) return;
        const Population& cells = circuit_[circuit_[id].pre];
        const bool excites = cells.sign == Sign::excitatory;
        reject(section.where("bounds"),
               fmt::format("[{}] has bounds from {} to {}, but \"{}\" is {}; expected {}",
                           section.name(), low, high, cells.name, name_of(*cells.sign),
                           excites ? "a largest strength above 0" : "a least strength below 0"));
    }

    // What arrives at its synapses is made anew where the set transmits.
    void load_short_term(SynapseSetId id, const Section& of_set) {
        of_set.require("during", "a set with short_term");
        Value& value = of_set.value("short_term");
        const Section section(std::get<Table>(value.content), value.where,
                              of_set.name() + ".short_term", short_term_keys());
        if (of_set.texts("during").size() != 1) {
            reject(value.where,
                   fmt::format("[{}] changes what arrives in the phase in which the set transmits, "
                               "and it transmits in {}; expected one phase",
                               section.name(), of_set.texts("during").size()));
        }
        circuit_.synapses[id.value].short_term = {
            .release = section.number("U"),
            .tau_facilitate_ms = section.number("tau_facilitate_ms"),
            .tau_depress_ms = section.number("tau_depress_ms"),
            .where = value.where};
    }

    // The gate of a compartment's path, which synapses reach when cells make it.
    GateId gate_of(CompartmentId compartment, const Text& to, std::string_view who) const {
        const GateId gate = circuit_[compartment].gate;
        if (gate && circuit_[gate].is_by_cells()) return gate;
        reject(to.where,
               gate ? fmt::format("{} \"{}\", but a timetable moves gate \"{}\"; expected by = "
                                  "\"activity\" in [gate.{}]",
                                  who, to.text, circuit_[gate].name, circuit_[gate].name)
                    : fmt::format("{} \"{}\", but nothing gates \"{}\"; expected a [gate.*] with "
                                  "opens = \"{}\"",
                                  who, to.text, circuit_.full_name(compartment),
                                  circuit_.full_name(compartment)));
    }

    // A number of steps, or of before the iteration.
    void set_delay(SynapseUse& use, const Section& section) const {
        const Delay delay = load_delay(circuit_, section, use.phase);
        use.delay = delay.steps;
        use.before = delay.by_iteration || (circuit_[use.phase].together && use.delay == 0);
    }

    // A use that reads bursts, of a source that has them.
    void set_reading(SynapseUse& use, const Section& section) const {
        use.reads_bursts = section.has("reads") && section.text("reads").text == "bursts";
        const Population& source = circuit_[use.source];
        if (!use.reads_bursts || (source.bursts && !use.source_voltage)) return;
        reject(section.where("reads"),
               fmt::format("[{0}] has reads = \"bursts\", but \"{1}\" has none; expected bursts = "
                           "\"...\" in [population.{1}]",
                           section.name(), source.name));
    }

    // The keys of every use but `during` and those of delays.
    SynapseUse use_of(SynapseSetId id, const Section& section, std::string_view who) const {
        const Text to = section.text("to");
        SynapseUse use;
        use.set = id;
        use.where = to.where;
        const SynapseTarget target = resolve_target(circuit_, to, who);
        use.target = target.compartment;
        const bool brings_conductance = circuit_[use.target].reversal.has_value();
        if (target.is_gate || brings_conductance) use.gate = gate_of(use.target, to, who);
        return use;
    }

    void load_back(SynapseSetId id, Value& value) {
        const SynapseSet& set = circuit_[id];
        Table& table = std::get<Table>(value.content);
        const Section section(table, value.where, "synapses." + set.name + ".back",
                              use_back_keys());
        SynapseUse use = use_of(id, section, fmt::format("synapses \"{}\" go back to", set.name));
        use.reverse = true;
        use.source = set.post;
        if (!section.has("from")) section.set("from", circuit_[set.post].name);
        load_source(section.text("from"), use);
        if (use.source != set.post && circuit_[use.source].same_cells_as != set.post) {
            reject(
                section.where("from"),
                fmt::format("synapses \"{}\" end on \"{}\"; \"{}\" cannot send back through them",
                            set.name, circuit_[set.post].name, circuit_[use.source].name));
        }
        if (circuit_[use.target].population != set.pre) {
            reject(use.where,
                   fmt::format("synapses \"{}\" come from \"{}\"; back through them leads to one "
                               "of its compartments, not to \"{}\"",
                               set.name, circuit_[set.pre].name, circuit_.target_name(use)));
        }
        add(use, section);
    }

    // A population, whose rate is carried, or a compartment, whose voltage is.
    void load_source(const Text& from, SynapseUse& use) const {
        if (from.text.find('.') == std::string::npos) {
            use.source = resolve_population(circuit_, from);
            return;
        }
        use.source_voltage =
            resolve_compartment(circuit_, from, "synapses carry back the voltage of");
        use.source = circuit_[use.source_voltage].population;
    }

    void load_again(SynapseSetId id, Value& value) {
        const SynapseSet& set = circuit_[id];
        Table& table = std::get<Table>(value.content);
        const Section section(table, value.where, "synapses." + set.name + ".again",
                              use_again_keys());
        SynapseUse use = use_of(id, section, fmt::format("synapses \"{}\" go again to", set.name));
        use.source =
            section.has("from") ? resolve_population(circuit_, section.text("from")) : set.pre;
        check_fit(set, use, section);
        add(use, section);
    }

    // A set may be used between other cells than its own, which no synapses can do, as long as
    // there are as many of them.
    void check_fit(const SynapseSet& set, const SynapseUse& use, const Section& section) const {
        const PopulationId to = circuit_[use.target].population;
        const bool as_many = circuit_[to].size == circuit_[set.post].size;
        if (to != set.post && !(as_many && section.has("from"))) {
            reject(use.where,
                   fmt::format("synapses \"{}\" end on \"{}\"; they cannot go to \"{}\"{}",
                               set.name, circuit_[set.post].name, circuit_.target_name(use),
                               as_many ? " unless \"from\" says whose rate they carry there" : ""),
                   "what can go to " + circuit_.target_name(use));
        }
        if (circuit_[use.source].size == circuit_[set.pre].size) return;
        reject(section.where("from"),
               fmt::format("synapses \"{}\" come from \"{}\" ({} cells); they cannot come from "
                           "\"{}\" ({} cells)",
                           set.name, circuit_[set.pre].name, circuit_[set.pre].size,
                           circuit_[use.source].name, circuit_[use.source].size));
    }

    Circuit& circuit_;
};

// A set that lacks synapses is the copy of one that lacks the same.
void check_copied_places(const Circuit& circuit, const SynapseSet& set) {
    const SynapseSetId id = resolve_synapses(circuit, {set.init.copy_of, set.init.where});
    const std::optional<Connectivity>& of = circuit[id].connect;
    if (!set.connect || (of && set.connect->is_alike(*of))) return;
    reject(set.init.where,
           fmt::format("synapses \"{}\" cannot start as a copy of \"{}\", since connect leaves "
                       "out others there; expected the same connect, with one stream in both",
                       set.name, circuit[id].name));
}

}  // namespace

void load_synapses(Circuit& circuit, Table& synapses) {
    SynapseLoader loader(circuit);
    Mistakes mistakes;
    for (Entry& entry : synapses.entries) mistakes.attempt([&] { loader.load(entry); });
    mistakes.reject_any();
    resolve_likenesses(circuit);
    for (const SynapseSet& set : circuit.synapses) {
        if (set.init.kind == Initializer::Kind::copy) check_copied_places(circuit, set);
    }
}

}  // namespace apical
