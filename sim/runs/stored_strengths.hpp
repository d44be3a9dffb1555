#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/run_file/stored_run.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/system/reading_trial.hpp"

namespace apical {

// What a run had learned, as it lies in the rows of its file and in the checkpoints beside it:
// strengths above all. Looked up by the names of slots.
class StoredStrengths {
public:
    // Finds what there is of `slots` of a program, all of which are needed. Run and program must
    // outlive this.
    StoredStrengths(const StoredRun& run, const Program& program, std::vector<SlotId> slots,
                    const ReadingTrial& trial = {});

    // The steps after which there are all of them, rising; 0 is before the first step.
    const std::vector<std::int64_t>& steps() const { return steps_; }
    // The last of them. Throws Error{no_such_input} when there is none.
    std::int64_t last() const;
    // Writes what the run had after the step into a simulation of the program that has made no
    // step. What has rows is taken from there, all else from the checkpoint. Throws
    // Error{no_such_input}, listing the steps that there are; Error{bad_model} when a size or the
    // places of synapses are others, and what StoredRun and `checkpoint_at` throw.
    void write(std::int64_t step, Simulation& simulation) const;

private:
    const StoredQuantity* recorded(SlotId slot) const;
    bool is_in_rows(std::int64_t step) const;
    void write_row(SlotId slot, std::int64_t step, Simulation& simulation) const;
    void write_checkpoint(std::int64_t step, Simulation& simulation) const;
    std::string names() const;
    [[noreturn]] void none_at(const std::string& when) const;

    const StoredRun& run_;
    const Program& program_;
    std::vector<SlotId> slots_;
    ReadingTrial trial_;
    std::vector<std::int64_t> in_rows_, steps_;
};

}  // namespace apical
