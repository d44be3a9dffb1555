#include "sim/command_line/run_text.hpp"

#include <fmt/format.h>

#include "circuits/text/value.hpp"
#include "sim/numbers/loss_text.hpp"
#include "sim/numbers/number_text.hpp"

namespace apical {

namespace {

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) * 1e-6);
}

std::string steps_text(const Model& model, const RunSummary& summary) {
    const std::int64_t taken = summary.steps - summary.begun_after;
    std::string text = std::to_string(summary.steps);
    if (summary.begun_after > 0) text += fmt::format(", {} of them now,", taken);
    if (summary.interrupted) text += fmt::format(" of {}, interrupted,", model.steps);
    text += fmt::format(" in {:.2f} s", summary.seconds);
    return taken == 0 ? text
                      : fmt::format("{}, {:.2f} us a step", text,
                                    1e6 * summary.seconds / static_cast<double>(taken));
}

// What the last evaluation came to, and what it means.
std::string frozen_text(const RunSummary& summary) {
    if (!summary.frozen) return "";
    const FrozenLoss& frozen = *summary.frozen;
    std::string text = fmt::format("{:<8} {} ± {}  after step {} ({} {})\n", "frozen",
                                   loss_text(frozen.loss.mean), loss_text(frozen.loss.error),
                                   frozen.step, frozen.trials > 0 ? frozen.trials : frozen.steps,
                                   frozen.trials > 0 ? "trials" : "steps");
    if (frozen.error)
        text +=
            fmt::format("{:<8} {} % ± {} %\n", "error", fixed_text(100.0 * frozen.error->mean, 2),
                        fixed_text(100.0 * frozen.error->error, 2));
    if (summary.best)
        text += fmt::format("{:<8} {}  after step {}, of the split \"validation\"\n", "best",
                            loss_text(summary.best->loss), summary.best->step);
    if (frozen.step == summary.steps && is_learning_the_memory(summary.loss, frozen.loss))
        text += fmt::format("{:<8} {}\n", "note", learning_is_memory);
    return text;
}

void add_frozen(Table& table, const RunSummary& summary) {
    if (!summary.frozen) return;
    const FrozenLoss& frozen = *summary.frozen;
    for (Entry& one : std::vector<Entry>{entry("frozen", frozen.loss.mean),
                                         entry("frozen_sem", frozen.loss.error),
                                         entry("frozen_step", frozen.step)})
        table.entries.push_back(std::move(one));
    if (summary.best) {
        table.entries.push_back(entry("best", summary.best->loss));
        table.entries.push_back(entry("best_step", summary.best->step));
    }
    if (!frozen.error) return;
    table.entries.push_back(entry("error", frozen.error->mean));
    table.entries.push_back(entry("error_sem", frozen.error->error));
}

}  // namespace

std::string summary_text(const Model& model, const RunSummary& summary) {
    std::string text = fmt::format("{:<8} {}\n", "model",
                                   on_one_line(model.title.empty() ? model.path : model.title));
    text += fmt::format("{:<8} {}\n", "steps", steps_text(model, summary));
    if (model.circuit.has_loss())
        text += fmt::format("{:<8} {}  mean of the last {} steps\n", "loss",
                            loss_text(summary.loss), summary.loss_steps);
    text += frozen_text(summary);
    for (const Bound& bound : bounds_of(model))
        text += fmt::format("{:<8} {}  {}\n", "bound", loss_text(bound.loss), bound.name);
    return text + text_of(summary.diagnosis) +
           fmt::format("{:<8} {} ({})\n", "file", on_one_line(model.output),
                       megabytes(summary.file_bytes));
}

std::string summary_json(const Model& model, const RunSummary& summary) {
    Table bounds;
    for (const Bound& bound : bounds_of(model))
        bounds.entries.push_back(entry(bound.name, bound.loss));
    Table table{{entry("model", model.path), entry("steps", summary.steps),
                 entry("begun_after", summary.begun_after),
                 entry("interrupted", summary.interrupted), entry("seed", std::int64_t{model.seed}),
                 entry("loss", summary.loss), entry("loss_steps", summary.loss_steps),
                 entry("bounds", bounds), entry("seconds", summary.seconds),
                 entry("file", model.output),
                 entry("file_bytes", static_cast<std::int64_t>(summary.file_bytes))}};
    add_frozen(table, summary);
    if (!summary.failure.empty()) table.entries.push_back(entry("failure", summary.failure));
    for (const Entry& one : entries_of(summary.diagnosis)) table.entries.push_back(one);
    return to_json(table);
}

std::string complete_json(const std::string& run_file, std::int64_t steps) {
    return to_json(
        Table{{entry("file", run_file), entry("steps", steps), entry("interrupted", false)}});
}

}  // namespace apical
