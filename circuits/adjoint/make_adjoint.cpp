#include "circuits/adjoint/make_adjoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "circuits/adjoint/adjoint_writer.hpp"

namespace apical {

namespace {

// Whether a plan carries it out where its phase begins.
bool begins_phase(const Program& program, const Operation& op) {
    return is_gate_of_timetable(op) || op.kind == Kind::reset ||
           holds_gate_of_timetable(program, op) || lesions_before(program, op);
}

class Making {
public:
    Making(const Program& program, const Circuit& circuit, const AdjointOptions& options,
           AdjointProgram& made)
        : program_(program),
          circuit_(circuit),
          options_(options),
          made_(made),
          writer_(program, circuit, options, made) {}

    void make() {
        add_sets();
        find_segments();
        begin_forward();
        for (std::size_t s = 0; s < made_.segments.size(); ++s) go_back_through(s);
        end_forward();
        mark_gradients();
    }

private:
    static SlotId written(const Operation& op) { return op.operands[0].slot; }

    void add_sets() {
        for (const SlotId strength : made_.dynamics.sets) {
            Slot used = program_[strength], gradient = used;
            used.what = gradient.what = What::intermediate;
            used.kept = gradient.kept = false;
            gradient.name = fmt::format("gradient({})", used.name);
            made_.backward.slots.push_back(used);
            made_.backward.slots.push_back(gradient);
            const std::size_t count = made_.backward.slots.size();
            made_.sets.push_back({strength, SlotId(count - 2), SlotId(count - 1)});
            made_.adjoint_of[strength.value] = SlotId(count - 1);
        }
    }

    // ---- parts of phases, and the order in which a step carries them out
    bool is_in(const AdjointSegment& segment, const Operation& op) const {
        if (!op.phase) return segment.part == PhasePart::end;
        if (segment.part == PhasePart::end || op.phase != segment.phase) return false;
        if (begins_phase(program_, op))
            return segment.part == PhasePart::begin ||
                   (segment.part == PhasePart::begin_again && op.kind != Kind::reset);
        return segment.part == (op.iterations > 1 ? PhasePart::iterated : PhasePart::behind);
    }

    void find_segments() {
        const std::size_t phases = program_.phase_names.size();
        for (std::size_t p = 0; p < phases; ++p) {
            for (const PhasePart part :
                 {PhasePart::begin, PhasePart::begin_again, PhasePart::iterated, PhasePart::behind})
                made_.segments.push_back({PhaseId(p), part});
        }
        made_.segments.push_back({{}, PhasePart::end});
        for (std::size_t p = 0; p < phases;) p = add_moments_of(p);
        made_.moments.push_back({made_.segments.size() - 1});
    }

    void add(std::size_t phase, PhasePart part) {
        made_.moments.push_back({4 * phase + static_cast<std::size_t>(part)});
    }

    void add_loss(std::size_t phase) {
        const std::vector<PhaseId>& of = made_.loss.phases;
        if (std::find(of.begin(), of.end(), PhaseId(phase)) == of.end()) return;
        made_.moments.push_back({0, PhaseId(phase)});
    }

    int iterations_of(std::size_t phase) const {
        int times = 1;
        for (const Operation& op : program_.operations)
            if (op.phase == PhaseId(phase) && !begins_phase(program_, op))
                times = std::max(times, op.iterations);
        return times;
    }

    // A phase, or a group of them in turn; returns the phase behind.
    std::size_t add_moments_of(std::size_t first) {
        if (!program_.is_in_group(PhaseId(first))) {
            add(first, PhasePart::begin);
            for (int k = 0; k < iterations_of(first); ++k) add(first, PhasePart::iterated);
            add(first, PhasePart::behind);
            add_loss(first);
            return first + 1;
        }
        std::size_t end = first;
        while (end < program_.phase_names.size() &&
               program_.loop_of(PhaseId(end)) == PhaseId(first))
            ++end;
        const int turns = program_.turns[first].count;
        for (int k = 0; k < turns; ++k) {
            for (std::size_t p = first; p < end; ++p) {
                add(p, k == 0 ? PhasePart::begin : PhasePart::begin_again);
                add(p, PhasePart::iterated);
                if (k + 1 == turns) add_loss(p);
            }
        }
        for (std::size_t p = first; p < end; ++p) add(p, PhasePart::behind);
        return end;
    }

    // ---- the forward program
    void begin_forward() {
        Program& forward = made_.forward;
        forward.slots = program_.slots;
        forward.replays = program_.replays;
        forward.phase_names = program_.phase_names;
        forward.turns = program_.turns;
        std::vector<bool> is_needed(program_.slots.size());
        is_needed[made_.loss.judged.value] = is_needed[made_.loss.target.value] = true;
        for (const SlotId set : made_.dynamics.sets) is_needed[set.value] = true;
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            if (!made_.dynamics.performed[i]) continue;
            for (const Operand& operand : program_.operations[i].operands)
                is_needed[operand.slot.value] = true;
            if (program_.operations[i].event) is_needed[program_.operations[i].event.value] = true;
            for (const SlotId window : program_.operations[i].windows)
                is_needed[window.value] = true;
        }
        for (std::size_t i = 0; i < is_needed.size(); ++i) {
            if (is_needed[i]) continue;
            Slot& none = forward.slots[i];
            none = {.name = none.name, .what = What::intermediate};
        }
        copies_before_.resize(program_.operations.size());
    }

    Operation performed(std::size_t i) const {
        Operation op = program_.operations[i];
        op.every = std::max(op.every, 1);
        if (!options_.smooth_spikes || op.kind != Kind::fire || op.function != Function::spike)
            return op;
        Operation smooth = op;
        smooth.kind = Kind::cellwise;
        smooth.function = Function::formula;
        smooth.formula = formula_of(program_, circuit_, op);
        smooth.gated.clear();
        return smooth;
    }

    void end_forward() {
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            if (!made_.dynamics.performed[i]) continue;
            for (Operation& copy : copies_before_[i])
                made_.forward.operations.push_back(std::move(copy));
            made_.forward.operations.push_back(performed(i));
        }
    }

    // ---- the backward program
    void go_back_through(std::size_t s) {
        AdjointSegment& segment = made_.segments[s];
        made_.backward.phase_names.push_back(fmt::format("back {}", s + 1));
        writer_.begin_segment();
        std::vector<std::vector<Operation>> all;
        std::vector<std::size_t> inside;
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            const Operation& op = program_.operations[i];
            if (!made_.dynamics.performed[i] || !is_in(segment, op)) continue;
            inside.push_back(i);
            if (!made_.dynamics.differentiated[i]) {
                writer_.pass_over(i);
                continue;
            }
            made_.has_spikes |= op.kind == Kind::fire && op.function == Function::spike;
            all.push_back(writer_.write(i));
            all.push_back(tap_before(i));
        }
        for (auto one = all.rbegin(); one != all.rend(); ++one) {
            for (Operation& op : *one) {
                op.phase = PhaseId(s);
                made_.backward.operations.push_back(std::move(op));
            }
        }
        for (const AdjointWriter::Taped& taped : writer_.taped())
            segment.tape.push_back({source_of(taped, inside), taped.to});
    }

    // Where a number that the tape needs is behind the part: in its slot, or, where that is
    // overwritten before, in one that holds it.
    SlotId source_of(const AdjointWriter::Taped& taped, const std::vector<std::size_t>& inside) {
        if (taped.version == writer_.version_of(taped.from)) return taped.from;
        int version = 0;
        for (const std::size_t i : inside) {
            const Operation& op = program_.operations[i];
            if (written(op) != taped.from || version++ < taped.version) continue;
            Slot held = program_[taped.from];
            held.name = fmt::format("held({})", held.name);
            held.what = What::intermediate;
            held.line = 1;
            held.kept = false;
            made_.forward.slots.push_back(held);
            const SlotId to(made_.forward.slots.size() - 1);
            copies_before_[i].push_back({.kind = Kind::remember,
                                         .phase = op.phase,
                                         .operands = {{to, Access::set}, {taped.from}},
                                         .iterations = op.iterations});
            return to;
        }
        return taped.from;
    }

    // Before the step's last operation that writes the slot is gone back through.
    std::vector<Operation> tap_before(std::size_t i) {
        std::vector<Operation> taps;
        for (const SlotId of : options_.taps) {
            if (written(program_.operations[i]) != of || !is_last_to_write(i)) continue;
            Slot slot = program_[of];
            slot.name = fmt::format("tap({})", slot.name);
            slot.what = What::intermediate;
            made_.backward.slots.push_back(slot);
            made_.taps.push_back({of, SlotId(made_.backward.slots.size() - 1)});
            taps.push_back(
                {.kind = Kind::remember,
                 .operands = {{made_.taps.back().adjoint, Access::set}, {writer_.adjoint_of(of)}}});
        }
        return taps;
    }

    bool is_last_to_write(std::size_t i) const {
        for (std::size_t k = i + 1; k < program_.operations.size(); ++k) {
            if (made_.dynamics.performed[k] &&
                written(program_.operations[k]) == written(program_.operations[i]))
                return false;
        }
        return true;
    }

    // Changes of strengths that are part of the dynamics go back through dL/dS.
    bool is_fast(SlotId strength) const {
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            if (made_.dynamics.performed[i] && written(program_.operations[i]) == strength)
                return true;
        }
        return false;
    }

    void mark_gradients() {
        for (const Operation& op : made_.backward.operations)
            made_.only_gradients.push_back(
                std::any_of(made_.sets.begin(), made_.sets.end(), [&](const SetGradient& set) {
                    return set.gradient == written(op) && !is_fast(set.strength);
                }));
    }

    const Program& program_;
    const Circuit& circuit_;
    const AdjointOptions& options_;
    AdjointProgram& made_;
    AdjointWriter writer_;
    std::vector<std::vector<Operation>> copies_before_;  // by operation
};

}  // namespace

AdjointProgram make_adjoint(const Program& program, const Circuit& circuit,
                            const AdjointOptions& options) {
    return make_adjoint(program, circuit, loss_of(program, circuit), options);
}

AdjointProgram make_adjoint(const Program& program, const Circuit& circuit,
                            const LossOfProgram& loss, const AdjointOptions& options) {
    AdjointProgram made;
    made.loss = loss;
    made.dynamics = find_dynamics(program, made.loss, options.fast);
    made.adjoint_of.resize(program.slots.size());
    AdjointOptions all = options;
    all.through_reset |= options.smooth_spikes;
    Making(program, circuit, all, made).make();
    return made;
}

}  // namespace apical
