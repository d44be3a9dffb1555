#include <array>

#include "bench/hand/loops.hpp"

namespace hand {

#if defined(APICAL_HAND_LOOPS)
extern const Loops loops_x86_64_v3, loops_x86_64_v4;

std::span<const Loops* const> available_loops() {
    static constexpr std::array all = {&loops_x86_64_v3, &loops_x86_64_v4};
    const std::size_t count = __builtin_cpu_supports("x86-64-v4")   ? 2
                              : __builtin_cpu_supports("x86-64-v3") ? 1
                                                                    : 0;
    return std::span(all).first(count);
}
#else
std::span<const Loops* const> available_loops() { return {}; }
#endif

}  // namespace hand
