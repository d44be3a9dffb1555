// An independent draw for each cell, or one for all, at the beginning of a step.
// Operands: value (set). `function` is sign, or normal with the standard deviation `gain`.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

std::string draw_text(const Operands& o) {
    const Operation& op = o.op();
    if (op.replay < 0) {
        const std::string draw =
            op.function == Function::sign ? "-1 or 1" : fmt::format("{:.6g} N(0, 1)", op.gain);
        return fmt::format("{} = {}", o.name(0), draw);
    }
    const Replay& replay = o.program().replays[static_cast<std::size_t>(op.replay)];
    const std::string column = replay.columns > 0 ? fmt::format(", column {}", replay.column) : "";
    return fmt::format("{} = \"{}\" of \"{}\"{}", o.name(0), replay.dataset, replay.path, column);
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
