#include "sim/sweep/result_scales.hpp"

#include <numeric>
#include <set>

#include "sim/sweep/result_format.hpp"

namespace apical {

namespace {

std::vector<std::int64_t> numbers_to(std::uint64_t count) {
    std::vector<std::int64_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
    return numbers;
}

bool is_in(const std::string& path, const std::string& group) {
    return path.starts_with(group + '/');
}

}  // namespace

void add_scales(std::vector<Column>& columns) {
    std::uint64_t blocks = 0, bounds = 0;
    for (const Column& one : columns) {
        if (one.dataset.path == result_path::curve_losses) blocks = one.dataset.row.front();
        if (one.dataset.path == result_path::bound_name) bounds = one.rows;
    }
    std::vector<Column> scales = {
        column_of(result_path::bound, numbers_to(bounds), "number of the bound")};
    if (blocks > 0)
        scales.push_back(column_of(result_path::block, numbers_to(blocks), "number of the block"));
    for (Column& one : columns) {
        NewDataset& set = one.dataset;
        if (set.path == result_path::job || set.path == result_path::configurations) {
            set.scale_name = set.path.substr(set.path.rfind('/') + 1);
        } else if (set.path == result_path::data) {
            set.scales = {result_path::configurations};
        } else if (is_in(set.path, "/bounds")) {
            set.scales = {result_path::bound};
        } else {
            set.scales = {result_path::job};
            if (!set.row.empty()) set.scales.emplace_back(result_path::block);
        }
    }
    for (Column& scale : scales)
        scale.dataset.scale_name = scale.dataset.path.substr(scale.dataset.path.rfind('/') + 1);
    columns.insert(columns.begin(), scales.begin(), scales.end());
}

void link_jobs(GrowingFile& file, const std::vector<Column>& columns) {
    std::set<std::string> groups{"/jobs"};
    for (const Column& one : columns) {
        const std::string group = one.dataset.path.substr(0, one.dataset.path.rfind('/'));
        const bool of_jobs =
            !one.dataset.scales.empty() && one.dataset.scales.front() == result_path::job;
        if (of_jobs && groups.insert(group).second) file.link(result_path::job, group + "/job");
    }
}

}  // namespace apical
