#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/adjoint/make_adjoint.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    learning_rate,
    {.section = "plasticity.*",
     .name = "window",
     .type = Type::integer,
     .minimum = 1,
     .maximum = 1e6,
     .unit = "steps",
     .choices = "trial",
     .description = "steps that the loss is gone back through; \"trial\": to the trial's "
                    "beginning, from its end"},
    {.section = "plasticity.*",
     .name = "losses",
     .type = Type::text,
     .default_value = "-",
     .choices = "last|all",
     .description = "whose gradient it is: last (left out): in each step that of its loss; all: "
                    "every `window` steps that of the sum of their losses"},
};

struct Way {
    int steps = 0;  // 0: a trial's
    bool sums = false;
};

// Changes are made behind all that the step's loss and its derivatives are made of.
void check_phase(const ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const Phase& last = circuit.phases.back();
    const PhaseId phase(circuit.phases.size() - 1);
    if (program.phase() != phase)
        reject(binding.options.where("during"),
               fmt::format("rule \"gradient\" goes back through whole steps, and phase \"{}\" is "
                           "not their last; expected during = \"{}\", or no such key",
                           circuit[program.phase()].name, last.name));
    if (!last.is_in_each_step() || last.window)
        reject(binding.options.where("rule"),
               fmt::format("rule \"gradient\" acts in each step, and its last phase, \"{}\", is "
                           "left out of some; expected a last phase that is in all of them",
                           last.name));
    if (!circuit.groups.empty() && !circuit.interventions.empty())
        reject(binding.options.where("rule"),
               "rule \"gradient\" does not know events in phases that are carried out in turn; "
               "expected a model without one of the two");
}

Way way_of(const ProgramBuilder& program, const Binding& binding) {
    const Section& options = binding.options;
    const bool is_word = std::holds_alternative<std::string>(options.value("window").content);
    const bool sums = options.has("losses") && options.text("losses").text == "all";
    if (!is_word) return {static_cast<int>(options.integer("window")), sums};
    if (!program.circuit().trials)
        reject(options.where("window"),
               "the window of rule \"gradient\" is \"trial\", and there are no trials; expected "
               "steps, [trial], or a task that has trials");
    if (options.has("losses"))
        reject(options.where("losses"),
               "with window = \"trial\" rule \"gradient\" sums up the losses of a trial; expected "
               "no key \"losses\"");
    return {0, true};
}

void check_sets(const ProgramBuilder& program, const Binding& binding, const Dynamics& dynamics) {
    const Program& all = program.so_far();
    const auto is_inside = [&](SlotId strength) {
        return std::ranges::count(dynamics.sets, strength) > 0;
    };
    std::vector<std::string> outside, inside;
    for (const SynapseSetId set : binding.synapses)
        if (!is_inside(all.strength_of(set))) outside.push_back(program.circuit()[set].name);
    if (outside.empty()) return;
    for (const SlotId one : dynamics.sets) inside.push_back(all[one].name);
    reject(binding.options.where("synapses"),
           fmt::format("synapses {} have no gradient: the loss depends on {} only through "
                       "learning, or not; expected {}",
                       list_of(outside), outside.size() == 1 ? "it" : "them", list_of(inside)));
}

// What the derivative by one set reads on its way from the loss to the set.
struct WayBack {
    std::vector<SlotId> reads;  // numbers of cells, then strengths that it comes back through
    bool is_carried = false;    // what the set does in a step goes on in the next
};

class WaysBack {
public:
    WaysBack(const Program& program, const LossOfProgram& loss, const Dynamics& dynamics)
        : program_(program), loss_(loss), dynamics_(dynamics) {}

    WayBack of(SlotId set) {
        find_reached(set);
        WayBack way{.reads = {loss_.judged, loss_.target}};
        const auto add = [&](SlotId slot) {
            if (std::ranges::count(way.reads, slot) == 0) way.reads.push_back(slot);
        };
        for (const bool strengths : {false, true}) {
            for (std::size_t i = 0; i < program_.operations.size(); ++i) {
                const Operation& op = program_.operations[i];
                if (!is_on_way(i)) continue;
                for (std::size_t k = 1; k < op.operands.size(); ++k) {
                    const bool is_strength = program_[op.operands[k].slot].what == What::strength;
                    if (is_strength == strengths && (!strengths || reads_reached(op)))
                        add(op.operands[k].slot);
                }
                way.is_carried |= carries(op);
            }
        }
        return way;
    }

private:
    bool is_on_way(std::size_t i) const {
        return dynamics_.differentiated[i] &&
               reached_[program_.operations[i].operands[0].slot.value];
    }
    bool reads_reached(const Operation& op) const {
        return std::any_of(op.operands.begin() + 1, op.operands.end(),
                           [&](const Operand& one) { return reached_[one.slot.value]; });
    }
    // To the next step: what is remembered, changed in its place, or read before it is made.
    bool carries(const Operation& op) const {
        if (!op.phase || op.operands[0].access == Access::update) return true;
        return std::any_of(op.operands.begin() + 1, op.operands.end(), [&](const Operand& one) {
            return reached_[one.slot.value] && !is_made_by(one.slot, op.phase);
        });
    }
    bool is_made_by(SlotId slot, PhaseId phase) const {
        return std::ranges::any_of(program_.operations, [&](const Operation& op) {
            return op.operands[0].slot == slot && op.phase <= phase;
        });
    }
    // What the set has a part in.
    void find_reached(SlotId set) {
        reached_.assign(program_.slots.size(), false);
        for (bool grows = true; grows;) {
            grows = false;
            for (std::size_t i = 0; i < program_.operations.size(); ++i) {
                const Operation& op = program_.operations[i];
                const SlotId written = op.operands[0].slot;
                if (!dynamics_.differentiated[i] || reached_[written.value]) continue;
                const bool reads_set =
                    std::any_of(op.operands.begin() + 1, op.operands.end(),
                                [&](const Operand& one) { return one.slot == set; });
                if (!reads_set && !reads_reached(op)) continue;
                reached_[written.value] = grows = true;
            }
        }
    }

    const Program& program_;
    const LossOfProgram& loss_;
    const Dynamics& dynamics_;
    std::vector<bool> reached_;  // by slot
};

std::vector<SlotId> append(ProgramBuilder& program, const Binding& binding, const Way& way,
                           const LossOfProgram& loss, const Dynamics& dynamics) {
    WaysBack ways(program.so_far(), loss, dynamics);
    std::vector<WayBack> of_sets;
    for (const SynapseSetId set : binding.synapses)
        of_sets.push_back(ways.of(program.so_far().strength_of(set)));
    if (way.steps == 0) program.only_in(program.clock(clock_name::ends));
    if (way.sums && way.steps > 1) program.every(way.steps);
    std::vector<SlotId> gradients;
    for (std::size_t k = 0; k < of_sets.size(); ++k) {
        gradients.push_back(program.tag(binding.synapses[k], "gradient", {}, "G"));
        Operation op{.kind = Kind::backpropagate,
                     .function = way.sums ? Function::sum : Function::none,
                     .operands = {{gradients.back(), Access::set}},
                     .lag = way.sums || of_sets[k].is_carried ? way.steps - 1 : 0};
        for (const SlotId slot : of_sets[k].reads) op.operands.push_back({slot});
        program.append(std::move(op));
    }
    return gradients;
}

// Backpropagation, through time where cells remember: of each set
//   G = dL(t) / dS, back through the last `window` steps,   S <- S - rate G
// The strengths of each step are those that it was computed with, so that with a window that
// reaches to the beginning G is RTRL's.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    if (!circuit.has_loss())
        reject(binding.options.where("rule"),
               "rule \"gradient\" needs a loss; expected a population of role \"output\" and one "
               "of role \"label\", or [loss]");
    check_phase(program, binding);
    const Way way = way_of(program, binding);
    const LossOfProgram loss = loss_of(program.so_far(), circuit);
    const Dynamics dynamics = find_dynamics(program.so_far(), loss);
    check_sets(program, binding, dynamics);
    make_adjoint(program.so_far(), circuit, loss);  // says where there is no derivative
    const std::vector<SlotId> gradients = append(program, binding, way, loss, dynamics);
    const Rate rate = binding.rate();
    for (std::size_t k = 0; k < gradients.size(); ++k)
        program.consolidate(program.strength(binding.synapses[k]), {}, gradients[k], -rate.value);
    RuleParts parts{.rate = rate, .window = std::max(way.steps, 1)};
    if (way.sums && way.steps > 1) parts.facing = Facing::past_window;
    return parts;
}

}  // namespace

const LearningRule gradient = {
    "gradient",
    "backpropagation (through time) of any circuit's loss: change = - rate * d loss / d strength, "
    "back through `window` steps",
    keys, emit, Facing::past};

}  // namespace apical
