#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "sim/show/plot/read_sweep_figure.hpp"
#include "sim/show/plot/reduce.hpp"
#include "sim/show/plot/selection.hpp"
#include "sim/show/plot/sweep_panels.hpp"

namespace apical {

namespace {

constexpr double logarithmic_from = 100.0;  // the largest value over the smallest

// The place of the key among those that were swept.
std::size_t find_key(const std::vector<std::string>& names, const std::string& key,
                     const std::string& path) {
    if (names.empty())
        refuse(
            fmt::format("`against` {}: {} has no key that was swept; its losses are compared by "
                        "`report_text()`",
                        shortened(key), path));
    std::optional<std::size_t> found;
    std::size_t endings = 0;
    for (std::size_t k = 0; k < names.size(); ++k) {
        if (names[k] == key) return k;
        if (!names[k].ends_with("." + key)) continue;
        found = k;
        ++endings;
    }
    if (endings == 1) return *found;
    refuse(fmt::format("`against` {}: {} {}: {}.{}", shortened(key), path,
                       endings > 1 ? "has more than one key of this ending" : "has swept the keys",
                       list_of(names), did_you_mean(key, names)));
}

double number_of(const ReportedCondition& condition, std::size_t key, const std::string& name) {
    const auto& content = condition.values[key].content;
    double number = std::nan("");
    if (const auto* whole = std::get_if<std::int64_t>(&content)) {
        number = static_cast<double>(*whole);
    } else if (const auto* real = std::get_if<double>(&content)) {
        number = *real;
    }
    if (std::isfinite(number)) return number;
    refuse(
        fmt::format("`against` {}: one of its values is {}; only numbers have a place on an axis",
                    name, inline_text(condition.values[key])));
}

// Whether `other` changes, and only together with `key`.
bool changes_with(const std::vector<ReportedCondition>& conditions, std::size_t key,
                  std::size_t other) {
    std::map<std::string, std::string> by_key;
    bool changes = false;
    for (const ReportedCondition& condition : conditions) {
        const std::string value = inline_text(condition.values[other]);
        const auto [entry, is_new] = by_key.emplace(inline_text(condition.values[key]), value);
        if (entry->second != value) return false;
        changes |= value != inline_text(conditions.front().values[other]);
    }
    return changes;
}

// A curve in the making: a condition's losses at each value.
struct Against {
    std::string task, name;
    SeedCount seeds;
    std::vector<Point> points;
};

class AgainstReader {
public:
    AgainstReader(const SweepResult& result, const std::string& key, const std::string& path)
        : result_(result),
          conditions_(conditions_of(result)),
          key_(find_key(result.names, key, path)),
          key_name_(result.names[key_]),
          path_(path) {
        for (std::size_t k = 0; k < result.names.size(); ++k) {
            if (k == key_) continue;
            if (changes_with(conditions_, key_, k)) {
                together_.push_back(result.names[k]);
            } else {
                others_.push_back(k);
                other_names_.push_back(result.names[k]);
            }
        }
    }

    Figure read(double width_cm) {
        Figure figure;
        figure.width_cm = width_cm;
        for (const ReportedCondition& condition : conditions_) add(condition);
        SweepPanels panels(result_, path_, "final loss");
        for (Against& one : curves_) {
            std::sort(one.points.begin(), one.points.end(),
                      [](const Point& a, const Point& b) { return a.x < b.x; });
            panels.add(one.task, one.name, one.seeds, std::move(one.points), true);
        }
        figure.panels = panels.take();
        for (Panel& panel : figure.panels) add_common_bounds(std::get<CurvePanel>(panel));
        set_axis(figure);
        return figure;
    }

private:
    // The rest of a condition without the key and the keys that change with it.
    std::string rest_of(const ReportedCondition& condition) const {
        ReportedCondition other;
        other.model = condition.model;
        for (const std::size_t k : others_) other.values.push_back(condition.values[k]);
        return name_of(other_names_, other);
    }

    void add(const ReportedCondition& condition) {
        if (!condition.jobs.empty() && condition.jobs.front()->lacks_loss()) return;
        const std::string name = rest_of(condition);
        auto curve = std::find_if(curves_.begin(), curves_.end(), [&](const Against& one) {
            return one.task == condition.task && one.name == name;
        });
        if (curve == curves_.end())
            curve = curves_.insert(curves_.end(), Against{condition.task, name, {}, {}});
        std::vector<double> losses;
        for (const JobResult* job : condition.jobs) losses.push_back(job->loss);
        const double x = number_of(condition, key_, key_name_);
        const double none = std::nan("");
        curve->points.push_back(losses.empty() ? Point{x, none, none, none} : mean_of(x, losses));
        curve->seeds.add(losses.size(), condition.failed);
        smallest_ = std::min(smallest_, x);
        largest_ = std::max(largest_, x);
    }

    // Adds the bounds of the panel's task, when they are the same at every value.
    void add_common_bounds(CurvePanel& panel) const {
        const std::vector<Bound>* first = nullptr;
        for (const ReportedCondition& condition : conditions_) {
            if (condition.task != panel.title) continue;
            if (!first) first = &condition.bounds;
            const auto same = [](const Bound& a, const Bound& b) {
                return a.name == b.name && a.loss == b.loss;
            };
            if (!std::equal(first->begin(), first->end(), condition.bounds.begin(),
                            condition.bounds.end(), same))
                return;
        }
        for (const Bound& bound : first ? *first : std::vector<Bound>{})
            panel.levels.push_back({bound.name, bound.loss});
    }

    void set_axis(Figure& figure) const {
        figure.x_label = key_name_;
        if (!together_.empty()) figure.x_label += fmt::format(" (with {})", list_of(together_));
        figure.log_x = smallest_ > 0.0 && largest_ / smallest_ >= logarithmic_from;
        if (figure.log_x) {
            const double factor = std::pow(largest_ / smallest_, 0.04);
            figure.x = {smallest_ / factor, largest_ * factor};
            return;
        }
        const double alone = smallest_ == 0.0 ? 1.0 : 0.5 * std::abs(smallest_);
        const double margin = largest_ > smallest_ ? 0.04 * (largest_ - smallest_) : alone;
        figure.x = {smallest_ - margin, largest_ + margin};
    }

    const SweepResult& result_;
    std::vector<ReportedCondition> conditions_;
    std::size_t key_;
    std::string key_name_, path_;
    std::vector<std::size_t> others_;
    std::vector<std::string> other_names_, together_;
    std::vector<Against> curves_;
    double smallest_ = INFINITY, largest_ = -INFINITY;
};

}  // namespace

Figure read_against(const SweepResult& result, const std::string& key, const std::string& path,
                    double width_cm) {
    check_losses(result, path);
    return AgainstReader(result, key, path).read(width_cm);
}

}  // namespace apical
