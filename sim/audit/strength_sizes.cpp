// Sizes of what there is before the first step, and of what goes through it.
#include <algorithm>
#include <cmath>

#include "sim/audit/sizes.hpp"

namespace apical {

// The size of a slot before anything writes it.
Size Sizes::started(SlotId id) const {
    const Slot& slot = context_.program()[id];
    if (context_.is_strength(slot))
        return {counted_ == Counted::constants ? 1.0 : starts_.largest_entry(slot.synapses),
                changes_[id.value] ? id : SlotId{}};
    if (slot.what == What::loss) return {1.0, id};
    const bool constant = slot.cells && context_.circuit()[slot.cells].role == Role::constant;
    if (constant || slot.init.kind == Initializer::Kind::identity) return {1.0};
    if (!slot.kept) return {changes_[id.value] ? 0.0 : 1.0};
    const bool of_rule = slot.what == What::of_rule || slot.what == What::tag;
    if (of_rule) return {largest_at_first(slot.init, slot.rows, slot.columns)};
    const bool number = slot.init.kind == Initializer::Kind::constant;
    return {number ? std::abs(slot.init.scale.factor) : 0.0};
}

// What a rule keeps within bounds grows no further.
Size Sizes::within_bounds(const Size& made, SlotId id) const {
    const Slot& slot = context_.program()[id];
    const Interval& within = bounds_.of(id);
    const bool is_kept = slot.kept && (slot.what == What::of_rule || slot.what == What::tag);
    if (!is_kept || !within.is_bounded()) return made;
    return {std::min(made.most, within.size()), {}, made.sign};
}

// The size of a vector on the other side of a matrix.
Size Sizes::through(SlotId matrix, bool reverse, Size vector) const {
    if (counted_ == Counted::constants) return {1.0};
    const Slot& slot = context_.program()[matrix];
    const SlotId unbounded = changes_[matrix.value] ? matrix : SlotId{};
    if (context_.is_strength(slot))
        return Size{starts_.gain(slot.synapses, reverse), unbounded} * vector;
    const double places = reverse ? slot.rows : slot.columns;
    return std::sqrt(places) * (largest_[matrix.value] * vector);
}

}  // namespace apical
