#include "sim/engine/plan/tile_programs.hpp"

#include <cassert>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <utility>

#include "sim/engine/plan/tile_nodes.hpp"

namespace apical {

namespace {

At at_of(Index index) {
    switch (index) {
        case Index::post:
            return At::row;
        case Index::pre:
            return At::column;
        case Index::synapse:
            return At::entry;
        case Index::all:
            return At::number;
    }
    return At::nothing;
}

// The place of what is made of both: an entry, of a row and a column.
At place_of_both(At a, At b) {
    if (a == b || b == At::number) return a;
    return a == At::number ? b : At::entry;
}

// The numbers of a slot or a constant, one for each of these.
TileOperand operand_at(double* numbers, At at) {
    return {.numbers = numbers,
            .by_entry = at == At::entry,
            .by_row = at == At::row,
            .by_column = at == At::column};
}

// A value while the program is written: where it is, one for each of what.
struct TileValue {
    TileOperand where = {};
    At at = At::nothing;
};

// Writes the instructions node by node. A register is taken by a node's value and is free again
// when the last node that reads it has been performed.
class TileWriter {
public:
    TileWriter(const Operation& op, State& state, const Kernels& kernels,
               std::deque<Numbers>& constants)
        : op_(op),
          state_(state),
          loops_(kernels.tile_loops),
          constants_(constants),
          places_(op.formula.size()),
          uses_(op.formula.size()),
          values_(op.formula.size()),
          absorbed_(op.formula.size()) {}

    std::vector<TileInstruction> write() {
        for (std::size_t i = 0; i < op_.formula.size(); ++i) look_at(i);
        for (std::size_t i = 0; i < op_.formula.size(); ++i) absorb_into(i);
        for (std::size_t i = 0; i < op_.formula.size(); ++i) {
            if (!absorbed_[i]) perform(i);
        }
        return std::move(instructions_);
    }
    std::size_t registers() const { return taken_.size(); }

private:
    const FormulaNode& node(std::size_t i) const { return op_.formula[i]; }
    bool is_root(std::size_t i) const { return i + 1 == op_.formula.size(); }
    SlotId written() const { return op_.operands[0].slot; }

    // What the node's value is one for each of, and how often its parts are read.
    void look_at(std::size_t i) {
        places_[i] = node(i).node == Node::operand ? at_of(node(i).index) : At::number;
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
            const FormulaNode& inner = node(one.a);
            values_[i] = make(i, loops_.clip, {read(inner.a), read(inner.b), read(one.b)});
        } else if (const auto join = join_of(one.node)) {
            values_[i] = join_parts(i, *join);
        } else {
            const auto f = static_cast<std::size_t>(function_of(one.node));
            values_[i] = make(i, loops_.function[f], {read(one.a)});
        }
        const bool lacks = is_root(i) && (arity(one.node) == 0 || places_[i] != At::entry);
        if (lacks) spread_into(written_matrix(), values_[i], At::entry);
    }

    TileValue leaf(const FormulaNode& one) {
        if (one.node == Node::number) return {constant(one.number), At::number};
        const At place = at_of(one.index);
        return {operand_at(state_.data(op_.operands[one.a].slot), place), place};
    }
    TileOperand constant(double number) {
        return operand_at(constants_.emplace_back(Numbers{{number}}).of, At::number);
    }
    TileOperand written_matrix() { return operand_at(state_.data(written()), At::entry); }

    TileValue join_parts(std::size_t i, TileJoin join) {
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
        const auto& by = loops_.join[static_cast<std::size_t>(join)];
        return make(i, by[seen_from(i, a)][seen_from(i, b)], {a, b});
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
        const auto made = [&](TileJoin join, const TileValue& a, const TileValue& b) {
            const TileLoop loop =
                loops_.join[static_cast<std::size_t>(join)][seen_from(i, a)][seen_from(i, b)];
            return --left == 0 ? make(i, loop, {a, b})
                               : append(loop, places_[i], {a, b}, temporary(places_[i]));
        };
        TileValue square = x;
        std::optional<TileValue> product;
        for (int bit = 1; bit <= size; bit *= 2) {
            if ((size & bit) != 0)
                product = product ? made(TileJoin::multiply, *product, square) : square;
            if (2 * bit <= size) square = made(TileJoin::multiply, square, square);
        }
        return exponent < 0 ? made(TileJoin::divide, one, *product) : *product;
    }

    // ---- values

    // The value of a part that is read once more by now.
    TileValue read(std::size_t part) {
        done_.push_back(part);
        return values_[part];
    }
    // The part's value, one for each of what node i is one for each of.
    TileValue entries(std::size_t part, std::size_t i) {
        const TileValue value = read(part);
        return value.at == places_[i] ? value : spread(value, places_[i]);
    }
    TileValue spread(const TileValue& value, At over) {
        const TileValue to = temporary(over);
        spread_into(to.where, value, over);
        return to;
    }
    void spread_into(const TileOperand& to, const TileValue& value, At over) {
        append(spreading(value.at, over), over, {value}, {to, over});
    }
    TileLoop spreading(At from, At over) const {
        return loops_.spread[static_cast<std::size_t>(from == over ? At::entry : from)];
    }

    // The instruction that makes node i, into the matrix if it is the formula's value.
    TileValue make(std::size_t i, TileLoop loop, std::initializer_list<TileValue> in) {
        const bool last = is_root(i) && places_[i] == At::entry;
        const TileValue to = last ? TileValue{written_matrix(), At::entry} : take(places_[i]);
        const TileValue made = append(loop, places_[i], in, to);
        release();
        return made;
    }
    TileValue append(TileLoop loop, At over, std::initializer_list<TileValue> in,
                     const TileValue& to) {
        assert(loop);
        TileInstruction& one = instructions_.emplace_back();
        one.loop = loop;
        one.over = over;
        one.out = to.where;
        for (const TileValue& value : in) one.in[one.count++] = value.where;
        return to;
    }

    // A free register; new ones are there without end, and the kind says how many may be alive.
    TileValue take(At over) {
        std::size_t k = 0;
        while (k < taken_.size() && taken_[k]) ++k;
        if (k == taken_.size()) taken_.push_back(false);
        taken_[k] = true;
        return {{.place = static_cast<std::uint32_t>(k * register_entries)}, over};
    }
    // A register that is free again when the present node has been made.
    TileValue temporary(At over) {
        const TileValue value = take(over);
        temporaries_.push_back(value.where.place);
        return value;
    }
    // Frees the registers of parts that nobody reads any more, and those of the node's own.
    void release() {
        for (const std::size_t part : done_) {
            const TileOperand& where = values_[part].where;
            if (--uses_[part] == 0 && !where.numbers)
                taken_[where.place / register_entries] = false;
        }
        for (const std::uint32_t place : temporaries_) taken_[place / register_entries] = false;
        done_.clear();
        temporaries_.clear();
    }

    const Operation& op_;
    State& state_;
    const TileLoops& loops_;
    std::deque<Numbers>& constants_;
    std::vector<At> places_;         // by node
    std::vector<std::size_t> uses_;  // by node, that are still to come
    std::vector<TileValue> values_;  // by node
    std::vector<bool> absorbed_;     // by node: whoever reads it performs it
    std::vector<bool> taken_;        // by register
    std::vector<std::size_t> done_;  // nodes that the present one reads
    std::vector<std::uint32_t> temporaries_;
    std::vector<TileInstruction> instructions_;
};

}  // namespace

const TileProgram& TilePrograms::compiled(const Operation& operation, State& state,
                                          const Kernels& kernels) {
    TileWriter writer(operation, state, kernels, constants_);
    const auto& instructions = instructions_.emplace_back(writer.write());
    const std::size_t registers = writer.registers();
    return programs_.emplace_back(TileProgram{
        .instructions = instructions.data(),
        .count = instructions.size(),
        .registers = state.step_memory().numbers(registers * register_entries),
        .register_count = registers,
    });
}

}  // namespace apical
