#pragma once

#include <atomic>
#include <csignal>
#include <string>

#include "circuits/text/error.hpp"

namespace apical {

// 128 and the signal's number: ExitCode::interrupted of SIGINT, ExitCode::terminated of SIGTERM.
ExitCode exit_code_of(int signal);

// What a caller asks of work that goes on: to end, or to save a checkpoint. Any thread may ask, and
// a handler of signals; whoever works looks now and then. One request may serve several runs, all
// of which end; only one of them takes the checkpoint.
class StopRequest {
public:
    // `signal` is the one that stands for the reason, as SIGINT or SIGTERM.
    void ask_to_end(int signal = SIGINT) { signal_ = signal; }
    void ask_for_checkpoint() { checkpoint_ = true; }
    // Withdraws both requests.
    void withdraw();

    bool asked() const { return signal() != 0; }
    int signal() const { return signal_; }  // that asked to end, or 0
    // Throws Error{exit_code_of(signal())} when it was asked to end.
    void throw_if_asked(const std::string& sentence) const;
    // Whether a checkpoint was asked for since this was called last.
    bool takes_checkpoint() { return checkpoint_.exchange(false); }

private:
    std::atomic<int> signal_ = 0;
    std::atomic<bool> checkpoint_ = false;
    static_assert(std::atomic<int>::is_always_lock_free &&
                  std::atomic<bool>::is_always_lock_free);  // as a handler of signals needs it
};

}  // namespace apical
