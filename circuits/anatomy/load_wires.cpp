// [wire.*] tables, and [teach.*] tables, each of which stands for one or two wires.
#include <fmt/format.h>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/cell_slice.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

// What is carried, from a name of a population or an address.
Wire signal_wire(const Circuit& circuit, const Text& from) {
    Wire wire;
    wire.where = from.where;
    const bool is_name = from.text.find_first_of(".(") == std::string::npos;
    if (is_name) {
        wire.source = resolve_population(circuit, from);
        return wire;
    }
    const Signal signal = resolve_signal(circuit, from);
    wire.source_voltage = signal.voltage;
    wire.source = signal.voltage ? circuit[signal.voltage].population : signal.rate;
    wire.is_previous = signal.is_previous;
    wire.before = signal.is_before;
    wire.at_end = signal.at_end;
    return wire;
}

Wire wire_from(const Circuit& circuit, const CellSlice& from) {
    Wire wire = signal_wire(circuit, from.of);
    check_slice(from, circuit[wire.source]);
    wire.first_cell = from.first_or_all();
    return wire;
}

// Its delay, one of `delay` or that of its address.
void take_delay(const Circuit& circuit, Wire& wire, const Section& section) {
    const Delay delay = load_delay(circuit, section, {});
    if (delay.steps == 0 && !delay.by_iteration) return;
    if (!wire.is_of_now()) {
        reject(delay.where,
               fmt::format("[{}] has a delay, and \"{}\" is of another time already; expected one "
                           "of them",
                           section.name(), shortened(section.text("from").text)));
    }
    wire.is_previous = delay.steps == 1;
    wire.delay = delay.steps > 1 ? delay.steps : 0;
    wire.before = delay.by_iteration;
}

class WireLoader {
public:
    explicit WireLoader(Circuit& circuit) : circuit_(circuit) {}

    void load_wire(Entry& entry) {
        check_letters({entry.key, entry.where});
        const Section section(inner_table(entry, "wire"), entry.where, "wire." + entry.key,
                              wire_keys());
        const CellSlice from = cell_slice(section, "from");
        Wire wire = wire_from(circuit_, from);
        take_delay(circuit_, wire, section);
        const Text to = section.text("to");
        wire.target =
            resolve_compartment(circuit_, to, fmt::format("wire \"{}\" goes to", entry.key));
        check_cells(circuit_[wire.target].population, to, section.name());
        check_pairs(wire, from);
        wire.gain = section.number("gain");
        add(wire, section);
    }

    void load_teacher(Entry& entry) {
        check_letters({entry.key, entry.where});
        const Section section(inner_table(entry, "teach"), entry.where, "teach." + entry.key,
                              teach_keys());
        const Text cells = section.text("cells");
        const PopulationId taught = resolve_population(circuit_, cells);
        check_cells(taught, cells, section.name());
        const CellSlice from = cell_slice(section, "from");
        Wire wire = wire_from(circuit_, from);
        wire.target = circuit_.soma(taught);
        check_pairs(wire, from);
        const Text as = section.text("as");
        if (as.text == "nudge") {
            nudge(wire, section);
        } else if (as.text == "clamp") {
            clamp(wire, section);
        } else {
            wire.target = taught_by_conductance(entry, taught, section);
            add(wire, section);
        }
    }

private:
    // A dendrite of the teacher's, coupled to the soma by `strength` while a gate is open.
    CompartmentId taught_by_conductance(const Entry& entry, PopulationId taught,
                                        const Section& section) {
        section.require("strength", "as = \"conductance\"");
        const Population& cells = circuit_[taught];
        const Where& as = section.where("as");
        if (!cells.coupling) {
            reject(as, fmt::format("[{}] needs cells whose dendrites are coupled to the soma by "
                                   "conductances, and \"{}\" has no coupling; expected as = "
                                   "\"nudge\" or as = \"clamp\"",
                                   section.name(), cells.name));
        }
        for (const CompartmentId c : cells.compartments) {
            if (circuit_[c].name != taught_dendrite) continue;
            reject(as, fmt::format("[{}] makes a dendrite \"{}\" of \"{}\", which has one; "
                                   "expected one teacher, or a [wire.*] to that dendrite",
                                   section.name(), taught_dendrite, cells.name));
        }
        const CompartmentId teacher = add_dendrite(circuit_, taught, taught_dendrite, entry.where);
        circuit_.compartments[teacher.value].conductance = section.number("strength");
        check_coupled_count(circuit_, taught, entry.where);
        std::vector<bool> open_in(circuit_.phases.size());
        for (const PhaseId phase : load_during(circuit_, section)) open_in[phase.value] = true;
        add_gate(circuit_, {entry.key, entry.where}, teacher, open_in,
                 load_window(circuit_, section));
        return teacher;
    }

    // A drive of strength (target - r), with the rates of before the iteration, at the soma or at
    // the dendrite that drives it.
    void nudge(Wire wire, const Section& section) {
        section.require("strength", "as = \"nudge\"");
        const PopulationId taught = circuit_[wire.target].population;
        if (circuit_[taught].coupling) wire.target = circuit_.driven_dendrite(taught);
        wire.gain = section.number("strength");
        add(wire, section);
        Wire own;
        own.source = circuit_[wire.target].population;
        own.target = wire.target;
        own.gain = -wire.gain;
        own.before = true;
        own.where = section.text("cells").where;
        add(own, section);
    }

    void clamp(Wire wire, const Section& section) {
        if (section.has("strength")) {
            reject(section.where("strength"),
                   fmt::format("[{}] has as = \"clamp\", which sets the voltage; expected no "
                               "strength, or as = \"nudge\"",
                               section.name()));
        }
        if (section.has("in")) {
            reject(section.where("in"),
                   fmt::format("[{}] has as = \"clamp\" and is in a window, behind which the "
                               "voltage would stay; expected as = \"nudge\", or the window in "
                               "the phase",
                               section.name()));
        }
        wire.clamps = true;
        add(wire, section);
    }

    // One for each phase.
    void add(Wire wire, const Section& section) {
        wire.asked_by = section.name();
        wire.window = load_window(circuit_, section);
        const bool is_of_now = wire.is_of_now(), is_before = wire.before;
        for (const PhaseId phase : load_during(circuit_, section)) {
            check_room(circuit_.wires.size(), "wires", wire.where);
            wire.phase = phase;
            wire.before = is_before || (is_of_now && circuit_[phase].together);
            circuit_.wires.push_back(wire);
            drive_in(circuit_.compartments[wire.target.value], circuit_, phase);
        }
    }

    void check_cells(PopulationId id, const Text& named, const std::string& who) const {
        const Population& cells = circuit_[id];
        if (cells.role == Role::cells || cells.role == Role::output) return;
        reject(named.where,
               fmt::format("[{}] drives \"{}\", but nothing else may drive a population of this "
                           "role; expected cells or the output",
                           who, cells.name));
    }

    void check_pairs(const Wire& wire, const CellSlice& from) const {
        const Population &source = circuit_[wire.source],
                         &target = circuit_[circuit_[wire.target].population];
        const int size = from.size(source.size);
        if (size == target.size) return;
        reject(from.is_all() ? from.of.where : from.where,
               fmt::format("\"{}\" has {} cell{}, \"{}\" {}; a wire joins one to one",
                           source.name + from.range, size, size == 1 ? "" : "s", target.name,
                           target.size));
    }

    Circuit& circuit_;
};

}  // namespace

std::vector<PhaseId> load_during(const Circuit& circuit, const Section& section) {
    std::vector<PhaseId> phases;
    for (const Text& name : section.texts("during")) {
        const PhaseId phase = resolve_phase(circuit, name);
        for (const PhaseId other : phases) {
            if (other != phase) continue;
            reject(name.where, fmt::format("[{}] names phase \"{}\" twice; expected it once",
                                           section.name(), shortened(name.text)));
        }
        phases.push_back(phase);
    }
    if (!phases.empty()) return phases;
    reject(section.where("during"), fmt::format("[{}] names no phase; expected one or more, as in "
                                                "during = \"{}\"",
                                                section.name(), circuit.phases.front().name));
}

void load_wires(Circuit& circuit, Table& root) {
    WireLoader loader(circuit);
    Mistakes mistakes;
    const auto each = [&](const char* key, auto load) {
        Value* value = root.find(key);
        if (!value) return;
        for (Entry& entry : std::get<Table>(value->content).entries)
            mistakes.attempt([&] { load(entry); });
    };
    each("wire", [&](Entry& entry) { loader.load_wire(entry); });
    each("teach", [&](Entry& entry) { loader.load_teacher(entry); });
    mistakes.reject_any();
}

}  // namespace apical
