#pragma once

#include <cstddef>
#include <cstdint>

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

enum class TileFunction : std::uint8_t {
    absolute,
    sign,
    step,
    root,
    exponential,
    logarithm,
    tanh,
    logistic,
    rectified,
};
inline constexpr std::size_t tile_function_count = 9;

enum class TileJoin : std::uint8_t { add, subtract, multiply, divide, minimum, maximum };
inline constexpr std::size_t tile_join_count = 6;

// The loop of an instruction over columns of `height` rows, a multiple of eight, one behind the
// other: out = f(a, b, c, d) for each entry. `out` may be one of the operands.
using TileLoop = void (*)(double* out, const double* const (&in)[4], std::size_t height,
                          std::size_t columns);

// The loops of one instruction set. No number passes as none: what is no number at an entry of an
// operand is none in the result, whatever is compared.
struct TileLoops {
    TileLoop spread[at_count];               // a, from wherever it is
    TileLoop function[tile_function_count];  // f(a) of entries
    // a and b, where one of them is of entries or both together are; else null.
    TileLoop join[tile_join_count][at_count][at_count];
    TileLoop product_added[factors_count][at_count];        // a b + c, rounded as multiply_add
    TileLoop product_taken[factors_count][at_count];        // c - a b
    TileLoop products_added[factors_count][factors_count];  // a b + c d, c d rounded first
    TileLoop select;                                        // b where a > 0, else c; of entries
    TileLoop clip;  // the smaller of c and of the larger of a and b; of entries and two numbers
};

// Where an instruction finds or leaves numbers: in a slot or a constant, or in a register. Of a
// tile they begin at `numbers` or the register, and further on by its first entry, row or column.
struct TileOperand {
    double* numbers = nullptr;  // null: in a register
    std::uint32_t place = 0;    // of the register, in numbers
    bool by_entry = false, by_row = false, by_column = false;
};

// `over` is what the result is one of for each: all entries of a tile, its rows, its columns, or
// one for all. A loop over rows or columns takes them for a single column of entries.
struct TileInstruction {
    TileLoop loop = nullptr;
    At over = At::entry;
    std::uint8_t count = 0;  // of operands
    TileOperand out = {};
    TileOperand in[4] = {};
};

// The instructions of one operation, in order; no ownership. Registers hold `register_entries`
// each.
struct TileProgram {
    const TileInstruction* instructions = nullptr;
    std::size_t count = 0;
    double* registers = nullptr;
    std::size_t register_count = 0;
    std::size_t first_row = 0;  // of the block of rows that is gone through
};

}  // namespace apical
