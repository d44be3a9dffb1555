#include "sim/diagnosis/adjoint_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/adjoint/dynamics.hpp"
#include "sim/diagnosis/exact_gradient.hpp"
#include "sim/diagnosis/rule_measures.hpp"
#include "sim/diagnosis/update.hpp"

namespace apical {

namespace {

enum class Read : std::uint8_t { sums, difference, nothing };

// How a rule's estimate is read from what it changes, and while what it changes at all.
struct Estimate {
    Read read = Read::nothing;
    SlotId changed;                    // what its changes are added up in
    std::vector<SlotId> windows = {};  // of the trial, in which it changes
};

bool is_clearing(const Operation& op) {
    return op.kind == Kind::assign && op.function == Function::zero;
}

// Whether the change is one of more steps than are compared at once.
bool comes_late(const Program& program, const Operation& op, bool by_trial) {
    return std::ranges::any_of(op.windows, [&](SlotId window) {
        return (program[window].quantity == clock_name::ends && !by_trial) ||
               program[window].quantity == clock_name::batch_ends;
    });
}

// Changes that are added up, or that an optimiser is given, are read as they go in.
Estimate estimate_of(const Program& program, const BoundRule& bound, SynapseSetId set,
                     bool by_trial) {
    Estimate found;
    const SlotId pending = program.tag_of(set, "pending");
    const bool waits = pending && program[pending].is_on_its_way;
    found.changed = waits ? pending : program.strength_of(set);
    bool adds = true, is_alone = true, is_in_phase = true, any = false;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != found.changed || keeps_strengths(op.asker)) continue;
        if (op.asker == Asker::experimenter) continue;
        if (waits && is_clearing(op)) continue;
        any = true;
        adds &= is_addition(op) && op.iterations == 1;
        is_alone &= is_asked_by(op, bound) && !waits;
        is_in_phase &= static_cast<bool>(op.phase) && !comes_late(program, op, by_trial);
        found.windows = op.windows;
    }
    if (any && is_in_phase)
        found.read = adds ? Read::sums : is_alone ? Read::difference : Read::nothing;
    return found;
}

struct LeftOut {
    std::vector<std::string> outside, unread, rateless;
};

void take_sets(AlignedRule& rule, const ModelDraft& model, const BoundRule& bound,
               const Dynamics& dynamics, LeftOut& left_out) {
    const Program& program = model.program.so_far();
    for (const SynapseSetId set : bound.synapses) {
        const std::string name = model.program.circuit()[set].name;
        const bool is_inside = std::ranges::count(dynamics.sets, program.strength_of(set)) > 0;
        const Estimate estimate = estimate_of(program, bound, set, rule.exact_window == 0);
        if (!is_inside || estimate.read == Read::nothing) {
            (is_inside ? left_out.unread : left_out.outside).push_back(name);
            continue;
        }
        const Measures measure(model.program, name, about_changes(rule, name));
        rule.sets.push_back(
            {set, measure.agreement(), estimate.read == Read::difference, estimate.changed});
        rule.windows = estimate.windows;
    }
}

void note(const LeftOut& left_out, std::vector<std::string>& notes) {
    if (!left_out.outside.empty())
        notes.push_back(
            fmt::format("{} leaves out {}: the loss depends on {} only through "
                        "learning, or not",
                        alignment_key, list_of(left_out.outside),
                        left_out.outside.size() == 1 ? "it" : "them"));
    if (!left_out.rateless.empty())
        notes.push_back(
            fmt::format("{} leaves out {}: it divides changes by the parameter \"rate\" of "
                        "the rule, which is 0 or which the rule has not",
                        alignment_key, list_of(left_out.rateless)));
    if (!left_out.unread.empty())
        notes.push_back(fmt::format(
            "{} leaves out {}: several change {} in other ways than by "
            "additions, or none in a phase of each step",
            alignment_key, list_of(left_out.unread), left_out.unread.size() == 1 ? "it" : "them"));
}

void set_window(AlignedRule& rule, const ModelDraft& model, const Dynamics& dynamics,
                const DiagnoseOptions& options) {
    if (options.by_trial) {
        rule.exact_window = 0;
        return;
    }
    rule.exact_window = dynamics.remembers ? options.window : std::max(1, rule.window);
    check_window(model, rule);
    check_every(model, rule);
    rule.lag = lag_of(rule);
}

bool is_measured_twice(const Diagnosed& chosen, const BoundRule& bound) {
    return std::any_of(chosen.rules.begin(), chosen.rules.end(), [&](const AlignedRule& rule) {
        return std::any_of(rule.sets.begin(), rule.sets.end(),
                           [&](const AlignedSet& one) { return bound.changes(one.set); });
    });
}

}  // namespace

void choose_by_adjoint(Diagnosed& chosen, const ModelDraft& model,
                       std::vector<std::string>& notes) {
    const Program& program = model.program.so_far();
    const Dynamics dynamics = find_dynamics(program, loss_of(program, model.program.circuit()));
    LeftOut left_out;
    for (const BoundRule& bound : model.rules) {
        const bool has_rate = bound.parts.rate && bound.parts.rate->value != 0.0;
        if (!has_rate || is_measured_twice(chosen, bound)) {
            for (const SynapseSetId set : bound.synapses)
                (has_rate ? left_out.unread : left_out.rateless)
                    .push_back(model.program.circuit()[set].name);
            continue;
        }
        AlignedRule rule;
        rule.label = bound.label;
        rule.facing = bound.facing() == Facing::none ? Facing::past : bound.facing();
        rule.rate = rate_of_changes(bound);
        rule.window = bound.parts.window;
        set_window(rule, model, dynamics, chosen.options);
        take_sets(rule, model, bound, dynamics, left_out);
        if (rule.sets.empty()) continue;
        const Measures measure(model.program, rule.label,
                               about_changes(rule, "all sets of the rule " + rule.label));
        rule.together = measure.agreement();
        chosen.rules.push_back(std::move(rule));
    }
    note(left_out, notes);
    if (chosen.rules.empty())
        reject(model.section.where("alignment"),
               fmt::format("{} needs a rule with a rate that changes a set on which the loss "
                           "depends; there is none in this model",
                           alignment_key));
}

}  // namespace apical
