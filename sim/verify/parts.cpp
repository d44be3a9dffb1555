#include "sim/verify/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/verify/kept_strengths.hpp"

namespace apical {

namespace {

// The set that carries the error along its own direction to the slot; unset when none does.
SlotId random_feedback_to(const CircuitRun& run, SlotId c_bar) {
    const SlotId error = run.model().program.rate_of(run.network().error);
    for (const Operation& op : run.model().program.operations) {
        const bool from_error = op.kind == Kind::transmit && op.operands[0].slot == c_bar &&
                                op.operands[1].slot == error;
        if (from_error && !op.reverse && op.operands.size() == 3) return op.operands[2].slot;
    }
    return {};
}

}  // namespace

std::string who_implements(const Model& model) {
    return fmt::format("implements = \"{}\"",
                       std::get<std::string>(model.root.find("implements")->content));
}

const BoundRule& rule_of_W(const CircuitRun& run, std::string_view rule) {
    return require_rule(run.model(), rule, run.network().W(), who_implements(run.model()));
}

algebra::Settings settings_of(const CircuitRun& run, const Approximations& approximations) {
    algebra::Settings settings = run.settings();
    settings.rate = run.rate();
    settings.rate_out = run.rate_out();
    settings.leave_out_alpha = approximations.has(Approximation::leave_out_alpha);
    return settings;
}

algebra::Within within_of(const CircuitRun& run, const std::vector<SlotId>& strengths) {
    const Program& program = run.model().program;
    algebra::Within within;
    algebra::Index first = 0;
    for (const SlotId slot : strengths) {
        const Slot& set = program[slot];
        const algebra::Within of_set = limits_of(run.circuit(), run.state(), set.synapses);
        first += set.columns;
        within.low.conservativeResize(set.rows, first);
        within.high.conservativeResize(set.rows, first);
        within.low.rightCols(set.columns) = of_set.low;
        within.high.rightCols(set.columns) = of_set.high;
    }
    return within;
}

algebra::Start start_of(const CircuitRun& run, SlotId c_bar, const Approximations& approximations) {
    const RecurrentNetwork& network = run.network();
    algebra::Start start{.W = run.W(), .W_out = run.W_out(), .r = run.r()};
    start.within = within_of(run, run.strengths(network.W()));
    start.within_out = within_of(run, run.strengths(network.W_out()));
    const Text* declared = approximations.find(Approximation::random_feedback);
    if (!declared) return start;
    const SlotId B_fb = random_feedback_to(run, c_bar);
    if (!B_fb) {
        throw Error(ExitCode::verification_failed,
                    fmt::format("{}: \"random_feedback\" is declared, but no set of its own "
                                "carries the error straight to \"{}\", without a time constant "
                                "or other cells on the way",
                                text(declared->where), run.model().program[c_bar].name));
    }
    start.B_fb = numbers_of(run.state(), B_fb);
    return start;
}

}  // namespace apical
