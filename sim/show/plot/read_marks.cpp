// The events of an experiment, as marks on the axis of time.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/model/stored_model.hpp"
#include "sim/show/plot/read_panel.hpp"

namespace apical {

namespace {

constexpr std::int64_t most_times = 50;  // of an event, in a figure

class MarksOfEvents {
public:
    MarksOfEvents(const CurveAxis& axis, std::vector<std::string>& notes)
        : in_ms_(axis.in_ms), step_ms_(axis.step_ms), notes_(notes) {
        const std::int64_t before = std::max(axis.steps.first - 1, std::int64_t{0});
        first_ms_ = static_cast<double>(before) * step_ms_;
        last_ms_ = static_cast<double>(axis.steps.last) * step_ms_;
    }

    void add(const Intervention& event) {
        const double begin = in_ms(event.begin), period = in_ms(event.period);
        const double lasts = event.lasts == Intervention::for_ever ? INFINITY : in_ms(event.lasts);
        std::int64_t first = 0, last = 0;
        if (period > 0.0 && std::isfinite(lasts)) {
            first = std::max<std::int64_t>(
                0, static_cast<std::int64_t>(std::floor((first_ms_ - begin - lasts) / period)));
            last = static_cast<std::int64_t>(std::floor((last_ms_ - begin) / period));
        }
        if (last - first >= most_times)
            return note(
                fmt::format("[event.{}] comes {} times in these steps, which are not "
                            "marked; fewer `steps` have marks",
                            event.name, last - first + 1));
        for (std::int64_t k = first; k <= last; ++k) {
            const double from = begin + static_cast<double>(k) * period;
            mark(event.name, from, false);
            mark(event.name, from + lasts, true);
        }
    }
    std::vector<Mark> take() { return std::move(marks_); }

private:
    void note(std::string text) {
        if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
            notes_.push_back(std::move(text));
    }

    // Once, whatever runs and things an event has. It stands at the beginning of the step with
    // which it begins.
    void mark(const std::string& name, double ms, bool is_end) {
        if (!(ms >= first_ms_ && ms <= last_ms_)) return;
        const double x = in_ms_ ? ms : ms / step_ms_;
        bool is_named = false;
        for (const Mark& one : marks_) {
            if (one.x == x && one.is_end == is_end && one.name == name) return;
            is_named |= one.is_named && one.name == name;
        }
        marks_.push_back({name, x, is_end, !is_named && !is_end});
    }

    bool in_ms_;
    double step_ms_, first_ms_ = 0.0, last_ms_ = 0.0;
    std::vector<std::string>& notes_;
    std::vector<Mark> marks_;
};

}  // namespace

std::vector<Mark> read_marks(const Runs& runs, const CurveAxis& axis,
                             std::vector<std::string>& notes) {
    MarksOfEvents marks(axis, notes);
    for (const Group& group : runs.groups) {
        const Circuit circuit = stored_model(runs.files[group.runs.front()]).circuit;
        for (const Intervention& event : circuit.interventions) marks.add(event);
    }
    return marks.take();
}

}  // namespace apical
