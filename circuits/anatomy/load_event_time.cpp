// When an event of [event.*] is on, and of which cells.
#include <fmt/format.h>

#include <cmath>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/text/whole_number.hpp"

namespace apical {

namespace {

using Action = Intervention::Action;

class EventTimeLoader {
public:
    EventTimeLoader(const Circuit& circuit, const Section& section, std::int64_t steps,
                    Intervention& event)
        : circuit_(circuit), section_(section), steps_(steps), event_(event) {}

    void load(std::size_t things) {
        find_time();
        find_some(things);
    }

private:
    std::string who() const { return fmt::format("event \"{}\"", event_.name); }

    // ---- when

    // Nanoseconds of a number of steps, or of a time; `from` is the step that counts as 0.
    std::int64_t time_of(std::string_view steps, std::string_view ms, std::int64_t from) const {
        const std::int64_t step = circuit_.step_nanoseconds();
        if (section_.has(ms)) return std::llround(section_.number(ms) * nanoseconds_per_ms);
        const std::int64_t count = section_.integer(steps) - from;
        constexpr std::int64_t most = Intervention::for_ever / 4;
        return count > most / step ? most : count * step;
    }

    bool has_one_of(std::string_view steps, std::string_view ms) const {
        const bool both = section_.has(steps) && section_.has(ms);
        if (both)
            reject(section_.where(ms),
                   fmt::format("[{}] has {} and {}; expected one", section_.name(), steps, ms));
        return section_.has(steps) || section_.has(ms);
    }

    Where where_of(std::string_view steps, std::string_view ms) const {
        return section_.where(section_.has(steps) ? steps : ms);
    }

    void find_time() {
        if (!has_one_of("at", "at_ms")) section_.require("at", who());
        event_.begin = time_of("at", "at_ms", 1);
        const std::int64_t end = steps_ * circuit_.step_nanoseconds();
        if (event_.begin >= end) {
            const std::string at = section_.has("at")
                                       ? fmt::format("{}", section_.integer("at"))
                                       : fmt::format("{:.6g} ms", section_.number("at_ms"));
            reject(where_of("at", "at_ms"),
                   fmt::format("[{}] begins at {}, after the run's last step, {}", section_.name(),
                               at, steps_));
        }
        find_end();
        if (!has_one_of("every", "every_ms")) return;
        event_.period = time_of("every", "every_ms", 0);
        if (event_.period > event_.lasts) return;
        reject(where_of("every", "every_ms"),
               fmt::format("[{}] comes again before it is over; expected {}", section_.name(),
                           event_.lasts == Intervention::for_ever
                               ? "a key \"for\""
                               : "a longer time from one beginning to the next"));
    }

    void find_end() {
        const bool until = has_one_of("until", "until_ms"), lasts = has_one_of("for", "for_ms");
        if (until && lasts) {
            reject(where_of("for", "for_ms"),
                   fmt::format("[{}] says until when it is on and for how long; expected one",
                               section_.name()));
        }
        if (lasts) event_.lasts = time_of("for", "for_ms", 0);
        if (until) event_.lasts = time_of("until", "until_ms", 1) - event_.begin;
        if (event_.lasts > 0) return;
        const Where where = until ? where_of("until", "until_ms") : where_of("for", "for_ms");
        reject(where,
               fmt::format("[{}] is over before it begins; expected a later end", section_.name()));
    }

    // ---- of which cells

    // Cells of which it can be of some alone; none of what is one for all.
    PopulationId cells() const {
        switch (event_.action) {
            case Action::silence:
                return event_.cells;
            case Action::lesion:
                return event_.cells ? event_.cells : circuit_[event_.synapses].post;
            case Action::inject:
                return circuit_[event_.compartment].population;
            case Action::gate: {
                const Gate& gate = circuit_[event_.gate];
                return gate.is_by_cells() ? circuit_[gate.compartment].population : PopulationId{};
            }
            case Action::set:
                if (event_.synapses) return circuit_[event_.synapses].post;
                return event_.compartment ? circuit_[event_.compartment].population : event_.cells;
            case Action::stop:
                return {};
        }
        return {};
    }

    void find_some(std::size_t things) {
        const char* key = section_.has("cells") ? "cells" : "fraction";
        if (!section_.has(key)) return;
        if (things > 1) {
            reject(
                section_.where(key),
                fmt::format("[{}] has {} and sets {} things; expected one, and another event for "
                            "each other",
                            section_.name(), key, things));
        }
        if (!cells()) {
            reject(section_.where(key),
                   fmt::format("[{}] has {}, but what it does is the same for all cells; expected "
                               "none",
                               section_.name(), key));
        }
        if (section_.has("cells") && section_.has("fraction")) {
            reject(section_.where("fraction"),
                   fmt::format("[{}] has cells and fraction; expected one", section_.name()));
        }
        if (section_.has("fraction")) {
            event_.fraction = section_.number("fraction");
        } else {
            take_cells(section_.value("cells"), circuit_[cells()]);
        }
    }

    [[noreturn]] void reject_cells(const Value& value, const Population& of) const {
        reject(
            value.where,
            fmt::format("event.{}.cells is {}; expected cells of \"{}\", 0 to {}, as in \"0:{}\" "
                        "or [0, {}]",
                        event_.name, describe(value), of.name, of.size - 1, of.size, of.size - 1));
    }

    void take_cells(const Value& value, const Population& of) {
        if (const auto* text = std::get_if<std::string>(&value.content)) {
            const std::optional<WholeRange> range = whole_range(*text);
            if (!range || range->end > of.size) reject_cells(value, of);
            for (std::int64_t cell = range->first; cell < range->end; ++cell)
                event_.chosen.push_back(static_cast<int>(cell));
            return;
        }
        for (const Value& one : std::get<Array>(value.content)) {
            const std::int64_t cell = std::get<std::int64_t>(one.content);
            if (cell < 0 || cell >= of.size) reject_cells(one, of);
            event_.chosen.push_back(static_cast<int>(cell));
        }
        if (event_.chosen.empty()) reject_cells(value, of);
    }

    const Circuit& circuit_;
    const Section& section_;
    std::int64_t steps_;
    Intervention& event_;
};

}  // namespace

void load_event_time(const Circuit& circuit, const Section& section, std::int64_t steps,
                     std::size_t things, Intervention& event) {
    EventTimeLoader(circuit, section, steps, event).load(things);
}

}  // namespace apical
