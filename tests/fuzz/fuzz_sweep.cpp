#include <cstddef>
#include <cstdint>

#include "tests/fuzz/loading.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const apical::FolderWithModels folder;
    apical::load_as_sweep({reinterpret_cast<const char*>(data), size}, folder.path());
    return 0;
}
