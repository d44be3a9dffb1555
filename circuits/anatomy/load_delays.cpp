// Delays of axons, in steps, as a time or by iterations.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"

namespace apical {

namespace {

std::string nearest_text(std::int64_t delay, std::int64_t step) {
    const std::int64_t below = delay / step;
    return fmt::format("nearest are {:.6g} and {:.6g}", in_ms(below * step),
                       in_ms((below + 1) * step));
}

// `delay` is not both: where it is left out its default goes.
Delay delay_of_ms(const Circuit& circuit, const Section& section) {
    const Where where = section.where("delay_ms");
    if (section.is_stated("delay")) {
        reject(where,
               fmt::format("[{}] has delay and delay_ms; expected one of them", section.name()));
    }
    section.erase("delay");
    const double ms = section.number("delay_ms");
    const std::int64_t delay = std::llround(ms * nanoseconds_per_ms),
                       step = circuit.step_nanoseconds();
    if (delay % step != 0) {
        reject(where, fmt::format("delay_ms = {:.6g} is no whole number of steps of {:.6g} ms; {}",
                                  ms, in_ms(step), nearest_text(delay, step)));
    }
    if (delay / step > most_delay) {
        reject(where, fmt::format("delay_ms = {:.6g} is {} steps; expected at most {}", ms,
                                  delay / step, most_delay));
    }
    return {static_cast<int>(delay / step), false, where};
}

// Delays by phase are of phases in which the set transmits.
void check_phases(const Section& section, const Table& delays) {
    std::vector<std::string> known;
    for (const Text& phase : section.texts("during")) known.push_back(phase.text);
    for (const Entry& entry : delays.entries) {
        if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
        reject(entry.where,
               fmt::format("[{}] has a delay in \"{}\", but transmits in {}.{}", section.name(),
                           shortened(entry.key), list_of(known), did_you_mean(entry.key, known)));
    }
}

}  // namespace

Delay load_delay(const Circuit& circuit, const Section& section, PhaseId phase) {
    if (section.has("delay_ms")) return delay_of_ms(circuit, section);
    const Value* delay = &section.value("delay");
    if (const auto* by_phase = std::get_if<Table>(&delay->content)) {
        check_phases(section, *by_phase);
        delay = by_phase->find(circuit[phase].name);
        if (!delay) return {};
    }
    if (const auto* steps = std::get_if<std::int64_t>(&delay->content))
        return {static_cast<int>(*steps), false, delay->where};
    return {0, true, delay->where};
}

}  // namespace apical
