#pragma once

#include <string>
#include <vector>

#include "sim/run_file/stored_run.hpp"
#include "sim/show/plot/groups.hpp"
#include "sim/show/plot/request.hpp"

namespace apical {

// The runs of a figure. A group is a curve, or a matrix.
struct Runs {
    std::vector<StoredRun> files;
    std::vector<Group> groups;
};

// A quantity that a figure draws: one address as each run has it, of the same shape in all.
struct Selection {
    std::string address;
    std::vector<const StoredQuantity*> in;  // by run

    const StoredQuantity& first() const { return *in.front(); }
    bool by_phase() const { return first().by_phase; }
    std::size_t dimensions() const { return first().row.size() - (by_phase() ? 1 : 0); }
    bool is_matrix() const { return dimensions() == 2; }
};

// Throws what StoredRun and groups_of throw, and Error{bad_model} when the steps of a file cannot
// be.
Runs open_runs(const std::vector<std::string>& paths, bool mean);
// Throws Error{usage} when the shapes differ or cannot be drawn.
Selection selection_of(const Runs& runs, const std::string& address);
// Throws Error{usage} when an option of the request belongs to nothing in `all`, nor to rasters,
// where the figure has some.
void check_options(const PlotRequest& request, const Runs& runs, const std::vector<Selection>& all,
                   bool has_rasters = false);

// "voltage u (mV)"
std::string label_of(const StoredQuantity& quantity);

}  // namespace apical
