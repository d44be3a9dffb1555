#include <cstddef>
#include <cstdint>

#include "tests/fuzz/check_as_equations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const bool of_cells : {false, true}) apical::check_as_equations(text, of_cells);
    return 0;
}
