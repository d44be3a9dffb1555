// The program is changed after rules in text were lowered: each change is found.
#include "tests/sim/verify/learning_by_text.hpp"

using namespace apical;

namespace {

// Changes each operation of rules in text by itself, where `change` says that it can; every mutant
// must be found. Returns how many there were.
template <class Load, class Change>
int mutants_found(Load load, Change change) {
    int mutants = 0;
    const std::vector<std::size_t> all = of_texts(load());
    for (const std::size_t i : all) {
        Model mutant = load();
        if (!change(mutant.program, mutant.program.operations[i])) continue;
        ++mutants;
        INFO(listing_line(mutant.program, i));
        CHECK_FALSE(first_off(mutant).empty());
    }
    return mutants;
}

// By every rule in text that there is: the shipped ones in their models, and those above.
template <class Change>
int mutants_of_all(Change change) {
    int mutants = 0;
    for (const char* name : {"rflo", "dni", "dni_b"}) {
        INFO(name);
        mutants +=
            mutants_found([&] { return load_model(path_of_shipped(name), {nine_cells}); }, change);
    }
    for (const std::string* rule : own_rules) {
        INFO(*rule);
        mutants += mutants_found([&] { return learning_by(*rule); }, change);
    }
    return mutants;
}

bool is_square(const Program& program, const Operation& op) {
    const Slot& matrix = program[op.operands[0].slot];
    return matrix.rows == matrix.columns;
}

}  // namespace

TEST_CASE("a gain of the wrong sign is found", "[verify][text_rule][mutants]") {
    const int mutants = mutants_of_all([](const Program&, Operation& op) {
        const bool has_gain = op.kind == Kind::hebb || op.kind == Kind::consolidate ||
                              op.function == Function::product;
        op.gain = -op.gain;
        return has_gain;
    });
    CHECK(mutants > 20);
}

TEST_CASE("a gain that is a millionth off is found", "[verify][text_rule][mutants]") {
    CHECK(mutants_of_all([](const Program&, Operation& op) {
              const bool has_gain = op.kind == Kind::hebb || op.kind == Kind::consolidate;
              op.gain *= 1.0 + 1e-6;
              return has_gain;
          }) > 20);
}

TEST_CASE("a keep that was dropped is found", "[verify][text_rule][mutants]") {
    CHECK(mutants_of_all([](const Program&, Operation& op) {
              if (op.kind != Kind::hebb) return false;
              const bool keeps = op.retain != 1.0 || op.operands.size() > 3;
              op.retain = 1.0;
              op.operands.resize(3);
              return keeps;
          }) > 5);
}

TEST_CASE("post and pre in each other's place are found", "[verify][text_rule][mutants]") {
    CHECK(mutants_of_all([](const Program& program, Operation& op) {
              if (op.kind != Kind::hebb || !is_square(program, op)) return false;
              std::swap(op.operands[1].slot, op.operands[2].slot);
              return true;
          }) > 3);
}

TEST_CASE("a difference the other way round is found", "[verify][text_rule][mutants]") {
    CHECK(mutants_of_all([](const Program&, Operation& op) {
              if (op.function != Function::difference) return false;
              std::swap(op.operands[1].slot, op.operands[2].slot);
              return true;
          }) > 1);
}

TEST_CASE("statements in the wrong order are found", "[verify][text_rule][mutants]") {
    // The strength by last step's tag.
    const auto swapped = [](Model model) {
        std::vector<Operation>& all = model.program.operations;
        for (const std::size_t i : of_texts(model)) {
            if (all[i].kind != Kind::consolidate) continue;
            const SlotId tag = all[i].operands.back().slot;
            for (const std::size_t k : of_texts(model)) {
                if (all[k].operands[0].slot == tag) std::swap(all[i], all[k]);
            }
            break;
        }
        return first_off(model);
    };
    CHECK_FALSE(swapped(load_model(path_of_shipped("rflo"), {nine_cells})).empty());
    CHECK_FALSE(swapped(learning_by(traced_rule)).empty());
}

TEST_CASE("a change that is missing or of another rate is found", "[verify][text_rule][mutants]") {
    Model missing = learning_by(oja_rule);
    std::erase_if(missing.program.operations, [&](const Operation& op) {
        return missing.program[op.operands[0].slot].what == What::strength;
    });
    const std::optional<Error> error = error_of([&] { first_off(missing); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::verification_failed);
    // What the set carries is last step's rate; the rate of now is another.
    Model model = learning_by(decay_rule);
    const Program& program = model.program;
    for (const std::size_t i : of_texts(model)) {
        Operation& op = model.program.operations[i];
        const Slot& pre = program[op.operands.size() > 2 ? op.operands[2].slot : SlotId(0)];
        if (op.kind == Kind::hebb && pre.what == What::previous) op.operands[2].slot = pre.of;
    }
    CHECK(first_off(model) == "learning.w");
}
