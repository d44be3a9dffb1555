#include "sim/show/export/sonata_network.hpp"

#include <fmt/format.h>

#include <numeric>

#include "circuits/program/quantity_path.hpp"
#include "sim/show/export/sonata_file.hpp"
#include "sim/show/export/sonata_report.hpp"
#include "sim/system/output_file.hpp"

namespace apical {

namespace {

// A type's id in node_types.csv and edge_types.csv, counted from 1 over all populations.
std::uint64_t type_of(std::size_t index) { return index + 1; }

std::vector<std::uint64_t> counted(std::size_t size) {
    std::vector<std::uint64_t> numbers(size);
    std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
    return numbers;
}

// The one group, "0", in which all that nodes or edges have of their own stands.
void add_groups(SonataFile& file, const std::string& path, const std::string& kind,
                std::size_t size, std::uint64_t type) {
    file.add(path + '/' + kind + "_type_id", std::vector<std::uint64_t>(size, type));
    file.add(path + '/' + kind + "_group_id", std::vector<std::uint32_t>(size, 0));
    file.add(path + '/' + kind + "_group_index", counted(size));
    file.add_group(path + "/0");
}

void write_nodes(const Circuit& circuit, const std::string& folder) {
    SonataFile file(folder + "/nodes.h5");
    std::string types = "node_type_id pop_name model_type model_template role alpha\n";
    for (std::size_t k = 0; k < circuit.populations.size(); ++k) {
        const Population& one = circuit.populations[k];
        const std::string path = "/nodes/" + one.name;
        const auto size = static_cast<std::size_t>(one.size);
        file.add(path + "/node_id", counted(size));
        add_groups(file, path, "node", size, type_of(k));
        types += fmt::format("{} {} {} NULL {} {}\n", type_of(k), one.name, model_type(one),
                             name_of(one.role), one.alpha);
    }
    file.close();
    write_file(folder + "/node_types.csv", types);
}

// Which edges begin (or end) at a node, as ranges of edges: node k has `each` ranges of
// `length` edges, the first from k * stride on, the next ones `step` edges further.
struct Ranges {
    std::size_t nodes, each, length, stride, step;
};

void add_index(SonataFile& file, const std::string& path, const Ranges& ranges) {
    std::vector<std::uint64_t> of_node, of_edges;
    for (std::size_t k = 0; k < ranges.nodes; ++k) {
        of_node.insert(of_node.end(), {k * ranges.each, (k + 1) * ranges.each});
        for (std::size_t i = 0; i < ranges.each; ++i) {
            const std::uint64_t first = k * ranges.stride + i * ranges.step;
            of_edges.insert(of_edges.end(), {first, first + ranges.length});
        }
    }
    file.add(path + "/node_id_to_ranges", of_node, 2);
    // The specification's name, and the one that BMTK and pysonata look for.
    file.link(path + "/node_id_to_ranges", path + "/node_id_to_range");
    file.add(path + "/range_to_edge_id", of_edges, 2);
}

// An index of edges of which no two lie at one distance: `ends` has a node of each.
void add_index(SonataFile& file, const std::string& path, std::size_t nodes,
               const std::vector<std::uint64_t>& ends) {
    std::vector<std::vector<std::uint64_t>> edges(nodes);
    for (std::size_t k = 0; k < ends.size(); ++k) edges[ends[k]].push_back(k);
    std::vector<std::uint64_t> of_node, of_edges;
    for (const std::vector<std::uint64_t>& of_one : edges) {
        const std::uint64_t first = of_edges.size() / 2;
        for (std::size_t k = 0; k < of_one.size(); ++k) {
            const bool goes_on = k > 0 && of_one[k] == of_one[k - 1] + 1;
            if (goes_on)
                ++of_edges.back();
            else
                of_edges.insert(of_edges.end(), {of_one[k], of_one[k] + 1});
        }
        of_node.insert(of_node.end(), {first, of_edges.size() / 2});
    }
    file.add(path + "/node_id_to_ranges", of_node, 2);
    file.link(path + "/node_id_to_ranges", path + "/node_id_to_range");
    file.add(path + "/range_to_edge_id", of_edges, 2);
}

// Edges of a set stored by rows are its synapses, which are known where its strengths were
// recorded.
void add_synapses(SonataFile& file, const std::string& path, const StoredRun& run,
                  const Circuit& circuit, const SynapseSet& set, std::uint64_t type) {
    const std::string recorded = quantity_path::of_synapses(set.name, quantity_path::strength);
    if (!run.has(recorded) || run.find(recorded).synapses.empty()) {
        throw Error(
            ExitCode::usage,
            fmt::format("{}: which synapses \"{}\" has is not known; expected its strengths "
                        "to be recorded, of all cells",
                        run.path(), set.name));
    }
    const std::size_t pre = static_cast<std::size_t>(circuit[set.pre].size);
    std::vector<std::uint64_t> source, target;
    for (const std::size_t place : run.find(recorded).synapses) {
        source.push_back(place % pre);
        target.push_back(place / pre);
    }
    file.add(path + "/source_node_id", source);
    file.set_attribute(path + "/source_node_id", "node_population", circuit[set.pre].name);
    file.add(path + "/target_node_id", target);
    file.set_attribute(path + "/target_node_id", "node_population", circuit[set.post].name);
    add_groups(file, path, "edge", source.size(), type);
    add_index(file, path + "/indices/target_to_source",
              static_cast<std::size_t>(circuit[set.post].size), target);
    add_index(file, path + "/indices/source_to_target", pre, source);
}

// Edge i * pre + j leads from presynaptic cell j to postsynaptic cell i.
void add_edges(SonataFile& file, const std::string& path, const StoredRun& run,
               const Circuit& circuit, const SynapseSet& set, std::uint64_t type) {
    if (set.is_by_rows()) return add_synapses(file, path, run, circuit, set, type);
    const auto post = static_cast<std::size_t>(circuit[set.post].size);
    const auto pre = static_cast<std::size_t>(circuit[set.pre].size);
    std::vector<std::uint64_t> source, target;
    for (std::size_t i = 0; i < post; ++i) {
        for (std::size_t j = 0; j < pre; ++j) {
            source.push_back(j);
            target.push_back(i);
        }
    }
    file.add(path + "/source_node_id", source);
    file.set_attribute(path + "/source_node_id", "node_population", circuit[set.pre].name);
    file.add(path + "/target_node_id", target);
    file.set_attribute(path + "/target_node_id", "node_population", circuit[set.post].name);
    add_groups(file, path, "edge", post * pre, type);
    add_index(file, path + "/indices/target_to_source", {post, 1, pre, pre, 0});
    add_index(file, path + "/indices/source_to_target", {pre, post, 1, 1, pre});
}

// False when the file has no row of its strengths in the window.
bool add_weights(SonataFile& file, const std::string& path, const StoredRun& run,
                 const Circuit& circuit, const SynapseSet& set, const StepRange& steps) {
    const std::string recorded = quantity_path::of_synapses(set.name, quantity_path::strength);
    if (!run.has(recorded)) return false;
    const StoredQuantity& strength = run.find(recorded);
    const RowRange rows = rows_in(run, strength.axis, steps);
    const std::uint64_t end = std::min(rows.first + rows.count, strength.rows);
    if (end <= rows.first || reports_of(run, circuit, strength).empty()) return false;
    const bool of_all = strength.chosen[0].empty() && strength.chosen[1].empty();
    if (!of_all) return false;
    file.add_short(path + "/0/syn_weight", run.read_stored(strength, end - 1, 1));
    file.set_attribute(path + "/0/syn_weight", "step",
                       static_cast<double>(run.steps(strength.axis, end - 1, 1).front()));
    return true;
}

// Columns are those of its own use.
std::string edge_type_line(const Circuit& circuit, SynapseSetId id) {
    const SynapseSet& set = circuit[id];
    const SynapseUse* use = circuit.own_use(id);
    return fmt::format("{} {} {} {} {} {} {}\n", type_of(id.value), set.name, circuit[set.pre].name,
                       circuit[set.post].name, use ? circuit.target_name(*use) : "NULL",
                       use ? circuit[use->phase].name : "NULL",
                       use ? use->delay * circuit.step_ms() : 0.0);
}

}  // namespace

std::string model_type(const Population& population) {
    return is_set_from_outside(population.role) ? "virtual" : "point_neuron";
}

std::vector<std::string> write_network(const StoredRun& run, const Circuit& circuit,
                                       const StepRange& steps, const std::string& folder) {
    write_nodes(circuit, folder);
    SonataFile file(folder + "/edges.h5");
    std::string types = "edge_type_id pop_name source target compartment phase delay\n";
    std::vector<std::string> without_weights;
    for (std::size_t k = 0; k < circuit.synapses.size(); ++k) {
        const SynapseSet& set = circuit.synapses[k];
        const std::string path = "/edges/" + set.name;
        add_edges(file, path, run, circuit, set, type_of(k));
        types += edge_type_line(circuit, SynapseSetId(k));
        if (!add_weights(file, path, run, circuit, set, steps)) without_weights.push_back(set.name);
    }
    file.close();
    write_file(folder + "/edge_types.csv", types);
    return without_weights;
}

}  // namespace apical
