#include "circuits/anatomy/anatomy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/topological_sort.hpp>

#include "circuits/anatomy/address.hpp"

namespace apical {

namespace {

// Vertices: compartments, gating interneurons, and the firing of populations.
using Vertex = std::variant<CompartmentId, GateId, PopulationId>;

// Edges: what leads from a compartment to the firing of its cells; an interneuron's inhibition; one
// use of a synapse set; a wire.
struct Path {};
struct Inhibition {};
struct Synapses {
    const SynapseUse* use;
};
struct Paired {
    const Wire* wire;
};
using Edge = std::variant<Path, Inhibition, Synapses, Paired>;

using Anatomy =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex, Edge>;
using VertexIndex = boost::graph_traits<Anatomy>::vertex_descriptor;
using EdgeIndex = boost::graph_traits<Anatomy>::edge_descriptor;

// Vertices are numbered compartments, then gates, then populations.
struct Numbering {
    const Circuit& circuit;
    VertexIndex operator()(CompartmentId c) const { return c.value; }
    VertexIndex operator()(GateId g) const { return circuit.compartments.size() + g.value; }
    VertexIndex operator()(PopulationId p) const {
        return circuit.compartments.size() + circuit.gates.size() + p.value;
    }
};

Anatomy vertices_of(const Circuit& circuit) {
    Anatomy graph;
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i)
        add_vertex(CompartmentId(i), graph);
    for (std::size_t i = 0; i < circuit.gates.size(); ++i) add_vertex(GateId(i), graph);
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) add_vertex(PopulationId(i), graph);
    return graph;
}

// What a wire carries of now. A potential is read when all that takes place inside its cells has
// done so, before other cells receive it.
void add_wire(Anatomy& graph, const Circuit& circuit, const Wire& wire) {
    const Numbering at{circuit};
    if (!wire.source_voltage) {
        if (circuit.fires(wire.source, wire.phase))
            add_edge(at(wire.source), at(wire.target), Paired{&wire}, graph);
        return;
    }
    const bool is_of_others = circuit[wire.target].population != wire.source;
    if (!is_of_others) {
        add_edge(at(wire.source_voltage), at(wire.target), Paired{&wire}, graph);
        return;
    }
    add_edge(at(wire.source_voltage), at(wire.source), Path{}, graph);
    add_edge(at(wire.source), at(wire.target), Paired{&wire}, graph);
}

// With the soma all branches go where tips lead them, through gates that are made by then.
void add_coupling(Anatomy& graph, const Circuit& circuit, CompartmentId dendrite) {
    const Numbering at{circuit};
    const VertexIndex soma = at(circuit.soma(circuit[dendrite].population));
    if (circuit.is_branch(dendrite)) {
        add_edge(soma, at(dendrite), Path{}, graph);
    } else {
        add_edge(at(dendrite), soma, Path{}, graph);
    }
    const GateId gate = circuit[dendrite].gate;
    if (gate && circuit[gate].is_by_cells()) add_edge(at(gate), soma, Inhibition{}, graph);
}

// Only what acts at once within the phase: no synapses that carry what was before, no closed
// compartments, no rate made in another phase.
Anatomy instantaneous(const Circuit& circuit, PhaseId phase) {
    Anatomy graph = vertices_of(circuit);
    const Numbering at{circuit};
    const auto end_of = [&](const SynapseUse& use) {
        return use.gate ? at(use.gate) : at(use.target);
    };
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        const CompartmentId c(i);
        const PopulationId cells = circuit[c].population;
        const bool leads_on = circuit.is_open(c, phase) && circuit.fires(cells, phase);
        if (leads_on) add_edge(at(c), at(cells), Path{}, graph);
        if (circuit.is_coupled(c)) add_coupling(graph, circuit, c);
    }
    for (const SynapseUse& use : circuit.uses) {
        if (use.phase != phase || use.delay > 0 || use.before) continue;
        if (use.source_voltage) {
            add_edge(at(use.source_voltage), end_of(use), Synapses{&use}, graph);
        } else if (circuit.fires(use.source, phase)) {
            add_edge(at(use.source), end_of(use), Synapses{&use}, graph);
        }
    }
    for (const Wire& wire : circuit.wires)
        if (wire.phase == phase && wire.is_of_now()) add_wire(graph, circuit, wire);
    for (std::size_t i = 0; i < circuit.gates.size(); ++i) {
        const PopulationId cells = circuit[circuit.gates[i].compartment].population;
        const bool is_coupled = circuit.is_coupled(circuit.gates[i].compartment);
        if (circuit.gates[i].is_by_cells() && !is_coupled && circuit.fires(cells, phase))
            add_edge(at(GateId(i)), at(cells), Inhibition{}, graph);
    }
    const PopulationId error = circuit.find_role(Role::error);
    if (error && circuit[error].fires_in == phase && !circuit[phase].together) {
        add_edge(at(circuit[error].same_cells_as), at(circuit.soma(error)), Path{}, graph);
    }
    return graph;
}

struct FoundLoop {
    std::vector<EdgeIndex> edges;
};

// Follows the tree of a depth-first search back from the edge that closes a loop.
struct LoopFinder : boost::default_dfs_visitor {
    explicit LoopFinder(std::vector<EdgeIndex>& into) : into_edge(into) {}
    void tree_edge(EdgeIndex edge, const Anatomy& graph) { into_edge[target(edge, graph)] = edge; }
    void back_edge(EdgeIndex edge, const Anatomy& graph) {
        FoundLoop loop;
        const VertexIndex start = target(edge, graph);
        loop.edges.push_back(edge);
        for (VertexIndex v = source(edge, graph); v != start; v = source(into_edge[v], graph)) {
            loop.edges.push_back(into_edge[v]);
        }
        std::reverse(loop.edges.begin(), loop.edges.end());
        throw loop;
    }
    std::vector<EdgeIndex>& into_edge;
};

std::string vertex_name(const Circuit& circuit, const Vertex& vertex) {
    struct Name {
        const Circuit& circuit;
        std::string operator()(CompartmentId c) const { return circuit.full_name(c); }
        std::string operator()(GateId g) const {
            return gate_of_cells_address(circuit.full_name(circuit[g].compartment));
        }
        std::string operator()(PopulationId p) const { return rate_address(circuit[p].name); }
    };
    return std::visit(Name{circuit}, vertex);
}

[[noreturn]] void reject_loop(const Circuit& circuit, PhaseId phase, const Anatomy& graph,
                              const FoundLoop& loop) {
    std::string text = vertex_name(circuit, graph[source(loop.edges.front(), graph)]);
    Where somewhere;
    const char* what = "a wire";
    for (const EdgeIndex edge : loop.edges) {
        if (const auto* synapses = std::get_if<Synapses>(&graph[edge])) {
            somewhere = synapses->use->where;
            what = "a synapse set";
            text += fmt::format(" -({})-> ", circuit[synapses->use->set].name);
        } else if (const auto* paired = std::get_if<Paired>(&graph[edge])) {
            if (somewhere.line == 0) somewhere = paired->wire->where;
            text += fmt::format(" -({})-> ", paired->wire->asked_by);
        } else {
            text += " -> ";
        }
        text += vertex_name(circuit, graph[target(edge, graph)]);
    }
    reject(somewhere,
           fmt::format("phase \"{}\" has an instantaneous loop: {}; expected {} in it to have "
                       "delay = 1 or to transmit in another phase",
                       circuit[phase].name, text, what));
}

}  // namespace

std::vector<Station> order_of_phase(const Circuit& circuit, PhaseId phase) {
    const Anatomy graph = instantaneous(circuit, phase);
    std::vector<EdgeIndex> into_edge(num_vertices(graph));
    try {
        boost::depth_first_search(graph, boost::visitor(LoopFinder(into_edge)));
    } catch (const FoundLoop& loop) {
        reject_loop(circuit, phase, graph, loop);
    }
    std::vector<VertexIndex> reversed;
    boost::topological_sort(graph, std::back_inserter(reversed));
    std::vector<Station> order;
    for (auto v = reversed.rbegin(); v != reversed.rend(); ++v) {
        if (const auto* c = std::get_if<CompartmentId>(&graph[*v])) order.push_back(*c);
        if (const auto* g = std::get_if<GateId>(&graph[*v]); g && circuit[*g].is_by_cells())
            order.push_back(*g);
        if (const auto* p = std::get_if<PopulationId>(&graph[*v])) order.push_back(*p);
    }
    return order;
}

}  // namespace apical
