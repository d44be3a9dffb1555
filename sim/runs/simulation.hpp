#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/plan/plan.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"
#include "sim/simulation/scheduler.hpp"
#include "sim/system/listener.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

class Archive;
class Diagnosis;

// The datasets that a run reads: those that it begins with, and its task's and noise's.
std::vector<DataSource> with_presented(const Model& model, std::vector<DataSource> initial);

// What a run of the model performs: the program that its passes make of the model's, and the plan
// that they make for a state of that program, with these kernels (sim/engine/plan/passes.hpp).
// State and workers must outlive the plan.
Program optimised_program(const Model& model);
Plan optimised_plan(const Model& model, State& state, Workers& workers, const Kernels& kernels);

// The name of a slot in a checkpoint: of a set stored by rows it tells which synapses it has.
std::string archived_name(const Slot& slot);

// How far a run has got.
struct RunProgress {
    std::int64_t step = 0;   // completed
    std::int64_t steps = 0;  // planned
    double loss_sum = 0.0;   // over the completed ones, as Scheduler::loss_sum; may be no number
    std::int64_t loss_steps = 0;  // how many steps are in it
};

// Who follows a simulation while it steps.
struct StepObservers {
    const StopRequest* stop = nullptr;    // ends it after one step more; null: nothing does
    Listener<RunProgress> progress = {};  // hears of every step, on the thread that steps
};

// One run of a model, step by step: its way through the task, its numbers, plan and threads. The
// model is facts alone, so several simulations of one model may go on in several threads; each is
// used by one thread at a time.
//     Simulation simulation(model);
//     simulation.step(100);
//     const std::vector<double> strengths = simulation.read("W_rec");
class Simulation {
public:
    // Begins in the initial state. The model must outlive this. Large matrices are gone through by
    // so many threads, which make the same numbers as one. What goes on from a checkpoint
    // (`to_resume`) needs no initial values. Throws Error{bad_model} when the memory of the machine
    // cannot hold it, a dataset of initial values does not fit, or a number begins outside the
    // bounds to which its rule clips it; Error{usage} as `check_runnable`.
    enum class Start : std::uint8_t { initial, to_resume };
    explicit Simulation(const Model& model, int threads = 1, Start start = Start::initial);
    explicit Simulation(Model&& model, int threads = 1, Start start = Start::initial) = delete;
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    // Presents the first input and label, at most once, and lets a recorder, which may be null and
    // must outlive the steps, follow all of them. Without it the first `step` or `restore` begins.
    // Throws Error{usage} when it has begun, and as Recorder::begin.
    void begin(Recorder* recorder = nullptr);
    bool has_begun() const { return scheduler_.has_value(); }
    // Gives the recorder its first rows, of before the first step. Throws as
    // Recorder::sample_start.
    void record_start();

    // Makes so many steps, but none after the model's last one. Returns how many it made: fewer
    // when it was asked to stop, none for a negative count. Throws Error{numerical_failure} naming
    // step, phase and address (of numbers at synapses that nothing transmits: after every
    // thousandth step and the model's last), Error{input_output_error} from the recorder,
    // Error{usage} when that was closed. After a step that failed there is only `restore`:
    // Error{usage}. What an observer throws ends it, too, but after a whole step: it can go on.
    std::int64_t step(std::int64_t count = 1, const StepObservers& observers = {});
    std::int64_t steps() const { return scheduler_ ? scheduler_->step() : 0; }  // completed
    // Whether the model's steps have a loss. Without one `loss` and `loss_sum` are not numbers.
    bool has_loss() const { return model_.circuit.has_loss(); }
    // The loss of the last step, as `loss` of sim/tasks/task.hpp; 0 before the first one.
    double loss() const { return scheduler_ ? scheduler_->loss() : loss_at_start(); }
    // The sum of the losses of all completed steps.
    double loss_sum() const { return scheduler_ ? scheduler_->loss_sum() : loss_at_start(); }

    // The slot of an address ("hidden.r", "W_rec", "previous(hidden.r)"), as in listings. Throws
    // Error{usage} naming the nearest one.
    SlotId find(std::string_view address) const;
    // A slot's numbers after the last step of `step`: rows x columns, row-major; one of a scalar.
    std::vector<double> read(SlotId slot) const;
    std::vector<double> read(std::string_view address) const { return read(find(address)); }
    // Replaces them, between two steps or before the first one: as many numbers as `read` returns,
    // whatever they are (a step fails that makes no finite number of them).
    // What a step makes before anything reads it (inputs, labels, drives) is made anew, and `begin`
    // makes the values of a step ago from those of now: write these after it. Throws Error{usage}
    // for another count, and, as `read`, for a slot that is not set.
    void write(SlotId slot, std::span<const double> numbers);
    void write(std::string_view address, std::span<const double> numbers) {
        write(find(address), numbers);
    }

    // All that it knows after its last step, for this process. Throws Error{usage} before the first
    // step.
    std::vector<char> save();
    // Goes on from what a simulation of this model saved, as if it had never stopped; of another
    // model with the same slots, with its numbers. Throws Error{usage} when a recorder follows,
    // whose rows rise; Error{bad_model} when it does not fit, and then the numbers are undefined
    // and there is only `restore`, as after a step that failed. Changed bytes are not noticed.
    void restore(std::span<const char> saved);

    const Model& model() const { return model_; }
    // The datasets that it read, as `text_of` says.
    const std::string& data() const { return data_; }

    // The rest is for who drives a run to its end and saves it in files (sim/runs/run.hpp).

    // An exact Jacobian in it may not have been formed (sim/engine/plan/eliminate_jacobians.hpp).
    const State& state() const { return state_; }
    State& state() { return state_; }
    const Scheduler& scheduler() const { return *scheduler_; }
    Scheduler& scheduler() { return *scheduler_; }
    Diagnosis* diagnosis() const { return diagnosis_.get(); }  // null when nothing is measured
    // Callers flush first (Scheduler::flush): an archive has the slots alone, so that a plan of
    // other passes or with other rates goes on from it. (A State::snapshot has deferred changes,
    // too.)
    void persist_numbers(Archive& archive);
    // Persists all other memory, after `step` steps. The task of a branch may be another one
    // (`same_task` is false), and finds its way to the present step by itself.
    void persist_rest(Archive& archive, std::int64_t step, bool same_task);

private:
    double loss_at_start() const {
        return has_loss() ? 0.0 : std::numeric_limits<double>::quiet_NaN();
    }
    void check_whole() const;
    const Slot& known(SlotId slot) const;
    void take_data(Archive& archive, std::string data);
    void persist_task(Archive& archive, bool same_task);

    const Model& model_;
    Program program_;
    std::string data_;
    State state_;
    Workers workers_;
    Plan plan_;
    Recorder* recorder_ = nullptr;
    bool is_broken_ = false;
    std::unique_ptr<Diagnosis> diagnosis_;
    std::optional<Scheduler> scheduler_;
};

}  // namespace apical
