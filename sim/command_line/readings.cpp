#include "sim/command_line/readings.hpp"

#include <algorithm>
#include <array>

#include "sim/hdf5/dataset.hpp"
#include "sim/hdf5/hdf5_status.hpp"
#include "sim/runs/plain_copy.hpp"
#include "sim/runs/resume.hpp"
#include "sim/runs/row_copy.hpp"

namespace apical {

namespace {

constexpr std::array readings = {&dataset_reading,  &marked_file_reading, &completed_steps_reading,
                                 &resolved_reading, &recovered_reading,   &rows_reading};

}  // namespace

const Reading* find_reading(std::string_view name) {
    const auto found = std::find_if(readings.begin(), readings.end(),
                                    [&](const Reading* one) { return one->name == name; });
    return found == readings.end() ? nullptr : *found;
}

}  // namespace apical
