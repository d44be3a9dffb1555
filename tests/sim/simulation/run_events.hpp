#pragma once

#include <H5Cpp.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "sim/run_file/recorder.hpp"

namespace apical {

// A run of phases of 6 and 4 ms.
inline RunDescription two_phases() {
    RunDescription run;
    run.step_ms = 10.0;
    run.phase_end_ms = {6.0, 10.0};
    return run;
}

inline Recording watched(const std::string& name, const std::vector<std::string>& what,
                         std::int64_t every, std::int64_t from, std::int64_t to) {
    Recording table;
    table.name = name;
    for (const std::string& address : what) table.what.push_back({address, {}});
    table.every = every;
    table.from = from;
    table.to = to;
    return table;
}

// The events of a closed run file: "6 phase end forward".
inline std::vector<std::string> events_of(const std::string& path) {
    const H5::H5File file(path, H5F_ACC_RDONLY);
    const H5::DataSet dataset = file.openDataSet("/events");
    const H5::CompType type = dataset.getCompType();
    REQUIRE(type.getSize() == sizeof(EventRow));
    hsize_t count = 0;
    dataset.getSpace().getSimpleExtentDims(&count);
    std::vector<EventRow> rows(count);
    dataset.read(rows.data(), type);
    std::vector<std::string> lines;
    for (const EventRow& row : rows) {
        const std::string kind(row.kind, strnlen(row.kind, sizeof row.kind)),
            target(row.target, strnlen(row.target, sizeof row.target));
        lines.push_back(std::to_string(int(row.time_ms)) + ' ' + kind +
                        (target.empty() ? "" : ' ' + target));
    }
    return lines;
}

}  // namespace apical
