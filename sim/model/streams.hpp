#pragma once

#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "sim/numbers/named_stream.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// All streams of a run, or of an evaluation, which are called as `names` says.
std::vector<NamedStream> streams_of(const Program& program, const Circuit& circuit,
                                    const Task& task, const RunStreams& names = 0);

}  // namespace apical
