#pragma once

#include <span>

#include "circuits/text/keys.hpp"

namespace apical {

// The largest number of cells of a population, and of columns of a dataset.
inline constexpr double most_cells = 1e9;

// The longest axons, in steps.
inline constexpr int most_delay = 1000;

// A delay of axons in steps, or in iterations of the phase.
constexpr Key delay_key(std::string_view section, std::string_view description,
                        Type type = Type::integer) {
    return {.section = section,
            .name = "delay",
            .type = type,
            .default_value = "0",
            .minimum = 0,
            .maximum = most_delay,
            .unit = "steps",
            .choices = "iteration",
            .description = description};
}

// A delay of axons as a time, of a section that has the key `delay` too.
constexpr Key delay_ms_key(std::string_view section) {
    return {.section = section,
            .name = "delay_ms",
            .type = Type::number,
            .default_value = "-",
            .minimum = 0,
            .maximum = 1e9,
            .unit = "ms",
            .description = "the delay as a time, a whole number of steps; in place of delay"};
}

// A window of the trial to which what a section has is narrowed.
constexpr Key window_key(std::string_view section, std::string_view description) {
    return {.section = section,
            .name = "in",
            .type = Type::text,
            .default_value = "-",
            .description = description};
}

// The most iterations of a phase in a step.
inline constexpr int most_iterations = 100'000;

// The keys of a circuit's sections, each in the order of the help.
std::span<const Key> phase_keys();         // [[phase]]
std::span<const Key> phase_steps_keys();   // steps = { ... } of phases
std::span<const Key> group_keys();         // [[group]]
std::span<const Key> activation_keys();    // [activation.*]
std::span<const Key> population_keys();    // [population.*], of all roles
std::span<const Key> alpha_keys();         // alpha = { ... } of populations
std::span<const Key> branch_keys();        // a dendrite's table in coupling = { ... }
std::span<const Key> spikes_keys();        // spikes = { ... } of populations
std::span<const Key> adaptation_keys();    // adaptation = { ... } of such a table
std::span<const Key> fires_keys();         // fires = { ... } of an input population
std::span<const Key> scaling_keys();       // scale_incoming = { ... } of populations
std::span<const Key> gate_keys();          // [gate.*]
std::span<const Key> synapse_keys();       // [synapses.*]
std::span<const Key> connect_keys();       // [synapses.*.connect]
std::span<const Key> blocks_keys();        // blocks = { ... } of such a table
std::span<const Key> short_term_keys();    // short_term = { ... } of such a table
std::span<const Key> use_back_keys();      // [synapses.*.back]
std::span<const Key> use_again_keys();     // [[synapses.*.again]]
std::span<const Key> wire_keys();          // [wire.*]
std::span<const Key> teach_keys();         // [teach.*]
std::span<const Key> loss_keys();          // [loss]
std::span<const Key> noise_source_keys();  // [noise.*]
std::span<const Key> event_keys();         // [event.*]
std::span<const Key> trial_keys();         // [trial]
std::span<const Key> trial_steps_keys();   // steps = { ... } of [trial]
std::span<const Key> trial_window_keys();  // [trial.window.*]
std::span<const Key> batch_keys();         // [batch]
std::span<const Key> initializer_keys();   // init = { ... } of populations, synapses and rules

}  // namespace apical
