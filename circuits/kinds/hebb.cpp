// A Hebbian change: S_ij <- retain S_ij + gain post_i pre_j.
// Operands: strength or tag (update; set when `retain` is 0), post, pre; then the number, or the
// cells' numbers, that `retain` is multiplied by, then the number that `gain` is multiplied by.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool hebb_fits(const Operands& o) {
    const bool fits = o.count() >= 3 && o.is_matrix(0) && o.is_vector_of(1, o.at(0).rows) &&
                      o.is_vector_of(2, o.at(0).columns);
    if (!fits || o.count() == 3) return fits;
    const bool keeps = o.is_number(3) || o.is_vector_of(3, o.at(0).rows);
    return keeps && (o.count() == 4 || (o.is_number(3) && o.are_numbers(4, 5)));
}

std::string hebb_text(const Operands& o) {
    const std::string by = fmt::format("{} x {}", o.name(1), o.name(2));
    if (o.count() == 3) return o.changed(by);
    const std::string scale = o.count() > 4 ? o.name(4) + " " : "";
    const std::string gain = o.op().gain == 1.0 ? "" : fmt::format("{:.6g} ", o.op().gain);
    return fmt::format("{0} = {1} {0} + {2}{3}{4}", o.name(0), o.name(3), gain, scale, by);
}

}  // namespace

constinit const KindTraits hebb_traits = {
    .kind = Kind::hebb,
    .verb = "hebb",
    .biology = "local plasticity, or a tag",
    .fits = hebb_fits,
    .equation = hebb_text,
    .writes = Carrier::synaptic,
    .writes_vector = Carrier::synaptic,
    .locality = Locality::own_synapse,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::rank_one,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::change,
};

}  // namespace apical
