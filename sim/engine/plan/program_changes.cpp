#include "sim/engine/plan/program_changes.hpp"

#include <algorithm>

namespace apical {

namespace {

// Operations of kinds hebb, consolidate and synaptic that are made by register programs: entry by
// entry, from other matrices at the same entry and from vectors. In the place g of the group they
// make the same numbers as in their own if
//
//   1. no other operation between the place of the first of them and g writes a matrix that one of
//      them reads, or touches one that they write; nor do they write a matrix of which another
//      program of the group has an entry;
//   2. no product of the group lies between the first and the last of them: it would see some of
//      the changes and not the others;
//   3. nothing writes their vectors between their place and that of the last one, where vectors
//      that do not last until g are copied (fuse.cpp);
//   4. a phase carries all of them out once, or all in each of its iterations, and then those of
//      the group too: else the next iteration would find the changes still deferred.
class ProgramSearch {
public:
    ProgramSearch(const OperationOrder& order, const FusedGroup& group)
        : order_(order),
          group_(group),
          matrices_(order.matrices(group.products[0].operations)),
          owner_(order.count(), none) {}

    std::optional<DeferrableChange> change(bool with_tags) {
        for (std::size_t k = 0; k < matrices_.size(); ++k) {
            if (!take_writers(matrices_[k], k)) return {};
        }
        if (with_tags && !take_tags()) return {};
        if (!is_worth_it() || !commutes()) return {};
        DeferrableChange change;
        change.programs.resize(matrices_.size());
        for (std::size_t i = 0; i < owner_.size(); ++i) {
            if (owner_[i] == none) continue;
            change.changes.push_back(i);
            change.programs[owner_[i]].push_back(i);
        }
        return change;
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    bool is_taken(std::size_t i) const { return owner_[i] != none; }
    bool can_be_made(std::size_t i) const {
        const Operation& op = order_.op(i);
        const bool is_kind = op.kind == Kind::synaptic || op.kind == Kind::consolidate ||
                             (op.kind == Kind::hebb && op.operands[0].access == Access::update);
        return is_kind && op.every == 1 && op.phase && !waits(op);
    }
    // Whether one phase carries both out, once or in each of its iterations.
    bool go_round_together(std::size_t a, std::size_t b) const {
        return order_.op(a).phase == order_.op(b).phase && order_.loop(a) == order_.loop(b);
    }
    // Takes all operations that write the matrix, for the program of the group's matrix k.
    bool take_writers(SlotId matrix, std::size_t k) {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            if (order_.out(i) != matrix) continue;
            if (!can_be_made(i) || (is_taken(i) && owner_[i] != k)) return false;
            if (first_ != none && !go_round_together(i, first_)) return false;
            owner_[i] = k;
            first_ = std::min(first_, i);
            last_ = last_ == none ? i : std::max(last_, i);
        }
        return true;
    }
    // Takes those that write the tags that others read, until there is none any more.
    bool take_tags() {
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < order_.count(); ++i) {
                if (!is_taken(i)) continue;
                const std::size_t before = count();
                for (std::size_t a = 1; a < order_.op(i).operands.size(); ++a) {
                    const SlotId tag = order_.operand(i, a);
                    if (order_.is_matrix(tag) && !take_writers(tag, owner_[i])) return false;
                }
                more |= count() != before;
            }
        }
        return true;
    }
    std::size_t count() const {
        return owner_.size() - static_cast<std::size_t>(std::ranges::count(owner_, none));
    }

    // Whether there is any but plain Hebbian changes, which have passes of their own.
    bool is_worth_it() const {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            const Operation& op = order_.op(i);
            if (!is_taken(i)) continue;
            const bool decays =
                op.kind == Kind::hebb && (op.retain != 1.0 || op.operands.size() > 3);
            if (op.kind == Kind::synaptic) return true;
            if (decays && std::ranges::count(matrices_, order_.out(i)) > 0) return true;
        }
        return false;
    }

    bool commutes() const {
        const std::size_t at = group_.at();
        if (order_.loop(first_) && order_.loop(first_) != order_.loop(at)) return false;
        for (const FusedProduct& product : group_.products) {
            for (const std::size_t i : product.operations) {
                if (first_ < i && i < last_) return false;
            }
        }
        if (first_ < at && at < last_) return false;
        const bool disturbed = order_.any_between(first_, at, [&](std::size_t i) {
            return !is_taken(i) && !is_product_of_group(i) && disturbs(i);
        });
        return !disturbed && vectors_last() && programs_are_apart();
    }
    // Whether the operation touches what is written or writes what is read.
    bool disturbs(std::size_t other) const {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            if (!is_taken(i)) continue;
            if (order_.touches(other, order_.out(i))) return true;
            for (std::size_t a = 1; a < order_.op(i).operands.size(); ++a) {
                const SlotId slot = order_.operand(i, a);
                if (order_.is_matrix(slot) && order_.out(other) == slot) return true;
            }
        }
        return false;
    }
    bool vectors_last() const {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            if (!is_taken(i) || i == last_) continue;
            for (std::size_t a = 1; a < order_.op(i).operands.size(); ++a) {
                const SlotId slot = order_.operand(i, a);
                if (!order_.is_matrix(slot) && order_.written_between(i, last_, slot)) return false;
            }
        }
        return true;
    }
    // Whether no program writes what another touches: one goes through a panel before the next one
    // does.
    bool programs_are_apart() const {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            for (std::size_t other = 0; is_taken(i) && other < order_.count(); ++other) {
                if (is_taken(other) && owner_[other] != owner_[i] &&
                    order_.touches(other, order_.out(i)))
                    return false;
            }
        }
        return true;
    }
    bool is_product_of_group(std::size_t i) const {
        return std::ranges::any_of(group_.products, [&](const FusedProduct& product) {
            return std::ranges::count(product.operations, i) > 0;
        });
    }

    const OperationOrder& order_;
    const FusedGroup& group_;
    std::vector<SlotId> matrices_;
    std::vector<std::size_t> owner_;  // by operation: in whose matrix's program it is
    std::size_t first_ = none, last_ = none;
};

}  // namespace

std::optional<DeferrableChange> program_change(const OperationOrder& order,
                                               const FusedGroup& group) {
    if (auto change = ProgramSearch(order, group).change(true)) return change;
    return ProgramSearch(order, group).change(false);
}

}  // namespace apical
