// What steps keep beside the slots of a state.
#include "sim/engine/step_memory.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <utility>
#include <vector>

using namespace apical;

TEST_CASE("steps have room of zeros that begins at a line of the cache and stays", "[snapshot]") {
    StepMemory memory;
    std::vector<double*> rooms;
    for (const std::size_t count : {1, 8, 9, 1000}) {
        rooms.push_back(memory.numbers(count));
        REQUIRE(reinterpret_cast<std::uintptr_t>(rooms.back()) % 64 == 0);
        for (std::size_t k = 0; k < padded(count); ++k) REQUIRE(rooms.back()[k] == 0.0);
        rooms.back()[0] = static_cast<double>(count);
    }
    const StepMemory moved = std::move(memory);
    REQUIRE(rooms[0][0] == 1.0);
    REQUIRE(rooms[3][0] == 1000.0);
}

TEST_CASE("what steps keep is taken from a copy, to the place where it was", "[snapshot]") {
    StepMemory memory;
    double* const first = memory.numbers(3);
    bool* const due = memory.flag();
    double* const second = memory.numbers(20);
    REQUIRE_FALSE(memory.has_deferred());
    *due = true;
    first[2] = 5.0;
    second[19] = -2.0;
    const StepMemory copy = memory;
    memory.discard();
    REQUIRE_FALSE(*due);
    first[2] = second[19] = 0.0;
    REQUIRE(copy.has_deferred());
    memory.take(copy);
    REQUIRE(*due);
    REQUIRE(first[2] == 5.0);
    REQUIRE(second[19] == -2.0);
}
