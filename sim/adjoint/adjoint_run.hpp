#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "circuits/adjoint/adjoint_program.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// The strengths that a step is gone back through with: those that it was computed with, or those
// of now.
enum class StrengthsOf : std::uint8_t { then, now };

// Performs the dynamics of a loss on a state of their own, keeps what derivatives need of the last
// steps, and goes back through these. A row of the tape is one step: what the loss is more by its
// judged numbers, then for each part of the step the numbers that its derivatives read. A ring of
// rows is made once; nothing is allocated later.
//
// The derivatives are exact: dL/dS of each set that the loss depends on, with draws, inputs,
// labels, timetables and resets given. Squared errors count as half their sum, not as its mean over
// the outputs, which is what rules follow.
class AdjointRun {
public:
    // `rows`: steps that can be gone back through. The program and the kernels must outlive this.
    AdjointRun(const AdjointProgram& program, const Kernels& kernels, std::size_t rows,
               StrengthsOf strengths);
    AdjointRun(const AdjointRun&) = delete;
    AdjointRun& operator=(const AdjointRun&) = delete;

    const AdjointProgram& program() const { return program_; }

    // ---- forwards
    // The dynamics' numbers, those of a program's slots by their ids.
    State& state() { return forward_; }
    // Takes over the numbers of a run of the program that was differentiated, between two steps:
    // with what it has flushed. Its slots that the dynamics do not need are not read.
    void take(const State& run);
    // Performs a step of the dynamics, from what is given of it on: inputs, labels and draws are in
    // the state. `before(phase)` is called where a phase, or a turn of it, begins. Returns the
    // loss; 0 in a step that has none.
    template <class BeforePhase>
    double step(std::int64_t step, std::size_t loss_phase, BeforePhase before) {
        begin_row(step, loss_phase);
        double loss = 0.0;
        for (std::size_t m = 0; m < moments_.size(); ++m) {
            if (moments_[m].begins) before(moments_[m].phase);
            loss += perform(m);
        }
        return loss;
    }
    template <class BeforePhase>
    double step(std::int64_t number, BeforePhase before) {
        return step(number, phase_of_loss(number), before);
    }
    double step(std::int64_t number) {
        return step(number, [](std::size_t) {});
    }
    // The phase that a step's loss is of, where no trial says another; `no_loss` of none.
    static constexpr std::size_t no_loss = SIZE_MAX;
    std::size_t phase_of_loss(std::int64_t step) const;
    // A step beside a run: after `take`, at the end of each of its phases, and at the step's end.
    // What has come from outside by then is the run's.
    void begin_step(std::int64_t step, std::size_t loss_phase);
    void begin_step(std::int64_t step) { begin_step(step, phase_of_loss(step)); }
    void follow_phase(const State& run, std::size_t phase);
    void end_step();

    // ---- backwards
    std::size_t rows() const { return steps_.size(); }
    std::size_t taped() const { return taped_; }  // rows that are filled, at most `rows`
    void forget() { taped_ = 0; }
    // Whether steps leave more on the tape than their loss: not when nobody goes back through them.
    void keep_tape(bool keeps) { keeps_tape_ = keeps; }
    // dL(t)/dS of the last step t, back through all rows that are filled.
    void past();
    // d(L(s) + ... + L(t))/dS(s): by the strengths of the oldest step s alone.
    void future();
    // d(L(s) + ... + L(t))/dS, back through all rows.
    void whole() {
        whole([](std::size_t) {});
    }
    // The same; `after_row(age)` is called when a row has been gone back through, 0 the newest.
    template <class AfterRow>
    void whole(AfterRow after_row) {
        clear();
        for (std::size_t age = 0; age < taped_; ++age) {
            back(age, true, back_);
            after_row(age);
        }
    }
    // After one of these, by number of `program().sets`; as State::numbers.
    std::span<const double> gradient(std::size_t set) const {
        return backward_.numbers(program_.sets[set].gradient);
    }
    std::vector<double> read_gradient(std::size_t set) const;  // row-major
    std::span<const double> tap(std::size_t number) const {
        return backward_.numbers(program_.taps[number].adjoint);
    }

    // The numbers of a row, and of all of it: what a resumed run must know.
    std::size_t row_numbers() const { return row_size_; }
    template <class Archive>
    void persist(Archive& archive) {
        if (!tape_.empty()) archive.numbers(std::span(row_of(0), lanes * tape_.size()));
        for (std::size_t k = 0; k < steps_.size(); ++k) {
            auto loss = static_cast<std::int64_t>(losses_[k]);
            archive(steps_[k], loss);
            losses_[k] = static_cast<std::size_t>(loss);
        }
        auto taped = static_cast<std::int64_t>(taped_), newest = static_cast<std::int64_t>(newest_);
        archive(taped, newest);
        taped_ = static_cast<std::size_t>(taped);
        newest_ = static_cast<std::size_t>(newest);
    }

private:
    // Numbers that go into a row, and from there into the backward state.
    struct Stretch {
        const double* from = nullptr;
        std::size_t place = 0, count = 0;
        double* to = nullptr;
    };
    // An operand that reads the strengths in a row, from this place on.
    struct OperandOfRow {
        const double** operand = nullptr;
        std::size_t place = 0;
    };
    // A plan that goes back, and those of its operands that read the row itself.
    struct PlanBack {
        Plan plan;
        std::vector<OperandOfRow> operands = {};
    };
    struct MomentOfStep {
        std::size_t segment = 0, phase = 0;
        PhasePart part = PhasePart::end;
        bool begins = false, is_loss = false;
        std::size_t first_in_turn = 0;  // of the phases that are carried out in turn with it
        std::vector<Stretch> stretches = {};
    };

    void lay_out();
    void lay_out_strengths();
    void find_operands();
    void put_strengths(const double* row, const PlanBack& back);
    void find_given();
    void add_moment(const Moment& moment);
    std::size_t room(std::size_t numbers);
    void begin_row(std::int64_t step, std::size_t loss_phase);
    double* row_of(std::size_t place) { return tape_.data()->of + place * row_size_; }
    std::size_t place_of(std::size_t age) const;  // 0: the newest
    double perform(std::size_t moment);
    double take_loss(double* row);
    void clear();
    void write_constants();
    void back(std::size_t age, bool counts, const PlanBack& back);

    const AdjointProgram& program_;
    Program states_only_;  // the backward program without what only adds to gradients
    State forward_, backward_;
    Plan plan_;
    PlanBack back_, back_states_;
    StrengthsOf strengths_;
    bool keeps_tape_ = true;
    std::vector<MomentOfStep> moments_;
    std::vector<Stretch> sets_;    // the strengths of a row, or of now
    std::vector<Stretch> copied_;  // those of a row that not all who read them find there
    std::vector<SlotId> given_;    // from outside: inputs, labels, draws, events
    std::size_t next_ = 0;         // moment of the step that goes on
    std::size_t row_size_ = 0, error_ = 0, outputs_ = 0;
    std::size_t taped_ = 0, newest_ = 0;
    std::vector<Numbers> tape_;
    std::vector<std::int64_t> steps_;  // by row
    std::vector<std::size_t> losses_;  // by row: the phase that its loss is of
};

// The numbers that a row of the tape has, with the strengths of each step or without them.
std::size_t numbers_of_row(const AdjointProgram& program, StrengthsOf strengths);

}  // namespace apical
