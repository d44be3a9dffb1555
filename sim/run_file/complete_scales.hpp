#pragma once

#include "circuits/program/program.hpp"
#include "sim/run_file/run_layout.hpp"

namespace apical {

// Gives every dimension of every dataset one scale that lies in the dataset's own group, as netCDF
// asks for, so that xarray opens each group:
//   step, phase, time_ms   hard links to those of the axis; no number is stored twice
//   step_<axis>, ...       datasets of their own, where another axis has the plain name in the
//                          group or in one above it
//   cell, post, pre, ...   numbers of cells from 0 on, where no table chose some of them
// What was laid out before stays as it was. Call when all axes and chosen cells are laid out.
void complete_scales(RunLayout& layout, const Program& program);

}  // namespace apical
