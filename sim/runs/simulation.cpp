#include "sim/runs/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/loss_kind.hpp"
#include "sim/diagnosis/diagnosis.hpp"
#include "sim/engine/initialize.hpp"
#include "sim/runs/archive.hpp"
#include "sim/runs/engine_version.hpp"
#include "sim/simulation/start_bounds.hpp"

namespace apical {

namespace {

// `data` gets the datasets that the run reads.
State state_of(const Model& model, const Program& program, bool initialized, std::string& data) {
    State state(program);
    std::vector<DataSource> read;
    if (initialized) {
        read = initialize(state, model.circuit, model.seed, model.directory);
        check_starts(model.circuit, state);
    }
    data = text_of(with_presented(model, std::move(read)));
    return state;
}

std::size_t count_of(const Slot& slot) {
    return static_cast<std::size_t>(slot.rows) * static_cast<std::size_t>(slot.columns);
}

}  // namespace

std::vector<DataSource> with_presented(const Model& model, std::vector<DataSource> initial) {
    for (const std::vector<DataSource>& more : {model.task->data(), model.noise->data()})
        initial.insert(initial.end(), more.begin(), more.end());
    return initial;
}

Program optimised_program(const Model& model) {
    return optimised_program(model.program, model.passes);
}

Plan optimised_plan(const Model& model, State& state, Workers& workers, const Kernels& kernels) {
    return optimised_plan(state, model.passes, kernels, &workers);
}

Simulation::Simulation(const Model& model, int threads, Start start)
    : model_((check_runnable(model), model)),
      program_(optimised_program(model)),
      state_(state_of(model, program_, start == Start::initial, data_)),
      workers_(threads),
      plan_(optimised_plan(model, state_, workers_, *model.kernels)) {}

Simulation::~Simulation() = default;

void Simulation::begin(Recorder* recorder) {
    if (scheduler_) throw Error(ExitCode::usage, "a simulation begins once, before its first step");
    if (recorder) recorder->begin(program_);
    recorder_ = recorder;
    if (model_.diagnosed.any()) {
        // It repeats single operations.
        const Plan plain = Plan::compile(model_.program, state_, *model_.kernels);
        diagnosis_ = std::make_unique<Diagnosis>(measured(model_), plain, state_);
    }
    scheduler_.emplace(model_, plan_, state_, recorder, diagnosis_.get());
}

// What only observers look at is made in the last step, to be read after it.
std::int64_t Simulation::step(std::int64_t count, const StepObservers& observers) {
    check_whole();
    if (!scheduler_) begin();
    const std::int64_t first = steps(), last = first + std::min(count, model_.steps - first);
    if (first < last && recorder_) recorder_->check_open();
    bool ends = false;
    while (!ends && steps() < last) {  // an observer may step it, too, or restore it
        ends = observers.stop && observers.stop->asked();
        scheduler_->observe(ends || steps() + 1 == last);
        is_broken_ = true;
        scheduler_->run_to(steps() + 1);
        if (steps() == model_.steps) scheduler_->check_numbers();
        is_broken_ = false;
        observers.progress.tell({steps(), model_.steps, loss_sum(), scheduler_->loss_steps()});
    }
    scheduler_->observe(false);
    return steps() - first;
}

// A step or a restoration that failed has changed some numbers and not others.
void Simulation::check_whole() const {
    if (is_broken_)
        throw Error(ExitCode::usage,
                    "the last step, or what was restored, failed; a simulation goes on from a "
                    "restored one");
}

const Slot& Simulation::known(SlotId slot) const {
    if (slot.value >= program_.slots.size())
        throw Error(ExitCode::usage, fmt::format("there is no such slot in {}; expected one that "
                                                 "`find` returned",
                                                 model_.path));
    return program_[slot];
}

SlotId Simulation::find(std::string_view address) const {
    const SlotId slot = program_.find(address);
    if (slot) return slot;
    if (address == "loss")
        throw Error(ExitCode::usage, fmt::format("there is no \"loss\" in {}: its circuit has {}",
                                                 model_.path, why_no_loss(model_.circuit)));
    std::vector<std::string> known;
    for (const Slot& one : program_.slots) {
        if (one.what != What::intermediate) known.push_back(one.name);
    }
    throw Error(ExitCode::usage,
                fmt::format("there is no \"{}\" in {}.{}", on_one_line(shortened(address)),
                            model_.path, did_you_mean(address, known)));
}

std::vector<double> Simulation::read(SlotId slot) const {
    std::vector<double> numbers(count_of(known(slot)));
    if (scheduler_) scheduler_->flush();
    state_.read(slot, numbers.data());
    return numbers;
}

// What is deferred is flushed first, since it would be added to what is written.
void Simulation::write(SlotId slot, std::span<const double> numbers) {
    const Slot& written = known(slot);
    if (numbers.size() != count_of(written))
        throw Error(ExitCode::usage, fmt::format("\"{}\" has {} numbers; {} were given",
                                                 written.name, count_of(written), numbers.size()));
    if (scheduler_) scheduler_->flush();
    state_.write(slot, numbers.data());
}

std::vector<char> Simulation::save() {
    check_whole();
    std::int64_t step = steps();
    if (step == 0)
        throw Error(ExitCode::usage, "a simulation can be saved after its first step only");
    Archive archive = Archive::in_memory();
    archive.same(engine_version(), "the engine");
    archive(step);
    scheduler_->flush();
    persist_numbers(archive);
    persist_rest(archive, step, true);
    archive.finish();
    return archive.written();
}

void Simulation::restore(std::span<const char> saved) {
    if (recorder_) throw Error(ExitCode::usage, "a simulation that is recorded cannot be restored");
    Archive archive = Archive::of_memory(saved);
    std::int64_t step = 0;
    archive.same(engine_version(), "the engine");
    archive(step);
    if (!scheduler_) begin();
    is_broken_ = true;
    persist_numbers(archive);
    persist_rest(archive, step, true);
    archive.finish();
    is_broken_ = false;
}

void Simulation::record_start() {
    if (!scheduler_) begin();
    scheduler_->record_start();
}

std::string archived_name(const Slot& slot) {
    if (!slot.places) return slot.name;
    return fmt::format("{} at the synapses {:016x}", slot.name, slot.places->hash());
}

void Simulation::persist_numbers(Archive& archive) {
    archive.same(static_cast<std::int64_t>(program_.slots.size()), "the number of slots");
    for (std::size_t i = 0; i < program_.slots.size(); ++i) {
        const std::span<double> numbers = state_.line(SlotId(i));
        const Slot& slot = program_.slots[i];
        archive.same(archived_name(slot), slot.places
                                              ? fmt::format("which synapses \"{}\" has", slot.name)
                                              : std::string("the name of a slot"));
        archive.same(std::int64_t{slot.rows}, fmt::format("the rows of \"{}\"", slot.name));
        archive.same(std::int64_t{slot.columns}, fmt::format("the columns of \"{}\"", slot.name));
        archive.same(static_cast<std::int64_t>(numbers.size()),
                     fmt::format("the size of \"{}\"", slot.name));
        archive.numbers(numbers);
    }
}

// Data that the run goes on to read must be unchanged; data that it began with need not be there.
void Simulation::take_data(Archive& archive, std::string data) {
    const std::string other = differing_data(data_presented(data), data_presented(data_));
    if (!other.empty())
        archive.reject(
            fmt::format("is of a run whose task or noise read other data than there is "
                        "now in {}",
                        other));
    data_ = std::move(data);
}

void Simulation::persist_rest(Archive& archive, std::int64_t step, bool same_task) {
    archive.same(step, "the step");
    if (step > model_.steps)
        archive.reject(fmt::format("is of step {}, but the run ends after {}", step, model_.steps));
    std::string data = data_;
    archive(data);
    if (same_task) take_data(archive, std::move(data));
    archive(*scheduler_);
    if (steps() != step) archive.reject(fmt::format("is of step {}, not of {}", steps(), step));
    if (diagnosis_) archive(*diagnosis_);
    persist_task(archive, same_task);
}

void Simulation::persist_task(Archive& archive, bool same_task) {
    std::vector<double> memory = scheduler_->task().memory();
    const std::size_t size = memory.size();
    archive(memory);
    if (!archive.is_read() || !same_task) return;
    if (memory.size() != size) archive.reject("has another memory of the task than this run");
    scheduler_->task().recall(scheduler_->presented(), memory);
}

}  // namespace apical
