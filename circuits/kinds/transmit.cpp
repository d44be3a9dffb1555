// Transmission: v_i += sum_j S_ij x_j; in reverse v_j += sum_i S_ij x_i; one to one
// v_i += gain x_i.
// One to one, the rate may be a part of as many cells, from `first_cell` on.
// Operands: voltage (set by the phase's first into it, else increment), rate, strength; one to one
// without strength.
#include <fmt/format.h>

#include <cmath>

#include "circuits/anatomy/cell_slice.hpp"
#include "circuits/program/operands.hpp"

namespace apical {

namespace {

// From a part of what the task gives.
bool is_part(const Operands& o) {
    return o.is_vector_of(0, o.at(0).rows) && o.is_vector_of(1, o.at(1).rows) &&
           o.op().first_cell + o.at(0).rows <= o.at(1).rows;
}

bool transmission_fits(const Operands& o) {
    if (o.op().first_cell >= 0) return o.count() == 2 && is_part(o);
    return o.count() == 2 ? o.are_cells(0, 2) : o.count() == 3 && o.is_product(0, 2, 1);
}

std::string transmission_text(const Operands& o) {
    if (o.count() == 2) {
        const char* minus = o.op().gain < 0 ? "-" : "";
        const std::string from = name_of_part(o.name(1), o.op().first_cell, o.at(0).rows);
        return fmt::format("{} {} {}{} (one to one)", o.name(0), o.sign(), minus,
                           scaled(std::abs(o.op().gain), from));
    }
    return fmt::format("{} {} {} {}", o.name(0), o.sign(), o.matrix(2), o.name(1));
}

}  // namespace

constinit const KindTraits transmit_traits = {
    .kind = Kind::transmit,
    .verb = "transmit",
    .biology = "neural transmission",
    .fits = transmission_fits,
    .equation = transmission_text,
    .writes = Carrier::voltage,
    .writes_vector = Carrier::voltage,
    .locality = Locality::other_cells,
    .gathers = Gathers::synapses,
    .product = {.matrix = 2, .vector = 1},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::transmitted,
    .size = SizeRule::transmitted,
};

}  // namespace apical
