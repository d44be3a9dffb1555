#pragma once

#include <cstdint>
#include <string>

namespace apical {

// Throws Error{cannot_create_output} when the output is the input itself, whatever they are called.
void check_not_input(const std::string& output, const std::string& input);

// Makes the directory of a file that is to be made. Returns whether there is a file to be replaced.
// Throws Error{cannot_create_output} when the file exists and `force` is not set, when `needed`
// bytes do not fit on the disk, or when the directory cannot be made or the file not be written.
bool prepare_output(const std::string& path, bool force, std::uint64_t needed);

// Throws Error{cannot_create_output} when there is no room for a copy of the file beside it.
void check_room_for_copy(const std::string& path);

// A symbolic link's file: what takes its place does so there, beside its checkpoints. Another path
// is as it was.
std::string link_followed(const std::string& path);

// Throws Error{cannot_create_output}: its run goes on.
[[noreturn]] void reject_being_written(const std::string& path);

// Removes what was to become this file or one of its checkpoints, "run.h5.1234.new" or
// "run.h5.1000.checkpoint.1234.new", of processes that were killed.
void remove_unfinished(const std::string& path);

}  // namespace apical
