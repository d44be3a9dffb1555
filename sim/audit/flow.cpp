#include "sim/audit/flow.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <numeric>

namespace apical {

namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

template <class Edges>
std::vector<std::size_t> components_of(std::size_t slots, const Edges& edges) {
    std::vector<std::size_t> components(slots);
    if (components.empty()) return components;
    const Graph graph(edges.begin(), edges.end(), slots);
    boost::strong_components(graph, boost::make_iterator_property_map(
                                        components.begin(), get(boost::vertex_index, graph)));
    return components;
}

}  // namespace

Flow::Flow(const Program& program, const std::vector<Edge>& edges)
    : program_(program),
      order_(program.operations.size()),
      first_written_(program.slots.size(), program.operations.size()),
      component_(components_of(program.slots.size(), edges)) {
    const auto written = [&](std::size_t i) {
        return program.operations[i].operands[0].slot.value;
    };
    for (std::size_t i = order_.size(); i-- > 0;) first_written_[written(i)] = i;
    std::iota(order_.begin(), order_.end(), 0);
    // The library numbers what comes last first.
    std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return component_[written(a)] > component_[written(b)];
    });
}

double Flow::lateness(std::size_t i, SlotId slot) const {
    const std::vector<Operation>& all = program_.operations;
    if (!is_late(i, slot)) return 0.0;
    const std::size_t writes = first_written_[slot.value];
    const bool together = writes < all.size() &&
                          program_.loop_of(all[writes].phase) == program_.loop_of(all[i].phase) &&
                          all[writes].iterations == all[i].iterations;
    // From the last step that carries out a phase to the next one that does.
    const PeriodicSteps steps = writes < all.size() ? steps_of(all[writes]) : PeriodicSteps{};
    const bool is_of_phase = writes < all.size() && all[writes].first >= 0;
    if (is_of_phase) return steps.period - (steps.last - steps.first);
    return together ? 1.0 / all[i].iterations : 1.0;
}

bool Flow::closes_loop(std::size_t i, SlotId slot) const {
    const SlotId written = program_.operations[i].operands[0].slot;
    return component_[slot.value] == component_[written.value] && is_late(i, slot);
}

}  // namespace apical
