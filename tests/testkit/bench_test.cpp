// The bench must find what it is there to find.
#include <boost/test/unit_test.hpp>
#include <holdfast/testkit/bench.hpp>

using namespace holdfast;
using testkit::Bench;

namespace {

/// Signs a checkpoint at every second trade; its faults are chosen by the test.
struct Every final : Actor {
  enum class Fault { none, forgets, reads_less, writes_differently };
  explicit Every(Fault fault) : fault_{fault} {}
  void hear(const Event& event, Stage& stage) override {
    if (event.type() == EventType::trade && ++heard_ % 2 == 0) stage.answer(CheckpointSigned{heard_});
  }
  void state(Archive& a) override {
    if (fault_ == Fault::forgets) return;
    a(heard_);
    if (fault_ == Fault::reads_less && !a.loading()) a(heard_);
    if (fault_ == Fault::writes_differently && a.loading()) ++heard_;
  }
  Fault fault_;
  std::uint64_t heard_ = 0;
};

Bench::Make every(Every::Fault fault) {
  return [fault] { return std::make_shared<Every>(fault); };
}
void four_trades(Bench& bench) {
  for (int i = 0; i < 4; ++i) bench.tell(Trade{});
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_honest_actor_passes) {
  BOOST_TEST(testkit::restart_difference(every(Every::Fault::none), {}, four_trades) == "");
}

BOOST_AUTO_TEST_CASE(a_forgotten_member_is_found) {
  BOOST_TEST(testkit::restart_difference(every(Every::Fault::forgets), {}, four_trades) ==
             "event 3 is Trade after restarts, and without them CheckpointSigned or one with other contents");
}

BOOST_AUTO_TEST_CASE(a_state_that_reads_less_or_writes_otherwise_is_found) {
  BOOST_CHECK_EXCEPTION(
      testkit::restart_difference(every(Every::Fault::reads_less), {}, four_trades), std::runtime_error,
      [](auto& e) { return std::string{e.what()} == "state() does not read all it wrote"; });
  BOOST_CHECK_EXCEPTION(testkit::restart_difference(every(Every::Fault::writes_differently), {}, four_trades),
                        std::runtime_error, [](auto& e) {
                          return std::string{e.what()} == "state() writes something else after it was read";
                        });
}

BOOST_AUTO_TEST_CASE(events_carry_sequence_numbers_times_and_causes) {
  Bench bench{every(Every::Fault::none)};
  four_trades(bench);
  BOOST_TEST(bench.head() == 6u);
  std::uint64_t seq = 0;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    BOOST_TEST(e.seq() == ++seq);
    BOOST_CHECK(e.time() == bench.now());
    if (e.author() == ActorId{1}) BOOST_TEST(e.header().origin == e.seq() - 1);
  });
}
