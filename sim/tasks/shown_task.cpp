#include "sim/tasks/shown_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

class ShownSteps final : public Presentation {
public:
    explicit ShownSteps(const ShownTask& task) : task_(task) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        task_.show(step - 1, input, label);
    }

private:
    const ShownTask& task_;
};

}  // namespace

std::unique_ptr<Presentation> ShownTask::begin() const {
    return std::make_unique<ShownSteps>(*this);
}

void TrialTask::show(std::int64_t step, std::span<double> input, std::span<double> label) const {
    std::ranges::fill(input, 0.0);
    std::ranges::fill(label, 0.0);
    show_trial(step / length(), step % length(), input, label);
}

std::vector<Period> periods_of(const std::vector<std::pair<std::string, std::int64_t>>& lengths) {
    std::vector<Period> periods;
    std::int64_t from = 0;
    for (const auto& [name, steps] : lengths) {
        periods.push_back({name, from, from + steps});
        from += steps;
    }
    return periods;
}

void check_period(const Section& task, const Period& period) {
    if (period.to > period.from) return;
    reject(task.where(period.name),
           fmt::format("task.{} is 0; expected at least one step, since no other counts",
                       period.name));
}

double entropy_of(double p) {
    if (p <= 0.0 || p >= 1.0) return 0.0;
    return -p * std::log(p) - (1.0 - p) * std::log(1.0 - p);
}

}  // namespace apical
