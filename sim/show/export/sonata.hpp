#pragma once

#include <string>
#include <vector>

#include "sim/model/stored_model.hpp"
#include "sim/show/export/even_stretch.hpp"

namespace apical {

struct SonataRequest {
    std::string directory;
    std::vector<std::string> what;  // addresses; all that has cells, and spikes, when empty
    StepRange steps;
    bool force = false;
};

// Writes a run as a folder in the SONATA format (Dai et al. 2020, PLoS Comput. Biol. 16, e1007696):
// network/nodes.h5 and edges.h5 with their types, reports/<quantity>.<phase>.h5, spikes of all
// populations in reports/spikes.h5, node sets and the two configurations. Time in reports counts
// steps. Returns what was written and what was left out,
// in some lines. Throws Error{cannot_create_output} when the directory has files and `force` is not
// set, would replace the run file, or cannot be made, Error{usage} for a window without rows and
// for a quantity without cells, Error{bad_model} for an address that was not recorded,
// Error{input_output_error} when the disk takes no more.
std::string export_sonata(const StoredRun& run, const StoredModel& model,
                          const SonataRequest& request);

}  // namespace apical
