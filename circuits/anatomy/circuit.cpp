#include "circuits/anatomy/circuit.hpp"

#include <algorithm>

namespace apical {

namespace {

template <class Tag, class Named>
Id<Tag> find_named(const std::vector<Named>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    if (found == all.end()) return {};
    return Id<Tag>(static_cast<std::size_t>(found - all.begin()));
}

}  // namespace

std::vector<CompartmentId> Circuit::coupled_dendrites(PopulationId population) const {
    std::vector<CompartmentId> coupled;
    for (const CompartmentId c : (*this)[population].compartments)
        if (is_coupled(c)) coupled.push_back(c);
    return coupled;
}

CompartmentId Circuit::led_by(CompartmentId dendrite) const {
    const CompartmentId branch = (*this)[dendrite].coupled_to;
    return branch ? branch : soma((*this)[dendrite].population);
}

std::vector<CompartmentId> Circuit::dendrites_of(CompartmentId led) const {
    std::vector<CompartmentId> found;
    for (const CompartmentId c : coupled_dendrites((*this)[led].population))
        if (led_by(c) == led) found.push_back(c);
    return found;
}

bool Circuit::is_branch(CompartmentId compartment) const {
    return is_coupled(compartment) && !dendrites_of(compartment).empty();
}

bool Circuit::has_tree(PopulationId population) const {
    const std::vector<CompartmentId>& all = (*this)[population].compartments;
    return std::any_of(all.begin(), all.end(),
                       [&](CompartmentId c) { return bool((*this)[c].coupled_to); });
}

CompartmentId Circuit::driven_dendrite(PopulationId population) const {
    const std::vector<CompartmentId> coupled = coupled_dendrites(population);
    const auto takes_synapses = [&](CompartmentId c) {
        return !is_branch(c) && !(*this)[c].reversal;
    };
    for (const CompartmentId c : coupled)
        if ((*this)[c].name == "basal" && takes_synapses(c)) return c;
    const auto first = std::find_if(coupled.begin(), coupled.end(), takes_synapses);
    return first == coupled.end() ? coupled.front() : *first;
}

double Circuit::share(CompartmentId dendrite) const {
    const PopulationId cells = (*this)[dendrite].population;
    double all = (*this)[cells].coupling->leak;
    for (const CompartmentId c : coupled_dendrites(cells)) {
        const bool is_taught = (*this)[c].name == taught_dendrite && c != dendrite;
        if (!is_taught) all += *(*this)[c].conductance;
    }
    return all == 0.0 ? 0.0 : *(*this)[dendrite].conductance / all;
}

StrengthRange Circuit::strength_range(SynapseSetId set) const {
    StrengthRange range = synapses[set.value].bounds;
    const std::optional<Sign> sign = populations[synapses[set.value].pre.value].sign;
    if (sign == Sign::excitatory) range.low = std::max(range.low, 0.0);
    if (sign == Sign::inhibitory) range.high = std::min(range.high, 0.0);
    return range;
}

bool Circuit::is_kept_within(SynapseSetId set) const {
    return synapses[set.value].has_gaps() || strength_range(set).is_limited();
}

int Circuit::iterations_of(PhaseId phase) const {
    const PhaseGroup* group = group_of(phase);
    return group ? group->repeat : (*this)[phase].repeat;
}

std::int64_t Circuit::iteration_nanoseconds(PhaseId phase) const {
    std::int64_t all = 0;
    for (std::size_t p = first_in_turn(phase).value; p <= last_in_turn(phase).value; ++p)
        all += phases[p].nanoseconds;
    return all;
}

PhaseId Circuit::first_in_turn(PhaseId phase) const {
    const PhaseGroup* group = group_of(phase);
    return group ? group->first : phase;
}

PhaseId Circuit::last_in_turn(PhaseId phase) const {
    const PhaseGroup* group = group_of(phase);
    return group ? group->last : phase;
}

std::vector<std::int64_t> Circuit::phase_ends() const {
    std::vector<std::int64_t> ends;
    for (std::size_t p = 0; p < phases.size(); ++p) {
        const PhaseGroup* group = group_of(PhaseId(p));
        const std::int64_t begin = ends.empty() ? 0 : ends.back();
        const std::int64_t before_last =
            group && group->first == PhaseId(p)
                ? (group->repeat - 1) * iteration_nanoseconds(PhaseId(p))
                : 0;
        ends.push_back(begin + before_last + phases[p].repeat * phases[p].nanoseconds);
    }
    return ends;
}

std::vector<double> Circuit::phase_end_ms() const {
    std::vector<double> ends;
    for (const std::int64_t end : phase_ends()) ends.push_back(in_ms(end));
    return ends;
}

std::int64_t Circuit::step_nanoseconds() const { return phases.empty() ? 0 : phase_ends().back(); }

double Circuit::step_ms() const { return in_ms(step_nanoseconds()); }

bool Circuit::has_loss_of_output() const {
    const PopulationId output = find_role(Role::output), label = find_role(Role::label);
    if (!output || !label || !loss) return output && label;
    const bool is_same = loss->cells == output && loss->against == label &&
                         loss->readout == populations[output.value].activation &&
                         (!loss->voltage || loss->voltage == soma(output));
    const std::vector<PhaseId> firing = phases_of_firing(output);
    return is_same && !firing.empty() && loss->phase == firing.front();
}

std::vector<PhaseId> Circuit::loss_phases() const {
    if (loss) return {loss->phase};
    return has_loss() ? phases_of_firing(find_role(Role::output)) : std::vector<PhaseId>{};
}

std::vector<PhaseId> Circuit::phases_of_firing(PopulationId cells) const {
    std::vector<PhaseId> found;
    for (std::size_t p = 0; p < phases.size(); ++p)
        if (fires(cells, PhaseId(p))) found.emplace_back(p);
    return found;
}

PhaseId Circuit::find_phase(std::string_view name) const {
    return find_named<PhaseTag>(phases, name);
}

ActivationId Circuit::find_activation(std::string_view name) const {
    return find_named<ActivationTag>(activations, name);
}

std::string_view Circuit::activation_name(const Population& cells) const {
    const WrittenActivation* text = written(cells);
    return text ? std::string_view(text->name) : name_of(cells.activation);
}

PopulationId Circuit::find_population(std::string_view name) const {
    return find_named<PopulationTag>(populations, name);
}

CompartmentId Circuit::find_compartment(std::string_view name) const {
    for (std::size_t i = 0; i < compartments.size(); ++i) {
        if (full_name(CompartmentId(i)) == name) return CompartmentId(i);
    }
    return {};
}

SynapseSetId Circuit::find_synapses(std::string_view name) const {
    return find_named<SynapseSetTag>(synapses, name);
}

WindowId Circuit::find_window(std::string_view name) const {
    return find_named<WindowTag>(windows, name);
}

PopulationId Circuit::find_role(Role role) const {
    for (std::size_t i = 0; i < populations.size(); ++i) {
        if (populations[i].role == role) return PopulationId(i);
    }
    return {};
}

std::string Circuit::full_name(CompartmentId compartment) const {
    const Compartment& c = (*this)[compartment];
    return (*this)[c.population].name + "." + c.name;
}

CompartmentId Circuit::soma(PopulationId population) const {
    return (*this)[population].compartments.front();
}

bool Circuit::is_soma(CompartmentId compartment) const {
    return soma((*this)[compartment].population) == compartment;
}

const SynapseUse* Circuit::own_use(SynapseSetId set) const {
    const auto found = std::find_if(
        uses.begin(), uses.end(), [&](const SynapseUse& use) { return use.set == set && use.own; });
    return found == uses.end() ? nullptr : &*found;
}

const SynapseUse* Circuit::own_use(SynapseSetId set, PhaseId phase) const {
    const SynapseUse* found = nullptr;
    for (const SynapseUse& use : uses) {
        const bool is_such = use.set == set && use.own && use.phase <= phase;
        if (is_such && (!found || use.phase > found->phase)) found = &use;
    }
    return found ? found : own_use(set);
}

bool Circuit::is_between_own_cells(const SynapseUse& use) const {
    const SynapseSet& set = (*this)[use.set];
    const PopulationId from = use.reverse ? set.post : set.pre,
                       to = use.reverse ? set.pre : set.post;
    const bool own_source = use.source == from || (*this)[use.source].same_cells_as == from;
    return own_source && (*this)[use.target].population == to;
}

bool Circuit::same_cells(PopulationId a, PopulationId b) const {
    if (!a || !b) return false;
    return a == b || populations[a.value].same_cells_as == b ||
           populations[b.value].same_cells_as == a;
}

bool Circuit::is_open(CompartmentId compartment, PhaseId phase) const {
    if ((*this)[(*this)[compartment].population].coupling) return is_soma(compartment);
    const GateId gate = (*this)[compartment].gate;
    return gate ? (*this)[gate].open_in[phase.value] : is_soma(compartment);
}

bool Circuit::may_be_open(CompartmentId compartment, PhaseId phase) const {
    const GateId gate = (*this)[compartment].gate;
    const bool leads_soma = is_coupled(compartment);
    if (is_open(compartment, phase) || !gate || leads_soma) return is_open(compartment, phase);
    const std::vector<bool>& may_open_in = (*this)[gate].may_open_in;
    return phase.value < may_open_in.size() && may_open_in[phase.value];
}

std::string Circuit::target_name(const SynapseUse& use) const {
    const std::string name = full_name(use.target);
    return use.gate ? name + ".gate" : name;
}

std::vector<CompartmentId> Circuit::open_compartments(PopulationId population,
                                                      PhaseId phase) const {
    std::vector<CompartmentId> open;
    for (const CompartmentId compartment : (*this)[population].compartments) {
        if (is_open(compartment, phase)) open.push_back(compartment);
    }
    return open;
}

bool Circuit::is_driven(CompartmentId compartment, PhaseId phase) const {
    const Compartment& target = (*this)[compartment];
    const Population& cells = (*this)[target.population];
    if (cells.role == Role::error) return cells.fires_in == phase;
    return phase.value < target.driven_in.size() && target.driven_in[phase.value];
}

bool Circuit::fires(PopulationId population, PhaseId phase) const {
    const std::vector<bool>& also = (*this)[population].also_fires_in;
    const bool also_fires = phase.value < also.size() && also[phase.value];
    if ((*this)[population].coupling) {
        // A clamp alone drives a coupled soma.
        const std::vector<CompartmentId> coupled = coupled_dendrites(population);
        return also_fires || is_driven(soma(population), phase) ||
               std::any_of(coupled.begin(), coupled.end(),
                           [&](CompartmentId c) { return is_driven(c, phase); });
    }
    const std::vector<CompartmentId> open = open_compartments(population, phase);
    if (open.empty()) return false;
    if (also_fires) return true;
    // An open dendrite drives at once; a soma alone holds its rate until something new arrives.
    return std::any_of(open.begin(), open.end(), [&](CompartmentId compartment) {
        return !is_soma(compartment) || is_driven(compartment, phase);
    });
}

GateId Circuit::emitting_gate(PopulationId cells, PhaseId phase) const {
    const std::vector<CompartmentId> open = open_compartments(cells, phase);
    if (open.size() != 1 || !(*this)[open.front()].gate) return {};
    const GateId gate = (*this)[open.front()].gate;
    return (*this)[gate].emits ? gate : GateId{};
}

bool Circuit::hands_on_potential(PopulationId population, PhaseId phase) const {
    return std::any_of(wires.begin(), wires.end(), [&](const Wire& wire) {
        return wire.phase == phase && wire.source_voltage && wire.source == population &&
               wire.is_of_now() && (*this)[wire.target].population != population;
    });
}

}  // namespace apical
