#include "sim/verify/lockstep.hpp"

namespace apical {

namespace {

algebra::Matrix single(double number) { return algebra::Matrix::Constant(1, 1, number); }

}  // namespace

void compare_network(const CircuitRun& run, SlotId c_bar, const algebra::Network& equations,
                     Comparison& found) {
    const RecurrentNetwork& network = run.network();
    const Program& program = run.model().program;
    const auto same = [&](std::string_view symbol, SlotId slot, const algebra::Matrix& expected) {
        if (slot) found.same(symbol, {slot}, expected);
    };
    const CompartmentId soma = run.circuit().soma(network.cells);
    same("v", program.voltage_of(soma), equations.v);
    same("r", program.rate_of(network.cells), equations.r);
    same("z", program.voltage_of(run.circuit().soma(network.output)), equations.z);
    same("y", program.rate_of(network.output), equations.y);
    same("L", program.loss(), single(equations.loss));
    if (network.error) same("e", program.rate_of(network.error), equations.e);
    if (c_bar) found.same("c_bar", {c_bar}, equations.c_bar);
    same("phi'", program.slope_of(soma), equations.slope);
    const std::vector<SlotId> W = run.strengths(network.W()),
                              W_out = run.strengths(network.W_out());
    if (run.rate() > 0.0) found.same("G", W, run.G(), equations.G);
    if (run.rate_out() > 0.0) found.same("G_out", W_out, run.G_out(), equations.G_out);
    found.same("W", W, equations.W);
    found.same("W_out", W_out, equations.W_out);
}

}  // namespace apical
