// The events that a run file tells.
#include "sim/simulation/scheduler.hpp"

namespace apical {

void Scheduler::record_event(const Event& event) {
    static constexpr std::string_view kinds[] = {event_kind::phase_end,  event_kind::phase_end,
                                                 event_kind::sample,     event_kind::step_end,
                                                 event_kind::input,      event_kind::phase_begin,
                                                 event_kind::phase_begin};
    const double ms = static_cast<double>(event.time) / nanoseconds_per_ms;
    if (event.kind == EventKind::gate_move) {
        const Gate& gate = circuit_.gates[event.argument / 2];
        return recorder_->event(
            ms, event.argument % 2 ? event_kind::gate_opens : event_kind::gate_closes, gate.name);
    }
    const bool begins_phase =
        event.kind == EventKind::phase_begin || event.kind == EventKind::turn_begin;
    const bool of_phase =
        begins_phase || event.kind == EventKind::phase_end || event.kind == EventKind::turn_end;
    if (of_phase && is_within_phase(event)) return;
    recorder_->event(ms, kinds[static_cast<std::size_t>(event.kind)],
                     of_phase ? event_names_[event.argument] : "");
    if (begins_phase) record_gates(event.argument, ms);
}

// Gates that move where a phase begins.
void Scheduler::record_gates(std::size_t phase, double ms) {
    const std::size_t last = phase_before(phase);
    const bool begins = ms == 0.0;  // before the run no gate was open
    for (const Gate& gate : circuit_.gates) {
        if (gate.is_by_cells() || !gate.timing.is_exact()) continue;
        const bool was_open = !begins && gate.open_in[last];
        if (gate.open_in[phase] == was_open) continue;
        recorder_->event(ms, gate.open_in[phase] ? event_kind::gate_opens : event_kind::gate_closes,
                         gate.name);
    }
}

// Events of [event.*] that begin or end within a phase, at their own times.
void Scheduler::record_interventions(std::int64_t begin, std::int64_t end) {
    for (const Interventions::Event& event : interventions_.events()) {
        const bool was_on = event.is->is_on(begin - 1), is_on = event.is->is_on(end - 1);
        if (was_on == is_on) continue;
        const std::int64_t began = event.is->last_begin(is_on ? end - 1 : begin - 1),
                           at = is_on ? began : began + event.is->lasts;
        recorder_->event(in_ms(at), is_on ? event_kind::event_begins : event_kind::event_ends,
                         event.is->name);
    }
}

}  // namespace apical
