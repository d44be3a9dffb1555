#pragma once

#include <cstdint>
#include <string>

namespace apical {

// Throws Error{cannot_create_output} when the output is the input itself, whatever they are called.
void check_not_input(const std::string& output, const std::string& input);

// Makes the directory of a file that is to be made. Returns whether there is a file to be replaced.
// Throws Error{cannot_create_output} when the file exists and `force` is not set, when `needed`
// bytes do not fit on the disk, or when the directory cannot be made or the file not be written. A
// file that is replaced makes room for the new one, unless it `stays` until that is complete.
bool prepare_output(const std::string& path, bool force, std::uint64_t needed, bool stays = false);

// Files that were to become this one, "run.h5.1234.new", of processes that were killed.
void remove_unfinished(const std::string& path);

}  // namespace apical
