#include "circuits/program/gate_formula.hpp"

#include <cmath>
#include <cstdint>

#include "circuits/program/formula_builder.hpp"

namespace apical {

namespace {

// What is left of a distance after t ms, on average over them.
double mean_left(double ms, double tau_ms) { return -std::expm1(-ms / tau_ms) * tau_ms / ms; }

class GateBuilder {
public:
    explicit GateBuilder(Index index) : index_(index) {}

    std::uint16_t read(std::uint16_t operand) { return b_.operand(operand, index_); }
    std::uint16_t number(double value) { return b_.number(value); }
    std::uint16_t sum(std::uint16_t a, std::uint16_t b) { return b_.made(Node::add, a, b); }
    std::uint16_t minus(std::uint16_t a, std::uint16_t b) { return b_.made(Node::subtract, a, b); }
    std::uint16_t times(std::uint16_t a, std::uint16_t b) { return b_.made(Node::multiply, a, b); }
    std::uint16_t over(std::uint16_t a, double b) { return b_.made(Node::divide, a, b_.number(b)); }
    std::uint16_t where_above(std::uint16_t x, std::uint16_t a, std::uint16_t b) {
        return b_.made(Node::select, x, a, b);
    }
    std::uint16_t made(Node node, std::uint16_t a, std::uint16_t b = 0) {
        return b_.made(node, a, b);
    }
    // share a + (1 - share) b
    std::uint16_t mixed(double share, std::uint16_t a, std::uint16_t b) {
        return sum(times(number(share), a), times(number(1.0 - share), b));
    }
    // exp(-t / tau)
    std::uint16_t left(std::uint16_t t, double tau_ms) {
        return made(Node::exponential, over(times(number(-1.0), t), tau_ms));
    }
    // a + (x - a) by
    std::uint16_t toward(std::uint16_t a, std::uint16_t x, std::uint16_t by) {
        return sum(a, times(minus(x, a), by));
    }
    Formula formula(std::uint16_t value) const { return b_.formula(value); }

private:
    FormulaBuilder b_;
    Index index_;
};

// Places of what a move reads.
struct MoveRead {
    static constexpr std::uint16_t now = 1, delay = 2, last_aim = 3;
};

GateMoveFormulas late_formulas(const GateMove& move) {
    GateBuilder mean(Index::all), end(Index::all);
    // now d / T + aim (1 - d / T)
    const std::uint16_t share = mean.over(mean.read(MoveRead::delay), move.ms);
    const std::uint16_t value =
        mean.sum(mean.times(mean.read(MoveRead::now), share),
                 mean.times(mean.number(move.aim), mean.minus(mean.number(1.0), share)));
    const std::uint16_t moved =
        end.where_above(end.minus(end.number(move.ms), end.read(MoveRead::delay)),
                        end.number(move.aim), end.read(MoveRead::now));
    return {mean.formula(value), end.formula(moved), {}};
}

GateMoveFormulas slow_formulas(const GateMove& move) {
    GateBuilder mean(Index::all), end(Index::all);
    const std::uint16_t value = mean.mixed(mean_left(move.ms, move.tau_ms),
                                           mean.read(MoveRead::now), mean.number(move.aim));
    const std::uint16_t moved =
        end.mixed(std::exp(-move.ms / move.tau_ms), end.read(MoveRead::now), end.number(move.aim));
    return {mean.formula(value), end.formula(moved), {}};
}

// Until d it goes on to the last aim, then to this one; x stands for what it is at d.
struct SlowAndLate {
    GateBuilder b = GateBuilder(Index::all);
    const GateMove& move;

    std::uint16_t d() { return b.read(MoveRead::delay); }
    std::uint16_t rest() { return b.minus(b.number(move.ms), d()); }
    std::uint16_t at_move() {
        return b.toward(b.read(MoveRead::last_aim), b.read(MoveRead::now),
                        b.left(d(), move.tau_ms));
    }
    // tau (1 - exp(-t / tau))
    std::uint16_t weight(std::uint16_t t) {
        return b.times(b.number(move.tau_ms), b.minus(b.number(1.0), b.left(t, move.tau_ms)));
    }
    Formula mean() {
        const std::uint16_t before =
            b.sum(b.times(b.read(MoveRead::last_aim), d()),
                  b.times(b.minus(b.read(MoveRead::now), b.read(MoveRead::last_aim)), weight(d())));
        const std::uint16_t behind =
            b.sum(b.times(b.number(move.aim), rest()),
                  b.times(b.minus(at_move(), b.number(move.aim)), weight(rest())));
        return b.formula(b.over(b.sum(before, behind), move.ms));
    }
    Formula end() {
        return b.formula(b.toward(b.number(move.aim), at_move(), b.left(rest(), move.tau_ms)));
    }
    // The last aim is the written slot itself, at place 2 behind the delay at 1.
    Formula aim() {
        const std::uint16_t moves = b.minus(b.number(move.ms), b.read(1));
        return b.formula(b.where_above(moves, b.number(move.aim), b.read(2)));
    }
};

std::uint16_t goal_of(GateBuilder& b, const Gate& gate) {
    const std::uint16_t arrives = b.read(1), one = b.number(1.0), closed = b.number(gate.closed);
    const auto open_part = [&](std::uint16_t share) {
        return b.sum(closed, b.times(b.number(1.0 - gate.closed), share));
    };
    switch (*gate.form) {
        case GateForm::threshold:
            return b.where_above(b.sum(b.number(gate.scale), arrives), one, closed);
        case GateForm::graded: {
            const std::uint16_t share = b.sum(one, b.over(arrives, gate.scale));
            const std::uint16_t at_least = b.made(Node::maximum, share, b.number(0.0));
            return open_part(b.made(Node::minimum, at_least, one));
        }
        case GateForm::divide: {
            const std::uint16_t x =
                b.made(Node::maximum, b.times(b.number(-1.0), arrives), b.number(0.0));
            const std::uint16_t by = b.sum(one, b.over(x, gate.scale));
            return b.sum(closed, b.made(Node::divide, b.number(1.0 - gate.closed), by));
        }
        case GateForm::linear:
            return b.made(Node::maximum, arrives, b.number(0.0));
    }
    return one;
}

Formula formula_of_cells(const Gate& gate, double left) {
    GateBuilder b(Index::post);
    const std::uint16_t goes_to = goal_of(b, gate);
    return b.formula(left == 0.0 ? goes_to : b.mixed(left, b.read(2), goes_to));
}

}  // namespace

GateMoveFormulas formulas_of(const GateMove& move) {
    if (move.tau_ms == 0.0) return late_formulas(move);
    if (move.is_exact) return slow_formulas(move);
    SlowAndLate formulas{.move = move};
    const Formula mean = formulas.mean(), end = formulas.end();
    return {mean, end, formulas.aim()};
}

GateOfCellsFormulas formulas_of(const Gate& gate, double ms) {
    if (gate.tau_ms == 0.0) return {formula_of_cells(gate, 0.0), {}};
    return {formula_of_cells(gate, mean_left(ms, gate.tau_ms)),
            formula_of_cells(gate, std::exp(-ms / gate.tau_ms))};
}

}  // namespace apical
