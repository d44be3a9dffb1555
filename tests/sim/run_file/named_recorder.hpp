#pragma once

#include <string>
#include <vector>

#include "sim/run_file/recorder.hpp"

namespace apical {

// A recorder whose file has its name at once: a test prepares nothing before.
struct NamedRecorder : Recorder {
    NamedRecorder(const Program& program, const std::vector<Recording>& recordings,
                  const RunDescription& description, const std::string& path, Replacing replacing,
                  Writing writing = Writing::within_run)
        : Recorder(program, recordings, description, path, replacing, writing) {
        publish();
    }
};

}  // namespace apical
