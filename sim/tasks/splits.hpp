#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/keys.hpp"
#include "sim/numbers/run_streams.hpp"

namespace apical {

// The parts that data lie in, by number.
inline constexpr std::array<std::string_view, 3> split_names = {"train", "validation", "test"};

// The stream from which `split = [0.8, 0.1, 0.1]` draws: of the run's seed, also in an evaluation.
inline constexpr std::string_view stream_of_splits = "task/split";

// In which part each trial of some data lies.
class Splits {
public:
    // A part for each trial; no numbers: all data are one.
    explicit Splits(std::vector<std::uint8_t> of_trials) : of_trials_(std::move(of_trials)) {}
    // Drawn by the shares that the section's key `split` lists, of train, validation and test:
    // those of trial k by draw k. Throws Error{bad_model} for shares that do not sum to 1.
    static Splits drawn(const Section& task, std::size_t trials, const RunStreams& streams);

    // Names of those that have a trial; none when all data are one.
    std::vector<std::string> names() const;
    // The trials that are shown where `asked` is what DataFolder::split says: those of the part, or
    // all of `count`. Throws Error{bad_model} at `where` when it has none.
    std::vector<std::uint32_t> shown(const std::optional<std::string>& asked, std::size_t count,
                                     const Where& where) const;

private:
    bool has(std::string_view name) const;

    std::vector<std::uint8_t> of_trials_;
};

}  // namespace apical
