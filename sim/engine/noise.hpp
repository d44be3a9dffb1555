#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/state.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"
#include "sim/numbers/run_streams.hpp"

namespace apical {

// The draws of a program's `noise` operations, each from the stream "noise/<slot>", or the rows of
// a dataset that replay them.
class Noise {
public:
    // Prepares the draws of a run of `steps` steps. Paths are relative to `directory`. Throws
    // Error{no_such_input}, or Error{bad_model} when a dataset does not fit or ends before the run
    // does, naming the step.
    Noise(const Program& program, const RunStreams& streams, const DataFolder& directory,
          std::int64_t steps);

    // The datasets that are replayed, as they were when they were read.
    const std::vector<DataSource>& data() const { return data_; }
    // Writes the draws of one step, counted from 1. Allocates nothing.
    void draw(std::int64_t step, State& state) const;

private:
    struct Source {
        SlotId slot;
        Function function = Function::sign;
        double deviation = 1.0;
        std::size_t count = 1;
        Stream stream;
        KernelOfDraws kernel = nullptr;  // null: of signs, and of normal numbers that a rule draws
        std::vector<double> replayed = {};  // rows of `count`, one a draw; empty: drawn
        // Draws of a step, each a vector before the slot's own where there are several.
        std::size_t draws = 1;
        std::int64_t hold = 1;  // steps from one draw to the next
        double probability = 1.0;
        bool scales = false;  // what is replayed, by `deviation`
    };
    static Source source_of(const Program& program, const Operation& op, const RunStreams& streams);
    static void draw(const Source& source, std::uint64_t number, double* out);
    std::vector<Source> sources_;
    std::vector<DataSource> data_;
};

}  // namespace apical
