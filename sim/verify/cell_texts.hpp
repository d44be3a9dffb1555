#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "sim/algebra/literal_equations.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"
#include "sim/verify/comparison.hpp"

namespace apical {

// The equations of one [dynamics.*] table, computed as they are written from the numbers that a
// step found, and held against what the program made of them. Names are read before the first
// operation of the table: a rate is the one that the cells have then, a voltage what has been
// transmitted so far; previous(x) is x at the end of last step.
class CellsBesideText {
public:
    // Throws Error{verification_failed} for a name that is not found in the circuit. The arguments
    // must outlive this.
    CellsBesideText(const Model& model, const CellDynamics& dynamics);

    // Remembers the numbers of before the first step.
    void start(const State& state);
    void begin_step(double loss);
    // Reads what an operation that takes place finds, before it does.
    void before(std::size_t operation, const State& state);
    // Compares after the step's last phase: with operations one after the other (`plain`), and with
    // a run.
    void compare(const State& plain, const State& run, Comparison& comparison);
    void end_step(const State& state) { remember(state); }

private:
    void find_names(const Expression& expression);
    void find_name(const std::string& name);
    void give(const State& state);
    void keep_made(const State& state);
    void remember(const State& state);
    SlotId slot_of(const std::string& name) const;
    CompartmentId compartment_of(const std::string& name, std::string_view end) const;
    std::optional<double> constant_of_branch(const std::string& name) const;
    SlotId slot_of_circuit(const std::string& name) const;
    algebra::Quantity quantity_of(SlotId slot, algebra::Matrix numbers) const;
    bool is_made(const std::string& name) const;

    const Model& model_;
    const CellDynamics& dynamics_;
    algebra::LiteralEquations equations_;
    std::size_t first_ = 0, last_ = 0;        // of its operations
    std::deque<Expression> texts_;            // of the cells' activations
    std::map<std::string, SlotId> read_;      // names of the state, by slot
    std::map<std::string, SlotId> previous_;  // names within previous(...); unset: the loss
    bool reads_loss_ = false;
    std::map<std::string, algebra::Matrix> ends_;  // of `previous_`, at the end of last step
    std::map<std::string, algebra::Matrix> made_;  // by target, behind its last operation
    double loss_ = 0.0, loss_before_ = 0.0;
    bool has_taken_place_ = false, is_kept_ = false;  // in this step
};

}  // namespace apical
