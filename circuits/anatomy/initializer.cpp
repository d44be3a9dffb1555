#include "circuits/anatomy/initializer.hpp"

#include <cmath>

namespace apical {

double Scale::value(int post, int pre, const Fans& fans) const {
    switch (relative) {
        case Relative::pre:
            return factor / std::sqrt(pre);
        case Relative::post:
            return factor / std::sqrt(post);
        case Relative::fan_in:
            return factor / std::sqrt(fans.in);
        case Relative::fan_out:
            return factor / std::sqrt(fans.out);
        case Relative::none:
            break;
    }
    return factor;
}

std::string_view divisor_of(Scale::Relative relative) {
    switch (relative) {
        case Scale::Relative::none:
            break;
        case Scale::Relative::pre:
            return "pre";
        case Scale::Relative::post:
            return "post";
        case Scale::Relative::fan_in:
            return "fan_in";
        case Scale::Relative::fan_out:
            return "fan_out";
    }
    return "";
}

bool Initializer::is_drawn() const {
    switch (kind) {
        case Kind::normal:
        case Kind::activated_normal:
        case Kind::half_normal:
        case Kind::lognormal:
        case Kind::uniform:
        case Kind::orthogonal:
            return true;
        case Kind::constant:
        case Kind::identity:
        case Kind::copy:
        case Kind::file:
        case Kind::connected:
            return false;
    }
    return false;
}

}  // namespace apical
