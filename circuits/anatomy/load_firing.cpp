// Cells of the role "input" that are made to spike, the table `fires` of a population.
#include <fmt/format.h>

#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

constexpr std::array fires_table = {
    Key{.section = "fires",
        .name = "by",
        .type = Type::text,
        .choices = fires_by_names,
        .description = "a draw of a spike in each step and cell, with the probability l "
                       "(bernoulli) or 1 - exp(-l) (poisson), l the expected number of spikes in a "
                       "step; or one spike in each window, the earlier the larger the input "
                       "(latency)"},
    Key{.section = "fires",
        .name = "rate_hz",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "Hz",
        .description = "of all cells, whatever the task shows; left out: the task's input is the "
                       "rate"},
    Key{.section = "fires",
        .name = "unit_hz",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "Hz",
        .description = "the rate of an input of 1; left out: one spike a step"},
    Key{.section = "fires",
        .name = "window",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e6,
        .unit = "steps",
        .description = "latency: steps in which each cell fires once, round((1 - x) (window - 1)) "
                       "steps behind the first, whose input x from 0 to 1 it takes; none where x "
                       "is 0"},
};

void refuse_key(const Section& section, std::string_view key, std::string_view expected) {
    if (!section.has(key)) return;
    reject(section.where(key), fmt::format("[{}] has {} and fires by {}; expected {}",
                                           section.name(), key, section.text("by").text, expected));
}

}  // namespace

std::span<const Key> fires_keys() { return fires_table; }

FiringInput load_firing(const std::string& population, const Section& section) {
    Value& value = section.value("fires");
    const Section fires(std::get<Table>(value.content), value.where,
                        fmt::format("population.{}.fires", population), fires_keys());
    FiringInput firing{.by = FiresBy(index_of_choice(fires_by_names, fires.text("by").text)),
                       .where = value.where};
    if (firing.by == FiresBy::latency) {
        for (const char* key : {"rate_hz", "unit_hz"})
            refuse_key(fires, key, "bernoulli or poisson, which draw by a rate");
        fires.require("window", "by = \"latency\"");
        firing.window = static_cast<int>(fires.integer("window"));
        return firing;
    }
    refuse_key(fires, "window", "latency, which takes the input from the first step of each");
    if (fires.has("rate_hz") && fires.has("unit_hz"))
        reject(fires.where("unit_hz"),
               fmt::format("[{}] has rate_hz and unit_hz; expected one", fires.name()));
    if (fires.has("rate_hz")) firing.rate_hz = fires.number("rate_hz");
    if (fires.has("unit_hz")) firing.unit_hz = fires.number("unit_hz");
    return firing;
}

void check_firing(const Circuit& circuit) {
    for (const Population& cells : circuit.populations) {
        if (!cells.firing || cells.firing->by != FiresBy::bernoulli || !cells.firing->rate_hz)
            continue;
        constexpr double ms_a_second = 1000.0;
        const double spikes = *cells.firing->rate_hz * circuit.step_ms() / ms_a_second;
        if (spikes <= 1.0) continue;
        reject(cells.firing->where,
               fmt::format("population.{}.fires: rate_hz = {} is {:.6g} spikes in a step of {} ms, "
                           "and a cell fires once; expected at most {:.6g}, or by = \"poisson\"",
                           cells.name, *cells.firing->rate_hz, spikes, circuit.step_ms(),
                           ms_a_second / circuit.step_ms()));
    }
}

}  // namespace apical
