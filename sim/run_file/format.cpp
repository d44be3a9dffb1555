#include "sim/run_file/format.hpp"

#include <cstddef>

namespace apical {

namespace run_path {

namespace {

constexpr std::string_view axes = "/axes/", steps = "/step", times = "/time_ms";

}  // namespace

std::string axis(std::string_view name) { return std::string(axes).append(name); }
std::string steps_of_axis(std::string_view name) { return axis(name).append(steps); }
std::string times_of_axis(std::string_view name) { return axis(name).append(times); }

namespace {

std::string of_spikes(std::string_view population, const char* dataset) {
    return std::string(spikes).append("/").append(population).append("/").append(dataset);
}

}  // namespace

std::string timestamps_of(std::string_view population) {
    return of_spikes(population, "timestamps");
}
std::string node_ids_of(std::string_view population) { return of_spikes(population, "node_ids"); }
std::string spike_steps_of(std::string_view population) { return of_spikes(population, "step"); }

std::string axis_of_steps(std::string_view path) {
    const bool is_of_axis =
        path.size() > axes.size() + steps.size() && path.starts_with(axes) && path.ends_with(steps);
    if (!is_of_axis) return "";
    path.remove_prefix(axes.size());
    path.remove_suffix(steps.size());
    return std::string(path);
}

bool can_name_axis(std::string_view name) {
    return !name.empty() && name != "." && axis(name) != phases &&
           name.find('/') == std::string_view::npos;
}

std::string ends_beside(std::string_view scale, std::string_view end) {
    std::string path(scale);
    const std::size_t begin = path.rfind('/') + 1;
    for (const std::string_view name :
         {std::string_view(synapse_dimension), std::string_view("post")}) {
        if (path.compare(begin, name.size(), name) == 0)
            return path.replace(begin, name.size(), end);
    }
    return "";
}

std::string beside(std::string_view quantity, std::string_view name) {
    return std::string(quantity.substr(0, quantity.rfind('/') + 1)).append(name);
}

}  // namespace run_path

const RecordType& event_record() {
    static const RecordType type{
        sizeof(EventRow),
        {{"time_ms", offsetof(EventRow, time_ms)},
         {"kind", offsetof(EventRow, kind), sizeof(EventRow::kind)},
         {"target", offsetof(EventRow, target), sizeof(EventRow::target)}}};
    return type;
}

Attributes described(const std::string& units, const std::string& long_name,
                     const std::string& symbol) {
    return {{dataset_attribute::units, units},
            {dataset_attribute::long_name, long_name},
            {dataset_attribute::symbol, symbol}};
}

}  // namespace apical
