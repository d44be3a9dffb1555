#include "sim/sweep/pool.hpp"

namespace apical {

Pool::~Pool() {
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

void Pool::join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    if (failure_) std::rethrow_exception(failure_);
}

bool Pool::is_of_disk(const Error& error) {
    return error.code() == ExitCode::input_output_error ||
           error.code() == ExitCode::cannot_create_output;
}

void Pool::keep_failure() {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
}

}  // namespace apical
