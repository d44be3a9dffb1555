#include "sim/engine/plan/tile_instructions.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

namespace apical {

namespace {

bool is_register(const TileValue& value, std::uint32_t place) {
    return !value.where.numbers && value.where.place == place;
}

}  // namespace

TileValue TileInstructions::make(TileLoop loop, std::vector<TileValue> in, At over,
                                 const std::optional<TileOperand>& matrix) {
    if (const TileLoop both = with_difference(loop, in)) {
        const TileInstruction difference = instructions_.back();
        instructions_.pop_back();
        in[0] = {difference.in[1], At::entry};
        in.insert(in.begin(), {difference.in[0], At::entry});
        loop = both;
    }
    if (is_soft_bound(loop, in)) {
        const TileInstruction product = instructions_.back();
        instructions_.pop_back();
        in = {{product.in[0], At::row}, {product.in[1], At::column}, in[0], in[1]};
        loop = loops_.soft_bound.both;
    }
    while (const TileLoop both = with_last(loop, in)) loop = both;
    give_back_entries(over);
    const TileOperand to = matrix ? *matrix : TileOperand{.place = registers_.take(over)};
    append(loop, over, in, to);
    release();
    return {to, over};
}

TileValue TileInstructions::clip(const TileValue& x, const TileValue& low, const TileValue& high,
                                 const std::optional<TileOperand>& matrix) {
    const std::span all(loops_.clipping, loops_.clipping_count);
    if (was_just_made(x, {x, low, high})) {
        TileInstruction& made = instructions_.back();
        const auto found = std::ranges::find(all, made.loop, &LoopThatClips::loop);
        if (found != all.end()) {
            made.loop = found->clipping;
            made.in[made.count++] = low.where;
            made.in[made.count++] = high.where;
            if (matrix) {
                made.out = *matrix;
            } else {  // x's register is that of the clipped value
                std::erase_if(reading_, [&](const TileValue& one) {
                    return is_register(one, x.where.place);
                });
            }
            made.clears = made.out.by_entry && clears_;
            release();
            return {made.out, At::entry};
        }
    }
    return make(loops_.clip, {x, low, high}, At::entry, matrix);
}

// The loop that also makes the difference which the first operand is, or the second where a loop
// takes entries for both; the operands are swapped then. Null where there is none.
TileLoop TileInstructions::with_difference(TileLoop loop, std::vector<TileValue>& in) const {
    if (instructions_.empty()) return nullptr;
    const std::span all(loops_.of_differences, loops_.of_differences_count);
    const auto found = std::ranges::find_if(all, [&](const LoopOfDifference& one) {
        return one.difference == instructions_.back().loop && one.loop == loop;
    });
    if (found == all.end()) return nullptr;
    if (was_just_made(in[1], in)) std::swap(in[0], in[1]);
    return was_just_made(in[0], in) ? found->both : nullptr;
}

// Whether the loop takes a product that has just been made for it. The product's column is to be in
// its slot: a register may be taken again by now.
bool TileInstructions::is_soft_bound(TileLoop loop, const std::vector<TileValue>& in) const {
    return !instructions_.empty() && loop == loops_.soft_bound.loop &&
           instructions_.back().loop == loops_.soft_bound.difference &&
           instructions_.back().in[1].numbers && in[1].where.numbers &&
           in[1].where.numbers == in[3].where.numbers && was_just_made(in[2], in);
}

// The loop that also makes what the last instruction has made for it alone; that is taken away, and
// its operands stand before the others. They are to be in slots: a register may be taken again by
// now. Null where there is none.
TileLoop TileInstructions::with_last(TileLoop loop, std::vector<TileValue>& in) {
    if (instructions_.empty()) return nullptr;
    const TileInstruction last = instructions_.back();
    const std::span all(loops_.together, loops_.together_count);
    const auto found = std::ranges::find_if(all, [&](const LoopsTogether& one) {
        return one.first == last.loop && one.second == loop && was_just_made(in[one.at], in) &&
               (one.shared == most_loop_operands ||
                in[1 - one.at].where.numbers == last.in[one.shared].numbers);
    });
    if (found == all.end()) return nullptr;
    std::vector<TileValue> joined;
    for (std::size_t k = 0; k < last.count; ++k) {
        if (!last.in[k].numbers) return nullptr;
        joined.push_back({last.in[k], At::entry});
    }
    in.erase(in.begin() + static_cast<std::ptrdiff_t>(found->at));
    if (found->shared == most_loop_operands) joined.insert(joined.end(), in.begin(), in.end());
    in = std::move(joined);
    instructions_.pop_back();
    return found->both;
}

// Whether the last instruction has made the value, of entries, for the present one alone, which has
// it as one of its operands.
bool TileInstructions::was_just_made(const TileValue& value,
                                     const std::vector<TileValue>& in) const {
    if (instructions_.empty() || value.where.numbers || value.at != At::entry) return false;
    const TileOperand& last = instructions_.back().out;
    const auto known = readers_.find(value.where.place);
    const auto is_last = [&](const TileValue& one) { return is_register(one, last.place); };
    return !last.numbers && last.place == value.where.place && known != readers_.end() &&
           known->second == 1 && std::ranges::count_if(in, is_last) == 1 &&
           std::ranges::count_if(reading_, is_last) == 1;
}

void TileInstructions::append(TileLoop loop, At over, const std::vector<TileValue>& in,
                              const TileOperand& to) {
    assert(loop && in.size() <= most_loop_operands);
    TileInstruction& one = instructions_.emplace_back();
    one.loop = loop;
    one.over = over;
    one.out = to;
    one.clears = to.by_entry && clears_;
    for (const TileValue& value : in) one.in[one.count++] = value.where;
}

TileValue TileInstructions::temporary(At over) {
    const std::uint32_t one = registers_.take(over);
    temporaries_.push_back(one);
    return {{.place = one}, over};
}

TileValue TileInstructions::temporary_of(TileLoop loop, const std::vector<TileValue>& in, At over) {
    const TileValue to = temporary(over);
    append(loop, over, in, to.where);
    return to;
}

// Gives entries back that nobody else reads, before the instruction takes a register: a loop may
// write an entry where it reads it.
void TileInstructions::give_back_entries(At over) {
    std::erase_if(reading_, [&](const TileValue& value) {
        if (over != At::entry || value.at != At::entry || value.where.numbers) return false;
        if (--readers_[value.where.place] == 0) registers_.give_back(value.where.place);
        return true;
    });
}

void TileInstructions::release() {
    for (const TileValue& value : reading_) {
        if (!value.where.numbers && --readers_[value.where.place] == 0)
            registers_.give_back(value.where.place);
    }
    for (const std::uint32_t one : temporaries_) registers_.give_back(one);
    reading_.clear();
    temporaries_.clear();
}

std::vector<TileInstruction> TileInstructions::finished() {
    std::ranges::stable_sort(instructions_, {},
                             [](const TileInstruction& one) { return first_made(one.over); });
    const auto put = [&](TileOperand& where) {
        if (!where.numbers) where.place = registers_.place(where.place);
    };
    for (TileInstruction& one : instructions_) {
        put(one.out);
        for (std::size_t k = 0; k < one.count; ++k) put(one.in[k]);
    }
    return std::move(instructions_);
}

}  // namespace apical
