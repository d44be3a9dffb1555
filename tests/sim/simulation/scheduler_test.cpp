// What happens in a step, in which order, and that nothing depends on how a run is cut or watched.
#include "sim/simulation/scheduler.hpp"

#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/simulation/run_events.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string gated = hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"], init = { activated_normal = 1.0 } }
population.error.role = "error"
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.disinhibition = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in"], credit = "hidden.apical", rate = 0.01 }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.01 }
)";

const std::vector<std::string> small = {"population.hidden.size=11"};

// Presents the step's number as every input, and notes which steps were asked for.
class Counting final : public Presentation {
public:
    explicit Counting(std::vector<std::int64_t>& presented) : presented_(presented) {}
    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        presented_.push_back(step);
        std::fill(input.begin(), input.end(), double(step));
        std::fill(label.begin(), label.end(), -double(step));
    }

private:
    std::vector<std::int64_t>& presented_;
};

class CountingTask final : public Task {
public:
    CountingTask(TaskShape shape, std::vector<std::int64_t>& presented)
        : shape_(shape), presented_(presented) {}
    TaskShape shape() const override { return shape_; }
    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<Counting>(presented_);
    }

private:
    TaskShape shape_;
    std::vector<std::int64_t>& presented_;
};

// A model whose task is replaced; the scheduler is the test's.
std::unique_ptr<SteppedModel> counted(const std::string& lines,
                                      std::vector<std::int64_t>& presented) {
    Model model = small_model(lines);
    model.task = std::make_unique<CountingTask>(model.task->shape(), presented);
    return std::make_unique<SteppedModel>(std::move(model));
}

}  // namespace

TEST_CASE("each step's input and label are presented once, in order", "[scheduler]") {
    std::vector<std::int64_t> presented;
    const auto sim = counted(gated, presented);
    for (int step = 1; step <= 5; ++step) {
        sim->step();
        REQUIRE(sim->vector("input.r") == Vector::Constant(3, step));
        REQUIRE(sim->vector("label.r") == Vector::Constant(2, -step));
    }
    REQUIRE(presented == std::vector<std::int64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("before the first step what is remembered is what the circuit starts with",
          "[scheduler]") {
    SteppedModel sim(small_model(gated));
    REQUIRE(sim.vector("hidden.r").norm() > 0.1);
    REQUIRE(sim.vector("previous(hidden.r)") == sim.vector("hidden.r"));
    REQUIRE(sim.scheduler.step() == 0);
    REQUIRE(sim.scheduler.events() == 0);
}

TEST_CASE("at a step's end what is remembered is what the step has made", "[scheduler]") {
    SteppedModel sim(small_model(gated));
    const Vector first = sim.vector("hidden.r");
    sim.step();
    REQUIRE(sim.vector("hidden.r") != first);
    REQUIRE(sim.vector("previous(hidden.r)") == sim.vector("hidden.r"));
}

TEST_CASE("a step of a gated circuit in two phases is six events", "[scheduler]") {
    SteppedModel sim(small_model(gated));
    for (int step = 1; step <= 5; ++step) {
        sim.step();
        REQUIRE(sim.scheduler.step() == step);
        // Input, two phases that begin and end, the step's end.
        REQUIRE(sim.scheduler.events() == 6 * step);
    }
}

TEST_CASE("a phase without gates begins and ends like any other", "[scheduler]") {
    SteppedModel sim(small_model(hidden_lines + "population.hidden = { size = 4 }\n"));
    sim.step(3);
    REQUIRE(sim.scheduler.events() == 6 * 3);
}

TEST_CASE(
    "after a step's phases what is remembered is still last step's, and the run goes on as it "
    "would have",
    "[scheduler]") {
    SteppedModel sim(small_model(gated)), other(small_model(gated));
    for (int step = 1; step <= 3; ++step) {
        const Vector last = sim.vector("hidden.r");
        sim.scheduler.run_phases();
        REQUIRE(sim.scheduler.step() == step - 1);
        REQUIRE(sim.vector("previous(hidden.r)") == last);
        REQUIRE(sim.vector("hidden.r") != last);
        sim.scheduler.run_phases();  // they are over
        sim.step();
        other.step();
        REQUIRE(sim.scheduler.events() == other.scheduler.events());
        REQUIRE(same_bits(sim.numbers(), other.numbers()));
    }
}

TEST_CASE("a run that is at its step does nothing more", "[scheduler]") {
    SteppedModel sim(small_model(gated));
    sim.scheduler.run_to(4);
    const std::vector<double> numbers = sim.numbers();
    sim.scheduler.run_to(4);
    sim.scheduler.run_to(2);
    REQUIRE(sim.scheduler.step() == 4);
    REQUIRE(sim.scheduler.events() == 6 * 4);
    REQUIRE(same_bits(sim.numbers(), numbers));
}

TEST_CASE("the loss is that of the output before anything changes", "[scheduler]") {
    SteppedModel sim(small_model(gated));
    double sum = 0.0;
    for (int step = 0; step < 5; ++step) {
        const Matrix W_out = sim.matrix("W_out");
        sim.step();
        const Vector error = W_out * sim.vector("hidden.r") - sim.vector("label.r");
        // Half the mean over the outputs.
        REQUIRE(sim.scheduler.loss() == Approx(0.5 * error.squaredNorm() / 2.0).epsilon(1e-13));
        sum += sim.scheduler.loss();
        REQUIRE(sim.scheduler.loss_sum() == Approx(sum).epsilon(1e-14));
        REQUIRE(sim.vector("loss")(0) == sim.scheduler.loss());
    }
}

TEST_CASE("a run in one piece and in many has the same bits", "[scheduler]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        SteppedModel whole(load_model(path, small)), pieces(load_model(path, small));
        whole.scheduler.run_to(300);
        for (const std::int64_t step : {1, 2, 3, 50, 51, 200, 299, 300}) {
            pieces.scheduler.run_to(step);
        }
        REQUIRE(same_bits(whole.numbers(), pieces.numbers()));
        REQUIRE(whole.scheduler.loss_sum() == pieces.scheduler.loss_sum());
        REQUIRE(whole.scheduler.events() == pieces.scheduler.events());
    }
}

TEST_CASE("the same seed gives the same bits, another seed others", "[scheduler]") {
    const auto run_of = [](const std::string& seed) {
        SteppedModel sim(load_model(path_of_shipped("dni_b"), {small[0], "run.seed=" + seed}));
        sim.step(100);
        return sim.numbers();
    };
    REQUIRE(same_bits(run_of("5"), run_of("5")));
    REQUIRE_FALSE(same_bits(run_of("5"), run_of("6")));
}

TEST_CASE("when a run is sampled changes no bit of it", "[scheduler]") {
    const std::string model = path_of_shipped("dni_b");
    SteppedModel alone(load_model(model, small));
    alone.step(100);
    const std::vector<std::vector<Recording>> ways = {
        {},
        {watched("all", {"*"}, 1, 1, 100)},
        {watched("some", {"hidden.r", "events"}, 7, 3, 90), watched("loss", {"loss"}, 1, 1, 100)},
        {watched("end", {"W_rec", "hidden.apical.v"}, 1, 99, 100)},
    };
    for (std::size_t k = 0; k < ways.size(); ++k) {
        INFO("recording " << k);
        const TemporaryFolder folder;
        Model loaded = load_model(model, small);
        NamedRecorder recorder(loaded.program, ways[k], two_phases(), folder / "run.h5",
                               Replacing::no);
        SteppedModel sim(std::move(loaded), &recorder);
        sim.step(100);
        recorder.close(100, 0.0);
        REQUIRE(same_bits(sim.numbers(), alone.numbers()));
    }
}

TEST_CASE("samples are events of their own", "[scheduler]") {
    const auto events_with = [](std::vector<Recording> recordings) {
        const TemporaryFolder folder;
        Model model = small_model(gated);
        NamedRecorder recorder(model.program, std::move(recordings), two_phases(),
                               folder / "run.h5", Replacing::no);
        SteppedModel sim(std::move(model), &recorder);
        sim.step(20);
        return sim.scheduler.events() - 6 * 20;
    };
    REQUIRE(events_with({watched("r", {"hidden.r"}, 1, 1, 20)}) == 2 * 20);  // at each phase's end
    REQUIRE(events_with({watched("W", {"W_rec"}, 1, 1, 20)}) == 20);
    REQUIRE(events_with({watched("W", {"W_rec"}, 5, 3, 20)}) == 4);  // steps 3, 8, 13, 18
    REQUIRE(events_with({watched("r", {"hidden.r"}, 5, 3, 10),
                         watched("W", {"W_rec"}, 1, 20, 20)}) == 2 * 2 + 1);
}
