#pragma once

#include <cstdint>
#include <string>

#include "circuits/anatomy/id.hpp"
#include "circuits/text/error.hpp"

namespace apical {

inline constexpr double nanoseconds_per_ms = 1e6;
constexpr double in_ms(std::int64_t nanoseconds) {
    return static_cast<double>(nanoseconds) / nanoseconds_per_ms;
}

// Steps of each period, counted from 0.
struct PeriodicSteps {
    int period = 1;
    int first = 0, last = 0;

    bool operator==(const PeriodicSteps&) const = default;
    bool is_each() const { return period == 1; }
    // Whether a step of a run, counted from 1, is among them.
    bool contain(std::int64_t step) const {
        const std::int64_t in_period = (step - 1) % period;
        return in_period >= first && in_period <= last;
    }
};

// A named stretch of each step, carried out once or in iterations, one behind the other.
struct Phase {
    std::string name;
    std::int64_t nanoseconds = 0;  // of one iteration
    int repeat = 1;                // iterations
    bool together = false;         // synapses carry what was before the iteration
    bool begins_at_rest = false;   // cells begin as before the first step
    PhaseId begins_as = {};        // set: cells begin as at the end of this earlier phase
    PeriodicSteps steps = {};      // in which it is carried out; in the others its time passes
    WindowId window = {};          // set: it is carried out in this window of a trial alone
    Where where = {};
    int group = -1;  // of those of the circuit; -1: none

    // Whether it is carried out in all steps.
    bool is_in_each_step() const { return steps.is_each() && !window; }
    bool sets_back() const { return begins_at_rest || begins_as; }
};

// Neighbouring phases that are carried out in turn, all of them once in each iteration.
struct PhaseGroup {
    PhaseId first, last;
    int repeat = 1;  // iterations
    Where where;
};

}  // namespace apical
