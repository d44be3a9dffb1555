#include "sim/run_file/format.hpp"

#include <catch2/catch.hpp>

#include "sim/run_file/stored_run.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

TEST_CASE("an axis is found again by the path of its steps, and by no other path", "[run_file]") {
    CHECK(run_path::axis_of_steps(run_path::steps_of_axis("coarse+fine")) == "coarse+fine");
    CHECK(run_path::axis_of_steps("/axes/a/step") == "a");
    for (const char* other : {"/axes/step", "/axes//step", "/axes/phase", "/axes/a/time_ms",
                              "/state/hidden/step", "/events", ""})
        CHECK(run_path::axis_of_steps(other).empty());
}

TEST_CASE("an axis has a name that is one part of a path and not that of the phases",
          "[run_file]") {
    CHECK(run_path::can_name_axis("coarse+fine"));
    for (const char* other : {"", ".", "phase", "a/b"}) CHECK_FALSE(run_path::can_name_axis(other));
}

TEST_CASE("quantities stand in a tree by what they are of", "[run_file]") {
    namespace path = quantity_path;
    CHECK(path::of_population("hidden", path::rate) == "/state/hidden/rate");
    CHECK(path::of_compartment("hidden", "apical", path::voltage) ==
          "/state/hidden/apical/voltage");
    CHECK(path::of_gate("vip") == "/gates/vip");
    CHECK(path::of_synapses("W_rec", path::strength) == "/synapses/W_rec/strength");
    CHECK(path::of_rule("recurrent", "A") == "/plasticity/recurrent/A");
    CHECK(path::of_alignment("W_rec", "cosine") == "/signals/alignment/W_rec/cosine");
    CHECK(path::of_change("W_rec") == "/signals/change/W_rec");
    CHECK(path::of_time("previous", "/state/hidden/apical/voltage") ==
          "/state/hidden/apical/previous_voltage");
    CHECK(path::name_of("/state/hidden/rate") == path::rate);
    CHECK(path::is_of_state("/state/hidden/rate"));
    CHECK(path::is_of_gate("/gates/vip"));
    CHECK(path::is_of_synapses("/synapses/W_rec/strength"));
    CHECK_FALSE(path::is_of_synapses("/state/synapses/rate"));
}

TEST_CASE("a row of events has the members of its struct, without gaps that are written",
          "[run_file]") {
    const RecordType& record = event_record();
    CHECK(record.bytes == sizeof(EventRow));
    std::size_t end = 0;
    for (const RecordMember& member : record.members) {
        CHECK(member.offset == end);
        end += member.text_bytes > 0 ? member.text_bytes : sizeof(double);
    }
    CHECK(end == sizeof(EventRow));
}

TEST_CASE("an event's texts are read to their last character when they fill their room",
          "[run_file]") {
    const TemporaryDirectory directory;
    const std::string path = directory / "run.h5";
    const std::string kind(sizeof(EventRow::kind), 'k'), target(sizeof(EventRow::target), 't');
    const Recordable nothing;
    {
        NamedRecorder recorder(nothing.program, {recording("happened", {"events"}, 1, 1, 1)},
                               description(), path, Replacing::no);
        recorder.event(1.5, kind, target);
        recorder.close(1, 0.0);
    }
    const std::vector<StoredEvent> events = StoredRun(path).events(0, 1);
    REQUIRE(events.size() == 1);
    CHECK(events[0].kind == kind);
    CHECK(events[0].target == target);
    CHECK(events[0].time_ms == 1.5);
}
