#include "circuits/text/choices.hpp"

#include <algorithm>

namespace apical {

std::vector<std::string> split_choices(std::string_view choices) {
    std::vector<std::string> parts;
    while (!choices.empty()) {
        const std::size_t bar = std::min(choices.find('|'), choices.size());
        parts.emplace_back(choices.substr(0, bar));
        choices.remove_prefix(std::min(bar + 1, choices.size()));
    }
    return parts;
}

std::string_view choice(std::string_view choices, std::size_t k) {
    for (; k > 0; --k) choices.remove_prefix(choices.find('|') + 1);
    return choices.substr(0, choices.find('|'));
}

std::size_t index_of_choice(std::string_view choices, std::string_view text) {
    std::size_t k = 0;
    while (choice(choices, k) != text) ++k;
    return k;
}

}  // namespace apical
