// The facts of each kind of operation, and what its line in the listing says.
#include "circuits/program/operation.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "circuits/program/program.hpp"
#include "tests/circuits/program/formula_parts.hpp"

using namespace apical;

namespace {

// The line of one operation in phase "forward", asked for by "someone", on slots of these names.
std::string line(Operation op, const std::vector<std::string>& names,
                 Access written = Access::set) {
    Program program;
    program.phase_names = {"forward"};
    for (std::size_t k = 0; k < names.size(); ++k) {
        Slot slot;
        slot.name = names[k];
        program.slots.push_back(slot);
        op.operands.push_back({SlotId(k), k == 0 ? written : Access::read});
    }
    if (op.kind != Kind::remember) op.phase = PhaseId(0);
    op.asked_by = "someone";
    program.operations = {op};
    return listing_line(program, 0);
}

void says(const std::string& found, const std::string& phase, const std::string& verb,
          const std::string& equation) {
    INFO(found);
    // Number, phase, verb, equation, who asked, in columns.
    const std::vector<std::string> columns = {"1", phase, verb, equation, "someone"};
    std::size_t at = 0;
    for (const std::string& column : columns) {
        at = found.find_first_not_of(' ', at);
        REQUIRE(at != std::string::npos);
        REQUIRE(found.substr(at, column.size()) == column);
        at += column.size();
        REQUIRE((at == found.size() || found[at] == ' '));
    }
    REQUIRE(at == found.size());
}

void says(const std::string& found, Kind kind, const std::string& equation) {
    says(found, kind == Kind::remember ? "step's end" : "forward", std::string(traits(kind).verb),
         equation);
}

}  // namespace

TEST_CASE("every kind of operation has a verb of its own and says what it is in biology",
          "[operation]") {
    std::set<std::string_view> verbs;
    for (std::size_t k = 0; k < kind_count; ++k) {
        const KindTraits& facts = traits(static_cast<Kind>(k));
        REQUIRE(facts.kind == static_cast<Kind>(k));
        REQUIRE(verbs.insert(facts.verb).second);
        REQUIRE_FALSE(facts.biology.empty());
    }
}

TEST_CASE("what no circuit can do says so", "[operation]") {
    const auto impossible = [](Kind kind) { return traits(kind).biology.starts_with("none"); };
    REQUIRE(impossible(Kind::assign));
    REQUIRE(impossible(Kind::readout));
    for (const Kind kind : {Kind::transmit, Kind::fire, Kind::gate, Kind::hebb, Kind::consolidate,
                            Kind::cellwise, Kind::relax, Kind::remember, Kind::inject}) {
        REQUIRE_FALSE(impossible(kind));
    }
}

TEST_CASE("a kind says what the slot that it writes becomes", "[operation]") {
    for (const Kind kind : {Kind::inject, Kind::fire, Kind::readout}) {
        REQUIRE(traits(kind).writes == Carrier::rate);
    }
    for (const Kind kind : {Kind::transmit, Kind::relax}) {
        REQUIRE(traits(kind).writes == Carrier::voltage);
    }
    for (const Kind kind : {Kind::hebb, Kind::consolidate}) {
        REQUIRE(traits(kind).writes == Carrier::synaptic);
    }
    REQUIRE(traits(Kind::gate).writes == Carrier::interneuron);
    REQUIRE(traits(Kind::cellwise).writes == Carrier::intracellular);
    REQUIRE(traits(Kind::gather).writes_vector == Carrier::intracellular);
    REQUIRE(traits(Kind::remember).writes == Carrier::as_source);
    REQUIRE(traits(Kind::assign).writes == Carrier::none);
}

TEST_CASE("the listing tells a first transmission from those that add to it", "[listing]") {
    const std::vector<std::string> names = {"h.soma.v", "x.r", "W"};
    says(line({.kind = Kind::transmit}, names), Kind::transmit, "h.soma.v = W x.r");
    says(line({.kind = Kind::transmit}, names, Access::increment), Kind::transmit,
         "h.soma.v += W x.r");
}

TEST_CASE("the listing shows a synapse set in reverse as its transpose", "[listing]") {
    says(line({.kind = Kind::transmit, .reverse = true}, {"h.bootstrap.v", "h.apical.r", "J"}),
         Kind::transmit, "h.bootstrap.v = transpose(J) h.apical.r");
}

TEST_CASE("the listing shows the sign of a one-to-one transmission", "[listing]") {
    says(line({.kind = Kind::transmit}, {"error.soma.v", "output.r"}), Kind::transmit,
         "error.soma.v = output.r (one to one)");
    says(line({.kind = Kind::transmit, .gain = -1.0}, {"error.soma.v", "label.r"},
              Access::increment),
         Kind::transmit, "error.soma.v += -label.r (one to one)");
}

TEST_CASE("the listing shows each equation of the circuit", "[listing]") {
    says(line({.kind = Kind::inject}, {"input.r"}), Kind::inject, "input.r = task");
    says(line({.kind = Kind::reset}, {"x.r", "rest(x.r)"}), Kind::reset, "x.r = rest(x.r)");
    says(line({.kind = Kind::reset, .function = Function::zero}, {"x.r"}), Kind::reset, "x.r = 0");
    says(line({.kind = Kind::gate, .gain = 1.0}, {"gate.g"}), Kind::gate, "gate.g = 1 (open)");
    says(line({.kind = Kind::gate, .gain = 0.0}, {"gate.g"}), Kind::gate, "gate.g = 0 (closed)");
    says(line({.kind = Kind::relax, .retain = 0.25}, {"h.soma.v", "h.soma.drive"}), Kind::relax,
         "h.soma.v = h.soma.drive + 0.25 (h.soma.v - h.soma.drive)");
    says(line({.kind = Kind::readout}, {"y.r", "y.soma.v"}), Kind::readout,
         "y.r = softmax(y.soma.v)");
    says(line({.kind = Kind::remember}, {"previous(h.r)", "h.r"}), Kind::remember,
         "previous(h.r) = h.r");
}

TEST_CASE("the listing shows what a population fires and from which compartments", "[listing]") {
    const Operation soma{.kind = Kind::fire,
                         .activation = Activation::tanh,
                         .gated = {true},
                         .retain = 0.5,
                         .gain = 0.5},
        both{.kind = Kind::fire,
             .activation = Activation::logistic,
             .gated = {false, true},
             .gain = 1.0},
        linear{.kind = Kind::fire, .gated = {false}, .gain = 1.0};
    says(line(soma, {"h.r", "h.soma.v", "gate.p"}), Kind::fire,
         "h.r = 0.5 h.r + 0.5 tanh(gate.p h.soma.v)");
    says(line(both, {"h.r", "h.soma.v", "h.apical.v", "gate.d"}), Kind::fire,
         "h.r = logistic(h.soma.v + gate.d h.apical.v)");
    says(line(linear, {"e.r", "e.soma.v"}), Kind::fire, "e.r = e.soma.v");
}

TEST_CASE("the listing shows each equation of a rule", "[listing]") {
    says(line({.kind = Kind::cellwise, .function = Function::slope, .activation = Activation::tanh},
              {"slope(h.soma.v)", "h.soma.v"}),
         Kind::cellwise, "slope(h.soma.v) = tanh'(h.soma.v)");
    says(line({.kind = Kind::cellwise, .function = Function::product}, {"t", "a", "b"}),
         Kind::cellwise, "t = a b");
    says(line({.kind = Kind::cellwise, .function = Function::sum}, {"t", "a", "b"}), Kind::cellwise,
         "t = a + b");
    says(line({.kind = Kind::cellwise, .function = Function::difference}, {"t", "a", "b"}),
         Kind::cellwise, "t = a - b");
    says(line({.kind = Kind::hebb, .gain = -0.001}, {"W", "t", "x.r"}, Access::update), Kind::hebb,
         "W += -0.001 t x x.r");
    says(line({.kind = Kind::hebb, .retain = 0.5, .gain = 0.5}, {"B(W)", "s", "x.r"},
              Access::update),
         Kind::hebb, "B(W) = 0.5 B(W) + 0.5 s x x.r");
    says(line({.kind = Kind::consolidate, .gain = -0.01}, {"W", "c", "B(W)"}), Kind::consolidate,
         "W += -0.01 c . B(W)");
}

TEST_CASE("the listing shows a formula in cells and for one number", "[listing]") {
    FormulaParts cells, number;
    const std::uint16_t rate = cells.number(0.01), r = cells.operand(1), theta = cells.operand(2);
    cells.of(Node::multiply, cells.of(Node::multiply, rate, r), cells.of(Node::subtract, r, theta));
    says(line({.kind = Kind::cellwise, .function = Function::formula, .formula = cells.formula()},
              {"t", "h.r", "theta"}),
         Kind::cellwise, "t = 0.01 h.r (h.r - theta)");
    number.of(Node::divide, number.number(1.0), number.operand(1, Index::all));
    says(line({.kind = Kind::modulate, .function = Function::formula, .formula = number.formula()},
              {"c", "loss"}),
         Kind::modulate, "c = 1 / loss");
}

TEST_CASE("the listing shows the exact Jacobian", "[listing]") {
    says(line({.kind = Kind::assign, .function = Function::jacobian, .retain = 0.5, .gain = 0.5},
              {"J", "W", "s"}),
         Kind::assign, "J = 0.5 I + 0.5 diag(s) W");
}

TEST_CASE("the listing says how often a set is overwritten", "[listing]") {
    says(line({.kind = Kind::assign}, {"T", "A"}), Kind::assign, "T = A");
    says(line({.kind = Kind::assign, .every = 5}, {"T", "A"}), Kind::assign,
         "T = A, every 5 steps");
}
