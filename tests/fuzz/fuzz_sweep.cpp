#include <cstddef>
#include <cstdint>

#include "tests/fuzz/loading.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string folder = apical::folder_with_models();
    apical::load_as_sweep({reinterpret_cast<const char*>(data), size}, folder);
    return 0;
}
