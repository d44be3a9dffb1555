#pragma once

#include <cstdint>
#include <string>

namespace apical {

// Throws Error{cannot_create_output} when the output is the input itself, whatever they are called.
void check_not_input(const std::string& output, const std::string& input);

// Throws Error{usage} for an empty name, Error{cannot_create_output} when what has this name is no
// file, or a link to none, or when the working directory was removed. Returns whether it exists.
bool check_output(const std::string& path);

// Makes the directory of a file that is to be made. Returns whether there is a file to be replaced.
// Throws what `check_output` does, and Error{cannot_create_output} when the file exists and `force`
// is not set, when `needed` bytes do not fit on the disk, or when the directory cannot be made or
// the file not be written.
bool prepare_output(const std::string& path, bool force, std::uint64_t needed);

// Throws Error{cannot_create_output} when there is no room for a copy of the file beside it.
void check_room_for_copy(const std::string& path);

// A symbolic link's file: what takes its place does so there, beside its checkpoints. Another path
// is as it was.
std::string link_followed(const std::string& path);

// Throws Error{cannot_create_output}: its run goes on.
[[noreturn]] void reject_being_written(const std::string& path);

}  // namespace apical
