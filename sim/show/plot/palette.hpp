#pragma once

#include <array>
#include <cstddef>

namespace apical {

// Okabe and Ito's colours, which the colour-blind can tell apart, without yellow. Black, the last,
// is for what has no name in the legend.
inline constexpr std::array colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                    "#E69F00", "#56B4E9", "#000000"};
inline constexpr std::size_t black = colours.size() - 1;

// How far a gate was open, and, behind it, that it was meant to be.
inline constexpr const char *open_gate = "#4D4D4D", *meant_gate = "#9CC9E3";

// When an event begins and ends.
inline constexpr const char* mark_colour = "#8C2D04";

inline constexpr std::array dashes{"solid", "(9,5)", "(2,4)", "(12,4,2,4)"};

}  // namespace apical
