// Delays that are given as a time.
#include <fmt/format.h>

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

}  // namespace

int load_delay_ms(const Circuit& circuit, const Section& section, Table& table, bool stated) {
    if (!section.has("delay_ms")) return -1;
    const Where where = section.where("delay_ms");
    if (stated) {
        reject(where,
               fmt::format("[{}] has delay and delay_ms; expected one of them", section.name()));
    }
    std::erase_if(table.entries, [](const Entry& entry) { return entry.key == "delay"; });
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
    return static_cast<int>(delay / step);
}

}  // namespace apical
