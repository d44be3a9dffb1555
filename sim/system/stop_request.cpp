#include "sim/system/stop_request.hpp"

namespace apical {

ExitCode exit_code_of(int signal) {
    constexpr int of_signals = 128;  // as shells count
    return static_cast<ExitCode>(of_signals + signal);
}

void StopRequest::withdraw() {
    signal_ = 0;
    checkpoint_ = false;
}

void StopRequest::throw_if_asked(const std::string& sentence) const {
    if (asked()) throw Error(exit_code_of(signal()), sentence);
}

}  // namespace apical
