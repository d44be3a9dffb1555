// An interneuron opens or closes a compartment, or cells do.
// Operands: the gate, and by `function`
//   none: gate (set to `gain`);
//   delay: when in the phase it moves (set), which is drawn by who runs the program;
//   late: gate (set), its mean over the phase, by `formula`; then what the formula reads: what it
//     was when the phase began, the delay, what it went on to;
//   moved: what it is at the phase's end, or goes on to (update), by `formula`;
//   threshold, graded, divide, linear: gate (set), or what a slow one is at the end (update), one
//     number for each cell; what arrives, and of a slow one what it was at the beginning.
// `weights` are, of a timetable's gate, its aim, latency, jitter, failure, tau and the phase in ms;
// of one that cells make its scale, what is left while it is shut, tau.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

// Places of the weights.
struct MoveWeight {
    static constexpr std::size_t aim = 0, latency = 1, jitter = 2, failure = 3, tau = 4, ms = 5;
};
struct FormWeight {
    static constexpr std::size_t scale = 0, closed = 1, tau = 2;
};

bool gate_fits(const Operands& o) {
    const Operation& op = o.op();
    if (is_gate_of_cells(op))
        return op.weights.size() == 3 && (o.count() == 2 || o.count() == 3) &&
               o.are_cells(0, o.count()) && o.fit_formula();
    if (op.function == Function::none) return o.count() == 1 && o.is_number(0);
    if (op.weights.size() != 6 || !o.are_numbers(0, o.count())) return false;
    if (op.function == Function::delay) return o.count() == 1;
    const bool moves = op.function == Function::late || op.function == Function::moved;
    return moves && o.count() > 1 && o.fit_formula();
}

// ", 2 ms +- 0.5, fails 0.02"
std::string gate_timing_text(const Operation& op) {
    std::string text;
    if (op.weights[MoveWeight::latency] > 0.0 || op.weights[MoveWeight::jitter] > 0.0)
        text += fmt::format(", {:.6g} ms", op.weights[MoveWeight::latency]);
    if (op.weights[MoveWeight::jitter] > 0.0)
        text += fmt::format(" +- {:.6g}", op.weights[MoveWeight::jitter]);
    if (op.weights[MoveWeight::failure] > 0.0)
        text += fmt::format(", fails {:.6g}", op.weights[MoveWeight::failure]);
    return text;
}

std::string gate_tau_text(double tau_ms) {
    return tau_ms > 0.0 ? fmt::format(", tau {:.6g} ms", tau_ms) : "";
}

std::string gate_form_text(const Operands& o) {
    const Operation& op = o.op();
    const char* form = op.function == Function::threshold ? "threshold"
                       : op.function == Function::graded  ? "graded"
                       : op.function == Function::divide  ? "divide"
                                                          : "linear";
    std::string text = fmt::format("{} = {}({}", o.name(0), form, o.name(1));
    if (op.function != Function::linear)
        text += fmt::format(", {:.6g}", op.weights[FormWeight::scale]);
    if (op.weights[FormWeight::closed] > 0.0)
        text += fmt::format(", closed {:.6g}", op.weights[FormWeight::closed]);
    return text + gate_tau_text(op.weights[FormWeight::tau]) + ")";
}

std::string gate_text(const Operands& o) {
    const Operation& op = o.op();
    if (is_gate_of_cells(op)) return gate_form_text(o);
    if (op.function == Function::moved) return fmt::format("{} = {}", o.name(0), o.formula());
    const std::string timing = op.function == Function::none ? "" : gate_timing_text(op);
    if (op.function == Function::delay)
        return fmt::format("{} = a draw{}, up to {:.6g} ms", o.name(0), timing,
                           op.weights[MoveWeight::ms]);
    if (op.function == Function::late)
        return fmt::format("{} = late({:.6g}{}{})", o.name(0), op.weights[MoveWeight::aim], timing,
                           gate_tau_text(op.weights[MoveWeight::tau]));
    const char* state = op.gain >= 1.0 ? "open" : op.gain > 0.0 ? "leaks" : "closed";
    return fmt::format("{} = {} ({})", o.name(0), op.gain, state);
}

}  // namespace

constinit const KindTraits gate_traits = {
    .kind = Kind::gate,
    .verb = "gate",
    .biology = "branch-specific inhibition",
    .fits = gate_fits,
    .equation = gate_text,
    .writes = Carrier::interneuron,
    .writes_vector = Carrier::interneuron,
    .locality = Locality::own_cell,
    .gathers = Gathers::interneuron,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::between_cells,
    .size = SizeRule::share,
};

}  // namespace apical
