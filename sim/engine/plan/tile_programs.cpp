#include "sim/engine/plan/tile_programs.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <optional>
#include <utility>

#include "sim/engine/plan/node_calls.hpp"
#include "sim/engine/plan/tile_instructions.hpp"
#include "sim/engine/plan/tile_nodes.hpp"

// A formula at synapses becomes a register program: a list of instructions, each one a loop over
// the entries of a tile (tiles.hpp). The formula goes through its nodes three times, parts before
// the whole that is made of them:
//
//   1. look_at says what a value is one for each of: a number, a row, a column or an entry. A part
//      of a row and one of a column make an entry.
//   2. absorb_into finds nodes without an instruction of their own: a product in a sum and a
//      maximum in a clip are made by the instruction of the node that reads them.
//   3. perform appends an instruction for every other node. It writes a register, and that of the
//      last node the matrix.
//
// Numbers and what is one for each row are moved to the front (TileInstructions::finished), and are
// computed once for the matrix and once for a panel, not once for an entry.
//
// Invariants:
//   - The bits are those of the nodes one by one, but for the absorbed products: a b + x is
//     multiply_add(a, b, x), and of a b + c d the first product, a b, is rounded before it is
//     added. A product that two nodes read is made and rounded by itself, and so is one of other
//     places than its sum: it is made less often.
//   - A register belongs to one value until the last node that reads it has been performed. Loops
//     read an entry before they write it, so `out` may be the register of an operand.
//   - The order of instructions that are made for a tile is that of the operations: a later one
//     finds in the matrix what an earlier one stored at the same entry, and no entry reads another.
//   - No change is deferred here. program_changes.hpp says which operations a pass performs in
//     another place, and fuse.cpp copies the vectors that do not last until then.
namespace apical {

namespace {

// Writes the instructions node by node.
class TileWriter {
public:
    TileWriter(State& state, const Kernels& kernels, std::deque<Numbers>& constants,
               TileInstructions& instructions)
        : state_(state),
          loops_(kernels.tile_loops),
          constants_(constants),
          instructions_(instructions) {}

    void write(const TiledOperation& tiled) {
        tiled_ = &tiled;
        by_rows_ = state_.program()[tiled.operation.operands[0].slot].places != nullptr;
        instructions_.begin(tiled.clears);
        const std::size_t nodes = tiled.operation.formula.size();
        places_.assign(nodes, At::nothing);
        uses_.assign(nodes, 0);
        values_.assign(nodes, {});
        absorbed_.assign(nodes, false);
        for (std::size_t i = 0; i < nodes; ++i) look_at(i);
        for (std::size_t i = 0; i < nodes; ++i) absorb_into(i);
        for (std::size_t i = 0; i < nodes; ++i) {
            if (!absorbed_[i]) perform(i);
        }
    }

    // What is collected for the synapses of a set stored by rows; places are of registers.
    const std::vector<CollectedOperand>& collected() const { return collected_; }

private:
    const Operation& op() const { return tiled_->operation; }
    const FormulaNode& node(std::size_t i) const { return op().formula[i]; }
    bool is_root(std::size_t i) const { return i + 1 == op().formula.size(); }
    double* data(std::size_t operand) const {
        return tiled_->operands.empty() ? state_.data(op().operands[operand].slot)
                                        : tiled_->operands[operand];
    }

    bool is_collected(Index index) const {
        return by_rows_ && (index == Index::post || index == Index::pre);
    }
    At read_at(Index index) const { return is_collected(index) ? At::entry : at_of(index); }

    // What the node's value is one for each of, and how often its parts are read.
    void look_at(std::size_t i) {
        places_[i] = node(i).node == Node::operand ? read_at(node(i).index) : At::number;
        for (int k = 0; k < arity(node(i).node); ++k) {
            const std::size_t part = child(node(i), k);
            places_[i] = place_of_both(places_[i], places_[part]);
            ++uses_[part];
        }
    }

    // ---- what is performed together

    // A product that only this sum reads and that is made where the sum is.
    bool is_product(std::size_t i, std::size_t sum) const {
        return node(i).node == Node::multiply && uses_[i] == 1 && places_[i] == places_[sum];
    }
    bool is_clip(std::size_t i) const {
        if (node(i).node != Node::minimum || places_[i] != At::entry) return false;
        const FormulaNode& inner = node(node(i).a);
        return inner.node == Node::maximum && uses_[node(i).a] == 1 &&
               places_[inner.a] == At::entry && places_[inner.b] == At::number &&
               places_[node(i).b] == At::number;
    }
    void absorb_into(std::size_t i) {
        const std::size_t a = node(i).a, b = node(i).b;
        if (is_clip(i)) absorbed_[a] = true;
        if (node(i).node != Node::add && node(i).node != Node::subtract) return;
        if (is_product(b, i)) absorbed_[b] = true;
        if (node(i).node == Node::add && is_product(a, i)) absorbed_[a] = true;
    }

    // ---- instructions

    void perform(std::size_t i) {
        const FormulaNode& one = node(i);
        if (one.node == Node::number || one.node == Node::operand) {
            values_[i] = leaf(one);
        } else if (one.node == Node::power) {
            values_[i] = power(i);
        } else if (one.node == Node::select) {
            const TileValue a = entries(one.a, i), b = entries(one.b, i), c = entries(one.c, i);
            values_[i] = make(i, loops_.select, {a, b, c});
        } else if (is_clip(i)) {
            values_[i] = clip(i);
        } else if (arity(one.node) == 2) {
            values_[i] = join_parts(i);
        } else {
            const auto f = static_cast<std::size_t>(call_of(one.node));
            values_[i] = make(i, loops_.function[f], {read(one.a)});
        }
        // What is collected stays for the whole stretch.
        if (one.node == Node::operand && is_collected(one.index))
            instructions_.will_be_read(values_[i], uses_[i] + 1);
        else
            instructions_.will_be_read(values_[i], uses_[i]);
        const bool lacks = is_root(i) && (arity(one.node) == 0 || places_[i] != At::entry);
        if (lacks) spread_into(written_matrix(), values_[i], At::entry);
    }

    TileValue leaf(const FormulaNode& one) {
        if (one.node == Node::number) return {constant(one.number), At::number};
        if (is_collected(one.index)) {
            const TileValue to = instructions_.kept();
            collected_.push_back({data(one.a), to.where.place, one.index == Index::post});
            return to;
        }
        const At place = at_of(one.index);
        return {operand_at(data(one.a), place), place};
    }
    TileOperand constant(double number) {
        return operand_at(constants_.emplace_back(Numbers{{number}}).of, At::number);
    }
    TileOperand written_matrix() { return operand_at(data(0), At::entry); }

    TileValue clip(std::size_t i) {
        const FormulaNode& inner = node(node(i).a);
        const TileValue x = read(inner.a), low = read(inner.b), high = read(node(i).b);
        return instructions_.clip(x, low, high,
                                  is_root(i) ? written_matrix() : std::optional<TileOperand>());
    }

    TileValue join_parts(std::size_t i) {
        const FormulaNode& one = node(i);
        if (absorbed_[one.b] && one.node == Node::subtract) {
            const TileValue c = read(one.a);
            const auto [a, b, factors] = factors_of(one.b, i);
            return make(i, loops_.product_taken[factors][seen_from(i, c)], {a, b, c});
        }
        if (one.node == Node::add && (absorbed_[one.a] || absorbed_[one.b])) {
            const bool both = absorbed_[one.a] && absorbed_[one.b];
            const std::size_t product = absorbed_[one.b] ? one.b : one.a,
                              rest = absorbed_[one.b] ? one.a : one.b;
            const auto [a, b, factors] = factors_of(product, i);
            if (both) {
                const auto [c, d, others] = factors_of(rest, i);
                return make(i, loops_.products_added[factors][others], {a, b, c, d});
            }
            const TileValue c = read(rest);
            return make(i, loops_.product_added[factors][seen_from(i, c)], {a, b, c});
        }
        const TileValue a = read(one.a), b = read(one.b);
        return make(i, joining(call_of(one.node), a, b, i), {a, b});
    }

    // The loop that makes node i of both.
    TileLoop joining(FormulaCall call, const TileValue& a, const TileValue& b,
                     std::size_t i) const {
        return loops_.join[static_cast<std::size_t>(call)][seen_from(i, a)][seen_from(i, b)];
    }

    // How a loop that makes node i reads the value: what is one for each of the same is an entry.
    std::size_t seen_from(std::size_t i, const TileValue& value) const {
        return static_cast<std::size_t>(value.at == places_[i] ? At::entry : value.at);
    }

    struct ProductFactors {
        TileValue a, b;
        std::size_t factors;
    };
    ProductFactors factors_of(std::size_t product, std::size_t sum) {
        TileValue a = read(node(product).a), b = read(node(product).b);
        const auto entry = static_cast<std::size_t>(At::entry);
        const auto row = static_cast<std::size_t>(At::row);
        if (seen_from(sum, a) != entry && (seen_from(sum, b) == entry || seen_from(sum, b) == row))
            std::swap(a, b);
        return {a, b, static_cast<std::size_t>(kind_of(seen_from(sum, a), seen_from(sum, b)))};
    }
    static FactorsAt kind_of(std::size_t a, std::size_t b) {
        if (static_cast<At>(a) == At::row) return FactorsAt::row_column;
        assert(static_cast<At>(a) == At::entry);
        switch (static_cast<At>(b)) {
            case At::entry:
                return FactorsAt::entries;
            case At::row:
                return FactorsAt::entry_row;
            case At::column:
                return FactorsAt::entry_column;
            case At::number:
            case At::nothing:
                break;
        }
        return FactorsAt::entry_number;
    }

    // The product of x, x^2, x^4 and x^8, the lowest first, as in cells.
    TileValue power(std::size_t i) {
        const int exponent = static_cast<int>(node(i).number), size = std::abs(exponent);
        const TileValue one = {constant(1.0), At::number}, x = entries(node(i).a, i);
        int left = exponent < 0 ? 1 : 0;  // products and the quotient that are still to be made
        for (int bit = 1; bit <= size; bit *= 2)
            left += (2 * bit <= size ? 1 : 0) + ((size & bit) != 0 ? 1 : 0);
        if (size > 0) --left;  // the first factor is none
        if (size == 0) return make(i, spreading(At::number, places_[i]), {one});
        if (left == 0) return make(i, spreading(places_[i], places_[i]), {x});
        const auto made = [&](FormulaCall call, const TileValue& a, const TileValue& b) {
            const TileLoop loop = joining(call, a, b, i);
            return --left == 0 ? make(i, loop, {a, b})
                               : instructions_.temporary_of(loop, {a, b}, places_[i]);
        };
        TileValue square = x;
        std::optional<TileValue> product;
        for (int bit = 1; bit <= size; bit *= 2) {
            if ((size & bit) != 0)
                product = product ? made(FormulaCall::multiply, *product, square) : square;
            if (2 * bit <= size) square = made(FormulaCall::multiply, square, square);
        }
        return exponent < 0 ? made(FormulaCall::divide, one, *product) : *product;
    }

    // ---- values

    // The value of a part that is read once more by now.
    TileValue read(std::size_t part) { return instructions_.read(values_[part]); }
    // The part's value, one for each of what node i is one for each of.
    TileValue entries(std::size_t part, std::size_t i) {
        const TileValue value = read(part);
        return value.at == places_[i] ? value : spread(value, places_[i]);
    }
    TileValue spread(const TileValue& value, At over) {
        const TileValue to = instructions_.temporary(over);
        spread_into(to.where, value, over);
        return to;
    }
    void spread_into(const TileOperand& to, const TileValue& value, At over) {
        instructions_.append(spreading(value.at, over), over, {value}, to);
    }
    TileLoop spreading(At from, At over) const {
        return loops_.spread[static_cast<std::size_t>(from == over ? At::entry : from)];
    }

    // The instruction that makes node i, into the matrix if it is the formula's value.
    TileValue make(std::size_t i, TileLoop loop, const std::vector<TileValue>& in) {
        const bool last = is_root(i) && places_[i] == At::entry;
        return instructions_.make(loop, in, places_[i],
                                  last ? written_matrix() : std::optional<TileOperand>());
    }

    const TiledOperation* tiled_ = nullptr;
    State& state_;
    const TileLoops& loops_;
    std::deque<Numbers>& constants_;
    TileInstructions& instructions_;
    bool by_rows_ = false;
    std::vector<CollectedOperand> collected_;
    std::vector<At> places_;         // by node
    std::vector<std::size_t> uses_;  // by node
    std::vector<TileValue> values_;  // by node
    std::vector<bool> absorbed_;     // by node: whoever reads it performs it
};

std::size_t end_of(const std::vector<TileInstruction>& all, int made) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const auto& one) { return first_made(one.over) <= made; }));
}

// Lets the last instruction that writes the matrix multiply what it stores.
void let_multiply(TileProgram& program, const double* matrix, const TileLoops& loops) {
    std::size_t last = program.count;
    while (last > 0 && program.instructions[last - 1].out.numbers != matrix) --last;
    if (last == 0) return;
    const std::span all(loops.multiplying, loops.multiplying_count);
    const auto found =
        std::ranges::find(all, program.instructions[last - 1].loop, &LoopThatMultiplies::loop);
    if (found == all.end()) return;
    program.multiplied_at = last - 1;
    program.multiplying = found->multiplying;
}

}  // namespace

const TileProgram& TilePrograms::compiled(const std::vector<TiledOperation>& operations,
                                          State& state, const Kernels& kernels, SlotId multiplied) {
    TileInstructions written(kernels.tile_loops);
    TileWriter writer(state, kernels, constants_, written);
    for (const TiledOperation& one : operations) writer.write(one);
    const auto& instructions = instructions_.emplace_back(written.finished());
    const std::size_t numbers = written.register_numbers();
    TileProgram& program = programs_.emplace_back();
    program.instructions = instructions.data();
    program.count = instructions.size();
    program.numbers_end = end_of(instructions, first_made(At::number));
    program.rows_end = end_of(instructions, first_made(At::row));
    program.registers = state.step_memory().numbers(std::max(numbers, lanes));
    program.register_numbers = numbers;
    auto& collected = collected_.emplace_back(writer.collected());
    for (CollectedOperand& one : collected) one.place = written.place(one.place);
    program.collected = collected.data();
    program.collected_count = collected.size();
    if (multiplied) let_multiply(program, state.data(multiplied), kernels.tile_loops);
    return program;
}

}  // namespace apical
