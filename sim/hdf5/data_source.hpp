#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// A dataset that a run reads: its numbers are part of what is run, and the model's text names only
// where they lie.
struct DataSource {
    std::string use;      // "task", "init", "noise"
    std::string file;     // as the model names it
    std::string dataset;  // "x"
    std::uint64_t fingerprint = 0;
};

// A line of each, sorted, none twice: "0123456789abcdef task data.h5:x". Two runs have read the
// same data when these texts are equal. Empty when nothing is read.
std::string text_of(const std::vector<DataSource>& sources);
// The lines of such a text that are of one of the uses.
std::string data_of_uses(const std::string& text, const std::vector<std::string_view>& uses);

// The lines of what a run goes on to read in every step: its task and its replayed noise.
std::string data_presented(const std::string& text);

// "data.h5:y": the first dataset whose numbers differ, or that only one of the texts has. Empty
// when there is none.
std::string differing_data(const std::string& one, const std::string& other);

}  // namespace apical
