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
        if (circuit.is_coupled(c)) add_edge(at(c), at(circuit.soma(cells)), Path{}, graph);
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
        if (circuit.gates[i].is_by_cells() && circuit.fires(cells, phase))
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

std::string dot_compartment(const Circuit& circuit, CompartmentId c) {
    return fmt::format("\"{}\"", circuit.full_name(c));
}

// A compartment, or the gate of its path.
std::string dot_end(const Circuit& circuit, const SynapseUse& use) {
    if (!use.gate) return dot_compartment(circuit, use.target);
    return fmt::format("\"gate.{}\"", circuit[use.gate].name);
}

std::string dot_population(const Circuit& circuit, PopulationId p) {
    const Population& cells = circuit[p];
    std::string text = fmt::format(
        "  subgraph \"cluster_{}\" {{\n    label=\"{} ({})\"; style=rounded; color=\"#888888\";\n",
        cells.name, cells.name, cells.size);
    for (const CompartmentId c : cells.compartments) {
        text += fmt::format("    {} [label=\"{}\", shape={}];\n", dot_compartment(circuit, c),
                            circuit[c].name, circuit.is_soma(c) ? "ellipse" : "box");
    }
    text += "  }\n";
    for (const CompartmentId c : circuit.coupled_dendrites(p)) {
        text += fmt::format("  {} -> {} [dir=none, penwidth=2, label=\"{} / ms\"];\n",
                            dot_compartment(circuit, c), dot_compartment(circuit, circuit.soma(p)),
                            *circuit[c].conductance);
    }
    return text;
}

// How what inhibits is drawn.
constexpr const char* dot_inhibition = ", arrowhead=tee, class=inhibitory";
constexpr const char* dot_inhibition_colour = ", color=\"#2050a0\"";

std::string dot_synapses(const Circuit& circuit, const SynapseUse& use, bool inhibits) {
    const bool is_proper = !use.reverse && circuit.is_between_own_cells(use);
    return fmt::format("  {} -> {} [label=\"{}{}\\n{}{}\"{}{}];\n",
                       dot_compartment(circuit, use.source_voltage ? use.source_voltage
                                                                   : circuit.soma(use.source)),
                       dot_end(circuit, use), circuit[use.set].name,
                       use.reverse                         ? " (back)"
                       : circuit.is_between_own_cells(use) ? ""
                                                           : " (of other cells)",
                       circuit[use.phase].name,
                       use.delay    ? ", delay 1"
                       : use.before ? ", rates of before"
                                    : "",
                       !is_proper ? ", style=dashed, color=\"#b04000\""
                       : inhibits ? dot_inhibition_colour
                                  : "",
                       inhibits ? dot_inhibition : "");
}

// A wire with all of its phases, of which this is the first; nothing of the others.
std::string dot_wire(const Circuit& circuit, const Wire& wire) {
    std::vector<std::string> phases;
    for (const Wire& other : circuit.wires) {
        const bool is_same = other.asked_by == wire.asked_by && other.source == wire.source &&
                             other.gain == wire.gain && other.target == wire.target;
        if (!is_same) continue;
        if (phases.empty() && &other != &wire) return "";
        phases.push_back(circuit[other.phase].name);
    }
    std::string how = wire.clamps ? ", clamps" : ", one to one";
    if (wire.gain != 1.0) how += fmt::format(", times {:.6g}", wire.gain);
    if (wire.is_previous) how += ", delay 1";
    if (wire.before) how += ", of before";
    if (wire.at_end) how += fmt::format(", of the end of {}", circuit[wire.at_end].name);
    const bool inhibits = wire.gain < 0.0;
    return fmt::format("  {} -> {} [label=\"{}\\n{}{}\", style=dashed{}{}];\n",
                       dot_compartment(circuit, wire.source_voltage ? wire.source_voltage
                                                                    : circuit.soma(wire.source)),
                       dot_compartment(circuit, wire.target),
                       wire.asked_by.substr(wire.asked_by.find('.') + 1),
                       fmt::format("{}", fmt::join(phases, ", ")), how,
                       wire.source_voltage ? ", color=\"#b04000\""
                       : inhibits          ? dot_inhibition_colour
                                           : "",
                       inhibits ? dot_inhibition : "");
}

std::string phases_of(const Circuit& circuit, const Gate& gate) {
    std::vector<std::string> phases;
    for (std::size_t p = 0; p < gate.open_in.size(); ++p) {
        if (gate.open_in[p]) phases.push_back(circuit.phases[p].name);
    }
    return list_of(phases);
}

// An interneuron, and the path to the soma that it opens.
std::string dot_gate(const Circuit& circuit, const Gate& gate) {
    const CompartmentId c = gate.compartment;
    std::string text = fmt::format(
        "  \"gate.{0}\" [label=\"{0}\", fontsize=11, style=filled, fillcolor=\"#dddddd\"];\n"
        "  \"gate.{0}\" -> {1} [arrowhead=tee, label=\"{3} during {2}\"];\n",
        gate.name, dot_compartment(circuit, c), phases_of(circuit, gate),
        gate.is_by_cells() ? "meant to open" : "opens");
    if (!circuit.is_soma(c) && !circuit.is_coupled(c)) {
        text += fmt::format("  {} -> {} [style=dotted, label=\"drives firing\"];\n",
                            dot_compartment(circuit, c),
                            dot_compartment(circuit, circuit.soma(circuit[c].population)));
    }
    return text;
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

std::vector<SynapseSetId> inhibitory_at_start(const Circuit& circuit) {
    std::vector<SynapseSetId> found;
    for (std::size_t k = 0; k < circuit.synapses.size(); ++k) {
        const Initializer& init = circuit.synapses[k].init;
        using Kind = Initializer::Kind;
        // An identity has zeros beside its diagonal.
        const bool is_scale = init.kind == Kind::constant || init.kind == Kind::identity ||
                              init.kind == Kind::half_normal || init.kind == Kind::lognormal;
        const bool is_range = init.kind == Kind::uniform;
        const double lowest = is_scale ? init.scale.factor : init.low.factor;
        const double highest = is_scale ? init.scale.factor : init.high.factor;
        const bool starts_below = (is_scale || is_range) && lowest < 0.0 && highest <= 0.0;
        if (starts_below || circuit.strength_range(SynapseSetId(k)).high <= 0.0)
            found.push_back(SynapseSetId(k));
    }
    return found;
}

std::string to_dot(const Circuit& circuit, std::string title,
                   const std::vector<SynapseSetId>& inhibitory) {
    std::replace(title.begin(), title.end(), '"', '\'');
    std::replace(title.begin(), title.end(), '\\', '/');
    std::string text = fmt::format(
        "digraph circuit {{\n  label=\"{}\"; labelloc=t; rankdir=BT; nodesep=0.5; "
        "fontname=Helvetica;\n"
        "  node [fontname=Helvetica]; edge [fontname=Helvetica, fontsize=10];\n",
        title);
    for (std::size_t p = 0; p < circuit.populations.size(); ++p)
        text += dot_population(circuit, PopulationId(p));
    for (const SynapseUse& use : circuit.uses) {
        const bool inhibits =
            std::find(inhibitory.begin(), inhibitory.end(), use.set) != inhibitory.end();
        text += dot_synapses(circuit, use, inhibits);
    }
    for (const Wire& wire : circuit.wires) text += dot_wire(circuit, wire);
    const PopulationId error = circuit.find_role(Role::error);
    if (error) {
        for (const Role role : {Role::output, Role::label}) {
            text += fmt::format(
                "  {} -> {} [label=\"{}one to one\\n{}\"{}{}];\n",
                dot_compartment(circuit, circuit.soma(circuit.find_role(role))),
                dot_compartment(circuit, circuit.soma(error)), role == Role::label ? "-" : "",
                circuit[circuit[error].fires_in].name, role == Role::label ? dot_inhibition : "",
                role == Role::label ? dot_inhibition_colour : "");
        }
    }
    for (const Gate& gate : circuit.gates) text += dot_gate(circuit, gate);
    return text + "}\n";
}

}  // namespace apical
