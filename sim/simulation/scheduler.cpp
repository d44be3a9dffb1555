#include "sim/simulation/scheduler.hpp"

#include <algorithm>

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/simulation/not_finite.hpp"

namespace apical {

namespace {

// Steps between two looks at all numbers. In between a strength shows in the voltages it makes;
// what a rule keeps at synapses may show nowhere.
constexpr std::int64_t looked_at_every = 1000;

// None when no cells have the role.
std::span<double> numbers(State& state, SlotId cells) {
    if (!cells) return {};
    return {state.data(cells), static_cast<std::size_t>(state.program()[cells].rows)};
}

// Null of a circuit without trials.
std::unique_ptr<TrialClock> clock_of(const Model& model, State& state) {
    if (!model.circuit.trials) return {};
    return std::make_unique<TrialClock>(model.circuit, *model.task, run_streams(model), state);
}

// Null of a program without a gradient of its own.
std::unique_ptr<Backpropagation> past_of(const Model& model, const Plan& plan, State& state) {
    if (!backpropagates(state.program())) return {};
    return std::make_unique<Backpropagation>(model, plan, state);
}

// The argument of an event in which a gate moves.
std::uint16_t argument_of(GateId gate, bool opens) {
    return static_cast<std::uint16_t>(2 * gate.value + (opens ? 1 : 0));
}

}  // namespace

Scheduler::Scheduler(const Model& model, const Plan& plan, State& state, Recorder* recorder,
                     Diagnosis* diagnosis)
    : circuit_(model.circuit),
      program_(state.program()),
      plan_(plan),
      state_(state),
      task_(model.task->begin()),
      noise_(*model.noise),
      trials_(clock_of(model, state)),
      delays_(program_, circuit_, run_streams(model)),
      interventions_(program_, circuit_, state),
      past_(past_of(model, plan, state)),
      acts_at_beginnings_(delays_.any() || interventions_.any() || past_),
      recorder_(recorder),
      diagnosis_(diagnosis),
      kernels_(*model.kernels),
      phase_end_(circuit_.phase_ends()),
      step_length_(circuit_.step_nanoseconds()),
      readout_(model.task->shape().readout) {
    for (const Phase& phase : circuit_.phases) event_names_.push_back(phase.name);
    find_turns();
    input_ = numbers(state_, program_.rate_of(circuit_.find_role(Role::input)));
    label_ = numbers(state_, program_.rate_of(circuit_.find_role(Role::label)));
    find_loss();
    find_written();
    find_observed();
    observe(false);
    start();
    begin_after(0);
}

// The loss is taken when the output first fires, or as [loss] says. A cross-entropy is of voltages,
// as is the loss of the output.
void Scheduler::find_loss() {
    if (!circuit_.has_loss()) return;
    const PopulationId output = circuit_.find_role(Role::output);
    if (const std::optional<StatedLoss>& stated = circuit_.loss) {
        readout_ = stated->readout;
        judged_ = numbers(state_, program_.judged(circuit_));
        target_ = numbers(state_, program_.rate_of(stated->against));
        if (stated->first_cell >= 0)
            target_ = target_.subspan(static_cast<std::size_t>(stated->first_cell), judged_.size());
    } else {
        judged_ = numbers(state_, program_.voltage_of(circuit_.soma(output)));
        target_ = label_;
    }
    for (const PhaseId phase : circuit_.loss_phases()) {
        loss_phases_.push_back(phase.value);
        loss_may_move_ |= !circuit_[phase].steps.is_each();
    }
    loss_may_move_ |= trials_ != nullptr;
    for (const Phase& phase : circuit_.phases) {
        const SlotId open =
            phase.window
                ? program_.clock_of(std::string(clock_name::window) + circuit_[phase.window].name)
                : SlotId{};
        phase_open_.push_back(open ? state_.data(open) : nullptr);
    }
    if (!loss_phases_.empty()) loss_phase_ = loss_phases_.front();
    loss_ = state_.data(program_.loss());
}

// Before the first step every remembered value is the initial one, and the label that of the first
// step: y*(0) := y*(1). What changes between two steps changes before the first one too.
void Scheduler::start() {
    task_->present(1, input_, label_);
    plan_.run_step_end(0);
    state_.fill_axons();
}

// The operations whose results are checked at a phase's end, in the program's order: what its steps
// perform, and in the first phase what happened since the last, but for what was only remembered.
std::vector<std::uint32_t> Scheduler::checked(std::size_t phase) const {
    std::vector<std::uint32_t> all;
    const auto add = [&](std::span<const Step> steps) {
        for (const Step& step : steps) {
            for (const std::uint32_t i : plan_.operations(step)) {
                if (program_.operations[i].kind != Kind::remember) all.push_back(i);
            }
        }
    };
    add(plan_.steps(phase));
    if (phase == 0) {
        add(plan_.step_end());
        for (std::uint32_t i = 0; i < program_.operations.size(); ++i) {
            if (is_from_outside(program_.operations[i])) all.push_back(i);
        }
    }
    std::sort(all.begin(), all.end());
    return all;
}

// Vectors and scalars among the results.
void Scheduler::find_written() {
    const std::span<const double> all = state_.vectors();
    written_.resize(phase_end_.size());
    for (std::size_t phase = 0; phase < written_.size(); ++phase) {
        std::vector<bool> lines(all.size() / lanes);
        const auto mark = [&](SlotId slot) {
            const std::span<const double> numbers = state_.numbers(slot);
            if (numbers.data() < all.data() || numbers.data() >= all.data() + all.size()) return;
            const auto first = static_cast<std::size_t>(numbers.data() - all.data()) / lanes;
            std::fill_n(lines.begin() + static_cast<std::ptrdiff_t>(first), numbers.size() / lanes,
                        true);
        };
        for (const std::uint32_t i : checked(phase)) mark(program_.operations[i].operands[0].slot);
        const bool may_take_loss =
            loss_may_move_ &&
            std::find(loss_phases_.begin(), loss_phases_.end(), phase) != loss_phases_.end();
        // That of a step that does not count is no number.
        if (!trials_ && (phase == loss_phase_ || may_take_loss)) mark(program_.loss());
        for (std::size_t k = 0; k < lines.size(); ++k) {
            if (!lines[k]) continue;
            std::vector<Range>& written = written_[phase];
            if (k == 0 || !lines[k - 1]) written.push_back({all.data() + k * lanes, 0});
            written.back().count += lanes;
        }
    }
}

// Nothing is deferred yet, and all events of the next step lie ahead.
void Scheduler::begin_after(std::int64_t step) {
    state_.discard_deferred();
    step_ = present_step_ = step;
    if (trials_) trials_->go_to(step);
    const std::size_t axes = recorder_ ? recorder_->sampled_count() : 0;
    queue_ = {};
    queue_.reserve(2 + 2 * phase_end_.size() + axes + delays_.count());
    const std::int64_t begin = step * step_length_;
    queue_.push({begin, EventKind::input});
    queue_.push({begin + step_length_, EventKind::step_end});
    push_phases(begin);
    due_.clear();
    for (std::size_t axis = 0; axis < axes; ++axis)
        due_.push_back(recorder_->next_step(axis, step));
}

void Scheduler::record_start() {
    if (recorder_) recorder_->sample_start(step_, state_);
}

void Scheduler::end_with_next() {
    if (!recorder_) return;
    recorder_->end_with(step_ + 1);
    for (std::size_t axis = 0; axis < due_.size(); ++axis)
        due_[axis] = recorder_->next_step(axis, step_);
}

void Scheduler::find_observed() {
    const std::size_t axes = recorder_ ? recorder_->sampled_count() : 0;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        flushes_.push_back(
            std::any_of(plan_.stale_slots().begin(), plan_.stale_slots().end(),
                        [&](SlotId slot) { return recorder_->samples(axis, slot); }));
        if (std::any_of(program_.operations.begin(), program_.operations.end(),
                        [&](const Operation& op) {
                            return op.every == 0 && recorder_->samples(axis, op.operands[0].slot);
                        }))
            observing_.push_back(axis);
    }
}

[[gnu::always_inline]] inline void Scheduler::end_phase(std::size_t phase) {
    plan_.run_phase(phase, present_step_, observed_);
    if (phase == loss_phase_) take_loss();
    if (!kernels_.all_finite(written_[phase].data(), written_[phase].size())) fail(phase);
    if (!diagnosis_) return;
    plan_.flush(phase);
    diagnosis_->after_phase(phase, present_step_);
}

// Inlined, as a step of a small circuit is six events and little else; so is what they do, but for
// what few circuits have.
[[gnu::always_inline]] inline void Scheduler::take_event() {
    const Event event = queue_.next();
    ++events_;
    const bool other = event.kind != EventKind::sample && event.kind != EventKind::input;
    if (recording_events_ && other) record_event(event);
    switch (event.kind) {
        case EventKind::input:
            present();
            break;
        case EventKind::phase_begin:
            if (acts_at_beginnings_) [[unlikely]]
                begin_phase(event);
            plan_.run_gates(event.argument, present_step_);
            break;
        case EventKind::phase_end:
            end_phase(event.argument);
            break;
        case EventKind::sample:
            return sample(event);
        case EventKind::gate_move:  // what it does is known since the phase's beginning
            return queue_.pop();
        case EventKind::turn_begin:
            return begin_turn(event);
        case EventKind::turn_end:
            return end_turn(event);
        case EventKind::step_end:
            end_step();
    }
    queue_.postpone(event.time + step_length_);
}

void Scheduler::run_to(std::int64_t step) {
    while (step_ < step) {
        const std::int64_t look = (step_ / looked_at_every + 1) * looked_at_every;
        for (const std::int64_t end = std::min(step, look); step_ < end;) take_event();
        if (step_ == look) check_numbers();
    }
}

void Scheduler::check_numbers() const {
    flush();
    check_finite(state_, kernels_, step_);
}

void Scheduler::run_phases() {
    while (queue_.next().kind != EventKind::step_end) take_event();
}

void Scheduler::present() {
    ++present_step_;
    if (recorder_) {
        recording_events_ = recorder_->records_events(present_step_);
        if (recording_events_) record_event(queue_.next());
    }
    observed_ = observes_;
    for (const std::size_t axis : observing_) observed_ |= due_[axis] == present_step_;
    // Events come only in their step, so that none passes later ones on its way into the queue.
    for (std::size_t axis = 0; axis < due_.size(); ++axis) {
        if (due_[axis] != present_step_) continue;
        const std::int64_t end =
            recorder_->samples_phases(axis) ? phase_end_.front() : step_length_;
        queue_.push({(present_step_ - 1) * step_length_ + end, EventKind::sample,
                     static_cast<std::uint16_t>(axis)});
    }
    // The first step's input is there since the start.
    if (trials_) [[unlikely]]
        present_in_trial();
    else if (present_step_ > 1)
        task_->present(present_step_, input_, label_);
    noise_.draw(present_step_, state_);
    if (loss_may_move_) find_loss_phase();
    if (diagnosis_) diagnosis_->begin_step(loss_phase_);
}

// The step's loss is taken with the event that ends its phase, or the last turn of that.
bool Scheduler::run_to_loss() {
    const std::int64_t step = step_;
    while (step_ == step) {
        const Event& next = queue_.next();
        const bool ends_phase = next.kind == EventKind::phase_end;
        const bool ends_turn = next.kind == EventKind::turn_end;
        const bool is_of_loss = (ends_phase || ends_turn) && next.argument == loss_phase_;
        const bool is_last = is_of_loss && (ends_phase || turns_[loss_phase_].ended + 1 ==
                                                              turns_[loss_phase_].count);
        take_event();
        if (is_last) return true;
    }
    return false;
}

// When gates will move is drawn, and events begin or end.
void Scheduler::begin_phase(const Event& event) {
    if (event.kind == EventKind::phase_begin) draw_moves(event);
    if (interventions_.any()) begin_interventions(event);
    if (past_) go_back(event);
}

void Scheduler::begin_interventions(const Event& event) {
    // Each of several iterations that are events is a phase.
    const bool is_turn = event.kind == EventKind::turn_begin;
    const std::size_t phase = event.argument;
    const std::int64_t begin = event.time,
                       end = is_turn ? begin + circuit_.phases[phase].nanoseconds
                                     : (present_step_ - 1) * step_length_ + phase_end_[phase];
    interventions_.set(end);
    if (recording_events_) record_interventions(begin, end);
}

void Scheduler::draw_moves(const Event& event) {
    const std::size_t phase = event.argument;
    for (const LateMove& move : delays_.of(phase)) {
        const std::int64_t delay = draw_delay(move, present_step_, state_);
        if (delay < 0) continue;
        const bool opens = circuit_[move.gate].open_in[phase];
        queue_.push({event.time + delay, EventKind::gate_move, argument_of(move.gate, opens)});
    }
}

void Scheduler::sample(const Event& event) {
    const std::size_t axis = event.argument, phases = phase_end_.size();
    const std::int64_t step = (event.time - 1) / step_length_ + 1,
                       begin = (step - 1) * step_length_;
    std::size_t phase = 0;
    while (begin + phase_end_[phase] < event.time) ++phase;
    if (flushes_[axis]) plan_.flush(phase);
    recorder_->sample(axis, step, phase, state_);
    if (phase + 1 < phases) return queue_.postpone(begin + phase_end_[phase + 1]);
    due_[axis] = recorder_->next_step(axis, step);
    queue_.pop();
}

void Scheduler::end_step() {
    plan_.run_step_end(present_step_);
    ++step_;
}

}  // namespace apical
