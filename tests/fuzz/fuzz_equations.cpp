#include <cstddef>
#include <cstdint>

#include "tests/fuzz/check_as_equations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    apical::check_as_all_equations({reinterpret_cast<const char*>(data), size});
    return 0;
}
