// Three-factor plasticity: S_ij <- S_ij + gain post_i tag_ij.
// Operands: strength (increment), post or a number, tag; or only tag.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool consolidation_fits(const Operands& o) {
    const bool alike = o.count() >= 2 && o.is_matrix(0) && o.are_alike(0, o.count() - 1);
    return alike && (o.count() == 2 || o.is_number(1) || o.is_vector_of(1, o.at(0).rows));
}

std::string consolidation_text(const Operands& o) {
    if (o.count() == 2) return o.changed(o.name(1));
    return o.changed(fmt::format("{} . {}", o.name(1), o.name(2)));
}

}  // namespace

constinit const KindTraits consolidate_traits = {
    .kind = Kind::consolidate,
    .verb = "consolidate",
    .biology = "three-factor plasticity",
    .fits = consolidation_fits,
    .equation = consolidation_text,
    .writes = Carrier::synaptic,
    .writes_vector = Carrier::synaptic,
    .locality = Locality::own_synapse,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::by_tag,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::change,
};

}  // namespace apical
