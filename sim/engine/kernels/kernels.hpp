#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "sim/engine/kernels/formula_call.hpp"
#include "sim/engine/kernels/tiles.hpp"

namespace apical {

// Rows are padded to a multiple of `lanes`, one AVX-512 register. Matrices are stored in panels of
// 32 rows, the last one lower when fewer are left.
inline constexpr std::size_t lanes = 8, panel_rows = 32;

// The layout, as kernels and state have it. Static, so that a copy made for one instruction set is
// never taken for another.
static constexpr std::size_t padded(std::size_t count) {
    return (count + lanes - 1) / lanes * lanes;
}
// Rows of the panel that begins with row `first`, with its pads.
static constexpr std::size_t panel_height(std::size_t first, std::size_t rows) {
    const std::size_t left = padded(rows) - first;
    return left < panel_rows ? left : panel_rows;
}
// Where entry (row, column) is: columns lie one by one inside a panel, panel after panel.
static constexpr std::size_t panel_index(std::size_t row, std::size_t column, std::size_t rows,
                                         std::size_t columns) {
    const std::size_t first = row / panel_rows * panel_rows;
    return first * columns + column * panel_height(first, rows) + row - first;
}

// Snapshot of a vector for a deferred change of a matrix: taken when the change is deferred, since
// the vector itself is overwritten before the change is made. `count` numbers, with pads.
struct Snapshot {
    double* to = nullptr;
    const double* from = nullptr;
    std::size_t count = 0;
};

// The change that a pass makes: none, of the matrix, of one that decays, of a tag and by it of the
// matrix, or what register programs make of matrix and tags.
enum class Changed : std::size_t { nothing, matrix, decayed, tag, formulas };
inline constexpr std::size_t changed_count = 5;

// Room of a sum of squares: the sum in the first of eight numbers, then a partial sum for each row
// of a panel.
inline constexpr std::size_t square_room = (1 + panel_rows / lanes) * lanes;

// The bounds that a change of strengths ends with. `zero` is added to what they make: 0 where -0 is
// to become 0, else -0, which changes nothing.
struct StrengthBounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    double zero = -0.0;
};

// One of the matrices that a pass goes through once. Matrix and tag have the step's rows and
// `columns` columns, in panels; `pre` and `forward` have `columns` entries.
struct PassMatrix {
    double* matrix = nullptr;
    double* tag = nullptr;  // null: the change is of the matrix itself
    std::size_t columns = 0;
    const double* pre = nullptr;  // presynaptic factor of the change
    double* square = nullptr;     // square_room numbers: sum of the changed tag's squares; or null
    const double* forward[2] = {};       // vectors that the matrix is multiplied by, by product
    const TileProgram* tiles = nullptr;  // that changes it, of Changed::formulas; null: unchanged
    // One stored by rows, as all of its pass are: matrix and tag have the numbers of row i
    // from start[i] to before start[i + 1], and `column` has their columns. Null: in panels.
    const std::uint32_t* start = nullptr;
    const std::uint32_t* column = nullptr;
    StrengthBounds bounds = {};    // of a pass that keeps any
    std::size_t synapses_end = 0;  // before which its program by rows ends
};

// Several operations on matrices S of the same rows, in one pass over their entries: a deferred
// change, then products with the changed matrices (equations: pass_kernels.hpp). The change's
// numbers are read when it is made, from slots that nothing has written since, or from snapshots.
// No step changes a Pass: snapshots and sums are in the state, and so is Step::due.
struct Pass {
    const PassMatrix* matrices = nullptr;
    std::size_t matrix_count = 0;
    // The change: tag_ij = retain tag_ij + gain post_i pre_j and S_ij = S_ij + rate credit_i
    // tag_ij; without tags S_ij = [retain] S_ij + gain post_i pre_j. `retain`, `gain` and `rate`
    // are multiplied by their number, if there is one; `retain_cells` takes the place of `retain`.
    const Snapshot* snapshots = nullptr;  // to snapshots_end
    const Snapshot* snapshots_end = nullptr;
    const double* post = nullptr;           // rows entries
    const double* gain_number = nullptr;    // one number, or null
    const double* retain_number = nullptr;  // one number, or null
    const double* retain_cells = nullptr;   // rows entries, or null
    const double* credit_cells = nullptr;   // rows entries, or null: credit_i is 1
    const double* credit_number = nullptr;  // one number, or null
    double gain = 1.0, retain = 1.0, rate = 1.0;
    // The products, null where there is none: sum[k] (rows entries) = or += the sum over matrices
    // of S forward[k]; back (columns entries, of the only matrix) = or += transpose(S) back_rows
    // (rows entries).
    double* sum[2] = {};
    bool adds[2] = {};
    const double* back_rows = nullptr;
    double* back = nullptr;
    bool back_adds = false;
    // By rows: whether strengths are kept within bounds behind the change, and the first row that
    // the pass by formulas multiplies (row_blocks.cpp).
    bool is_bounded = false;
    std::size_t first_multiplied = 0;
};

// Room of a kernel beside its operands, in vectors of as many rows.
inline constexpr std::size_t scratch_vectors = 8;

// Entries that a formula is computed for at a time, part by part, in memory that stays in the
// cache.
inline constexpr std::size_t tile_entries = 64;

// Where numbers of a formula lie: in a vector of all entries, in one of a tile, or one number eight
// times for all entries.
enum class Lies : std::uint8_t { in_vector, in_tile, alike };
struct FormulaNumbers {
    double* at = nullptr;
    Lies lies = Lies::in_vector;
};

// One part of a formula: out = call(a, b, c), entry by entry. Sources that a call does not take are
// those of `a`.
struct FormulaPart {
    FormulaCall call = FormulaCall::copy;
    int exponent = 0;  // of power
    FormulaNumbers out, a, b, c;
};

// A number that all entries read, a constant or one that changes: before anything is computed it is
// written eight times.
struct SpreadNumber {
    double* to = nullptr;
    const double* from = nullptr;  // null: `number`
    double number = 0.0;
};

// A formula with every pointer resolved: parts in their order, the last writes the vector that is
// made, `before` such as are alike for all entries.
struct FormulaSteps {
    const SpreadNumber* spread = nullptr;
    const FormulaPart* before = nullptr;
    const FormulaPart* parts = nullptr;
    std::size_t spread_count = 0, before_count = 0, part_count = 0;
};

struct RowBlocks;

// How a step is performed in blocks of rows of its matrix (sim/engine/plan/row_blocks.hpp): which
// of its operands a block has its own rows of, and whether the blocks make parts of one sum.
enum class InBlocks : std::uint8_t {
    never,
    pass,             // rows of all that its Pass goes through
    change_of_pass,   // the same, without products
    product,          // rows of out and of the matrix a
    reverse_product,  // rows of the matrix a and of b; sums in out
    inner_set,        // entries of a and b; a sum in out
    inner_add,        // entries of a and b; a sum that is added to out
    rank_one,         // rows of the matrix out and of a
    rank_one_cells,   // rows of the matrix out, of a and of c
    tag,              // rows of the matrices out and b, and of a
    tag_alone,        // rows of the matrices out and b
    tiles,            // rows of all that its TileProgram goes through
    // What a matrix stored by rows has:
    rows_product,          // rows of out
    rows_reverse_product,  // rows of b; sums in out
    rows_change,           // rows of a
    rows_change_by_cell,   // rows of a and of c
    stretches,             // numbers of out and b, and those that its TileProgram goes through
};

struct Step;
using KernelFunction = void (*)(const Step&);

// One kernel call with every pointer resolved; no ownership. Vectors are padded to a multiple of
// eight with zeros, matrices lie in panels (sim/engine/state.hpp). `rows` and `columns` are
// the matrix's; vectors have `rows` entries.
struct Step {
    static constexpr std::uint32_t no_operation = 0xffffffff;
    KernelFunction run = nullptr;
    double* out = nullptr;
    const double* a = nullptr;
    const double* b = nullptr;
    const double* c = nullptr;
    const double* d = nullptr;
    double* scratch = nullptr;              // scratch_vectors; of fire_tanh one that lives on
    const Pass* pass = nullptr;             // of the kernels that take one
    const FormulaSteps* formula = nullptr;  // likewise
    const TileProgram* tiles = nullptr;     // likewise, of `synaptic`
    bool* due = nullptr;                    // whether the pass has a deferred change to make
    // That is run while a[0] is `gain`; of by_rows.transmit_fired_* the product through all rows.
    const Step* conditional = nullptr;
    const RowBlocks* blocks = nullptr;  // that it is run in (sim/engine/plan/row_blocks.hpp)
    // A matrix stored by rows has these, as a PassMatrix.
    const std::uint32_t* start = nullptr;
    const std::uint32_t* column = nullptr;
    std::size_t rows = 0, columns = 1;
    double retain = 0.0, gain = 1.0;
    std::int64_t every = 1;              // as the operation's
    std::uint32_t first = 0, count = 1;  // `count` steps of each `every`, from `first` on, from 0
    std::uint32_t alike = 1;             // as many of the plan from this one on run together
    std::uint32_t operation = 0;  // of the program, that this step performs or is the first of
    InBlocks in_blocks = InBlocks::never;
};

// A stretch of numbers in memory, a multiple of eight of them.
struct Range {
    const double* first = nullptr;
    std::size_t count = 0;
};

// Draws of one number each for `count` cells, of a stream of random numbers in a step
// (sim/numbers/random.hpp).
struct NoiseDraws {
    std::uint32_t seed = 0, name = 0;
    std::uint64_t step = 0;
    std::size_t count = 0;
    double deviation = 1.0;    // that each is multiplied by
    double probability = 1.0;  // of one that is not 0, where draws are sparse
};
using KernelOfDraws = void (*)(const NoiseDraws& draws, double* out);

// How products are added: rounded once, as fused multiply-add does, or twice, which gives the same
// bits on every processor.
enum class Rounding { fused, strict };

// All kernels of one instruction set. Every sum has one order, whatever the registers.
struct Kernels {
    struct ByActivation {
        KernelFunction linear, tanh, rectified, logistic;
    };
    // By what is changed, the number of forward products and that of reverse ones; null where there
    // is no such pass.
    struct Passes {
        KernelFunction by[changed_count][3][2];
    };
    // The kernels of the same names for a matrix that is stored by rows.
    struct ByRows {
        KernelFunction transmit_set, transmit_add, transmit_reverse_set, transmit_reverse_add;
        // By columns: `start` is by presynaptic cell, and of each of its synapses `column` has two
        // numbers, 4 i + k mod 4 and where it is; x, in b, is 0 or 1. When many cells fired they
        // run `conditional` in their place, if there is one.
        KernelFunction transmit_fired_set, transmit_fired_add;
        KernelFunction gather;
        KernelFunction hebb_add, hebb_set, hebb_decay, hebb_modulated, hebb_cellwise;
        KernelFunction consolidate;
        KernelFunction synaptic;  // `rows` are synapses, from the program's first one on
        Passes pass;
    };
    std::string_view instruction_set;           // baseline, x86_64_v3, ...
    Rounding rounding;                          // strict where there is no fused multiply-add
    KernelFunction transmit_set, transmit_add;  // out (rows) = or += S (a) x (b)
    // out (columns) = or += transpose(S (a)) x (b)
    KernelFunction transmit_reverse_set, transmit_reverse_add;
    // out (rows) = or += S (a) x (b), column by column of those whose x is not 0
    KernelFunction transmit_fired_set, transmit_fired_add;
    KernelFunction gather;                            // out_i (rows) = sum_j S_ij, S in a
    KernelFunction scale_set, scale_add;              // out = or += gain a
    KernelFunction part_set, part_add;                // the same, a from any place in a vector on
    KernelFunction gated_set, gated_add;              // out = or += b[0] a
    KernelFunction relax;                             // out = a + retain (out - a)
    ByActivation fire;                                // out = retain out + gain phi(a)
    ByActivation fire_gated;                          // out = retain out + gain phi(b[0] a)
    KernelFunction fire_tanh, fire_gated_tanh;        // those of tanh, which stays in scratch
    ByActivation slope;                               // out = phi'(a)
    KernelFunction slope_of_tanh;                     // out = 1 - a^2
    KernelFunction softmax;                           // out = softmax(a)
    KernelFunction winners;                           // out_i = out_i of the `columns` largest a_i
    KernelFunction product;                           // out = gain a * b
    KernelFunction sum;                               // out = retain a + gain b
    KernelFunction mixture;                           // out = c[0] a + d[0] b
    KernelFunction difference;                        // out = a - b
    KernelFunction complement, complement_rectified;  // out = 1 - a, max(0, 1 - a)
    KernelFunction formula;                           // out = what the formula says
    KernelFunction copy;                              // out = a, a vector or a matrix
    KernelFunction clear;                             // out = 0, a vector or a matrix
    KernelFunction push;  // history (out) of `columns` vectors: a comes first
    // As `push`, of an axon's line, whose last vector is its end and whose others lie in a ring:
    // eight numbers before it begin with how far that is turned.
    KernelFunction conduct;
    // out = gain times the next of the `columns` vectors that lie before it; behind the last comes
    // the first. A vector before these has in its first number which one is next.
    KernelFunction next;
    // out = retain out + gain where c is not 0, everywhere without c; nothing while a[0] is 0
    KernelFunction intervene;
    KernelFunction jacobian;              // out = retain I + gain diag(b) a
    KernelFunction diagonal;              // out = b[0] out + c[0] diag(a)
    KernelFunction set_scalar;            // out[0] = gain
    KernelFunction inner_set, inner_add;  // out[0] = or += sum of a * b over rows and columns
    KernelFunction times;                 // out[0] = a[0] b[0]
    KernelFunction quotient;              // out[0] = a[0] / b[0]
    KernelFunction balance;               // out[0] = (a[0] / b[0])^(1/4)
    KernelFunction hebb_add;              // S (out) += gain a (post) b (pre)
    KernelFunction hebb_set;              // S (out) = gain a (post) b (pre)
    KernelFunction hebb_decay;            // S (out) = retain S + gain a (post) b (pre)
    KernelFunction hebb_modulated;        // the same, retain times c[0], gain times d[0]
    KernelFunction hebb_cellwise;         // the same, retain times c (post)
    KernelFunction consolidate;           // S (out) += gain a (post) tag (b)
    KernelFunction accumulate;            // S (out) += gain a[0] tag (b), without a: gain tag
    KernelFunction multiply_from_left;    // out (rows x columns) = a (rows x rows) out
    // M_kij (out) += gain delta_ki a_i (post) b_j (pre), columns of the set
    KernelFunction tensor_diagonal;
    KernelFunction synaptic;  // S (out) = a formula of each entry, by the step's TileProgram
    KernelFunction defer;     // a pass's change is due from now on
    // out, padded to eights by zeros, = the deviation times draws: from N(0, 1), uniform in (-1,
    // 1), and such where they are not 0. The same bits in all kernels, strict and fused.
    KernelOfDraws draw_normal, draw_uniform, draw_sparse;
    bool (*all_finite)(const Range* ranges, std::size_t count);
    Passes pass;
    ByRows by_rows;
    TileLoops tile_loops;  // that a TileProgram is made of
};

// All kernels with this rounding that the processor can run, the slowest first; the same inputs
// give the same bits on each of them. On a processor without fused multiply-add `fused` gives those
// that are `strict`.
std::span<const Kernels* const> available_kernels(Rounding rounding);

// The fastest of them.
const Kernels& best_kernels(Rounding rounding = Rounding::fused);

// The kernels of an instruction set, with this rounding where the set has it; null when the
// processor cannot run them or there is no set of that name.
const Kernels* find_kernels(std::string_view instruction_set, Rounding rounding);

// The instruction sets that the processor can run, the slowest first.
std::vector<std::string_view> available_instruction_sets();

}  // namespace apical
