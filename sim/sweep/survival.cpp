#include "sim/sweep/survival.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

#include "sim/numbers/mean_error.hpp"
#include "sim/numbers/random.hpp"

namespace apical {

namespace {

constexpr int resamplings = 1000;
constexpr double limitless = std::numeric_limits<double>::infinity();

std::string model_name(const std::string& imperfection, double size) {
    return fmt::format("{} = {:.6g}", imperfection, size);
}

Table keys_of_overrides(const std::vector<Override>& overrides) {
    Table keys;
    for (const Override& one : overrides) keys.entries.push_back({one.key, {}, one.value});
    return keys;
}

Entry swept_model(const Rack& rack, const std::string& name, const std::vector<Override>& set) {
    Table model{{entry("file", rack.model)}};
    if (!set.empty()) model.entries.push_back(entry("set", keys_of_overrides(set)));
    return entry(name, std::move(model));
}

// A loss by seed; infinite of a run that failed.
using Losses = std::map<std::uint32_t, double>;

struct Measured {
    std::string name;
    std::vector<double> sizes;
    std::vector<Losses> losses;
    bool falls = false;
};

double mean_over(const Losses& losses, const std::vector<std::uint32_t>& seeds) {
    double sum = 0.0;
    for (const std::uint32_t seed : seeds) {
        const auto found = losses.find(seed);
        sum += found == losses.end() ? limitless : found->second;
    }
    return sum / static_cast<double>(seeds.size());
}

// On the way from mild to severe, the first place at which the mean reaches the middle.
HalfPoint half_point(const Measured& of, double clean, double baseline,
                     const std::vector<std::uint32_t>& seeds) {
    if (!(baseline > clean) || of.sizes.empty()) return {};
    const double half = (clean + baseline) / 2.0;
    double before = clean;
    for (std::size_t k = 0; k < of.sizes.size(); ++k) {
        const double mean = mean_over(of.losses[k], seeds), size = of.sizes[k];
        if (mean >= half) {
            if (k == 0) return {HalfPoint::Kind::before, size};
            const double part = std::isinf(mean) ? 1.0 : (half - before) / (mean - before),
                         last = of.sizes[k - 1];
            return {HalfPoint::Kind::between,
                    of.falls ? last + part * (size - last) : last * std::pow(size / last, part)};
        }
        before = mean;
    }
    return {HalfPoint::Kind::behind, of.sizes.back()};
}

// By severity: what is before the first size, then sizes, then what is behind the last.
double severity(const HalfPoint& point, bool falls) {
    if (point.kind == HalfPoint::Kind::before) return -limitless;
    if (point.kind == HalfPoint::Kind::behind) return limitless;
    return falls ? -point.size : point.size;
}

Survival::Half half_of(const Measured& of, const Losses& clean, const Losses& baseline,
                       const std::vector<std::uint32_t>& seeds) {
    const auto point = [&](const std::vector<std::uint32_t>& chosen) {
        return half_point(of, mean_over(clean, chosen), mean_over(baseline, chosen), chosen);
    };
    Survival::Half half{point(seeds), {}, {}};
    if (half.point.kind == HalfPoint::Kind::none || seeds.size() < 2) return half;
    const Stream stream(1, "survive/" + of.name);
    std::vector<HalfPoint> points;
    for (int k = 0; k < resamplings; ++k) {
        std::vector<std::uint32_t> again;
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            const double u = stream.uniform(static_cast<std::uint64_t>(k), i);
            again.push_back(
                seeds[std::min(static_cast<std::size_t>(u * static_cast<double>(seeds.size())),
                               seeds.size() - 1)]);
        }
        const HalfPoint one = point(again);
        if (one.kind != HalfPoint::Kind::none) points.push_back(one);
    }
    if (points.empty()) return half;
    std::stable_sort(points.begin(), points.end(), [&](const HalfPoint& a, const HalfPoint& b) {
        return severity(a, of.falls) < severity(b, of.falls);
    });
    const auto at = [&](double share) {
        return points[static_cast<std::size_t>(share * static_cast<double>(points.size() - 1))];
    };
    half.low = at(0.025);
    half.high = at(0.975);
    return half;
}

SurvivedSize survived(double size, const Losses& losses) {
    SurvivedSize one{.size = size};
    for (const auto& [seed, loss] : losses) {
        if (std::isinf(loss))
            ++one.failed;
        else
            one.losses.push_back(loss);
    }
    const MeanError mean = mean_and_error(one.losses);
    one.mean = mean.mean;
    one.error = mean.error;
    return one;
}

// The losses of one task, by the name of the swept model.
struct TaskLosses {
    std::string task;
    std::int64_t steps = 0;
    std::map<std::string, Losses> by_model;

    const Losses& of(const std::string& model) const {
        static const Losses none;
        const auto found = by_model.find(model);
        return found == by_model.end() ? none : found->second;
    }
};

std::vector<TaskLosses> losses_by_task(const SweepResult& result) {
    std::vector<TaskLosses> tasks;
    for (const JobResult& job : result.jobs) {
        auto found = std::find_if(tasks.begin(), tasks.end(),
                                  [&](const TaskLosses& one) { return one.task == job.task; });
        if (found == tasks.end()) found = tasks.insert(tasks.end(), TaskLosses{job.task, 0, {}});
        found->steps = std::max(found->steps, job.steps);
        const bool is_number = job.failure.empty() && std::isfinite(job.loss);
        found->by_model[job.model][job.seed] = is_number ? job.loss : limitless;
    }
    return tasks;
}

SurvivalTable survival_of_task(const Rack& rack, const TaskLosses& task) {
    const Losses &clean = task.of("clean"), &still = task.of("still"),
                 &instant = task.of("instant");
    SurvivalTable found{rack.model,
                        task.task,
                        clean.size(),
                        task.steps,
                        survived(0.0, clean),
                        survived(0.0, still),
                        survived(0.0, instant),
                        {}};
    std::vector<std::uint32_t> seeds;
    for (const auto& [seed, loss] : clean)
        if (!std::isinf(loss) && still.contains(seed)) seeds.push_back(seed);
    for (const Imperfection& one : rack.imperfections) {
        Measured of{one.name, one.sizes, {}, one.falls()};
        Survival row{one.name, one.what, {}, {}, {}};
        for (const double size : one.sizes) {
            of.losses.push_back(task.of(model_name(one.name, size)));
            row.sizes.push_back(survived(size, of.losses.back()));
        }
        if (!seeds.empty()) {
            row.still = half_of(of, clean, still, seeds);
            if (!instant.empty()) row.instant = half_of(of, clean, instant, seeds);
        }
        found.rows.push_back(std::move(row));
    }
    return found;
}

}  // namespace

std::string sweep_text(const Rack& rack) {
    Table models{{swept_model(rack, "clean", {}), swept_model(rack, "still", rack.still)}};
    if (!rack.instant.empty()) models.entries.push_back(swept_model(rack, "instant", rack.instant));
    for (const Imperfection& one : rack.imperfections) {
        for (std::size_t k = 0; k < one.sizes.size(); ++k)
            models.entries.push_back(
                swept_model(rack, model_name(one.name, one.sizes[k]), one.overrides[k]));
    }
    const std::string stem = std::filesystem::path(rack.model).stem().string();
    Table sweep{{entry("format", std::int64_t{1}), entry("title", "What " + stem + " survives"),
                 entry("seeds", rack.seeds), entry("blocks", std::int64_t{1})}};
    if (!rack.set.empty()) sweep.entries.push_back(entry("set", keys_of_overrides(rack.set)));
    sweep.entries.push_back(entry("model", std::move(models)));
    return to_toml(sweep);
}

std::vector<SurvivalTable> survival_of(const Rack& rack, const SweepResult& result) {
    std::vector<SurvivalTable> tables;
    for (const TaskLosses& task : losses_by_task(result))
        tables.push_back(survival_of_task(rack, task));
    return tables;
}

}  // namespace apical
