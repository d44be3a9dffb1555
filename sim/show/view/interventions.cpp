#include "sim/show/view/interventions.hpp"

#include <string>

namespace apical {

Array shown_interventions(const Circuit& circuit) {
    Array all;
    std::string last;  // of one that sets several things there are as many
    for (const Intervention& event : circuit.interventions) {
        if (event.name == last) continue;
        last = event.name;
        const auto steps = [&](std::int64_t nanoseconds) {
            return in_ms(nanoseconds) / circuit.step_ms();
        };
        const bool stays = event.lasts == Intervention::for_ever;
        all.push_back(value_of(Table{{entry("name", event.name), entry("begin", steps(event.begin)),
                                      entry("lasts", stays ? -1.0 : steps(event.lasts)),
                                      entry("period", steps(event.period))}}));
    }
    return all;
}

}  // namespace apical
