#include "learning_rules/place.hpp"

namespace apical {

std::string_view in_words(Place place) {
    switch (place) {
        case Place::number:
            return "a constant";
        case Place::all:
            return "one number for all";
        case Place::pre:
            return "a number in each presynaptic cell";
        case Place::post:
            return "a number in each postsynaptic cell";
        case Place::synapse:
            return "one at each synapse";
        case Place::pairs_of_pre:
            return "one of each pair of presynaptic cells";
        case Place::pairs_of_post:
            return "one of each pair of postsynaptic cells";
    }
    return "";
}

std::string_view spelling_of(Place place) {
    switch (place) {
        case Place::number:
        case Place::all:
            return "all";
        case Place::pre:
            return "pre";
        case Place::post:
            return "post";
        case Place::synapse:
            return "synapse";
        case Place::pairs_of_pre:
        case Place::pairs_of_post:
            return "pairs";
    }
    return "";
}

}  // namespace apical
