#include "sim/run_file/recorded_iterations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/run_file/format.hpp"

namespace apical {

namespace {

// A phase has them by itself or in turn with others.
int iterations_in(const Program& program, PhaseId phase) {
    if (program.is_in_group(phase)) return program.turns[phase.value].count;
    int most = 1;
    for (const Operation& op : program.operations) {
        if (op.phase == phase) most = std::max(most, op.iterations);
    }
    return most;
}

std::string& attribute_of(Attributes& attributes, std::string_view name) {
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& one) { return one.first == name; });
    return std::get<std::string>(found->second);
}

}  // namespace

std::vector<Iterations> iterations_of(const Program& program) {
    std::vector<Iterations> all;
    std::size_t first = 0;
    const std::size_t phases = program.phase_names.size();
    for (std::size_t p = 0, next = 0; p < phases; p = next) {
        const PhaseId phase(p);
        for (next = p + 1; next < phases && program.loop_of(PhaseId(next)) == phase;) ++next;
        const int count = iterations_in(program, phase);
        for (std::size_t q = p; q < next; ++q) all.push_back({first + q - p, next - p, count});
        first += static_cast<std::size_t>(count) * (next - p);
    }
    return all;
}

std::vector<std::string> phases_of_iterations(const Program& program) {
    std::vector<std::string> names;
    const std::vector<Iterations> all = iterations_of(program);
    for (std::size_t p = 0; p < all.size(); ++p) {
        const auto [first, distance, count] = all[p];
        for (int k = 0; k < count; ++k) {
            const std::size_t place = first + static_cast<std::size_t>(k) * distance;
            names.resize(std::max(names.size(), place + 1));
            names[place] = program.phase_names[p];
        }
    }
    return names;
}

bool is_in_each_iteration(const Program& program, const Quantity& quantity, const Tables& tables,
                          const std::vector<Recording>& recordings) {
    const auto is_asked = [&](std::size_t table) { return recordings[table].each_iteration; };
    if (!is_vector(quantity.shape) || std::none_of(tables.begin(), tables.end(), is_asked))
        return false;
    return std::any_of(
        program.operations.begin(), program.operations.end(), [&](const Operation& op) {
            return op.iterations > 1 && std::find(quantity.slots.begin(), quantity.slots.end(),
                                                  op.operands[0].slot) != quantity.slots.end();
        });
}

RecordedQuantity in_each_iteration(const Program& program, const RecordedQuantity& once) {
    RecordedQuantity recorded = once;
    NewDataset& dataset = recorded.dataset;
    if (program.quantities[once.index].by_phase) {
        dataset.row.erase(dataset.row.begin());
        dataset.labels.erase(dataset.labels.begin() + 1);
        dataset.scales.erase(dataset.scales.begin() + 1);
    }
    dataset.path = quantity_path::of_time("iterations", dataset.path);
    dataset.row.insert(dataset.row.begin(), phases_of_iterations(program).size());
    // (g++ 12 finds bounds crossed where a text is inserted.)
    dataset.labels.push_back(run_path::iteration_dimension);
    std::rotate(dataset.labels.begin() + 1, dataset.labels.end() - 1, dataset.labels.end());
    dataset.scales.push_back(run_path::iterations);
    std::rotate(dataset.scales.begin() + 1, dataset.scales.end() - 1, dataset.scales.end());
    std::string& address = attribute_of(dataset.attributes, dataset_attribute::address);
    address = fmt::format("iterations({})", address);
    std::string& long_name = attribute_of(dataset.attributes, dataset_attribute::long_name);
    long_name = fmt::format("in each iteration, {}", long_name);
    recorded.each_iteration = true;
    return recorded;
}

bool has_iterations(const std::vector<AxisLayout>& axes) {
    return std::any_of(axes.begin(), axes.end(), [](const AxisLayout& axis) {
        return std::any_of(axis.quantities.begin(), axis.quantities.end(),
                           [](const RecordedQuantity& one) { return one.each_iteration; });
    });
}

void check_iterations(const Program& program, const std::vector<Recording>& recordings) {
    const bool iterates = phases_of_iterations(program).size() > program.phase_names.size();
    for (const Recording& recording : recordings) {
        if (!recording.each_iteration || iterates) continue;
        reject(recording.what.front().where,
               fmt::format("[record.{}] has each_iteration, but no phase of the model is carried "
                           "out in iterations",
                           recording.name));
    }
}

}  // namespace apical
