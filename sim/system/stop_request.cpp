#include "sim/system/stop_request.hpp"

namespace apical {

ExitCode exit_code_of(int signal) {
    return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

void StopRequest::withdraw() {
    signal_ = 0;
    checkpoint_ = false;
}

void StopRequest::throw_if_asked(const std::string& sentence) const {
    if (asked()) throw Error(exit_code_of(signal()), sentence);
}

}  // namespace apical
