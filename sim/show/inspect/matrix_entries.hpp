#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/model/stored_model.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/show/inspect/matrix_part.hpp"

namespace apical {

// What one synapse was in the sampled steps, and in which row it was least and largest.
struct MatrixCourse {
    std::vector<std::int64_t> steps;
    std::vector<double> numbers;
    std::size_t least = 0, largest = 0;
};

// The numbers of some synapses in a run file, and which of them there are.
class MatrixEntries {
public:
    // Throws as matrix_text. The arguments must outlive this.
    MatrixEntries(const StoredRun& run, const StoredModel& model, const MatrixPart& part);

    const std::vector<CellPlace>& post() const { return post_; }
    const std::vector<CellPlace>& pre() const { return pre_; }
    // By place among the cells that are shown.
    bool exists(std::size_t i, std::size_t j) const { return place(i, j).has_value(); }
    bool has_all() const;
    // Which cells the first postsynaptic one receives from, of this set.
    std::string others_text() const;
    // What is not known of places without a synapse; empty when all is.
    std::string note() const;

    // Throws Error{usage} naming the nearest sampled steps.
    void check_sampled(std::int64_t step) const;
    std::int64_t last_step() const;
    // In a step that was sampled, row by row; nothing where there is no synapse.
    std::vector<std::optional<double>> table(std::int64_t step) const;
    // How the first entry went.
    MatrixCourse course() const;

private:
    std::optional<std::size_t> place(std::size_t i, std::size_t j) const {
        return places_[i * pre_.size() + j];
    }
    void find_cells(const MatrixPart& part);
    void find_places();
    void find_by_synapse();
    void find_gaps(const StoredModel& model);
    bool is_by_synapse() const { return quantity_.post_cells > 0; }

    const StoredRun& run_;
    const StoredQuantity& quantity_;
    std::vector<CellPlace> post_, pre_;
    std::vector<std::optional<std::size_t>> places_;  // of each pair in a row as the file has it
    std::vector<std::size_t> joined_to_first_;        // presynaptic cells of the first row's cell
    bool knows_gaps_ = true;
};

}  // namespace apical
