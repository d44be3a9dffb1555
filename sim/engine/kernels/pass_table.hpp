#pragma once

#include "sim/engine/kernels/kernels.hpp"

namespace apical {
namespace {

// A table of passes. `All::of<changed, forward, reverse>()` is the one that does this, or null.
template <class All, Changed changed>
constexpr void add_passes(Kernels::Passes& to) {
    auto& by = to.by[static_cast<std::size_t>(changed)];
    by[0][0] = All::template of<changed, 0, false>();
    by[0][1] = All::template of<changed, 0, true>();
    by[1][0] = All::template of<changed, 1, false>();
    by[1][1] = All::template of<changed, 1, true>();
    by[2][0] = All::template of<changed, 2, false>();
    by[2][1] = All::template of<changed, 2, true>();
}

template <class All>
constexpr Kernels::Passes table_of() {
    Kernels::Passes all = {};
    add_passes<All, Changed::nothing>(all);
    add_passes<All, Changed::matrix>(all);
    add_passes<All, Changed::decayed>(all);
    add_passes<All, Changed::tag>(all);
    add_passes<All, Changed::formulas>(all);
    return all;
}

}  // namespace
}  // namespace apical
