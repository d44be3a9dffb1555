#include "sim/model/storage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/engine/places.hpp"
#include "sim/engine/state.hpp"
#include "sim/run_file/address_pattern.hpp"

namespace apical {

namespace {

using Storage = Connectivity::Storage;

// Rows are gone through faster than matrices up to these shares of all pairs; against the direction
// of the synapses, up to the smaller one.
constexpr double most_by_rows = 0.2, most_with_reverse = 0.1;

bool has_reverse_use(const Circuit& circuit, SynapseSetId set) {
    return std::any_of(circuit.uses.begin(), circuit.uses.end(),
                       [&](const SynapseUse& use) { return use.set == set && use.reverse; });
}

double density_of(const Circuit& circuit, const SynapseSet& set, const DataFolder& directory) {
    const int post = circuit[set.post].size, pre = circuit[set.pre].size;
    if (set.connect->kind != Connectivity::Kind::file)
        return expected_density(*set.connect, post, pre);
    return fans_of(circuit, set, places_of(circuit, set, 0, directory)).in / pre;
}

void check_size(const Circuit& circuit, const SynapseSet& set) {
    constexpr double gigabyte = 1e9;
    const double pairs = static_cast<double>(circuit[set.post].size) * circuit[set.pre].size;
    const bool by_rows = set.is_by_rows();
    const double count = by_rows ? set.connect->density * pairs : pairs,
                 bytes =
                     count * (by_rows ? sizeof(double) + sizeof(std::uint32_t) : sizeof(double));
    if (by_rows && count > 0.99 * std::numeric_limits<std::uint32_t>::max()) {
        reject(set.connect->where,
               fmt::format("\"{}\" has about {:.3g} synapses; expected less than 2^32 in one set",
                           set.name, count));
    }
    if (bytes <= memory_of_machine()) return;
    reject(set.connect->where,
           fmt::format("\"{}\" needs {:.1f} GB of memory for {:.3g} {}; this machine has {:.1f} GB",
                       set.name, bytes / gigabyte, count, by_rows ? "synapses" : "pairs of cells",
                       memory_of_machine() / gigabyte));
}

// Whether a table of recordings asks for "connected(W)", of these or by a pattern.
bool records_places(const Table& root, const SynapseSet& set) {
    const Value* record = root.find("record");
    const auto* tables = record ? std::get_if<Table>(&record->content) : nullptr;
    if (!tables) return false;
    const std::string address = fmt::format("{}({})", connected_name, set.name);
    for (const Entry& entry : tables->entries) {
        const auto* table = std::get_if<Table>(&entry.value.content);
        const Value* what = table ? table->find("what") : nullptr;
        const auto* texts = what ? std::get_if<Array>(&what->content) : nullptr;
        for (const Value& one : texts ? *texts : Array()) {
            const auto* text = std::get_if<std::string>(&one.content);
            if (text && text->starts_with(connected_name) && matches(*text, address)) return true;
        }
    }
    return false;
}

// ---- what only a matrix can do

bool is_matrix(const Slot& slot) { return !is_vector(slot.shape) && slot.shape != Shape::history; }

// Whether the operation has kernels by rows, of matrices of one set.
bool goes_by_rows(const Operation& op) {
    switch (op.kind) {
        case Kind::transmit:
        case Kind::hebb:
        case Kind::consolidate:
        case Kind::synaptic:
        case Kind::gather:
        case Kind::reset:
        case Kind::remember:
        case Kind::intervene:
            return true;
        case Kind::multiply:
            return op.operands.size() == 3;  // a vector that is made of another
        case Kind::assign:
            return op.function == Function::none || op.function == Function::zero;
        case Kind::inject:
        case Kind::noise:
        case Kind::gate:
        case Kind::relax:
        case Kind::fire:
        case Kind::readout:
        case Kind::cellwise:
        case Kind::modulate:
        case Kind::contract:
        case Kind::recall:
        case Kind::conduct:
            return false;
    }
    return false;
}

// Whether the operation treats a matrix of the set as only one that has all pairs can be.
bool needs_matrix(const Program& program, const Operation& op, SynapseSetId set) {
    bool is_of_set = false, has_others = false;
    for (const Operand& operand : op.operands) {
        const Slot& slot = program[operand.slot];
        if (!is_matrix(slot)) continue;
        const bool own = slot.synapses == set;
        is_of_set |= own;
        has_others |= !own || slot.shape != Shape::per_synapse;
    }
    return is_of_set && (has_others || !goes_by_rows(op));
}

// The rule, which stands in brackets behind the table that binds it; whoever else asked, as it is.
std::string who_asked(const Operation& op) {
    const std::size_t begin = op.asked_by.find('('), end = op.asked_by.rfind(')');
    if (op.asker != Asker::rule || begin == std::string::npos || end == std::string::npos)
        return op.asked_by;
    return fmt::format("rule \"{}\"", op.asked_by.substr(begin + 1, end - begin - 1));
}

// Who needs a matrix of the set; empty: nobody.
std::string who_needs_matrix(const Program& program, const Diagnosed& diagnosed, SynapseSetId set) {
    for (const Operation& op : program.operations) {
        if (needs_matrix(program, op, set)) return who_asked(op);
    }
    for (const AlignedRule& rule : diagnosed.rules) {
        for (const AlignedSet& one : rule.sets) {
            if (one.set == set) return "diagnose.alignment";
        }
    }
    return "";
}

}  // namespace

void choose_storage(Circuit& circuit, const Table& root, const DataFolder& directory) {
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
        SynapseSet& set = circuit.synapses[i];
        if (!set.connect) continue;
        const double most =
            has_reverse_use(circuit, SynapseSetId(i)) ? most_with_reverse : most_by_rows;
        set.connect->density = density_of(circuit, set, directory);
        set.connect->by_rows =
            set.connect->storage == Storage::rows ||
            (set.connect->storage == Storage::automatic && set.connect->density <= most);
        if (set.is_by_rows() && set.connect->storage == Storage::automatic &&
            records_places(root, set)) {
            set.connect->by_rows = false;
            set.connect->needs_matrix = "a recording of its places";
        }
        check_size(circuit, set);
    }
}

void recorded_storage(Circuit& circuit) {
    for (SynapseSet& set : circuit.synapses) {
        if (set.connect) set.connect->by_rows = set.connect->storage == Storage::rows;
    }
}

bool leave_rows(Circuit& circuit, const Program& program, const Diagnosed& diagnosed) {
    bool any = false;
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
        SynapseSet& set = circuit.synapses[i];
        if (!set.is_by_rows()) continue;
        const std::string who = who_needs_matrix(program, diagnosed, SynapseSetId(i));
        if (who.empty()) continue;
        if (set.connect->storage == Storage::rows) {
            reject(set.connect->storage_where,
                   fmt::format("{} needs storage = \"dense\" of \"{}\"", who, set.name));
        }
        set.connect->by_rows = false;
        set.connect->needs_matrix = who;
        check_size(circuit, set);
        any = true;
    }
    return any;
}

PlacesOfSets draw_places(Program& program, const Circuit& circuit, std::uint32_t seed,
                         const DataFolder& directory) {
    PlacesOfSets all;
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
        const SynapseSet& set = circuit.synapses[i];
        if (!set.is_by_rows()) continue;
        all.push_back(
            std::make_unique<const SynapseRows>(places_of(circuit, set, seed, directory).rows));
        for (Slot& slot : program.slots) {
            if (slot.synapses == SynapseSetId(i) && slot.shape == Shape::per_synapse)
                slot.places = all.back().get();
        }
    }
    for (Quantity& quantity : program.quantities) {
        for (const SlotId slot : quantity.slots) {
            if (slot && program[slot].places) quantity.places = program[slot].places;
        }
    }
    return all;
}

bool leave_empty_rows(Circuit& circuit, const Program& program) {
    bool any = false;
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
        SynapseSet& set = circuit.synapses[i];
        const SlotId strength = program.strength_of(SynapseSetId(i));
        if (!set.is_by_rows() || !strength || program[strength].places->count() > 0) continue;
        if (set.connect->storage == Storage::rows)
            reject(set.connect->storage_where,
                   fmt::format("no synapse of \"{}\" exists; expected one at least where it is "
                               "stored by rows",
                               set.name));
        set.connect->by_rows = false;
        set.connect->needs_matrix = "a set without a synapse";
        any = true;
    }
    return any;
}

void resolve_storage(Table& root, const Circuit& circuit) {
    constexpr std::string_view key = "storage";
    for (Entry& entry : std::get<Table>(root.find("synapses")->content).entries) {
        const SynapseSet& set = circuit[circuit.find_synapses(entry.key)];
        if (!set.connect || set.connect->storage != Storage::automatic) continue;
        Value& connect = *std::get<Table>(entry.value.content).find("connect");
        std::vector<Entry>& entries = std::get<Table>(connect.content).entries;
        std::erase_if(entries, [&](const Entry& one) { return one.key == key; });
        if (!set.is_by_rows()) continue;
        const Where& where = set.connect->where;
        entries.push_back({std::string(key), where, {where, std::string("rows")}});
    }
}

}  // namespace apical
