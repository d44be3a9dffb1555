// Two nets for random rules: what the operations declare and what a nudge of the compiled plan does
// agree about which changes of synapses know other cells than their own.
#include <array>
#include <optional>
#include <random>

#include "tests/circuits/program/random_formula.hpp"
#include "tests/formula_terms.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"

namespace apical {

namespace {

using namespace terms;

// A made-up rule of a circuit of two populations of five cells: vectors of random formulas in
// cells, a tag, and a change of a set by a random formula of these. Every other rule reads
// something at a place where it is not: a vector of other cells, or a tag of another set.
class RandomRule {
public:
    explicit RandomRule(unsigned seed) : draws_(seed), draft_(second_population) {
        cheats_ = draw(2) == 0;
        set_ = sets[static_cast<std::size_t>(draw(int(sets.size())))];
        const PopulationId post = draft_.circuit()[draft_.set(set_.name)].post,
                           pre = draft_.circuit()[draft_.set(set_.name)].pre;
        post_ = vectors_of(set_.post, post, "post");
        pre_ = vectors_of(set_.pre, pre, "pre");
        tag_ = draft_.tag(draft_.set(set_.name), "made_up");
        number_ = draft_.inner(draft_.r("hidden"), draft_.r("hidden"), "made_up.number");
        change(tag_, {});
        change(draft_.w(set_.name), cheats_ ? foreign() : Read{});
    }

    Draft& draft() { return draft_; }
    bool cheats() const { return cheats_; }

private:
    struct Set {
        const char *name, *post, *pre, *other, *foreign_tag;
    };
    struct Read {
        SlotId slot = {};
        Index index = Index::post;
    };
    static constexpr std::array<Set, 4> sets = {{{"A", "hidden", "hidden", "ghost", "J"},
                                                 {"W_in", "hidden", "input", "ghost", "G_in"},
                                                 {"W_rec", "hidden", "hidden", "ghost", "G_rec"},
                                                 {"G_in", "ghost", "input", "hidden", "W_in"}}};

    int draw(int below) { return static_cast<int>(draws_() % static_cast<unsigned>(below)); }

    // A random formula that is a number, not too large a one, wherever its operands are near 0.
    Formula tame_formula(std::size_t operands) {
        const auto count = static_cast<std::uint16_t>(operands);
        for (;;) {
            const Formula made =
                random_formulas::RandomFormula(static_cast<unsigned>(draws_()), count,
                                               static_cast<std::uint16_t>(count + 1), true)
                    .formula();
            if (is_tame(made, operands)) return made;
        }
    }
    bool is_tame(const Formula& formula, std::size_t operands) {
        constexpr int trials = 40;
        constexpr double far = 1.5, large = 100.0;
        std::uniform_real_distribution<double> near(-far, far);
        for (int trial = 0; trial < trials; ++trial) {
            std::vector<double> numbers(operands + 1);
            for (double& x : numbers) x = near(draws_);
            const double value = random_formulas::PlainValue(formula, numbers, false).last();
            if (!(std::abs(value) < large)) return false;
        }
        return true;
    }

    // The rate of cells and a random formula of it and, where they have one, of their voltage.
    std::vector<SlotId> vectors_of(const std::string& name, PopulationId cells,
                                   const std::string& end) {
        std::vector<SlotId> all = {draft_.r(name)};
        if (name != "input") all.push_back(draft_.v(name + ".soma"));
        all.push_back(draft_.formula(cells, "made_up." + end, tame_formula(all.size()), all));
        return all;
    }

    Read any_of(const std::vector<SlotId>& vectors, Index index) {
        return {vectors[static_cast<std::size_t>(draw(int(vectors.size())))], index};
    }

    // A slot that is not where the formula reads it.
    Read foreign() {
        switch (draw(3)) {
            case 0:
                return {draft_.v(std::string(set_.other) + ".soma"), Index::post};
            case 1:
                return {draft_.r(set_.other), Index::pre};
            default:
                return {draft_.w(set_.foreign_tag), Index::synapse};
        }
    }

    // S <- S + 0.01 tanh(a random formula), or a random formula, and a share of what is foreign.
    void change(SlotId matrix, const Read& foreign) {
        std::vector<Read> reads = {any_of(post_, Index::post), any_of(pre_, Index::pre)};
        if (draw(2) == 0) reads.push_back({number_, Index::all});
        if (draw(2) == 0 && matrix != tag_) reads.push_back({tag_, Index::synapse});
        Formula tree = tame_formula(reads.size());
        for (FormulaNode& node : tree) {
            if (node.node == Node::operand) node.index = reads[node.a - 1U].index;
        }
        Term all = draw(4) == 0 ? Term{tree} : w() + 0.01 * function(Node::tanh, Term{tree});
        if (foreign.slot) {
            reads.push_back(foreign);
            all = all + 0.01 * operand(static_cast<std::uint16_t>(reads.size()), foreign.index);
        }
        std::vector<SlotId> operands;
        for (const Read& one : reads) operands.push_back(one.slot);
        draft_.synaptic(matrix, all.formula, operands);
    }

    std::mt19937 draws_;
    Draft draft_;
    bool cheats_ = false;
    Set set_ = {};
    std::vector<SlotId> post_, pre_;
    SlotId tag_, number_;
};

// Nothing where the rule stops its run, as one does whose numbers become too large.
std::optional<std::pair<bool, bool>> verdicts_of(RandomRule& rule) {
    try {
        return rule.draft().are_not_local();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

void compare_nets(unsigned first, unsigned rules) {
    unsigned unseen = 0, cheats = 0, stopped = 0;
    for (unsigned seed = first; seed < first + rules; ++seed) {
        RandomRule rule(seed);
        const std::optional<std::pair<bool, bool>> found = verdicts_of(rule);
        INFO("seed " << seed << (rule.cheats() ? ", which cheats" : ""));
        stopped += found ? 0 : 1;
        if (!found) continue;
        const auto [read, measured] = *found;
        CHECK(read == rule.cheats());
        CHECK((read || !measured));
        cheats += read ? 1 : 0;
        unseen += read && !measured ? 1 : 0;
    }
    INFO(unseen << " of " << cheats << " cheats are not measured, " << stopped << " rules stop");
    CHECK(50 * unseen <= cheats);
    CHECK(4 * stopped <= rules);
}

}  // namespace

TEST_CASE("both nets agree about random rules", "[audit][influence]") { compare_nets(1, 200); }

TEST_CASE("both nets agree about three thousand random rules", "[.][audit][influence]") {
    compare_nets(1001, 3000);
}

}  // namespace apical
