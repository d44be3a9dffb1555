#pragma once

#include <vector>

#include "bench/hand/loops.hpp"
#include "bench/hand/numbers.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace hand {

// A loop with its numbers, which begins as the engine does: `state` is that of models/rflo.toml,
// uoro.toml or dni_b.toml, by the name of the rule, before the first step, with a number of hidden
// cells that is a multiple of `loops.panel_rows`.
template <class Loop>
class Started {
public:
    Started(const Loops& loops, const apical::Model& model, const apical::State& state);

    void step(const double* x, const double* label) { step_(loop_, x, label); }
    const double* rates() const { return loop_.net.r; }

private:
    double* room(std::size_t count);
    double* matrix(const std::vector<const char*>& sets, std::size_t columns);
    double* vector(const char* name);
    std::vector<double> read(const char* name) const;
    void start_network(const char* feedback, bool transposed);
    void start();

    const Loops& loops_;
    const apical::Model& model_;
    const apical::State& state_;
    void (*step_)(Loop&, const double*, const double*);
    std::vector<Numbers> memory_;
    Loop loop_ = {};
};

}  // namespace hand
