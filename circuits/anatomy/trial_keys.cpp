// The keys of [trial], of its windows and lengths, and of [batch].
#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/trial.hpp"

namespace apical {

namespace {

constexpr std::array trial_table = {
    Key{.section = "trial",
        .name = "steps",
        .type = Type::number_or_table,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .inner = "trial.steps",
        .description = "length of a trial, a whole number, or drawn for each; left out: as long "
                       "as the task's"},
    Key{.section = "trial",
        .name = "gap",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_steps,
        .unit = "steps",
        .description = "steps between two trials, in which inputs and labels are 0, no window is "
                       "open and nothing counts; none when left out"},
    Key{.section = "trial",
        .name = "reset",
        .type = Type::text,
        .default_value = "-",
        .choices = reset_names,
        .description = "what rates, voltages and variables of cells begin a trial with; keep "
                       "(left out): what there is; zero: 0; init: what was before the first step; "
                       "draw: that, drawn anew"},
    Key{.section = "trial",
        .name = "values",
        .type = Type::numbers,
        .default_value = "-",
        .inner = "init",
        .description = "what single ones begin a trial with in place of that, by address, as in "
                       "{ \"hidden.r\" = 0.1 }; what is drawn is drawn anew for each trial"},
    Key{.section = "trial",
        .name = "keep",
        .type = Type::text_list,
        .default_value = "-",
        .description = "addresses of what goes on from trial to trial, whatever reset and traces "
                       "say"},
    Key{.section = "trial",
        .name = "traces",
        .type = Type::text,
        .default_value = "-",
        .choices = "zero|keep",
        .description = "what numbers that rules keep at synapses and in cells begin a trial with; "
                       "left out: zero, and keep where reset keeps all"},
    Key{.section = "trial",
        .name = "counts",
        .type = Type::texts,
        .default_value = "-",
        .description = "window or windows in which the loss counts; left out: those of the task, "
                       "or the whole trial"},
    Key{.section = "trial",
        .name = "window",
        .type = Type::table,
        .default_value = "-",
        .inner = "trial.window.*",
        .description = "stretches of a trial, by name, beside the periods of the task"},
};

constexpr std::array trial_steps_table = {
    Key{.section = "trial.steps",
        .name = "uniform",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e9,
        .unit = "steps",
        .description = "[30, 50]: each length from 30 to 50 with one probability"},
    Key{.section = "trial.steps",
        .name = "exponential",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .above_minimum = true,
        .unit = "steps",
        .description = "a: smallest + the whole part of -a ln u, u from 0 to 1, at most largest"},
    Key{.section = "trial.steps",
        .name = "smallest",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e9,
        .unit = "steps",
        .description = "with exponential: the shortest trial, 1 when left out"},
    Key{.section = "trial.steps",
        .name = "largest",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e9,
        .unit = "steps",
        .description = "with exponential: the longest trial"},
};

constexpr std::array trial_window_table = {
    Key{.section = "trial.window.*",
        .name = "from",
        .type = Type::integer,
        .default_value = "0",
        .minimum = -most_steps,
        .maximum = most_steps,
        .unit = "steps",
        .description = "first step of the window, counted from 0; below 0: from the trial's end"},
    Key{.section = "trial.window.*",
        .name = "to",
        .type = Type::integer,
        .default_value = "-",
        .minimum = -most_steps,
        .maximum = most_steps,
        .unit = "steps",
        .description = "first step behind the window; left out: it goes on to the trial's end"},
};

constexpr std::array batch_table = {
    Key{.section = "batch",
        .name = "trials",
        .type = Type::integer,
        .minimum = 1,
        .maximum = 1e9,
        .unit = "trials",
        .description = "trials whose changes are added up before strengths change, of rules with "
                       "apply = \"batch\""},
};

}  // namespace

std::span<const Key> trial_keys() { return trial_table; }
std::span<const Key> trial_steps_keys() { return trial_steps_table; }
std::span<const Key> trial_window_keys() { return trial_window_table; }
std::span<const Key> batch_keys() { return batch_table; }

}  // namespace apical
