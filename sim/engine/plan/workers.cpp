#include "sim/engine/plan/workers.hpp"

#include <sched.h>

#include <algorithm>
#include <system_error>

namespace apical {

int available_cores() {
    cpu_set_t mine;
    const bool known = sched_getaffinity(0, sizeof mine, &mine) == 0;
    return std::max(
        1, known ? CPU_COUNT(&mine) : static_cast<int>(std::thread::hardware_concurrency()));
}

Workers::~Workers() {
    ends_ = true;
    ++round_;
    round_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

// A round: the caller writes the steps, the counters and last `round_`; each thread sees `round_`
// change, takes steps until none is left, and counts itself off in `working_`; the caller takes
// steps too and then waits until nobody is left.
//   - What was written before `++round_` is seen by whoever sees the new round, and what threads
//     wrote in their steps by the caller when it sees `working_` at 0 (the atomics are in order).
//   - `next_++` gives each step to one thread. Who takes which is left to chance; the steps do not
//     depend on each other, so the numbers do not depend on it.
//   - No thread is still in `take_steps` when the next round begins, since all have counted
//     themselves off. A thread that starts in this round has seen the round before.
void Workers::run(std::span<const Step> steps) {
    while (threads_.size() + 1 < std::min(count_, steps.size())) start_thread();
    steps_ = steps;
    next_ = 0;
    working_ = threads_.size();
    ++round_;
    round_.notify_all();
    take_steps();
    for (std::size_t left = working_; left > 0; left = working_) working_.wait(left);
}

void Workers::start_thread() {
    try {
        threads_.emplace_back([this, seen = round_.load()] { work(seen); });
    } catch (const std::system_error&) {  // as many as the system allows
        count_ = threads_.size() + 1;
    }
}

void Workers::work(unsigned seen) {
    for (;; ++seen) {
        round_.wait(seen);
        if (ends_) return;
        take_steps();
        if (--working_ == 0) working_.notify_one();
    }
}

void Workers::take_steps() {
    for (std::size_t k = next_++; k < steps_.size(); k = next_++) steps_[k].run(steps_[k]);
}

}  // namespace apical
