#include <fmt/format.h>

#include <algorithm>

#include "sim/show/plot/curve_reader.hpp"
#include "sim/show/plot/palette.hpp"
#include "sim/show/plot/relaxation.hpp"

namespace apical {

namespace {

// The blocks with which a curve of one number a step is drawn unless --block says otherwise.
constexpr std::int64_t most_blocks = 200;  // also the rows that are drawn one by one

// One of 1, 2, 5, 10, 20, ...: the least that leaves at most `most_blocks`.
std::int64_t readable_block(std::int64_t steps) {
    for (std::int64_t power = 1;; power *= 10)
        for (const std::int64_t block : {power, 2 * power, 5 * power})
            if ((steps + block - 1) / block <= most_blocks) return block;
}

// Cells differ in colour and runs in dash; a run of one curve has its own colour.
LineStyle style_of(std::size_t group, std::size_t groups, std::size_t cell, std::size_t cells,
                   bool is_vector, const Selection& selection) {
    if (groups == 1 && !is_vector) return {black, 0};
    const bool only_runs = cells == 1 && groups > 1;
    const LineStyle style = only_runs ? LineStyle{group % black, group / black}
                                      : LineStyle{cell % black, cell / black * groups + group};
    if (style.dash < dashes.size()) return style;
    refuse(fmt::format("{} curves of \"{}\" cannot be told apart by {} colours and {} dashes; {}",
                       groups * cells, selection.address, black, dashes.size(),
                       only_runs ? "draw fewer runs, or their `mean`" : "ask for fewer `cells`"));
}

std::string name_of(const Group& group, bool is_vector, std::size_t cell) {
    const std::string name = group.title() + (group.is_mean() ? " \u00b1 S.E.M." : "");
    if (!is_vector) return name;
    return fmt::format("{}{}cell {}", name, name.empty() ? "" : ", ", cell);
}

// The longest of the curves has a block.
void check_block(const PlotRequest& request, const Selection& selection, std::int64_t steps) {
    if (request.block && *request.block > steps)
        refuse(
            fmt::format("`block` {}: of \"{}\" only {} steps are drawn; expected at most as many",
                        *request.block, selection.address, steps));
}

std::int64_t block_for(const Runs& runs, const Selection& selection, const PlotRequest& request,
                       const StepRange& steps) {
    if (request.block) return *request.block;
    if (selection.dimensions() > 0 || selection.by_phase()) return 1;
    std::uint64_t most_rows = 0;
    for (std::size_t k = 0; k < runs.files.size(); ++k)
        most_rows =
            std::max(most_rows, sampled_in(runs.files[k], *selection.in[k], steps, false).count);
    return most_rows <= most_blocks ? 1 : readable_block(steps.last - first_counted(steps) + 1);
}

std::string title_of(const Selection& selection, const PlotRequest& request) {
    std::string title = selection.address;
    if (selection.by_phase() && !request.phase.empty()) title += " in phase " + request.phase;
    return title;
}

}  // namespace

bool is_in_time(const Selection& selection, const PlotRequest& request) {
    return selection.by_phase() && !selection.is_matrix() && request.phase.empty();
}

CurvePanel read_curves(const Runs& runs, const Selection& selection, const PlotRequest& request,
                       const CurveAxis& axis) {
    const bool in_time = is_in_time(selection, request);
    const std::int64_t block = in_time ? 1 : block_for(runs, selection, request, axis.steps);
    CurvePanel panel{title_of(selection, request), label_of(selection.first()), {}, {}};
    const std::vector<CellPlace> cells = cells_in(selection, request);
    const bool is_vector = selection.dimensions() == 1;
    const auto style = [&](std::size_t group, std::size_t cell) {
        return style_of(group, runs.groups.size(), cell, cells.size(), is_vector, selection);
    };
    style(runs.groups.size() - 1, cells.size() - 1);  // refuses before anything is read
    bool averaged = false;
    std::int64_t steps = 0;
    for (std::size_t g = 0; g < runs.groups.size(); ++g) {
        const Group& group = runs.groups[g];
        CurveReader reader(runs, selection, request, axis, group.runs);
        auto curves = reader.read(block);
        averaged |= reader.averaged();
        steps = std::max(steps, reader.steps());
        for (std::size_t c = 0; c < curves.size(); ++c)
            panel.curves.push_back({name_of(group, is_vector, cells[c].cell), style(g, c),
                                    group.is_mean(), reader.is_held(), std::move(curves[c])});
    }
    if (!in_time) check_block(request, selection, steps);
    if (averaged) panel.title += fmt::format(", means of {} steps", block);
    return panel;
}

}  // namespace apical
