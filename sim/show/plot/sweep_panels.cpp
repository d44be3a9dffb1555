#include "sim/show/plot/sweep_panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/text/error.hpp"
#include "sim/model/stored_model.hpp"
#include "sim/show/plot/palette.hpp"

namespace apical {

void SeedCount::add(std::size_t completed, std::size_t failed_jobs) {
    failed += failed_jobs;
    if (completed == 0) return;
    least = least == 0 ? completed : std::min(least, completed);
    most = std::max(most, completed);
}

std::string SeedCount::text() const {
    if (most == 0) return fmt::format("0 of {} finished", failed);
    std::string text = most > 1 ? "mean ± S.E.M., " : "";
    text += least == most ? fmt::format("n = {}", most) : fmt::format("n = {} to {}", least, most);
    return failed > 0 ? fmt::format("{}, {} failed", text, failed) : text;
}

namespace {

// "RFLO (n = 4)", "RFLO (add: n = 4; mimic: n = 3, 1 failed)"
std::string legend_text(const std::string& name, const std::vector<std::string>& texts,
                        const std::vector<std::vector<std::string>>& tasks) {
    if (texts.size() == 1) return fmt::format("{} ({})", name, texts[0]);
    std::string all;
    for (std::size_t k = 0; k < texts.size(); ++k)
        all += fmt::format("{}{}: {}", k == 0 ? "" : "; ", list_of(tasks[k]), texts[k]);
    return fmt::format("{} ({})", name, all);
}

}  // namespace

CurvePanel& SweepPanels::add(const std::string& task, const std::string& name,
                             const SeedCount& seeds, std::vector<Point> points, bool has_dots) {
    const std::size_t place = find_or_add(name);
    LegendName& entry = entries_[place];
    const auto known = std::find(entry.texts.begin(), entry.texts.end(), seeds.text());
    const auto which = static_cast<std::size_t>(known - entry.texts.begin());
    if (known == entry.texts.end()) {
        entry.texts.push_back(seeds.text());
        entry.tasks.emplace_back();
    }
    entry.tasks[which].push_back(task);
    is_empty_ &= seeds.most == 0;
    CurvePanel& panel = of_task(task);
    panel.curves.push_back(
        {name, style_of(place), seeds.most > 1, false, std::move(points), has_dots});
    return panel;
}

CurvePanel& SweepPanels::of_task(const std::string& task) {
    auto panel = std::find_if(panels_.begin(), panels_.end(), [&](const Panel& one) {
        return std::get<CurvePanel>(one).title == task;
    });
    if (panel == panels_.end())
        panel = panels_.insert(panels_.end(), CurvePanel{task, label_of(task), {}, {}});
    return std::get<CurvePanel>(*panel);
}

std::size_t SweepPanels::find_or_add(const std::string& name) {
    for (std::size_t k = 0; k < entries_.size(); ++k)
        if (entries_[k].name == name) return k;
    entries_.push_back({name, {}, {}});
    return entries_.size() - 1;
}

// The label with the unit of the task's losses, where all jobs have the same.
std::string SweepPanels::label_of(const std::string& task) const {
    std::set<std::string> labels, configurations;
    for (const JobResult& job : result_.jobs) {
        if (job.task != task || !configurations.insert(job.configuration).second) continue;
        const std::string source = path_ + " (/configurations)";
        Table model = parse_toml(job.configuration, source);
        const std::string units = loss_kind(resolved_judgement(model, source)).units;
        labels.insert(units == "1" ? label_ : fmt::format("{} ({})", label_, units));
    }
    return labels.size() == 1 ? *labels.begin() : label_;
}

LineStyle SweepPanels::style_of(std::size_t curve) const {
    if (curve >= black * dashes.size())
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: more than {} curves could not be told apart; `report_text()` "
                                "prints all",
                                path_, black * dashes.size()));
    return {curve % black, curve / black};
}

std::vector<Panel> SweepPanels::take() {
    if (is_empty_)
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: no job was completed: there is nothing to draw", path_));
    for (Panel& panel : panels_) {
        for (Curve& curve : std::get<CurvePanel>(panel).curves) {
            const LegendName& entry = entries_[find_or_add(curve.name)];
            curve.name = legend_text(entry.name, entry.texts, entry.tasks);
        }
    }
    return std::move(panels_);
}

}  // namespace apical
