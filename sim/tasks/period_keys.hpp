#pragma once

#include "circuits/text/keys.hpp"

namespace apical {

// Lengths of the periods of a trial, keys of several tasks.
constexpr Key period_key(std::string_view name, std::string_view description) {
    return Key{.section = "task",
               .name = name,
               .type = Type::integer,
               .default_value = "-",
               .minimum = 0,
               .maximum = 1e6,
               .unit = "steps",
               .description = description};
}

inline constexpr Key fixation_key = period_key(
    "fixation", "delayed_match, delayed_nonmatch: steps before the sample; 5 when left out");
inline constexpr Key sample_key =
    period_key("sample",
               "delayed_match, delayed_nonmatch, compare: steps of the first stimulus; 5 "
               "when left out");
inline constexpr Key delay_key =
    period_key("delay",
               "delayed_match, delayed_nonmatch, compare, copy: steps between both, or "
               "before the cue; 10 when left out, of compare 15");
inline constexpr Key test_key =
    period_key("test",
               "delayed_match, delayed_nonmatch, compare: steps of the second stimulus; 5 "
               "when left out");
inline constexpr Key decision_key =
    period_key("decision",
               "delayed_match, delayed_nonmatch, compare, context: steps at the end, "
               "which count; 5 when left out, at least 1");

}  // namespace apical
