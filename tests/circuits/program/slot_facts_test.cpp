// The facts of slots and operations in every model that comes with the program, beside their names.
#include <fmt/format.h>

#include "circuits/program/program.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string rate_by_facts(const Circuit& circuit, const Slot& slot) {
    std::string name = circuit[slot.cells].name;
    for (std::size_t k = 0; k < slot.dendrites.size(); ++k)
        name += (k == 0 ? "." : "+") + circuit[slot.dendrites[k]].name;
    return name + ".r";
}

std::string name_by_facts(const Model& model, const Slot& slot) {
    const Circuit& circuit = model.circuit;
    const auto of = [&] { return model.program[slot.of].name; };
    switch (slot.what) {
        case What::rate:
            return rate_by_facts(circuit, slot);
        case What::voltage:
            return circuit.full_name(slot.compartment) + ".v";
        case What::drive:
            return circuit.full_name(slot.compartment) + ".drive";
        case What::slope:
            return fmt::format("slope({}.v)", circuit.full_name(slot.compartment));
        case What::gate:
            return "gate." + circuit[slot.gate].name;
        case What::strength:
            return circuit[slot.synapses].name;
        case What::tag:
            return fmt::format("{}({})", slot.quantity, circuit[slot.synapses].name);
        case What::of_rule:
            return fmt::format("{}.{}", slot.rule, slot.quantity);
        case What::loss:
            return "loss";
        case What::measured:
            return slot.quantity;
        case What::previous:
            return fmt::format("previous({})", of());
        case What::before:
            return fmt::format("before({})", of());
        case What::at_end:
            return fmt::format("at_end({}, {})", circuit[slot.phase].name, of());
        case What::at_rest:
            return fmt::format("rest({})", of());
        case What::beginning:
            return fmt::format("beginning({})", of());
        case What::clock:
            return slot.quantity;
        case What::history:
            return fmt::format("{}.{}({})", slot.rule, slot.quantity, of());
        case What::axon:
            return fmt::format("axon({}, {})", of(), slot.line);
        case What::noise:
            return "noise." + slot.quantity;
        case What::event:
            return "event." + slot.quantity;
        case What::chosen:
            return fmt::format(
                "chosen({}, {})", slot.quantity,
                slot.synapses ? circuit[slot.synapses].name : circuit[slot.cells].name);
        case What::intermediate:
            break;
    }
    return "nothing of a listing";
}

std::vector<Model> models_with_diagnosis() {
    std::vector<Model> models;
    for (const std::string& path : shipped_models()) {
        models.push_back(load_model(path, {}));
        if (!models.back().diagnosed.any())
            models.push_back(load_model(path, {"diagnose.change=true"}));
    }
    return models;
}

}  // namespace

TEST_CASE("every slot of every model is called after what it is", "[program]") {
    for (const Model& model : models_with_diagnosis()) {
        INFO(model.path);
        for (const Slot& slot : model.program.slots) CHECK(slot.name == name_by_facts(model, slot));
    }
}

TEST_CASE("no two slots of a model are the same thing", "[program]") {
    for (const Model& model : models_with_diagnosis()) {
        const std::vector<Slot>& slots = model.program.slots;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            INFO(model.path << ": " << slots[i].name);
            CHECK(model.program.first([&](const Slot& one) { return is_same(one, slots[i]); }) ==
                  SlotId(i));
        }
    }
}

TEST_CASE("what is recorded says what its slots are", "[program]") {
    for (const Model& model : models_with_diagnosis()) {
        for (const Quantity& quantity : model.program.quantities) {
            INFO(model.path << ": " << quantity.address);
            for (const SlotId slot : quantity.slots)
                CHECK((!slot || model.program[slot].what == quantity.what));
        }
    }
}

TEST_CASE("an operation of a rule's table says that a rule asks for it", "[program]") {
    for (const Model& model : models_with_diagnosis()) {
        for (const Operation& op : model.program.operations) {
            INFO(model.path << ": " << op.asked_by);
            CHECK((op.asker == Asker::rule) == op.asked_by.starts_with("plasticity."));
        }
    }
}
