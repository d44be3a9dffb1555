#pragma once

#include <string>
#include <vector>

namespace apical {

// The keys of a model file that may stand where the last one of a dotted path is typed, with what
// stands before it: "population.", "population.hidden.", "run.steps=". Names are those of the model
// (a path or a shipped name); without one, or when it has mistakes, there are none.
std::vector<std::string> keys_behind(const std::string& model, const std::string& typed);

}  // namespace apical
