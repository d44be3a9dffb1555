#include "circuits/program/branches.hpp"

#include <algorithm>

#include "circuits/program/cable.hpp"
#include "circuits/program/formula_builder.hpp"

namespace apical {

RuleQuantity name_of_branch(const Circuit& circuit, BranchNumber number, CompartmentId branch) {
    const std::string& is = circuit[branch].name;
    const std::string quantity = number == BranchNumber::conductance ? is + "_conductance"
                                 : number == BranchNumber::drive
                                     ? is + "_drive"
                                     : is + "_to_" + circuit[circuit.led_by(branch)].name;
    const bool is_voltage = number == BranchNumber::drive;
    RuleQuantity name(circuit[circuit[branch].population].name, quantity, is_voltage ? "E" : "g");
    name.of_cells = true;
    return name;
}

// The soma, then branches in the order of the file.
std::vector<CompartmentId> Branches::led() const {
    std::vector<CompartmentId> all;
    for (const CompartmentId c : circuit_[cells_].compartments)
        if (circuit_.is_soma(c) || circuit_.is_branch(c)) all.push_back(c);
    return all;
}

double Branches::leak(CompartmentId led) const {
    return circuit_.is_soma(led) ? circuit_[cells_].coupling->leak : circuit_[led].leak;
}

std::optional<double> Branches::constant(CompartmentId led) const {
    double all = leak(led);
    for (const CompartmentId c : circuit_.dendrites_of(led)) {
        if (circuit_[c].gate) return std::nullopt;
        const std::optional<double> g =
            circuit_.is_branch(c) ? constant_onward(c) : circuit_[c].conductance;
        if (!g) return std::nullopt;
        all += *g;
    }
    return all;
}

std::optional<double> Branches::constant_onward(CompartmentId branch) const {
    const std::optional<double> own = constant(branch);
    if (!own || circuit_[branch].gate) return std::nullopt;
    const double g = *circuit_[branch].conductance;
    return g + *own > 0.0 ? g * *own / (g + *own) : 0.0;
}

// Through a dendrite's own conductance and gate.
Branches::Lead Branches::path(CompartmentId dendrite, BranchOperand voltage) const {
    const GateId gate = circuit_[dendrite].gate;
    Lead lead{voltage, *circuit_[dendrite].conductance};
    if (!gate) return lead;
    lead.gate = {BranchNumber::gate, dendrite};
    lead.of_each = circuit_[gate].is_by_cells();
    return lead;
}

// What leads where a dendrite ends: its voltage, or of a branch where that is led by itself.
Branches::Lead Branches::from(CompartmentId dendrite) const {
    if (!circuit_.is_branch(dendrite)) return path(dendrite, {BranchNumber::voltage, dendrite});
    const BranchOperand drive{BranchNumber::drive, dendrite};
    if (const std::optional<double> g = constant_onward(dendrite)) return {drive, *g};
    return {drive, 1.0, BranchOperand{BranchNumber::onward, dendrite}, true};
}

std::vector<Branches::Lead> Branches::leads(CompartmentId led) const {
    std::vector<Lead> all;
    for (const CompartmentId c : circuit_.dendrites_of(led)) all.push_back(from(c));
    return all;
}

BranchOperation Branches::relaxed(Function function, double ms, double leak, BranchOperand result,
                                  const std::vector<Lead>& by) const {
    BranchOperation one{{.kind = Kind::relax, .function = function}, {result}};
    one.operation.weights = {leak};
    one.operation.ms = ms;
    for (const Lead& lead : by) {
        one.operation.weights.push_back(lead.weight);
        one.operation.gated.push_back(lead.gate.has_value());
        one.operands.push_back(lead.voltage);
        if (lead.gate) one.operands.push_back(*lead.gate);
    }
    return one;
}

// leak + sum of g gate
BranchOperation Branches::conductance_of(CompartmentId led) const {
    FormulaBuilder b;
    BranchOperation one{{.kind = Kind::cellwise, .function = Function::formula},
                        {{BranchNumber::conductance, led, Access::set}}};
    std::uint16_t all = b.number(leak(led));
    for (const Lead& lead : leads(led)) {
        std::uint16_t g = b.number(lead.weight);
        if (lead.gate) {
            const auto place = static_cast<std::uint16_t>(one.operands.size());
            one.operands.push_back(*lead.gate);
            g = b.made(Node::multiply, g,
                       b.operand(place, lead.of_each ? Index::post : Index::all));
        }
        all = b.made(Node::add, all, g);
    }
    one.operation.formula = b.formula(all);
    return one;
}

// g gate K / (g gate + K); K is above 0 in each branch (circuits/anatomy/check_coupling.cpp).
BranchOperation Branches::onward_of(CompartmentId branch) const {
    FormulaBuilder b;
    BranchOperation one{{.kind = Kind::cellwise, .function = Function::formula},
                        {{BranchNumber::onward, branch, Access::set}}};
    const std::optional<double> own = constant(branch);
    const Lead lead = path(branch, {BranchNumber::voltage, branch});
    std::uint16_t g = b.number(lead.weight), k = b.number(own.value_or(0.0));
    if (!own) {
        k = b.operand(1, Index::post);
        one.operands.push_back({BranchNumber::conductance, branch});
    }
    if (lead.gate) {
        const auto place = static_cast<std::uint16_t>(one.operands.size());
        one.operands.push_back(*lead.gate);
        g = b.made(Node::multiply, g, b.operand(place, lead.of_each ? Index::post : Index::all));
    }
    one.operation.formula =
        b.formula(b.made(Node::divide, b.made(Node::multiply, g, k), b.made(Node::add, g, k)));
    return one;
}

void Branches::add_numbers(CompartmentId led, bool is_cut, std::vector<BranchOperation>& to) const {
    for (const CompartmentId c : circuit_.dendrites_of(led))
        if (circuit_.is_branch(c)) add_numbers(c, true, to);
    if (!is_cut) return;
    if (!constant(led)) to.push_back(conductance_of(led));
    to.push_back(relaxed(Function::steady, 0.0, leak(led), {BranchNumber::drive, led, Access::set},
                         leads(led)));
    if (circuit_.is_branch(led) && !constant_onward(led)) to.push_back(onward_of(led));
}

std::vector<BranchOperation> Branches::numbers_of(CompartmentId led) const {
    std::vector<BranchOperation> all;
    add_numbers(led, true, all);
    return all;
}

// A branch goes to the mean of where it is led by itself and of what it leads.
void Branches::add_steady(std::vector<BranchOperation>& to) const {
    const CompartmentId soma = circuit_.soma(cells_);
    add_numbers(soma, false, to);
    to.push_back(relaxed(Function::steady, 0.0, leak(soma),
                         {BranchNumber::voltage, soma, Access::update}, leads(soma)));
    std::vector<CompartmentId> next = {soma};
    for (std::size_t k = 0; k < next.size(); ++k) {
        for (const CompartmentId c : circuit_.dendrites_of(next[k])) {
            if (!circuit_.is_branch(c)) continue;
            next.push_back(c);
            Lead own{{BranchNumber::drive, c}, 1.0};
            if (const std::optional<double> k_of = constant(c)) {
                own.weight = *k_of;
            } else {
                own.gate = {BranchNumber::conductance, c};
                own.of_each = true;
            }
            to.push_back(relaxed(Function::steady, 0.0, 0.0,
                                 {BranchNumber::voltage, c, Access::update},
                                 {own, path(c, {BranchNumber::voltage, next[k]})}));
        }
    }
}

void Branches::add_euler(double ms, std::vector<BranchOperation>& to) const {
    for (const CompartmentId one : led()) {
        std::vector<Lead> by;
        bool is_unbounded = false;
        for (const CompartmentId c : circuit_.dendrites_of(one)) {
            const GateId gate = circuit_[c].gate;
            is_unbounded |= gate && circuit_[gate].form == GateForm::linear;
            by.push_back(
                path(c, {circuit_.is_branch(c) ? BranchNumber::before : BranchNumber::voltage, c}));
        }
        if (!circuit_.is_soma(one))
            by.push_back(path(one, {BranchNumber::before, circuit_.led_by(one)}));
        to.push_back(relaxed(Function::euler, ms, leak(one),
                             {BranchNumber::voltage, one, Access::update}, by));
        to.back().operation.stays_between = is_unbounded;
    }
}

void Branches::add_exact(double ms, std::vector<BranchOperation>& to) const {
    const std::vector<CompartmentId> all = led();
    Cable cable;
    for (const CompartmentId one : all) cable.leaks.push_back(leak(one));
    const auto place = [&](CompartmentId c) {
        return static_cast<std::size_t>(std::find(all.begin(), all.end(), c) - all.begin());
    };
    std::vector<CompartmentId> tips;
    for (const CompartmentId c : circuit_.coupled_dendrites(cells_)) {
        const Cable::Link link{place(circuit_.led_by(c)), *circuit_[c].conductance, place(c)};
        if (circuit_.is_branch(c)) {
            cable.links.push_back(link);
        } else {
            cable.tips.push_back({link.at, link.conductance, tips.size()});
            tips.push_back(c);
        }
    }
    const std::vector<std::vector<double>> left = propagated(cable, ms);
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::vector<Lead> by;
        for (std::size_t k = 0; k < all.size(); ++k)
            if (k != i) by.push_back({{BranchNumber::before, all[k]}, left[i][k]});
        for (std::size_t k = 0; k < tips.size(); ++k)
            by.push_back({{BranchNumber::voltage, tips[k]}, left[i][all.size() + k]});
        to.push_back(relaxed(Function::cable, ms, left[i][i],
                             {BranchNumber::voltage, all[i], Access::update}, by));
    }
}

std::vector<BranchOperation> Branches::coupling(double ms) const {
    std::vector<BranchOperation> all;
    switch (circuit_[cells_].coupling->solver) {
        case Solver::steady:
            add_steady(all);
            break;
        case Solver::euler:
            add_euler(ms, all);
            break;
        case Solver::exact:
            add_exact(ms, all);
            break;
    }
    return all;
}

}  // namespace apical
