// A function inside one cell, y_i = f(a_i, b_i): slope, product, sum, difference, complement or
// formula.
// Operands: result (set, or update when it is read too), a, or a and b; of a sum also the numbers
// s and t; of a formula up to 15 vectors of the cells or numbers for all.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool cellwise_fits(const Operands& o) {
    if (o.function() == Function::formula) return o.are_cells(0, 1) && o.fit_formula();
    if (o.count() == 5) return o.are_cells(0, 3) && o.are_numbers(3, 5);
    return (o.count() == 2 || o.count() == 3) && o.are_cells(0, o.count());
}

std::string sum_text(const Operands& o) {
    if (o.count() > 3)
        return fmt::format("{} = {} {} + {} {}", o.name(0), o.name(3), o.name(1), o.name(4),
                           o.name(2));
    return fmt::format("{} = {} + {}", o.name(0), scaled(o.op().retain, o.name(1)),
                       scaled(o.op().gain, o.name(2)));
}

std::string cellwise_text(const Operands& o) {
    const Activation phi = o.op().activation;
    if (o.function() == Function::formula) return fmt::format("{} = {}", o.name(0), o.formula());
    if (o.function() == Function::sum) return sum_text(o);
    if (o.function() == Function::slope)
        return fmt::format("{} = {}'({})", o.name(0), name_of(phi), o.name(1));
    if (o.function() == Function::product) {
        const std::string factors = o.count() == 2 ? o.name(1) : o.name(1) + " " + o.name(2);
        return fmt::format("{} = {}", o.name(0), scaled(o.op().gain, factors));
    }
    if (o.function() == Function::difference)
        return fmt::format("{} = {} - {}", o.name(0), o.name(1), o.name(2));
    if (o.function() != Function::complement) return "";
    if (phi == Activation::rectified)
        return fmt::format("{} = max(0, 1 - {})", o.name(0), o.name(1));
    return fmt::format("{} = 1 - {}", o.name(0), o.name(1));
}

}  // namespace

constinit const KindTraits cellwise_traits = {
    .kind = Kind::cellwise,
    .verb = "cellwise",
    .biology = "intracellular",
    .fits = cellwise_fits,
    .equation = cellwise_text,
    .writes = Carrier::intracellular,
    .writes_vector = Carrier::intracellular,
    .locality = Locality::own_cell,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::little_kept,
    .size = SizeRule::by_function,
};

}  // namespace apical
