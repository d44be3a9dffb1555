#include "sim/engine/initialize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "sim/engine/initial_dataset.hpp"
#include "sim/engine/initial_strengths.hpp"
#include "sim/numbers/orthogonal.hpp"
#include "sim/numbers/random.hpp"

namespace apical {

namespace {

using Entries = std::vector<double>;  // row-major

// The target of an initialiser: a set's strengths, or a population's rates as a single column.
struct Target {
    std::string name;  // "W_rec", "hidden.r"
    int post = 0, pre = 1;
    Activation activation = Activation::linear;
};

double activated(Activation phi, double x) {
    switch (phi) {
        case Activation::tanh:
            return std::tanh(x);
        case Activation::rectified:
            return std::max(x, 0.0);
        case Activation::logistic:
            return 1.0 / (1.0 + std::exp(-x));
        case Activation::linear:
            return x;
        case Activation::softmax:
            break;
    }
    assert(!"softmax belongs to a population, not to a cell");
    return x;
}

template <class Entry>
Entries filled(const Target& target, Entry entry) {
    Entries numbers(static_cast<std::size_t>(target.post) * static_cast<std::size_t>(target.pre));
    for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = entry(k);
    return numbers;
}

// Entry (i, j) is made from draw k = i pre + j, so that it does not depend on storage.
Entries drawn(const Initializer& init, const Target& target, const Stream& stream) {
    const auto value = [&](const Scale& s) { return s.value(target.post, target.pre); };
    const double scale = value(init.scale), low = value(init.low), high = value(init.high);
    const auto columns = static_cast<std::size_t>(target.pre);
    switch (init.kind) {
        case Initializer::Kind::constant:
            return filled(target, [&](std::size_t) { return scale; });
        case Initializer::Kind::normal:
            return filled(target, [&](std::size_t k) { return scale * stream.normal(0, k); });
        case Initializer::Kind::activated_normal:
            return filled(target, [&](std::size_t k) {
                return activated(target.activation, scale * stream.normal(0, k));
            });
        case Initializer::Kind::uniform:
            return filled(target,
                          [&](std::size_t k) { return low + (high - low) * stream.uniform(0, k); });
        case Initializer::Kind::identity:
            return filled(target,
                          [&](std::size_t k) { return k / columns == k % columns ? scale : 0.0; });
        case Initializer::Kind::orthogonal: {
            const Entries q = orthogonal(target.post, target.pre, stream);
            return filled(target, [&](std::size_t k) { return scale * q[k]; });
        }
        case Initializer::Kind::copy:
        case Initializer::Kind::file:
            break;
    }
    assert(!"a copy or a file draws nothing");
    return {};
}

InitialDataset from_file(const Initializer& init, const Target& target,
                         const DataFolder& directory) {
    return initial_dataset(init, target.post, target.pre, '"' + target.name + '"', directory);
}

std::string stream_name(const Target& target) { return "init/" + target.name; }

Target target_of(const Circuit& circuit, const SynapseSet& set) {
    return {set.name, circuit[set.post].size, circuit[set.pre].size};
}

const SynapseSet& copied(const Circuit& circuit, const SynapseSet& set) {
    const SynapseSetId id = circuit.find_synapses(set.init.copy_of);
    assert(id);
    const Target to = target_of(circuit, set), from = target_of(circuit, circuit[id]);
    if (to.post != from.post || to.pre != from.pre) {
        reject(set.init.where,
               fmt::format("synapses \"{}\" ({} x {}) cannot start as a copy of \"{}\" ({} x {})",
                           to.name, to.post, to.pre, from.name, from.post, from.pre));
    }
    return circuit[id];
}

}  // namespace

const SynapseSet& origin_of(const Circuit& circuit, const SynapseSet& set) {
    std::vector<std::string> chain{set.name};
    const SynapseSet* source = &set;
    while (source->init.kind == Initializer::Kind::copy) {
        source = &copied(circuit, *source);
        const bool circular = std::find(chain.begin(), chain.end(), source->name) != chain.end();
        chain.push_back(source->name);
        if (circular) {
            reject(set.init.where, fmt::format("synapses that copy each other in a circle: {}",
                                               fmt::join(chain, " <- ")));
        }
    }
    return *source;
}

std::vector<double> initial_strengths(const Circuit& circuit, const SynapseSet& set,
                                      std::uint32_t seed, const DataFolder& directory) {
    const SynapseSet& source = origin_of(circuit, set);
    const Target target = target_of(circuit, source);
    return source.init.kind == Initializer::Kind::file
               ? from_file(source.init, target, directory).entries
               : drawn(source.init, target, Stream(seed, stream_name(target)));
}

namespace {

// Visits all that begins with something: its initialiser, whose stream and size it has (those of
// the original for a copy), and its slot.
template <class Visit>
void for_each_beginning(const Program& program, const Circuit& circuit, Visit visit) {
    const auto visit_if_there = [&](const Initializer& init, const Target& target, SlotId slot) {
        if (slot) visit(init, target, slot);
    };
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
        const SynapseSet& source = origin_of(circuit, circuit.synapses[i]);
        visit_if_there(source.init, target_of(circuit, source),
                       program.strength_of(SynapseSetId(i)));
    }
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        const Initializer& init = slot.init;
        const bool zero = init.kind == Initializer::Kind::constant && init.scale.factor == 0.0;
        if (!slot.kept || zero) continue;  // a state is zero at the start
        const bool is_rest = slot.what == What::at_rest;
        const Slot& origin = is_rest ? program[slot.of] : slot;
        if (is_rest && origin.what == What::rate) continue;  // with its population below
        visit(init, Target{origin.name, slot.rows, slot.columns}, SlotId(i));
    }
    Initializer one;
    one.scale.factor = 1.0;
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        const Population& population = circuit.populations[i];
        const PopulationId copied = circuit.find_population(population.initial_rate.copy_of);
        const Population& source = copied ? circuit[copied] : population;
        const Target rate{rate_address(source.name), source.size, 1, source.activation};
        const SlotId slot = program.rate_of(PopulationId(i));
        visit_if_there(population.role == Role::constant ? one : source.initial_rate, rate, slot);
        if (slot) visit_if_there(source.initial_rate, rate, program.at_rest_of(slot));
    }
}

bool is_file(const Initializer& init) { return init.kind == Initializer::Kind::file; }

}  // namespace

std::vector<DataSource> initialize(State& state, const Circuit& circuit, std::uint32_t seed,
                                   const DataFolder& directory) {
    std::vector<DataSource> read;
    for_each_beginning(
        state.program(), circuit, [&](const Initializer& init, const Target& target, SlotId slot) {
            if (is_file(init)) {
                InitialDataset data = from_file(init, target, directory);
                state.write(slot, data.entries.data());
                read.push_back(std::move(data.source));
            } else {
                state.write(slot, drawn(init, target, Stream(seed, stream_name(target))).data());
            }
        });
    return read;
}

std::vector<DataSource> initial_data(const Program& program, const Circuit& circuit,
                                     const DataFolder& directory) {
    std::vector<DataSource> read;
    for_each_beginning(program, circuit,
                       [&](const Initializer& init, const Target& target, SlotId) {
                           if (is_file(init))
                               read.push_back(from_file(init, target, directory).source);
                       });
    return read;
}

std::vector<NamedStream> initial_streams(const Program& program, const Circuit& circuit) {
    std::vector<NamedStream> streams;
    for_each_beginning(
        program, circuit, [&](const Initializer& init, const Target& target, SlotId slot) {
            const Where& where = init.where.line > 0 ? init.where : program[slot].where;
            if (init.is_drawn()) streams.push_back({stream_name(target), where});
        });
    return streams;
}

void check_initial_values(const Program& program, const Circuit& circuit,
                          const DataFolder& directory) {
    initial_data(program, circuit, directory);
}

}  // namespace apical
