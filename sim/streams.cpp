#include "sim/streams.hpp"

#include <fmt/format.h>

#include <map>

#include "sim/initialize.hpp"
#include "sim/random.hpp"

namespace apical {

void check_distinct(const std::vector<NamedStream>& streams) {
    std::map<std::uint32_t, const NamedStream*> known;
    for (const NamedStream& one : streams) {
        const auto [first, is_new] = known.emplace(Stream::key_of(one.name), &one);
        if (is_new || first->second->name == one.name) continue;
        reject(one.where, fmt::format("the random streams \"{}\" and \"{}\" would be the same "
                                      "numbers, as their names have the same hash; expected "
                                      "another name for one of the two",
                                      first->second->name, one.name));
    }
}

std::vector<NamedStream> streams_of(const Program& program, const Circuit& circuit,
                                    const Task& task) {
    std::vector<NamedStream> streams = initial_streams(program, circuit);
    for (const Operation& op : program.operations) {
        if (op.kind == Kind::noise && op.replay < 0)
            streams.push_back({"noise/" + program[op.operands[0].slot].name, op.where});
    }
    for (const std::string& name : task.streams()) streams.push_back({name, {}});
    return streams;
}

}  // namespace apical
