#include "sim/tasks/splits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace apical {

namespace {

std::size_t number_of_split(std::string_view name) {
    return static_cast<std::size_t>(std::find(split_names.begin(), split_names.end(), name) -
                                    split_names.begin());
}

}  // namespace

Splits Splits::drawn(const Section& task, std::size_t trials, const RunStreams& streams) {
    const std::vector<double> shares = task.numbers("split");
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    constexpr double rounding = 1e-9;
    const bool positive = std::ranges::all_of(shares, [](double share) { return share >= 0.0; });
    if (!positive || shares.size() < 2 || shares.size() > split_names.size() ||
        std::abs(sum - 1.0) > rounding)
        reject(task.where("split"),
               fmt::format("the shares of task.split are {}; expected two or three, of train, "
                           "validation and test, that sum to 1",
                           fmt::join(shares, ", ")));
    const Stream stream(streams.seed, stream_of_splits);
    std::vector<std::uint8_t> all;
    for (std::size_t k = 0; k < trials; ++k) {
        double rest = stream.uniform(k, 0);
        std::uint8_t split = 0;
        while (split + 1u < shares.size() && rest >= shares[split]) rest -= shares[split++];
        all.push_back(split);
    }
    return Splits(std::move(all));
}

bool Splits::has(std::string_view name) const {
    const std::size_t number = number_of_split(name);
    return std::ranges::any_of(of_trials_, [&](std::uint8_t one) { return one == number; });
}

std::vector<std::string> Splits::names() const {
    std::vector<std::string> names;
    for (const std::string_view name : split_names)
        if (has(name)) names.emplace_back(name);
    return names;
}

std::vector<std::uint32_t> Splits::shown(const std::optional<std::string>& asked, std::size_t count,
                                         const Where& where) const {
    std::vector<std::uint32_t> all;
    std::string name = asked.value_or("train");
    if (asked && name.empty()) name = has("test") ? "test" : "train";
    if (of_trials_.empty()) {
        all.resize(count);
        std::iota(all.begin(), all.end(), 0u);
        return all;
    }
    const std::size_t number = number_of_split(name);
    for (std::uint32_t k = 0; k < count; ++k)
        if (of_trials_[k] == number) all.push_back(k);
    if (all.empty())
        reject(where, fmt::format("no trial of the data lies in the split \"{}\"; of {} trials "
                                  "there are some in {}",
                                  shortened(name), count, list_of(names())));
    return all;
}

}  // namespace apical
