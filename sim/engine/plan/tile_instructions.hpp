#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/tile_nodes.hpp"
#include "sim/engine/plan/tile_registers.hpp"

namespace apical {

// The instructions of a program while it is written, and who reads its registers. A register is
// taken by a value, and is free again when the last reader of the value has been performed.
//
// What has just been made for one reader alone is made by that reader's instruction where there is
// a loop that does both: a difference that is multiplied, the product by which a strength comes
// nearer to a bound, what a strength loses by its sign, a value that is clipped. Each of their
// operations is rounded as before.
class TileInstructions {
public:
    explicit TileInstructions(const TileLoops& loops) : loops_(loops) {}

    // The instructions to come write matrices whose rows behind the last one are cleared, or not.
    void begin(bool clears) { clears_ = clears; }

    // The value is read by one more reader, that of the next `make` or `clip`.
    TileValue read(const TileValue& value) {
        reading_.push_back(value);
        return value;
    }
    // Notes how many times the value will be read.
    void will_be_read(const TileValue& value, std::size_t times) {
        if (!value.where.numbers) readers_[value.where.place] = times;
    }

    // Appends the instruction whose value is one for each of these, into a matrix or a register.
    TileValue make(TileLoop loop, std::vector<TileValue> in, At over,
                   const std::optional<TileOperand>& matrix);
    // Appends one that clips x by two numbers.
    TileValue clip(const TileValue& x, const TileValue& low, const TileValue& high,
                   const std::optional<TileOperand>& matrix);
    void append(TileLoop loop, At over, const std::vector<TileValue>& in, const TileOperand& to);

    // A register of entries that holds its value from before the first instruction on.
    TileValue kept() { return {{.place = registers_.take_new()}, At::entry}; }
    // Where a register begins, when all is written.
    std::uint32_t place(std::uint32_t taken) const { return registers_.place(taken); }
    // A register that is free again behind the next `make`, and what a loop leaves there.
    TileValue temporary(At over);
    TileValue temporary_of(TileLoop loop, const std::vector<TileValue>& in, At over);

    // The instructions, what is one for all first, then what is one for each row. Nothing may be
    // written afterwards.
    std::vector<TileInstruction> finished();
    std::size_t register_numbers() const { return registers_.numbers(); }

private:
    TileLoop with_difference(TileLoop loop, std::vector<TileValue>& in) const;
    TileLoop with_last(TileLoop loop, std::vector<TileValue>& in);
    bool is_soft_bound(TileLoop loop, const std::vector<TileValue>& in) const;
    bool was_just_made(const TileValue& value, const std::vector<TileValue>& in) const;
    void give_back_entries(At over);
    void release();

    const TileLoops& loops_;
    TileRegisters registers_;
    std::vector<TileInstruction> instructions_;
    std::map<std::uint32_t, std::size_t> readers_;  // of a register's value, that are still to come
    std::vector<TileValue> reading_;                // what the next instruction reads
    std::vector<std::uint32_t> temporaries_;
    bool clears_ = true;
};

}  // namespace apical
