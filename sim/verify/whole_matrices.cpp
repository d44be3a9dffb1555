#include "sim/verify/whole_matrices.hpp"

#include <fmt/format.h>

#include "learning_rules/text_rule.hpp"
#include "sim/engine/state.hpp"

namespace apical {

namespace {

constexpr double gigabyte = 1e9;
// Strengths before and behind a change, which synapses exist, what a comparison has of both sides.
constexpr std::size_t matrices_of_strengths = 6;

// Beside these each statement and state of a rule may be a matrix.
std::size_t matrices_of(const BoundRule& rule) {
    const std::size_t of_text =
        rule.rule->text ? rule.rule->text->equations.size() + rule.rule->text->state.size() : 2;
    return matrices_of_strengths + of_text;
}

// How many numbers a matrix of the set has there.
double numbers_of_set(const Model& model, SynapseSetId id, bool by_rows) {
    const Circuit& circuit = model.circuit;
    const SlotId strength = model.program.strength_of(id);
    if (by_rows && strength && model.program[strength].places)
        return static_cast<double>(model.program[strength].places->count());
    return static_cast<double>(circuit[circuit[id].post].size) * circuit[circuit[id].pre].size;
}

}  // namespace

void check_whole_matrices(const Model& model, bool has_texts_alone) {
    const Circuit& circuit = model.circuit;
    double bytes = 0.0, most = 0.0;
    SynapseSetId largest;
    for (const BoundRule& rule : model.rules) {
        for (const SynapseSetId id : rule.synapses) {
            const double here = numbers_of_set(model, id, has_texts_alone) * sizeof(double) *
                                static_cast<double>(matrices_of(rule));
            bytes += here;
            if (here <= most) continue;
            most = here;
            largest = id;
        }
    }
    if (bytes <= memory_of_machine()) return;
    const SynapseSet& set = circuit[largest];
    const char* what = has_texts_alone ? "several matrices for each set"
                                       : "matrices of all pairs of cells, also of few synapses";
    reject(
        set.where,
        fmt::format("verify computes {}: it needs {:.1f} GB of memory, {:.1f} GB of them for "
                    "\"{}\" ({} x {}); this machine has {:.1f} GB; expected fewer cells, as "
                    "with `override` population.{}.size=1000",
                    what, bytes / gigabyte, most / gigabyte, set.name, circuit[set.post].size,
                    circuit[set.pre].size, memory_of_machine() / gigabyte, circuit[set.post].name));
}

}  // namespace apical
