#include "circuits/equations/units.hpp"

#include <fmt/format.h>

namespace apical {

double unit_of_name(std::string_view name) {
    if (name.ends_with("_per_ms")) return -1.0;
    return name.ends_with("_ms") ? 1.0 : 0.0;
}

std::string unit_in_words(double unit) {
    if (unit == 0.0) return "a number";
    if (unit == 1.0) return "a time";
    if (unit == -1.0) return "one over a time";
    return fmt::format("a number of ms^{}", unit);
}

}  // namespace apical
