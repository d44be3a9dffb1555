#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "circuits/program/program_builder.hpp"
#include "circuits/text/keys.hpp"
#include "learning_rules/learning_rule.hpp"

namespace apical {

// The exact gradient with which estimates are compared: those of one recurrent layer, of which one
// is for estimates that face the past, or the program run backwards (circuits/adjoint).
enum class Exact : std::uint8_t { by_rtrl, by_bptt, by_adjoint };

// [diagnose] of a model file.
struct DiagnoseOptions {
    bool alignment = false, change = false, gates = false;
    Exact exact = Exact::by_rtrl;
    int window = 10;                // steps, of truncated gradients; of the longest trial
    bool strengths_of_now = false;  // of the program run backwards; else those of each step
    bool by_trial = false;          // whole trials are gone back through, each at its end
    std::int64_t every = 1;         // steps between two comparisons
};

// The measures of one synapse set, or of all sets that a rule changes.
struct AgreementSlots {
    SlotId cosine, norm_ratio, bias, variance;
};

struct AlignedSet {
    SynapseSetId set;
    AgreementSlots slots;
    bool by_difference = false;  // its change is read from the strengths before and after
    SlotId changed = {};         // the tag that its changes are added up in; unset: the strengths
};

// A rule whose changes estimate the gradient of the recurrent network's W.
struct AlignedRule {
    std::string label;  // of its [plasticity.*] table
    Facing facing = Facing::none;
    double rate = 0.0;
    int window = 1;        // of the rule: the steps that one change is about or waits for
    int exact_window = 1;  // [diagnose] window; 0: a trial
    int lag = 0;           // steps between a change and the exact gradient of the same
    std::vector<SlotId> windows = {};  // numbers of the trial, 1 while it changes strengths
    std::vector<AlignedSet> sets;
    AgreementSlots together;
};

// A recurrent set that learns to predict the cells' rates, beside the Jacobian it stands for.
struct LearnedJacobian {
    SynapseSetId set;
    SlotId error, cosine, spectral_radius, true_spectral_radius;
};

// A voltage, held against what the rate of its cells does to the losses to come.
struct WatchedCredit {
    std::string name;  // "hidden.apical.v"
    SlotId voltage, rate;
    SlotId cosine, norm_ratio;
    int window = 1;  // steps of the losses; 0: a trial's
};

// A matrix that operations change.
struct WatchedMatrix {
    SlotId matrix, change;
    bool carries = false;  // something is multiplied by it as by a matrix; else it is a tag
};

// A gate, and how far it is from its timetable.
struct WatchedGate {
    GateId gate;
    SlotId number, distance;
};

// The parts of a model that are diagnosed, and the slots of their measures.
struct Diagnosed {
    DiagnoseOptions options;
    std::vector<AlignedRule> rules;
    std::vector<LearnedJacobian> jacobians;
    std::vector<WatchedCredit> credits;
    std::vector<WatchedMatrix> matrices;
    std::vector<WatchedGate> gates;

    bool any() const {
        return options.alignment || options.change || options.gates || !credits.empty();
    }
};

// The keys of [diagnose].
std::span<const Key> diagnose_keys();

}  // namespace apical
