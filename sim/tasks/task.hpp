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
    std::string name;   // "nothing known"
    double loss = 0.0;  // as `loss` below: nats, or half the mean square
};

// A named stretch of a trial: its steps from `from` on to before `to`, counted from 0.
struct Period {
    std::string name;
    std::int64_t from = 0, to = 0;
};

// How long a trial is, its periods, and of which type it is, from 0 on.
struct TrialShape {
    std::int64_t steps = -1;  // -1: the trial has no end
    std::vector<Period> periods = {};
    int type = 0;
};

// A run's way through its task, step by step. Numbers have no unit.
class Presentation {
public:
    virtual ~Presentation() = default;
    // Writes the input (`inputs` numbers of the task's shape) and the label (`outputs` numbers, or
    // none when the circuit has no label: then the input alone) of a step. Steps are numbered from
    // 1 and presented in order; an earlier one begins again. Allocates nothing after the first.
    virtual void present(std::int64_t step, std::span<double> input, std::span<double> label) = 0;
    // The task's own state between two steps, for a checkpoint, as many numbers after every step;
    // `recall` restores it, so that `step` counts as the last step presented.
    virtual std::vector<double> memory() const { return {}; }
    virtual void recall(std::int64_t /*step*/, std::span<const double> /*memory*/) {}
};

// The world outside the circuit: one input and one label in each step, the same for the same seed
// and step. A task is the same for all runs; each has a presentation of its own.
class Task {
public:
    virtual ~Task() = default;
    virtual TaskShape shape() const = 0;
    virtual std::vector<Bound> bounds() const { return {}; }
    // The number of steps that the task can present; -1 when there is no end.
    virtual std::int64_t steps() const { return -1; }
    // The trial of this number, counted from 0, whose first step follows the last one of the trial
    // before. Every trial has an end, or the first one has none; all have periods of the same
    // names. Steps between trials (`trial.gap` of a model) are not presented and not counted.
    virtual TrialShape trial(std::int64_t /*k*/) const { return {}; }
    // The periods in which the loss counts unless a model says others; none: the whole trial.
    virtual std::vector<std::string> counts() const { return {}; }
    // Whether a trial asks for one answer, so that the label is one and the same in all of its
    // steps that count. A choice is then that of a trial, and not of a step.
    virtual bool asks_once() const { return false; }
    // Whether labels say one of several classes though their errors are squared.
    virtual bool asks_class() const { return false; }
    // Whether a single output is asked for one of two labels of one size, by its sign.
    virtual bool asks_sign() const { return false; }
    // The parts that the data lie in, "train" first; none of a task that has no such.
    virtual std::vector<std::string> splits() const { return {}; }
    // Begins before the first step. The task must outlive it.
    virtual std::unique_ptr<Presentation> begin() const = 0;
    // The datasets that the task presents, as they were when the task was made.
    virtual std::vector<DataSource> data() const { return {}; }
    // The names of the random streams that the task draws from.
    virtual std::vector<std::string> streams() const { return {}; }
};

// The loss of one step, from the output's voltages v, before anything changes: with softmax the
// cross-entropy -sum_k label_k log softmax(v)_k, in nats; with linear (sum_k (v_k - label_k)^2) /
// (2 n), n = label.size(). Both spans have one number for each output, at least one.
double loss(Activation readout, std::span<const double> voltage, std::span<const double> label);

}  // namespace apical
