// A run of a const model step by step, through the library's face.
#include <csignal>
#include <thread>

#include "sim/apical.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Model library_model(std::string_view name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> overrides{"run.steps=300", "population.hidden.size=12"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return load_model(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name), overrides);
}

// The numbers of all slots that are looked at.
std::vector<double> numbers_looked_at(const Simulation& simulation) {
    std::vector<double> all;
    const Program& program = simulation.state().program();
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        if (program.slots[i].what == What::intermediate) continue;
        const std::vector<double> numbers = simulation.read(SlotId(i));
        all.insert(all.end(), numbers.begin(), numbers.end());
    }
    return all;
}

std::vector<double> numbers_after_steps(const Model& model, std::int64_t steps) {
    Simulation simulation(model);
    simulation.step(steps);
    return numbers_looked_at(simulation);
}

struct StepEar {
    std::vector<std::int64_t> heard = {};
    StopRequest* stop = nullptr;
    std::int64_t stops_at = 0;

    void hear(const RunProgress& progress) {
        heard.push_back(progress.step);
        if (stop && progress.step == stops_at) stop->ask_to_end(SIGINT);
    }
};

}  // namespace

TEST_CASE("a simulation makes the same numbers step by step as at once", "[runs][library]") {
    for (const char* name : {"dni_b", "dni", "uoro"}) {
        INFO(name);
        const Model model = library_model(name);
        Simulation steps(model), once(model);
        double sum = 0.0;
        for (int step = 1; step <= 40; ++step) {
            CHECK(steps.step() == 1);
            sum += steps.loss();
        }
        CHECK(once.step(40) == 40);
        CHECK(steps.steps() == 40);
        CHECK(steps.loss_sum() == sum);
        CHECK(once.loss_sum() == sum);
        CHECK(same_bits(numbers_looked_at(steps), numbers_looked_at(once)));
    }
}

TEST_CASE("a simulation ends with the model's last step", "[runs][library]") {
    const Model model = library_model("rflo", {"run.steps=7"});
    Simulation simulation(model);
    CHECK(simulation.step(5) == 5);
    CHECK(simulation.step(5) == 2);
    CHECK(simulation.step() == 0);
    CHECK(simulation.steps() == 7);
}

TEST_CASE("a number at synapses that nothing transmits ends a simulation at the next look",
          "[runs][library][failure]") {
    // The tag is ten times as large in each step, and infinite after some three hundred.
    const auto growing = [](const char* steps) {
        return small_model(
            hidden_lines +
                "population.hidden = { size = 5 }\n"
                "rule.mine = { state = { tag = \"synapse\" }, equations = \"tag = 10 "
                "* tag + post.r * pre.r\" }\n"
                "plasticity.learning = { rule = \"mine\", synapses = [\"W_in\"] }\n",
            {steps});
    };
    const auto tag_in = [](const char* step) {
        return Catch::Contains(step) &&
               Catch::Contains("\"tag(W_in)\" is no longer a finite number");
    };
    const Model long_one = growing("run.steps=5000");
    Simulation simulation(long_one);
    REQUIRE(simulation.step(999) == 999);
    CHECK_THROWS_WITH(simulation.step(), tag_in("step 1000,"));
    CHECK_THROWS_WITH(simulation.step(), Catch::Contains("goes on from a restored one"));
    const Model short_one = growing("run.steps=400");
    Simulation ended(short_one);
    REQUIRE(ended.step(399) == 399);
    CHECK_THROWS_WITH(ended.step(), tag_in("step 400,"));
}

TEST_CASE("a slot is read row by row and is what a plain plan makes of it", "[runs][library]") {
    const Model model = library_model("dni_b", {"run.fuse=false"});
    SteppedModel plain(library_model("dni_b"), nullptr, *model.kernels);
    Simulation simulation(model);
    plain.step(20);
    simulation.step(20);
    for (const char* address : {"W_rec", "hidden.r", "hidden.soma.v"}) {
        INFO(address);
        const Matrix expected = plain.matrix(address);
        const std::vector<double> found = simulation.read(address);
        CHECK(same_bits(found, {expected.data(), expected.data() + expected.size()}));
    }
    CHECK(simulation.read("loss") == std::vector<double>{simulation.loss()});
    CHECK_THROWS_WITH(simulation.read("W_rek"), Catch::Contains("there is no \"W_rek\"") &&
                                                    Catch::Contains("Did you mean \"W_rec\"?"));
}

TEST_CASE("an exact Jacobian that no operation needs any more is there when it is read",
          "[runs][library]") {
    const Model fused = library_model("dni"), plain = library_model("dni", {"run.fuse=false"});
    Simulation some(fused), all(plain);
    some.step(30);
    all.step(30);
    const std::vector<double> found = numbers_looked_at(some), expected = numbers_looked_at(all);
    REQUIRE(found.size() == expected.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i)
        largest = std::max(largest, std::abs(found[i] - expected[i]) / (1 + std::abs(expected[i])));
    CHECK(largest < 1e-9);
}

TEST_CASE("a slot that is written between two steps is what the next one works with",
          "[runs][library]") {
    const Model model = library_model("dni_b");
    SteppedModel plain(library_model("dni_b"), nullptr, *model.kernels);
    Simulation simulation(model);
    for (const char* address : {"W_rec", "W_out", "hidden.soma.v"}) {
        INFO(address);
        plain.step(10);
        simulation.step(10);
        const Matrix numbers = 0.5 * plain.matrix(address);
        plain.write(address, numbers);
        simulation.write(address, {numbers.data(), static_cast<std::size_t>(numbers.size())});
        const std::vector<double> found = simulation.read(address);
        CHECK(same_bits(found, {numbers.data(), numbers.data() + numbers.size()}));
    }
    plain.step(10);
    simulation.step(10);
    for (const char* address : {"W_rec", "W_out", "W_in", "J", "hidden.r"}) {
        INFO(address);
        const Matrix expected = plain.matrix(address);
        const std::vector<double> found = simulation.read(address);
        CHECK(same_bits(found, {expected.data(), expected.data() + expected.size()}));
    }
    CHECK_THROWS_WITH(simulation.write("W_rec", std::vector<double>(3)),
                      "\"W_rec\" has 144 numbers; 3 were given");
}

TEST_CASE("strengths that are written before the first step are those that a run begins with",
          "[runs][library]") {
    const Model model = library_model("rflo"), other = library_model("rflo", {"run.seed=77"});
    SteppedModel plain(library_model("rflo"), nullptr, *model.kernels);
    Simulation simulation(model);
    const std::vector<double> strengths = Simulation(other).read("W_rec");
    REQUIRE(strengths != simulation.read("W_rec"));
    simulation.write("W_rec", strengths);
    plain.write("W_rec", Eigen::Map<const Matrix>(strengths.data(), 12, 12));
    simulation.step(15);
    plain.step(15);
    const Matrix expected = plain.matrix("hidden.r");
    CHECK(same_bits(simulation.read("hidden.r"),
                    {expected.data(), expected.data() + expected.size()}));
}

TEST_CASE("a simulation that is restored goes on as if it had never stopped", "[runs][library]") {
    for (const char* name : {"dni_b", "dni", "bptt_window", "r_kf"}) {
        INFO(name);
        const Model model = library_model(name, {"diagnose.change=true"});
        const std::vector<double> expected = numbers_after_steps(model, 90);
        Simulation simulation(model);
        simulation.step(37);
        const std::vector<char> saved = simulation.save();
        simulation.step(53);
        CHECK(same_bits(numbers_looked_at(simulation), expected));
        simulation.restore(saved);
        CHECK(simulation.steps() == 37);
        simulation.step(53);
        CHECK(same_bits(numbers_looked_at(simulation), expected));
        Simulation another(model);
        another.restore(saved);
        another.step(53);
        CHECK(same_bits(numbers_looked_at(another), expected));
        CHECK(another.loss_sum() == simulation.loss_sum());
    }
}

TEST_CASE("what does not fit a simulation is not restored", "[runs][library]") {
    const Model model = library_model("dni_b"), other = library_model("rflo");
    Simulation simulation(model), of_other(other);
    CHECK_THROWS_WITH(simulation.save(), "a simulation can be saved after its first step only");
    simulation.step(3);
    of_other.step(3);
    const std::vector<char> saved = simulation.save();
    std::vector<char> shorter = saved, longer = saved;
    shorter.pop_back();
    longer.resize(saved.size() + 8);
    CHECK_THROWS_WITH(of_other.restore(saved), Catch::Contains("the number of slots"));
    CHECK_THROWS_WITH(simulation.restore(shorter), Catch::Contains("ends too early"));
    CHECK_THROWS_WITH(simulation.restore(longer), Catch::Contains("holds more"));
    CHECK_THROWS_AS(simulation.restore(std::vector<char>()), Error);
}

TEST_CASE("after a restoration that failed a simulation makes no step", "[runs][library]") {
    const Model model = library_model("rflo");
    Simulation simulation(model);
    simulation.step(4);
    const std::vector<char> saved = simulation.save();
    CHECK_THROWS_AS(simulation.restore({saved.data(), saved.size() - 1}), Error);
    CHECK_THROWS_WITH(simulation.step(), Catch::Contains("goes on from a restored one"));
    CHECK_THROWS_WITH(simulation.save(), Catch::Contains("goes on from a restored one"));
    simulation.restore(saved);
    simulation.step(2);
    CHECK(same_bits(numbers_looked_at(simulation), numbers_after_steps(model, 6)));
}

TEST_CASE("a slot that a model does not have is not read", "[runs][library]") {
    const Model model = library_model("rflo");
    Simulation simulation(model);
    const std::vector<double> numbers(1);
    for (const SlotId slot : {SlotId(), SlotId(std::size_t{100000})}) {
        CHECK_THROWS_WITH(simulation.read(slot), Catch::Contains("there is no such slot"));
        CHECK_THROWS_WITH(simulation.write(slot, numbers),
                          Catch::Contains("there is no such slot"));
    }
    const std::optional<Error> error = error_of([&] { simulation.find(std::string(9999, 'x')); });
    REQUIRE(error);
    CHECK(std::string(error->what()).size() < 400);
}

TEST_CASE("a model that was moved from is not run", "[runs][library]") {
    const TemporaryFolder folder;
    Model model = library_model("rflo", {"run.output='" + (folder / "run.h5") + "'"});
    const Model moved = std::move(model);
    const auto empty = Catch::Contains("the model has no task");
    CHECK_THROWS_WITH(Simulation(model), empty);
    CHECK_THROWS_WITH(report_on(model, true), empty);
    CHECK_THROWS_WITH(description_of(model), empty);
    model.output = moved.output;
    CHECK_THROWS_WITH(run_model(model), empty);
    CHECK(Simulation(moved).step(3) == 3);
}

TEST_CASE("an observer may step the simulation that it follows, to the model's last step",
          "[runs][library]") {
    const Model model = library_model("rflo", {"run.steps=20"});
    struct Stepping {
        Simulation& simulation;
        std::int64_t by;

        void hear(const RunProgress& progress) {
            if (progress.step == 7) simulation.step(by);
        }
    };
    for (const std::int64_t by : {3, 5, 9, 100}) {
        INFO(by);
        Simulation simulation(model);
        Stepping ear{simulation, by};
        const std::int64_t reached = std::max<std::int64_t>(12, std::min<std::int64_t>(20, 7 + by));
        CHECK(simulation.step(12, {nullptr, Listener<RunProgress>(ear)}) == reached);
        CHECK(same_bits(numbers_looked_at(simulation), numbers_after_steps(model, reached)));
    }
}

TEST_CASE("an observer hears of every step, and ends a simulation after one step more",
          "[runs][library]") {
    const Model model = library_model("rflo");
    Simulation simulation(model);
    StopRequest stop;
    StepEar ear{{}, &stop, 5};
    CHECK(simulation.step(20, {&stop, Listener<RunProgress>(ear)}) == 6);
    CHECK(ear.heard == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
    CHECK(same_bits(numbers_looked_at(simulation), numbers_after_steps(model, 6)));
}

TEST_CASE("a recorder that follows a simulation writes a run file", "[runs][library]") {
    const TemporaryFolder folder;
    const Model model = library_model("dni_b", {"run.steps=60"});
    const std::string path = folder / "steps.h5";
    Simulation simulation(model);
    NamedRecorder recorder(model.program, model.recordings,
                           description_of(model, simulation.data()), path, Replacing::no);
    simulation.begin(&recorder);
    simulation.record_start();
    while (simulation.step(7) > 0) {
    }
    recorder.close(simulation.steps(), simulation.loss());
    const StoredRun run(path);
    const StoredQuantity& strengths = run.find("W_rec");
    CHECK(run.last_step() == 60);
    CHECK(run.read(strengths, strengths.rows - 1, 1) == simulation.read("W_rec"));
    CHECK_THROWS_WITH(simulation.restore(simulation.save()),
                      "a simulation that is recorded cannot be restored");
}

TEST_CASE("two simulations of one model in two threads are what each is alone", "[runs][library]") {
    for (const char* name : {"dni_b", "kernl", "uoro"}) {
        INFO(name);
        const Model model = library_model(name);
        const std::vector<double> alone = numbers_after_steps(library_model(name), 200);
        std::vector<double> first, second;
        std::thread one([&] { first = numbers_after_steps(model, 200); });
        std::thread other([&] { second = numbers_after_steps(model, 200); });
        one.join();
        other.join();
        CHECK(same_bits(first, alone));
        CHECK(same_bits(second, alone));
    }
}
