#include "sim/engine/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "sim/hdf5/dataset.hpp"
#include "sim/numbers/random.hpp"

namespace apical {

namespace {

class PlaceMaker {
public:
    PlaceMaker(const Circuit& circuit, const SynapseSet& set)
        : set_(set),
          mirrored_(set.connect && set.connect->mirrored),
          rows_(static_cast<std::size_t>(circuit[mirrored_ ? set.pre : set.post].size)),
          columns_(static_cast<std::size_t>(circuit[mirrored_ ? set.post : set.pre].size)),
          all_(mirrored_ ? columns_ : rows_) {}

    Places make(std::uint32_t seed, const DataFolder& directory) {
        if (!set_.connect) {
            join_all();
            return {std::move(all_).rows(), {}};
        }
        const Stream stream(seed, connect().stream);
        switch (connect().kind) {
            case Connectivity::Kind::all:
                join_all();
                break;
            case Connectivity::Kind::probability:
                draw_each(stream);
                break;
            case Connectivity::Kind::in_degree:
                draw_degrees(stream, rows_, columns_,
                             [&](std::size_t i, std::size_t j) { join(i, j); });
                break;
            case Connectivity::Kind::out_degree:
                draw_degrees(stream, columns_, rows_,
                             [&](std::size_t j, std::size_t i) { join(i, j); });
                break;
            case Connectivity::Kind::one_to_one:
                for (std::size_t i = 0; i < rows_; ++i) join(i, i);
                break;
            case Connectivity::Kind::file:
                read(directory);
                break;
            case Connectivity::Kind::all_but_partner:
                join_all_but_partners();
                break;
            case Connectivity::Kind::blocks:
                draw_blocks(stream);
                break;
            case Connectivity::Kind::fields:
                draw_fields(stream);
                break;
        }
        return {std::move(all_).rows(), std::move(source_)};
    }

private:
    const Connectivity& connect() const { return *set_.connect; }
    // With self = false there is none from a cell to itself, whatever is drawn.
    void join(std::size_t i, std::size_t j) {
        if (i == j && set_.connect && !connect().self) return;
        if (mirrored_) return all_.join(j, i);
        all_.join(i, j);
    }
    void join_all() {
        for (std::size_t i = 0; i < rows_; ++i) {
            for (std::size_t j = 0; j < columns_; ++j) join(i, j);
        }
    }

    void join_all_but_partners() {
        for (std::size_t i = 0; i < rows_; ++i) {
            for (std::size_t j = 0; j < columns_; ++j)
                if (i != j) join(i, j);
        }
    }

    // A word below it has this probability.
    static std::uint64_t word_below(double probability) {
        constexpr double words = 0x1p32;
        return static_cast<std::uint64_t>(std::floor(probability * words));
    }

    void draw_blocks(const Stream& stream) {
        const std::uint64_t within = word_below(connect().probability),
                            between = word_below(connect().between);
        const auto blocks = static_cast<std::size_t>(connect().blocks);
        const std::size_t posts = rows_ / blocks, pres = columns_ / blocks;
        for (std::size_t i = 0; i < rows_; ++i) {
            for (std::size_t j = 0; j < columns_; ++j) {
                const bool is_own = i / posts == j / pres;
                if (stream.word(i * columns_ + j) < (is_own ? within : between)) join(i, j);
            }
        }
    }

    void draw_fields(const Stream& stream) {
        const std::uint64_t below = word_below(connect().probability);
        const bool is_drawn = connect().is_drawn();
        for (std::size_t i = 0; i < rows_; ++i) {
            for (const int pre : connect().field_of(static_cast<int>(i))) {
                const auto j = static_cast<std::size_t>(pre);
                if (!is_drawn || stream.word(i * columns_ + j) < below) join(i, j);
            }
        }
    }

    void draw_each(const Stream& stream) {
        const std::uint64_t below = word_below(connect().probability);
        const std::size_t pairs = rows_ * columns_;
        std::size_t i = 0, j = 0;
        for (std::size_t k = 0; k < pairs; k += 4) {
            const std::array<std::uint32_t, 4> four = stream.words(k / 4);
            for (std::size_t m = 0; m < 4 && k + m < pairs; ++m) {
                if (four[m] < below) join(i, j);
                if (++j == columns_) {
                    j = 0;
                    ++i;
                }
            }
        }
    }

    // Floyd's sample for each of so many cells, of so many others.
    template <class Take>
    static void draw_others(const Stream& stream, std::size_t cell, std::size_t candidates,
                            std::size_t degree, std::vector<std::uint8_t>& taken,
                            std::vector<std::size_t>& sample, Take take) {
        sample.clear();
        for (std::size_t m = 0; m < degree; ++m) {
            const std::size_t last = candidates - degree + m;
            const std::uint64_t upper = stream.bits(cell, m) >> 32;
            const auto drawn = static_cast<std::size_t>(upper * (last + 1) >> 32);
            const std::size_t chosen = taken[drawn] ? last : drawn;
            taken[chosen] = 1;
            sample.push_back(chosen);
        }
        std::sort(sample.begin(), sample.end());
        for (const std::size_t chosen : sample) {
            taken[chosen] = 0;
            take(chosen);
        }
    }

    template <class Join>
    void draw_degrees(const Stream& stream, std::size_t cells, std::size_t others, Join join) {
        const std::size_t candidates = others - (connect().self ? 0 : 1);
        std::vector<std::uint8_t> taken(candidates);
        std::vector<std::size_t> sample;
        for (std::size_t cell = 0; cell < cells; ++cell) {
            draw_others(stream, cell, candidates, static_cast<std::size_t>(connect().degree), taken,
                        sample, [&](std::size_t chosen) {
                            const bool behind = !connect().self && chosen >= cell;
                            join(cell, chosen + (behind ? 1 : 0));
                        });
        }
    }

    [[noreturn]] void reject_dataset(const std::string& sentence) const {
        reject(connect().where, fmt::format("dataset \"{}\" of \"{}\" {}", connect().dataset,
                                            connect().path, sentence));
    }

    void read(const DataFolder& directory) {
        const DataSet data = read_dataset(directory.path_of(connect().path), connect().dataset,
                                          connect().where, directory.trial);
        require_finite(data, connect().path, connect().dataset, connect().where);
        if (data.shape == std::vector<std::size_t>{rows_, columns_}) {
            take_matrix(data);
        } else if (data.shape.size() == 2 && data.shape[1] == 2) {
            take_pairs(data);
        } else {
            reject_dataset(
                fmt::format("is {}; expected {} x {} of 0 and 1 for \"{}\", or N x 2 of "
                            "pairs (post, pre)",
                            data.shape.empty() ? std::string("one number")
                                               : fmt::format("{}", fmt::join(data.shape, " x ")),
                            rows_, columns_, set_.name));
        }
        source_ = DataSource{"init", connect().path, connect().dataset, fingerprint_of(data)};
    }

    void take_matrix(const DataSet& data) {
        for (std::size_t k = 0; k < rows_ * columns_; ++k) {
            const double one = data.numbers[k];
            if (one != 0.0 && one != 1.0) {
                reject_dataset(
                    fmt::format("has {} in row {}; expected 0 and 1 alone", one, k / columns_));
            }
            if (one == 1.0) join(k / columns_, k % columns_);
        }
    }

    std::size_t cell_of(double number, std::size_t row, std::size_t size, const char* end) const {
        if (number >= 0.0 && number < static_cast<double>(size) && number == std::trunc(number))
            return static_cast<std::size_t>(number);
        reject_dataset(
            fmt::format("has the {} cell {} in row {}; expected a whole number from 0 to "
                        "{}",
                        end, number, row, size - 1));
    }

    void take_pairs(const DataSet& data) {
        std::vector<std::uint64_t> pairs(data.shape[0]);
        for (std::size_t row = 0; row < data.shape[0]; ++row) {
            const std::size_t i = cell_of(data.numbers[2 * row], row, rows_, "postsynaptic"),
                              j = cell_of(data.numbers[2 * row + 1], row, columns_, "presynaptic");
            if (i == j && !connect().self) {
                reject_dataset(
                    fmt::format("joins cell {} to itself in row {}, which self = false "
                                "forbids",
                                i, row));
            }
            pairs[row] = i * columns_ + j;
        }
        check_distinct(pairs);
        for (const std::uint64_t pair : pairs) join(pair / columns_, pair % columns_);
    }

    // The first of all that come a second time is named.
    void check_distinct(const std::vector<std::uint64_t>& pairs) const {
        std::vector<std::size_t> order(pairs.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return pairs[a] != pairs[b] ? pairs[a] < pairs[b] : a < b;
        });
        std::size_t again = pairs.size();
        for (std::size_t k = 1; k < order.size(); ++k) {
            if (pairs[order[k]] == pairs[order[k - 1]]) again = std::min(again, order[k]);
        }
        if (again == pairs.size()) return;
        reject_dataset(fmt::format("has the pair ({}, {}) a second time in row {}",
                                   pairs[again] / columns_, pairs[again] % columns_, again));
    }

    const SynapseSet& set_;
    bool mirrored_;  // rows and columns are those of the pairs (pre, post)
    std::size_t rows_, columns_;
    SynapseCollector all_;
    std::optional<DataSource> source_;
};

}  // namespace

Places places_of(const Circuit& circuit, const SynapseSet& set, std::uint32_t seed,
                 const DataFolder& directory) {
    return PlaceMaker(circuit, set).make(seed, directory);
}

Fans fans_of(const Circuit& circuit, const SynapseSet& set, const Places& places) {
    const int post = circuit[set.post].size, pre = circuit[set.pre].size;
    if (!set.connect || set.connect->kind != Connectivity::Kind::file)
        return expected_fans(set.connect, post, pre);
    const auto all = static_cast<double>(places.rows.count());
    return {all / post, all / pre};
}

std::vector<std::string> cells_left_out(const Circuit& circuit, std::uint32_t seed) {
    constexpr double negligible = 1e-9;  // cells
    std::vector<std::string> sentences;
    for (const SynapseSet& set : circuit.synapses) {
        const bool in_fields = set.connect && set.connect->kind == Connectivity::Kind::fields;
        if (set.connect && set.connect->kind == Connectivity::Kind::file &&
            set.connect->density == 0.0)
            sentences.push_back(
                fmt::format("\"{}\" has no synapse: dataset \"{}\" of \"{}\" "
                            "names none",
                            set.name, set.connect->dataset, set.connect->path));
        if (!set.connect || !(set.connect->is_drawn() || in_fields)) continue;
        const Population &post = circuit[set.post], &pre = circuit[set.pre];
        const double expected = expected_fans(set.connect, post.size, pre.size).in;
        // A cell has none with probability (1 - p)^n < exp(-p n).
        const bool is_exact =
            set.connect->kind == Connectivity::Kind::in_degree && !set.connect->mirrored;
        if (is_exact) continue;
        // Fields at the border are smaller than others.
        if (!in_fields && post.size * std::exp(-expected) < negligible) continue;
        const Places places = places_of(circuit, set, seed, {});
        int without = 0;
        for (std::size_t i = 0; i < places.rows.rows(); ++i)
            without += places.rows.start[i] == places.rows.start[i + 1];
        if (without == 0) continue;
        sentences.push_back(
            fmt::format("{} of {} cells of \"{}\" receive no synapse of \"{}\" ({:.3g} expected a "
                        "cell)",
                        without, post.size, post.name, set.name, expected));
    }
    return sentences;
}

std::vector<double> left_out(const std::vector<double>& numbers, const SynapseRows& rows) {
    const std::size_t columns = rows.rows() == 0 ? 0 : numbers.size() / rows.rows();
    std::vector<double> some(numbers.size());
    for_each_synapse(rows, [&](std::size_t i, std::size_t j, std::size_t) {
        some[i * columns + j] = numbers[i * columns + j];
    });
    return some;
}

}  // namespace apical
