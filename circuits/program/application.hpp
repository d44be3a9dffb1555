#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// When the changes that a rule asks for reach the strengths: as they are made, or added up until
// the end of a phase, of a trial or of a batch of trials.
enum class ApplyAt : std::uint8_t { step, phase, trial, batch };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view apply_names = "step|phase|trial|batch";

// What is made of changes on their way to the strengths. With g the change of a rule whose rate is
// 1, summed up, k the number of this application, from 1 on, and w the strength,
//     momentum: m <- keep m + g                    w <- w + rate m
//     rmsprop:  v <- keep v + (1 - keep) g^2       w <- w + rate g / (sqrt(v) + epsilon)
//     adam:     m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2
//               w <- w + rate m / (1 - b1^k) / (sqrt(v / (1 - b2^k)) + epsilon), or
//               w <- w + rate sqrt(1 - b2^k) / (1 - b1^k) m / (sqrt(v) + epsilon)
// With a largest norm c, |g| the root of the sum of squares over all sets of the rule,
//     g <- g c / max(c, |g|) before that,  and without any of them  w <- w + rate g
struct Optimiser {
    enum class Kind : std::uint8_t { none, momentum, rmsprop, adam };
    Kind kind = Kind::none;
    double keep = 0.9;
    double beta_1 = 0.9, beta_2 = 0.999;
    double epsilon = 1e-8;
    bool epsilon_corrected = true;  // the first form of adam
    double decay = 0.0;             // of the strength, in each application
    double largest_change = 0.0;    // of a synapse in one application; 0: any
    double largest_norm = 0.0;      // of g over all sets of the rule, which is scaled; 0: any
    Where where = {};

    // Whether g is the change of a rule whose rate is 1, and the rate comes behind it.
    bool takes_rate() const { return kind != Kind::none || largest_norm > 0.0; }
};
inline constexpr std::string_view optimiser_names = "none|momentum|rmsprop|adam";

// A factor of the rate, by the number of applications before this one.
struct RateSchedule {
    double half_every = 0.0;         // 0.5^(k / half_every); 0: none
    double to = 1.0, over = 0.0;     // 1 + (to - 1) s(min(1, k / over)); 0: none
    bool is_cosine = false;          // s(x) = (1 - cos(pi x)) / 2; else x
    std::vector<double> falls = {};  // it falls by `fall_by` at each of these
    double fall_by = 0.1;
    double warmup = 0.0;  // min(1, (k + 1) / warmup); 0: none
    bool is_constant = true;
};

// A rule that an optimiser follows is bound with this rate, by which its changes are divided again:
// a power of 2, so that nothing is rounded.
inline constexpr double rate_of_binding = 0.5;

// How what a rule asks for reaches the strengths.
struct Application {
    ApplyAt at = ApplyAt::step;
    bool average = false;  // over the steps, or the trials of a batch, that counted
    Optimiser optimiser = {};
    RateSchedule schedule = {};
    double rate = 1.0;       // that is not in the changes, with an optimiser that has its own steps
    std::string label = {};  // of the rule's table

    // Whether changes are made as the rule says.
    bool is_direct() const {
        return at == ApplyAt::step && !optimiser.takes_rate() && optimiser.decay == 0.0 &&
               optimiser.largest_change == 0.0 && schedule.is_constant;
    }
};

}  // namespace apical
