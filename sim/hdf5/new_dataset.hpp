#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace apical {

// A member of a record: a double, or `text_bytes` characters that fill up with zeros.
struct RecordMember {
    const char* name;
    std::size_t offset;          // in bytes, from the record's beginning
    std::size_t text_bytes = 0;  // 0: a double
};

// A row of several members, as a struct of `bytes` bytes has them.
struct RecordType {
    std::size_t bytes = 0;
    std::vector<RecordMember> members = {};
};

// A text that is set after `GrowingFile::start`, which takes only what needs no other room than
// before. Fills up with zeros.
using LateText = std::array<char, 2048>;

using AttributeValue = std::variant<std::int64_t, double, std::string, LateText>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

// What tells readers of netCDF how scales, units and coordinates are said: an attribute of the
// root.
inline constexpr char conventions_attribute[] = "Conventions", conventions[] = "CF-1.10";

// A dataset of a GrowingFile before it is made: rows of one shape, of which there are none yet.
struct NewDataset {
    // double, int64, `text_bytes` characters that fill up with zeros, `record`; or texts of any
    // length, each a `const char*` in memory, which are written before GrowingFile::start alone
    enum class Type : std::uint8_t { real, integer, text, record, free_text };

    std::string path;  // "/state/hidden/rate"; groups on the way are made
    Type type = Type::real;
    std::size_t text_bytes = 0;
    RecordType record;
    std::vector<std::size_t> row;     // shape of one row; empty for one number
    std::vector<std::size_t> chunk;   // rows, then the block of a row that is stored together
    std::vector<std::string> labels;  // of the dimensions, the rows' first
    std::vector<std::string> scales;  // paths of dimension scales, one a label, empty for none
    std::string scale_name;           // given to a dataset that is a dimension scale itself
    Attributes attributes;
};

}  // namespace apical
