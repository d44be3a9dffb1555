#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/noise_source.hpp"

namespace apical {

namespace {

constexpr double slowest_ms = 1e9, longest_hold = 1e9;

constexpr std::array noise_source_table = {
    Key{.section = "noise.*",
        .name = "into",
        .type = Type::text,
        .description = "what it is added to in each cell: a voltage, as in \"hidden.soma\", behind "
                       "all else that moves it in a phase; or a rate, \"hidden.r\", behind the "
                       "firing"},
    Key{.section = "noise.*",
        .name = "kind",
        .type = Type::text,
        .default_value = "\"normal\"",
        .choices = noise_kind_names,
        .description = "of each draw: normal: N(0, sd^2); uniform: U(-half_width, half_width); "
                       "sparse: with `probability` such a number, else 0; ou: an "
                       "Ornstein-Uhlenbeck process of the deviation sd and the time constant "
                       "tau_ms"},
    Key{.section = "noise.*",
        .name = "sd",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .description = "standard deviation of each draw; of a file that is replayed, by what its "
                       "numbers are multiplied, 1 when left out"},
    Key{.section = "noise.*",
        .name = "density",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .description = "in place of sd: sd = density sqrt(ms of the phase), an increment of a "
                       "Wiener process"},
    Key{.section = "noise.*",
        .name = "stationary_sd",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .description = "in place of sd, into a compartment with tau_ms: sd = stationary_sd sqrt(1 "
                       "- exp(-2 ms / tau_ms)), so that its voltage has this deviation however "
                       "long a step is"},
    Key{.section = "noise.*",
        .name = "half_width",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .description = "of the kinds uniform and sparse, in place of sd"},
    Key{.section = "noise.*",
        .name = "probability",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "of the kind sparse: of a draw that is not 0"},
    Key{.section = "noise.*",
        .name = "tau_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = slowest_ms,
        .above_minimum = true,
        .unit = "ms",
        .description = "time constant of the kind ou"},
    Key{.section = "noise.*",
        .name = "hold",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 1,
        .maximum = longest_hold,
        .unit = "steps",
        .description = "from one draw to the next"},
    Key{.section = "noise.*",
        .name = "during",
        .type = Type::texts,
        .default_value = "-",
        .names = "phase",
        .description = "phase or phases in which it is added; left out: those in which the cells "
                       "fire, of an input the first"},
    window_key("noise.*", "window of a trial to which that is narrowed"),
    Key{.section = "noise.*",
        .name = "file",
        .type = Type::text,
        .default_value = "-",
        .description = "HDF5 file, from the model file's folder, whose numbers stand for draws of "
                       "N(0, 1)"},
    Key{.section = "noise.*",
        .name = "dataset",
        .type = Type::text,
        .default_value = "-",
        .description = "dataset in `file`, one row a draw"},
};

}  // namespace

std::span<const Key> noise_source_keys() { return noise_source_table; }

}  // namespace apical
