#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/show/inspect/inspect.hpp"

namespace apical {

[[noreturn]] void refuse(const std::string& sentence);  // throws Error{usage}

struct LogAxes {
    bool x = false, y = false;
};

struct PlotRequest {
    std::vector<std::string> runs, addresses;
    std::string output;
    std::optional<StepRange> steps;
    std::optional<CellList> cells;
    std::optional<std::int64_t> at, block;
    std::string phase;  // empty: every phase, in time
    bool mean = false;
    LogAxes log;
    double width_cm = 8.6;
};

// Tells run files from addresses: a word that exists as a file is a run. Throws Error{usage} when
// there is none of the one or the other, Error{no_such_input} for what ends like a run file and
// does not exist.
void sort_words(const std::vector<std::string>& words, PlotRequest& request);

// Throw Error{usage}.
std::int64_t block_of(const std::string& text);
double width_of(const std::string& text);
// "x", "y" or "xy", each.
LogAxes log_axes_of(const std::vector<std::string>& texts);

enum class FigureKind { svg, pdf, png, script };

// The kind by the ending of the path. Throws Error{usage} naming those that are known.
FigureKind kind_of_figure(const std::string& path);

}  // namespace apical
