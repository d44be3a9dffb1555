#include "sim/diagnosis/watched_credits.hpp"

#include <fmt/format.h>

#include "circuits/adjoint/dynamics.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

constexpr std::string_view key = "diagnose.credit";

// "hidden.apical", or its voltage, "hidden.apical.v".
CompartmentId compartment_named(const Circuit& circuit, const Program& program, const Text& name) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        known.push_back(circuit.full_name(CompartmentId(i)));
        const SlotId voltage = program.voltage_of(CompartmentId(i));
        if (name.text == known.back() || (voltage && name.text == program[voltage].name))
            return CompartmentId(i);
    }
    reject(name.where, fmt::format("{}: there is no compartment \"{}\".{}", key, name.text,
                                   did_you_mean(name.text, known)));
}

WatchedCredit watched(const ModelDraft& model, const Dynamics& dynamics, const Text& name,
                      int window) {  // 0: a trial
    const Circuit& circuit = model.program.circuit();
    const Program& program = model.program.so_far();
    const CompartmentId compartment = compartment_named(circuit, program, name);
    WatchedCredit one;
    one.voltage = program.voltage_of(compartment);
    one.window = dynamics.remembers || window == 0 ? window : 1;
    const PopulationId cells = circuit[compartment].population;
    one.rate = program.rate_of(cells);
    if (!one.voltage) reject(name.where, fmt::format("{}: nothing drives \"{}\"", key, name.text));
    if (!one.rate || !dynamics.has_adjoint[one.rate.value])
        reject(name.where, fmt::format("{}: no loss depends on the rate of \"{}\"; expected a "
                                       "compartment of cells whose rate reaches the loss",
                                       key, circuit[cells].name));
    one.name = program[one.voltage].name;
    const std::string late = one.window == 0   ? ", of a whole trial"
                             : one.window == 1 ? ""
                                               : fmt::format(", of {} steps ago", one.window - 1);
    const auto measured = [&](const char* measure, const char* what) {
        return model.program.measured(
            fmt::format("{}({})", measure, one.name),
            {.path = quantity_path::of_alignment(one.name, measure),
             .long_name =
                 fmt::format("{} the derivative of the losses to come by the rate and {}{}", what,
                             one.name, late),
             .symbol = measure});
    };
    one.cosine = measured("cosine", "cosine between");
    one.norm_ratio = measured("norm_ratio", "norm ratio of");
    return one;
}

}  // namespace

void choose_credits(Diagnosed& chosen, const ModelDraft& model) {
    const Program& program = model.program.so_far();
    const Dynamics dynamics = find_dynamics(program, loss_of(program, model.program.circuit()));
    for (const Text& name : model.section.texts("credit"))
        chosen.credits.push_back(
            watched(model, dynamics, name, chosen.options.by_trial ? 0 : chosen.options.window));
}

}  // namespace apical
