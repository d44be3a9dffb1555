// One number for all cells and synapses.
// Operands: number (set; inner: set or increment), a, or a and b; constant: none; formula: number
// (set, or update when it is read too) and up to 15 numbers.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool number_fits(const Operands& o) {
    if (o.function() == Function::constant) return o.count() == 1 && o.is_number(0);
    if (o.function() == Function::formula) return o.are_numbers(0, o.count()) && o.fit_formula();
    if (o.function() == Function::inner)
        return o.count() == 3 && o.is_number(0) && o.are_alike(1, 2) &&
               o.at(1).shape != Shape::history;
    return o.count() == 3 && o.are_numbers(0, 3);
}

std::string number_text(const Operands& o) {
    const std::string& number = o.name(0);
    if (o.function() == Function::constant) return fmt::format("{} = {:.6g}", number, o.op().gain);
    if (o.function() == Function::inner)
        return fmt::format("{} {} sum({} {})", number, o.sign(), o.name(1), o.name(2));
    if (o.function() == Function::formula) return fmt::format("{} = {}", number, o.formula());
    if (o.function() == Function::quotient)
        return fmt::format("{} = {} / {}", number, o.name(1), o.name(2));
    if (o.function() == Function::balance)
        return fmt::format("{} = ({} / {})^(1/4)", number, o.name(1), o.name(2));
    return fmt::format("{} = {} {}", number, o.name(1), o.name(2));
}

}  // namespace

constinit const KindTraits modulate_traits = {
    .kind = Kind::modulate,
    .verb = "modulate",
    .biology = "neuromodulator",
    .fits = number_fits,
    .equation = number_text,
    .writes = Carrier::modulator,
    .writes_vector = Carrier::modulator,
    .locality = Locality::everywhere,
    .gathers = Gathers::sum,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::vector,
    .size = SizeRule::by_function,
};

}  // namespace apical
