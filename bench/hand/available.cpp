#include <array>

#include "bench/hand/loops.hpp"
#include "bench/hand/rule_loops.hpp"

namespace hand {

#if defined(APICAL_HAND_LOOPS)
extern const Loops loops_x86_64_v3, loops_x86_64_v4;
extern const RuleSteps rule_steps_x86_64_v3, rule_steps_x86_64_v4;

namespace {

std::size_t available_sets() {
    return __builtin_cpu_supports("x86-64-v4") ? 2 : __builtin_cpu_supports("x86-64-v3") ? 1 : 0;
}

}  // namespace

std::span<const Loops* const> available_loops() {
    static constexpr std::array all = {&loops_x86_64_v3, &loops_x86_64_v4};
    return std::span(all).first(available_sets());
}
std::span<const RuleSteps* const> available_rule_steps() {
    static constexpr std::array all = {&rule_steps_x86_64_v3, &rule_steps_x86_64_v4};
    return std::span(all).first(available_sets());
}
#else
std::span<const Loops* const> available_loops() { return {}; }
std::span<const RuleSteps* const> available_rule_steps() { return {}; }
#endif

}  // namespace hand
