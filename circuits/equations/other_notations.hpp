#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace apical {

// What a function of another notation is called here, and else the nearest known one: ' Did you
// mean "logistic"?' of "sigmoid"; empty when neither is known.
std::string did_you_mean_function(std::string_view name, const std::vector<std::string>& known);

// The name of the Greek letter that the text begins with, "theta"; empty when it begins with none.
std::string_view greek_letter(std::string_view text);

}  // namespace apical
