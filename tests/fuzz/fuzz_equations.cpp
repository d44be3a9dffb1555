#include <cstddef>
#include <cstdint>

#include "tests/fuzz/parse_as_equations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    apical::parse_as_equations({reinterpret_cast<const char*>(data), size});
    return 0;
}
