#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "circuits/equations/syntax.hpp"
#include "sim/algebra/network.hpp"

namespace apical::algebra {

// The owner of a quantity's numbers: the text, all, each pre- or postsynaptic cell, each synapse,
// or each pair of cells of one end.
enum class Home : std::uint8_t { number, all, pre, post, synapse, pre_pairs, post_pairs };

// Numbers and their owner. Shapes: 1 x 1 of `number` and `all`, n x 1 of n cells, post x pre of
// synapses, n x n of pairs; of a set with few synapses (FewSynapses) one column, by synapse.
struct Quantity {
    Home home = Home::number;
    std::vector<Matrix> numbers = {};  // one for each synapse set, or a single one for all sets
};

// One end of synapses. `phi` is what its cells fire by; unset where a cell's rate depends on others
// (softmax).
struct CellsOfEnd {
    Index size = 0;
    std::optional<Activation> phi = {};
    std::vector<Activation> of_cells = {};  // by cell, where each fires by its own
};

// The synapses of a set that has few, by postsynaptic cell: those of cell i are first_of(i) to
// before first_of(i + 1). None are known of a set that has all.
struct FewSynapses {
    std::vector<Index> start = {};  // one more than there are postsynaptic cells
    std::vector<Index> pre = {};    // their presynaptic cells

    Index first_of(Index post) const { return start[static_cast<std::size_t>(post)]; }
};

struct LiteralFunction;

// The equations of a plasticity rule, computed as they are written: statement by statement, each
// entry of a result by itself, each operator where it stands. It folds, moves and reorders nothing
// and shares no code with learning_rules/lowering, so that a slip there is not repeated here.
//
// A result is computed whole before it is stored: a statement reads its own target from before it.
// `dx/dt = E` is the exact exponential step of E = a x + b,
//     x <- e^(ah) x + (e^(ah) - 1) / a b,  and x + h b when a = 0,  h = "step_ms",
// a and b found by going through the tree. Not a number passes through min, max, clip, select, sign
// and step; select(c, a, b) is a where c > 0; sign(0) and step(0) are 0.
class LiteralEquations {
public:
    // `pre`: the presynaptic cells of each synapse set of the rule.
    LiteralEquations(std::vector<Statement> statements, CellsOfEnd post,
                     std::vector<CellsOfEnd> pre);

    // Lets a name be a quantity from now on: a parameter, a constant, a rate, a signal, a state,
    // "w".
    void give(const std::string& name, Quantity quantity);
    void give(const std::string& name, double number);
    // Lets previous(name) be a quantity from now on.
    void give_previous(const std::string& name, Quantity quantity);
    // Lets each cell of an end fire by its own activation; of presynaptic cells, of a set.
    void give_activations(Home end, std::size_t set, std::vector<Activation> of_cells);
    // Lets a set have these synapses alone, for which its quantities then have numbers.
    void give_synapses(std::size_t set, FewSynapses few);
    // Lets gather(...) leave out synapses that are not there. `exist`: for each set post x pre, 0
    // where there is none; empty of a set that has all.
    void leave_out(std::vector<Matrix> exist) { exist_ = std::move(exist); }

    std::size_t count() const { return statements_.size(); }
    const Statement& statement(std::size_t k) const { return statements_[k]; }
    // Takes one statement, which makes its target or changes it. Throws std::invalid_argument for a
    // name that was not given and for what the language does not have.
    void take(std::size_t k);
    // All statements, in the order in which they are written.
    void take_all();

    // The quantity that was given or made. Throws std::invalid_argument when there is none of that
    // name.
    const Quantity& operator[](const std::string& name) const;
    // The number of a quantity that has a single one; throws as operator[].
    double number(const std::string& name) const { return (*this)[name].numbers.front()(0, 0); }

private:
    // A part of a statement with its names resolved, for one pass.
    struct Part {
        const Expression* written = nullptr;
        Home home = Home::number;
        bool by_set = false;  // it may differ between sets
        const Quantity* quantity = nullptr;
        const LiteralFunction* function = nullptr;  // of a call
        std::vector<Part> of = {};
        // Sums over cells and synapses that have been made, by set and cell.
        mutable std::map<std::pair<std::size_t, Index>, double> sums = {};

        bool holds(const Quantity& x) const {
            return quantity == &x ||
                   std::any_of(of.begin(), of.end(), [&](const Part& one) { return one.holds(x); });
        }
    };

    // The entry that is computed. The row counts for numbers in postsynaptic cells, the column for
    // numbers in presynaptic ones.
    struct At {
        std::size_t set = 0;
        Index row = 0, column = 0;
        Index synapse = -1;  // the number at a set that has few

        At in_cell(Index cell) const { return {set, cell, cell}; }
        double read(const Quantity& q) const {
            const Matrix& numbers = q.numbers[q.numbers.size() == 1 ? 0 : set];
            if (q.home == Home::number || q.home == Home::all) return numbers(0, 0);
            if (q.home == Home::post) return numbers(row, 0);
            if (q.home == Home::pre) return numbers(column, 0);
            if (q.home == Home::synapse && synapse >= 0) return numbers(synapse, 0);
            return numbers(row, column);
        }
    };
    struct Linear;

    Part resolved(const Expression& expression) const;
    void resolve_call(const Expression& call, Part& part) const;
    Matrix result(const Statement& statement, const Part& right, const Quantity* target, Home home,
                  std::size_t set) const;
    Matrix of_few(const Statement& statement, const Part& right, const Quantity* target,
                  std::size_t set, const FewSynapses& few) const;
    double new_value(const Statement& statement, const Part& right, const Quantity* target,
                     const At& at) const;
    double value(const Part& part, const At& at) const;
    double called(const Part& call, const At& at) const;
    double summed_once(const Part& call, const At& at) const;
    double summed(const Part& call, const At& at, Index cell) const;
    double gathered(const Part& call, std::size_t set, Index cell) const;
    bool exists(std::size_t set, Index post, Index pre) const;
    const FewSynapses* few_of(std::size_t set) const;
    Linear in_terms_of(const Quantity& x, const Part& part, const At& at) const;
    const CellsOfEnd& end_of(Home home, std::size_t set) const;

    std::vector<Statement> statements_;
    CellsOfEnd post_;
    std::vector<CellsOfEnd> pre_;
    std::vector<Matrix> exist_;     // by set
    std::vector<FewSynapses> few_;  // by set, once one was given
    std::map<std::string, Quantity> now_, previous_;
};

}  // namespace apical::algebra
