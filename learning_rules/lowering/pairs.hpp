#pragma once

#include "learning_rules/lowering/cells.hpp"

namespace apical {

// Says a statement about numbers of pairs of cells: each outer product is a hebb of a matrix that
// is no synapse set, by
//   P_ij <- K P_ij + gain scale a_i b_j
// with K and scale a number or one for all.
class PairWords {
public:
    // The arguments must outlive this.
    PairWords(ProgramBuilder& program, NamesInCircuit& names, CellWords& cells,
              const TextRule& rule)
        : program_(program), names_(names), cells_(cells), rule_(rule) {}

    // Appends the change of the statement's target, for the set that the names have turned to;
    // `right` is the statement's right side. Throws Rejected when it is no sum of outer products.
    void change(const Statement& statement, const Part& right);

private:
    // One outer product, whose factors are made.
    struct Product {
        SlotId a = {}, b = {};
        SlotId scale = {};  // unset: none
        double gain = 1.0;
    };

    static bool is_sum_of_products(const LinearChange& change);
    Product product_of(const Term& term);
    SlotId kept(const LinearChange& change);

    ProgramBuilder& program_;
    NamesInCircuit& names_;
    CellWords& cells_;
    const TextRule& rule_;
};

}  // namespace apical
