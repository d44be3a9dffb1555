// The table of `apical survive`, for readers and for programs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/sweep/survival.hpp"

namespace apical {

namespace {

std::string with_error(const SurvivedSize& one) {
    std::string text = one.losses.empty() ? "-" : fmt::format("{:.5g}", one.mean);
    if (one.losses.size() > 1) text += fmt::format(" ± {:.2g}", one.error);
    if (one.failed > 0) text += fmt::format(" ({} diverged)", one.failed);
    return text;
}

// "0.12", "< 0.03", "> 1"; of bits, which fall, "> 10" is what stands before them.
std::string text_of_half(const HalfPoint& point, bool falls) {
    switch (point.kind) {
        case HalfPoint::Kind::none:
            return "-";
        case HalfPoint::Kind::before:
            return fmt::format("{} {:.2g}", falls ? ">" : "<", point.size);
        case HalfPoint::Kind::between:
            return fmt::format("{:.2g}", point.size);
        case HalfPoint::Kind::behind:
            return fmt::format("{} {:.2g}", falls ? "<" : ">", point.size);
    }
    return "";
}

std::string half_text(const Survival::Half& half, bool falls) {
    if (half.low.kind == HalfPoint::Kind::none) return text_of_half(half.point, falls);
    return fmt::format("{} ({} to {})", text_of_half(half.point, falls),
                       text_of_half(half.low, falls), text_of_half(half.high, falls));
}

bool falls(const Survival& row) {
    return row.sizes.size() > 1 && row.sizes.back().size < row.sizes.front().size;
}

std::string row_text(const Survival& row, std::size_t width, bool knows_instant) {
    std::string text =
        fmt::format("{:<{}}  {:<28}", row.name, width, half_text(row.still, falls(row)));
    if (knows_instant) text += fmt::format("  {:<28}", half_text(row.instant, falls(row)));
    for (const SurvivedSize& one : row.sizes)
        text += fmt::format("  {:.6g}: {}", one.size, with_error(one));
    return text + '\n';
}

std::string table_text(const SurvivalTable& task) {
    std::size_t width = 12;
    for (const Survival& row : task.rows) width = std::max(width, row.name.size());
    const bool knows_instant = !task.instant.losses.empty();
    std::string text =
        fmt::format("{}, task {}: mean loss of the last tenth of {} steps ± S.E.M., {} seed{}\n\n",
                    task.model, task.task, task.steps, task.seeds, task.seeds == 1 ? "" : "s");
    text += fmt::format("{:<{}}  {}\n", "clean", width, with_error(task.clean));
    text += fmt::format("{:<{}}  {}  only the readout learns\n", "still", width,
                        with_error(task.still));
    text += fmt::format("{:<{}}  {}\n\n", "instant", width,
                        knows_instant ? with_error(task.instant) + "  credit through time is cut"
                                      : "not known; expected [survive.baseline.instant]");
    text += fmt::format("{:<{}}  {:<28}", "imperfection", width, "half of the gain gone at");
    if (knows_instant) text += fmt::format("  {:<28}", "of that over instant at");
    text += "  loss at each size\n";
    for (const Survival& row : task.rows) text += row_text(row, width, knows_instant);
    if (!(task.still.mean > task.clean.mean))
        text += "\nno gain: the clean circuit is no better than one whose readout alone learns\n";
    return text;
}

Table json_of(const SurvivedSize& one) {
    Table row{{entry("size", one.size), entry("loss", one.mean), entry("sem", one.error),
               entry("seeds", static_cast<std::int64_t>(one.losses.size())),
               entry("diverged", static_cast<std::int64_t>(one.failed))}};
    return row;
}

std::string kind_text(const HalfPoint& point) {
    switch (point.kind) {
        case HalfPoint::Kind::none:
            return "no gain";
        case HalfPoint::Kind::before:
            return "before the first size";
        case HalfPoint::Kind::between:
            return "between";
        case HalfPoint::Kind::behind:
            return "behind the last size";
    }
    return "";
}

Table json_of(const Survival::Half& half) {
    Table all;
    const std::pair<std::string, const HalfPoint*> points[] = {
        {"point", &half.point}, {"low", &half.low}, {"high", &half.high}};
    for (const auto& [name, point] : points) {
        Table one{{entry("is", kind_text(*point)), entry("size", point->size)}};
        all.entries.push_back(entry(name, std::move(one)));
    }
    return all;
}

Value json_of(const SurvivalTable& task) {
    Array rows;
    for (const Survival& row : task.rows) {
        Array sizes;
        for (const SurvivedSize& one : row.sizes) sizes.push_back(value_of(json_of(one)));
        rows.push_back(value_of(Table{{entry("imperfection", row.name), entry("what", row.what),
                                       entry("half", json_of(row.still)),
                                       entry("half_of_instant", json_of(row.instant)),
                                       entry("sizes", std::move(sizes))}}));
    }
    return value_of(
        Table{{entry("model", task.model), entry("task", task.task), entry("steps", task.steps),
               entry("clean", json_of(task.clean)), entry("still", json_of(task.still)),
               entry("instant", json_of(task.instant)), entry("imperfections", std::move(rows))}});
}

}  // namespace

std::string survival_text(const std::vector<SurvivalTable>& tables) {
    std::string text;
    for (const SurvivalTable& task : tables) text += (text.empty() ? "" : "\n") + table_text(task);
    return text +
           "\nhalf       where the mean loss is in the middle of clean and still, by the logarithm "
           "of the size;\n           in brackets 95 % of 1000 resamplings of the seeds; < and >: "
           "beyond the sizes\n";
}

std::string survival_json(const std::vector<SurvivalTable>& tables) {
    Array all;
    for (const SurvivalTable& task : tables) all.push_back(json_of(task));
    return to_json(Table{{entry("tables", std::move(all))}});
}

}  // namespace apical
