#pragma once

#include <H5Cpp.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "circuits/text/error.hpp"

namespace apical {

// For the fuzz targets that read files in binary.

inline void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string bytes_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline ssize_t open_objects() {
    constexpr unsigned kinds = H5F_OBJ_FILE | H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_ATTR;
    return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), kinds);
}

// What is wrong with a file is said by an Error. Whatever else is thrown passes through, and what
// of a file stays open is a finding too.
template <class Read>
void read_or_refuse(Read read) {
    const ssize_t before = open_objects();
    try {
        read();
    } catch (const Error&) {
    }
    if (open_objects() != before) throw std::logic_error("something of a file is still open");
}

}  // namespace apical
