#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "sim/system/output_file.hpp"

namespace apical {

// The number of a process that has ended.
inline pid_t ended_process() {
    const pid_t child = ::fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    return child;
}

// The name that `unfinished_name` makes for another process.
inline std::string name_of_process(const std::string& name, pid_t process) {
    const std::string ours = unfinished_name(name), number = std::to_string(getpid()) + ".new";
    return ours.substr(0, ours.size() - number.size()) + std::to_string(process) + ".new";
}

}  // namespace apical
