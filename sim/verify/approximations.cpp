#include "sim/verify/approximations.hpp"

#include <algorithm>

namespace apical {

Approximations::Approximations(const Model& model) {
    const Value* declared = model.root.find("approximations");
    if (!declared) return;
    for (const Value& one : std::get<Array>(declared->content))
        names_.push_back({std::get<std::string>(one.content), one.where});
}

const Text* Approximations::find(Approximation one) const {
    const auto found = std::find_if(names_.begin(), names_.end(), [&](const Text& declared) {
        return declared.text == name_of(one);
    });
    return found == names_.end() ? nullptr : &*found;
}

}  // namespace apical
