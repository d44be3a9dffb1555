#include "sim/show/export/sonata_report.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "circuits/program/quantity_path.hpp"
#include "sim/show/export/sonata_file.hpp"

namespace apical {

namespace {

std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts;
    for (std::size_t begin = 1; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

// A name of a file: '/' has another meaning there.
std::string file_name_of(std::string text) {
    std::replace(text.begin(), text.end(), '/', '.');
    return text;
}

// Sets whose cells the numbers are of; false when they are of none, or not of so many.
bool find_nodes(const Circuit& circuit, const StoredQuantity& quantity, SonataReport& report) {
    const std::vector<std::string> parts = parts_of(quantity.path);
    std::vector<std::size_t> cells = quantity.row;
    if (quantity.by_phase) cells.erase(cells.begin());
    const auto is_size_of = [&](PopulationId id, std::size_t dimension) {
        const auto size = static_cast<std::size_t>(circuit[id].size);
        const std::size_t place = dimension + (quantity.by_phase ? 1 : 0);
        const std::vector<std::size_t>& chosen = quantity.chosen[place];
        return chosen.empty() ? cells[dimension] == size : chosen.back() < size;
    };
    if (quantity_path::is_of_state(quantity.path) && parts.size() >= 3 && cells.size() == 1) {
        report.population = circuit.find_population(parts[1]);
        if (parts.size() == 4)
            report.compartment = circuit.find_compartment(parts[1] + '.' + parts[2]);
        return report.population && is_size_of(report.population, 0);
    }
    const bool strengths = quantity_path::is_of_synapses(quantity.path) &&
                           quantity_path::name_of(quantity.path) == quantity_path::strength;
    if (strengths && cells.size() == 2) {
        const SynapseSetId set = circuit.find_synapses(parts[1]);
        if (!set) return false;
        report.population = circuit[set].post;
        report.of_synapses = true;
        return is_size_of(circuit[set].post, 0) && is_size_of(circuit[set].pre, 1);
    }
    return false;
}

// "hidden.apical.voltage", "W_rec.strength"
std::string variable_name(const StoredQuantity& quantity) {
    return file_name_of(quantity.path.substr(quantity.path.find('/', 1) + 1));
}

std::size_t elements_per_node(const SonataReport& report) {
    return report.of_synapses ? report.quantity->row.back() : 1;
}

// Its number among the compartments of its population, the soma's is 0.
std::uint32_t element_of(const Circuit& circuit, const SonataReport& report) {
    if (!report.compartment) return 0;
    const auto& all = circuit[report.population].compartments;
    return static_cast<std::uint32_t>(std::find(all.begin(), all.end(), report.compartment) -
                                      all.begin());
}

// A synapse is known by its number among the edges of its set: i * pre + j leads from presynaptic
// cell j to postsynaptic cell i.
std::vector<std::uint32_t> edges_of(const Circuit& circuit, const StoredQuantity& quantity) {
    if (!quantity.synapses.empty()) {  // all edges, in their order
        std::vector<std::uint32_t> edges(quantity.synapses.size());
        std::iota(edges.begin(), edges.end(), std::uint32_t{0});
        return edges;
    }
    const SynapseSet& set = circuit[circuit.find_synapses(parts_of(quantity.path)[1])];
    const auto pre = static_cast<std::size_t>(circuit[set.pre].size);
    std::vector<std::uint32_t> edges;
    for (std::size_t i = 0; i < quantity.row[0]; ++i) {
        for (std::size_t j = 0; j < quantity.row[1]; ++j)
            edges.push_back(static_cast<std::uint32_t>(cell_at(quantity, 0, i) * pre +
                                                       cell_at(quantity, 1, j)));
    }
    return edges;
}

// The first column of a node: `each` has as many, or as many as it has synapses.
std::uint64_t first_column_of(const StoredQuantity& quantity, std::size_t node, std::size_t each) {
    if (quantity.synapses.empty()) return node * each;
    const auto first = std::lower_bound(quantity.synapses.begin(), quantity.synapses.end(),
                                        node * quantity.row.back());
    return static_cast<std::uint64_t>(first - quantity.synapses.begin());
}

// Which columns of the data belong to which node, as both libsonata and BMTK look for it.
void write_mapping(const Circuit& circuit, const SonataReport& report, const std::string& mapping,
                   SonataFile& file) {
    const StoredQuantity& quantity = *report.quantity;
    const std::size_t dimension = quantity.by_phase ? 1 : 0, nodes = quantity.row[dimension];
    const std::size_t each = elements_per_node(report);
    std::vector<std::uint64_t> ids(nodes), pointers(nodes + 1);
    for (std::size_t i = 0; i < nodes; ++i) ids[i] = cell_at(quantity, dimension, i);
    for (std::size_t i = 0; i <= nodes; ++i) pointers[i] = first_column_of(quantity, i, each);
    std::vector<std::uint32_t> elements(nodes * each, element_of(circuit, report));
    if (report.of_synapses) elements = edges_of(circuit, quantity);
    file.add(mapping + "/node_ids", ids);
    file.set_flag(mapping + "/node_ids", "sorted");
    file.add(mapping + "/index_pointers", pointers);
    file.link(mapping + "/index_pointers", mapping + "/index_pointer");
    file.add(mapping + "/element_ids", elements);
    file.add_short(mapping + "/element_pos", std::vector<double>(elements.size(), 0.5));
    // Readers count frames by t += dt up to the stop, which only whole numbers keep exact.
    const EvenStretch& stretch = report.stretch;
    file.add(mapping + "/time", std::vector<double>{double(stretch.first_step),
                                                    double(stretch.last_step() + stretch.every),
                                                    double(stretch.every)});
    file.set_attribute(mapping + "/time", "units", std::string("step"));
}

void write_data(const StoredRun& run, const SonataReport& report, const std::string& data,
                SonataFile& file) {
    const StoredQuantity& quantity = *report.quantity;
    const bool by_synapse = !quantity.synapses.empty();
    const std::size_t columns =
        by_synapse ? quantity.synapses.size()
                   : quantity.row_numbers() / (report.phase ? quantity.row.front() : 1);
    const auto [first, count] = report.stretch.rows;
    file.add_table(data, count, columns);
    const std::uint64_t block = std::max<std::uint64_t>(1, (std::uint64_t{1} << 19) / columns);
    for (std::uint64_t row = 0; row < count; row += block) {
        const std::uint64_t rows = std::min(block, count - row);
        file.write_rows(data, row, rows,
                        by_synapse
                            ? run.read_stored(quantity, first + row, rows)
                            : run.read_part(quantity, first + row, rows, report.phase.value_or(0),
                                            0, quantity.row.back()));
    }
    file.set_attribute(data, "units", quantity.units);
}

}  // namespace

std::string sonata_variable(const std::string& address) {
    const std::size_t last_dot = address.rfind('.');
    std::string name;
    for (std::size_t at = 0; at < address.size(); ++at) {
        const char c = address[at];
        const bool is_word = std::isalnum(static_cast<unsigned char>(c)) || c == '_';
        if (is_word || at == last_dot) {
            name += c;
        } else if (c != ')') {
            name += '_';
        }
    }
    return name;
}

double phase_end_ms_of(const Circuit& circuit, const SonataReport& report) {
    return report.phase ? circuit.phase_end_ms()[*report.phase] : circuit.step_ms();
}

std::vector<SonataReport> reports_of(const StoredRun& run, const Circuit& circuit,
                                     const StoredQuantity& quantity) {
    SonataReport report;
    report.name = variable_name(quantity);
    report.quantity = &quantity;
    if (!find_nodes(circuit, quantity, report)) return {};
    if (!quantity.by_phase) return {report};
    std::vector<SonataReport> all;
    for (std::size_t p = 0; p < run.phases().size(); ++p) {
        all.push_back(report);
        all.back().name += '.' + file_name_of(run.phases()[p]);
        all.back().phase = p;
    }
    return all;
}

void write_report(const StoredRun& run, const Circuit& circuit, const SonataReport& report,
                  const std::string& path) {
    SonataFile file(path);
    const std::string group = "/report/" + circuit[report.population].name;
    write_mapping(circuit, report, group + "/mapping", file);
    write_data(run, report, group + "/data", file);
    file.set_attribute("/", "address", report.quantity->address);
    file.set_attribute("/", "phase", report.phase ? run.phases()[*report.phase] : std::string());
    file.set_attribute("/", "step_ms", circuit.step_ms());
    file.set_attribute("/", "phase_end_ms", phase_end_ms_of(circuit, report));
    file.close();
}

}  // namespace apical
