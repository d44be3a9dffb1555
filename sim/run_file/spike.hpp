#pragma once

#include <cstdint>
#include <string>

namespace apical {

// A row of the spikes of a population.
struct Spike {
    std::int64_t step = 0;
    double time_ms = 0.0;
    std::int64_t cell = 0;
};

// The spikes of a population that a run file has.
struct StoredSpikes {
    std::string population;
    std::string path;         // "/spikes/rec"
    std::int64_t cells = 0;   // of the population
    std::uint64_t rows = 0;   // readable when the file was opened
    std::size_t dataset = 0;  // for the reader of the file
};

}  // namespace apical
