#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"

namespace apical {

// Cores that this process may use (its affinity), at least one.
int available_cores();

// Threads that wait for steps to run; there are never more than the largest number of steps so far.
// They wait in the operating system and not in a loop: waking them takes as long as going through
// about a megabyte, which a step of a few megabytes is worth, and others have the core meanwhile.
class Workers {
public:
    // `threads` with the one that calls `run`, at least one; they start with the first steps.
    explicit Workers(int threads) : count_(static_cast<std::size_t>(threads)) {}
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // Runs each step once, in any order and on any thread; returns when all are done. The steps
    // must not depend on each other. Allocates nothing but the threads.
    void run(std::span<const Step> steps);

private:
    void start_thread();
    void work(unsigned seen);  // from the round after this one
    void take_steps();

    std::size_t count_;
    std::span<const Step> steps_;
    std::atomic<std::size_t> next_{0};     // of `steps_`
    std::atomic<std::size_t> working_{0};  // threads that have not finished the present steps
    std::atomic<unsigned> round_{0};       // goes up when there are steps, or the end has come
    bool ends_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace apical
