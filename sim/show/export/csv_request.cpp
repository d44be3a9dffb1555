#include "sim/show/export/csv_request.hpp"

namespace apical {

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string inside;
    for (const char c : text) inside += c == '"' ? "\"\"" : std::string(1, c);
    return '"' + inside + '"';
}

}  // namespace apical
