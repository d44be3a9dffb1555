// The resolved model: what a run was made from, with nothing left to guess.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

std::vector<std::string> names_of(const Circuit& circuit) {
    std::vector<std::string> names;
    for (const Population& one : circuit.populations) names.push_back(one.name);
    for (const SynapseSet& one : circuit.synapses) names.push_back(one.name);
    for (const Gate& one : circuit.gates) names.push_back(one.name);
    return names;
}

Table section(const Model& model, const std::string& name, const std::string& inner) {
    const Table root = parse_toml(model.resolved, "resolved");
    const Value* outer = root.find(name);
    REQUIRE(outer);
    const Value* found = std::get<Table>(outer->content).find(inner);
    REQUIRE(found);
    return std::get<Table>(found->content);
}

template <class T>
T value(const Table& table, const std::string& key) {
    INFO(key);
    const Value* found = table.find(key);
    REQUIRE(found);
    return std::get<T>(found->content);
}

}  // namespace

TEST_CASE("a circuit keeps the order of its file, not that of the alphabet", "[resolved]") {
    const Model model = load_model(path_of_shipped("dni_b"), {});
    const std::vector<std::string> expected = {
        "input", "label", "one", "hidden", "output",      "error",
        "W_rec", "W_in",  "b",   "W_out",  "b_out",       "A_r",
        "A_y",   "A_1",   "J",   "B_fb",   "perisomatic", "disinhibition"};
    CHECK(names_of(model.circuit) == expected);
    const std::size_t input = model.resolved.find("[population.input]");
    const std::size_t error = model.resolved.find("[population.error]");
    CHECK(input < error);
    CHECK(model.resolved.find("[synapses.W_rec]") < model.resolved.find("[synapses.A_r]"));
    CHECK(model.resolved.find("[plasticity.recurrent]") <
          model.resolved.find("[plasticity.jacobian]"));
}

TEST_CASE("deduced sizes stand in the resolved model", "[resolved]") {
    const Model model =
        load_model(path_of_shipped("rflo"), {"task={ kind = \"mimic\", inputs = 3, outputs = 7 }"});
    const auto size = [&](const char* name) {
        return value<std::int64_t>(section(model, "population", name), "size");
    };
    CHECK(size("input") == 3);
    CHECK(size("label") == 7);
    CHECK(size("output") == 7);
    CHECK(size("error") == 7);
    CHECK(size("one") == 1);
    CHECK(size("hidden") == 32);
}

TEST_CASE("defaults stand in the resolved model", "[resolved]") {
    const Model model =
        load_model(path_of_shipped("rflo"), {"population.error={ role = \"error\" }"});
    const Table root = parse_toml(model.resolved, "resolved");
    CHECK(value<std::int64_t>(section(model, "synapses", "W_in"), "delay") == 0);
    CHECK(value<std::string>(section(model, "plasticity", "recurrent"), "during") == "update");
    CHECK(value<std::string>(section(model, "population", "error"), "during") == "update");
    CHECK(value<std::int64_t>(section(model, "record", "loss"), "every") == 1);
    CHECK(value<std::int64_t>(section(model, "record", "loss"), "from") == 1);
    CHECK(value<std::int64_t>(section(model, "record", "loss"), "to") == 100'000);
    CHECK(root.find("gate"));
}

TEST_CASE("the task's defaults stand in the resolved model", "[resolved]") {
    const Model model = load_model(path_of_shipped("rflo"), {"task={ kind = \"mimic\" }"});
    const Table root = parse_toml(model.resolved, "resolved");
    const Table task = std::get<Table>(root.find("task")->content);
    CHECK(value<std::int64_t>(task, "hold") == 2);
    CHECK(value<std::int64_t>(task, "inputs") == 32);
    CHECK(value<std::int64_t>(task, "outputs") == 32);
    CHECK(value<std::int64_t>(task, "cells") == 32);
    CHECK(value<double>(task, "alpha") == 0.5);
    CHECK(value<double>(task, "probability") == 0.5);
}

TEST_CASE("overrides stand in the resolved model", "[resolved]") {
    const Model model = load_model(path_of_shipped("dni_b"),
                                   {"plasticity.jacobian.rate=0.1", "population.hidden.size=7"});
    CHECK(value<double>(section(model, "plasticity", "jacobian"), "rate") == 0.1);
    CHECK(value<std::int64_t>(section(model, "population", "hidden"), "size") == 7);
}

TEST_CASE("a resolved model loads to itself with the same program", "[resolved]") {
    const TemporaryFolder folder;
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Model first = load_model(path, {});
        const Model again = load_model(folder.write("again.toml", first.resolved), {});
        CHECK(again.resolved == first.resolved);
        CHECK(listing(again.program) == listing(first.program));
        CHECK(again.title == first.title);
        CHECK(again.steps == first.steps);
        CHECK(again.seed == first.seed);
        CHECK(again.recordings.size() == first.recordings.size());
        CHECK(names_of(again.circuit) == names_of(first.circuit));
        CHECK(first.notes.empty());
    }
}

TEST_CASE("where the run file lies is no part of the resolved model", "[resolved]") {
    const Model model = load_model(path_of_shipped("rflo"), {});
    const Model elsewhere = load_model(path_of_shipped("rflo"), {"run.output=here/r.h5"});
    CHECK(model.output == "runs/rflo.h5");
    CHECK(elsewhere.output == "here/r.h5");
    CHECK(elsewhere.resolved == model.resolved);
}

TEST_CASE("numbers and texts of a resolved model are exact", "[resolved]") {
    const TemporaryFolder folder;
    const std::string title = "a \"b\" \\ \t\n\x01 \xc3\xa9 [c] # d = e";
    const Model first = load_model(
        path_of_shipped("rflo"),
        {"title=" + toml_text(title), "plasticity.readout.rate=0.30000000000000004",
         "plasticity.recurrent.rate=5e-324", "synapses.b.init.constant=-123456789012345680.0",
         "synapses.b_out.init.constant=1e22", "population.hidden.tau_ms={ feedback = 20 }"});
    const Model again = load_model(folder.write("again.toml", first.resolved), {});
    CHECK(first.title == title);
    CHECK(again.title == title);
    CHECK(again.resolved == first.resolved);
    CHECK(value<double>(section(again, "plasticity", "readout"), "rate") == 0.30000000000000004);
    CHECK(value<double>(section(again, "plasticity", "recurrent"), "rate") == 5e-324);
    CHECK(again.circuit[again.circuit.find_synapses("b")].init.scale.factor ==
          -123456789012345680.0);
    CHECK(again.circuit[again.circuit.find_synapses("b_out")].init.scale.factor == 1e22);
    CHECK(again.circuit[again.circuit.find_compartment("hidden.feedback")].tau_ms == 20.0);
}

TEST_CASE("a recording after the run's last step is a note, not an error", "[resolved]") {
    const Model model =
        load_model(path_of_shipped("rflo"), {"record.end.from=100_001", "record.end.to=100_002"});
    REQUIRE(model.notes.size() == 1);
    CHECK_THAT(model.notes[0], Catch::Contains("[record.end] records nothing"));
    CHECK(model.recordings.size() == 3);
}

TEST_CASE("of a run that was made shorter than its file says, nothing is noted", "[resolved]") {
    const Model model = load_model(path_of_shipped("rflo"), {"run.steps=1_000"});
    CHECK(model.notes.empty());
    CHECK(model.recordings.size() == 3);
}
