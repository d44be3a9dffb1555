#include "sim/model/chosen_passes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

std::string list_of_passes() {
    std::vector<std::string> names;
    for (const PlanPass& pass : plan_passes()) names.emplace_back(pass.name);
    return list_of(names);
}

// The choices of the key are the table's names, so there is one
// (tests/sim/model/passes_key_test.cpp).
const PlanPass* pass_named(const Text& name) {
    const auto passes = plan_passes();
    return &*std::find_if(passes.begin(), passes.end(),
                          [&](const PlanPass& pass) { return pass.name == name.text; });
}

// A list in another order would say what is not so.
void check_order_of_passes(const std::vector<Text>& names) {
    for (std::size_t k = 1; k < names.size(); ++k) {
        const Text &before = names[k - 1], &one = names[k];
        if (pass_named(before) < pass_named(one)) continue;
        const bool twice = one.text == before.text;
        reject(one.where,
               fmt::format("run.passes has \"{}\" {}; expected each pass at most once, in the "
                           "order in which they are applied: {}",
                           one.text, twice ? "twice" : fmt::format("after \"{}\"", before.text),
                           list_of_passes()));
    }
}

PlanPasses listed_passes(const Section& run) {
    if (!run.has("passes")) return all_plan_passes();
    const std::vector<Text> names = run.texts("passes");
    check_order_of_passes(names);
    PlanPasses passes;
    for (const Text& name : names) {
        passes.push_back(pass_named(name));
        if (passes.back()->of_fusing && !run.boolean("fuse"))
            reject(name.where, fmt::format("run.passes has \"{}\", which run.fuse = false leaves "
                                           "out; expected run.fuse = true, or a list without it",
                                           name.text));
    }
    return passes;
}

}  // namespace

PlanPasses choose_passes(const Section& run, Table& table) {
    PlanPasses passes = listed_passes(run);
    if (passes.size() == plan_passes().size())
        std::erase_if(table.entries, [](const Entry& entry) { return entry.key == "passes"; });
    if (!run.boolean("fuse"))
        std::erase_if(passes, [](const PlanPass* pass) { return pass->of_fusing; });
    return passes;
}

}  // namespace apical
