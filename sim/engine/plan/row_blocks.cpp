#include "sim/engine/plan/row_blocks.hpp"

#include <algorithm>
#include <utility>

#include "sim/engine/plan/workers.hpp"

namespace apical {

namespace {

// Blocks of rows, for several cores. Rows of a matrix are independent in all kernels that are split
// but for sums over rows, and those have one order, whoever computes a block:
//
//     out_j = (sum over rows 0 to 255) + (rows 256 to 511) + (rows 512 to 767) + ...
//
// The first block writes to `out`, or adds to it, as the whole step would; every later block sets
// numbers of its own (`beside`), which are added to `out` one after the other when all blocks are
// done (RowBlocks::sums), by a kernel that rounds each addition once. So
//   - the bits depend on the number of rows, never on the number of workers or on which is faster;
//   - they may differ from those of the step that was not split, which adds panel after panel. A
//     plain plan and a fused one that are to have the same bits are both split, or both not.
// A block begins with a panel, since 256 is a multiple of 32: entry (first, 0) of a matrix is at
// first columns, entry `first` of a vector of rows at first. Pointers to vectors of columns and to
// single numbers are the same in all blocks.
//
// A step says how it is split (Step::in_blocks). InBlocks::never is right for every kernel, and
// slow.
//
// A matrix stored by rows has its numbers where its row begins (Step::start), so that a block moves
// only that pointer, unless a program goes through its synapses (move_by_rows). Sums over its rows
// are as long as it has columns, and a set with many cells has few synapses for each: it makes at
// most 16 of them, of 256 rows or a multiple. What goes from number to number is split by numbers.
constexpr std::size_t block_rows = 8 * panel_rows;
constexpr std::size_t most_sums_by_rows = 16, block_numbers = 64 * register_entries;
// Waking another core takes as long as going through about a megabyte; this is four.
constexpr std::size_t entries_worth_it = std::size_t{1} << 19;

// The kernel of a step in blocks. A deferred change (`due`) is handed on to the blocks' passes
// before they run and is no longer the whole's.
void run_blocks(const Step& step) {
    const RowBlocks& all = *step.blocks;
    if (step.due) {
        const bool due = std::exchange(*step.due, false);
        for (const Step& block : all.blocks) *block.due = due;
    }
    if (all.workers) {
        all.workers->run(all.blocks);
    } else {
        for (const Step& block : all.blocks) block.run(block);
    }
    for (const Step& sum : all.sums) sum.run(sum);
}

template <class Number>
void advance(Number*& pointer, std::size_t by) {
    if (pointer) pointer += by;
}

}  // namespace

// The splitting of one step.
class RowBlockStore::Splitting {
public:
    Splitting(RowBlockStore& store, const Step& step, const Kernels& kernels, StepMemory& memory)
        : store_(store), memory_(memory), step_(step), k_(kernels) {}

    bool can_split() const {
        return step_.rows > rows_of_block() && step_.in_blocks != InBlocks::never;
    }

    RowBlocks blocks() {
        RowBlocks all;
        double* const out = step_.out;
        const bool adds = step_.in_blocks == InBlocks::inner_add;
        // The whole sum is made beside `out` and then added at once, as a pass that sums squares
        // does it.
        if (adds) {
            step_.run = k_.inner_set;
            step_.out = memory_.numbers(lanes);
        }
        const std::size_t rows = rows_of_block();
        for (std::size_t first = 0; first < step_.rows; first += rows) {
            Step block = step_;
            block.rows = std::min(rows, step_.rows - first);
            if (is_pass()) {
                block.pass = &pass(first);
                if (block.due) block.due = memory_.flag();
            } else {
                move(block, first);
            }
            all.blocks.push_back(block);
        }
        if (adds) add(out, step_.out, lanes);
        all.sums = std::move(sums_);
        return all;
    }

    std::size_t entries() const {
        if (step_.in_blocks == InBlocks::stretches) return step_.rows;
        if (step_.start) return step_.start[step_.rows] - step_.start[0];
        if (is_pass_by_rows()) return synapses_of_pass();
        std::size_t columns = is_pass() ? 0 : step_.columns;
        for (std::size_t k = 0; is_pass() && k < step_.pass->matrix_count; ++k)
            columns += step_.pass->matrices[k].columns;
        return step_.rows * columns;
    }

private:
    bool is_pass() const {
        return step_.in_blocks == InBlocks::pass || step_.in_blocks == InBlocks::change_of_pass;
    }
    bool is_pass_by_rows() const { return is_pass() && step_.pass->matrices->start; }
    std::size_t synapses_of_pass() const {
        std::size_t synapses = 0;
        for (std::size_t k = 0; k < step_.pass->matrix_count; ++k)
            synapses += step_.pass->matrices[k].start[step_.rows];
        return synapses;
    }
    std::size_t rows_of_block() const {
        if (step_.in_blocks == InBlocks::stretches) return block_numbers;
        const bool sums_rows = step_.in_blocks == InBlocks::rows_reverse_product ||
                               (is_pass_by_rows() && step_.pass->back);
        if (!sums_rows) return block_rows;
        const std::size_t blocks = (step_.rows + block_rows - 1) / block_rows;
        return (blocks + most_sums_by_rows - 1) / most_sums_by_rows * block_rows;
    }

    // Moves the block's pointers to row `first`: by entries in matrices, by rows in vectors of
    // rows.
    void move(Step& block, std::size_t first) {
        const std::size_t entry = first * step_.columns;
        switch (step_.in_blocks) {
            case InBlocks::never:
            case InBlocks::pass:
            case InBlocks::change_of_pass:
                return;
            case InBlocks::product:
                block.out += first;
                block.a += entry;
                return;
            case InBlocks::reverse_product:
                block.a += entry;
                block.b += first;
                if (first > 0) sum_beside(block, padded(step_.columns), k_.transmit_reverse_set);
                return;
            case InBlocks::inner_set:
            case InBlocks::inner_add:
                block.a += entry;
                block.b += entry;
                if (first > 0) sum_beside(block, lanes, k_.inner_set);
                return;
            case InBlocks::rank_one:
                block.out += entry;
                block.a += first;
                return;
            case InBlocks::rank_one_cells:
                block.out += entry;
                block.a += first;
                block.c += first;
                return;
            case InBlocks::tag:
                block.out += entry;
                block.a += first;
                block.b += entry;
                return;
            case InBlocks::tag_alone:
                block.out += entry;
                block.b += entry;
                return;
            case InBlocks::tiles:
                block.tiles = &tiles(*step_.tiles, first);
                return;
            case InBlocks::rows_product:
                block.out += first;
                block.start += first;
                return;
            case InBlocks::rows_reverse_product:
                block.b += first;
                block.start += first;
                if (first > 0)
                    sum_beside(block, padded(step_.columns), k_.by_rows.transmit_reverse_set);
                return;
            case InBlocks::rows_change:
                block.a += first;
                block.start += first;
                return;
            case InBlocks::rows_change_by_cell:
                block.a += first;
                block.c += first;
                block.start += first;
                return;
            case InBlocks::stretches:
                if (step_.tiles) {
                    block.tiles = &tiles(*step_.tiles, first);
                    return;
                }
                block.out += first;
                block.b += first;
                return;
        }
    }
    // The program of the block that begins with row `first`, in registers of its own.
    TileProgram& tiles(const TileProgram& whole, std::size_t first) {
        TileProgram& block = store_.tiles_.emplace_back(whole);
        block.first_row = first;
        if (first > 0) block.registers = memory_.numbers(block.register_numbers);
        return block;
    }
    void sum_beside(Step& block, std::size_t count, KernelFunction sets) {
        block.run = sets;
        block.out = beside(step_.out, count);
    }
    // New numbers that are added to `out` when all blocks are done; behind them there is `room` for
    // a kernel's partial sums.
    double* beside(double* out, std::size_t count, std::size_t room = 0) {
        double* const numbers = memory_.numbers(count + room);
        add(out, numbers, count);
        return numbers;
    }
    void add(double* out, const double* numbers, std::size_t count) {
        Step sum;
        sum.run = k_.scale_add;
        sum.out = out;
        sum.a = numbers;
        sum.rows = count;
        sums_.push_back(sum);
    }

    // The pass of the block that begins with row `first`. A reverse product or a sum of squares of
    // a later block is made beside that of the first.
    const Pass& pass(std::size_t first) {
        Pass& block = store_.passes_.emplace_back(*step_.pass);
        std::vector<PassMatrix>& matrices =
            store_.matrices_.emplace_back(block.matrices, block.matrices + block.matrix_count);
        block.first_multiplied = first_multiplied(matrices, first);
        for (PassMatrix& one : matrices) {
            if (one.start) {
                move_by_rows(one, first);
                continue;
            }
            advance(one.matrix, first * one.columns);
            advance(one.tag, first * one.columns);
            if (one.tiles) one.tiles = &tiles(*one.tiles, first);
            if (first > 0 && one.square)
                one.square = beside(one.square, lanes, square_room - lanes);
        }
        block.matrices = matrices.data();
        advance(block.post, first);
        advance(block.retain_cells, first);
        advance(block.credit_cells, first);
        advance(block.back_rows, first);
        for (double*& sum : block.sum) advance(sum, first);
        if (first > 0 && block.back) {
            block.back = beside(block.back, padded(block.matrices->columns));
            block.back_adds = false;
        }
        multiply_first_rows(block);
        return block;
    }

    // A program by rows goes through stretches that begin with a synapse whose number is a multiple
    // of eight, so that a block's program begins with the first such one of its rows and ends
    // before that of the next block. Rows that begin earlier have synapses that the block before
    // changes: they are multiplied when all blocks are done.
    static std::size_t first_synapse(const PassMatrix& whole, std::size_t row) {
        return std::min(padded(whole.start[row]), whole.synapses_end);
    }
    void move_by_rows(PassMatrix& one, std::size_t first) {
        if (one.tiles) {
            TileProgram& program = tiles(*one.tiles, first);
            auto& collected = store_.collected_.emplace_back(
                program.collected, program.collected + program.collected_count);
            for (CollectedOperand& operand : collected) {
                if (operand.of_post) operand.vector += first;
            }
            program.collected = collected.data();
            program.first_row = first_synapse(one, first);
            const std::size_t next = std::min(first + rows_of_block(), step_.rows);
            one.tiles = &program;
            one.synapses_end = first_synapse(one, next);
        }
        one.start += first;
    }
    std::size_t first_multiplied(const std::vector<PassMatrix>& wholes, std::size_t first) const {
        std::size_t row = first;
        for (const PassMatrix& whole : wholes) {
            if (!whole.start || !whole.tiles) continue;
            const std::size_t begin = first_synapse(whole, first);
            while (row < step_.rows && row < first + rows_of_block() && whole.start[row] < begin)
                ++row;
        }
        return row - first;
    }
    // A pass by formulas has products of this direction alone.
    void multiply_first_rows(const Pass& block) {
        if (step_.in_blocks != InBlocks::pass || block.first_multiplied == 0 || !block.sum[0])
            return;
        Step multiplies;
        multiplies.run =
            k_.by_rows.pass.by[static_cast<std::size_t>(Changed::nothing)][block.sum[1] ? 2 : 1][0];
        multiplies.pass = &block;
        multiplies.rows = block.first_multiplied;
        sums_.push_back(multiplies);
    }
    RowBlockStore& store_;
    StepMemory& memory_;
    Step step_;
    const Kernels& k_;
    std::vector<Step> sums_;
};

Step RowBlockStore::in_blocks(const Step& step, const Kernels& kernels, Workers* workers,
                              StepMemory& memory) {
    Splitting splitting(*this, step, kernels, memory);
    if (!splitting.can_split()) return step;
    RowBlocks& blocks = steps_.emplace_back(splitting.blocks());
    if (splitting.entries() >= entries_worth_it) blocks.workers = workers;
    Step whole = step;
    whole.run = run_blocks;
    whole.blocks = &blocks;
    return whole;
}

}  // namespace apical
