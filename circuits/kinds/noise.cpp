// An independent draw for each cell, or one for all, at the beginning of a step.
// Operands: value (set). `function` is sign, normal with the standard deviation `gain`, uniform
// between -gain and gain, or sparse: such a number with the probability weights[0], else 0.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

std::string drawn_text(const Operation& op) {
    if (op.function == Function::sign) return "-1 or 1";
    if (op.function == Function::normal) return fmt::format("{:.6g} N(0, 1)", op.gain);
    const std::string interval = fmt::format("U({:.6g}, {:.6g})", -op.gain, op.gain);
    if (op.function == Function::uniform) return interval;
    return fmt::format("{} with probability {:.6g}, else 0", interval, op.weights.front());
}

std::string draw_text(const Operands& o) {
    const Operation& op = o.op();
    const std::string held = op.hold > 1 ? fmt::format(", held for {} steps", op.hold) : "";
    if (op.replay < 0) return fmt::format("{} = {}{}", o.name(0), drawn_text(op), held);
    // A population's noise is scaled.
    const bool scales = o.at(0).what == What::noise && op.gain != 1.0;
    const std::string factor = scales ? fmt::format("{:.6g} times ", op.gain) : "";
    const Replay& replay = o.program().replays[static_cast<std::size_t>(op.replay)];
    const std::string column = replay.columns > 0 ? fmt::format(", column {}", replay.column) : "";
    return fmt::format("{} = {}\"{}\" of \"{}\"{}{}", o.name(0), factor, replay.dataset,
                       replay.path, column, held);
}

}  // namespace

constinit const KindTraits noise_traits = {
    .kind = Kind::noise,
    .verb = "noise",
    .biology = "noise",
    .fits = [](const Operands& o) { return o.count() == 1 && is_vector(o.at(0).shape); },
    .equation = draw_text,
    .writes = Carrier::intracellular,
    .writes_vector = Carrier::intracellular,
    .locality = Locality::given,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::drawn,
};

}  // namespace apical
