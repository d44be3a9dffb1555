// Criterion vi: no cells fire as others do once more. A twin has, with the numbers of the start, a
// set like one of the original's from the same cells, from its own as the original from its own, or
// from twins of the original's. What else drives either of them, however strongly, makes a twin a
// noisy one. Cells with the same simple afferents, one to one or all alike, are no twins: only when
// they are also recurrent do these make a network.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "sim/audit/drives.hpp"

namespace apical {

namespace {

constexpr std::size_t most_compared = 32;  // of those that start alike, each with each
// Cells are others than the original when the part of their input from the same cells that differs
// is at least so much of the part that is alike.
constexpr double least_of_difference = 0.1;

// Two drives and what they have in common.
struct Pair {
    std::size_t copy = 0, original = 0;  // of the drives
    std::vector<std::pair<const Afferent*, const Afferent*>> alike = {};
    bool stands = true;
};

class Twins {
public:
    Twins(AuditContext& context, const std::vector<Drive>& drives)
        : context_(context), drives_(drives) {}

    void examine() {
        pair_patterns();
        pair_simple_networks();
        do {
            note_standing();
        } while (drop_unfounded());
        for (const auto& [drives, pair] : pairs_) {
            if (pair.stands) report(pair);
        }
    }

private:
    std::size_t kind(const Afferent& one) const {
        return 2 * context_.starts().kind(one.set) + (one.reverse ? 1 : 0);
    }
    bool has_pattern(const Afferent& one) const { return context_.starts().has_pattern(one.set); }

    // Two that fire through the same activation, neither by themselves.
    bool can_be(std::size_t a, std::size_t b) const {
        const Operation &one = context_.operations()[drives_[a].operation],
                        &other = context_.operations()[drives_[b].operation];
        return one.kind == other.kind && one.activation == other.activation &&
               one.formula == other.formula && drives_[a].rate != drives_[b].rate &&
               context_.slot(one, 0).rows == context_.slot(other, 0).rows;
    }

    void join(std::size_t a, const Afferent& one, std::size_t b, const Afferent& other) {
        // One set between other cells is found by its use.
        if (!can_be(a, b) || one.set == other.set) return;
        const auto key = std::minmax(a, b);
        Pair& pair = pairs_.try_emplace(key, Pair{key.second, key.first}).first->second;
        pair.alike.emplace_back(a == key.second ? &one : &other, a == key.second ? &other : &one);
    }

    void pair_patterns() {
        std::map<std::size_t, std::vector<std::pair<std::size_t, const Afferent*>>> alike;
        for (std::size_t d = 0; d < drives_.size(); ++d) {
            for (const Afferent& one : drives_[d].afferents) {
                if (has_pattern(one) && !one.constant) alike[kind(one)].emplace_back(d, &one);
            }
        }
        for (const auto& [_, all] : alike) {
            for (std::size_t i = 1; i < all.size(); ++i) {
                for (std::size_t k = 0; k < std::min(i, most_compared); ++k)
                    join(all[i].first, *all[i].second, all[k].first, *all[k].second);
            }
        }
    }

    // Recurrent in the same simple way, and driven alike by the same cells.
    void pair_simple_networks() {
        using Network = std::tuple<std::size_t, PopulationId, std::size_t>;
        std::map<Network, std::tuple<std::size_t, const Afferent*, const Afferent*>> first;
        for (std::size_t d = 0; d < drives_.size(); ++d) {
            for (const Afferent& own : drives_[d].afferents) {
                if (!own.own) continue;
                for (const Afferent& from : drives_[d].afferents) {
                    if (from.own || from.constant) continue;
                    const auto [place, is_new] = first.try_emplace(
                        Network{kind(own), from.source, kind(from)}, d, &own, &from);
                    const auto [other, its_own, its_from] = place->second;
                    if (is_new || differ_otherwise(d, other)) continue;
                    join(d, own, other, *its_own);
                    join(d, from, other, *its_from);
                }
            }
        }
    }

    // Whether any cells but constant ones drive the two otherwise than alike.
    bool differ_otherwise(std::size_t a, std::size_t b) const {
        const auto others = [&](const Afferent& one) {
            return one.constant || shared(one, drives_[b]) != Shared::otherwise;
        };
        const std::vector<Afferent>& all = drives_[a].afferents;
        return !std::all_of(all.begin(), all.end(), others);
    }

    enum class Shared : std::uint8_t { no, alike, otherwise };
    // Whether the same cells, or its own, drive the other too.
    Shared shared(const Afferent& one, const Drive& other) const {
        Shared found = Shared::no;
        for (const Afferent& its : other.afferents) {
            const bool same_place = one.own ? its.own : its.source == one.source;
            if (!same_place) continue;
            if (kind(its) == kind(one)) return Shared::alike;
            found = Shared::otherwise;
        }
        return found;
    }

    double gain(const Afferent& one) const { return context_.starts().gain(one.set, one.reverse); }

    // Whether the two receive from the same cells, or from their own, so much otherwise that they
    // are two populations with something in common.
    bool are_others(const Pair& pair) const {
        double in_common = 0.0;
        bool recurrent = false;
        for (const auto& [one, other] : pair.alike) {
            in_common = std::max({in_common, gain(*one), gain(*other)});
            recurrent |= one->own && other->own;
        }
        if (recurrent) return false;
        const Drive &copy = drives_[pair.copy], &original = drives_[pair.original];
        const auto otherwise = [&](const Drive& of, const Drive& than) {
            return std::any_of(of.afferents.begin(), of.afferents.end(), [&](const Afferent& one) {
                return !one.constant && gain(one) >= least_of_difference * in_common &&
                       shared(one, than) == Shared::otherwise;
            });
        };
        return otherwise(copy, original) && otherwise(original, copy);
    }

    bool is_founded(const Pair& pair) const {
        for (const auto& [one, other] : pair.alike) {
            if (one->own && other->own) return true;
            if (one->source == other->source) return true;
            // Two that drive each other are no evidence for themselves.
            const bool each_other = one->source == drives_[pair.original].cells &&
                                    other->source == drives_[pair.copy].cells;
            if (!each_other && are_twins(one->source, other->source)) return true;
        }
        return false;
    }

    void note_standing() {
        standing_.clear();
        for (const auto& [drives, pair] : pairs_) {
            if (pair.stands)
                standing_.insert(
                    std::minmax(drives_[pair.copy].cells, drives_[pair.original].cells));
        }
    }

    bool are_twins(PopulationId a, PopulationId b) const {
        return standing_.count(std::minmax(a, b)) > 0;
    }

    bool drop_unfounded() {
        bool dropped = false;
        for (auto& [drives, pair] : pairs_) {
            if (!pair.stands || (is_founded(pair) && !are_others(pair))) continue;
            pair.stands = false;
            dropped = true;
        }
        return dropped;
    }

    bool says_so(const Drive& drive) const {
        return std::any_of(drive.afferents.begin(), drive.afferents.end(), [&](const auto& one) {
            return context_.circuit()[one.set].init.kind == Initializer::Kind::copy;
        });
    }

    // The copy is the one whose sets say so; else the later one.
    void report(const Pair& pair) {
        const bool earlier = says_so(drives_[pair.original]) && !says_so(drives_[pair.copy]);
        const Drive &copy = drives_[earlier ? pair.original : pair.copy],
                    &original = drives_[earlier ? pair.copy : pair.original];
        const auto& [one, other] = pair.alike.front();
        const std::string &set = context_.circuit()[(earlier ? other : one)->set].name,
                          &of = context_.circuit()[(earlier ? one : other)->set].name;
        const std::string &rate = context_.program()[copy.rate].name,
                          &first = context_.program()[original.rate].name,
                          cells = context_.name(copy.cells);
        context_.find(Criterion::no_copy_of_network, copy.operation, cells,
                      fmt::format("\"{}\" is \"{}\" once more, in \"{}\": the same activation, and "
                                  "\"{}\", which drives it, starts with the numbers of \"{}\"",
                                  rate, first, cells, set, of),
                      fmt::format("give \"{}\" strengths of its own", cells));
    }

    AuditContext& context_;
    const std::vector<Drive>& drives_;
    std::map<std::pair<std::size_t, std::size_t>, Pair> pairs_;  // original, copy
    std::set<std::pair<PopulationId, PopulationId>> standing_;   // cells of pairs that stand
};

}  // namespace

void examine_twins(AuditContext& context, const std::vector<Drive>& drives) {
    Twins(context, drives).examine();
}

}  // namespace apical
