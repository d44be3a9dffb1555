#include "sim/run_file/complete_scales.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "circuits/program/quantity_path.hpp"
#include "sim/run_file/format.hpp"

namespace apical {

namespace {

constexpr std::size_t most_cells_at_once = 1 << 15;  // in a chunk

std::string group_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Which axis has the plain name "step" in a group, and which others are there.
struct GroupOfAxes {
    std::vector<std::size_t> axes;  // in the order in which they come
    std::size_t plain = SIZE_MAX;
};

class ScalesOfGroups {
public:
    ScalesOfGroups(RunLayout& layout, const Program& program) : layout_(layout) {
        for (const Quantity& quantity : program.quantities) take(quantity.path);
        for (const AxisLayout& axis : layout.axes) {
            for (const RecordedQuantity& one : axis.quantities) take(one.dataset.path);
        }
        for (const CellScale& scale : layout.cells) take(scale.dataset.path);
        find_groups();
    }

    void complete() {
        for (std::size_t a = 0; a < layout_.axes.size(); ++a) {
            AxisLayout& axis = layout_.axes[a];
            if (axis.samples_phases) link(run_path::phases, run_path::axis(axis.name));
            for (RecordedQuantity& one : axis.quantities) {
                complete_steps(a, one.dataset);
                complete_cells(one.dataset);
            }
        }
    }

private:
    // The dataset's path and those of the groups above it.
    void take(std::string path) {
        while (!path.empty() && taken_.insert(path).second) path = group_of(path);
    }
    bool is_taken(const std::string& path) const { return taken_.contains(path); }

    void find_groups() {
        for (std::size_t a = 0; a < layout_.axes.size(); ++a) {
            for (const RecordedQuantity& one : layout_.axes[a].quantities) {
                std::vector<std::size_t>& axes = groups_[group_of(one.dataset.path)].axes;
                if (std::find(axes.begin(), axes.end(), a) == axes.end()) axes.push_back(a);
            }
        }
        for (auto& [path, group] : groups_) {  // those above come first
            const std::size_t above = plain_above(path);
            const bool has_it =
                std::find(group.axes.begin(), group.axes.end(), above) != group.axes.end();
            if (is_taken(path + '/' + run_path::step_dimension)) continue;
            if (above == SIZE_MAX) group.plain = group.axes.front();
            if (has_it) group.plain = above;
        }
    }
    std::size_t plain_above(std::string path) const {
        while (!path.empty()) {
            path = group_of(path);
            const auto found = groups_.find(path);
            if (found != groups_.end() && found->second.plain != SIZE_MAX)
                return found->second.plain;
        }
        return SIZE_MAX;
    }

    // A hard link in the group by the target's own name, once.
    void link(const std::string& target, const std::string& group) {
        const std::string path = fmt::format("{}/{}", group, quantity_path::name_of(target));
        if (path == target || is_taken(path)) return;
        if (linked_.insert(path).second) layout_.links.push_back({target, path});
    }

    void complete_steps(std::size_t a, NewDataset& dataset) {
        AxisLayout& axis = layout_.axes[a];
        const std::string group = group_of(dataset.path);
        const bool by_phase = has_scale(dataset, run_path::phases);
        if (by_phase) link(run_path::phases, group);
        if (has_scale(dataset, run_path::iterations)) link(run_path::iterations, group);
        std::string time = "time_ms";
        if (groups_.at(group).plain == a) {
            link(axis.step.path, group);
            if (by_phase) link(axis.time.path, group);
        } else {
            const std::string own = group + "/step_" + axis.name;
            dataset.scales.front() = own;
            time += '_' + axis.name;
            add_copies(axis, own, by_phase ? group + '/' + time : "");
        }
        if (by_phase) dataset.attributes.emplace_back("coordinates", time);
    }
    static bool has_scale(const NewDataset& dataset, const std::string& path) {
        return std::find(dataset.scales.begin(), dataset.scales.end(), path) !=
               dataset.scales.end();
    }
    void add_copies(AxisLayout& axis, const std::string& step_path, const std::string& time_path) {
        const auto has = [](const std::vector<NewDataset>& all, const std::string& path) {
            return std::any_of(all.begin(), all.end(),
                               [&](const NewDataset& one) { return one.path == path; });
        };
        if (!has(axis.step_copies, step_path)) {
            NewDataset& step = axis.step_copies.emplace_back(axis.step);
            step.path = step_path;
            step.scale_name = quantity_path::name_of(step_path);
        }
        if (time_path.empty() || has(axis.time_copies, time_path)) return;
        NewDataset& time = axis.time_copies.emplace_back(axis.time);
        time.path = time_path;
        time.scales.front() = step_path;
    }

    void complete_cells(NewDataset& dataset) {
        dataset.scales.resize(dataset.row.size() + 1);
        for (std::size_t d = 1; d < dataset.scales.size(); ++d) {
            if (!dataset.scales[d].empty()) continue;
            const std::string label = d < dataset.labels.size() ? dataset.labels[d] : "";
            dataset.scales[d] = scale_of_all(dataset, base_of(label), dataset.row[d - 1]);
        }
    }
    static std::string base_of(const std::string& label) {
        if (label == "postsynaptic cell") return "post";
        if (label == "presynaptic cell") return "pre";
        if (label == "other cell") return "other";
        return label.empty() ? "cell" : label;
    }
    // The scale of this name with so many numbers in the dataset's group.
    std::string scale_of_all(const NewDataset& dataset, const std::string& base, std::size_t size) {
        for (std::string name = base;;
             name.append("_").append(quantity_path::name_of(dataset.path))) {
            const std::string path = run_path::beside(dataset.path, name);
            const auto known = sizes_.find(path);
            if (known != sizes_.end() && known->second == size) return path;
            if (known != sizes_.end() || is_taken(path)) continue;
            sizes_[path] = size;
            CellScale scale;
            scale.whole = size;
            scale.dataset.path = path;
            scale.dataset.type = NewDataset::Type::integer;
            scale.dataset.scale_name = name;
            scale.dataset.chunk = {std::min(size, most_cells_at_once)};
            scale.dataset.attributes = described("1", "numbers from 0 on, in this order", "i");
            scale.dataset.attributes.emplace_back(dataset_attribute::whole, std::int64_t{1});
            layout_.cells.push_back(std::move(scale));
            return path;
        }
    }

    RunLayout& layout_;
    std::set<std::string> taken_;
    std::set<std::string> linked_;
    std::map<std::string, GroupOfAxes> groups_;
    std::map<std::string, std::size_t> sizes_;  // of the scales that are added, by path
};

}  // namespace

void complete_scales(RunLayout& layout, const Program& program) {
    ScalesOfGroups(layout, program).complete();
}

}  // namespace apical
