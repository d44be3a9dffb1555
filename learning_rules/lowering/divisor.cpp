#include "learning_rules/lowering/divisor.hpp"

namespace apical {

const Expression* divisor_of(const Expression& e) {
    switch (e.symbol) {
        case Symbol::divide:
            if (e.of[1].symbol == Symbol::name) return &e.of[1];
            return divisor_of(e.of[0]);
        case Symbol::negative:
            return divisor_of(e.of[0]);
        case Symbol::multiply: {
            const Expression* first = divisor_of(e.of[0]);
            return first ? first : divisor_of(e.of[1]);
        }
        case Symbol::add:
        case Symbol::subtract: {
            const Expression *first = divisor_of(e.of[0]), *second = divisor_of(e.of[1]);
            return first && second && *first == *second ? first : nullptr;
        }
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::power:
            return nullptr;
    }
    return nullptr;
}

}  // namespace apical
