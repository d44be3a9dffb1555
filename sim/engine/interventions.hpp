#pragma once

#include <cstdint>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// The numbers of a program's events, 1 while the event is on. They follow from time alone, so that
// nothing of them needs to be saved.
class Interventions {
public:
    // All references must outlive this.
    Interventions(const Program& program, const Circuit& circuit, State& state);

    bool any() const { return !events_.empty(); }
    // What they are in a phase that ends at this time, in nanoseconds from the run's beginning: an
    // event acts from the end of the phase on in which it begins. Allocates nothing.
    void set(std::int64_t end_of_phase);

    struct Event {
        const Intervention* is = nullptr;
        double* number = nullptr;
    };
    const std::vector<Event>& events() const { return events_; }

private:
    std::vector<Event> events_;
};

// Writes which cells and synapses events of some of them change, drawn from the streams
// "event/NAME".
void choose_cells(State& state, const Circuit& circuit, std::uint32_t seed);

}  // namespace apical
