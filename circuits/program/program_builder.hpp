#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/activation_formula.hpp"
#include "circuits/program/application.hpp"
#include "circuits/program/branches.hpp"
#include "circuits/program/formula.hpp"
#include "circuits/program/program.hpp"
#include "circuits/program/rule_quantity.hpp"
#include "circuits/text/keys.hpp"

namespace apical {

// The words in which the forward pass and every plasticity rule are written. Each call names a
// slot, or appends one operation to the phase and in the name of whoever was announced last by
// `begin`.
class ProgramBuilder {
public:
    // Throws Rejected for an activation that no formula is (formulas_of).
    explicit ProgramBuilder(const Circuit& circuit);
    const Circuit& circuit() const { return circuit_; }

    // Who asks for the operations that follow, in words and as what, and in which phase they take
    // place.
    void begin(PhaseId phase, std::string asked_by, Where where = {}, Asker asker = Asker::circuit);
    PhaseId phase() const { return phase_; }
    // The statement of equations, in words, that asks for the operations until the next `begin`.
    void by_statement(std::string statement) { statement_ = std::move(statement); }

    // Appends an operation of any kind, whose phase, place and asker are those of `begin`: for a
    // kind that has no word of its own below.
    void append(Operation operation);

    // ---- slots of the circuit
    SlotId rate(
        PopulationId population);  // "hidden.r": made by the soma, held until it fires again
    SlotId rate_in(PopulationId population,
                   PhaseId phase);              // what its cells fire in a phase; unset when silent
    SlotId voltage(CompartmentId compartment);  // "hidden.apical.v"
    SlotId drive(
        CompartmentId compartment);  // what a slow voltage relaxes to; else the voltage itself
    SlotId gate(GateId gate);  // "gate.disinhibition"; one that cells make "hidden.apical.gate"
    SlotId strength(SynapseSetId set);             // "W_rec"
    SlotId threshold(PopulationId spiking);        // "rec.threshold"
    SlotId surrogate_slope(PopulationId spiking);  // "rec.slope"
    SlotId adaptation(PopulationId spiking);       // "rec.adaptation": the strength, of each cell
    SlotId bursts(PopulationId population);        // "hidden.burst"
    // "connected(W_rec)" of a set that lacks synapses: 1 where one exists, else 0.
    SlotId connected(SynapseSetId set);
    SlotId carried(const SynapseUse& use);  // the rate that this use of a set carries
    SlotId carried(const Wire& wire);       // the rate or potential that it carries
    // The rate that the set's own use carries. Rejects a set without one, and a rate that is made
    // anew between that use and the end of the present phase (`made_anew`).
    SlotId presynaptic(SynapseSetId set);
    // The phase in which what the set's own use carries (that of phase `of`, when it has several)
    // is made anew between that use and the end of phase `until`, whichever comes first, or behind
    // the use when `until` is unset; unset when its slot holds what is carried all the while.
    PhaseId made_anew(SynapseSetId set, PhaseId of, PhaseId until) const;
    // Throws Error{bad_model} unless the set has a use of its own.
    void check_own_use(SynapseSetId set) const;
    SlotId previous(SlotId slot);  // its value at the end of last step: "previous(hidden.r)"
    // Its value before this iteration of a phase, "before(hidden.r)": itself, when the task gives
    // it.
    SlotId before(SlotId slot, PhaseId phase);
    // What arrives of it at the end of axons of so many steps, from 2 on: "axon(hidden.r, 3)".
    SlotId axon(SlotId slot, int steps);
    // What it was at the end of a phase, behind the phase's rules: "at_end(up, hidden.r)".
    SlotId at_end(SlotId slot, PhaseId phase);

    // The slot of an address in the model file: "hidden.apical" or "hidden.apical.v", "hidden.r",
    // "hidden.held" of [dynamics.*], "previous(...)", "before(...)" or "at_end(PHASE, ...)" of
    // these. Throws Error{bad_model} with the nearest known address.
    SlotId signal(const Text& address);

    // ---- numbers of a rule's own, kept from step to step; `init` is what they are at first.
    // `cells` is unset of one number for all
    SlotId state(PopulationId cells, const RuleQuantity& name, const Initializer& init = {});
    // Between all pairs of cells of a population: "recurrent.B".
    SlotId pairs(PopulationId cells, const RuleQuantity& name, const Initializer& init = {});
    // A second number at each synapse: "eligibility(W_rec)".
    SlotId tag(SynapseSetId set, std::string_view name, const Initializer& init = {},
               std::string_view symbol = {});
    // M_kij for each cell k of the set's postsynaptic population and synapse ij:
    // "influence(W_rec)".
    SlotId tensor(SynapseSetId set, std::string_view name);

    // A rule's own vector, made anew whenever the rule takes place.
    SlotId signal(PopulationId cells, const RuleQuantity& name);

    // ---- what happens inside one cell. The words that take a name make a signal of that name
    SlotId slope(CompartmentId compartment);  // phi'(v); of cells that spike "rec.slope"
    // The numbers of each cell that the population's written activation has, in their order.
    std::vector<SlotId> numbers_of_activation(PopulationId population);
    SlotId product(SlotId a, SlotId b, const RuleQuantity& name, double gain = 1.0);
    SlotId sum(SlotId a, SlotId b, const RuleQuantity& name);
    SlotId difference(SlotId a, SlotId b, const RuleQuantity& name);
    SlotId scaled(SlotId a, double gain, const RuleQuantity& name);
    SlotId complement(SlotId a, bool rectified,
                      const RuleQuantity& name);  // 1 - a, or max(0, 1 - a)
    // Operations that write into `result`, which may be a or b. set_sum: retain a + gain b.
    void set_product(SlotId result, SlotId a, SlotId b, double gain = 1.0);
    void set_sum(SlotId result, double retain, SlotId a, double gain, SlotId b);
    void set_mixture(SlotId result, SlotId s, SlotId a, SlotId t, SlotId b);  // s a + t b
    void set_difference(SlotId result, SlotId a, SlotId b);
    void scale(SlotId result, double gain);

    // ---- what a formula says: in each of these cells, or one number for all when `cells` is
    // unset. Place k of the formula is operand k - 1 here: a vector of the same cells, read at
    // `post`, or one number, read at `all`.
    SlotId formula(PopulationId cells, const RuleQuantity& name, Formula formula,
                   const std::vector<SlotId>& operands);
    // Into `result`, a vector of cells or one number, which may be among the operands.
    void set_formula(SlotId result, Formula formula, std::vector<SlotId> operands);

    // Independent draws, one for each cell, or one for all when `cells` is unset. `function` is
    // sign, or normal with this standard deviation. `first` is what the draw before the first step
    // was, for cells. Drawn at the beginning of each step, so an operation of the first phase.
    struct Draw {
        Function function = Function::sign;
        double deviation = 1.0;
        Replay replay = {};  // empty path: drawn
        Initializer first = {};
    };
    SlotId noise(PopulationId cells, const RuleQuantity& name, const Draw& draw);

    // ---- one number for all
    SlotId inner(SlotId a, SlotId b, const RuleQuantity& name);  // sum over all entries of a b
    void add_inner(SlotId number, SlotId a, SlotId b);
    SlotId times(SlotId a, SlotId b, const RuleQuantity& name);
    SlotId quotient(SlotId a, SlotId b, const RuleQuantity& name);
    SlotId balance(SlotId a, SlotId b, const RuleQuantity& name);  // (a / b)^(1/4), or 1 for 0
    SlotId constant(double value, const RuleQuantity& name);

    // ---- what happens at synapses
    void hebb(SlotId matrix, SlotId post, SlotId pre, double retain, double gain);
    // matrix <- keep matrix + scale post pre; `keep` is one number or one for each postsynaptic
    // cell, `scale` one number or unset.
    void hebb_kept(SlotId matrix, SlotId post, SlotId pre, SlotId keep, SlotId scale,
                   double gain = 1.0);
    // strength += gain factor tag; `factor` is a number for each postsynaptic cell, one for all, or
    // unset.
    void consolidate(SlotId strength, SlotId factor, SlotId tag, double gain);
    // matrix <- formula, for each synapse. Place 0 of the formula is the matrix itself, places from
    // 1 on are these operands, each read at post, pre, synapse or all.
    void synaptic(SlotId matrix, Formula formula, std::vector<SlotId> operands);
    // What the matrix has at the synapses of each postsynaptic cell, summed up.
    SlotId gathered(SlotId matrix, const RuleQuantity& name);

    // ---- what no circuit can do
    void assign(SlotId matrix, SlotId source);
    void assign_zero(SlotId matrix);
    // matrix = (1 - alpha) I + alpha diag(slope) strength, the Jacobian dr(t) / dr(t-1)
    void assign_jacobian(SlotId matrix, SlotId strength, SlotId slope, double alpha);
    // matrix = s matrix + t diag(a)
    void assign_diagonal(SlotId matrix, SlotId s, SlotId t, SlotId a);
    SlotId multiplied(SlotId matrix, SlotId vector, const RuleQuantity& name);  // matrix x
    SlotId transposed(SlotId matrix, SlotId vector, const RuleQuantity& name);  // matrix^T x
    void add_transposed(SlotId result, SlotId matrix, SlotId vector);           // += matrix^T x
    void multiply_from_left(SlotId right, SlotId left);  // right = left right
    // M_kij = sum_l J_kl M_lij + gain delta_ki slope_i pre_j
    void contract(SlotId tensor, SlotId jacobian, SlotId slope, SlotId pre, double gain);
    // matrix_ij = sum_k credit_k M_kij
    void contract_credit(SlotId matrix, SlotId tensor, SlotId credit);
    // The last `length` values of a slot, this step's first, as "<name>(hidden.r)": whoever may
    // change them needs a name of its own. `where` is of the key that asks.
    SlotId history(SlotId of, int length, const RuleQuantity& name, const Where& where);
    void recall(SlotId result, SlotId history, int lag);
    // What was `lag` steps ago += value.
    void add_to_past(SlotId history, int lag, SlotId value);

    // A number that is measured while the program runs and that no operation reads or writes. It
    // may be no number. Throws Error{bad_model} when another slot has the name.
    SlotId measured(std::string name, Quantity quantity);

    // What has been appended so far.
    const Program& so_far() const { return program_; }

    // Whether an operation of the present phase, or of the step's end, has written the slot: in
    // each iteration, when the operations that follow take place in each.
    bool is_made(SlotId slot) const;
    // The rate that cells fired last: in iterations, before this one; else in an earlier phase, or
    // at the end of last step.
    SlotId last_rate(PopulationId cells);
    // A number that is 1 in the steps of a window, and one that is where a trial or a batch begins
    // or ends (clock_name).
    SlotId window(WindowId window);
    SlotId clock(std::string_view name);
    // The operations that follow, until the next `begin`, take place in this window alone.
    void only_in(SlotId window) { windows_.push_back(window); }
    void only_where_loss_counts();
    // What a rule has asked for since it appended operation `first` changes its strengths in this
    // window alone. Rejects what is no change of strengths by a sum.
    void narrow_changes(WindowId window, std::size_t first, const Where& where);
    // The changes of strengths that a rule has asked for since then are added up at the synapses
    // and made as it says (circuits/program/program_application.cpp). Rejects, too.
    void apply_changes(const Application& how, std::size_t first, const Where& where);

    // The operations that follow take place every so many steps.
    void every(int steps) { every_ = steps; }
    // The time for which one of them goes on, until the next: some steps, or an iteration of their
    // phase.
    double ms_between() const {
        if (iterations_ > 1) return in_ms(circuit_.iteration_nanoseconds(phase_));
        return circuit_.step_ms() * std::max(every_, 1);
    }
    // The operations that follow take place in each iteration of the phase, as the circuit's do; a
    // rule's take place once, behind the last; in a group, when all its phases are over.
    void in_each_iteration() { iterations_ = phase_ ? circuit_.iterations_of(phase_) : 1; }
    // The operations that follow take place at the step's end, before values are remembered.
    void at_step_end() {
        phase_ = {};
        iterations_ = 1;
    }

    // ---- what the circuit itself does (circuits/program/forward_pass.cpp)
    void inject(PopulationId population);
    // A gate moves at the phase's beginning, or late and slowly in it, as its timetable says.
    void set_gate(GateId gate, bool open);
    // What the inhibition that has reached the gate makes of it
    // (circuits/program/gate_formula.hpp).
    void make_gate(GateId gate);
    void transmit(const SynapseUse& use);
    void transmit(const Wire& wire);
    void transmit_one_to_one(SlotId rate, CompartmentId target, double gain);
    void silence(CompartmentId compartment);  // nothing arrives: the drive is 0
    void add_bias(PopulationId population);   // to what has arrived at the soma
    // Towards its drive, or by it, for the time of the present phase.
    void relax(CompartmentId compartment);
    void couple(PopulationId population);  // the soma, to where its dendrites lead it, and branches
    // The conductance that leads a branch or a coupled soma, and where it leads
    // (circuits/program/branches.hpp), made for the present phase. A conductance that no gate
    // changes is a number.
    std::optional<double> constant_conductance(CompartmentId led) const;
    SlotId conductance(CompartmentId led);
    SlotId drive_of_branch(CompartmentId led);
    // Where a gate says what the cells emit, the equations that say it have made it by then.
    void fire(PopulationId population);
    // Draws noise and adds it to the voltage or the rate, for the present phase.
    void add_noise(const NoiseSource& noise);
    // The experimenter's doing, which takes place while the event is on: y <- keep y + add, of the
    // numbers that are chosen.
    void intervene(SlotId changed, const Intervention& event, double keep, double add);
    // A number that a rule, or equations inside cells, make or keep is set while the event is on,
    // behind each operation from `first` on that writes it. False when none does.
    bool set_number(const Intervention& event, std::size_t first);
    // Changes of strengths in proportion to `rate`, which a rule has asked for since it appended
    // operation `first`, are in proportion to the event's number while it is on.
    void set_rate(const Intervention& event, std::size_t first, double rate);
    // What a rule has asked for since it appended operation `first` waits while the event is on.
    void wait_while(const Intervention& event, std::size_t first);
    // Cells that spike lose what their last spike takes from the voltage
    // (circuits/program/program_spikes.cpp).
    void lose_last_spike(PopulationId population);
    void spike(PopulationId population);
    void burst(PopulationId population, SlotId probability);
    void readout(PopulationId population);
    // At most so many of the cells fire as are to win, where the circuit says so.
    void leave_winners(PopulationId population);

    // The program, ordered and checked (circuits/program/order_program.hpp). Call once.
    Program finish() &&;

private:
    SlotId slot(Slot slot, Quantity quantity);
    void check_free(const Slot& slot, const Quantity& quantity) const;
    SlotId gate_drive(GateId gate);  // what arrives at one that cells make
    SlotId gate_state(GateId gate, std::string_view quantity);
    void move_gate(GateId gate, double aim);
    Slot in_cells(What what, std::string name, PopulationId population) const;
    Slot in_compartment(What what, std::string name, CompartmentId compartment) const;
    Slot of_rule(const RuleQuantity& name, PopulationId population) const;
    Slot number_of_rule(const RuleQuantity& name) const;
    Slot at_synapses(What what, std::string name, SynapseSetId set) const;
    Slot tagged(SynapseSetId set, std::string_view name) const;
    std::string joined_names(const std::vector<CompartmentId>& dendrites) const;
    SlotId kept_in_cells(std::string_view address) const;
    SlotId slope_slot(CompartmentId compartment);
    SlotId bias(PopulationId population);
    RuleQuantity number_of_cells(PopulationId cells, std::string quantity,
                                 std::string symbol = {}) const;
    SlotId adapted(PopulationId spiking);
    SlotId wait(PopulationId spiking);
    SlotId fired_number(const SynapseUse& use);
    SlotId arriving(const SynapseUse& use);
    SlotId at_terminals(SynapseSetId set, std::string quantity);
    void release(const SynapseUse& use);
    void adapt(PopulationId spiking);
    void append_surrogate(PopulationId spiking);
    void end_spike(PopulationId spiking);
    SlotId alpha(PopulationId population);
    SlotId tau(CompartmentId compartment);
    void append_of_branch(BranchOperation operation);
    SlotId number_of_branch(BranchNumber number, CompartmentId branch);
    void make_numbers_of_branch(CompartmentId led);
    void add_numbers_of_cells();
    Quantity quantity_of_rule(const RuleQuantity& name) const;
    Quantity quantity_of_time(std::string_view time, std::string_view in_words, SlotId of) const;
    bool is_given(SlotId slot) const;
    Slot held(What what, SlotId of) const;
    SlotId at_rest(SlotId of);
    SlotId noise_slot(const NoiseSource& noise, std::string_view quantity, int line);
    SlotId drawn(const NoiseSource& noise, std::string_view quantity);
    SlotId event(const Intervention& event);
    SlotId chosen_by(const Intervention& event, SlotId changed);
    void add_lesions();
    void lesion_in(PhaseId phase, SlotId strength, const Intervention& event);
    bool is_variable_of_cells(SlotId slot) const;
    bool is_number_of_cells(SlotId slot) const;
    void set_back(PhaseId phase);
    PhaseId set_back_between(SlotId carried, PhaseId use, PhaseId until) const;
    void place_in_steps(Operation& op) const;
    Operation remembering(SlotId held, SlotId of) const;
    void remember_in(PhaseId phase, SlotId held, SlotId of, int iterations);
    void add_rate_quantities();
    void add_trials();
    void measure_trials();
    void set_at_beginning(SlotId slot);
    void set_as_source(SlotId slot);
    void clear_at_beginning(SlotId slot);
    SlotId beginning(SlotId of, const Initializer& init);
    bool is_kept_over_trials(SlotId slot) const;
    bool is_made_by(SlotId slot, Asker asker) const;
    SlotId applied_tag(SlotId strength, std::string_view name);
    SlotId applied_number(const Application& how, std::string_view name, double first);
    SlotId count_changes(const Application& how, const Operation& change);
    SlotId rate_factor(const Application& how);
    void set_rate_of(const Application& how);
    void begin_application(const Application& how);
    SlotId way_of_schedule(const Application& how, SlotId applied);
    SlotId share_of_each(const Application& how, SlotId counted);
    SlotId share_of_norm(const Application& how, const std::vector<SlotId>& pending, SlotId share);
    void apply_pending(SlotId strength, SlotId pending, SlotId counted, SlotId factor,
                       const Application& how);
    void add_bounds();
    void add_scaling();
    void scale_incoming(PopulationId cells);
    SlotId incoming(PopulationId cells, SynapseSetId set);
    double share_of_scaling(const IncomingScaling& scaling) const;
    void keep_within(SynapseSetId set, PhaseId phase, int iterations, int steps);
    SlotId signal_like(SlotId cells, const RuleQuantity& name);
    SlotId number(const RuleQuantity& name);
    SlotId modulated(Function function, SlotId a, SlotId b, const RuleQuantity& name);
    void set_cellwise(Function function, SlotId result, std::vector<SlotId> from, double retain,
                      double gain);
    Access first_into(SlotId voltage) const;
    void emit(PopulationId population, GateId through);
    void append_slope(PopulationId cells, SlotId voltage, SlotId result);

    const Circuit& circuit_;
    std::vector<ActivationFormulas> activations_;  // of the circuit's written ones
    Program program_;
    PhaseId phase_;
    std::string asked_by_;
    Asker asker_ = Asker::circuit;
    Where where_;
    std::string statement_;
    int every_ = 1;
    int iterations_ = 1;
    std::vector<SlotId> windows_;
    std::vector<SlotId> lasting_;  // that no trial's beginning changes
};

}  // namespace apical
