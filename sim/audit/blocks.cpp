// Criterion vi within one population: a part of the cells that is another part once more, by the
// numbers of a file. The cells fall into parts that do not talk to each other; two parts are one
// network twice when their recurrent strengths are the same numbers, in the cells' order or another
// one, and the same other cells drive both alike.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "sim/audit/drives.hpp"

namespace apical {

namespace {

// Strengths below these shares of the largest do not join cells. The parts are looked for at each.
constexpr double negligible_shares[] = {1e-9, 1e-3, 1e-2, 1e-1};
constexpr std::size_t least_cells = 2;

using Cells = std::vector<int>;

// Parts of the population that no strength above the least joins.
std::vector<Cells> parts_of(const MatrixNumbers& W, double least) {
    std::vector<Cells> parts;
    std::vector<bool> reached(static_cast<std::size_t>(W.rows));
    for (int first = 0; first < W.rows; ++first) {
        if (reached[static_cast<std::size_t>(first)]) continue;
        Cells part = {first};
        reached[static_cast<std::size_t>(first)] = true;
        for (std::size_t k = 0; k < part.size(); ++k) {
            for (int j = 0; j < W.rows; ++j) {
                const bool joined =
                    std::max(std::abs(W(part[k], j)), std::abs(W(j, part[k]))) > least;
                if (!joined || reached[static_cast<std::size_t>(j)]) continue;
                reached[static_cast<std::size_t>(j)] = true;
                part.push_back(j);
            }
        }
        std::sort(part.begin(), part.end());
        if (part.size() >= least_cells) parts.push_back(std::move(part));
    }
    return parts;
}

MatrixNumbers taken(const MatrixNumbers& from, const Cells& rows, const Cells& columns) {
    MatrixNumbers part{static_cast<int>(rows.size()), static_cast<int>(columns.size()), {}};
    part.entries.reserve(rows.size() * columns.size());
    for (const int i : rows) {
        for (const int j : columns) part.entries.push_back(from(i, j));
    }
    return part;
}

// Sorts cells in an order that does not depend on how they are counted, where rows have sums of
// their own.
Cells sorted_by_rows(const MatrixNumbers& W, Cells cells) {
    const auto key = [&](int i) {
        double squares = 0.0, cubes = 0.0;
        for (const int j : cells) {
            squares += W(i, j) * W(i, j);
            cubes += W(i, j) * W(i, j) * W(i, j);
        }
        return std::pair(squares, cubes);
    };
    std::vector<std::pair<std::pair<double, double>, int>> keyed;
    for (const int i : cells) keyed.emplace_back(key(i), i);
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t k = 0; k < cells.size(); ++k) cells[k] = keyed[k].second;
    return cells;
}

std::string text_of(const Cells& cells) {
    const bool in_a_row = cells.back() - cells.front() + 1 == static_cast<int>(cells.size());
    if (in_a_row) return fmt::format("{} to {}", cells.front(), cells.back());
    return fmt::format("{}, {}, ...", cells[0], cells[1]);
}

class Blocks {
public:
    Blocks(AuditContext& context, const Drive& drive) : context_(context), drive_(drive) {}

    void examine() {
        for (const Afferent& own : drive_.afferents) {
            if (own.own && context_.starts().is_read(own.set) &&
                context_.starts().has_pattern(own.set))
                add(own);
        }
        if (recurrent_.entries.empty()) return;
        double largest = 0.0;
        for (const double x : recurrent_.entries) largest = std::max(largest, std::abs(x));
        for (const double share : negligible_shares) {
            if (examine_parts(parts_of(recurrent_, share * largest))) return;
        }
    }

private:
    void add(const Afferent& own) {
        const MatrixNumbers more = context_.starts().numbers(own.set);
        if (recurrent_.entries.empty()) recurrent_ = MatrixNumbers{more.rows, more.columns, {}};
        recurrent_.entries.resize(more.entries.size());
        for (int i = 0; i < more.rows; ++i) {
            for (int j = 0; j < more.columns; ++j) {
                const auto at =
                    static_cast<std::size_t>(i) * static_cast<std::size_t>(more.columns) +
                    static_cast<std::size_t>(j);
                recurrent_.entries[at] += own.reverse ? more(j, i) : more(i, j);
            }
        }
        set_ = own.set;
    }

    bool examine_parts(const std::vector<Cells>& parts) {
        for (std::size_t a = 1; a < parts.size(); ++a) {
            for (std::size_t b = 0; b < std::min(a, most_compared); ++b) {
                if (!are_one(parts[b], parts[a])) continue;
                report(parts[b], parts[a]);
                return true;
            }
        }
        return false;
    }

    bool are_one(const Cells& a, const Cells& b) const {
        if (a.size() != b.size()) return false;
        return is_same(a, b) ||
               is_same(sorted_by_rows(recurrent_, a), sorted_by_rows(recurrent_, b));
    }

    // Cell for cell.
    bool is_same(const Cells& a, const Cells& b) const {
        const MatrixNumbers one = taken(recurrent_, a, a), other = taken(recurrent_, b, b);
        return has_pattern(one) && are_alike(one, other) && are_driven_alike(a, b);
    }

    bool are_driven_alike(const Cells& a, const Cells& b) const {
        return std::any_of(drive_.afferents.begin(), drive_.afferents.end(),
                           [&](const Afferent& from) {
                               if (from.own || from.constant || from.reverse) return false;
                               const MatrixNumbers all = context_.starts().numbers(from.set);
                               if (all.entries.empty()) return false;
                               Cells columns(static_cast<std::size_t>(all.columns));
                               std::iota(columns.begin(), columns.end(), 0);
                               const MatrixNumbers one = taken(all, a, columns);
                               return norm(one) > 0.0 && are_alike(one, taken(all, b, columns));
                           });
    }

    void report(const Cells& a, const Cells& b) {
        const std::string cells = context_.name(drive_.cells);
        context_.find(
            Criterion::no_copy_of_network, drive_.operation, cells,
            fmt::format("the cells {} of \"{}\" are its cells {} once more: \"{}\" joins both "
                        "by the same numbers, and not to each other, and they are driven alike",
                        text_of(b), cells, text_of(a), context_.circuit()[set_].name),
            fmt::format("give all cells of \"{}\" strengths of their own", cells));
    }

    static constexpr std::size_t most_compared = 32;

    AuditContext& context_;
    const Drive& drive_;
    MatrixNumbers recurrent_;
    SynapseSetId set_;
};

}  // namespace

void examine_blocks(AuditContext& context, const std::vector<Drive>& drives) {
    for (const Drive& drive : drives) Blocks(context, drive).examine();
}

}  // namespace apical
