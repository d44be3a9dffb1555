#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/id.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// What a draw of noise is: N(0, sd^2), U(-a, a), such a number with a probability and else 0, or
// the next value of an Ornstein-Uhlenbeck process.
enum class NoiseKind : std::uint8_t { normal, uniform, sparse, ou };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view noise_kind_names = "normal|uniform|sparse|ou";

// Noise that is added to a voltage or to a rate of each cell, of a [noise.*] table.
struct NoiseSource {
    std::string name;
    PopulationId cells = {};
    CompartmentId voltage = {};  // set: it is added to this voltage, else to the rate
    NoiseKind kind = NoiseKind::normal;
    std::vector<bool> during = {};   // by phase: it is added
    std::vector<double> scale = {};  // by phase: sd of a draw, or half the width of its interval
    std::vector<double> decay = {};  // by phase, of `ou`: what is left of it until the next draw
    WindowId window = {};            // set: it is added in this window of a trial alone
    double probability = 1.0;        // of `sparse`
    int hold = 1;                    // steps between two draws
    std::string path = {};           // of the file that is replayed, as the model says; or empty
    std::string dataset = {};
    Where where = {};
    Where where_file = {};
};

}  // namespace apical
