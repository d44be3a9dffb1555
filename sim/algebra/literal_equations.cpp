#include "sim/algebra/literal_equations.hpp"

#include <cmath>
#include <utility>

#include "sim/algebra/literal_functions.hpp"

namespace apical::algebra {

namespace {

bool is_of_cells(Home home) { return home == Home::pre || home == Home::post; }
bool is_of_pairs(Home home) { return home == Home::pre_pairs || home == Home::post_pairs; }

// The home of an expression whose parts are at a and b.
Home joined_homes(Home a, Home b) {
    if (a == b || b == Home::number) return a;
    if (a == Home::number) return b;
    if (a == Home::all) return b;
    if (b == Home::all) return a;
    if (is_of_pairs(a) || is_of_pairs(b)) refuse("numbers of pairs and of others do not mix");
    return Home::synapse;
}

Home home_of_outer(Home a, Home b) {
    if (a == Home::post && b == Home::post) return Home::post_pairs;
    if (a == Home::pre && b == Home::pre) return Home::pre_pairs;
    if (a == Home::post && b == Home::pre) return Home::synapse;
    refuse("outer() takes numbers of cells");
}

}  // namespace

// slope x + rest.
struct LiteralEquations::Linear {
    double slope = 0.0, rest = 0.0;
};

LiteralEquations::LiteralEquations(std::vector<Statement> statements, CellsOfEnd post,
                                   std::vector<CellsOfEnd> pre)
    : statements_(std::move(statements)), post_(post), pre_(std::move(pre)) {}

void LiteralEquations::give(const std::string& name, Quantity quantity) {
    now_[name] = std::move(quantity);
}

void LiteralEquations::give(const std::string& name, double number) {
    now_[name] = {Home::number, {Matrix::Constant(1, 1, number)}};
}

void LiteralEquations::give_previous(const std::string& name, Quantity quantity) {
    previous_[name] = std::move(quantity);
}

const Quantity& LiteralEquations::operator[](const std::string& name) const {
    const auto found = now_.find(name);
    if (found == now_.end()) refuse("no \"" + name + "\" was given or made");
    return found->second;
}

void LiteralEquations::take_all() {
    for (std::size_t k = 0; k < statements_.size(); ++k) take(k);
}

// ---- where everything is

LiteralEquations::Part LiteralEquations::resolved(const Expression& expression) const {
    Part part{.written = &expression};
    const auto read = [&](const Quantity& quantity) {
        part.quantity = &quantity;
        part.home = quantity.home;
        part.by_set = quantity.numbers.size() > 1;
    };
    if (expression.symbol == Symbol::name) read((*this)[expression.name]);
    if (expression.symbol == Symbol::call) part.function = &function_of(expression);
    if (part.function && part.function->called == Called::previous) {
        const std::string& name = expression.of.front().name;
        const auto found = previous_.find(name);
        if (found == previous_.end()) refuse("no previous value of \"" + name + "\" was given");
        read(found->second);
        return part;
    }
    for (const Expression& one : expression.of) {
        part.of.push_back(resolved(one));
        part.by_set |= part.of.back().by_set;
    }
    if (part.function) {
        resolve_call(expression, part);
    } else {
        for (const Part& one : part.of) part.home = joined_homes(part.home, one.home);
    }
    return part;
}

void LiteralEquations::resolve_call(const Expression& call, Part& part) const {
    const Home first = part.of.front().home;
    switch (part.function->called) {
        case Called::sum:
        case Called::mean:
            if (!is_of_cells(first)) refuse(call.name + "() takes numbers of cells");
            part.home = Home::all;
            part.by_set |= first == Home::pre && pre_.size() > 1;
            return;
        case Called::gather:
            if (is_of_pairs(first)) refuse(call.name + "() takes numbers of synapses");
            part.home = Home::post;
            part.by_set |= pre_.size() > 1;
            return;
        case Called::phi:
        case Called::slope:
            if (!is_of_cells(first)) refuse(call.name + "() takes numbers of cells");
            part.home = first;
            return;
        case Called::dot:
            part.home = part.of[1].home;
            if (part.home == Home::pre && first == Home::pre_pairs) return;
            if (part.home == Home::post && first == Home::post_pairs) return;
            refuse("dot() takes numbers of pairs and of the same cells");
        case Called::outer:
            part.home = home_of_outer(first, part.of[1].home);
            return;
        case Called::by_entry:
        case Called::previous:
            break;
    }
    for (const Part& one : part.of) part.home = joined_homes(part.home, one.home);
}

const CellsOfEnd& LiteralEquations::end_of(Home home, std::size_t set) const {
    return home == Home::pre || home == Home::pre_pairs ? pre_[set] : post_;
}

void LiteralEquations::give_activations(Home end, std::size_t set,
                                        std::vector<Activation> of_cells) {
    (end == Home::pre ? pre_[set] : post_).of_cells = std::move(of_cells);
}

void LiteralEquations::give_synapses(std::size_t set, FewSynapses few) {
    few_.resize(pre_.size());
    few_[set] = std::move(few);
}

const FewSynapses* LiteralEquations::few_of(std::size_t set) const {
    return few_.empty() || few_[set].start.empty() ? nullptr : &few_[set];
}

// ---- statements

void LiteralEquations::take(std::size_t k) {
    const Statement& statement = statements_[k];
    const Part right = resolved(statement.right);
    const auto known = now_.find(statement.target);
    const Quantity* target = known == now_.end() ? nullptr : &known->second;
    if (!target && statement.assignment != Assignment::set)
        refuse("\"" + statement.target + "\" is changed, but was not given");
    const Home home = target ? target->home : right.home;
    if (joined_homes(home, right.home) != home)
        refuse("\"" + statement.target + "\" has fewer numbers than its right side");
    const bool in_sets = home == Home::pre || home == Home::synapse || home == Home::pre_pairs;
    const std::size_t sets = target                    ? target->numbers.size()
                             : right.by_set || in_sets ? pre_.size()
                                                       : 1;
    if (right.by_set && sets == 1)
        refuse("\"" + statement.target + "\" is one for all sets, its right side is not");
    Quantity made{home};
    for (std::size_t set = 0; set < sets; ++set)
        made.numbers.push_back(result(statement, right, target, home, set));
    now_[statement.target] = std::move(made);
}

Matrix LiteralEquations::result(const Statement& statement, const Part& right,
                                const Quantity* target, Home home, std::size_t set) const {
    if (home == Home::synapse && few_of(set))
        return of_few(statement, right, target, set, *few_of(set));
    const bool single = home == Home::number || home == Home::all;
    const bool matrix = home == Home::synapse || is_of_pairs(home);
    const Index rows = single ? 1 : end_of(home, set).size;
    Index columns = 1;
    if (matrix) columns = home == Home::synapse ? pre_[set].size : rows;
    Matrix all(rows, columns);
    for (Index i = 0; i < rows; ++i) {
        for (Index j = 0; j < columns; ++j) {
            const At at = matrix ? At{set, i, j} : At{set}.in_cell(i);
            all(i, j) = new_value(statement, right, target, at);
        }
    }
    return all;
}

Matrix LiteralEquations::of_few(const Statement& statement, const Part& right,
                                const Quantity* target, std::size_t set,
                                const FewSynapses& few) const {
    Matrix all(static_cast<Index>(few.pre.size()), 1);
    for (Index i = 0; i < post_.size; ++i) {
        for (Index k = few.first_of(i); k < few.first_of(i + 1); ++k) {
            const At at{set, i, few.pre[static_cast<std::size_t>(k)], k};
            all(k, 0) = new_value(statement, right, target, at);
        }
    }
    return all;
}

double LiteralEquations::new_value(const Statement& statement, const Part& right,
                                   const Quantity* target, const At& at) const {
    switch (statement.assignment) {
        case Assignment::set:
            return value(right, at);
        case Assignment::add:
            return at.read(*target) + value(right, at);
        case Assignment::subtract:
            return at.read(*target) - value(right, at);
        case Assignment::rate_of_change:
            break;
    }
    const auto [a, b] = in_terms_of(*target, right, at);
    const double h = number("step_ms"), x = at.read(*target);
    // expm1(z) is e^z - 1 without the digits that the subtraction would lose.
    return a == 0.0 ? x + h * b : std::exp(a * h) * x + std::expm1(a * h) / a * b;
}

LiteralEquations::Linear LiteralEquations::in_terms_of(const Quantity& x, const Part& part,
                                                       const At& at) const {
    if (!part.holds(x)) return {0.0, value(part, at)};
    if (part.quantity == &x) return {1.0, 0.0};
    const auto of = [&](std::size_t k) { return in_terms_of(x, part.of[k], at); };
    switch (part.written->symbol) {
        case Symbol::negative:
            return {-of(0).slope, -of(0).rest};
        case Symbol::add:
            return {of(0).slope + of(1).slope, of(0).rest + of(1).rest};
        case Symbol::subtract:
            return {of(0).slope - of(1).slope, of(0).rest - of(1).rest};
        case Symbol::multiply: {
            if (part.of[0].holds(x) && part.of[1].holds(x)) break;
            const bool left = part.of[0].holds(x);
            const Linear linear = of(left ? 0 : 1);
            const double factor = value(part.of[left ? 1 : 0], at);
            return {linear.slope * factor, linear.rest * factor};
        }
        case Symbol::divide: {
            if (part.of[1].holds(x)) break;
            const double by = value(part.of[1], at);
            return {of(0).slope / by, of(0).rest / by};
        }
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::power:
            break;
    }
    refuse("d/dt needs a right side a x + b");
}

}  // namespace apical::algebra
