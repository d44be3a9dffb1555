// The factor of a rule's rate that its schedule says: numbers that are made anew where changes
// reach the strengths, of how many times they have before.
#include <cmath>
#include <numbers>

#include "circuits/program/formula_builder.hpp"
#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

// min(k / over, 1)
std::uint16_t part_of(FormulaBuilder& b, std::uint16_t k, double over) {
    return b.made(Node::minimum, b.made(Node::divide, k, b.number(over)), b.number(1.0));
}

// tan z by Lambert's fraction z / (1 - z^2 / (3 - z^2 / (5 - ...))), for z from -pi/4 to pi/4: what
// is left out is less than 1e-16 of it.
std::uint16_t tangent(FormulaBuilder& b, std::uint16_t z) {
    constexpr int last = 17;
    const std::uint16_t square = b.power(z, 2);
    std::uint16_t below = b.number(last);
    for (int odd = last - 2; odd >= 1; odd -= 2)
        below = b.made(Node::subtract, b.number(odd), b.made(Node::divide, square, below));
    return b.made(Node::divide, z, below);
}

}  // namespace

// (1 - cos(pi x)) / 2 of x = min(k / over, 1), which is 1/2 + t / (1 + t^2) with t = tan(pi (x -
// 1/2) / 2).
SlotId ProgramBuilder::way_of_schedule(const Application& how, SlotId applied) {
    const auto made = [&](std::string_view name, const FormulaBuilder& b, std::uint16_t value,
                          SlotId of) {
        return formula({}, RuleQuantity(how.label, std::string(name)), b.formula(value), {of});
    };
    FormulaBuilder a, t, w;
    const std::uint16_t x = part_of(a, a.operand(1, Index::all), how.schedule.over);
    const SlotId angle = made("rate_angle", a,
                              a.made(Node::multiply, a.number(std::numbers::pi / 2.0),
                                     a.made(Node::subtract, x, a.number(0.5))),
                              applied);
    const SlotId slope = made("rate_tangent", t, tangent(t, t.operand(1, Index::all)), angle);
    const std::uint16_t tan = w.operand(1, Index::all);
    const std::uint16_t half =
        w.made(Node::divide, tan, w.made(Node::add, w.number(1.0), w.power(tan, 2)));
    const std::uint16_t low =
        w.made(Node::maximum, w.made(Node::add, w.number(0.5), half), w.number(0.0));
    return made("rate_way", w, w.made(Node::minimum, low, w.number(1.0)), slope);
}

// The factor of the rate that the schedule says; k applications have been before this one.
SlotId ProgramBuilder::rate_factor(const Application& how) {
    const RateSchedule& s = how.schedule;
    if (s.is_constant) return {};
    const SlotId applied = applied_number(how, "applied", 0.0);
    const SlotId way = s.is_cosine ? way_of_schedule(how, applied) : SlotId{};
    const bool reads_k = !way || s.half_every > 0.0 || !s.falls.empty() || s.warmup > 0.0;
    FormulaBuilder b;
    const std::uint16_t k = b.operand(1, Index::all);
    const auto times = [&](std::uint16_t a, std::uint16_t c) {
        return b.made(Node::multiply, a, c);
    };
    std::uint16_t factor = b.number(1.0);
    if (s.half_every > 0.0)
        factor = times(
            factor, b.made(Node::exponential, times(b.number(-std::log(2.0) / s.half_every), k)));
    if (s.over > 0.0) {
        const std::uint16_t gone =
            way ? b.operand(reads_k ? 2 : 1, Index::all) : part_of(b, k, s.over);
        factor = times(factor, b.made(Node::add, b.number(1.0), times(b.number(s.to - 1.0), gone)));
    }
    for (const double fall : s.falls) {
        const std::uint16_t is_behind =
            b.made(Node::step, b.made(Node::subtract, k, b.number(fall - 0.5)));
        factor = times(factor, b.made(Node::select, is_behind, b.number(s.fall_by), b.number(1.0)));
    }
    if (s.warmup > 0.0) {
        const std::uint16_t now = b.made(Node::add, k, b.number(1.0));
        factor = times(factor, b.made(Node::minimum, b.made(Node::divide, now, b.number(s.warmup)),
                                      b.number(1.0)));
    }
    std::vector<SlotId> read;
    if (reads_k) read.push_back(applied);
    if (way) read.push_back(way);
    return formula({}, RuleQuantity(how.label, "rate_factor"), b.formula(factor), read);
}

}  // namespace apical
