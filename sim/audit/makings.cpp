#include "sim/audit/makings.hpp"

#include <algorithm>
#include <iterator>

namespace apical {

namespace {

constexpr Makings::Making unmade = UINT32_MAX;

}  // namespace

Makings::Makings(const AuditContext& context)
    : context_(context), now_(context.program().slots.size(), unmade) {
    intern({});
}

Makings::Making Makings::intern(std::vector<std::uint32_t> parts) {
    const auto [place, is_new] =
        known_.try_emplace(std::move(parts), static_cast<Making>(parts_.size()));
    if (is_new) parts_.push_back(place->first);
    return place->second;
}

Makings::Making Makings::of(SlotId slot) {
    Making& now = now_[slot.value];
    if (now == unmade) now = intern({2 * slot.value});  // from before this step
    return now;
}

// Sets that start alike are one, but for those that are simple.
Makings::Making Makings::through(SlotId matrix) {
    const Slot& slot = context_.program()[matrix];
    if (!context_.is_strength(slot)) return joined(of(matrix), intern({2 * matrix.value + 1}));
    const auto kind = static_cast<std::uint32_t>(context_.starts().kind(slot.synapses));
    const auto slots = static_cast<std::uint32_t>(context_.program().slots.size());
    return intern({2 * (slots + kind) + 1});
}

Makings::Making Makings::joined(Making a, Making b) {
    if (a == b || b == 0) return a;
    if (a == 0) return b;
    const auto [place, is_new] = joined_.try_emplace(std::minmax(a, b), 0);
    if (!is_new) return place->second;
    std::vector<std::uint32_t> all;
    std::set_union(parts_[a].begin(), parts_[a].end(), parts_[b].begin(), parts_[b].end(),
                   std::back_inserter(all));
    return place->second = intern(std::move(all));
}

void Makings::pass(const Operation& op) {
    const SlotId written = op.operands[0].slot;
    if (traits(op.kind).locality == Locality::given) {  // whatever it reads
        now_[written.value] = intern({2 * written.value});
        return;
    }
    Making made = op.operands[0].access == Access::set ? 0 : of(written);
    for (std::size_t k = 1; k < op.operands.size(); ++k) {
        const SlotId read = op.operands[k].slot;
        const bool is_matrix = !is_vector(context_.program()[read].shape);
        made = joined(made, is_matrix ? through(read) : of(read));
    }
    now_[written.value] = made;
}

}  // namespace apical
