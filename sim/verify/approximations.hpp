#pragma once

#include <vector>

#include "circuits/text/keys.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/model/model.hpp"

namespace apical {

// What a model says that its circuit does otherwise than the algorithm's equations.
class Approximations {
public:
    Approximations() = default;  // none
    explicit Approximations(const Model& model);

    bool none() const { return names_.empty(); }
    bool has(Approximation one) const { return find(one) != nullptr; }
    const Text* find(Approximation one) const;  // where it is declared; null: nowhere
    const std::vector<Text>& names() const { return names_; }

private:
    std::vector<Text> names_;
};

}  // namespace apical
