#include "circuits/program/formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

// ---- text

// How tightly a text holds together; what a place asks for is bracketed when it is looser.
// A quotient is looser than a product, so that "(a / b) c" cannot be read as a / (b c).
enum class Binding : std::uint8_t { sum, quotient, product, power, atom };

// The ends of a set that a text's operands are of.
struct Ends {
    bool post = false, pre = false;
    bool is_post() const { return post && !pre; }
    bool is_pre() const { return pre && !post; }
};

struct Written {
    std::string text;
    Binding binding = Binding::atom;
    Ends ends = {};
};

const char* word_of(Node node) {
    switch (node) {
        case Node::minimum:
            return "min";
        case Node::maximum:
            return "max";
        case Node::select:
            return "select";
        case Node::absolute:
            return "abs";
        case Node::sign:
            return "sign";
        case Node::step:
            return "step";
        case Node::root:
            return "sqrt";
        case Node::exponential:
            return "exp";
        case Node::logarithm:
            return "log";
        case Node::tanh:
            return "tanh";
        case Node::logistic:
            return "logistic";
        case Node::rectified:
            return "rectified";
        case Node::number:
        case Node::operand:
        case Node::add:
        case Node::subtract:
        case Node::multiply:
        case Node::divide:
        case Node::power:
            break;
    }
    return "";
}

std::string written_number(double number) { return fmt::format("{:.6g}", number); }

std::string held(const Written& part, Binding least) {
    return part.binding < least ? '(' + part.text + ')' : part.text;
}

// A factor that is not the first one: "a -2" would be a difference.
std::string held_behind(const Written& part, Binding least) {
    return part.text.starts_with('-') ? '(' + part.text + ')' : held(part, least);
}

class FormulaText {
public:
    FormulaText(const Formula& formula, const std::vector<std::string>& names)
        : formula_(formula), names_(names) {}

    Written written(std::size_t place) const {
        const FormulaNode& node = formula_[place];
        if (node.node == Node::number) return number(node);
        if (node.node == Node::operand) return operand(node);
        std::vector<Written> parts;
        for (int k = 0; k < arity(node.node); ++k) parts.push_back(written(child(node, k)));
        Written made = joined(node, parts);
        for (const Written& part : parts) {
            made.ends.post |= part.ends.post;
            made.ends.pre |= part.ends.pre;
        }
        return made;
    }

private:
    static Written number(const FormulaNode& node) {
        return {written_number(node.number),
                std::signbit(node.number) ? Binding::product : Binding::atom};
    }

    Written operand(const FormulaNode& node) const {
        const bool entry = node.index == Index::synapse;
        return {names_[node.a],
                Binding::atom,
                {entry || node.index == Index::post, entry || node.index == Index::pre}};
    }

    Written joined(const FormulaNode& node, const std::vector<Written>& parts) const {
        if (node.node == Node::add) return sum(parts, true);
        if (node.node == Node::subtract) return sum(parts, false);
        if (node.node == Node::multiply) return product(parts);
        if (node.node == Node::divide) return quotient(parts);
        if (node.node == Node::power)
            return {fmt::format("{}^{:.6g}", held(parts[0], Binding::atom), node.number),
                    Binding::power};
        return call(node, parts);
    }

    // What begins with a minus is subtracted, which rounds as the sum does: "a - 0.5 b".
    static Written sum(const std::vector<Written>& parts, bool adds) {
        std::string second = held(parts[1], Binding::quotient);
        if (second.starts_with('-')) {
            adds = !adds;
            second.erase(0, 1);
        }
        return {fmt::format("{} {} {}", held(parts[0], Binding::sum), adds ? '+' : '-', second),
                Binding::sum};
    }

    static Written product(const std::vector<Written>& parts) {
        const Ends &a = parts[0].ends, &b = parts[1].ends;
        const bool outer = (a.is_post() && b.is_pre()) || (a.is_pre() && b.is_post());
        return {held(parts[0], Binding::product) + (outer ? " x " : " ") +
                    held_behind(parts[1], Binding::power),
                Binding::product};
    }

    static Written quotient(const std::vector<Written>& parts) {
        return {held(parts[0], Binding::quotient) + " / " + held_behind(parts[1], Binding::power),
                Binding::quotient};
    }

    Written call(const FormulaNode& node, const std::vector<Written>& parts) const {
        const std::string clipped = clip(node);
        if (!clipped.empty()) return {clipped};
        std::vector<std::string> texts;
        for (const Written& part : parts) texts.push_back(part.text);
        return {fmt::format("{}({})", word_of(node.node), fmt::join(texts, ", "))};
    }

    // A minimum of a number and a maximum of a smaller one and what is clipped; else empty.
    std::string clip(const FormulaNode& node) const {
        if (node.node != Node::minimum) return {};
        const bool first = is(node.a, Node::number);
        const std::uint16_t high = first ? node.a : node.b, inner = first ? node.b : node.a;
        if (!is(high, Node::number) || !is(inner, Node::maximum)) return {};
        const FormulaNode& maximum = formula_[inner];
        const bool inner_first = is(maximum.a, Node::number);
        const std::uint16_t low = inner_first ? maximum.a : maximum.b,
                            of = inner_first ? maximum.b : maximum.a;
        if (!is(low, Node::number) || formula_[low].number > formula_[high].number) return {};
        return fmt::format("clip({}, {}, {})", written(of).text,
                           written_number(formula_[low].number),
                           written_number(formula_[high].number));
    }

    bool is(std::uint16_t place, Node node) const { return formula_[place].node == node; }

    const Formula& formula_;
    const std::vector<std::string>& names_;
};

// ---- soundness

bool is_node_sound(const FormulaNode& node, std::size_t place, std::size_t operands) {
    if (node.node == Node::operand) return node.a < operands;
    for (int k = 0; k < arity(node.node); ++k) {
        if (child(node, k) >= place) return false;
    }
    if (!std::isfinite(node.number)) return false;
    return node.node != Node::power ||
           (std::abs(node.number) <= highest_power && node.number == std::trunc(node.number));
}

}  // namespace

int arity(Node node) {
    switch (node) {
        case Node::number:
        case Node::operand:
            return 0;
        case Node::add:
        case Node::subtract:
        case Node::multiply:
        case Node::divide:
        case Node::minimum:
        case Node::maximum:
            return 2;
        case Node::select:
            return 3;
        case Node::power:
        case Node::absolute:
        case Node::sign:
        case Node::step:
        case Node::root:
        case Node::exponential:
        case Node::logarithm:
        case Node::tanh:
        case Node::logistic:
        case Node::rectified:
            break;
    }
    return 1;
}

std::uint16_t child(const FormulaNode& node, int k) {
    if (k == 0) return node.a;
    return k == 1 ? node.b : node.c;
}

bool check_formula(const Formula& formula, std::size_t operands) {
    if (formula.empty() || formula.size() > longest_formula) return false;
    std::vector<std::size_t> written(formula.size());  // nodes of its text
    std::vector<bool> read(formula.size());
    for (std::size_t place = 0; place < formula.size(); ++place) {
        if (!is_node_sound(formula[place], place, operands)) return false;
        written[place] = 1;
        for (int k = 0; k < arity(formula[place].node); ++k) {
            const std::uint16_t of = child(formula[place], k);
            written[place] += written[of];
            read[of] = true;
        }
        if (written[place] > longest_written) return false;
    }
    return std::find(read.begin(), read.end() - 1, false) == read.end() - 1;
}

bool reads(const Formula& formula, std::size_t place) {
    return std::any_of(formula.begin(), formula.end(), [&](const FormulaNode& node) {
        return node.node == Node::operand && node.a == place;
    });
}

std::size_t places_of(const Formula& formula) {
    std::size_t count = 1;
    for (const FormulaNode& node : formula)
        if (node.node == Node::operand) count = std::max<std::size_t>(count, node.a + 1U);
    return count;
}

int most_waiting(const Formula& formula) {
    std::vector<std::size_t> last(formula.size());
    for (std::size_t i = 0; i < formula.size(); ++i) {
        for (int k = 0; k < arity(formula[i].node); ++k) last[child(formula[i], k)] = i;
    }
    int now = 0, most = 0;
    for (std::size_t i = 0; i < formula.size(); ++i) {
        if (arity(formula[i].node) == 0) continue;
        for (std::size_t part = 0; part < i; ++part)
            now -= last[part] == i && arity(formula[part].node) > 0 ? 1 : 0;
        most = std::max(most, ++now);
    }
    return most;
}

std::string to_text(const Formula& formula, const std::vector<std::string>& names) {
    return FormulaText(formula, names).written(formula.size() - 1).text;
}

}  // namespace apical
