#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace apical {

// An index that cannot be mixed up with an index into something else.
template <class Tag>
struct Id {
    std::uint32_t value = UINT32_MAX;

    Id() = default;
    explicit Id(std::size_t index) : value(static_cast<std::uint32_t>(index)) {}
    auto operator<=>(const Id&) const = default;
    explicit operator bool() const { return value != UINT32_MAX; }
};

using PhaseId = Id<struct PhaseTag>;
using ActivationId = Id<struct ActivationTag>;
using PopulationId = Id<struct PopulationTag>;
using CompartmentId = Id<struct CompartmentTag>;
using GateId = Id<struct GateTag>;
using SynapseSetId = Id<struct SynapseSetTag>;
using WindowId = Id<struct WindowTag>;
using SlotId = Id<struct SlotTag>;

}  // namespace apical
