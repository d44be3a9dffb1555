#include "sim/kernels.hpp"

namespace apical {

extern const Kernels kernels_baseline;
#if defined(__x86_64__)
extern const Kernels kernels_x86_64_v3, kernels_x86_64_v4;
#endif

const Kernels* const* available_kernels(std::size_t& count) {
#if defined(__x86_64__)
    static constexpr const Kernels* all[] = {&kernels_baseline, &kernels_x86_64_v3,
                                             &kernels_x86_64_v4};
    const bool v3 = __builtin_cpu_supports("x86-64-v3"), v4 = __builtin_cpu_supports("x86-64-v4");
    count = v4 ? 3 : v3 ? 2 : 1;
#else
    static constexpr const Kernels* all[] = {&kernels_baseline};
    count = 1;
#endif
    return all;
}

const Kernels& best_kernels() {
    std::size_t count = 0;
    const Kernels* const* all = available_kernels(count);
    return *all[count - 1];
}

}  // namespace apical
