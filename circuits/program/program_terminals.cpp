// What is at the terminals of a set's presynaptic cells: how much they release, what they have
// left, and what arrives (circuits/anatomy/spikes.hpp, ShortTerm). All of it is read by the set's
// own synapses alone, as what an axon holds; the audit asks for that (sim/audit/axon_ends.cpp).
#include <cmath>
#include <utility>

#include "circuits/program/formula_builder.hpp"
#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

// Formulas of one number for each presynaptic cell, over operands from place 1 on.
class TerminalFormula {
public:
    std::uint16_t read(std::uint16_t place) { return b_.operand(place, Index::post); }
    std::uint16_t number(double value) { return b_.number(value); }
    std::uint16_t plus(std::uint16_t a, std::uint16_t b) { return b_.made(Node::add, a, b); }
    std::uint16_t minus(std::uint16_t a, std::uint16_t b) { return b_.made(Node::subtract, a, b); }
    std::uint16_t times(std::uint16_t a, std::uint16_t b) { return b_.made(Node::multiply, a, b); }
    // to + (from - to) exp(-rate ms)
    std::uint16_t nearing(std::uint16_t from, std::uint16_t to, std::uint16_t rate, double ms) {
        const std::uint16_t left = b_.made(Node::exponential, times(number(-ms), rate));
        return plus(to, times(minus(from, to), left));
    }
    std::uint16_t over(std::uint16_t a, std::uint16_t b) { return b_.made(Node::divide, a, b); }
    // Rounding leads nothing out of [0, 1].
    Formula share(std::uint16_t value) {
        const std::uint16_t below = b_.made(Node::minimum, value, number(1.0));
        return b_.formula(b_.made(Node::maximum, below, number(0.0)));
    }
    Formula formula(std::uint16_t value) { return b_.formula(value); }

private:
    FormulaBuilder b_;
};

// Places of what a formula reads.
struct TerminalPlace {
    static constexpr std::uint16_t own = 1, arrives = 2, released = 3;
};

// u of a rate r: u' = (U - u) / tau + U (1 - u) r, the solution while r stays.
Formula facilitated_by_rate(const ShortTerm& s, double ms) {
    TerminalFormula f;
    const auto rest = f.number(1.0 / s.tau_facilitate_ms), U = f.number(s.release),
               by_rate = f.times(U, f.read(TerminalPlace::arrives)), rate = f.plus(rest, by_rate),
               to = f.over(f.plus(f.times(U, rest), by_rate), rate);
    return f.share(f.nearing(f.read(TerminalPlace::own), to, rate, ms));
}

// u of spikes z: back towards U since the last step, then u += U (1 - u) z.
Formula facilitated_by_spikes(const ShortTerm& s, double ms) {
    TerminalFormula f;
    const auto U = f.number(s.release), one = f.number(1.0),
               u = f.nearing(f.read(TerminalPlace::own), U, f.number(1.0 / s.tau_facilitate_ms),
                             ms);
    return f.share(f.plus(u, f.times(f.times(U, f.minus(one, u)), f.read(TerminalPlace::arrives))));
}

// x of a rate: x' = (1 - x) / tau - u x r.
Formula depressed_by_rate(const ShortTerm& s, double ms, bool facilitates) {
    TerminalFormula f;
    const auto rest = f.number(1.0 / s.tau_depress_ms),
               u = facilitates ? f.read(TerminalPlace::released) : f.number(s.release),
               rate = f.plus(rest, f.times(u, f.read(TerminalPlace::arrives)));
    return f.share(f.nearing(f.read(TerminalPlace::own), f.over(rest, rate), rate, ms));
}

// x of spikes recovers since the last step: what this step's take is in `spent`.
Formula recovered(const ShortTerm& s, double ms) {
    TerminalFormula f;
    return f.share(
        f.nearing(f.read(TerminalPlace::own), f.number(1.0), f.number(1.0 / s.tau_depress_ms), ms));
}

// x -= what arrives
Formula spent() {
    TerminalFormula f;
    return f.share(f.minus(f.read(TerminalPlace::own), f.read(TerminalPlace::arrives)));
}

}  // namespace

SlotId ProgramBuilder::at_terminals(SynapseSetId set, std::string quantity) {
    const ShortTerm& short_term = *circuit_[set].short_term;
    RuleQuantity name(circuit_[set].name, quantity);
    name.of_cells = true;
    const PopulationId cells = circuit_[set].pre;
    if (quantity == "arriving") return signal(cells, name);
    Initializer rest;
    rest.scale.factor = quantity == "released" ? short_term.release : 1.0;
    rest.where = short_term.where;
    return state(cells, name, rest);
}

void ProgramBuilder::release(const SynapseUse& use) {
    const ShortTerm& s = *circuit_[use.set].short_term;
    const bool facilitates = s.tau_facilitate_ms > 0.0, depresses = s.tau_depress_ms > 0.0,
               spikes = circuit_[use.source].spikes && !use.reads_bursts;
    const SlotId r = arriving(use), result = at_terminals(use.set, "arriving");
    const double ms = ms_between();
    SlotId u, x;
    if (facilitates) {
        u = at_terminals(use.set, "released");
        set_formula(u, spikes ? facilitated_by_spikes(s, ms) : facilitated_by_rate(s, ms), {u, r});
    }
    if (depresses) {
        x = at_terminals(use.set, "left");
        std::vector<SlotId> reads = {x};
        if (!spikes) reads.push_back(r);
        if (!spikes && facilitates) reads.push_back(u);
        set_formula(x, spikes ? recovered(s, ms) : depressed_by_rate(s, ms, facilitates), reads);
    }
    TerminalFormula f;
    std::vector<SlotId> factors = {r};
    auto product = facilitates ? f.read(1) : f.times(f.number(s.release), f.read(1));
    for (const SlotId factor : {u, x}) {
        if (!factor) continue;
        factors.push_back(factor);
        product = f.times(product, f.read(static_cast<std::uint16_t>(factors.size())));
    }
    set_formula(result, f.formula(product), factors);
    if (depresses && spikes) set_formula(x, spent(), {x, result});
}

}  // namespace apical
