// How far a formula takes a strength from what it was: node by node, then in programs that cheat
// with what only a formula can say.
#include "sim/audit/reach.hpp"

#include <limits>

#include "tests/formula_terms.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"

namespace apical::reach_tests {

using namespace terms;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Interval anything = {-infinity, infinity};

// Places: the strength; rates of both ends, from -1 to 1; a tag of which nothing is known; a number
// from 0.5 to 2.
Reach reach_of_term(const Term& term, Interval strength = anything) {
    const Interval rate = {-1.0, 1.0};
    return reach_of(term.formula,
                    {{true, strength, {}},
                     {false, rate, {1.0}},
                     {false, rate, {1.0}},
                     {false, anything, {1.0}},
                     {false, {0.5, 2.0}, {2.0}}},
                    Counted::constants);
}

const Term x = post(1), y = pre(2), e = tag(3), s = all(4);

void is_interval(const Interval& found, double low, double high) {
    CHECK(found.low == Approx(low));
    CHECK(found.high == Approx(high));
}

void keeps(const Term& term, double low, double high, double gain, Interval strength = anything) {
    const Reach reach = reach_of_term(term, strength);
    is_interval(reach.keep, low, high);
    CHECK(reach.gain.most == Approx(gain));
}

void is_unknown(const Term& term) {
    const Reach reach = reach_of_term(term);
    CHECK(reach.keep.low == -infinity);
    CHECK(reach.keep.high == infinity);
    CHECK(reach.gain.most == infinity);
}

void adds(const Term& term, double low, double high, double gain) {
    const Reach reach = reach_of_term(term);
    is_interval(reach.keep, 0.0, 0.0);
    is_interval(reach.rest, low, high);
    CHECK(reach.gain.most == Approx(gain));
}

}  // namespace

TEST_CASE("a strength is kept, constants and operands are added", "[audit][reach]") {
    keeps(w(), 1.0, 1.0, 0.0);
    adds(number(-0.5), -0.5, -0.5, 0.5);
    adds(x, -1.0, 1.0, 1.0);
    adds(s, 0.5, 2.0, 2.0);
}

TEST_CASE("sums keep and add both parts, with the larger gain", "[audit][reach]") {
    keeps(w() + 0.01 * x * y, 1.0, 1.0, 0.01);
    keeps(w() - 0.25 * w() + 0.5 * x - 0.125 * y, 0.75, 0.75, 0.5);
    is_interval(reach_of_term(w() + (0.5 * x - 0.25 * y)).rest, -0.75, 0.75);
}

TEST_CASE("products multiply what is kept by bounds, and gains", "[audit][reach]") {
    keeps(w() * s, 0.5, 2.0, 0.0);
    keeps(w() - 0.1 * (x * x) * w(), 0.9, 1.0, 0.0);
    keeps(w() - 0.1 * x * w(), 0.9, 1.1, 0.0);
    adds(3.0 * (x * x), 0.0, 3.0, 3.0);
    adds(3.0 * x * s, -6.0, 6.0, 6.0);
    keeps((w() + x) * number(0.5), 0.5, 0.5, 0.5);
}

TEST_CASE("a strength in two factors, under a fraction or in a function reaches anything",
          "[audit][reach]") {
    for (const Term& term :
         {w() * w(), x / w(), power(w(), 2), power(w(), -1), function(Node::exponential, w()),
          function(Node::logarithm, w()), function(Node::root, w()), w() + w() * (w() - x)})
        is_unknown(term);
    keeps(w() / number(2.0), 0.5, 0.5, 0.0);
    keeps(power(w(), 1), 1.0, 1.0, 0.0);
}

TEST_CASE("fractions, exponentials and logarithms are as large as they can be", "[audit][reach]") {
    adds(number(1.0) / s, 0.5, 2.0, 2.0);
    CHECK(reach_of_term(number(1.0) / x).gain.most == infinity);
    adds(function(Node::exponential, x), std::exp(-1.0), std::exp(1.0), std::exp(1.0));
    CHECK(reach_of_term(function(Node::exponential, e)).gain.most == infinity);
    CHECK(reach_of_term(function(Node::logarithm, x)).gain.most == infinity);
    adds(function(Node::logarithm, s), std::log(0.5), std::log(2.0), std::log(2.0));
}

TEST_CASE("roots, powers and sizes change the gain as they change numbers", "[audit][reach]") {
    adds(function(Node::root, 1e12 * power(x, 2)), 0.0, 1e6, 1e6);
    adds(power(3.0 * x, 3), -27.0, 27.0, 27.0);
    adds(power(s, -2), 0.25, 4.0, 4.0);
    adds(function(Node::absolute, 3.0 * x), 0.0, 3.0, 3.0);
    keeps(function(Node::absolute, w()), -1.0, 1.0, 0.0);
}

TEST_CASE("what saturates adds one at most, also of the strength itself", "[audit][reach]") {
    for (const Node node : {Node::tanh, Node::sign}) adds(function(node, 1e9 * e), -1.0, 1.0, 1.0);
    for (const Node node : {Node::step, Node::logistic})
        adds(function(node, 1e9 * e), 0.0, 1.0, 1.0);
    keeps(w() - 0.01 * function(Node::sign, w()), 1.0, 1.0, 0.01);
}

TEST_CASE("constant bounds are a projection for a strength that is within them", "[audit][reach]") {
    const Term changed = w() + 0.1 * x * y;
    keeps(clip(changed, 0.0, 1.0), 1.0, 1.0, 0.1, {0.0, 1.0});
    keeps(clip(changed, 0.0, 1.0), 1.0, 1.0, 0.1, {0.25, 0.5});
    keeps(maximum(number(0.0), changed), 1.0, 1.0, 0.1, {0.0, infinity});
    keeps(function(Node::rectified, changed), 1.0, 1.0, 0.1, {0.0, infinity});
    // Elsewhere they take it to where the bounds are, which keeps nothing of it.
    keeps(clip(changed, 0.0, 1.0), 0.0, 1.0, 1.0);
    keeps(clip(w(), 0.0, 0.5) + 0.1 * x, 0.0, 1.0, 0.5, {0.0, 1.0});
    // What is one number whatever w is keeps nothing of it.
    keeps(clip(w(), 0.0, 0.0) + 0.1 * x, 0.0, 0.0, 0.1, {0.0, 1.0});
    keeps(function(Node::rectified, w()), 0.0, 1.0, 0.0);
}

TEST_CASE("bounds make what is added small", "[audit][reach]") {
    adds(clip(e / (e + number(1e-6)), 0.0, 1.0), 0.0, 1.0, 1.0);
    keeps(w() + 0.01 * clip(1e9 * e, -2.0, 1.0), 1.0, 1.0, 0.02);
}

TEST_CASE("bounds that change and choices reach both of what they choose from", "[audit][reach]") {
    keeps(minimum(w(), x), 0.0, 1.0, 1.0);
    keeps(select(x, w(), 0.25 * e), 0.0, 1.0, 0.25);
    keeps(select(w() - x, 0.5 * w(), 0.75 * w()), 0.5, 0.75, 0.0);
    keeps(w() + (e - w()) * function(Node::step, x), 0.0, 1.0, 1.0);
}

// ---- programs

namespace {

std::vector<std::string> jumps(Draft& draft) {
    std::vector<std::string> all;
    const Audit verdict = std::move(draft).audited();
    for (const Finding& one : verdict.findings) {
        if (one.criterion == Criterion::continuous_plasticity)
            all.push_back(one.subject + ": " + one.because);
    }
    return all;
}

bool says_beyond(Draft& draft, Criterion criterion, const std::string& subject) {
    const Audit verdict = std::move(draft).audited();
    return std::any_of(verdict.beyond.begin(), verdict.beyond.end(), [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject;
    });
}

}  // namespace

TEST_CASE("a Hebbian change is examined alike when it is written as a formula", "[audit][reach]") {
    const double cases[][2] = {{1.0, 0.01},  {0.6, 0.01}, {0.4, 0.01}, {1.05, 0.01},
                               {-1.0, 0.01}, {0.0, 0.1},  {1.0, 0.5},  {1.0, 50.0}};
    for (const auto& [keep, gain] : cases) {
        INFO("keeps " << keep << ", gain " << gain);
        Draft as_kind, as_formula;
        as_kind.hebb(as_kind.w("A"), as_kind.r("hidden"), as_kind.r("hidden"), keep, gain);
        const Term product = gain * post(1) * pre(2);
        const Term whole = keep == 0.0   ? product
                           : keep == 1.0 ? w() + product
                                         : keep * w() + product;
        as_formula.synaptic(as_formula.w("A"), whole.formula,
                            {as_formula.r("hidden"), as_formula.r("hidden")});
        CHECK(jumps(as_formula) == jumps(as_kind));
    }
}

TEST_CASE("a change by a tag is examined alike when it is written as a formula", "[audit][reach]") {
    for (const double gain : {0.01, 0.5, 50.0}) {
        for (const double tag_gain : {0.1, 100.0}) {
            INFO("gains " << gain << " and " << tag_gain);
            const auto drafted = [&](auto change) {
                Draft d;
                const SlotId trace = d.tag(d.set("A"), "trace");
                d.hebb(trace, d.r("hidden"), d.r("hidden"), 0.5, tag_gain);
                change(d, trace);
                return jumps(d);
            };
            const auto as_kind = drafted([&](Draft& d, SlotId trace) {
                d.consolidate(d.w("A"), d.r("hidden"), trace, gain);
            });
            const auto as_formula = drafted([&](Draft& d, SlotId trace) {
                d.synaptic(d.w("A"), (w() + gain * post(1) * tag(2)).formula,
                           {d.r("hidden"), trace});
            });
            CHECK(as_formula == as_kind);
        }
    }
}

TEST_CASE("a bounded change by rates of both cells is innocent", "[audit][reach]") {
    Draft d;
    d.synaptic(d.w("A"), clip(w() + 0.01 * post(1) * pre(2), -9.0, 9.0).formula,
               {d.r("hidden"), d.r("hidden")});
    d.is_innocent();
}

TEST_CASE("a root of a huge square is found", "[audit][reach][cheat]") {
    Draft d;
    const Term huge = function(Node::root, 1e12 * power(pre(1), 2));
    d.synaptic(d.w("A"), (w() + huge).formula, {d.r("hidden")});
    d.is_caught(Criterion::continuous_plasticity, "A");
}

TEST_CASE("a choice between a tag and the strength is found", "[audit][reach][cheat]") {
    Draft d;
    const SlotId target = d.tag(d.set("A"), "target");
    d.synaptic(d.w("A"), select(post(1), tag(2), w()).formula, {d.r("hidden"), target});
    d.is_caught(Criterion::continuous_plasticity, "A");
}

TEST_CASE("a jump to a tag that a step of a number lets through is found",
          "[audit][reach][cheat]") {
    Draft d;
    const SlotId target = d.tag(d.set("A"), "target");
    const SlotId moment = d.inner(d.r("hidden"), d.r("hidden"), "made_up.moment");
    d.synaptic(d.w("A"), (w() + (tag(1) - w()) * function(Node::step, all(2))).formula,
               {target, moment});
    d.is_caught(Criterion::continuous_plasticity, "A");
}

TEST_CASE("bounds that hold nothing but one number are no projection", "[audit][reach][cheat]") {
    Draft nested;
    nested.synaptic(nested.w("A"),
                    clip(clip(w(), 0.0, 0.0) + 0.1 * post(1) * pre(2), -1.0, 1.0).formula,
                    {nested.r("hidden"), nested.r("hidden")});
    nested.is_caught(Criterion::continuous_plasticity, "A");
    Draft apart;
    apart.synaptic(apart.w("A"), clip(w(), 0.0, 0.0).formula, {});
    apart.hebb(apart.w("A"), apart.r("hidden"), apart.r("hidden"), 1.0, 0.1);
    apart.is_caught(Criterion::continuous_plasticity, "A");
    Draft in_turn;
    in_turn.synaptic(in_turn.w("A"), clip(w(), 0.0, 0.0).formula, {});
    in_turn.synaptic(in_turn.w("A"), clip(w(), 1.0, 1.0).formula, {});
    in_turn.is_caught(Criterion::continuous_plasticity, "A");
}

TEST_CASE("a strength that is a formula of rates anew is found", "[audit][reach][cheat]") {
    Draft d;
    d.synaptic(d.w("A"), function(Node::tanh, post(1) * pre(2)).formula,
               {d.r("hidden"), d.r("hidden")});
    d.is_caught(Criterion::continuous_plasticity, "A");
}

TEST_CASE("a formula that reads other cells at an end is found", "[audit][reach][cheat]") {
    for (const bool at_post : {true, false}) {
        Draft d;
        const Term read = at_post ? post(1) : pre(1);
        d.synaptic(d.w("A"), (w() + 0.01 * read).formula, {d.r("input")});
        d.is_caught(Criterion::local_plasticity, "A");
    }
}

TEST_CASE("a formula that reads the strengths of another set is found", "[audit][reach][cheat]") {
    Draft d;
    d.synaptic(d.w("A"), (w() + 0.01 * tag(1)).formula, {d.w("J")});
    d.is_caught(Criterion::local_plasticity, "A");
}

TEST_CASE("tags that hand on what others were are a memory of past steps",
          "[audit][reach][cheat]") {
    Draft d;
    std::vector<SlotId> tags;
    for (const char* name : {"tag1", "tag2", "tag3", "tag4"})
        tags.push_back(d.tag(d.set("A"), name));
    for (std::size_t k = tags.size() - 1; k > 0; --k)
        d.synaptic(tags[k], tag(1).formula, {tags[k - 1]});
    d.synaptic(tags[0], (post(1) * pre(2)).formula, {d.r("hidden"), d.r("hidden")});
    d.synaptic(d.w("A"), (w() + 0.01 * tag(1)).formula, {tags.back()});
    d.is_caught(Criterion::online, "tag2(A)");
}

TEST_CASE("tags that are traces of each other, or made within a step, are no such memory",
          "[audit][reach]") {
    Draft d;
    std::vector<SlotId> tags;
    for (const char* name : {"tag1", "tag2", "tag3"}) tags.push_back(d.tag(d.set("A"), name));
    d.synaptic(tags[0], (post(1) * pre(2)).formula, {d.r("hidden"), d.r("hidden")});
    d.synaptic(tags[1], (0.9 * w() + 0.1 * tag(1)).formula, {tags[0]});
    d.synaptic(tags[2], (0.9 * w() + 0.1 * tag(1)).formula, {tags[1]});
    d.synaptic(d.w("A"), (w() + 0.01 * tag(1)).formula, {tags[2]});
    d.is_innocent();
}

TEST_CASE("what no axon carries and what is broadcast is said of a formula", "[audit][reach]") {
    Draft voltage;
    voltage.synaptic(voltage.w("A"), (w() + 0.01 * pre(1)).formula, {voltage.v("hidden.soma")});
    CHECK(says_beyond(voltage, Criterion::presynaptic_variable, "hidden.soma.v"));
    Draft broadcast;
    const SlotId number = broadcast.constant(0.5, "made_up.number");
    broadcast.synaptic(broadcast.w("A"), (w() + 0.01 * all(1)).formula, {number});
    CHECK(says_beyond(broadcast, Criterion::broadcast_number, "made_up.number"));
}

}  // namespace apical::reach_tests
