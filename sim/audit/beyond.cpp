// Beyond the paper: what its list does not ask and a critic would. It decides nothing.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/formula_derivative.hpp"
#include "sim/audit/audit_context.hpp"
#include "sim/audit/axon_ends.hpp"
#include "sim/audit/carriers.hpp"
#include "sim/audit/trial_resets.hpp"

namespace apical {

namespace {

constexpr const char* name_the_holder =
    "say what holds it: a slow compartment, a plateau potential, an axon's delay";

class Beyond {
public:
    explicit Beyond(AuditContext& context)
        : context_(context), ends_(context), integrating_(context.circuit().populations.size()) {
        for (const Operation& op : context_.operations()) {
            const PopulationId cells = context_.slot(op, 0).cells;
            const bool integrates =
                op.kind == Kind::fire && op.operands[0].access == Access::update;
            if (integrates && cells) integrating_[cells.value].push_back(&op);
        }
    }

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        examine_reading(op);
        examine_gathering(op);
        examine_change(op);
        if (op.kind == Kind::fire) examine_firing(op);
        if (op.kind == Kind::reset) examine_reset(op);
        if (op.replay < 0) return;
        find(Criterion::replayed_noise, context_.slot(op, 0).name,
             fmt::format("\"{}\" is read from a file", context_.slot(op, 0).name), "draw it");
    }

private:
    void find(Criterion criterion, const std::string& subject, std::string because,
              std::string mend) {
        context_.find(criterion, index_, subject, std::move(because), std::move(mend));
    }

    // One finding for a phase, and how many more are set back in it.
    void examine_reset(const Operation& op) {
        if (!op.windows.empty() && op.asked_by == "trial") {
            TrialReset reset = trial_reset(context_, op);
            return find(Criterion::set_back, reset.subject, std::move(reset.because),
                        std::move(reset.mend));
        }
        const std::string& phase = context_.program().phase_names[op.phase.value];
        const std::string to =
            op.operands.size() == 1 ? "0" : fmt::format("\"{}\"", context_.slot(op, 1).name);
        find(Criterion::set_back, phase,
             fmt::format("\"{}\" is set back to {} where phase \"{}\" begins",
                         context_.slot(op, 0).name, to, phase),
             "say what sets cells back, or let them settle from where they are");
    }

    void examine_gathering(const Operation& op) {
        switch (traits(op.kind).gathers) {
            case Gathers::synapses:
                if (op.operands.size() == 2) examine_pairs(op);
                return examine_direction(op);
            case Gathers::matrix:
                return examine_direction(op);
            case Gathers::population:
                if (op.function == Function::winners) return examine_winners(op);
                return find(
                    Criterion::softmax, context_.slot(op, 0).name,
                    fmt::format("\"{}\" is normalised over all cells", context_.slot(op, 0).name),
                    "let inhibition that the cells share do it, or read out linearly");
            case Gathers::own_synapses:
                return find(
                    Criterion::gathered_synapses, context_.slot(op, 0).name,
                    fmt::format("\"{}\" gathers \"{}\" over each cell's synapses",
                                context_.slot(op, 0).name, context_.slot(op, 1).name),
                    "say what sums it up: a supply that the cell's synapses share, or its rate");
            case Gathers::nothing:
            case Gathers::interneuron:
            case Gathers::sum:
                return;
        }
    }

    void examine_winners(const Operation& op) {
        find(Criterion::winners, context_.slot(op, 0).name,
             fmt::format("\"{}\" is 0 but of the {} cells with the largest \"{}\": a rank gathers "
                         "over all of them",
                         context_.slot(op, 0).name, op.weights[0], context_.slot(op, 1).name),
             "let inhibition that the cells share leave few that fire");
    }

    void examine_change(const Operation& op) {
        switch (traits(op.kind).change) {
            case MatrixChange::overwritten:
                return examine_keeping(op);
            case MatrixChange::rank_one:
                return examine_plasticity(op);
            case MatrixChange::by_tag:
                if (op.operands.size() == 3) examine_number(op, 1);
                return;
            case MatrixChange::formula:
                return examine_formula(op);
            case MatrixChange::product:
            case MatrixChange::none:
                return;
        }
    }

    // A current within the cell pairs nobody, and what the task gives is no cell.
    void examine_pairs(const Operation& op) {
        const PopulationId to = context_.slot(op, 0).cells, from = context_.slot(op, 1).cells;
        if (!to || !from || context_.same_cells(to, from)) return;
        if (is_set_from_outside(context_.circuit()[from].role)) return;
        find(Criterion::paired_cells, context_.name(to) + " of " + context_.name(from),
             fmt::format("\"{}\" and \"{}\" must be partners, one to one: \"{}\" receives \"{}\"",
                         context_.name(to), context_.name(from), context_.slot(op, 0).name,
                         context_.slot(op, 1).name),
             "say how each cell finds its partner, or let synapses that learn join them");
    }

    bool transmits_forward(SlotId strength) const {
        return std::any_of(
            context_.operations().begin(), context_.operations().end(), [&](const auto& op) {
                const KindTraits& kind = traits(op.kind);
                return kind.gathers == Gathers::synapses && !op.reverse &&
                       op.operands.size() == 3 && op.operands[kind.product.matrix].slot == strength;
            });
    }

    void examine_direction(const Operation& op) {
        if (!op.reverse) return;
        const auto [through, from] = traits(op.kind).product;
        const Slot& strength = context_.slot(op, through);
        if (!context_.is_strength(strength)) return;
        const Slot& source = context_.slot(op, from);
        if (!context_.same_cells(strength.cells, strength.pre)) {
            return find(Criterion::mirrored_weights, strength.name,
                        fmt::format("\"{}\" comes back through the transpose of \"{}\" (weight "
                                    "transport)",
                                    source.name, strength.name),
                        "let a set of its own carry it back, with strengths that may be random");
        }
        const bool both = transmits_forward(op.operands[through].slot);
        find(Criterion::both_ways, strength.name,
             fmt::format("\"{}\" carries \"{}\" against its direction{}", strength.name,
                         source.name, both ? ", and rates along it" : ""),
             "let a twin set in the other direction carry it, one that receives the same changes");
    }

    void examine_keeping(const Operation& op) {
        const Slot& kept = context_.slot(op, 0);
        const bool matrix = kept.shape == Shape::per_synapse || kept.shape == Shape::per_pair;
        if (matrix && op.function == Function::none) {
            return find(Criterion::frozen_copy, kept.name,
                        fmt::format("\"{}\" is a copy of \"{}\" that stays as it is for {}",
                                    kept.name, context_.slot(op, 1).name, steps(op.every)),
                        fmt::format("use \"{}\" itself", context_.slot(op, 1).name));
        }
        if (op.kind != Kind::remember || matrix) return;
        if (kept.what == What::before) {
            return find(Criterion::held_vector, context_.slot(op, 1).name + " before",
                        fmt::format("\"{}\" is held for an iteration of phase \"{}\" ({:.6g} ms)",
                                    context_.slot(op, 1).name,
                                    context_.program().phase_names[op.phase.value],
                                    in_ms(context_.circuit().iteration_nanoseconds(op.phase))),
                        name_the_holder);
        }
        if (kept.what == What::at_end) {
            return find(Criterion::held_vector, kept.name,
                        fmt::format("\"{}\" is held from the end of phase \"{}\" for up to {}",
                                    context_.slot(op, 1).name,
                                    context_.program().phase_names[kept.phase.value], steps(1)),
                        name_the_holder);
        }
        const bool history = op.function == Function::history;
        find(Criterion::held_vector, context_.slot(op, 1).name,
             fmt::format("\"{}\" is held for {}", context_.slot(op, 1).name,
                         steps(history ? kept.columns - 1 : 1)),
             name_the_holder);
    }

    std::string steps(int count) const {
        return fmt::format("{} step{} ({:.6g} ms)", count, count == 1 ? "" : "s",
                           in_ms(count * context_.circuit().step_nanoseconds()));
    }

    // A voltage that is made in one phase and used in a later one.
    void examine_reading(const Operation& op) {
        for (std::size_t k = 1; k < op.operands.size() && op.phase; ++k) {
            const SlotId read = op.operands[k].slot;
            if (!context_.compartment(read)) continue;
            const PhaseId made = last_made(read);
            if (!made || made >= op.phase) continue;
            const std::string& name = context_.program()[read].name;
            find(Criterion::held_vector, name + " in its phase",
                 fmt::format("\"{}\" is held from phase \"{}\" to phase \"{}\" ({:.6g} ms)", name,
                             context_.program().phase_names[made.value],
                             context_.program().phase_names[op.phase.value],
                             between(made, op.phase)),
                 name_the_holder);
        }
    }

    PhaseId last_made(SlotId slot) const {
        const std::vector<std::uint32_t>& writers = context_.writers(slot);
        return writers.empty() ? PhaseId{} : context_.operations()[writers.back()].phase;
    }

    // Time from the end of one phase to that of another, in ms.
    double between(PhaseId from, PhaseId to) const {
        const std::vector<std::int64_t> ends = context_.circuit().phase_ends();
        return in_ms(ends[to.value] - ends[from.value]);
    }

    void examine_firing(const Operation& op) {
        const Slot& rate = context_.slot(op, 0);
        if (is_linear(op)) {
            find(Criterion::linear_cells, rate.name,
                 fmt::format("\"{}\" is linear and has both signs", rate.name),
                 "fire the two signs by cells of their own, or around a baseline");
        }
        examine_rate_held(op);
        std::size_t k = 1;
        for (const bool gated : op.gated) {
            if (gated) examine_path(op, k);
            k += gated ? 2 : 1;
        }
    }

    // A path that is meant to be shut and may be open.
    void examine_path(const Operation& op, std::size_t operand) {
        const CompartmentId path = context_.compartment(op.operands[operand].slot);
        if (!path || context_.circuit().is_open(path, op.phase)) return;
        const SlotId gate = op.operands[operand + 1].slot;
        const Operation* move = nullptr;
        for (const std::uint32_t i : context_.writers(gate)) {
            const Operation& one = context_.operations()[i];
            if (one.kind == Kind::gate && one.phase == op.phase) move = &one;
        }
        if (!move) return;
        const std::string meant = fmt::format("in phase \"{}\", in which it is meant to be shut",
                                              context_.program().phase_names[op.phase.value]);
        const std::string name = context_.circuit().full_name(path);
        if (is_gate_of_cells(*move)) {
            return find(
                Criterion::gate_leaks, context_.program()[gate].name,
                fmt::format("\"{}\" may be open {}: that is up to what its interneurons fire", name,
                            meant),
                "look at the gate's recorded numbers");
        }
        const bool leaks = move->function == Function::none;
        find(Criterion::gate_leaks, context_.program()[gate].name,
             leaks ? fmt::format("{:.6g} of \"{}\" is open {}", move->gain, name, meant)
                   : fmt::format("\"{}\" may be open {}: its gate moves late, slowly or not at all",
                                 name, meant),
             "let the interneuron shut the path wholly and in time");
    }

    static bool is_linear(const Operation& fire) {
        if (fire.function != Function::none) return false;  // spikes are 0 or 1, bursts a share
        if (fire.activation != Activation::written) return fire.activation == Activation::linear;
        const Formula slope = derivative(fire.formula);
        const bool is_zero = slope.back().node == Node::number && slope.back().number == 0.0;
        return !reads(slope, 0) && !is_zero;
    }

    // The soma keeps its rate while a dendrite makes the cells fire another one.
    void examine_rate_held(const Operation& op) {
        const Slot& fired = context_.slot(op, 0);
        if (!fired.cells) return;
        for (const Operation* other : integrating_[fired.cells.value]) {
            const Slot& held = context_.slot(*other, 0);
            if (other->operands[0].slot == op.operands[0].slot) continue;
            find(Criterion::held_vector, held.name + " in the soma",
                 fmt::format("\"{}\" is held in the soma through phase \"{}\" ({:.6g} ms), in "
                             "which the cells fire \"{}\"",
                             held.name, context_.program().phase_names[op.phase.value],
                             in_ms(context_.circuit()[op.phase].nanoseconds), fired.name),
                 name_the_holder);
        }
    }

    void examine_plasticity(const Operation& op) {
        examine_presynaptic(op, 2);
        for (std::size_t k = 3; k < op.operands.size(); ++k) examine_number(op, k);
    }

    void examine_formula(const Operation& op) {
        for (const FormulaNode& node : op.formula) {
            if (node.node != Node::operand) continue;
            if (node.index == Index::pre) examine_presynaptic(op, node.a);
            if (node.index == Index::all) examine_number(op, node.a);
        }
        const FormulaNode& value = op.formula.back();
        const bool copies = value.node == Node::operand && value.index == Index::synapse;
        if (copies && value.a != 0) examine_keeping(op);  // operand 0 is what it has been
    }

    void examine_presynaptic(const Operation& op, std::size_t operand) {
        const Slot& pre = context_.slot(op, operand);
        const Carrier carrier = context_.carrier(op.operands[operand].slot);
        // Made there of what the axon brings.
        if (ends_.is_at_end(op.operands[operand].slot)) return;
        if (pre.shape == Shape::per_cell && ends_.is_far(context_.slot(op, 0).synapses)) {
            return find(Criterion::presynaptic_variable, pre.name,
                        fmt::format("\"{}\" changes with \"{}\", which has yet to arrive at the "
                                    "ends of its axons",
                                    context_.slot(op, 0).name, pre.name),
                        "let the change read what the axons bring");
        }
        if (pre.shape == Shape::per_cell && carrier != Carrier::rate &&
            !follows_from_rates(context_, op.operands[operand].slot, index_) &&
            !ends_.released(op.operands[operand].slot, context_.slot(op, 0).synapses) &&
            !ends_.is_trace(op.operands[operand].slot, context_.slot(op, 0).synapses)) {
            find(Criterion::presynaptic_variable, pre.name,
                 fmt::format("\"{}\" changes with \"{}\", {} of the presynaptic cell",
                             context_.slot(op, 0).name, pre.name, text(carrier)),
                 "let the change read the rate that the axon carries");
        }
    }

    void examine_number(const Operation& op, std::size_t operand) {
        const Slot& number = context_.slot(op, operand);
        if (number.shape != Shape::scalar) return;
        find(Criterion::broadcast_number, number.name,
             fmt::format("all synapses of \"{}\" know the number \"{}\"", context_.slot(op, 0).name,
                         number.name),
             "say what broadcasts it: a neuromodulator");
    }

    AuditContext& context_;
    AxonEnds ends_;
    std::vector<std::vector<const Operation*>> integrating_;  // fire a held rate, by population
    std::size_t index_ = 0;
};

}  // namespace

void examine_beyond(AuditContext& context) {
    Beyond beyond(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) beyond.examine(i);
}

}  // namespace apical
