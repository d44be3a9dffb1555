#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/state.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/simulation/trial_reward.hpp"
#include "sim/tasks/trial_lengths.hpp"

namespace apical {

// Where a run is in its trials. Before each step it sets the numbers of windows, of beginnings and
// ends in the state, and draws what a trial begins with; behind each loss it adds it up. Where a
// step lies follows from its number alone; the sums of losses are all that has to be saved.
class TrialClock {
public:
    // All references must outlive it. The state is of a program with the circuit's trials.
    TrialClock(const Circuit& circuit, const Task& task, const RunStreams& streams, State& state);

    // Steps are counted from 1. The next one that begins is the one behind `step`.
    void go_to(std::int64_t step);
    // A step begins, the one behind the last.
    void begin_step();

    // ---- of the present step
    bool is_in_trial() const { return place_ < trial_.steps; }  // else in the gap behind one
    bool counts() const { return counts_; }                     // its loss
    bool ends_trial() const { return place_ + 1 == trial_.steps; }
    // Its number among those that the task presents: steps of gaps are not counted.
    std::int64_t presented() const { return presented_; }
    std::int64_t number() const { return number_; }  // of the trial, from 0
    std::int64_t first_step() const { return first_; }
    std::int64_t steps() const { return trial_.steps; }
    int type() const { return trial_.type; }

    // A loss of the present step is taken, of what was judged against its label.
    void add_loss(double loss, std::span<const double> judged, std::span<const double> label) {
        if (reward_) {
            reward_->add(loss, judged, label);
            if (ends_trial()) reward_->show();
        }
        sum_ += loss;
        ++counted_in_trial_;
        ++counted_;
        if (ends_trial() && loss_) *loss_ = mean_of_trial();
    }
    double mean_of_trial() const;  // over its steps that have counted so far
    // Steps of the run whose loss has counted.
    std::int64_t counted() const { return counted_; }

    template <class Archive>
    void persist(Archive& archive) {
        archive(sum_, counted_in_trial_, counted_);
        if (reward_) archive(*reward_);
    }

private:
    struct Drawn {
        const Initializer* init;
        Stream stream;
        double* out;
        std::size_t count;
    };
    double* number_of(std::string_view clock);
    double* measured(std::string_view address);
    void set_measures();
    void begin_trial();
    void set_numbers();
    void draw() const;

    const Trials& trials_;
    TrialLengths lengths_;
    State& state_;
    std::vector<WindowSteps> windows_;
    std::vector<double*> open_;  // by window: its number
    double *counting_, *begins_, *ends_, *batch_ends_;
    double *loss_, *measured_number_, *measured_first_, *measured_steps_, *measured_type_;
    std::vector<Drawn> drawn_;
    std::unique_ptr<TrialReward> reward_;  // null where nothing reads it
    TrialLengths::Trial trial_;
    std::int64_t number_ = -1, first_ = 1, place_ = 0, presented_ = 0;
    bool counts_ = false;
    double sum_ = 0.0;
    std::int64_t counted_in_trial_ = 0, counted_ = 0;
};

}  // namespace apical
