#pragma once

#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// The files that a run of the model reads: the model file, its rule files, those of its task, of
// initial values and of replayed noise. Each once.
std::vector<std::string> files_read(const Model& model);

// Sentences that name the rule files whose text is no longer that of the model: a resumed or
// branched run goes on with the rules that it began with. A file that cannot be read now is not
// named.
std::vector<std::string> changed_rule_files(const Model& model);

// Throws Error{cannot_create_output} when the output, or one of the checkpoints beside it, is one
// of them, whatever they are called.
void check_not_read(const std::string& output, const Model& model);

}  // namespace apical
