#pragma once

#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// What gives RFLO nine cells and few recurrent synapses.
inline std::vector<std::string> sparse_rflo(const std::string& storage) {
    return {"population.hidden.size=9", "synapses.W_rec.init={ normal = 0.4 }",
            "synapses.W_rec.connect={ probability = 0.3, self = false, storage = \"" + storage +
                "\" }"};
}

inline bool is_by_rows(const Model& model, const std::string& set) {
    return model.circuit[model.circuit.find_synapses(set)].is_by_rows();
}

}  // namespace apical
