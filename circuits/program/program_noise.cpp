// Noise of [noise.*] tables: the slots of its draws, and the words that add it.
#include <fmt/format.h>

#include <utility>

#include "circuits/program/program_builder.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

Function function_of_draws(NoiseKind kind) {
    switch (kind) {
        case NoiseKind::normal:
        case NoiseKind::ou:
            return Function::normal;
        case NoiseKind::uniform:
            return Function::uniform;
        case NoiseKind::sparse:
            return Function::sparse;
    }
    return Function::none;
}

// How often it is drawn in a step.
int draws_in_a_step(const Circuit& circuit, const NoiseSource& noise) {
    int draws = 0;
    for (std::size_t p = 0; p < circuit.phases.size(); ++p)
        draws += noise.during[p] ? circuit.iterations_of(PhaseId(p)) : 0;
    return draws;
}

}  // namespace

// One that is drawn several times in a step has all of its draws before it, and which is next.
SlotId ProgramBuilder::noise_slot(const NoiseSource& noise, std::string_view quantity, int line) {
    const std::string name = fmt::format("noise.{}", quantity);
    Slot drawn = in_cells(What::noise, name, noise.cells);
    drawn.quantity = quantity;
    drawn.line = line;
    drawn.where = noise.where;
    Quantity stored{
        .path = quantity_path::of_population(circuit_[noise.cells].name,
                                             fmt::format("noise_{}", quantity)),
        .long_name = fmt::format("noise {} of {}", quantity, circuit_[noise.cells].name),
        .symbol = "xi"};
    stored.by_phase = true;
    return slot(std::move(drawn), std::move(stored));
}

SlotId ProgramBuilder::drawn(const NoiseSource& noise, std::string_view quantity) {
    const int draws = draws_in_a_step(circuit_, noise);
    const SlotId drawn = noise_slot(noise, quantity, draws == 1 ? 1 : draws + 2);
    Operation op{.kind = Kind::noise, .function = function_of_draws(noise.kind)};
    op.operands = {{drawn, Access::set}};
    op.gain = noise.scale[phase_.value];
    op.hold = noise.hold;
    if (noise.kind == NoiseKind::sparse) op.weights = {noise.probability};
    if (!noise.path.empty()) {
        op.replay = static_cast<int>(program_.replays.size());
        program_.replays.push_back({noise.path, noise.dataset, 0, 0, noise.where_file});
    }
    append(std::move(op));
    return drawn;
}

void ProgramBuilder::add_noise(const NoiseSource& noise) {
    SlotId added;
    if (noise.kind == NoiseKind::ou) {
        const SlotId now = drawn(noise, noise.name + ".draw");
        added = noise_slot(noise, noise.name, 1);
        program_.slots[added.value].kept = true;
        set_sum(added, noise.decay[phase_.value], added, 1.0, now);
    } else {
        added = drawn(noise, noise.name);
    }
    if (noise.window) only_in(window(noise.window));
    const SlotId target = noise.voltage ? voltage(noise.voltage) : rate_in(noise.cells, phase_);
    set_sum(target, 1.0, target, 1.0, added);
}

}  // namespace apical
