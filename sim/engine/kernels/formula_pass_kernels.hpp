#pragma once

#include "sim/engine/kernels/pass_kernels.hpp"
#include "sim/engine/kernels/synaptic_kernels.hpp"

// Passes whose change is made by register programs (synaptic_kernels.hpp), a tile of 16 columns
// after the other (or of all, by a single instruction), and whose forward products are made while a
// tile is near. In an unnamed
// namespace, as vector_math.hpp is.
//
// The bits are those of the operations one by one, as in other passes (pass_kernels.hpp):
//   - An instruction makes an entry of matrices at the same entry and of vectors that nothing
//     writes meanwhile, so a tile may go through all operations before the next one begins.
//   - A product's sums go on from tile to tile in the order of columns, each with the chains of its
//     panel's height, since a tile has a multiple of them.
//   - Rows behind the last one are cleared in each tile before it is multiplied, as `synaptic`
//     clears them; a panel that has such rows is multiplied by itself.
namespace apical {
namespace {

namespace tile {

// The chains of sums of a product in a panel of H eights, which begin with 0.
template <std::size_t H>
struct PanelSums {
    APICAL_INLINE PanelSums() { clear_eights<chains_of<H> * H>(of); }
    alignas(64) double of[chains_of<H> * H * width];
};

// Multiplies a tile of a panel of H eights, whose chains go on.
template <std::size_t H>
APICAL_INLINE void multiply(const double* entries, std::size_t columns, const double* x,
                            PanelSums<H>& sums) {
    constexpr std::size_t chains = chains_of<H>;
    Eight of[chains][H];
    repeat<chains * H>([&](std::size_t k)
                           APICAL_LAMBDA { of[k / H][k % H] = load(sums.of + k * width); });
    visit_columns<chains>(columns, [&](std::size_t j, std::size_t c) APICAL_LAMBDA {
        const Eight now = broadcast(x[j]);
        repeat<H>([&](std::size_t h) APICAL_LAMBDA {
            Eight& sum = of[c][h];
            sum = multiply_add(load(entries + (j * H + h) * width), now, sum);
        });
    });
    repeat<chains * H>([&](std::size_t k)
                           APICAL_LAMBDA { store(sums.of + k * width, of[k / H][k % H]); });
}

// Performs an instruction on a tile of whole panels, and multiplies what it stores by x.
APICAL_INLINE void perform_and_multiply(const TileInstruction& one, const TileProgram& program,
                                        const Tile& tile, const double* x, double* sums) {
    const double* in[most_loop_operands] = {};
    for (std::size_t k = 0; k < one.count; ++k) in[k] = place_of(one.in[k], program, tile);
    program.multiplying(place_of(one.out, program, tile), in, tile.columns, x, sums);
}

// Changes a tile, of which `rows` are used, and makes `forward` products with it. `entries` are
// those of the matrix.
template <std::size_t forward, std::size_t H>
APICAL_INLINE void change_and_multiply(const PassMatrix& s, const double* entries, const Tile& tile,
                                       std::size_t rows, PanelSums<H>* sums) {
    const bool is_whole = forward > 0 && rows == panel_rows;
    std::size_t multiplied = 0;
    if (s.tiles) {
        const TileProgram& program = *s.tiles;
        for (std::size_t k = program.rows_end; k < program.count; ++k) {
            const TileInstruction& one = program.instructions[k];
            if (is_whole && program.multiplying && k == program.multiplied_at) {
                perform_and_multiply(one, program, tile, s.forward[0] + tile.column, sums->of);
                multiplied = 1;
                continue;
            }
            perform(one, program, tile);
            if (one.clears && rows < tile.height)
                clear_rows_behind(place_of(one.out, program, tile), rows, tile.height,
                                  tile.columns);
        }
    }
    for (std::size_t f = multiplied; f < forward; ++f)
        multiply<H>(entries, tile.columns, s.forward[f] + tile.column, sums[f]);
}

// Adds the chains of a panel's sums and sets or adds the totals.
template <std::size_t H>
APICAL_INLINE void set_or_add(double* out, bool adds, const PanelSums<H>& sums) {
    constexpr std::size_t chains = chains_of<H>;
    repeat<H>([&](std::size_t h) APICAL_LAMBDA {
        Eight each[chains];
        repeat<chains>([&](std::size_t c)
                           APICAL_LAMBDA { each[c] = load(sums.of + (c * H + h) * width); });
        const Eight total = pairwise(each, chains);
        store(out + h * width, adds ? load(out + h * width) + total : total);
    });
}

// Columns that are gone through at once: all of them by one instruction that multiplies what it
// stores, since nobody comes back to a tile then.
template <std::size_t forward>
APICAL_INLINE std::size_t columns_at_once(const PassMatrix& s) {
    if (forward != 1 || !s.tiles || !s.tiles->multiplying) return tile_columns;
    return s.tiles->count == s.tiles->rows_end + 1 ? s.columns : tile_columns;
}

}  // namespace tile

// The kernel of a pass of Changed::formulas with forward products or none.
template <std::size_t forward>
void formula_pass(const Step& s) {
    if (!*s.due) {
        if constexpr (forward > 0) pass<Changed::nothing, forward, false>(s);
        return;
    }
    *s.due = false;
    const Pass& p = *s.pass;
    for (std::size_t m = 0; m < p.matrix_count; ++m) {
        if (const TileProgram* program = p.matrices[m].tiles)
            tile::perform(*program, 0, program->numbers_end, {});
    }
    for_each_panel(s.rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        constexpr std::size_t height = Height<H>::rows;
        const std::size_t left = s.rows - first, rows = left < height ? left : height;
        for (std::size_t m = 0; m < p.matrix_count; ++m) {
            const PassMatrix& one = p.matrices[m];
            const std::size_t row = first + (one.tiles ? one.tiles->first_row : 0);
            if (one.tiles)
                tile::perform(*one.tiles, one.tiles->numbers_end, one.tiles->rows_end,
                              {0, row, 0, height, 0});
            tile::PanelSums<H> sums[forward == 0 ? 1 : forward];
            const std::size_t at_once = tile::columns_at_once<forward>(one);
            for (std::size_t j = 0; j < one.columns; j += at_once) {
                const std::size_t more = one.columns - j;
                const tile::Tile now = {row * one.columns + j * height, row, j, height,
                                        more < at_once ? more : at_once};
                tile::change_and_multiply<forward, H>(
                    one, one.matrix + first * one.columns + j * height, now, rows, sums);
            }
            repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
                tile::set_or_add<H>(p.sum[f] + first, p.adds[f] || m > 0, sums[f]);
            });
        }
    });
}

}  // namespace
}  // namespace apical
