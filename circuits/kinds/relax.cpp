// A membrane approaches its drive: v <- drive + (v - drive) exp(-ms / tau), `retain` the last
// factor; of the function `sum` all that arrives is added: v <- retain v + gain drive.
// Operands: voltage (update), drive; with each cell's own time constant that as well, `ms` the
// time.
//
// A soma goes to where its dendrites lead it by conductances, the functions `exact`, `euler` and
// `steady` (circuits/program/relaxation_formula.hpp): `weights` are the leak and a conductance for
// each voltage. Operands: voltage (update), then voltage, or voltage and gate, for each dendrite;
// `gated[k]` tells which. What leads a branch may stand in place of a dendrite, and a conductance
// of each cell in place of a gate. Of the function `cable` they are parts of the voltage's own last
// value and of the others, none of which is gated.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/program/operands.hpp"
#include "circuits/program/relaxation_formula.hpp"

namespace apical {

namespace {

bool coupling_fits(const Operands& o) {
    const std::vector<double>& weights = o.op().weights;
    const bool conduct = std::all_of(weights.begin(), weights.end(),
                                     [](double g) { return std::isfinite(g) && g >= 0.0; });
    if (!conduct || o.op().gated.empty() || weights.size() != o.op().gated.size() + 1) return false;
    const bool is_cable = o.function() == Function::cable;
    std::size_t k = 1;
    for (const bool gated : o.op().gated) {
        if (gated && is_cable) return false;
        if (k >= o.count() || !o.are_cells(0, 1) || !o.is_vector_of(k, o.at(0).rows)) return false;
        if (gated && (k + 1 >= o.count() || !o.is_gate(k + 1, o.at(0).rows))) return false;
        k += gated ? 2 : 1;
    }
    return k == o.count() && check_formula(relaxation_formula(o.op()), o.count());
}

bool relaxation_fits(const Operands& o) {
    if (is_coupling(o.function())) return coupling_fits(o);
    const bool is_own = o.count() == 3 || o.count() == 2;
    return is_own && (o.function() == Function::none || o.function() == Function::sum) &&
           o.are_cells(0, o.count());
}

// "cable(0.9 hidden.soma.v + 0.06 before(hidden.apical.v) + 0.04 hidden.basal.v, 6 ms)"
std::string cable_text(const Operands& o) {
    std::vector<std::string> left;
    for (std::size_t k = 0; k < o.count(); ++k)
        left.push_back(fmt::format("{:.6g} {}", o.op().weights[k], o.name(k)));
    return fmt::format("{} = cable({}, {:.6g} ms)", o.name(0), fmt::join(left, " + "), o.op().ms);
}

// "couple(0.1 hidden.basal.v + 0.06 gate.apical hidden.apical.v, leak 0.03, exact, 6 ms)"
std::string coupling_text(const Operands& o) {
    const Operation& op = o.op();
    std::vector<std::string> led;
    std::size_t k = 1;
    for (std::size_t c = 0; c < op.gated.size(); ++c) {
        const std::string gate = op.gated[c] ? o.name(k + 1) + ' ' : "";
        led.push_back(fmt::format("{:.6g} {}{}", op.weights[c + 1], gate, o.name(k)));
        k += op.gated[c] ? 2 : 1;
    }
    const std::string how = op.function == Function::steady ? "at once"
                            : op.function == Function::euler
                                ? fmt::format("Euler's step of {:.6g} ms", op.ms)
                                : fmt::format("{:.6g} ms", op.ms);
    return fmt::format("{} = couple({}, leak {:.6g}, {})", o.name(0), fmt::join(led, " + "),
                       op.weights[0], how);
}

std::string relaxation_text(const Operands& o) {
    if (o.function() == Function::cable) return cable_text(o);
    if (is_coupling(o.function())) return coupling_text(o);
    if (o.count() == 3)
        return fmt::format("{} = {}", o.name(0), o.text_of(relaxation_formula(o.op())));
    if (o.function() == Function::sum)
        return fmt::format("{} = {:.6g} {} + {}", o.name(0), o.op().retain, o.name(0),
                           scaled(o.op().gain, o.name(1)));
    return fmt::format("{} = {} + {:.6g} ({} - {})", o.name(0), o.name(1), o.op().retain, o.name(0),
                       o.name(1));
}

}  // namespace

constinit const KindTraits relax_traits = {
    .kind = Kind::relax,
    .verb = "relax",
    .biology = "membrane time constant",
    .fits = relaxation_fits,
    .equation = relaxation_text,
    .writes = Carrier::voltage,
    .writes_vector = Carrier::voltage,
    .locality = Locality::own_cell,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::between_cells,
    .size = SizeRule::led,
};

}  // namespace apical
