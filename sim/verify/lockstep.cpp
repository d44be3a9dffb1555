#include "sim/verify/lockstep.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

algebra::Matrix single(double number) { return algebra::Matrix::Constant(1, 1, number); }

}  // namespace

void compare_network(const CircuitRun& run, SlotId c_bar, const algebra::Network& equations,
                     Comparison& found) {
    const RecurrentNetwork& network = run.network();
    const auto name = [&](PopulationId id) { return run.circuit()[id].name; };
    const auto same = [&](std::string_view symbol, const std::string& address,
                          const algebra::Matrix& expected) {
        if (const SlotId slot = run.slot(address)) found.same(symbol, {slot}, expected);
    };
    const std::string voltage = name(network.cells) + ".soma.v";
    same("v", voltage, equations.v);
    same("r", name(network.cells) + ".r", equations.r);
    same("z", name(network.output) + ".soma.v", equations.z);
    same("y", name(network.output) + ".r", equations.y);
    same("L", "loss", single(equations.loss));
    if (network.error) same("e", name(network.error) + ".r", equations.e);
    if (c_bar) found.same("c_bar", {c_bar}, equations.c_bar);
    same("phi'", fmt::format("slope({})", voltage), equations.slope);
    const std::vector<SlotId> W = run.strengths(network.W()),
                              W_out = run.strengths(network.W_out());
    if (run.rate() > 0.0) found.same("G", W, run.G(), equations.G);
    if (run.rate_out() > 0.0) found.same("G_out", W_out, run.G_out(), equations.G_out);
    found.same("W", W, equations.W);
    found.same("W_out", W_out, equations.W_out);
}

}  // namespace apical
