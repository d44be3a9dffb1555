#pragma once

#include <string>

#include "circuits/text/error.hpp"

namespace apical {

// The bytes of a file, at most `most` of them. `expected` says what it should be ("an IDX file").
// Throws Error{no_such_input} when it cannot be read, Error{bad_model} naming `where` when it is
// no ordinary file.
std::string read_bytes(const std::string& path, std::size_t most, const std::string& expected,
                       const Where& where);

// Throws Error{bad_model} when the bytes are those of a file that gzip has packed.
void refuse_gzip(const std::string& bytes, const std::string& path, const std::string& expected,
                 const Where& where);

}  // namespace apical
