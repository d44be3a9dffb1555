#pragma once

#include "learning_rules/lowering/cells.hpp"

namespace apical {

// Says a statement about numbers at synapses, strengths or tags: in the words hebb, hebb_kept and
// consolidate what is one of them, else as a formula of what mixes places.
class SynapseWords {
public:
    // The arguments must outlive this.
    SynapseWords(ProgramBuilder& program, NamesInCircuit& names, CellWords& cells,
                 const TextRule& rule)
        : program_(program), names_(names), cells_(cells), rule_(rule) {}

    // Appends the change of the statement's target at the synapses of the set that the names have
    // turned to; `right` is the statement's right side. Throws Rejected when no word says it.
    void change(const Statement& statement, const Part& right);

private:
    // The factors of a term, sorted by their places.
    struct Factors {
        std::vector<Part> post, pre, synapse, all;
    };

    static Factors sorted(const Term& term);
    static bool is_kept_by_cells(const LinearChange& change);
    static bool is_hebb(const LinearChange& change, const Factors& factors);
    static bool is_consolidated(const LinearChange& change, const Factors& factors);
    void change_by_cells(const LinearChange& change, const Factors& factors);
    void change_by_tag(const LinearChange& change, const Factors& factors);
    void change_by_formula(const std::optional<LinearChange>& change, const Part& right);
    std::optional<Part> whole_of(const std::optional<LinearChange>& change, const Part& right);
    std::optional<ReadOperand> read(const Part& part);
    SlotId kept(const LinearChange& change);
    SlotId product(const std::vector<Part>& factors, std::string_view quantity);
    [[noreturn]] void reject_beyond(const std::string& why) const;

    ProgramBuilder& program_;
    NamesInCircuit& names_;
    CellWords& cells_;
    const TextRule& rule_;
    const Statement* statement_ = nullptr;
};

}  // namespace apical
