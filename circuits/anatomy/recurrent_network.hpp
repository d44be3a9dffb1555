#pragma once

#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// The recurrent network that a model trains, as the equations of the algorithms have it
// (sim/algebra/network.hpp): cells of rate r with W = [W_rec, W_in, b], read out through
// W_out = [W_out, b_out].
struct RecurrentNetwork {
    PopulationId cells, input, label, output, error;  // error: unset when there is none
    SynapseSetId recurrent, from_input, bias;         // W; the last two are unset when not there
    SynapseSetId readout, readout_bias;               // W_out; the last one, too

    // The sets of W in the order of its columns, and those of W_out.
    std::vector<SynapseSetId> W() const;
    std::vector<SynapseSetId> W_out() const;
};

// What drives the somata of cells, in whichever phase.
struct SomaticDrive {
    SynapseSetId recurrent;  // carries the cells' own rates of last step; unset when no set does
    std::vector<const SynapseUse*> rest;  // every other use, in the order of the file
};

// The circuit must outlive it. When two sets carry the cells' own rates, the first is recurrent.
SomaticDrive drive_of(const Circuit& circuit, PopulationId cells);

// Whether a set leads from the cells to themselves, as W_rec does and J, which learns its Jacobian.
bool is_within(const Circuit& circuit, SynapseSetId set, PopulationId cells);

// Throws Error{bad_model} when a wire goes to the cells' somata, as a nudge of [teach.*] does,
// which no equation of the network has. `who` begins the message, as in: rule "rtrl" needs ...
void check_not_wired(const Circuit& circuit, PopulationId cells, std::string_view who);

// Cells that are driven in two phases, or in several iterations of one, fire more than once a step:
// r(t) would follow r(t-1) in several steps.
// `who` begins the message, as in: rule "rtrl" needs cells that ... Throws Error{bad_model} when
// anything drives the somata in another phase than the recurrent set does, or a wire does, or that
// phase is repeated, sets cells back or has the order "together".
void check_fires_once(const Circuit& circuit, PopulationId cells, SynapseSetId recurrent,
                      std::string_view who);

// Throws Error{bad_model} when each of the cells has an alpha of its own.
void check_one_alpha(const Circuit& circuit, PopulationId cells, std::string_view who);

// Throws Error{bad_model} when the cells' somata have a time constant, so that a voltage does not
// follow its drive at once. `needs` begins the message, as in: rule "rtrl" needs a soma that ...,
// `because` ends it.
void check_follows_at_once(const Circuit& circuit, PopulationId cells, std::string_view needs,
                           std::string_view because = "");

// `who` begins the message, as in: "verify" needs a model whose ... Throws Error{bad_model} when
// the circuit is no such network: when anything but the cells' own rates of last step, the input
// and a bias drives their somata, or anything but the cells and a bias the output, or a phase is
// repeated, sets cells back or has the order "together", or [loss] is not of the output.
RecurrentNetwork recurrent_network_of(const Circuit& circuit, std::string_view who);

}  // namespace apical
