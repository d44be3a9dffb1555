#include "circuits/program/synapse_rows.hpp"

#include <algorithm>
#include <utility>

namespace apical {

std::optional<std::size_t> SynapseRows::find(std::size_t post, std::size_t pre) const {
    const auto begin = column.begin() + start[post], end = column.begin() + start[post + 1];
    const auto found = std::lower_bound(begin, end, pre);
    if (found == end || *found != pre) return std::nullopt;
    return static_cast<std::size_t>(found - column.begin());
}

std::size_t SynapseRows::row_of(std::size_t synapse) const {
    const auto behind = std::upper_bound(start.begin(), start.end(), synapse);
    return static_cast<std::size_t>(behind - start.begin()) - 1;
}

// FNV-1a (Fowler, Noll & Vo), by numbers of 32 bits.
std::uint64_t SynapseRows::hash() const {
    std::uint64_t hash = 14695981039346656037ull;
    for (const auto* all : {&start, &column}) {
        for (const std::uint32_t one : *all) hash = (hash ^ one) * 1099511628211ull;
    }
    return hash;
}

void SynapseCollector::join(std::size_t post, std::size_t pre) {
    const Pair one = {static_cast<std::uint32_t>(post), static_cast<std::uint32_t>(pre)};
    ++counts_[post];
    const bool first = columns_.empty() && pairs_.empty();
    const bool behind =
        first || one.post > last_.post || (one.post == last_.post && one.pre > last_.pre);
    last_ = one;
    if (pairs_.empty() && behind) {
        columns_.push_back(one.pre);
    } else {
        pairs_.push_back(one);
    }
}

// Columns are in the order of their rows as far as they go: pairs come behind them in each row.
SynapseRows SynapseCollector::rows() && {
    SynapseRows all;
    all.start.assign(counts_.size() + 1, 0);
    for (std::size_t i = 0; i < counts_.size(); ++i) all.start[i + 1] = all.start[i] + counts_[i];
    if (pairs_.empty()) {
        all.column = std::move(columns_);
        all.column.shrink_to_fit();
        return all;
    }
    all.column.resize(all.start.back());
    std::vector<std::uint32_t> of_pairs(counts_.size()), next(all.start.begin(), all.start.end());
    for (const Pair& one : pairs_) ++of_pairs[one.post];
    auto column = columns_.begin();
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        const std::uint32_t ordered = counts_[i] - of_pairs[i];
        std::copy_n(column, ordered, all.column.begin() + next[i]);
        column += ordered;
        next[i] += ordered;
    }
    for (const Pair& one : pairs_) all.column[next[one.post]++] = one.pre;
    for (std::size_t i = 0; i < counts_.size(); ++i)
        std::sort(all.column.begin() + all.start[i], all.column.begin() + all.start[i + 1]);
    return all;
}

}  // namespace apical
