#pragma once

#include <cstdint>
#include <vector>

namespace apical {

// The steps in which something is recorded: the union of what several [record.*] tables ask for,
// in order, each step once.
class Sampling {
public:
    // Steps from, from + every, ... up to and including `to`. `every` and `from` are at least 1.
    void add(std::int64_t every, std::int64_t from, std::int64_t to);

    // These steps, rising.
    void add(const std::vector<std::int64_t>& steps);

    // The first of them after `step`, or -1.
    std::int64_t next(std::int64_t step) const;
    bool includes(std::int64_t step) const { return next(step - 1) == step; }
    // How many there are; where tables overlap in more than ten million steps, an upper bound.
    std::int64_t count() const;

private:
    struct Progression {
        std::int64_t every, from, to;
        std::int64_t next(std::int64_t step) const;
        std::int64_t count() const { return (to - from) / every + 1; }
    };
    std::int64_t span() const;

    std::vector<Progression> progressions_;
    std::vector<std::int64_t> listed_;
};

}  // namespace apical
