#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "sim/engine/gate_delays.hpp"
#include "sim/engine/interventions.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/model/model.hpp"
#include "sim/simulation/backpropagation.hpp"
#include "sim/simulation/event_queue.hpp"
#include "sim/simulation/trial_clock.hpp"

namespace apical {

class Diagnosis;

// Takes events from the queue in order of time and does what each one says. One step is: input,
// label and noise; then for each phase its beginning, at which gates move, or when they will is
// drawn; moves that are late, which are in the gate's mean over the phase from its beginning on;
// the phase's end, at which its operations are carried out and the rates, voltages and signals are
// checked to be finite, and samples; then the step's end, at which values are remembered. (A
// strength that is no longer finite shows in the first voltage it makes.) Between events voltages
// relax by their exact solution (`relax`).
class Scheduler {
public:
    // The plan performs the state's program, which is the model's or performs that.
    // `recorder` and `diagnosis`, which only watches, may be null. All references must outlive the
    // scheduler.
    Scheduler(const Model& model, const Plan& plan, State& state, Recorder* recorder,
              Diagnosis* diagnosis = nullptr);

    // Gives the recorder the state that the next step begins with, as its first rows.
    void record_start();
    // The next step is the run's last, though more were planned (Recorder::end_with).
    void end_with_next();

    // Runs to the end of this step. Allocates nothing unless the recorder writes or a diagnosis
    // watches. Throws Error{numerical_failure} naming step, phase and address when a number is no
    // longer finite, Error{input_output_error} from the recorder. Numbers at synapses that show in
    // no voltage are looked at after every thousandth step.
    void run_to(std::int64_t step);
    // Looks at all numbers at a step's end. Throws Error{numerical_failure} when one is not finite.
    void check_numbers() const;
    // Runs to the end of the present step's last phase, before the step's end moves what is
    // remembered: what its operations worked with is still there. `run_to` goes on from here.
    void run_phases();
    // Runs until the present step's loss has been taken, and returns whether there is one; a step
    // without a loss is run to its end. `run_to` goes on from here. What was compared is there
    // until then: phases to come may make it anew.
    bool run_to_loss();
    std::span<const double> judged() const { return judged_; }  // none of a circuit without a loss
    std::span<const double> target() const { return target_; }
    Activation readout() const { return readout_; }  // of the loss
    // Whether the steps to come make what only observers look at, also where nobody samples it.
    void observe(bool always) { observes_ = always || diagnosis_; }
    // Makes all numbers of the state those of the program at the end of a step: with a fused plan
    // strengths may be stale until then (Plan::flush).
    void flush() const { plan_.flush(); }

    // Saves or reads, at a step's end, what the state does not have. Once read, the run goes on
    // after that step.
    // Throws what the archive throws.
    template <class Archive>
    void persist(Archive& archive) {
        archive(step_, events_, loss_sum_);
        if (trials_) archive(*trials_);
        if (past_) archive(*past_);
        constexpr std::int64_t most = INT64_MAX / 2;  // nanoseconds
        if (step_ < 1 || step_ > most / step_length_) archive.reject("is of no step");
        if (archive.is_read()) begin_after(step_);
    }

    std::int64_t step() const { return step_; }  // completed
    // The loss of the last step, and of all steps so far; not a number when the circuit has none.
    double loss() const { return loss_ ? *loss_ : std::numeric_limits<double>::quiet_NaN(); }
    double loss_sum() const { return loss_ ? loss_sum_ : std::numeric_limits<double>::quiet_NaN(); }
    // The steps whose losses are in that sum: all, or of a run in trials those that counted.
    std::int64_t loss_steps() const { return trials_ ? trials_->counted() : step_; }
    const TrialClock* trials() const { return trials_.get(); }  // null of a run without
    // The steps that the task has presented: all but those between trials.
    std::int64_t presented() const { return trials_ ? trials_->presented() : step_; }
    std::int64_t events() const { return events_; }  // handled so far
    Presentation& task() { return *task_; }

private:
    // What is known of a phase whose iterations are events; `count` is 1 of any other.
    struct Turns {
        std::size_t first = 0, last = 0;  // phases
        int count = 1;
        std::int64_t length = 0;   // nanoseconds, from one turn to the next
        int begun = 0, ended = 0;  // in the present step
    };

    std::vector<std::uint32_t> checked(std::size_t phase) const;
    void find_loss();
    void find_loss_phase();
    void find_written();
    void find_observed();
    void begin_after(std::int64_t step);
    void start();
    void take_event();
    void present();
    void present_in_trial();
    void begin_phase(const Event& event);
    void begin_interventions(const Event& event);
    void go_back(const Event& event);
    void draw_moves(const Event& event);
    void end_phase(std::size_t phase);
    void find_turns();
    bool is_within_phase(const Event& event) const;
    std::size_t phase_before(std::size_t phase) const;
    void push_phases(std::int64_t begin);
    void begin_turn(const Event& event);
    void end_turn(const Event& event);
    void end_turns(const Turns& turns);
    void take_loss() {
        *loss_ = apical::loss(readout_, judged_, target_);
        loss_sum_ += *loss_;
        if (trials_) trials_->add_loss(*loss_, judged_, target_);
    }
    void postpone_turn(const Event& event, int& turn);
    void sample_iteration(std::size_t phase, int iteration);
    void sample(const Event& event);
    void end_step();
    void record_event(const Event& event);
    void record_gates(std::size_t phase, double ms);
    void record_interventions(std::int64_t begin, std::int64_t end);
    [[noreturn]] void fail(std::size_t phase) const;
    [[noreturn]] void fail_with(const Operation& op, SlotId bad) const;

    const Circuit& circuit_;
    const Program& program_;
    const Plan& plan_;
    State& state_;
    std::unique_ptr<Presentation> task_;
    const Noise& noise_;
    std::unique_ptr<TrialClock> trials_;     // null of a run without trials
    std::vector<const double*> phase_open_;  // by phase: the number of its window; null: always
    GateDelays delays_;
    Interventions interventions_;
    std::unique_ptr<Backpropagation> past_;  // null where no rule goes back through it
    bool acts_at_beginnings_ = false;        // of phases, beside the gates
    Recorder* recorder_;
    Diagnosis* diagnosis_;
    EventQueue queue_;
    const Kernels& kernels_;
    std::vector<std::int64_t> phase_end_;     // nanoseconds from the step's beginning
    std::vector<std::string> event_names_;    // what each phase's events say in a run file
    std::vector<Turns> turns_;                // by phase
    std::vector<std::size_t> iterated_axes_;  // that sample each iteration
    std::int64_t step_length_ = 0;
    std::int64_t step_ = 0, present_step_ = 0, events_ = 0;
    std::size_t loss_phase_ = SIZE_MAX;     // none
    std::vector<std::size_t> loss_phases_;  // in the first of a step it is taken
    bool loss_may_move_ = false;            // from phase to phase
    Activation readout_;
    std::span<double> input_, label_;
    std::span<const double> judged_, target_;  // which the loss compares
    double* loss_ = nullptr;
    double loss_sum_ = 0.0;
    bool recording_events_ = false;
    std::vector<std::vector<Range>> written_;  // by phase: vectors to check
    std::vector<bool> flushes_;                // by axis, whether it samples what may be stale
    std::vector<std::int64_t> due_;            // by axis, the next step that it samples; -1: none
    std::vector<std::size_t> observing_;       // axes that sample what the plan makes for observers
    bool observes_ = false;                    // every step
    bool observed_ = false;                    // the present step
};

}  // namespace apical
