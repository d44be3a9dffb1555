#pragma once

#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// Something that a circuit can lack of a perfect one, as keys of its model that are set to a size.
struct Imperfection {
    std::string name;           // "gate.disinhibition.closed"
    std::string what;           // one line, with "x" for the size
    std::vector<double> sizes;  // from mild to severe
    // What sets it to each of the sizes.
    std::vector<std::vector<Override>> overrides;

    // Whether a smaller number is more of it, as of bits.
    bool falls() const { return sizes.size() > 1 && sizes.back() < sizes.front(); }
};

// The imperfections that the circuit can have: of its gates, of what it holds, of further uses of
// its sets, of its rates, of strengths that learn, of feedback, of recurrent synapses and cells.
// The model was loaded.
std::vector<Imperfection> imperfections_of(const Model& model);

// The imperfections whose names begin with one of these, up to a dot: "gate", "hold",
// "noise.hidden". All, when there are none. Throws Error{usage} for one that no imperfection of the
// circuit has, naming those that there are.
std::vector<Imperfection> chosen(std::vector<Imperfection> all,
                                 const std::vector<std::string>& names);

// With what the circuit learns nothing but its readout: [survive.baseline.still] of the model, or
// the rate 0 of each rule that changes sets of other cells than those whose loss is taken. Throws
// Error{bad_model} for a model whose rules have no rate that could be 0.
std::vector<Override> still_baseline(const Model& model);

// [survive.baseline.instant] of the model: credit through time is cut off. Empty: the model does
// not say.
std::vector<Override> instant_baseline(const Model& model);

}  // namespace apical
