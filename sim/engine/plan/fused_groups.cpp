#include "sim/engine/plan/fused_groups.hpp"

#include <algorithm>

#include "sim/engine/plan/bounded_changes.hpp"
#include "sim/engine/plan/program_changes.hpp"

namespace apical {

namespace {

// Chooses what is performed in one pass, in four stages that must come in this order:
//
//   1. find_products: every product that takes place in each step is a group of its own. Neighbours
//      that add to the same sum are one product: v = W_rec r, v += W_in x, v += b.
//   2. join_products: two groups with the same matrices become one, if one of the products can move
//      to the place of the other. A group has at most two products, since no kernel has more. It
//      comes before 3, since a deferred change goes to the place where its group ends up.
//   3. find_changes: every change of matrices is deferred to a group that multiplies by just these
//      matrices, if nothing else touches them on the way.
//   4. add_programs: a group whose matrices are changed in other ways, by formulas too, makes these
//      changes by register programs (program_changes.hpp), or by factors and bounds
//      (bounded_changes.hpp).
//
// An operation may move from place a to place b only over operations with which it commutes. For a
// product out = S x that means, for every operation between (through the step's end for changes):
//   - it does not touch out: who reads it would find another number, who writes it would be
//     overwritten, or added to twice;
//   - it does not write S or x.
// Moreover the two products of a pass have different sums, and neither multiplies by the other's:
// the kernel reads vectors and writes sums while it goes through the rows.
// Nobody else may notice the move. Later than its own phase (can_wait) a product's sum is made for
// observers at the phase's end by a flush, which is possible only where it is set: an increment
// would be added twice. Earlier than its own phase (can_come_early) the sum would be seen too soon,
// so only intermediate slots may.
// OperationOrder counts an operation that has moved in both places, so that a later decision holds
// whether it happens here or there.
//
// A change of S (hebb, or consolidate with the hebb of its tags) moves over operations that touch
// neither S nor its tags; its factors may change on the way, for they can be copied (fuse.cpp).
// Not deferred are a change that takes place every few steps, and in stage 3 one of matrices of
// which the product has more or fewer: such a pass changes all its matrices or none.
//
// What a phase iterates goes round before it goes on. So two products share a pass only where both
// are iterated by one phase, or neither is: then nothing between them is passed over more often
// than they are made. A change in each iteration goes to a product of the same iterations, which
// passes over no more than through the step's end. A change that takes place once may go to a
// product of iterations: the first of them makes it, and the others find nothing due.
class Grouping {
public:
    Grouping(OperationOrder& order, const Kernels& kernels) : order_(order), kernels_(kernels) {}

    std::vector<FusedGroup> groups() {
        find_products();
        join_products();
        find_changes();
        add_programs();
        return std::move(groups_);
    }

private:
    // What is performed column by column of cells that fired is no product of a pass.
    bool is_product(std::size_t i) const {
        const Operation& op = order_.op(i);
        const bool kind = op.kind == Kind::transmit || op.kind == Kind::multiply;
        return kind && op.operands.size() == 3 && op.every == 1 && op.phase && !waits(op) &&
               !order_.transmits_spikes(i);
    }
    void find_products() {
        const std::size_t count = order_.count();
        for (std::size_t i = 0; i < count; ++i) {
            if (!is_product(i)) continue;
            FusedProduct product{{i}, i, order_.op(i).reverse};
            while (!product.reverse && i + 1 < count && continues(product, i + 1))
                product.operations.push_back(++i);
            groups_.push_back({{product}, {}});
        }
    }
    bool continues(const FusedProduct& product, std::size_t next) const {
        const std::vector<SlotId> before = order_.matrices(product.operations);
        return is_product(next) && !order_.op(next).reverse &&
               order_.op(next).phase == order_.op(product.at).phase &&
               order_.loop(next) == order_.loop(product.at) &&
               order_.out(next) == order_.out(product.at) &&
               order_.op(next).operands[0].access == Access::increment &&
               order_.vector(next) != order_.out(product.at) &&
               order_.is_by_rows(order_.matrix(next)) == order_.is_by_rows(before.front()) &&
               std::find(before.begin(), before.end(), order_.matrix(next)) == before.end();
    }

    // Joins two forward products, or a forward one and a reverse one, with the same matrices. The
    // second forward product may lack the last matrices. The first waits for the second if it can;
    // else the second comes early, if it is a forward one. The group takes the index of the place
    // where it is performed, so that groups stay in the order of their places.
    void join_products() {
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            for (std::size_t h = g + 1; h < groups_.size() && groups_[g].products.size() == 1;
                 ++h) {
                FusedProduct &first = groups_[g].products[0], &second = groups_[h].products[0];
                if (groups_[h].products.size() != 1 || first.reverse) continue;
                if (order_.loop(first.at) != order_.loop(second.at)) continue;
                if (!go_through_the_same(first, second)) continue;
                if (can_wait(first, second)) {
                    move(first, second.at);
                    groups_[h].products = in_order(first, second);
                    groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(g--));
                    break;
                }
                if (!second.reverse && can_come_early(second, first)) {
                    move(second, first.at);
                    groups_[g].products = in_order(first, second);
                    groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(h));
                    break;
                }
            }
        }
    }
    bool go_through_the_same(const FusedProduct& a, const FusedProduct& b) const {
        std::vector<SlotId> of_a = order_.matrices(a.operations),
                            of_b = order_.matrices(b.operations);
        if (b.reverse) return of_a == of_b && of_a.size() == 1;
        const std::size_t both = std::min(of_a.size(), of_b.size());
        of_a.resize(both);
        of_b.resize(both);
        return of_a == of_b;
    }
    // The two products of a group: the one through more matrices first.
    static std::vector<FusedProduct> in_order(FusedProduct a, FusedProduct b) {
        if (b.operations.size() > a.operations.size()) std::swap(a, b);
        return {std::move(a), std::move(b)};
    }
    // Whether a product may be performed in the place of a later one of the same step.
    bool can_wait(const FusedProduct& product, const FusedProduct& later) const {
        // A flush would add the product to its sum, and the pass once more.
        const bool flushes = order_.op(product.at).phase != order_.op(later.at).phase;
        if (flushes && order_.op(product.at).operands[0].access == Access::increment) return false;
        if (are_bound(product, later)) return false;
        return is_free_between(product, product.operations.back(), later.at);
    }
    // Whether a product may be performed in the place of an earlier one of the same step; of
    // another phase only when its sum is intermediate, which nobody looks at.
    bool can_come_early(const FusedProduct& product, const FusedProduct& earlier) const {
        const bool shows = order_.op(product.at).phase != order_.op(earlier.at).phase &&
                           !order_.is_intermediate(order_.out(product.at));
        return !shows && !are_bound(product, earlier) &&
               is_free_between(product, earlier.at, product.operations.front());
    }
    // Whether no operation between two places touches the product's sum or writes its inputs.
    bool is_free_between(const FusedProduct& product, std::size_t from, std::size_t to) const {
        const SlotId sum = order_.out(product.at);
        return !order_.any_between(from, to, [&](std::size_t i) {
            return order_.touches(i, sum) || changes_an_input(product, i);
        });
    }
    // Whether one product takes the sum of the other, or both have the same sum.
    bool are_bound(const FusedProduct& a, const FusedProduct& b) const {
        return order_.out(a.at) == order_.out(b.at) || takes(a, order_.out(b.at)) ||
               takes(b, order_.out(a.at));
    }
    bool takes(const FusedProduct& product, SlotId slot) const {
        return std::any_of(product.operations.begin(), product.operations.end(),
                           [&](std::size_t i) { return order_.vector(i) == slot; });
    }
    bool changes_an_input(const FusedProduct& product, std::size_t index) const {
        for (const std::size_t i : product.operations) {
            if (order_.out(index) == order_.matrix(i) || order_.out(index) == order_.vector(i))
                return true;
        }
        return false;
    }

    static bool is_hebb(const Operation& op) {
        return op.kind == Kind::hebb && op.every == 1 && op.phase && !waits(op) &&
               op.operands[0].access == Access::update;
    }
    bool decays(std::size_t i) const {
        return order_.op(i).retain != 1.0 || order_.op(i).operands.size() > 3;
    }
    bool is_consolidation(std::size_t i) const {
        return order_.op(i).kind == Kind::consolidate && order_.op(i).every == 1 &&
               order_.op(i).phase && !waits(order_.op(i)) && order_.op(i).operands.size() == 3;
    }
    SlotId tag(std::size_t consolidation) const { return order_.operand(consolidation, 2); }

    // The longest run of neighbours that are alike, from this one on.
    Indices run_of(std::size_t first) const {
        Indices all = {first};
        while (all.back() + 1 < order_.count() && are_alike(order_, first, all.back() + 1))
            all.push_back(all.back() + 1);
        return all;
    }

    void find_changes() {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            DeferrableChange change;
            if (is_hebb(order_.op(i))) {
                change.changes = run_of(i);
                change.decays = decays(i);
            } else if (is_consolidation(i)) {
                change.changes = run_of(i);
                change.traces = traces_of(change.changes);
                if (change.traces.empty()) continue;
            } else {
                continue;
            }
            i = change.changes.back();
            defer(change);
        }
    }
    // The changes of the tags by which these strengths are consolidated, in the same order, if they
    // are of the same phase and nothing touches the tags in between; else none.
    Indices traces_of(const Indices& consolidations) const {
        for (std::size_t i = 0; i < consolidations.front(); ++i) {
            if (!is_hebb(order_.op(i)) || order_.out(i) != tag(consolidations.front())) continue;
            const Indices traces = run_of(i);
            if (traces.size() != consolidations.size() ||
                order_.op(i).phase != order_.op(consolidations.front()).phase ||
                order_.loop(i) != order_.loop(consolidations.front()))
                return {};
            for (std::size_t k = 0; k < traces.size(); ++k) {
                const SlotId trace = order_.out(traces[k]);
                if (trace != tag(consolidations[k]) ||
                    order_.any_between(traces[k], consolidations[k],
                                       [&](std::size_t j) { return order_.touches(j, trace); }))
                    return {};
            }
            return traces;
        }
        return {};
    }

    // Defers a change to the first group whose matrices are these strengths, all and in this order,
    // for which there is a kernel; if there is none, the change stays by itself.
    void defer(const DeferrableChange& change) {
        std::vector<SlotId> strengths, changed;
        for (const std::size_t i : change.changes) strengths.push_back(order_.out(i));
        changed = strengths;
        for (const std::size_t i : change.traces) changed.push_back(order_.out(i));
        const std::size_t last = change.changes.back();
        for (FusedGroup& group : groups_) {
            if (group.change || order_.matrices(group.products[0].operations) != strengths)
                continue;
            // A change in each iteration must be made before the next iteration.
            if (order_.loop(last) && order_.loop(last) != order_.loop(group.at())) continue;
            const bool touched = order_.any_between(last, group.at(), [&](std::size_t i) {
                if (performed_by(group, i)) return false;
                return std::any_of(changed.begin(), changed.end(),
                                   [&](SlotId slot) { return order_.touches(i, slot); });
            });
            const bool has_kernel = kernel_of(passes_of(kernels_, order_, group), group, change);
            if (touched || !has_kernel || !inputs_last(change)) continue;
            group.change = change;
            return;
        }
    }
    // Changes that stage 3 has deferred stay there.
    void add_programs() {
        for (FusedGroup& group : groups_) {
            if (group.change) continue;
            const auto change = program_change(order_, group);
            if (!change || !kernel_of(passes_of(kernels_, order_, group), group, change)) continue;
            const bool is_made =
                std::any_of(groups_.begin(), groups_.end(), [&](const auto& other) {
                    return other.change && share_an_operation(*other.change, *change);
                });
            if (is_made) continue;
            const auto bounded = bounded_change(order_, group, *change);
            group.change = bounded ? bounded : change;
        }
    }
    static bool share_an_operation(const DeferrableChange& a, const DeferrableChange& b) {
        const auto has = [&](std::size_t i) {
            return std::find(b.changes.begin(), b.changes.end(), i) != b.changes.end();
        };
        return std::any_of(a.changes.begin(), a.changes.end(), has) ||
               std::any_of(a.traces.begin(), a.traces.end(), has);
    }
    // Whether the factors of the tags' changes last until the strengths change: tags and strengths
    // are deferred together, in the place of the last change, where factors are copied.
    bool inputs_last(const DeferrableChange& change) const {
        for (const std::size_t i : change.traces) {
            for (std::size_t k = 1; k < order_.op(i).operands.size(); ++k) {
                if (order_.written_between(i, change.changes.back(), order_.operand(i, k)))
                    return false;
            }
        }
        return true;
    }
    static bool performed_by(const FusedGroup& group, std::size_t i) {
        for (const FusedProduct& product : group.products) {
            const Indices& all = product.operations;
            if (std::find(all.begin(), all.end(), i) != all.end()) return true;
        }
        return false;
    }

    void move(FusedProduct& product, std::size_t to) {
        product.at = to;
        order_.perform_at(product.operations, to);
    }

    OperationOrder& order_;
    const Kernels& kernels_;
    std::vector<FusedGroup> groups_;
};

}  // namespace

std::vector<FusedGroup> fused_groups(OperationOrder& order, const Kernels& kernels) {
    return Grouping(order, kernels).groups();
}

const Kernels::Passes& passes_of(const Kernels& kernels, const OperationOrder& order,
                                 const FusedGroup& group) {
    const bool by_rows = order.is_by_rows(order.matrix(group.products[0].operations[0]));
    return by_rows ? kernels.by_rows.pass : kernels.pass;
}

KernelFunction kernel_of(const Kernels::Passes& passes, const FusedGroup& group,
                         const std::optional<DeferrableChange>& change) {
    std::size_t products[2] = {};
    for (const FusedProduct& product : group.products) ++products[product.reverse];
    const Changed kind = !change                     ? Changed::nothing
                         : !change->programs.empty() ? Changed::formulas
                         : !change->traces.empty()   ? Changed::tag
                         : change->decays            ? Changed::decayed
                                                     : Changed::matrix;
    return passes.by[static_cast<std::size_t>(kind)][products[0]][products[1]];
}

}  // namespace apical
