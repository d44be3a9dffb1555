// The rule `gradient`: a run goes back through its own past and changes strengths by what it finds.
#include <filesystem>

#include "sim/audit/audit.hpp"
#include "sim/runs/simulation.hpp"
#include "tests/oracle.hpp"

using namespace apical;

namespace {

using oracle::Assignments;
using oracle::Setting;

constexpr double rate = 0.05;

const std::string recurrent_lines = R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.6, init = { normal = 0.5 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
)";

std::string trained(const std::string& sets, const std::string& how) {
    return fmt::format(
        "plasticity.all = {{ rule = \"gradient\", synapses = [{}], rate = {}, {} }}\n", sets, rate,
        how);
}

const std::string all_three = R"("W_rec", "W_in", "W_out")";

// A step of the network as it was, and the strengths that it was computed with.
struct Past {
    Vector x, before, slope, error;
    Matrix W_rec, W_out;
};

// Gradients of half the squared error of the last of these steps, written out.
struct Unrolled {
    Matrix rec, in, out;

    explicit Unrolled(const std::vector<Past>& past, double alpha, const Vector& r) {
        const Past& now = past.back();
        out = now.error * r.transpose();
        Vector credit = now.W_out.transpose() * now.error;
        rec = Matrix::Zero(credit.size(), credit.size());
        in = Matrix::Zero(credit.size(), now.x.size());
        for (auto step = past.rbegin(); step != past.rend(); ++step) {
            const Vector teaching = alpha * credit.cwiseProduct(step->slope);
            rec += teaching * step->before.transpose();
            in += teaching * step->x.transpose();
            credit = (1 - alpha) * credit + step->W_rec.transpose() * teaching;
        }
    }
};

// The network of the models "rtrl", "bptt" and "bptt_window", which no feedback reaches, with the
// rule gradient.
Model by_gradient(const std::string& how, const Assignments& more = {}) {
    Assignments all = {
        fmt::format("plasticity.recurrent={{ rule = \"gradient\", synapses = [\"W_rec\", \"W_in\", "
                    "\"b\"], rate = {}, {} }}",
                    rate, how),
        "population.hidden.size=7", "plasticity.readout.rate=0.02", "record={}"};
    all.insert(all.end(), more.begin(), more.end());
    return load_model(path_of_shipped("fixed_w"), all);
}

Model as_it_is(const std::string& name, const Assignments& more = {}) {
    Assignments all = {fmt::format("plasticity.recurrent.rate={}", rate),
                       "population.hidden.size=7", "plasticity.readout.rate=0.02", "record={}"};
    all.insert(all.end(), more.begin(), more.end());
    return load_model(path_of_shipped(name), all);
}

// The largest distance of strengths in any of so many steps.
double apart(Model one, Model other, int steps, const std::vector<std::string>& sets) {
    SteppedModel a(std::move(one)), b(std::move(other));
    const Matrix start = a.matrix(sets.front());
    double most = 0.0;
    for (int t = 0; t < steps; ++t) {
        a.step();
        b.step();
        for (const std::string& set : sets)
            most = std::max(most, distance(a.matrix(set), b.matrix(set)));
    }
    REQUIRE(distance(a.matrix(sets.front()), start) > 1e-4);  // it has learned
    return most;
}

const std::vector<std::string> three_sets = {"W_rec", "W_in", "b"};

std::string message_of(const std::string& lines, const Assignments& more = {}) {
    try {
        small_model(hidden_lines + recurrent_lines + lines, more);
    } catch (const Error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("a window of one and of two steps is backpropagation as it is written out",
          "[gradient][rules]") {
    for (const std::size_t window : {1, 2, 3}) {
        INFO("window " << window);
        SteppedModel sim(small_model(hidden_lines + recurrent_lines +
                                     trained(all_three, fmt::format("window = {}", window))));
        std::vector<Past> past;
        for (int t = 0; t < 30; ++t) {
            Past now;
            now.before = sim.vector("hidden.r");
            now.W_rec = sim.matrix("W_rec");
            now.W_out = sim.matrix("W_out");
            const Matrix W_in = sim.matrix("W_in");
            sim.step();
            now.x = sim.vector("input.r");
            const Vector v = now.W_rec * now.before + W_in * now.x,
                         r = 0.4 * now.before + 0.6 * v.array().tanh().matrix();
            now.slope = 1.0 - v.array().tanh().square();
            now.error = now.W_out * r - sim.vector("label.r");
            past.push_back(now);
            if (past.size() > window) past.erase(past.begin());
            const Unrolled by_hand(past, 0.6, r);
            const auto holds = [&](const char* set, const Matrix& was, const Matrix& gradient) {
                INFO(set << " in step " << t + 1);
                CHECK(distance(sim.matrix(fmt::format("gradient({})", set)), gradient) <= 1e-14);
                CHECK(distance(sim.matrix(set), was - rate * gradient) <= 1e-14);
            };
            holds("W_rec", now.W_rec, by_hand.rec);
            holds("W_in", W_in, by_hand.in);
            holds("W_out", now.W_out, by_hand.out);
        }
    }
}

TEST_CASE("a window that reaches to the beginning makes RTRL's changes", "[gradient][rules]") {
    CHECK(apart(as_it_is("rtrl"), by_gradient("window = 60"), 60, three_sets) <= 1e-12);
}

TEST_CASE("the losses of windows that do not overlap make the changes of bptt_window",
          "[gradient][rules]") {
    CHECK(apart(as_it_is("bptt_window"), by_gradient("window = 10, losses = \"all\""), 60,
                three_sets) <= 1e-12);
}

TEST_CASE("with a window of one step rule gradient makes the changes of bptt",
          "[gradient][rules]") {
    CHECK(apart(as_it_is("bptt", {"plasticity.recurrent.window=1"}), by_gradient("window = 1"), 60,
                three_sets) <= 1e-12);
}

TEST_CASE("rule gradient makes the changes of a circuit that is backprop layer by layer",
          "[gradient][rules]") {
    const std::string path = path_of_shipped("literature/backprop");
    const std::vector<Change> alone = {
        {", dendrites = [\"apical\"] }\nh2", " }\nh2"},
        {", dendrites = [\"apical\"] }\noutput", " }\noutput"},
        {", back = { to = \"h1.apical\", during = \"update\" } }", " }"},
        {", back = { from = \"error\", to = \"h2.apical\", during = \"update\" } }", " }"},
        {"error  = { role = \"error\", during = \"update\" }\n", ""},
        {"[gate.perisomatic]\nopens  = \"h2.soma\"\nduring = \"forward\"\n", ""},
        {"[gate.disinhibition]\nopens  = \"h2.apical\"\nduring = \"update\"\nemits  = "
         "\"slope(soma.v) * apical.v\"\n",
         ""}};
    const TemporaryFolder folder;
    const Assignments by_gradient = {
        "plasticity={ all = { rule = \"gradient\", synapses = [\"W1\", \"b1\", \"W2\", \"b2\", "
        "\"W3\", \"b3\"], window = 1, rate = 0.05 } }",
        "task.path=\"" + std::filesystem::path(path).parent_path().string() + "/bars.h5\""};
    CHECK(apart(load_model(path),
                load_model(folder.write("alone.toml", drafted("literature/backprop", alone)),
                           by_gradient),
                100, {"W1", "b1", "W2", "b2", "W3", "b3"}) <= 1e-12);
}

TEST_CASE("a trial's gradient is made at its end, of all that it was",
          "[gradient][rules][trials]") {
    const std::string trials = "trial={ steps = 12, reset = \"init\", gap = 3 }";
    // A readout that waits for the trial's end, too, and one that learns on the way.
    const Assignments still = {trials, "plasticity.readout.apply=\"trial\""}, learns = {trials};
    const std::string late = "window = 12, apply = \"trial\"", whole = "window = \"trial\"";
    for (const Assignments& readout : {still, learns})
        CHECK(apart(by_gradient(whole, readout), by_gradient(late, readout), 120, three_sets) <=
              1e-12);
    // RTRL's rule acts in gaps, too.
    const Assignments dense = {"trial={ steps = 12, reset = \"init\" }", still[1]};
    Assignments by_rtrl = dense;
    by_rtrl.push_back("plasticity.recurrent.apply=\"trial\"");
    CHECK(apart(by_gradient(whole, dense), as_it_is("rtrl", by_rtrl), 120, three_sets) <= 1e-10);
}

TEST_CASE("losses that do not count have no part in a trial's gradient",
          "[gradient][rules][trials]") {
    // Error cells are silent where nothing counts: a readout that learned would differ.
    const Assignments all = {"trial={ steps = 12, reset = \"init\" }",
                             "plasticity.readout.rate=0.0"};
    Assignments none = all;
    none[0] =
        "trial={ steps = 12, reset = \"init\", window = { end = { from = 11 } }, counts = "
        "\"end\" }";
    SteppedModel counted(by_gradient("window = \"trial\"", all)),
        last(by_gradient("window = \"trial\"", none));
    counted.step(12);
    last.step(12);
    const Matrix gradient = last.matrix("gradient(W_rec)");
    CHECK(distance(gradient, counted.matrix("gradient(W_rec)")) > 1e-3);
    // The last loss alone, of strengths that stayed until then.
    SteppedModel held(by_gradient("window = 12, apply = \"trial\"", all));
    held.step(12);
    CHECK(distance(gradient, held.matrix("gradient(W_rec)")) <= 1e-12);
}

TEST_CASE("rule gradient makes the same bits with a fused plan and without",
          "[gradient][rules][plan]") {
    const std::string path = path_of_shipped("circuits/backpropagation");
    SteppedModel plain(load_model(path));
    const Model model = load_model(path);
    Simulation fused(model);
    plain.step(60);
    fused.step(60);
    for (const char* set : {"W_in", "W_1", "W_12", "W_2", "W_out", "b_out"}) {
        const Matrix one = plain.matrix(set);
        const std::vector<double> other = fused.read(set);
        INFO(set);
        CHECK(std::memcmp(one.data(), other.data(), other.size() * sizeof(double)) == 0);
    }
}

TEST_CASE("an optimiser follows rule gradient", "[gradient][rules]") {
    SteppedModel sim(small_model(
        hidden_lines + recurrent_lines +
        trained(all_three, "window = 4, optimiser = { kind = \"momentum\", keep = 0.8 }")));
    Matrix W = sim.matrix("W_rec"), m = Matrix::Zero(5, 5);
    for (int t = 0; t < 20; ++t) {
        sim.step();
        m = 0.8 * m - sim.matrix("gradient(W_rec)");
        W += rate * m;
        CHECK(distance(sim.matrix("W_rec"), W) <= 1e-13);
    }
}

TEST_CASE("two recurrent layers learn by rule gradient what its windows reach",
          "[gradient][learning]") {
    const auto loss = [](const std::string& window) {
        const Model model = load_model(path_of_shipped("circuits/backpropagation"),
                                       {"plasticity.all.window=" + window, "record={}"});
        Simulation sim(model);
        sim.step(8000);
        const double before = sim.loss_sum();
        sim.step(2000);
        return (sim.loss_sum() - before) / 2000;
    };
    CHECK(loss("10") < loss("1") - 0.02);
}

TEST_CASE("what rule gradient cannot go back through is told where it stands",
          "[gradient][rules][bad]") {
    using Catch::Contains;
    const std::string feedback =
        "synapses.B = { from = \"output\", to = \"hidden.feedback\", during = \"update\", init = { "
        "normal = 1.0 } }\npopulation.hidden.dendrites = [\"feedback\"]\n"
        "plasticity.b = { rule = \"pes\", synapses = [\"W_rec\"], error = \"hidden.feedback\", "
        "rate = 0.1 }\n";
    CHECK_THAT(message_of(trained("\"W_in\"", "window = 0")), Contains("window"));
    CHECK_THAT(message_of(trained("\"W_in\"", "window = 2.5")), Contains("window"));
    CHECK_THAT(message_of(trained("\"W_in\"", "window = \"trail\"")), Contains("trial"));
    CHECK_THAT(message_of(trained("\"W_in\"", "window = \"trial\"")),
               Contains("there are no trials"));
    CHECK_THAT(message_of(trained("\"W_in\"", "window = 2, during = \"forward\"")),
               Contains("expected during = \"update\""));
    CHECK_THAT(message_of(trained("\"W_in\"", "window = 2, losses = \"al\"")),
               Contains("last, all"));
    CHECK_THAT(message_of(trained("\"W_in\"", "window = 2, each = \"iteration\"")),
               Contains("acts once a step"));
    CHECK_THAT(message_of("trial = { steps = 5 }\n" +
                          trained("\"W_in\"", "window = \"trial\", losses = \"all\"")),
               Contains("expected no key \"losses\""));
}

TEST_CASE("rule gradient has no gradient of what the loss does not depend on",
          "[gradient][rules][bad]") {
    try {
        load_model(path_of_shipped("rules/feedback_alignment"),
                   {"plasticity={ all = { rule = \"gradient\", synapses = [\"W_in\", \"B_fb\"], "
                    "window = 1, rate = 0.1 } }"});
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK_THAT(error.what(),
                   Catch::Contains("synapses B_fb have no gradient: the loss depends on it only "
                                   "through learning, or not; expected W_in, b, W_out"));
    }
    CHECK_THROWS_WITH(load_model(path_of_shipped("rules/oja"),
                                 {"plasticity.learning={ rule = \"gradient\", synapses = [\"W\"], "
                                  "window = 1, rate = 0.1 }"}),
                      Catch::Contains("needs a loss"));
}

TEST_CASE("a window of rule gradient that is longer than the run goes back to its beginning",
          "[gradient][rules]") {
    const std::string path = path_of_shipped("circuits/backpropagation");
    const auto after = [&](const std::string& window) {
        const Model model =
            load_model(path, {"run.steps=15", "record={}", "plasticity.all.window=" + window});
        Simulation sim(model);
        sim.step(15);
        return sim.read("W_1");
    };
    CHECK(after("1_000_000") == after("15"));
    CHECK_THROWS_WITH(load_model(path, {"run.steps=15", "plasticity.all.window=16",
                                        "plasticity.all.losses=\"all\""}),
                      Catch::Contains("sums up the losses of 16 steps"));
}

TEST_CASE("the audit names each reason for which no circuit runs its past backwards",
          "[gradient][audit]") {
    const Audit verdict = audit(load_model(path_of_shipped("circuits/backpropagation")));
    for (const std::string_view column : {"online", "i", "ii", "iii", "vi"}) {
        INFO(column);
        CHECK_FALSE(verdict.meets(column));
    }
    for (const std::string_view column : {"iv", "v"}) CHECK(verdict.meets(column));
    const auto says = [&](Criterion criterion, const char* subject, const char* words) {
        INFO(subject << ": " << words);
        CHECK(std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& f) {
            return f.criterion == criterion && f.subject == subject &&
                   f.because.find(words) != std::string::npos;
        }));
    };
    says(Criterion::online, "gradient(W_in)", "going back by up to 9 steps");
    says(Criterion::vectors_in_cells, "gradient(W_in)", "which is inside the cells");
    says(Criterion::local_plasticity, "gradient(W_in)", "no change of synapses");
    says(Criterion::rates_transmitted, "gradient(W_in)", "which no axon carries");
    says(Criterion::no_copy_of_network, "W_out", "from \"output\" to \"h2\", against its");
    // Within a step and a layer nothing is old, and nothing else is known of other cells.
    const Audit one = audit(small_model(hidden_lines + "population.hidden = { size = 4 }\n" +
                                        trained("\"W_out\"", "window = 1")));
    CHECK(one.meets("online"));
    CHECK_FALSE(one.meets("ii"));
}
