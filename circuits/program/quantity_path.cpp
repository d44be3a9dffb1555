#include "circuits/program/quantity_path.hpp"

#include <fmt/format.h>

namespace apical::quantity_path {

namespace {

constexpr std::string_view state = "/state/", gates = "/gates/", synapses = "/synapses/",
                           plasticity = "/plasticity/", alignment = "/signals/alignment/",
                           change = "/signals/change/";

}  // namespace

std::string of_population(std::string_view population, std::string_view quantity) {
    return fmt::format("{}{}/{}", state, population, quantity);
}

std::string of_compartment(std::string_view population, std::string_view compartment,
                           std::string_view quantity) {
    return fmt::format("{}{}/{}/{}", state, population, compartment, quantity);
}

std::string of_gate(std::string_view gate) { return fmt::format("{}{}", gates, gate); }

std::string of_event(std::string_view event) { return fmt::format("/interventions/{}", event); }

std::string of_clock(std::string_view address) {
    const std::size_t dot = address.find('.');
    return fmt::format("/signals/{}/{}", address.substr(0, dot), address.substr(dot + 1));
}

std::string of_synapses(std::string_view set, std::string_view quantity) {
    return fmt::format("{}{}/{}", synapses, set, quantity);
}

std::string of_dynamics(std::string_view population, std::string_view quantity) {
    return fmt::format("/dynamics/{}/{}", population, quantity);
}

std::string of_rule(std::string_view rule, std::string_view quantity) {
    return fmt::format("{}{}/{}", plasticity, rule, quantity);
}

std::string of_alignment(std::string_view name, std::string_view measure) {
    return fmt::format("{}{}/{}", alignment, name, measure);
}

std::string of_change(std::string_view matrix) { return fmt::format("{}{}", change, matrix); }

std::string of_gate_distance(std::string_view gate) {
    return fmt::format("/signals/gates/{}", gate);
}

std::string of_time(std::string_view time, std::string_view path) {
    const std::size_t last = path.rfind('/') + 1;
    return fmt::format("{}{}_{}", path.substr(0, last), time, path.substr(last));
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_of_state(std::string_view path) { return path.starts_with(state); }
bool is_of_gate(std::string_view path) { return path.starts_with(gates); }
bool is_of_synapses(std::string_view path) { return path.starts_with(synapses); }

}  // namespace apical::quantity_path
