#include <fmt/format.h>

#include <algorithm>

#include "circuits/text/value.hpp"
#include "sim/verify/gradient_check.hpp"

namespace apical {

namespace {

std::string counted(std::int64_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string table_of(const GradientCheck& found) {
    std::size_t width = 3;
    for (const CheckedSet& set : found.sets) width = std::max(width, set.name.size());
    std::string text = fmt::format("  {:<{}}  {:>7}  {:>8}  {:>13}  {:>9}\n", "set", width,
                                   "entries", "left out", "largest entry", "error");
    for (const CheckedSet& set : found.sets)
        text += fmt::format("  {:<{}}  {:>7}  {:>8}  {:>13.3e}  {:>9.1e}\n", set.name, width,
                            set.entries, set.left_out, set.largest, set.error);
    return text;
}

std::string notes_on(const GradientCheck& found) {
    std::string text;
    if (found.is_of_surrogate)
        text +=
            "spikes: the gradient is exact for their surrogate; here its integral fires in their "
            "place\n";
    if (!found.remembers) text += "no step's loss depends on an earlier step\n";
    for (const std::string& name : found.without)
        text += fmt::format("no gradient: the loss depends on {} only through learning, or not\n",
                            name);
    for (const CheckedSet& set : found.sets) {
        if (set.left_out > 0)
            text += fmt::format("{} of {} left out, where the loss has a corner\n", set.left_out,
                                set.name);
        if (set.largest == 0.0)
            text += fmt::format("the gradient of {} is 0, and so is every difference\n", set.name);
    }
    return text;
}

std::string verdict_of(const GradientCheck& found) {
    if (found.hold())
        return fmt::format("holds: every set agrees within {:.0e}\n", found.options.tolerance);
    std::vector<std::string> bad;
    for (const CheckedSet& set : found.sets) {
        if (set.entries == 0)
            bad.push_back(set.name + " (nothing was compared)");
        else if (set.error > found.options.tolerance)
            bad.push_back(set.name);
    }
    return fmt::format("does not hold within {:.0e}: {}\n", found.options.tolerance, list_of(bad));
}

}  // namespace

std::string gradient_check_text(const Model& model, const GradientCheck& found) {
    std::string text =
        fmt::format("{}: the loss depends on operations {}\n\n", model.path, found.operations);
    text += fmt::format(
        "gradient of the loss of {} after {} of learning, run backwards, against differences;\n"
        "the error is of the set's largest entry\n\n",
        counted(found.options.window, "step"), counted(found.options.settle, "step"));
    text += table_of(found) + '\n';
    const std::string notes = notes_on(found);
    if (!notes.empty()) text += notes + '\n';
    return text + verdict_of(found);
}

std::string gradient_check_json(const Model& model, const GradientCheck& found) {
    Array sets, without;
    for (const CheckedSet& set : found.sets) {
        sets.emplace_back().content =
            Table{{entry("set", set.name), entry("entries", std::int64_t{set.entries}),
                   entry("left_out", std::int64_t{set.left_out}), entry("largest", set.largest),
                   entry("apart", set.apart), entry("error", set.error)}};
    }
    for (const std::string& name : found.without) without.emplace_back().content = name;
    return to_json({{entry("model", model.path), entry("holds", found.hold()),
                     entry("tolerance", found.options.tolerance),
                     entry("learned", found.options.settle), entry("steps", found.options.window),
                     entry("seed", std::int64_t{model.seed}), entry("operations", found.operations),
                     entry("remembers", found.remembers), entry("surrogate", found.is_of_surrogate),
                     entry("sets", sets), entry("without_gradient", without)}});
}

}  // namespace apical
