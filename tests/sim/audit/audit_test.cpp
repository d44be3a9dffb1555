// The verdicts of the shipped models, held against the paper's.
#include "sim/audit/audit.hpp"

#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "sim/audit/report.hpp"
#include "sim/model/algorithms.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Audit audit_of(const std::string& name, const std::vector<std::string>& overrides = {}) {
    const Model model = load_model(path_of_shipped(name), overrides);
    return audit(model);
}

bool found(const Audit& audit, Criterion criterion, const std::string& subject) {
    const auto is = [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject;
    };
    return std::any_of(audit.findings.begin(), audit.findings.end(), is) ||
           std::any_of(audit.beyond.begin(), audit.beyond.end(), is);
}

std::set<std::string> failed(const Audit& audit) {
    std::set<std::string> columns;
    for (const std::string_view column : criterion_columns) {
        if (!audit.meets(column)) columns.emplace(column);
    }
    return columns;
}

}  // namespace

TEST_CASE("what the paper lets pass passes: fixed W, RFLO and DNI(b)", "[audit]") {
    for (const char* name : {"fixed_w", "rflo", "dni_b"}) {
        INFO(name);
        REQUIRE(audit_of(name).passes());
    }
}

TEST_CASE("KF-RTRL and R-KF fail by a product of matrices", "[audit]") {
    REQUIRE(found(audit_of("kf_rtrl"), Criterion::no_matrix_product, "recurrent.B"));
    REQUIRE(found(audit_of("r_kf"), Criterion::no_matrix_product, "B(W_rec)"));
}

TEST_CASE("KeRNL fails by a second network that borrows the first one's synapses", "[audit]") {
    const Audit kernl = audit_of("kernl");
    for (const char* set : {"W_rec", "W_in", "b"})
        REQUIRE(found(kernl, Criterion::no_copy_of_network, set));
}

TEST_CASE("UORO fails because its traces do not change continuously, whatever rho0 is", "[audit]") {
    for (const char* set : {"B(W_rec)", "B(W_in)", "B(b)"}) {
        REQUIRE(found(audit_of("uoro"), Criterion::continuous_plasticity, set));
        // 1 / rho0 > 1; with rho0 > 1 it would be 1 / rho1 > 1 (rho1 = 1 - rho0 < 1).
        REQUIRE(found(
            audit_of("uoro", {"plasticity.recurrent.rho0=0.99", "plasticity.recurrent.rho1=0.01"}),
            Criterion::continuous_plasticity, set));
    }
    REQUIRE(audit_of("uoro").meets("iv"));
    const Audit constant =
        audit_of("uoro", {"plasticity.recurrent.rho0=1.25", "plasticity.recurrent.rho1=2.0"});
    REQUIRE_FALSE(found(constant, Criterion::continuous_plasticity, "B(W_rec)"));
}

TEST_CASE("DNI fails by its Jacobian and by a vector that no axon carries", "[audit][dni]") {
    const Audit dni = audit_of("dni");
    REQUIRE(found(dni, Criterion::continuous_plasticity, "J"));
    REQUIRE(found(dni, Criterion::rates_transmitted, "hidden.apical.v"));
    REQUIRE(failed(dni) == std::set<std::string>{"ii", "iii"});
}

TEST_CASE("BPTT is not online", "[audit]") {
    for (const char* name : {"bptt", "bptt_window"}) {
        INFO(name);
        REQUIRE(
            found(audit_of(name), Criterion::online, "recurrent.history(slope(hidden.soma.v))"));
        // A window of two steps needs the present and the last step alone.
        REQUIRE(audit_of(name, {"plasticity.recurrent.window=2"}).meets("online"));
    }
}

TEST_CASE("RTRL has a tensor of three indices", "[audit]") {
    const Audit rtrl = audit_of("rtrl");
    for (const char* set : {"influence(W_rec)", "influence(W_in)", "influence(b)"})
        REQUIRE(found(rtrl, Criterion::matrices_in_synapses, set));
}

TEST_CASE("whatever needs the Jacobian fails because no synapses jump to it", "[audit]") {
    for (const char* name : {"rtrl", "uoro", "kf_rtrl", "r_kf"}) {
        INFO(name);
        REQUIRE(found(audit_of(name), Criterion::continuous_plasticity, "recurrent.jacobian"));
    }
}

TEST_CASE("the verdicts are those of the paper on another task, size and time constant too",
          "[audit]") {
    for (const Algorithm& one : algorithms()) {
        const std::string name(one.name);
        INFO(name);
        const std::set<std::string> expected = failed(audit_of(name));
        REQUIRE(failed(audit_of(name, {"task.kind=\"mimic\""})) == expected);
        REQUIRE(failed(audit_of(name, {"population.hidden.size=12"})) == expected);
        REQUIRE(failed(audit_of(name, {"population.hidden.alpha=1.0"})) == expected);
        REQUIRE(failed(audit_of(name, {"population.hidden.activation=\"logistic\""})) == expected);
    }
}

TEST_CASE("DNI(b) passes in each variant but the one with a target copy", "[audit]") {
    for (const char* name : {"mirrored", "replayed", "jacobian_first"}) {
        INFO(name);
        REQUIRE(audit_of(fmt::format("variants/dni_b_{}", name)).passes());
    }
    const Audit copy = audit_of("variants/dni_b_target_copy");
    for (const char* set : {"T_r", "T_y", "T_1"}) {
        REQUIRE(found(copy, Criterion::no_copy_of_network, set));
        REQUIRE(found(copy, Criterion::continuous_plasticity, set));
        REQUIRE(found(copy, Criterion::frozen_copy, set));
    }
}

TEST_CASE(
    "beyond the paper: synapses both ways, mirrored weights, what is held, linear cells, "
    "softmax",
    "[audit]") {
    const Audit dni_b = audit_of("dni_b");
    REQUIRE(found(dni_b, Criterion::both_ways, "J"));
    REQUIRE(found(dni_b, Criterion::held_vector, "hidden.apical.v"));
    REQUIRE(found(dni_b, Criterion::held_vector, "hidden.r in the soma"));
    REQUIRE(found(dni_b, Criterion::linear_cells, "error.r"));
    REQUIRE(found(dni_b, Criterion::softmax, "output.r"));
    REQUIRE_FALSE(found(dni_b, Criterion::mirrored_weights, "W_out"));
    REQUIRE(found(audit_of("variants/dni_b_mirrored"), Criterion::mirrored_weights, "W_out"));
    REQUIRE_FALSE(
        found(audit_of("dni_b", {"task.kind=\"mimic\""}), Criterion::softmax, "output.r"));
}

TEST_CASE("how long something is held is counted in the model's own phases", "[audit]") {
    for (const Finding& one : audit_of("dni_b").beyond) {
        if (one.subject == "hidden.apical.v") REQUIRE_THAT(one.because, Catch::Contains("10 ms"));
        if (one.subject == "hidden.r in the soma")
            REQUIRE_THAT(one.because, Catch::Contains("(4 ms)"));
    }
}

TEST_CASE("the audit knows no algorithm's name", "[audit]") {
    std::set<std::string> names = {"kf", "dnib"};
    for (const Algorithm& one : algorithms()) {
        names.emplace(one.name);
        std::string printed(one.in_print);
        std::transform(printed.begin(), printed.end(), printed.begin(), ::tolower);
        names.insert(printed);
    }
    const std::regex word("[A-Za-z0-9_()-]+");
    std::size_t words = 0;
    for (const auto& file : std::filesystem::directory_iterator(
             std::filesystem::path(APICAL_SOURCE_DIR) / "sim" / "audit")) {
        const std::string text = content_of(file.path().string());
        for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) {
            std::string lower = at->str();
            std::transform(lower.begin(), lower.end(), lower.begin(), ::tolower);
            INFO(file.path() << ": " << at->str());
            REQUIRE(names.count(lower) == 0);
            ++words;
        }
    }
    REQUIRE(words > 2000);
}

TEST_CASE("names decide nothing: a renamed circuit has the same verdicts", "[audit]") {
    const std::map<std::string, std::string> renamed = {
        {"hidden", "rflo"}, {"twin", "honest"}, {"W_rec", "fixed_w"}, {"J", "innocent"}};
    for (const char* name : {"dni", "kernl", "dni_b", "rflo"}) {
        std::string text = content_of(path_of_shipped(name));
        for (const auto& [from, to] : renamed) {
            text = std::regex_replace(text, std::regex("(\\.|\"|\\()" + from + "(?![A-Za-z0-9_])"),
                                      "$1" + to);
        }
        text = std::regex_replace(text, std::regex("(implements|approximations|ladder) .*"), "");
        const Model model = model_of_text(text);
        INFO(name);
        REQUIRE(model.program.find("rflo.r"));
        REQUIRE(failed(audit(model)) == failed(audit_of(name)));
    }
}

TEST_CASE("audit exits with 0 when every model passes, with 4 when one does not", "[audit]") {
    const std::string rflo = path_of_shipped("rflo"), dni = path_of_shipped("dni");
    REQUIRE(apical_with({"audit", rflo, path_of_shipped("dni_b")}).code == 0);
    REQUIRE(apical_with({"audit", rflo, dni}).code == 4);
    const Outcome bad = apical_with({"audit", rflo, "no_such.toml"});
    REQUIRE(bad.code == 66);
    REQUIRE(bad.out.empty());
}

TEST_CASE("audit prints a row for each model and the listing line of each finding", "[audit]") {
    const std::string path = path_of_shipped("dni");
    const Outcome outcome = apical_with({"audit", path});
    const Model model = load_model(path, {});
    const std::regex row("dni\\.toml +ok +ok +FAIL +FAIL +ok +ok +ok +fails");
    REQUIRE(std::regex_search(outcome.out, row));
    for (const Finding& one : audit(model).findings) {
        REQUIRE_THAT(outcome.out, Catch::Contains(one.because));
        REQUIRE_THAT(outcome.out, Catch::Contains(listing_line(model.program, one.operation)));
        REQUIRE_THAT(outcome.out, Catch::Contains(one.mend));
    }
}

TEST_CASE("a run file holds the audit that audit --json prints", "[audit]") {
    const TemporaryFolder folder;
    const std::string model = path_of_shipped("dni");
    REQUIRE(apical_in(folder, {"run", model, "--steps", "5", "-q", "-o", "dni.h5"}).code == 0);
    const Outcome json = apical_with({"audit", model, "--json"});
    REQUIRE(python(R"(
import h5py, json
of_file = json.loads(h5py.File(argv[1])['/'].attrs['audit'])
printed = json.loads(argv[2])['models'][0]
same = all(of_file[key] == printed[key] for key in ['title', 'passes', 'criteria', 'findings', 'beyond'])
print(same, printed['passes'], len(printed['findings']), printed['influence']['nudges'] > 0)
)",
                   {folder / "dni.h5", json.out}) == "True False 3 True\n");
}

TEST_CASE("a program of tens of thousands of operations is audited", "[audit]") {
    const Model model = load_model(
        path_of_shipped("bptt_window"),
        {"plasticity.recurrent.window=10000", "run.steps=20000", "population.hidden.size=4"});
    REQUIRE(model.program.operations.size() > 80'000);
    REQUIRE_FALSE(audit(model).meets("online"));
}

TEST_CASE("a vector that belongs to no cells is found, and nothing breaks", "[audit]") {
    Model model = load_model(path_of_shipped("dni_b"), {});
    for (Slot& slot : model.program.slots) {
        if (slot.name == "recurrent.teaching" || slot.name == "hidden.r") slot.cells = {};
    }
    const Audit found = audit(model);
    REQUIRE(found.findings.size() > 1);
    REQUIRE_FALSE(found.meets("i"));
}

TEST_CASE("audit of sweep files alone has audited nothing, which is no success", "[audit]") {
    const Outcome outcome =
        apical_with({"audit", path_of_shipped("figure1"), path_of_shipped("figure1_short")});
    REQUIRE(outcome.code == static_cast<int>(ExitCode::usage));
    REQUIRE(outcome.out.empty());
    REQUIRE_THAT(outcome.err, Catch::Contains("nothing was audited"));
}

TEST_CASE("a thousand populations in a chain are audited", "[audit]") {
    std::string lines = content_of(path_of_shipped("rflo")), from = "input";
    for (int i = 0; i < 1000; ++i) {
        const std::string to = "q" + std::to_string(i);
        lines += fmt::format(
            "[population.{0}]\nsize = 4\n[synapses.to_{0}]\nfrom = \"{1}\"\nto = \"{0}.soma\"\n"
            "during = \"forward\"\ndelay = 1\ninit = {{ normal = 1.0 }}\n",
            to, from);
        from = to;
    }
    const Model model = model_of_text(lines);
    REQUIRE(model.program.operations.size() > 3000);
    REQUIRE(audit(model).passes());
}
