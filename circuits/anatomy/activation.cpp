#include "circuits/anatomy/activation.hpp"

#include <algorithm>
#include <iterator>

#include "circuits/text/choices.hpp"

namespace apical {

namespace {

// The activations of `activation_names`, in its order.
constexpr Activation in_order[] = {Activation::tanh, Activation::linear, Activation::rectified,
                                   Activation::logistic};

}  // namespace

std::string_view name_of(Activation activation) {
    const auto* found = std::find(std::begin(in_order), std::end(in_order), activation);
    if (activation == Activation::written) return "written";
    if (found == std::end(in_order)) return "softmax";
    return choice(activation_names, static_cast<std::size_t>(found - std::begin(in_order)));
}

Activation activation_of(std::string_view name) {
    return in_order[index_of_choice(activation_names, name)];
}

}  // namespace apical
