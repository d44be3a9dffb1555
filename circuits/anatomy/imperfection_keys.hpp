#pragma once

#include <span>

#include "circuits/text/keys.hpp"

namespace apical {

// The keys of [hold.*]: what is lost of what the circuit keeps.
std::span<const Key> hold_keys();

// What a synapse set lacks of a perfect one, for the keys of its section and of its further uses.
constexpr Key use_gain_key(std::string_view section) {
    return {.section = section,
            .name = "gain",
            .type = Type::number,
            .default_value = "-",
            .minimum = 0,
            .maximum = 1e6,
            .description =
                "what this use delivers, times this number, of a set that alone drives "
                "its compartment in the phase; left out: 1"};
}

}  // namespace apical
