#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "circuits/adjoint/adjoint_program.hpp"
#include "sim/adjoint/adjoint_run.hpp"
#include "sim/model/model.hpp"

namespace apical {

// Whether a program has operations `backpropagate`.
bool backpropagates(const Program& program);

// Performs the operations `backpropagate` of a run, which no kernel does: a copy of the loss's
// dynamics goes through each step on a state of its own and keeps the last ones on a tape. All of a
// step is given where its last phase begins, so that the copy is at the step's end by then, is gone
// back through, and leaves the gradients in the state, before the rules of that phase read them.
// Nothing is allocated after the start.
class Backpropagation {
public:
    // The state's program has such operations. All references must outlive this. Throws
    // Error{bad_model} when the tape is larger than the machine's memory.
    Backpropagation(const Model& model, const Plan& plan, State& state);

    // A step, as the run's clock has it.
    struct Now {
        std::int64_t step = 0;
        std::size_t loss_phase = AdjointRun::no_loss;
        bool is_in_trial = true, begins_trial = false, ends_trial = false;
    };
    // Where a phase begins, or the first of its iterations: gates will move as is drawn, and events
    // are on or off.
    void begin_phase(std::size_t phase, const Now& now);

    template <class Archive>
    void persist(Archive& archive) {
        for (const std::unique_ptr<Tape>& tape : tapes_) {
            archive.same(static_cast<std::int64_t>(tape->run.rows()), "the steps of a tape");
            archive.same(static_cast<std::int64_t>(tape->run.row_numbers()),
                         "the numbers of a tape's row");
            archive(tape->run);
        }
    }

private:
    // One rule's gradients and how far they go back.
    struct Tape {
        Tape(const AdjointProgram& program, const Kernels& kernels, std::size_t rows,
             StrengthsOf strengths, const Operation& first)
            : run(program, kernels, rows, strengths),
              asked_by(first.asked_by),
              is_of_trial(first.lag < 0),
              sums(first.function == Function::sum),
              window(first.lag + 1) {}

        AdjointRun run;
        std::string asked_by;
        bool is_of_trial, sums;
        std::int64_t window;  // steps; 0: a trial
        struct Gradient {
            std::size_t set;  // of the program that goes back
            SlotId to;
        };
        std::vector<Gradient> gradients = {};
    };
    void begin_step(const Now& now);
    void go_back(Tape& tape, const Now& now);
    void add(const Model& model, const Operation& op);
    std::size_t rows_for(const Model& model, const Operation& op) const;

    const Plan& plan_;
    State& state_;
    AdjointProgram program_;
    std::size_t last_;  // phase, or the first that is carried out in turn with it
    std::vector<std::unique_ptr<Tape>> tapes_;
};

}  // namespace apical
