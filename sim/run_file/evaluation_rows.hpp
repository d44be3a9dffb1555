#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/run_file/run_layout.hpp"

namespace apical {

// What a run file keeps of evaluations of its own run, which [evaluate] of the model asks for: a
// row of each, under /evaluation, on an axis of their own.
struct EvaluatedRows {
    std::int64_t rows = 0;    // at most
    std::size_t outputs = 0;  // that are judged
    bool chooses = false;     // they choose a class
    std::size_t classes = 0;  // of so many
    bool compares = true;     // each is compared with its label
    bool by_trial = false;    // a choice is one of a trial
};

inline constexpr std::string_view evaluation_axis_name = "evaluation";

// The axis, whose quantities are in this order:
//   loss, loss_sem                                 always
//   error_percent, error_percent_sem, confusion    of choices; a confusion is label x choice
//   mse, correlation                               of squared errors, an output each
// Their rows are given (Recorder::repeat), not sampled.
AxisLayout axis_of(const EvaluatedRows& rows);

}  // namespace apical
