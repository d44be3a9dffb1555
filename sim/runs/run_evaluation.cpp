#include "sim/runs/run_evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

namespace {

// The model once more, as it was resolved: a Model is not copied.
Model loaded_again(const Model& model) {
    return load_model(ModelSource(model.path, model.resolved, model.directory.trial));
}

// All strengths, also those that nothing changes (a branch began with those of another run), and
// what else of learning decides what the frozen circuit does.
std::vector<SlotId> taken_from_run(const FrozenModel& frozen) {
    std::vector<SlotId> taken = frozen.taken;
    const Program& program = frozen.model.program;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const bool is_there = std::find(taken.begin(), taken.end(), SlotId(i)) != taken.end();
        if (program.slots[i].what == What::strength && !is_there) taken.push_back(SlotId(i));
    }
    return taken;
}

std::vector<std::vector<double>> initial_numbers(const FrozenModel& frozen,
                                                 const std::vector<SlotId>& taken) {
    Simulation simulation(frozen.model);
    const std::size_t slots = simulation.state().program().slots.size();
    std::vector<std::vector<double>> all(slots);
    for (std::size_t i = 0; i < slots; ++i) {
        if (std::find(taken.begin(), taken.end(), SlotId(i)) != taken.end()) continue;
        const std::span<double> line = simulation.state().line(SlotId(i));
        all[i].assign(line.begin(), line.end());
    }
    return all;
}

Evaluation failed() {
    Evaluation none;
    constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
    none.loss = {no_number, no_number};
    return none;
}

// The numbers of a row, in the order of sim/run_file/evaluation_rows.hpp.
std::vector<std::vector<double>> row_of(const Evaluation& found) {
    constexpr double percent = 100.0;
    std::vector<std::vector<double>> row = {{found.loss.mean}, {found.loss.error}};
    if (const auto& choices = found.choices) {
        row.push_back({percent * choices->error()});
        row.push_back({percent * choices->standard_error()});
        std::vector<double>& confusion = row.emplace_back();
        for (std::size_t label = 0; label < choices->classes(); ++label) {
            for (std::size_t choice = 0; choice < choices->classes(); ++choice)
                confusion.push_back(static_cast<double>(choices->confusion(label, choice)));
        }
    }
    if (const auto& nearness = found.nearness) {
        std::vector<double> squares, correlations;
        for (std::size_t k = 0; k < nearness->outputs(); ++k) {
            squares.push_back(nearness->mean_square(k));
            correlations.push_back(nearness->correlation(k));
        }
        row.push_back(std::move(squares));
        row.push_back(std::move(correlations));
    }
    return row;
}

}  // namespace

RunEvaluation::RunEvaluation(const Model& model, int threads)
    : every_(model.evaluation->every),
      run_steps_(model.steps),
      threads_(threads),
      frozen_(frozen_model(loaded_again(model), completed({}, model.evaluation))),
      taken_(taken_from_run(frozen_)),
      initial_(initial_numbers(frozen_, taken_)),
      validates_(model.evaluation->data == "validation") {}

std::int64_t RunEvaluation::next_after(std::int64_t step) const {
    if (every_ == 0 || step >= run_steps_ - run_steps_ % every_) return run_steps_;
    return (step / every_ + 1) * every_;
}

void RunEvaluation::write_strengths(const Simulation& run, Simulation& frozen) const {
    run.scheduler().flush();
    const Program& program = frozen.state().program();
    for (std::size_t i = 0; i < initial_.size(); ++i)
        std::copy(initial_[i].begin(), initial_[i].end(), frozen.state().line(SlotId(i)).begin());
    for (const SlotId slot : taken_) {
        const std::span<const double> learned = run.state().numbers(run.find(program[slot].name));
        std::copy(learned.begin(), learned.end(), frozen.state().numbers(slot).begin());
    }
}

void RunEvaluation::evaluate(const Simulation& run) {
    Simulation simulation(frozen_.model, threads_, Simulation::Start::to_resume);
    write_strengths(run, simulation);
    Evaluation found = failed();
    try {
        found = apical::evaluate(frozen_, simulation);
    } catch (const Error& error) {
        if (error.code() != ExitCode::numerical_failure) throw;
    }
    last_ = FrozenLoss{run.steps(), found.steps, found.trials, found.loss, {}};
    if (validates_ && found.loss.mean < (best_ ? best_->loss : HUGE_VAL))
        best_ = BestLoss{run.steps(), found.loss.mean};
    if (found.choices)
        last_->error = MeanError{found.choices->error(), found.choices->standard_error()};
    if (recorder_) record(run.steps(), found);
}

void RunEvaluation::record(std::int64_t step, const Evaluation& found) {
    const std::optional<std::size_t> axis = recorder_->evaluation_axis();
    if (!axis) return;
    std::vector<std::vector<double>> row = row_of(found);
    std::vector<const double*> numbers;
    const std::vector<Recorder::RecordedRow> all = recorder_->quantities(*axis);
    row.resize(all.size());
    for (std::size_t k = 0; k < all.size(); ++k) {
        std::size_t count = 1;
        for (const std::size_t size : all[k].shape) count *= size;
        row[k].resize(count, std::numeric_limits<double>::quiet_NaN());  // of one that failed
        numbers.push_back(row[k].data());
    }
    recorder_->repeat(*axis, step, numbers);
}

}  // namespace apical
