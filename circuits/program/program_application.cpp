// How the changes that rules ask for reach the strengths. A rule whose changes are not made as it
// asks for them changes a tag in place of the strengths W,
//
//     pending(W) <- pending(W) + change
//
// and at the end of a step, a phase, a trial or a batch of trials, with g = pending(W), divided by
// the steps that have counted where `average` asks for that,
//
//     W <- (1 - decay) W + clip(s(g), -largest_change, largest_change),   pending(W) <- 0
//
// s as the optimiser has it (circuits/program/application.hpp). What keeps W within bounds follows.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/added_change.hpp"
#include "circuits/program/formula_builder.hpp"
#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

bool is_strength(const Program& program, const Operation& op) {
    return program[op.operands[0].slot].what == What::strength;
}

// A trial ends behind the rules of a step's last phase, or at the step's end where that phase is
// not carried out in each step.
PhaseId phase_of_ends(const Circuit& circuit) {
    return circuit.phases.back().is_in_each_step() ? PhaseId(circuit.phases.size() - 1) : PhaseId{};
}

}  // namespace

void ProgramBuilder::narrow_changes(WindowId id, std::size_t first, const Where& where) {
    const SlotId open = window(id);
    for (std::size_t i = first; i < program_.operations.size(); ++i) {
        Operation& op = program_.operations[i];
        if (!is_strength(program_, op)) continue;
        const bool overwrites = op.kind == Kind::assign || op.operands[0].access == Access::set;
        if (overwrites) {
            reject(where,
                   fmt::format("[{}] is in a window, and overwrites the strengths of \"{}\", "
                               "which would have them late; expected a rule that changes "
                               "strengths by a sum",
                               asked_by_, program_[op.operands[0].slot].name));
        }
        op.windows.push_back(open);
    }
}

// "pending(W_rec)"
SlotId ProgramBuilder::applied_tag(SlotId strength, std::string_view name) {
    const SynapseSetId set = program_[strength].synapses;
    if (program_.tag_of(set, name)) {
        reject(where_, fmt::format("[{}] keeps \"{}\" at the synapses of \"{}\", the name of what "
                                   "is on its way to the strengths; expected another name in the "
                                   "rule",
                                   asked_by_, name, circuit_[set].name));
    }
    const SlotId made = tag(set, name);
    program_.slots[made.value].is_on_its_way = true;
    lasting_.push_back(made);
    return made;
}

SlotId ProgramBuilder::applied_number(const Application& how, std::string_view name, double first) {
    Initializer init;
    init.scale.factor = first;
    const SlotId made = state({}, RuleQuantity(how.label, std::string(name)), init);
    if (std::ranges::count(lasting_, made) == 0) lasting_.push_back(made);
    return made;
}

// The steps, or iterations, in which the change has taken place: of a batch its trials.
SlotId ProgramBuilder::count_changes(const Application& how, const Operation& change) {
    const SlotId counted = applied_number(how, "counted", 0.0);
    const bool is_there = std::ranges::any_of(
        program_.operations, [&](const Operation& op) { return op.operands[0].slot == counted; });
    if (is_there) return counted;
    FormulaBuilder b;
    const Formula more = b.formula(b.made(Node::add, b.operand(1, Index::all), b.number(1.0)));
    set_formula(counted, more, {counted});
    Operation& counts = program_.operations.back();
    counts.iterations = change.iterations;
    counts.every = change.every;
    counts.first = change.first;
    counts.last = change.last;
    counts.windows = change.windows;
    counts.event = change.event;
    if (how.at != ApplyAt::batch) return counted;
    counts.phase = phase_of_ends(circuit_);
    counts.iterations = counts.every = 1;
    counts.windows = {clock(clock_name::ends)};
    return counted;
}

// The rate of an optimiser, where events set it.
void ProgramBuilder::set_rate_of(const Application& how) {
    if (!how.optimiser.takes_rate()) return;
    const std::size_t first = program_.operations.size();
    for (const Intervention& event : circuit_.interventions) {
        if (!event.sets_number_of(how.label, false) || event.number != "rate") continue;
        if (first == program_.operations.size()) constant(how.rate, {how.label, "rate"});
        set_number(event, first);
    }
}

namespace {

struct Pending {
    SlotId strength, tag;
};

}  // namespace

void ProgramBuilder::apply_changes(const Application& how, std::size_t first, const Where& where) {
    std::vector<Pending> all;
    std::optional<Operation> change;
    for (std::size_t i = first; i < program_.operations.size(); ++i) {
        if (!is_strength(program_, program_.operations[i])) continue;
        const SlotId strength = program_.operations[i].operands[0].slot;
        auto known = std::ranges::find(all, strength, &Pending::strength);
        if (known == all.end())
            known = all.insert(all.end(), {strength, applied_tag(strength, "pending")});
        Operation& op = program_.operations[i];
        if (!add_to_tag(program_, op, known->tag)) {
            reject(where, fmt::format("[{}] changes the strengths of \"{}\" by {}; expected a rule "
                                      "that changes them by a sum, \"w += ...\", since changes are "
                                      "added up before they are made",
                                      asked_by_, program_[strength].name, traits(op.kind).verb));
        }
        if (!change) change = op;
    }
    if (!change) return;
    const SlotId counted = how.average ? count_changes(how, *change) : SlotId{};
    const PhaseId phase = phase_;
    const bool is_late = how.at == ApplyAt::trial || how.at == ApplyAt::batch;
    begin(is_late ? phase_of_ends(circuit_) : phase, asked_by_, where_, Asker::rule);
    if (how.at == ApplyAt::step) {
        iterations_ = change->iterations;
        if (circuit_[phase].steps.is_each()) every_ = change->every;
        windows_ = change->windows;  // that of the phase comes by itself
        if (circuit_[phase].window && !windows_.empty()) windows_.erase(windows_.begin());
    }
    if (is_late)
        only_in(clock(how.at == ApplyAt::trial ? clock_name::ends : clock_name::batch_ends));
    const SlotId factor = rate_factor(how);
    set_rate_of(how);
    begin_application(how);
    SlotId share = counted ? share_of_each(how, counted) : SlotId{};
    if (how.optimiser.largest_norm > 0.0) {
        std::vector<SlotId> tags;
        for (const Pending& one : all) tags.push_back(one.tag);
        share = share_of_norm(how, tags, share);
    }
    for (const Pending& one : all) apply_pending(one.strength, one.tag, share, factor, how);
}

// 1 over how many there were, which are counted anew.
SlotId ProgramBuilder::share_of_each(const Application& how, SlotId counted) {
    FormulaBuilder b;
    const std::uint16_t count = b.made(Node::maximum, b.operand(1, Index::all), b.number(1.0));
    const SlotId share = formula({}, RuleQuantity(how.label, "share"),
                                 b.formula(b.made(Node::divide, b.number(1.0), count)), {counted});
    append({.kind = Kind::modulate,
            .function = Function::constant,
            .operands = {{counted, Access::set}},
            .gain = 0.0});
    return share;
}

// The factor by which g of all sets is scaled to the largest norm, times the share of each change:
// share c / max(c, |g|), |g| = share / rate_of_binding sqrt(the sum of all squares).
SlotId ProgramBuilder::share_of_norm(const Application& how, const std::vector<SlotId>& pending,
                                     SlotId share) {
    for (const SlotId sum : pending) {  // synapses that do not exist are no part of it
        const SynapseSetId set = program_[sum].synapses;
        if (!circuit_[set].has_gaps()) continue;
        FormulaBuilder b;
        const std::uint16_t kept = b.made(Node::select, b.operand(1, Index::synapse),
                                          b.operand(0, Index::synapse), b.number(0.0));
        synaptic(sum, b.formula(kept), {connected(set)});
    }
    const SlotId squares = inner(pending[0], pending[0], RuleQuantity(how.label, "squares"));
    for (std::size_t k = 1; k < pending.size(); ++k) add_inner(squares, pending[k], pending[k]);
    FormulaBuilder b;
    const std::uint16_t most = b.number(how.optimiser.largest_norm),
                        each = share ? b.operand(2, Index::all) : b.number(1.0);
    const std::uint16_t root = b.made(Node::root, b.operand(1, Index::all));
    const std::uint16_t norm =
        b.made(Node::multiply, b.made(Node::multiply, b.number(1.0 / rate_of_binding), each), root);
    const std::uint16_t scale = b.made(Node::divide, most, b.made(Node::maximum, most, norm));
    std::vector<SlotId> read = {squares};
    if (share) read.push_back(share);
    const SlotId made = formula({}, RuleQuantity(how.label, "norm_share"),
                                b.formula(b.made(Node::multiply, each, scale)), read);
    // They stand where strengths change, behind the last that is added to a sum.
    for (const SlotId one : {squares, made}) program_.slots[one.value].is_on_its_way = true;
    return made;
}

namespace {

// A formula at synapses whose places are given as slots are read.
class ReadBySlots {
public:
    std::uint16_t own() { return b.operand(0, Index::synapse); }
    std::uint16_t read(SlotId slot, Index index) {
        operands.push_back(slot);
        return b.operand(static_cast<std::uint16_t>(operands.size()), index);
    }
    std::uint16_t number(double value) { return b.number(value); }
    std::uint16_t times(std::uint16_t x, std::uint16_t y) { return b.made(Node::multiply, x, y); }
    std::uint16_t plus(std::uint16_t x, std::uint16_t y) { return b.made(Node::add, x, y); }
    std::uint16_t over(std::uint16_t x, std::uint16_t y) { return b.made(Node::divide, x, y); }
    std::uint16_t root(std::uint16_t x) { return b.made(Node::root, x); }

    FormulaBuilder b;
    std::vector<SlotId> operands;
};

// What is made of the changes of one set.
class OptimisedChange {
public:
    OptimisedChange(ProgramBuilder& program, const Application& how, SlotId pending, SlotId share)
        : program_(program), how_(how), o_(how.optimiser), pending_(pending), share_(share) {}

    // x <- keep x + add g, or g squared.
    void remember(SlotId x, double keep, double add, bool squared) {
        ReadBySlots f;
        std::uint16_t g = gradient(f);
        if (squared) g = f.times(g, g);
        const std::uint16_t value =
            f.plus(f.times(f.number(keep), f.own()), f.times(f.number(add), g));
        program_.synaptic(x, f.b.formula(value), f.operands);
    }

    void make(SlotId strength, SlotId mean, SlotId square, SlotId factor) {
        ReadBySlots f;
        std::uint16_t step = mean ? f.read(mean, Index::synapse) : gradient(f);
        if (o_.kind == Optimiser::Kind::adam)
            step = corrected(f, step, f.read(square, Index::synapse));
        else if (square)
            step =
                f.over(step, f.plus(f.root(f.read(square, Index::synapse)), f.number(o_.epsilon)));
        if (o_.takes_rate()) step = f.times(rate(f), step);
        if (factor) step = f.times(f.read(factor, Index::all), step);
        if (o_.largest_change > 0.0) {
            const std::uint16_t least = f.number(-o_.largest_change),
                                most = f.number(o_.largest_change);
            step = f.b.made(Node::minimum, f.b.made(Node::maximum, step, least), most);
        }
        const std::uint16_t kept = f.times(f.number(1.0 - o_.decay), f.own());
        program_.synaptic(strength, f.b.formula(f.plus(kept, step)), f.operands);
    }

private:
    // A number of the program where events set it.
    std::uint16_t rate(ReadBySlots& f) const {
        const SlotId set = program_.so_far().of_rule({how_.label, "rate"});
        return set ? f.read(set, Index::all) : f.number(how_.rate);
    }
    // g, of a rule that was bound with half the rate.
    std::uint16_t gradient(ReadBySlots& f) const {
        const std::uint16_t by = f.number(o_.takes_rate() ? 1.0 / rate_of_binding : 1.0),
                            g = f.times(by, f.read(pending_, Index::synapse));
        return share_ ? f.times(f.read(share_, Index::all), g) : g;
    }
    std::uint16_t corrected(ReadBySlots& f, std::uint16_t mean, std::uint16_t square) const {
        const auto grown = [&](std::string_view left) {
            const SlotId slot = program_.so_far().of_rule({how_.label, std::string(left)});
            return f.b.made(Node::subtract, f.number(1.0), f.read(slot, Index::all));
        };
        const std::uint16_t one = grown("left_1"), two = grown("left_2"),
                            epsilon = f.number(o_.epsilon);
        if (o_.epsilon_corrected)
            return f.over(f.over(mean, one), f.plus(f.root(f.over(square, two)), epsilon));
        return f.times(f.over(f.root(two), one), f.over(mean, f.plus(f.root(square), epsilon)));
    }

    ProgramBuilder& program_;
    const Application& how_;
    const Optimiser& o_;
    SlotId pending_, share_;
};

}  // namespace

// The step of the optimiser, clipped, and what is left of the strength.
void ProgramBuilder::apply_pending(SlotId strength, SlotId pending, SlotId share, SlotId factor,
                                   const Application& how) {
    using Of = Optimiser::Kind;
    const Optimiser& o = how.optimiser;
    const bool is_plain = !o.takes_rate() && o.decay == 0.0 && o.largest_change == 0.0;
    if (is_plain && !factor) {
        consolidate(strength, share, pending, 1.0);
        return assign_zero(pending);
    }
    OptimisedChange change(*this, how, pending, share);
    SlotId mean, square;
    const bool is_adam = o.kind == Of::adam;
    if (is_adam || o.kind == Of::momentum) mean = applied_tag(strength, "momentum");
    if (is_adam || o.kind == Of::rmsprop) square = applied_tag(strength, "square");
    if (o.kind == Of::momentum) change.remember(mean, o.keep, 1.0, false);
    if (o.kind == Of::rmsprop) change.remember(square, o.keep, 1.0 - o.keep, true);
    if (is_adam) {
        change.remember(mean, o.beta_1, 1.0 - o.beta_1, false);
        change.remember(square, o.beta_2, 1.0 - o.beta_2, true);
    }
    change.make(strength, mean, square, factor);
    assign_zero(pending);
}

// Numbers of the application itself: how many there were, and what is left of the beginning of
// running means, b^k.
void ProgramBuilder::begin_application(const Application& how) {
    const auto change = [&](std::string_view name, double first, Node node, double by) {
        const SlotId number = applied_number(how, name, first);
        FormulaBuilder b;
        set_formula(number, b.formula(b.made(node, b.operand(1, Index::all), b.number(by))),
                    {number});
    };
    if (!how.schedule.is_constant) change("applied", 0.0, Node::add, 1.0);
    if (how.optimiser.kind != Optimiser::Kind::adam) return;
    change("left_1", 1.0, Node::multiply, how.optimiser.beta_1);
    change("left_2", 1.0, Node::multiply, how.optimiser.beta_2);
}

}  // namespace apical
