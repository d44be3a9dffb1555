#include <array>

#include "sim/engine/kernels/kernels.hpp"

namespace apical {

extern const Kernels kernels_baseline;
#if defined(__x86_64__) && !defined(APICAL_BASELINE_ONLY)
extern const Kernels kernels_x86_64_v3, kernels_x86_64_v4, kernels_x86_64_v3_strict,
    kernels_x86_64_v4_strict;
#endif

std::span<const Kernels* const> available_kernels([[maybe_unused]] Rounding rounding) {
#if defined(__x86_64__) && !defined(APICAL_BASELINE_ONLY)
    static constexpr std::array strict = {&kernels_baseline, &kernels_x86_64_v3_strict,
                                          &kernels_x86_64_v4_strict};
    static constexpr std::array fused = {&kernels_x86_64_v3, &kernels_x86_64_v4};
    const std::size_t sets = __builtin_cpu_supports("x86-64-v4")   ? 2
                             : __builtin_cpu_supports("x86-64-v3") ? 1
                                                                   : 0;
    if (rounding == Rounding::fused && sets > 0) return std::span(fused).first(sets);
    return std::span(strict).first(sets + 1);
#else
    static constexpr std::array all = {&kernels_baseline};
    return all;
#endif
}

const Kernels& best_kernels(Rounding rounding) { return *available_kernels(rounding).back(); }

const Kernels* find_kernels(std::string_view instruction_set, Rounding rounding) {
    for (const Rounding each : {rounding, Rounding::strict}) {
        for (const Kernels* kernels : available_kernels(each)) {
            if (kernels->instruction_set == instruction_set) return kernels;
        }
    }
    return nullptr;
}

std::vector<std::string_view> available_instruction_sets() {
    std::vector<std::string_view> all;
    for (const Kernels* kernels : available_kernels(Rounding::strict))
        all.push_back(kernels->instruction_set);
    return all;
}

}  // namespace apical
