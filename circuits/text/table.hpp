#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

struct Value;
struct Entry;

// A TOML table in the order of the file.
struct Table {
    std::vector<Entry> entries;

    Value* find(std::string_view key);
    const Value* find(std::string_view key) const;
};

using Array = std::vector<Value>;

// The place of a text's first character, behind its quotes; line 0 when the text has escapes, so
// that its characters and lines are not those of the file, or when it is from no file.
struct TextStart {
    int line = 0, column = 0;
};

// A TOML value and where it stands.
struct Value {
    Where where;
    std::variant<bool, std::int64_t, double, std::string, Array, Table> content;
    TextStart start = {};
};

struct Entry {
    std::string key;
    Where where;
    Value value;
};

}  // namespace apical
