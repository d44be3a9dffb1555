#include "sim/command_line/describe_noise.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "circuits/anatomy/address.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

// "noise.wobble  into hidden.soma, 0.3 N(0, 1) in each draw, during forward"
std::string noise_text(const Circuit& circuit, const NoiseSource& noise) {
    const std::string into =
        noise.voltage ? circuit.full_name(noise.voltage) : rate_address(circuit[noise.cells].name);
    std::vector<std::string> phases, sizes;
    for (std::size_t p = 0; p < noise.during.size(); ++p) {
        if (!noise.during[p]) continue;
        phases.push_back(circuit.phases[p].name);
        const std::string size = fmt::format("{:.6g}", noise.scale[p]);
        if (sizes.empty() || sizes.back() != size) sizes.push_back(size);
    }
    const bool uniform = noise.kind == NoiseKind::uniform || noise.kind == NoiseKind::sparse;
    const std::string kind(split_choices(noise_kind_names)[static_cast<std::size_t>(noise.kind)]);
    return fmt::format("  noise.{:<6} {:>5} {:<9} into {}, {} {} a draw{}{}, during {}\n",
                       noise.name, circuit[noise.cells].size, kind, into,
                       uniform ? "half width" : "sd", list_of(sizes),
                       noise.hold > 1 ? fmt::format(", held for {} steps", noise.hold) : "",
                       noise.path.empty() ? "" : fmt::format(", replayed from \"{}\"", noise.path),
                       list_of(phases));
}

std::string set_text(const Circuit& circuit, const Intervention& event) {
    if (!event.number.empty()) return event.number_address();
    if (event.synapses) return circuit[event.synapses].name;
    if (event.compartment) return voltage_address(circuit.full_name(event.compartment));
    return rate_address(circuit[event.cells].name);
}

std::string doing_text(const Circuit& circuit, const Intervention& event) {
    switch (event.action) {
        case Intervention::Action::silence:
            return "silences " + circuit[event.cells].name;
        case Intervention::Action::lesion:
            return "lesions " + (event.synapses ? circuit[event.synapses].name
                                                : "the synapses of " + circuit[event.cells].name);
        case Intervention::Action::inject:
            return fmt::format("injects {:.6g} into {}", event.amount,
                               circuit.full_name(event.compartment));
        case Intervention::Action::gate:
            return fmt::format("holds {} at {:.6g}", gate_address(circuit[event.gate].name),
                               event.amount);
        case Intervention::Action::set:
            return fmt::format("sets {} to {:.6g}", set_text(circuit, event), event.amount);
        case Intervention::Action::stop:
            return fmt::format("stops [plasticity.{}]", event.rule);
    }
    return "";
}

// "event.shut  silences hidden, 16 of its cells, from 40 ms on for 20 ms, every 100 ms"
std::string event_text(const Circuit& circuit, const Intervention& event) {
    const bool by_cells = event.cells || !event.synapses;
    std::string of;
    if (!event.chosen.empty())
        of = fmt::format(", {} cell{}", event.chosen.size(), event.chosen.size() == 1 ? "" : "s");
    if (event.fraction < 1.0)
        of = fmt::format(", {:.6g} of the {}", event.fraction, by_cells ? "cells" : "synapses");
    return fmt::format(
        "  event.{:<6} {}{}, from {:.6g} ms on{}{}\n", event.name, doing_text(circuit, event), of,
        in_ms(event.begin),
        event.lasts == Intervention::for_ever ? ""
                                              : fmt::format(" for {:.6g} ms", in_ms(event.lasts)),
        event.period > 0 ? fmt::format(", every {:.6g} ms", in_ms(event.period)) : "");
}

}  // namespace

std::string noise_text(const Circuit& circuit) {
    std::string text;
    for (const NoiseSource& noise : circuit.noises) text += noise_text(circuit, noise);
    return text;
}

std::string events_text(const Circuit& circuit) {
    std::string text;
    for (const Intervention& event : circuit.interventions) text += event_text(circuit, event);
    return text;
}

}  // namespace apical
