#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "circuits/anatomy/id.hpp"
#include "circuits/anatomy/initializer.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// A named stretch of a trial. The task says where its own are in each trial; one of the model is
// from step `from` on to before `to`, counted from 0, or below 0 from the trial's end.
struct TrialWindow {
    std::string name;
    bool is_of_task = false;
    std::int64_t from = 0, to = 0;
    bool to_end = true;  // whatever `to` is
    Where where = {};

    // Its steps in a trial of so many.
    std::pair<std::int64_t, std::int64_t> in_trial(std::int64_t steps) const {
        const auto place = [&](std::int64_t at) { return at < 0 ? at + steps : at; };
        return {place(from), to_end ? steps : place(to)};
    }
};

// How many steps a trial has.
struct TrialLength {
    enum class Kind : std::uint8_t { of_task, fixed, uniform, exponential };
    Kind kind = Kind::of_task;
    std::int64_t steps = 0;                  // of `fixed`
    double mean = 0.0;                       // of `exponential`, above the smallest
    std::int64_t smallest = 1, largest = 1;  // of what is drawn

    bool is_drawn() const { return kind == Kind::uniform || kind == Kind::exponential; }
};

// What a value is set to where a trial begins, in place of what all are.
struct TrialValue {
    std::string address;
    Initializer init;
    Where where;
};

// The stretches of steps that a run is made of, [trial] of a model or those of its task.
struct Trials {
    // Left as it is, 0, what it was before the first step, or drawn as that was.
    enum class Reset : std::uint8_t { keep, zero, init, draw };
    TrialLength length = {};
    std::int64_t gap = 0;  // steps between two trials
    Reset reset = Reset::keep;
    bool clears_traces = false;  // rules' own numbers become 0
    std::vector<TrialValue> values = {};
    std::vector<std::pair<std::string, Where>> keep = {};  // addresses that no reset changes
    std::vector<WindowId> counts = {};  // in which the loss counts; none: the whole trial
    std::int64_t batch = 1;             // trials whose changes are added up
    Where where = {};

    // Whether there are steps whose loss does not count.
    bool counts_in_part() const { return gap > 0 || !counts.empty(); }
};
// The spellings in model files, in the order of the values.
inline constexpr std::string_view reset_names = "keep|zero|init|draw";

}  // namespace apical
