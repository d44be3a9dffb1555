#include "sim/show/inspect/headline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/numbers/headline_window.hpp"
#include "sim/numbers/loss_text.hpp"

namespace apical {

namespace {

constexpr std::uint64_t block = 65536;  // rows at once

Headline recorded_headline(const StoredRun& run, std::uint64_t most) {
    if (!run.has("loss")) return {};
    const StoredQuantity& loss = run.find("loss");
    const std::int64_t steps = tail_steps(run.end());
    const std::uint64_t first =
        std::max({run.row_of(loss.axis, run.end() - steps + 1),
                  loss.rows - std::min(most, loss.rows), run.axes()[loss.axis].start_rows});
    if (first >= loss.rows) return {};
    double sum = 0.0;
    std::uint64_t count = 0;  // a step that does not count has no number
    for (std::uint64_t row = first; row < loss.rows; row += block) {
        for (const double one : run.read(loss, row, std::min(block, loss.rows - row))) {
            if (std::isnan(one)) continue;
            sum += one;
            ++count;
        }
    }
    if (count == 0) return {};
    return {sum / static_cast<double>(count), steps, count};
}

// Version 0.1.0 noted the sum of the losses after every tenth of the planned steps, and a branch
// began to do so where it began, which its file does not say.
std::int64_t steps_of_format_1(const StoredRun& run, std::optional<std::int64_t> planned) {
    if (!planned || !run.text(run_attribute::forked_from).empty()) return 0;
    const std::int64_t done = run.steps_completed(), tenth = tail_steps(*planned);
    return done - std::max<std::int64_t>(0, (done - tenth) / tenth * tenth);
}

}  // namespace

Headline headline(const StoredRun& run, std::optional<std::int64_t> planned, std::uint64_t most) {
    const double loss = run.number(run_attribute::final_loss, std::nan(""));
    if (std::isnan(loss)) return recorded_headline(run, most);
    std::int64_t steps = run.integer(run_attribute::final_loss_steps, 0);
    if (steps <= 0) steps = std::max<std::int64_t>(0, steps_of_format_1(run, planned));
    return {loss, steps, static_cast<std::uint64_t>(steps)};
}

std::string window_text(const Headline& headline) {
    if (headline.steps == 0) return "mean at the end of the run";
    const bool all = static_cast<std::uint64_t>(headline.steps) == headline.counted;
    return all ? fmt::format("mean of the last {} steps", headline.steps)
               : fmt::format("mean of {} of the last {} steps", headline.counted, headline.steps);
}

std::string text_of(const Headline& headline) {
    return fmt::format("{}  {}", loss_text(headline.loss), window_text(headline));
}

}  // namespace apical
