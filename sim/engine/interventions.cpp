#include "sim/engine/interventions.hpp"

#include <algorithm>
#include <cmath>

#include "circuits/program/noise_streams.hpp"
#include "sim/numbers/random.hpp"

namespace apical {

namespace {

const Intervention* event_of(const Circuit& circuit, const Slot& slot) {
    for (const Intervention& event : circuit.interventions)
        if (event.name == slot.quantity) return &event;
    return nullptr;
}

// Exactly `count` of `all`, by Floyd's sample.
std::vector<bool> sample(const Stream& stream, std::size_t all, std::size_t count) {
    std::vector<bool> taken(all);
    for (std::size_t m = 0; m < count; ++m) {
        const std::size_t last = all - count + m;
        const std::uint64_t upper = stream.bits(0, m) >> 32;
        const auto drawn = static_cast<std::size_t>(upper * (last + 1) >> 32);
        taken[taken[drawn] ? last : drawn] = true;
    }
    return taken;
}

std::vector<bool> some_cells(const Intervention& event, int size, const Stream& stream) {
    const auto count = static_cast<std::size_t>(size);
    if (event.chosen.empty()) {
        const double wanted = std::round(event.fraction * size);
        return sample(stream, count, static_cast<std::size_t>(wanted));
    }
    std::vector<bool> some(count);
    for (const int cell : event.chosen) some[static_cast<std::size_t>(cell)] = true;
    return some;
}

class Choice {
public:
    Choice(State& state, const Circuit& circuit, const Intervention& event, SlotId slot,
           std::uint32_t seed)
        : state_(state),
          circuit_(circuit),
          event_(event),
          slot_(slot),
          is_(state.program()[slot]),
          stream_(seed, stream_of_event(event)) {}

    void make() {
        if (is_vector(is_.shape)) {
            const std::vector<bool> some = some_cells(event_, is_.rows, stream_);
            for (std::size_t i = 0; i < some.size(); ++i)
                state_.data(slot_)[i] = some[i] ? 1.0 : 0.0;
        } else if (event_.synapses && event_.chosen.empty()) {
            choose_synapses();
        } else {
            choose_by_cells();
        }
    }

private:
    // Chooses among the synapses that exist: a matrix that lacks some is 0 there, and has numbers
    // that say so where it changes.
    void choose_synapses() {
        std::vector<std::size_t> places;
        const Program& program = state_.program();
        SlotId exists = program.tag_of(is_.synapses, connected_name);
        if (!exists && circuit_[is_.synapses].has_gaps())
            exists = program.strength_of(is_.synapses);
        for (std::size_t k = 0; k < entries_of(is_); ++k) {
            const std::size_t at = entry_of(is_, k).place;
            if (!exists || state_.data(exists)[at] != 0.0) places.push_back(at);
        }
        const double wanted = std::round(event_.fraction * static_cast<double>(places.size()));
        const auto some = sample(stream_, places.size(), static_cast<std::size_t>(wanted));
        for (std::size_t k = 0; k < places.size(); ++k)
            state_.data(slot_)[places[k]] = some[k] ? 1.0 : 0.0;
    }

    // Synapses that end on these cells; of a lesioned population those that come from them, too.
    void choose_by_cells() {
        const SynapseSet& set = circuit_[is_.synapses];
        const PopulationId cells = event_.synapses ? set.post : event_.cells;
        const std::vector<bool> some = some_cells(event_, circuit_[cells].size, stream_);
        for (std::size_t k = 0; k < entries_of(is_); ++k) {
            const auto [row, column, at] = entry_of(is_, k);
            const bool ends = set.post == cells && some[row],
                       begins = !event_.synapses && set.pre == cells && some[column];
            state_.data(slot_)[at] = ends || begins ? 1.0 : 0.0;
        }
    }

    State& state_;
    const Circuit& circuit_;
    const Intervention& event_;
    SlotId slot_;
    const Slot& is_;
    Stream stream_;
};

}  // namespace

Interventions::Interventions(const Program& program, const Circuit& circuit, State& state) {
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        if (slot.what != What::event) continue;
        if (const Intervention* event = event_of(circuit, slot))
            events_.push_back({event, state.data(SlotId(i))});
    }
}

void Interventions::set(std::int64_t end_of_phase) {
    for (const Event& event : events_)
        *event.number = event.is->is_on(end_of_phase - 1) ? 1.0 : 0.0;
}

void choose_cells(State& state, const Circuit& circuit, std::uint32_t seed) {
    const Program& program = state.program();
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        const Intervention* event = slot.what == What::chosen ? event_of(circuit, slot) : nullptr;
        if (event) Choice(state, circuit, *event, SlotId(i), seed).make();
    }
}

}  // namespace apical
