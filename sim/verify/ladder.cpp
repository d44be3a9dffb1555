#include "sim/verify/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <filesystem>
#include <memory>

#include "sim/runs/run.hpp"
#include "sim/tasks/task_kinds.hpp"
#include "sim/verify/circuit_run.hpp"

namespace apical {

namespace {

// A model that a ladder names, and where it does.
struct RungSource {
    std::string path;
    Where where;
    ReadingTrial trial;
};

std::vector<RungSource> rungs_of(const Model& model) {
    const Value* ladder = model.root.find("ladder");
    const auto reject_lack = [&](const Where& where, std::string_view what) {
        reject(where, fmt::format("the model's ladder {}; expected ladder = [\"ALGORITHM.toml\", "
                                  "...], the models above this one",
                                  what));
    };
    if (!ladder) reject_lack({model.path, 1, 1}, "is not there");
    const ReadingTrial& trial = model.directory.trial;
    std::vector<RungSource> rungs;
    for (const Value& one : std::get<Array>(ladder->content)) {
        const std::string path = model.directory.path_of(std::get<std::string>(one.content));
        std::error_code missing;
        if (std::filesystem::equivalent(path, model.path, missing))
            reject_lack(one.where, "names the model itself, which is its last rung anyway");
        rungs.push_back({path, one.where, trial});
    }
    if (rungs.empty()) reject_lack(ladder->where, "is empty");
    rungs.push_back({model.path, ladder->where, trial});
    return rungs;
}

// The model of a rung, with what is needed to align it. A rung has one rule that changes W, so that
// there is one update.
Model loaded(const RungSource& rung, const Overrides& overrides) {
    std::error_code unknown;
    if (!std::filesystem::exists(rung.path, unknown)) {
        throw Error(ExitCode::no_such_input,
                    fmt::format("{}: there is no rung \"{}\"", text(rung.where), rung.path));
    }
    // Mistakes of the model itself come first.
    const ModelSource source(rung.path, rung.trial);
    load_model(source, overrides);
    Overrides aligned = overrides;
    aligned.append({"diagnose.alignment=true"});
    try {
        Model model = load_model(source, aligned);
        if (model.diagnosed.rules.size() == 1) return model;
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: the rung \"{}\" cannot be aligned: {}",
                                              text(rung.where), rung.path, error.what()));
    }
    reject(rung.where, fmt::format("several rules of the rung \"{}\" change W; expected one, whose "
                                   "update can be compared",
                                   rung.path));
}

// A task without what its rungs may differ in: how the output is read, and where a file lies.
std::string task_of(const Model& model) {
    if (!model.root.find("task")) return "";
    const Value& value = *model.root.find("task");
    Table task = std::get<Table>(value.content);
    const Section section(task, value.where, "task", task_keys());
    std::vector<std::string> apart = unused_keys(section);
    apart.insert(apart.end(), {"readout", "path"});
    std::erase_if(task.entries, [&](const Entry& entry) {
        return std::find(apart.begin(), apart.end(), entry.key) != apart.end();
    });
    std::sort(task.entries.begin(), task.entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return to_toml(task);
}

std::string joined_by_commas(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    for (std::size_t at; (at = text.find('\n')) != std::string::npos;) text.replace(at, 1, ", ");
    return text;
}

// Fingerprints of the datasets that a task reads, wherever they lie.
std::vector<std::uint64_t> fingerprints_of(const Task& task) {
    std::vector<std::uint64_t> all;
    for (const DataSource& one : task.data()) all.push_back(one.fingerprint);
    return all;
}

void check_task(const RungSource& rung, const Model& model, const Model& first) {
    const std::string task = task_of(model), expected = task_of(first);
    if (task != expected) {
        reject(rung.where, fmt::format("the rung \"{}\" has another task, {}; expected that of "
                                       "\"{}\", {}",
                                       rung.path, joined_by_commas(task), first.path,
                                       joined_by_commas(expected)));
    }
    if (fingerprints_of(*model.task) == fingerprints_of(*first.task)) return;
    reject(rung.where, fmt::format("the task of the rung \"{}\" reads other data than that of "
                                   "\"{}\"; expected the same",
                                   rung.path, first.path));
}

bool same_activation(const Circuit& circuit, const Population& cells, const Circuit& other,
                     const Population& others) {
    if (cells.activation != others.activation) return false;
    const WrittenActivation *one = circuit.written(cells), *two = other.written(others);
    return one == two || (one && two && one->equation == two->equation);
}

// The reason why two networks with the same strengths fire other rates, "alpha 0.05, not 0.5".
std::string another_network(const CircuitRun& run, const CircuitRun& first) {
    const algebra::Settings own = run.settings(), its = first.settings();
    const auto cells = [](const CircuitRun& one) -> const Population& {
        return one.model().circuit[one.network().cells];
    };
    const auto activation = [&](const CircuitRun& one) {
        return one.model().circuit.activation_name(cells(one));
    };
    const auto output = [](const CircuitRun& one) {
        return name_of(one.model().task->shape().readout);
    };
    std::vector<std::string> apart;
    if (own.alpha != its.alpha)
        apart.push_back(fmt::format("alpha {}, not {}", own.alpha, its.alpha));
    if (!same_activation(run.model().circuit, cells(run), first.model().circuit, cells(first)))
        apart.push_back(fmt::format("activation {}, not {}", activation(run), activation(first)));
    if (own.loss != its.loss)
        apart.push_back(fmt::format("output {}, not {}", output(run), output(first)));
    return fmt::format("{}", fmt::join(apart, "; "));
}

// Models that run side by side. Each keeps its own rule, and the rest of the first.
class SideBySide {
public:
    SideBySide(const std::vector<RungSource>& rungs, const Overrides& overrides) {
        for (const RungSource& rung : rungs) {
            models_.push_back(std::make_unique<Model>(loaded(rung, overrides)));
            check_task(rung, *models_.back(), *models_.front());
            runs_.push_back(std::make_unique<CircuitRun>(*models_.back()));
            check_size(rung);
            apart_.push_back(another_network(*runs_.back(), first()));
            if (is_compared(runs_.size() - 1)) runs_.back()->set_rates(first().r());
        }
        follow_first();
    }

    void step() {
        for (std::size_t k = 0; k < runs_.size(); ++k) {
            if (is_compared(k)) runs_[k]->step();
        }
        follow_first();
    }
    bool is_compared(std::size_t rung) const { return apart_[rung].empty(); }
    const std::string& another_network_of(std::size_t rung) const { return apart_[rung]; }
    const algebra::Matrix& G(std::size_t rung) const { return runs_[rung]->G(); }
    const std::string& title(std::size_t rung) const { return models_[rung]->title; }

private:
    const CircuitRun& first() const { return *runs_.front(); }

    static std::string size_of(const CircuitRun& run) {
        return fmt::format("{} cells, {} inputs and {} outputs", run.r().size(), run.x().size(),
                           run.label().size());
    }
    void check_size(const RungSource& rung) const {
        const std::string size = size_of(*runs_.back()), expected = size_of(first());
        if (size == expected) return;
        reject(rung.where, fmt::format("the rung \"{}\" has {}; expected the {} of \"{}\"",
                                       rung.path, size, expected, models_.front()->path));
    }
    // Gives the other runs the weights and rates of the first, so that errors and slopes are its
    // own.
    void follow_first() {
        const algebra::Matrix W = first().W(), W_out = first().W_out();
        for (std::size_t k = 1; k < runs_.size(); ++k) {
            if (is_compared(k)) runs_[k]->set_weights(W, W_out);
        }
    }

    std::vector<std::unique_ptr<Model>> models_;
    std::vector<std::unique_ptr<CircuitRun>> runs_;
    std::vector<std::string> apart_;  // by rung: what its network has otherwise than the first's
};

// sqrt(sum |G - G'|^2 / sum |G_1|^2) over steps, G_1 the first rung's gradient.
class Distance {
public:
    void add(const algebra::Matrix& G, const algebra::Matrix& from, const algebra::Matrix& first) {
        apart_ += (G - from).squaredNorm();
        size_ += first.squaredNorm();
    }
    // The distance, not a number when nothing was added.
    double value() const { return std::sqrt(apart_ / size_); }

private:
    double apart_ = 0.0, size_ = 0.0;
};

// Adds its part to the mean over seeds.
void compare_updates(Ladder& ladder, const std::vector<RungSource>& rungs,
                     const Overrides& overrides) {
    SideBySide models(rungs, overrides);
    std::vector<Distance> from_first(rungs.size()), from_before(rungs.size());
    for (std::int64_t step = 0; step < ladder.compared_steps; ++step) {
        models.step();
        for (std::size_t k = 0; k < rungs.size(); ++k) {
            const std::size_t before = k == 0 ? 0 : k - 1;
            if (!models.is_compared(k)) continue;
            from_first[k].add(models.G(k), models.G(0), models.G(0));
            if (models.is_compared(before))
                from_before[k].add(models.G(k), models.G(before), models.G(0));
        }
    }
    ladder.rungs.resize(rungs.size());
    for (std::size_t k = 0; k < rungs.size(); ++k) {
        Rung& rung = ladder.rungs[k];
        rung.path = rungs[k].path;
        rung.title = models.title(k);
        rung.another_network = models.another_network_of(k);
        rung.from_first += from_first[k].value() / ladder.seeds;
        rung.from_before += from_before[k].value() / ladder.seeds;
    }
}

// Mean and S.E.M. over seeds.
void summarize(Rung& rung, const std::vector<FreeRun>& runs) {
    const auto count = static_cast<double>(runs.size());
    for (const FreeRun& run : runs) rung.loss += run.loss / count;
    double squares = 0.0;
    for (const FreeRun& run : runs) squares += (run.loss - rung.loss) * (run.loss - rung.loss);
    rung.loss_error = std::sqrt(squares / (count - 1.0) / count);
    for (const FreeRun& run : runs) rung.alignment += run.alignment / count;
}

// The cosine of all that the first rule changes, taken together.
double cosine_of_all(const Model& model, const DiagnosisSummary& summary) {
    const std::string& label = model.diagnosed.rules.front().label;
    const auto line = std::find_if(summary.alignment.begin(), summary.alignment.end(),
                                   [&](const AlignmentLine& one) { return one.name == label; });
    assert(line != summary.alignment.end());
    return line->cosine;
}

}  // namespace

FreeRun run_freely(const Model& model) {
    Run run(model);
    run.begin(nullptr);
    while (run.advance()) {
    }
    const RunSummary summary = run.finish();
    return {summary.loss, cosine_of_all(model, summary.diagnosis)};
}

Ladder climb(const std::string& path, const Overrides& overrides, int seeds,
             const ReadingTrial& trial) {
    const Model model = load_model(ModelSource(path, trial), overrides);
    const std::vector<RungSource> rungs = rungs_of(model);
    Overrides of_all = overrides;
    of_all.append({fmt::format("run.steps={}", model.steps)});
    Ladder ladder{.rungs = {},
                  .compared_steps = std::min(model.steps, most_compared_steps),
                  .steps = model.steps,
                  .seeds = seeds,
                  .first_seed = model.seed};
    std::vector<std::vector<FreeRun>> runs(rungs.size());
    for (int k = 0; k < seeds; ++k) {
        Overrides all = of_all;
        all.append({fmt::format("run.seed={}", std::int64_t{model.seed} + k)});
        compare_updates(ladder, rungs, all);
        for (std::size_t rung = 0; rung < rungs.size(); ++rung)
            runs[rung].push_back(run_freely(loaded(rungs[rung], all)));
    }
    for (std::size_t rung = 0; rung < rungs.size(); ++rung)
        summarize(ladder.rungs[rung], runs[rung]);
    return ladder;
}

}  // namespace apical
