#include "sim/verify/gradient_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/adjoint/given_steps.hpp"
#include "sim/engine/gate_delays.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/simulation/trial_clock.hpp"

namespace apical {

namespace {

constexpr std::array<double, 4> distances = {2e-3, 5e-4, 1.25e-4, 3.125e-5};
// Two differences that are further apart, over the largest entry, are at a corner of the loss.
constexpr double agreement = 1e-6;
// A set whose gradient is smaller than this share of the largest of all is held to that share,
// since differences of one loss have one rounding.
constexpr double smallest_share = 1e-3;

void check(const char* name, double value, double least, double most) {
    if (value >= least && value <= most) return;
    throw Error(ExitCode::usage, fmt::format("`{}` is {}; expected a number from {} to {:.0e}",
                                             name, value, least, most));
}

GradientCheckOptions checked(const GradientCheckOptions& options, const Model& model) {
    check("entries", options.entries, 1, 1e6);
    check("tolerance", options.tolerance, std::numeric_limits<double>::min(), 1e-3);
    check("settle", static_cast<double>(options.settle), 0, 1e6);
    check("window", static_cast<double>(options.window), 1, 1e5);
    GradientCheckOptions all = options;
    const std::int64_t steps = model.task->steps();
    if (steps < 0) return all;
    if (steps < 1) throw Error(ExitCode::usage, "the task has no steps");
    all.window = std::min(all.window, steps);
    all.settle = std::min(all.settle, steps - all.window);
    return all;
}

bool has_spikes(const Circuit& circuit) {
    return std::any_of(circuit.populations.begin(), circuit.populations.end(),
                       [](const Population& cells) { return cells.spikes.has_value(); });
}

AdjointProgram adjoint_of(const Model& model) {
    AdjointOptions options;
    options.smooth_spikes = has_spikes(model.circuit);
    return make_adjoint(model.program, model.circuit, options);
}

class Checking {
public:
    Checking(const Model& model, const GradientCheckOptions& options)
        : model_(model),
          options_(checked(options, model)),
          program_(adjoint_of(model)),
          run_(program_, *model.kernels, static_cast<std::size_t>(options_.window),
               StrengthsOf::now),
          given_(run_) {}

    GradientCheck result() {
        learn();
        take_steps();
        start_ = run_.state().snapshot();
        loss_ = given_.perform(first());
        if (!std::isfinite(loss_))
            throw Error(ExitCode::numerical_failure,
                        fmt::format("the loss of the {} steps after step {} is no finite number",
                                    options_.window, options_.settle));
        run_.whole();
        run_.keep_tape(false);
        GradientCheck found;
        found.options = options_;
        found.operations = numbers_of_operations(program_.dynamics.performed);
        found.is_of_surrogate = program_.has_spikes;
        found.remembers = program_.dynamics.remembers;
        name_sets_without(found);
        for (std::size_t k = 0; k < program_.sets.size(); ++k) {
            const std::span<const double> all = run_.gradient(k);
            gradients_.emplace_back(all.begin(), all.end());
            for (const double one : all) largest_ = std::max(largest_, std::abs(one));
        }
        for (std::size_t k = 0; k < program_.sets.size(); ++k) found.sets.push_back(hold(k));
        return found;
    }

private:
    std::int64_t first() const { return options_.settle + 1; }

    // The numbers of the dynamics are those of a run that has learned for a while.
    void learn() {
        Simulation simulation(model_);
        simulation.begin();
        if (options_.settle > 0) simulation.step(options_.settle);
        simulation.scheduler().flush();
        run_.take(simulation.state());
        for (std::size_t i = 0; i < program_.forward.slots.size(); ++i)
            if (program_.forward.slots[i].what == What::event)
                std::ranges::fill(run_.state().numbers(SlotId(i)), 0.0);
    }

    // Inputs, labels and draws of the steps to come; gates move as they would.
    void take_steps() {
        const RunStreams streams = run_streams(model_);
        const Noise noise(program_.forward, streams, model_.directory, last());
        const GateDelays delays(program_.forward, model_.circuit, streams);
        const std::unique_ptr<Presentation> task = model_.task->begin();
        const StateSnapshot before = run_.state().snapshot();
        const TaskShape shape = model_.task->shape();
        std::vector<double> input(static_cast<std::size_t>(shape.inputs)),
            label(static_cast<std::size_t>(shape.outputs));
        if (!model_.circuit.find_role(Role::label)) label.clear();
        std::optional<TrialClock> clock;
        if (model_.circuit.trials)
            clock.emplace(model_.circuit, *model_.task, streams, run_.state());
        for (std::int64_t step = 1; step <= last(); ++step) {
            if (clock) clock->begin_step();
            present(*task, clock, step, input, label);
            if (step < first()) continue;
            put(Role::input, input);
            put(Role::label, label);
            noise.draw(step, run_.state());
            const std::size_t loss =
                !clock || clock->counts() ? loss_phase(step) : AdjointRun::no_loss;
            given_.take_step(loss);
            run_.step(step, loss, [&](std::size_t phase) {
                for (const LateMove& move : delays.of(phase)) draw_delay(move, step, run_.state());
                given_.take(phase);
            });
        }
        run_.forget();
        run_.state().restore(before);
    }
    // In a gap nothing is shown.
    static void present(Presentation& task, const std::optional<TrialClock>& clock,
                        std::int64_t step, std::vector<double>& input, std::vector<double>& label) {
        if (!clock || clock->is_in_trial())
            return task.present(clock ? clock->presented() : step, input, label);
        std::ranges::fill(input, 0.0);
        std::ranges::fill(label, 0.0);
    }
    // The first phase with a loss that the step has, and that is open.
    std::size_t loss_phase(std::int64_t step) {
        for (const PhaseId phase : model_.circuit.loss_phases()) {
            const Phase& one = model_.circuit[phase];
            const SlotId open = one.window
                                    ? program_.forward.clock_of(std::string(clock_name::window) +
                                                                model_.circuit[one.window].name)
                                    : SlotId();
            const bool is_open = !open || *run_.state().data(open) == 1.0;
            if (is_open && one.steps.contain(step)) return phase.value;
        }
        return AdjointRun::no_loss;
    }
    std::int64_t last() const { return options_.settle + options_.window; }

    void put(Role role, const std::vector<double>& numbers) {
        const PopulationId cells = model_.circuit.find_role(role);
        const SlotId slot = cells ? model_.program.rate_of(cells) : SlotId();
        if (slot && program_.forward[slot].what != What::intermediate)
            std::ranges::copy(numbers, run_.state().data(slot));
    }

    void name_sets_without(GradientCheck& found) const {
        for (std::size_t i = 0; i < model_.program.slots.size(); ++i) {
            const Slot& slot = model_.program.slots[i];
            const std::vector<SlotId>& sets = program_.dynamics.sets;
            if (slot.what == What::strength &&
                std::find(sets.begin(), sets.end(), SlotId(i)) == sets.end())
                found.without.push_back(slot.name);
        }
    }

    CheckedSet hold(std::size_t set) {
        const SlotId strength = program_.sets[set].strength;
        const Slot& slot = program_.forward[strength];
        CheckedSet found{.name = model_.program[strength].name};
        for (const double one : gradients_[set])
            found.largest = std::max(found.largest, std::abs(one));
        const double scale = std::max(found.largest, smallest_share * largest_);
        for (const std::size_t number : drawn(slot, set)) {
            const std::size_t place = entry_of(slot, number).place;
            const double difference = best_difference(run_.state().data(strength)[place], scale);
            run_.state().restore(start_);
            if (std::isnan(difference)) {
                ++found.left_out;
                continue;
            }
            ++found.entries;
            found.apart = std::max(found.apart, std::abs(difference - gradients_[set][place]));
        }
        found.error = scale > 0.0 ? found.apart / scale : 0.0;
        return found;
    }

    // Without repetition.
    std::vector<std::size_t> drawn(const Slot& slot, std::size_t set) const {
        const Stream stream(model_.seed, "verify/entries");
        std::vector<std::size_t> all(entries_of(slot));
        for (std::size_t k = 0; k < all.size(); ++k) all[k] = k;
        const std::size_t count = std::min(all.size(), static_cast<std::size_t>(options_.entries));
        for (std::size_t k = 0; k < count; ++k) {
            const auto left = static_cast<double>(all.size() - k);
            std::swap(all[k], all[k + static_cast<std::size_t>(stream.uniform(set, k) * left)]);
        }
        all.resize(count);
        return all;
    }

    double loss_with(double& strength, double value) {
        run_.state().restore(start_);
        strength = value;
        return given_.perform(first());
    }

    // NaN where no two neighbours agree.
    double best_difference(double& strength, double scale) {
        run_.state().restore(start_);
        const double at = strength;
        std::array<double, distances.size()> all = {};
        for (std::size_t k = 0; k < distances.size(); ++k) {
            const double h = distances[k];
            const double near = loss_with(strength, at + h) - loss_with(strength, at - h);
            const double far = loss_with(strength, at + 2 * h) - loss_with(strength, at - 2 * h);
            all[k] = (8 * near - far) / (12 * h);
        }
        double best = std::numeric_limits<double>::quiet_NaN(), least = agreement * scale;
        for (std::size_t k = 0; k + 1 < all.size(); ++k) {
            const double apart = std::abs(all[k] - all[k + 1]);
            if (apart > least) continue;
            least = apart;
            best = 0.5 * (all[k] + all[k + 1]);
        }
        return best;
    }

    const Model& model_;
    GradientCheckOptions options_;
    AdjointProgram program_;
    AdjointRun run_;
    GivenSteps given_;
    StateSnapshot start_;
    double loss_ = 0.0, largest_ = 0.0;
    std::vector<std::vector<double>> gradients_;  // by set, as State::numbers
};

}  // namespace

bool GradientCheck::hold() const {
    return std::all_of(sets.begin(), sets.end(), [&](const CheckedSet& set) {
        return set.entries > 0 && set.error <= options.tolerance;
    });
}

GradientCheck check_gradient(const Model& model, const GradientCheckOptions& options) {
    check_runnable(model);
    return Checking(model, options).result();
}

}  // namespace apical
