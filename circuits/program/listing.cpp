// The program as lines that are read: what `apical check` prints.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/operands.hpp"
#include "circuits/program/program.hpp"

namespace apical {

namespace {

// ", in window decision", ", where a trial ends"
std::string when_open(std::string_view clock) {
    if (clock.starts_with(clock_name::window))
        return fmt::format(", in window {}", clock.substr(clock_name::window.size()));
    const std::size_t dot = clock.find('.');
    return fmt::format(", where a {} {}", clock.substr(0, dot), clock.substr(dot + 1));
}

std::string equation(const Program& program, const Operation& op) {
    std::string when = op.every > 1 ? fmt::format(", every {} steps", op.every) : "";
    const auto [period, first, last] = steps_of(op);
    if (op.every > 1 && (first < period - 1 || last < period - 1))
        when = fmt::format(", in steps {} to {} of every {}", first, last, period);
    for (const SlotId window : op.windows) when += when_open(program[window].quantity);
    if (op.event && op.while_on) when += fmt::format(", while {} is on", program[op.event].name);
    if (op.iterations > 1) when += fmt::format(", in each of {} iterations", op.iterations);
    return traits(op.kind).equation({program, op}) + when;
}

constexpr std::size_t usual_verb = 11;  // characters

std::string line_text(const Program& program, std::size_t index, std::size_t width,
                      std::size_t verb = usual_verb) {
    const Operation& op = program.operations[index];
    return fmt::format("{:>3}  {:<10} {:<{}} {:<{}}  {}", index + 1, phase_name(program, op.phase),
                       traits(op.kind).verb, verb, equation(program, op), width, op.asked_by);
}

}  // namespace

std::string listing_line(const Program& program, std::size_t index) {
    return line_text(program, index, 0);
}

std::string listing(const Program& program) {
    std::size_t width = 0, verb = usual_verb;
    for (const Operation& op : program.operations) {
        width = std::max(width, equation(program, op).size());
        verb = std::max(verb, traits(op.kind).verb.size());
    }
    std::string text = fmt::format("{:>3}  {:<10} {:<{}} {:<{}}  {}\n", "#", "phase", "verb", verb,
                                   "operands", width, "asked by");
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        text += line_text(program, i, width, verb) + '\n';
    }
    return text;
}

}  // namespace apical
