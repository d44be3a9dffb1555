// Criterion iv: a synapse does O(1) products a step. Counted from shapes for each operation, and
// for each matrix over all operations of a step, so that a product of matrices is one too when it
// is split into as many products with vectors, over a set and its copies or through relays. Only
// distinct vectors count: cells that settle send one through their synapses many times. Numbers at
// a synapse that multiply each other there are no such product, however many they are; they count
// by the vectors that they are made of.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/makings.hpp"

namespace apical {

namespace {

constexpr const char* mend = "send one vector through the synapses in place of a whole matrix";

// Fewer uses of a matrix than this are few, however small the matrix.
constexpr std::size_t few = 5;

double entries(const Slot& slot) { return static_cast<double>(slot.rows) * slot.columns; }

double largest(const AuditContext& context, const Operation& op) {
    double most = 0.0;
    for (std::size_t k = 0; k < op.operands.size(); ++k)
        most = std::max(most, entries(context.slot(op, k)));
    return most;
}

// Multiplications of one operation.
double products(const AuditContext& context, const Operation& op) {
    const Slot& written = context.slot(op, 0);
    const double cubic = entries(written) * written.rows;
    return traits(op.kind).multiplies_matrices(op) ? cubic : largest(context, op);
}

// What a change of a matrix is made of: operands, by place.
struct ChangeParts {
    std::set<std::uint16_t> post, pre, tags, numbers;
};

ChangeParts parts_of_formula(const Formula& formula) {
    ChangeParts parts;
    for (const FormulaNode& node : formula) {
        if (node.node != Node::operand || node.a == 0) continue;
        if (node.index == Index::post) parts.post.insert(node.a);
        if (node.index == Index::pre) parts.pre.insert(node.a);
        if (node.index == Index::synapse) parts.tags.insert(node.a);
        if (node.index == Index::all) parts.numbers.insert(node.a);
    }
    return parts;
}

ChangeParts parts_of_change(const Operation& op) {
    const auto last = static_cast<std::uint16_t>(op.operands.size() - 1);
    switch (traits(op.kind).change) {
        case MatrixChange::rank_one:
            return {{1}, {2}, {}, {}};
        case MatrixChange::by_tag:
            if (last == 2) return {{}, {}, {2}, {1}};
            return {{}, {}, {last}, {}};
        case MatrixChange::overwritten:
            if (last == 1) return {{}, {}, {1}, {}};
            return {};
        case MatrixChange::formula:
            return parts_of_formula(op.formula);
        case MatrixChange::product:
        case MatrixChange::none:
            return {};
    }
    return {};
}

// Vectors that a matrix is changed by in a step, at both ends.
struct Ends {
    std::set<Makings::Making> post, pre;
};

Ends own_ends(const Operation& op, const ChangeParts& parts, Makings& makings) {
    Ends ends;
    for (const std::uint16_t k : parts.post) ends.post.insert(makings.of(op.operands[k].slot));
    for (const std::uint16_t k : parts.pre) ends.pre.insert(makings.of(op.operands[k].slot));
    return ends;
}

// Whether there are more of them than before.
bool join(Ends& ends, const Ends& more) {
    const std::size_t before = ends.post.size() + ends.pre.size();
    ends.post.insert(more.post.begin(), more.post.end());
    ends.pre.insert(more.pre.begin(), more.pre.end());
    return ends.post.size() + ends.pre.size() > before;
}

// By slot: the vectors of a step's changes, with those of the tags that a matrix is changed by, and
// of the tags that these are changed by, in whichever order.
std::vector<Ends> ends_of_matrices(const AuditContext& context) {
    std::vector<Ends> ends(context.program().slots.size());
    std::vector<std::pair<SlotId, SlotId>> handed_on;  // to a matrix from a tag
    Makings makings(context);
    for (const Operation& op : context.operations()) {
        const ChangeParts parts = parts_of_change(op);
        const SlotId matrix = op.operands[0].slot;
        join(ends[matrix.value], own_ends(op, parts, makings));
        for (const std::uint16_t tag : parts.tags)
            handed_on.emplace_back(matrix, op.operands[tag].slot);
        makings.pass(op);
    }
    for (bool grow = true; grow;) {
        grow = false;
        for (const auto& [matrix, tag] : handed_on) {
            if (matrix != tag && join(ends[matrix.value], ends[tag.value])) grow = true;
        }
    }
    return ends;
}

class Products {
public:
    explicit Products(AuditContext& context)
        : context_(context), makings_(context), ends_(ends_of_matrices(context)) {
        sent_.resize(context_.program().slots.size());
        changes_.resize(context_.program().slots.size());
        gathered_.resize(context_.program().slots.size());
        for (const Operation& op : context_.operations()) {
            if (traits(op.kind).gathers == Gathers::own_synapses)
                gathered_[op.operands[1].slot.value] = true;
        }
        find_copies();
    }

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        const double made = products(context_, op), places = largest(context_, op);
        if (made > places) {
            const std::string& name = context_.slot(op, 0).name;
            context_.find(
                Criterion::no_matrix_product, index, name,
                fmt::format("\"{}\" takes {} products a step for {} numbers", name, made, places),
                mend);
        }
        count(op);
        makings_.pass(op);
    }

private:
    using Distinct = std::set<std::pair<Makings::Making, Makings::Making>>;

    Makings::Making made(const Operation& op, std::size_t operand) {
        return makings_.of(op.operands[operand].slot);
    }

    void count(const Operation& op) {
        const std::size_t last = op.operands.size() - 1;
        const KindTraits& kind = traits(op.kind);
        switch (kind.gathers) {
            case Gathers::synapses:
                if (last == 2)
                    send(op.operands[kind.product.matrix].slot, made(op, kind.product.vector));
                break;
            case Gathers::matrix:
                send(op.operands[kind.product.matrix].slot,
                     made(op, last == 2 ? kind.product.vector : 0));
                break;
            case Gathers::nothing:
            case Gathers::own_synapses:
            case Gathers::interneuron:
            case Gathers::population:
            case Gathers::sum:
                break;
        }
        switch (kind.change) {
            case MatrixChange::rank_one:
                return change(op.operands[0].slot, {made(op, 1), made(op, 2)});
            case MatrixChange::by_tag:
            case MatrixChange::formula:
                return count_parts(op);
            case MatrixChange::overwritten:
            case MatrixChange::product:
            case MatrixChange::none:
                return;
        }
    }

    // A change by p postsynaptic and q presynaptic vectors, those that its tags are made of among
    // them, is at least the sum of as many products as there are of both. The vectors that are left
    // over, and the numbers for all, may each multiply a tag of its own.
    void count_parts(const Operation& op) {
        const ChangeParts parts = parts_of_change(op);
        const SlotId matrix = op.operands[0].slot;
        Ends ends = own_ends(op, parts, makings_);
        for (const std::uint16_t tag : parts.tags) join(ends, ends_[op.operands[tag].slot.value]);
        auto a = ends.post.begin(), b = ends.pre.begin();
        for (; a != ends.post.end() && b != ends.pre.end(); ++a, ++b) change(matrix, {*a, *b});
        std::vector<Makings::Making> rest(a, ends.post.end());
        rest.insert(rest.end(), b, ends.pre.end());
        for (const std::uint16_t number : parts.numbers) rest.push_back(made(op, number));
        auto factor = rest.begin();
        auto tag = parts.tags.begin();
        for (; factor != rest.end() && tag != parts.tags.end(); ++factor, ++tag)
            change(matrix, {*factor, made(op, *tag)});
        if (gathered_[matrix.value]) send_by_gathering(op, parts.tags, parts.pre);
    }

    // A tag S x that a cell sums up over its synapses is the product of S with x.
    void send_by_gathering(const Operation& op, const std::set<std::uint16_t>& matrices,
                           const std::set<std::uint16_t>& vectors) {
        for (const std::uint16_t matrix : matrices) {
            for (const std::uint16_t vector : vectors)
                send(op.operands[matrix].slot, made(op, vector));
        }
    }

    // Sets that start with the same numbers are one matrix, unless these are so simple that many
    // have them.
    void find_copies() {
        std::vector<SlotId> first(context_.circuit().synapses.size());
        for (std::size_t i = 0; i < context_.program().slots.size(); ++i) {
            const Slot& slot = context_.program().slots[i];
            same_as_.emplace_back(i);
            if (!context_.is_strength(slot) || !context_.starts().has_pattern(slot.synapses))
                continue;
            SlotId& known = first[context_.starts().kind(slot.synapses)];
            if (!known) known = SlotId(i);
            same_as_.back() = known;
        }
    }

    void send(SlotId matrix, Makings::Making vector) {
        const SlotId one = same_as_[matrix.value];
        sent_[one.value].insert({vector, 0});
        const std::string copies =
            one == matrix ? ""
                          : fmt::format(" and \"{}\", its copy", context_.program()[matrix].name);
        check(one, sent_[one.value], "distinct vectors go through", copies);
    }

    void change(SlotId matrix, std::pair<Makings::Making, Makings::Making> product) {
        changes_[matrix.value].insert(product);
        check(matrix, changes_[matrix.value], "distinct products are added to", "");
    }

    void check(SlotId matrix, const Distinct& uses, const char* what, const std::string& copies) {
        const Slot& slot = context_.program()[matrix];
        const auto longer = static_cast<std::size_t>(std::max(slot.rows, slot.columns));
        if (uses.size() < std::max(longer, few)) return;
        context_.find(
            Criterion::no_matrix_product, index_, slot.name,
            fmt::format("{} {} \"{}\"{} in a step: a product of matrices, column by column",
                        uses.size(), what, slot.name, copies),
            mend);
    }

    AuditContext& context_;
    Makings makings_;
    std::vector<Ends> ends_;                // by slot
    std::vector<SlotId> same_as_;           // by slot: the first that starts with its numbers
    std::vector<Distinct> sent_, changes_;  // by slot, in a step
    std::vector<bool> gathered_;            // by slot: summed up over a cell's synapses
    std::size_t index_ = 0;
};

}  // namespace

void examine_products(AuditContext& context) {
    Products all(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) all.examine(i);
}

}  // namespace apical
