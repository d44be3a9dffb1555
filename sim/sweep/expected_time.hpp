#pragma once

#include <cstddef>
#include <map>

#include "sim/sweep/jobs.hpp"

namespace apical {

// The time that a job takes on one core of this machine, in s.
struct JobTime {
    double begin = 0.0;  // loading its model, and all before the first step
    double steps = 0.0;
    double store = 0.0;  // its result; one after the other, whatever the number of threads

    double all() const { return begin + steps + store; }
};

// Times of a sweep's jobs, from a few steps of some of them: of every condition, or in a sweep of
// very many conditions of one in so many, which lends its time to those beside it with the same
// model and task.
class ExpectedTimes {
public:
    // They must outlive this.
    ExpectedTimes(const Sweep& sweep, const JobList& list);

    // The expected time of a job of this condition, measured when it is first asked for.
    JobTime of(std::size_t condition);

private:
    struct Measured {
        JobTime time;
        double step = 0.0;
    };
    std::size_t measured_for(std::size_t condition) const;
    Measured measure(const Condition& condition) const;

    const Sweep& sweep_;
    const JobList& list_;
    std::size_t stride_;
    std::map<std::size_t, Measured> measured_;
    double store_ = 0.0;
};

}  // namespace apical
