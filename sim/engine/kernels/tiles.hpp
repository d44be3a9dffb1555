#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/engine/kernels/formula_call.hpp"

namespace apical {

// A formula over the entries of a matrix is performed as a register program, tile by tile: each
// instruction is one loop over the 512 entries of a tile, from and to matrices or registers, which
// a near cache holds. So a formula that is read from a text costs no branch or call for an entry.

// Columns of a tile, which is as high as its panel, and the numbers of a register.
inline constexpr std::size_t tile_columns = 16, register_entries = tile_columns * 32;

// How a loop reads one of its operands for the entry ij.
enum class At : std::uint8_t { entry, row, column, number, nothing };
inline constexpr std::size_t at_count = 4;

// How a loop reads the factors of a product; those that are the other way round are swapped.
enum class FactorsAt : std::uint8_t { entries, entry_row, entry_column, entry_number, row_column };
inline constexpr std::size_t factors_count = 5;

// The loop of an instruction over columns of `height` rows, a multiple of eight, one behind the
// other: out = f(a, b, c, d) for each entry. `out` may be one of the operands.
inline constexpr std::size_t most_loop_operands = 6;
using LoopOperands = const double* const (&)[most_loop_operands];
using TileLoop = void (*)(double* out, LoopOperands in, std::size_t height, std::size_t columns);

// A loop over a tile of whole panels that writes a matrix S and multiplies what it stores on the
// way: sums_i = sums_i + S_ij x_j, for 32 rows and one column after the other.
using MultiplyingLoop = void (*)(double* out, LoopOperands in, std::size_t columns, const double* x,
                                 double* sums);
struct LoopThatMultiplies {
    TileLoop loop;
    MultiplyingLoop multiplying;
};
// A loop, and the one that clips what it makes, with the bounds as its last operands.
struct LoopThatClips {
    TileLoop loop, clipping;
};
// A loop whose first operand a difference makes, and the one that does both: its operands are those
// of the difference, then the others.
struct LoopOfDifference {
    TileLoop difference, loop, both;
};

// A loop, one that takes what it makes as the operand `at`, and the one that does both: its
// operands are those of the first, then the others of the second. The operand `shared` of the first
// is the only other one of the second as well, and is not repeated; none where it is
// most_loop_operands.
struct LoopsTogether {
    TileLoop first, second, both;
    std::size_t at, shared;
};

// The loops of one instruction set. No number passes as none: what is no number at an entry of an
// operand is none in the result, whatever is compared.
struct TileLoops {
    TileLoop spread[at_count];              // a, from wherever it is
    TileLoop function[formula_call_count];  // f(a) of entries; null of calls of more than one
    // a and b, where one of them is of entries or both together are; else null, as of all calls
    // that do not take two.
    TileLoop join[formula_call_count][at_count][at_count];
    TileLoop product_added[factors_count][at_count];        // a b + c, rounded as multiply_add
    TileLoop product_taken[factors_count][at_count];        // c - a b
    TileLoop products_added[factors_count][factors_count];  // a b + c d, c d rounded first
    TileLoop select;                                        // b where a > 0, else c; of entries
    TileLoop clip;  // a, not below b nor above c, itself where it equals them; b, c are numbers
    const LoopThatMultiplies* multiplying;
    std::size_t multiplying_count;
    const LoopOfDifference* of_differences;
    std::size_t of_differences_count;
    // (b - S) p + S where a product p of rows and columns is made for it, and both: operands are
    // those of p, then b and S.
    LoopOfDifference soft_bound;
    const LoopsTogether* together;
    std::size_t together_count;
    const LoopThatClips* clipping;
    std::size_t clipping_count;
};

// Where an instruction finds or leaves numbers: in a slot or a constant, or in a register. The
// numbers of a tile begin there, further on by the tile's first entry, row or column.
struct TileOperand {
    double* numbers = nullptr;  // null: in a register
    std::uint32_t place = 0;    // of the register, in numbers
    bool by_entry = false, by_row = false, by_column = false;
};

// `over` is what the result is one of for each: all entries of a tile, its rows, its columns, or
// one for all. A loop over rows or columns takes them for a single column of entries. `clears`: it
// writes a matrix, where rows behind the last one are to be cleared.
struct TileInstruction {
    TileLoop loop = nullptr;
    At over = At::entry;
    bool clears = false;
    std::uint8_t count = 0;  // of operands
    TileOperand out = {};
    TileOperand in[most_loop_operands] = {};
};

// A vector of which a register gets the entries that belong to a stretch of synapses stored by
// rows: those of their postsynaptic or presynaptic cells.
struct CollectedOperand {
    const double* vector = nullptr;
    std::uint32_t place = 0;  // of the register, in numbers
    bool of_post = false;
};

// The instructions of operations on one matrix, in order; no ownership. What is one for all comes
// first, then what is one for each row: once for a matrix, and once for a panel, would do.
// Registers hold `register_entries` each, behind them those of rows a panel's.
struct TileProgram {
    const TileInstruction* instructions = nullptr;
    std::size_t count = 0, numbers_end = 0, rows_end = 0;
    double* registers = nullptr;
    std::size_t register_numbers = 0;
    std::size_t first_row = 0;  // of the block of rows that is gone through; by rows, of synapses
    // A matrix stored by rows has what is collected for each stretch of `register_entries`.
    const CollectedOperand* collected = nullptr;
    std::size_t collected_count = 0;
    // The instruction that writes the matrix which a pass multiplies, and its loop that does; null
    // where it has none.
    std::size_t multiplied_at = 0;
    MultiplyingLoop multiplying = nullptr;
};

}  // namespace apical
