#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/keys.hpp"
#include "sim/model/model.hpp"

namespace apical {

// What a model says that its circuit does otherwise than the algorithm's equations.
class Approximations {
public:
    Approximations() = default;  // none
    explicit Approximations(const Model& model);

    bool none() const { return names_.empty(); }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    const Text* find(std::string_view name) const;  // null when it is not declared
    const std::vector<Text>& names() const { return names_; }

private:
    std::vector<Text> names_;
};

}  // namespace apical
