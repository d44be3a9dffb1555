// Strengths that are noisy while they transmit, that change at unequal rates, and that stand on few
// levels:
//
//     v_i += d sqrt(sum_j S_ij^2 x_j^2) N(0, 1)       in law sum_j S_ij (1 + d N(0, 1)) x_j
//     S   += factor o change                          factor_ij = exp(d N(0, 1)), drawn once
//     S   <- q round(S / q)                           q = 2 reach / 2^bits, behind each change
//     S   <- q round(S / q + dither)                  stochastically: up with the probability of
//                                                     what is left of S / q
//
// A dither for each synapse is made of a draw in each of its cells, the part of u_i + v_j behind
// the point: U(-1/2, 1/2), independent of that of any one other synapse.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "circuits/program/formula_builder.hpp"
#include "circuits/program/weakened_program.hpp"

namespace apical {

namespace {

// A number so large that what is added to it is rounded to a whole one, ties to even.
constexpr double rounder = 6755399441055744.0;  // 1.5 2^52

std::uint16_t rounded(FormulaBuilder& b, std::uint16_t x) {
    const std::uint16_t large = b.number(rounder);
    return b.made(Node::subtract, b.made(Node::add, x, large), large);
}

Operation synaptic(SlotId matrix, Formula formula, const std::vector<SlotId>& operands) {
    const Access access = reads(formula, 0) ? Access::update : Access::set;
    Operation op{.kind = Kind::synaptic, .operands = {{matrix, access}}};
    for (const SlotId slot : operands) op.operands.push_back({slot});
    op.formula = std::move(formula);
    return op;
}

bool is_change(const Operation& op, SlotId strength) {
    return op.operands[0].slot == strength && !keeps_strengths(op.asker);
}

// W = retain W + factor (gain tag), the tag with a number for each postsynaptic cell or without.
Formula added_by_factor(double retain, double gain, bool is_scaled) {
    FormulaBuilder b;
    std::uint16_t add = b.made(Node::multiply, b.operand(1, Index::synapse), b.number(gain));
    add = b.made(Node::multiply, add, b.operand(2, Index::synapse));
    if (is_scaled) add = b.made(Node::multiply, add, b.operand(3, Index::post));
    const std::uint16_t kept =
        b.made(Node::multiply, b.number(retain), b.operand(0, Index::synapse));
    return b.formula(b.made(Node::add, kept, add));
}

class UnequalChanges {
public:
    UnequalChanges(WeakenedProgram& weak, SynapseSetId set, double deviation)
        : weak_(weak), set_(set), strength_(weak.program().strength_of(set)) {
        Initializer lognormal;
        lognormal.kind = Initializer::Kind::lognormal;
        lognormal.scale.factor = 1.0;
        lognormal.sigma = deviation;
        lognormal.where = weak.where();
        factor_ = weak.at_synapses(set, "rate_factor", lognormal);
    }

    void change_all() {
        bool any = false;
        for (std::size_t i = 0; i < weak_.program().operations.size(); ++i) {
            if (!is_change(weak_.program().operations[i], strength_)) continue;
            any = true;
            i += change(i);
        }
        if (!any) refuse("nothing changes it");
    }

private:
    [[noreturn]] void refuse(std::string_view why) const {
        reject(weak_.where(), fmt::format("[{}] has heterogeneity, but {}; expected a set that a "
                                          "rule changes by sums of products",
                                          weak_.who(), why));
    }

    SlotId made() {
        if (!made_) made_ = weak_.at_synapses(set_, "asked_change");
        return made_;
    }

    // How many operations are more than there were.
    std::size_t change(std::size_t place) {
        const Operation op = weak_.program().operations[place];
        if (op.kind == Kind::hebb) return by_product(place, op);
        if (op.kind == Kind::consolidate) return by_tag(place, op);
        if (op.kind == Kind::synaptic) return by_formula(place, op);
        refuse("what changes it is no sum");
    }

    std::size_t by_product(std::size_t place, Operation op) {
        if (op.operands.size() != 3) refuse("its rule keeps a share of it that is no constant");
        const double retain = op.retain;
        op.operands[0] = {made(), Access::set};
        op.retain = 0.0;
        weak_.replace(place, op);
        weak_.insert(place + 1,
                     synaptic(strength_, added_by_factor(retain, 1.0, false), {factor_, made()}),
                     place);
        return 1;
    }

    std::size_t by_tag(std::size_t place, const Operation& op) {
        std::vector<SlotId> operands = {factor_, op.operands.back().slot};
        const bool is_scaled = op.operands.size() == 3;
        if (is_scaled) operands.push_back(op.operands[1].slot);
        if (is_scaled && weak_.program()[operands.back()].shape != Shape::per_cell)
            refuse("its rule has a factor for all cells");
        weak_.replace(place,
                      synaptic(strength_, added_by_factor(1.0, op.gain, is_scaled), operands));
        return 0;
    }

    // W = W + factor (f(W) - W)
    std::size_t by_formula(std::size_t place, const Operation& op) {
        FormulaBuilder b;
        std::vector<std::uint16_t> at;
        std::vector<Index> index(op.operands.size(), Index::all);
        for (const FormulaNode& node : op.formula)
            if (node.node == Node::operand) index[node.a] = node.index;
        std::vector<SlotId> operands;
        for (std::size_t k = 0; k < op.operands.size(); ++k) {
            at.push_back(
                b.operand(static_cast<std::uint16_t>(k), k == 0 ? Index::synapse : index[k]));
            if (k > 0) operands.push_back(op.operands[k].slot);
        }
        operands.push_back(factor_);
        const std::uint16_t factor =
            b.operand(static_cast<std::uint16_t>(op.operands.size()), Index::synapse);
        const std::uint16_t moved = b.made(Node::subtract, b.composed(op.formula, at), at[0]);
        const Formula all =
            b.formula(b.made(Node::add, at[0], b.made(Node::multiply, factor, moved)));
        weak_.replace(place, synaptic(strength_, all, operands));
        return 0;
    }

    WeakenedProgram& weak_;
    SynapseSetId set_;
    SlotId strength_, factor_, made_;
};

}  // namespace

void add_heterogeneity(WeakenedProgram& weak, SynapseSetId set, double deviation) {
    UnequalChanges(weak, set, deviation).change_all();
}

void add_levels(WeakenedProgram& weak, SynapseSetId set, const Levels& levels) {
    const SlotId strength = weak.program().strength_of(set);
    const SynapseSet& synapses = weak.circuit()[set];
    const double q = 2.0 * levels.reach / std::exp2(levels.bits);
    FormulaBuilder b;
    std::vector<SlotId> operands;
    std::uint16_t value = b.made(Node::multiply, b.operand(0, Index::synapse), b.number(1.0 / q));
    if (levels.is_stochastic) {
        operands = {weak.drawn(set, synapses.post, "dither_post", Function::uniform, 0.5),
                    weak.drawn(set, synapses.pre, "dither_pre", Function::uniform, 0.5)};
        const std::uint16_t both =
            b.made(Node::add, b.operand(1, Index::post), b.operand(2, Index::pre));
        value = b.made(Node::add, value, b.made(Node::subtract, both, rounded(b, both)));
    }
    value = b.made(Node::multiply, rounded(b, value), b.number(q));
    value = b.made(Node::maximum, value, b.number(-levels.reach));
    const Formula on_levels = b.formula(b.made(Node::minimum, value, b.number(levels.reach - q)));
    const std::vector<Operation>& all = weak.program().operations;
    bool any = false;
    for (std::size_t i = all.size(); i-- > 0;) {
        if (all[i].operands[0].slot != strength) continue;
        // The last of a phase, or of its iterations.
        const bool is_last = std::none_of(
            all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(), [&](const Operation& op) {
                return op.operands[0].slot == strength && op.phase == all[i].phase &&
                       op.iterations == all[i].iterations;
            });
        if (!is_last) continue;
        any = true;
        weak.insert(i + 1, synaptic(strength, on_levels, operands), i);
    }
    if (any) return;
    reject(weak.where(), fmt::format("[{}] has bits, but nothing changes it; expected a set that a "
                                     "rule changes",
                                     weak.who()));
}

void add_synaptic_noise(WeakenedProgram& weak, SynapseSetId set, double deviation) {
    const SlotId strength = weak.program().strength_of(set);
    FormulaBuilder of_synapse, of_cell;
    const std::uint16_t sent = of_synapse.made(
        Node::multiply, of_synapse.operand(1, Index::synapse), of_synapse.operand(2, Index::pre));
    const Formula squared = of_synapse.formula(of_synapse.power(sent, 2));
    const std::uint16_t size =
        of_cell.made(Node::multiply, of_cell.number(deviation),
                     of_cell.made(Node::root, of_cell.operand(2, Index::post)));
    const Formula noisy = of_cell.formula(
        of_cell.made(Node::add, of_cell.operand(1, Index::post),
                     of_cell.made(Node::multiply, size, of_cell.operand(3, Index::post))));
    SlotId squares;
    int uses = 0;
    for (std::size_t i = 0; i < weak.program().operations.size(); ++i) {
        const Operation op = weak.program().operations[i];
        if (op.kind != Kind::transmit || op.operands.size() != 3 || op.operands[2].slot != strength)
            continue;
        if (op.reverse) {
            reject(weak.where(), fmt::format("[{}] has noise, but is used against its direction; "
                                             "expected a set that carries one way",
                                             weak.who()));
        }
        const std::string number = ++uses == 1 ? "" : fmt::format("_{}", uses);
        const PopulationId cells = weak.circuit()[set].post;
        if (!squares) squares = weak.at_synapses(set, "squares");
        const SlotId sum = weak.in_cells(set, cells, "variance" + number),
                     draw = weak.drawn(set, cells, "draw" + number, Function::normal, 1.0);
        ++i;  // a draw stands before it
        const SlotId v = op.operands[0].slot;
        weak.insert(i + 1, synaptic(squares, squared, {strength, op.operands[1].slot}), i);
        weak.insert(i + 2, {.kind = Kind::gather, .operands = {{sum, Access::set}, {squares}}}, i);
        weak.insert(i + 3,
                    {.kind = Kind::cellwise,
                     .function = Function::formula,
                     .operands = {{v, Access::update}, {v}, {sum}, {draw}},
                     .formula = noisy},
                    i);
        i += 3;
    }
}

}  // namespace apical
