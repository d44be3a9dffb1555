#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/show/plot/figure.hpp"
#include "sim/sweep/report.hpp"

namespace apical {

// How many seeds a mean is over, where its points may have different numbers of them.
struct SeedCount {
    std::size_t least = 0, most = 0, failed = 0;

    void add(std::size_t completed, std::size_t failed_jobs);
    // "mean ± S.E.M., n = 2 to 4, 1 failed"; of single runs without the mean; "0 of 3 finished".
    std::string text() const;
};

// The panels of a sweep's figure: one for each task, in which a curve of one name has one style.
// The legend names it once, with its seeds, and with those of each task where they differ.
class SweepPanels {
public:
    // `path` names the result in messages; `label` the losses.
    SweepPanels(const SweepResult& result, std::string path, std::string label)
        : result_(result), path_(std::move(path)), label_(std::move(label)) {}

    // Throws Error{bad_model} when there are more names than styles. The reference stays good until
    // the next curve.
    CurvePanel& add(const std::string& task, const std::string& name, const SeedCount& seeds,
                    std::vector<Point> points, bool has_dots);
    // Throws Error{bad_model} when no job was completed.
    std::vector<Panel> take();

private:
    // A name of the legend, and the seeds of each task beside it.
    struct LegendName {
        std::string name;
        std::vector<std::string> texts;               // of seeds, each once
        std::vector<std::vector<std::string>> tasks;  // of each text
    };

    CurvePanel& of_task(const std::string& task);
    std::size_t find_or_add(const std::string& name);
    std::string label_of(const std::string& task) const;
    LineStyle style_of(std::size_t curve) const;

    const SweepResult& result_;
    std::string path_, label_;
    std::vector<LegendName> entries_;
    std::vector<Panel> panels_;
    bool is_empty_ = true;
};

}  // namespace apical
