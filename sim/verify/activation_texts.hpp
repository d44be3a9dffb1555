#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"
#include "sim/verify/comparison.hpp"

namespace apical {

// Whether some cells fire by an activation that is written.
bool has_written_activations(const Model& model);

// Rates of cells with written activations, and their slopes, computed as the activation is written
// (sim/algebra/literal_activation.hpp) from the numbers that each operation found, and held against
// those that the operation made.
class ActivationsBesideText {
public:
    // The model must outlive this.
    explicit ActivationsBesideText(const Model& model);

    void begin_step();
    // Reads what an operation that takes place finds, before it does.
    void before(std::size_t operation, const State& state);
    // Compares after the step's last phase: with operations one after the other (`plain`), and with
    // a run.
    void compare(const State& plain, const State& run, Comparison& comparison);

private:
    // One operation that fires, or makes a slope.
    struct Made {
        std::size_t by;
        SlotId slot;
        PopulationId cells;
        bool is_last;  // no operation of a later place in the step writes the slot
        std::optional<algebra::Matrix> expected = {}, found = {};  // n x 1
    };
    algebra::Matrix fired(const Operation& fire, const Made& made, const State& state);
    algebra::Vector computed(PopulationId cells, const algebra::Vector& v, bool is_slope,
                             const State& state);

    const Model& model_;
    std::vector<Made> all_;
    // Populations whose cells have numbers of their own.
    std::map<std::size_t, std::vector<algebra::Activation>> of_cells_;
    std::deque<Expression> texts_;
};

}  // namespace apical
