#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"

namespace apical {

// A known value of the mean loss, to compare a result with.
struct Bound {
    std::string name;  // "nothing known"
    double loss = 0.0;
};

// A run's way through its task, step by step.
class Presentation {
public:
    virtual ~Presentation() = default;
    // Writes the input and the label of a step, as many numbers as the task's shape says. Steps are
    // numbered from 1 and presented in order; an earlier one begins again. Allocates nothing after
    // the first.
    virtual void present(std::int64_t step, std::span<double> input, std::span<double> label) = 0;
    // The task's own state after the step that was presented last, for a checkpoint; `recall`
    // restores it.
    virtual std::vector<double> memory() const { return {}; }
    virtual void recall(std::int64_t /*step*/, std::span<const double> /*memory*/) {}
};

// The world outside the circuit: one input and one label a step, the same for the same seed and
// step. A task is the same for all runs; each has a presentation of its own.
class Task {
public:
    virtual ~Task() = default;
    virtual TaskShape shape() const = 0;
    virtual std::vector<Bound> bounds() const { return {}; }
    // Steps it can present; -1 when there is no end.
    virtual std::int64_t steps() const { return -1; }
    // Begins before the first step. The task must outlive it.
    virtual std::unique_ptr<Presentation> begin() const = 0;
    // The datasets that it presents, as they were when it was made.
    virtual std::vector<DataSource> data() const { return {}; }
    // The random streams that it draws from.
    virtual std::vector<std::string> streams() const { return {}; }
};

// Makes the task that [task] describes. `seed` is the run's; paths are relative to `directory`,
// that of the model file. Throws Error{bad_model} or Error{no_such_input}.
std::unique_ptr<Task> make_task(const Section& task, std::uint32_t seed,
                                const DataFolder& directory);

// The keys of [task] that its kind does not use.
std::vector<std::string> unused_keys(const Section& task);

// "softmax" or "linear", as [task] and run files say it.
std::string name_of_readout(Activation readout);

// The loss of one step before anything changes. Softmax: cross-entropy -sum_k label_k log
// softmax(v)_k in nats, from the output's voltages; linear: half the mean over k of (v_k -
// label_k)^2.
double loss(Activation readout, std::span<const double> voltage, std::span<const double> label);

}  // namespace apical
