#include "circuits/initializer.hpp"

#include <cmath>

namespace apical {

double Scale::value(int post, int pre) const {
    switch (relative) {
        case Relative::pre:
            return factor / std::sqrt(pre);
        case Relative::post:
            return factor / std::sqrt(post);
        case Relative::none:
            break;
    }
    return factor;
}

}  // namespace apical
