#pragma once

#include <string>
#include <vector>

#include "sim/diagnosis/diagnosed.hpp"
#include "sim/diagnosis/summary.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// How much a matrix S changes in each step, |S(t) - S(t-1)| / (largest |S| so far), Frobenius
// norms, S(t) after the last phase of step t; 0 while it is zero.
class ChangeOfMatrix {
public:
    // All references must outlive this. S(0) is what the state holds now.
    ChangeOfMatrix(State& state, const WatchedMatrix& watched);

    void end_step();
    ChangeLine line() const;
    template <class Archive>
    void persist(Archive& archive) {
        archive(before_, largest_norm_, largest_change_);
    }

private:
    State& state_;
    const WatchedMatrix& watched_;
    std::vector<double> before_;
    double largest_norm_, largest_change_ = 0.0;
};

}  // namespace apical
