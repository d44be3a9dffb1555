#include <fmt/format.h>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/cell_slice.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

// The rates or the potential that are judged, of now.
void take_judged(StatedLoss& loss, const Circuit& circuit, const Text& of) {
    const Signal signal = resolve_signal(circuit, of);
    if (signal.is_previous || signal.is_before || signal.at_end) {
        reject(of.where, fmt::format("[loss] is of \"{}\", of another time than now; expected a "
                                     "rate or a potential, and during for the phase at whose end "
                                     "it is taken",
                                     shortened(of.text)));
    }
    loss.voltage = signal.voltage;
    loss.cells = signal.voltage ? circuit[signal.voltage].population : signal.rate;
}

// The cross-entropy needs potentials of which the softmax is taken: those of softmax cells, or one
// that is named.
void take_kind(StatedLoss& loss, const Circuit& circuit, const Text& kind) {
    if (kind.text == "squared") return;
    loss.readout = Activation::softmax;
    const Population& cells = circuit[loss.cells];
    if (loss.voltage || cells.activation == Activation::softmax) return;
    reject(kind.where,
           fmt::format("[loss] is a cross-entropy, and the rates of \"{}\" are no softmax, "
                       "whose sum is 1; expected a potential, as in of = \"{}\", or "
                       "kind = \"squared\"",
                       cells.name, voltage_address(circuit.full_name(circuit.soma(loss.cells)))));
}

PhaseId phase_of_loss(const StatedLoss& loss, const Circuit& circuit, const Section& section) {
    const Population& cells = circuit[loss.cells];
    if (section.has("during")) {
        const PhaseId phase = resolve_phase(circuit, section.text("during"));
        const bool fires = !circuit.open_compartments(loss.cells, phase).empty();
        if (loss.voltage || fires) return phase;
        reject(section.where("during"),
               fmt::format("[loss] is of the rates of \"{}\", but no gate lets a compartment of "
                           "\"{}\" drive its firing in phase \"{}\"; expected another phase",
                           cells.name, cells.name, circuit[phase].name));
    }
    const std::vector<PhaseId> firing = circuit.phases_of_firing(loss.cells);
    if (!firing.empty()) return firing.front();
    reject(section.where("of"), fmt::format("\"{}\" fires in no phase; expected during, the phase "
                                            "at whose end the loss is taken",
                                            cells.name));
}

}  // namespace

void load_loss(Circuit& circuit, Table& root) {
    Value* value = root.find("loss");
    if (!value) return;
    const Section section(std::get<Table>(value->content), value->where, "loss", loss_keys());
    StatedLoss loss;
    loss.where = value->where;
    take_judged(loss, circuit, section.text("of"));
    const CellSlice part = cell_slice(section, "against");
    loss.against = resolve_population(circuit, part.of);
    const Population &judged = circuit[loss.cells], &against = circuit[loss.against];
    check_slice(part, against);
    loss.first_cell = part.first_or_all();
    if (judged.size != part.size(against.size)) {
        reject(part.is_all() ? section.where("against") : part.where,
               fmt::format("\"{}\" has {} cell{}, \"{}\" {}; a loss compares one to one",
                           judged.name, judged.size, judged.size == 1 ? "" : "s",
                           against.name + part.range, part.size(against.size)));
    }
    take_kind(loss, circuit, section.text("kind"));
    loss.phase = phase_of_loss(loss, circuit, section);
    circuit.loss = loss;
}

}  // namespace apical
