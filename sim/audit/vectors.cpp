// Criterion i: a vector lives in cells, and what happens inside a cell knows that cell alone.
#include <fmt/format.h>

#include "sim/audit/audit_context.hpp"

namespace apical {

namespace {

bool happens_inside_cells(const Operation& op, const Slot& written) {
    switch (traits(op.kind).locality) {
        case Locality::own_cell:
            return true;
        case Locality::own_place:
            return is_vector(written.shape) || written.shape == Shape::history;
        case Locality::given:
        case Locality::own_synapse:  // criterion ii
        case Locality::other_cells:  // criteria ii and iii
        case Locality::everywhere:
            return false;
    }
    return false;
}

bool is_in_cells(const Slot& slot) {
    return slot.shape == Shape::per_cell || slot.shape == Shape::history;
}

void examine(AuditContext& context, std::size_t index) {
    const Operation& op = context.operations()[index];
    const Slot& written = context.slot(op, 0);
    for (std::size_t k = 1; k < op.operands.size(); ++k) {
        const Slot& read = context.slot(op, k);
        const bool at_synapses = traits(op.kind).gathers == Gathers::own_synapses;
        const bool counts = is_in_cells(read) || at_synapses;
        if (!counts || context.same_cells(read.cells, written.cells)) continue;
        if (!written.cells || !read.cells) continue;
        context.find(
            Criterion::vectors_in_cells, index, written.name,
            fmt::format("\"{}\" of the cells \"{}\" is made of \"{}\", which is {} the cells "
                        "\"{}\"",
                        written.name, context.name(written.cells), read.name,
                        at_synapses ? "at synapses of" : "inside", context.name(read.cells)),
            fmt::format("let \"{}\" fire it and synapses carry the rate to \"{}\"",
                        context.name(read.cells), context.name(written.cells)));
    }
}

}  // namespace

void examine_vectors(AuditContext& context) {
    const std::vector<Operation>& operations = context.operations();
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Slot& written = context.slot(operations[i], 0);
        if (is_in_cells(written) && !written.cells) {
            context.find(Criterion::vectors_in_cells, i, written.name,
                         fmt::format("\"{}\" is a vector that belongs to no cells", written.name),
                         "give it the cells that hold it");
        }
        if (happens_inside_cells(operations[i], written)) examine(context, i);
    }
}

}  // namespace apical
