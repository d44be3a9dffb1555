#pragma once

#include <string>

namespace apical {

// Cells without an output or a label, whose dendrite learns to predict their rate from the input;
// they lack a task, and no line opens a section.
inline const std::string cells_alone = R"(
format = 1
phase = [{ name = "forward", ms = 10.0 }]
population.input.role = "input"
population.hidden = { size = 4, activation = "linear", dendrites = ["apical"] }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.P = { from = "input", to = "hidden.apical", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { rule = "predict_rate", synapses = ["P"], rate = 0.1 }
run = { steps = 200, seed = 1 }
)";
inline const std::string adding_task_line = "task = { kind = \"add\", lags = [3, 5] }\n";

}  // namespace apical
