#include "circuits/anatomy/circuit_keys.hpp"

#include <array>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

namespace {

// Steps are counted in an int.
constexpr double most_period = 1e9;

constexpr std::array phase_table = {
    Key{.section = "phase", .name = "name", .type = Type::text, .description = "name of the phase"},
    Key{.section = "phase",
        .name = "ms",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1e6,
        .above_minimum = true,
        .unit = "ms",
        .description = "how long the phase lasts in each step; with repeat, one iteration"},
    Key{.section = "phase",
        .name = "repeat",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_iterations,
        .unit = "iterations",
        .description = "how often the phase is carried out in a step, one iteration behind the "
                       "other; left out: once. Rules act once, after the last, unless they have "
                       "each = \"iteration\""},
    Key{.section = "phase",
        .name = "order",
        .type = Type::text,
        .default_value = "-",
        .choices = "sequence|together",
        .description = "what synapses carry in the phase; sequence (left out): rates that it has "
                       "made already, in an order without loops; together: all carry what was "
                       "before the phase, or before each of its iterations"},
    Key{.section = "phase",
        .name = "begin",
        .type = Type::text,
        .default_value = "-",
        .description = "what rates, voltages and variables of cells begin the phase with; keep "
                       "(left out): what there is; rest: what was before the first step; the name "
                       "of an earlier phase: what was at its end"},
    Key{.section = "phase",
        .name = "every",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_period,
        .unit = "steps",
        .description = "the phase is carried out in the last step of so many; in the others its "
                       "time passes, and voltages with a time constant relax"},
    Key{.section = "phase",
        .name = "steps",
        .type = Type::table,
        .default_value = "-",
        .inner = "phase.steps",
        .description = "the phase is carried out in these steps of each period, in place of every"},
    window_key("phase",
               "the phase is carried out in this window of a trial alone; in other steps its time "
               "passes"),
};

constexpr std::array phase_steps_table = {
    Key{.section = "phase.steps",
        .name = "period",
        .type = Type::integer,
        .minimum = 1,
        .maximum = most_period,
        .unit = "steps",
        .description = "steps after which all begins anew"},
    Key{.section = "phase.steps",
        .name = "first",
        .type = Type::integer,
        .default_value = "0",
        .minimum = 0,
        .maximum = most_period,
        .description = "first step in which the phase is carried out, counted from 0"},
    Key{.section = "phase.steps",
        .name = "last",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_period,
        .description = "last step; left out: the period's last"},
};

constexpr std::array activation_table = {
    Key{.section = "activation.*",
        .name = "summary",
        .type = Type::text,
        .default_value = "-",
        .description = "one line, with the equation"},
    Key{.section = "activation.*",
        .name = "parameters",
        .type = Type::numbers,
        .default_value = "-",
        .inner = "init",
        .description = "constants of the equation, by name, as in { gain = 1.0 }; of each cell its "
                       "own, as in { theta = { normal = 0.1 } }"},
    Key{.section = "activation.*",
        .name = "equation",
        .type = Type::text,
        .description = "phi(x), of the cell's own voltage x alone; its slope is derived from it"},
    Key{.section = "activation.*",
        .name = "slope",
        .type = Type::text,
        .default_value = "-",
        .description = "what rules read in place of the derivative, of the same names: a surrogate "
                       "where the equation jumps"},
};

constexpr std::array population_table = {
    Key{.section = "population.*",
        .name = "role",
        .type = Type::text,
        .default_value = "\"cells\"",
        .choices = role_names,
        .description =
            "cells; input and label: rates set by the task; output: read out as the task asks; "
            "error: fires output - label; constant: fires 1 (bias)"},
    Key{.section = "population.*",
        .name = "like",
        .type = Type::text,
        .default_value = "-",
        .description = "a population further up whose size, activation, alpha and initial rates "
                       "are taken where this table has none; cells only"},
    Key{.section = "population.*",
        .name = "size",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_cells,
        .unit = "cells",
        .description = "number of cells; follows the task for input, label, output and error, and "
                       "is 1 for constant"},
    Key{.section = "population.*",
        .name = "activation",
        .type = Type::text,
        .default_value = "\"tanh\"",
        .choices = "tanh|linear|rectified|logistic|softmax",
        .names = "activation",
        .description =
            "phi in r <- (1 - alpha) r + alpha phi(v); also softplus, hard_sigmoid (clip(x, "
            "0, 1)) and exponential; softmax: over the population, at once, of its "
            "somata without gates; cells only"},
    Key{.section = "population.*",
        .name = "alpha",
        .type = Type::number_or_table,
        .default_value = "1.0",
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .inner = "alpha",
        .description =
            "inverse time constant of the rate, from one firing to the next, or the "
            "time constant as { tau_ms = 20.0 }, or one of each cell as { uniform = [0.2, 0.8] }; "
            "cells only"},
    Key{.section = "population.*",
        .name = "sign",
        .type = Type::text,
        .default_value = "-",
        .choices = sign_names,
        .description = "Dale's law: the strengths of all sets that come from these cells stay at 0 "
                       "or above (excitatory), or at 0 or below (inhibitory); left out: of either "
                       "sign. Cells, input, label and constant"},
    Key{.section = "population.*",
        .name = "dendrites",
        .type = Type::text_list,
        .default_value = "[]",
        .description = "names of the compartments beside the soma; cells only"},
    Key{.section = "population.*",
        .name = "tau_ms",
        .type = Type::numbers,
        .default_value = "{}",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "ms",
        .inner = "init",
        .description = "membrane time constant by compartment, as in { apical = 20.0 }; 0: the "
                       "voltage follows its drive at once; of each cell its own as in { apical = "
                       "{ uniform = [10.0, 30.0] } }; cells only"},
    Key{.section = "population.*",
        .name = "coupling",
        .type = Type::numbers,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "1/ms",
        .choices = solver_names,
        .inner = "branch",
        .description = "conductances of dendrites onto the soma, by dendrite, beside its leak and "
                       "the solver, as in { leak = 0.03, basal = 0.1, apical = 0.06, solver = "
                       "\"exact\" }: u' = -leak u + the sum of g (v - u); of a dendrite on another "
                       "one a table, as in { to = \"apical\", conductance = 0.3 }; cells only"},
    Key{.section = "population.*",
        .name = "transient",
        .type = Type::text_list,
        .default_value = "-",
        .description = "compartments whose drive lasts only for phases that transmit to them; in "
                       "others it is 0; cells only"},
    Key{.section = "population.*",
        .name = "impulse",
        .type = Type::text_list,
        .default_value = "-",
        .description = "compartments with tau_ms to whose voltage v all that arrives is added, v "
                       "<- exp(-ms / tau_ms) v + drive; cells only"},
    Key{.section = "population.*",
        .name = "backpropagates",
        .type = Type::numbers,
        .default_value = "-",
        .minimum = -1e9,
        .maximum = 1e9,
        .description = "by dendrite, as in { apical = 0.5 }: the cell's own last rate times the "
                       "number arrives there as well; cells only"},
    Key{.section = "population.*",
        .name = "bias",
        .type = Type::number_or_table,
        .default_value = "-",
        .minimum = -1e9,
        .maximum = 1e9,
        .inner = "init",
        .description = "what is added in each cell to what arrives at its soma: a number, or one "
                       "of each cell as in { normal = 0.1 }; cells only"},
    Key{.section = "population.*",
        .name = "init",
        .type = Type::table,
        .default_value = "{ constant = 0.0 }",
        .inner = "init",
        .description = "rates before the first step; cells only"},
    Key{.section = "population.*",
        .name = "spikes",
        .type = Type::table,
        .default_value = "-",
        .inner = "spikes",
        .description = "the cells fire 1 in a step in which their somatic voltage reaches a "
                       "threshold, else 0; cells only"},
    Key{.section = "population.*",
        .name = "fires",
        .type = Type::table,
        .default_value = "-",
        .inner = "fires",
        .description = "the task's input, or a rate, makes the cells fire 1 in some steps and 0 in "
                       "the others; input only"},
    Key{.section = "population.*",
        .name = "winners",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e9,
        .unit = "cells",
        .description = "at most so many fire: of cells that spike those with the highest somatic "
                       "voltage, of others those with the largest rates, the first of equal ones; "
                       "the rest fires 0; cells only"},
    Key{.section = "population.*",
        .name = "bursts",
        .type = Type::text,
        .default_value = "-",
        .description = "the share of the rate that comes in bursts, of the cells' own numbers, as "
                       "in \"logistic(4 * u)\": axons carry it as a second number, which sets with "
                       "reads = \"bursts\" transmit; cells only"},
    Key{.section = "population.*",
        .name = "scale_incoming",
        .type = Type::table,
        .default_value = "-",
        .inner = "scale_incoming",
        .description = "the sum of the strengths that each cell receives, which is kept by scaling "
                       "all of them; cells only"},
    Key{.section = "population.*",
        .name = "during",
        .type = Type::texts,
        .default_value = "-",
        .names = "phase",
        .description = "phase in which an error population fires; left out: the second. Cells: "
                       "phase or phases in which they fire also when nothing drives them"},
};

constexpr std::array alpha_table = {
    Key{.section = "alpha",
        .name = "tau_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .above_minimum = true,
        .unit = "ms",
        .description = "time constant of the rate: alpha = 1 - exp(-T / tau), T from one firing to "
                       "the next, a step or, in a phase with repeat, an iteration"},
    Key{.section = "alpha",
        .name = "euler",
        .type = Type::boolean,
        .default_value = "-",
        .description = "true: alpha = T / tau, Euler's step"},
    Key{.section = "alpha",
        .name = "uniform",
        .type = Type::number_pair,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .description = "of each cell its own alpha, drawn between these two"},
    Key{.section = "alpha",
        .name = "file",
        .type = Type::text,
        .default_value = "-",
        .description = "of each cell its own alpha, from an HDF5 file, from the model's folder"},
    Key{.section = "alpha",
        .name = "dataset",
        .type = Type::text,
        .default_value = "-",
        .description = "of the file: as many numbers above 0 and at most 1 as there are cells"},
};

}  // namespace

std::span<const Key> phase_keys() { return phase_table; }
std::span<const Key> phase_steps_keys() { return phase_steps_table; }
std::span<const Key> activation_keys() { return activation_table; }
std::span<const Key> population_keys() { return population_table; }
std::span<const Key> alpha_keys() { return alpha_table; }

}  // namespace apical
