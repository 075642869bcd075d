#include <atomic>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

const LatchFile::Latch kHalt{LatchScope::system, LatchLevel::halted, "", "a tester", "a drill", Time{1}};

/// Two that order all the time and have orders resting, one that can be made to loop.
Setup busy() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 20;
  setup.strategies = {{"beat", "plugin: metronome, every: 20"},
                      {"quotes", "plugin: quoter, half_spread: 0.05, requote_move: 0.05"},
                      {"looper", "plugin: looper, every: 20"}};
  return setup;
}

bool trades(const SystemStatus& status) { return status.summary.counts.fills >= 30; }

/// Where in the journal trading was halted, the one time it was.
std::uint64_t halted_at(const Journaled& journal) {
  const auto latches = journal.of(EventType::latch_engaged);
  BOOST_TEST_REQUIRE(latches.size() == 1u);
  BOOST_TEST(latches[0].tail<LatchEngaged>() == "a tester\na drill");
  return latches[0].seq();
}

void check_nothing_was_sent_after(const Journaled& journal, std::uint64_t halt) {
  for (const auto& e : journal.of(EventType::order_sent)) BOOST_TEST(e.seq() < halt);
  for (const auto& e : journal.of(EventType::order_approved)) {
    // Whatever was approved and not sent has ended by now.
    const ClOrdId id = e.as<OrderApproved>().terms.cl_ord_id;
    const auto about = [&](EventType type, auto id_of) {
      const auto all = journal.of(type);
      return std::ranges::any_of(all, [&](const Event& x) { return id_of(x) == id; });
    };
    const bool sent =
        about(EventType::order_sent, [](const Event& x) { return x.as<OrderSent>().terms.cl_ord_id; });
    if (!sent)
      BOOST_TEST(
          about(EventType::order_cancelled, [](const Event& x) { return x.as<OrderCancelled>().cl_ord_id; }));
  }
}

/// Have orders been taken back since trading was halted?
bool has_taken_orders_back(const std::string& dir) {
  const Journaled journal{dir};
  const auto latches = journal.of(EventType::latch_engaged);
  if (latches.empty()) return false;
  const auto after = latches.back().seq();
  const auto sent = journal.of(EventType::cancel_sent);
  const auto ended = journal.of(EventType::order_cancelled);
  return !sent.empty() && sent.back().seq() > after && !ended.empty() && ended.back().seq() > after;
}

/// Was an order taken back at the venue while nothing could reach the disk?
bool cancelled_between(const Journaled& journal, std::uint64_t halt, std::uint64_t heard) {
  const auto cancels = journal.of(EventType::cancel_sent);
  return std::ranges::any_of(cancels, [&](const Event& e) { return e.seq() > halt && e.seq() <= heard; });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_halt_while_the_sync_hangs_lets_no_order_out_and_all_cancels) {
  const ScratchDir dir;
  std::uint64_t heard = 0;
  {
    Running run{busy().text(), dir / "data", Runtime::caf};
    BOOST_TEST(run.until(trades));
    run->failpoints().set("journal.before_sync=pause");
    // Orders are approved and wait for the disk.
    const auto orders = run->status().summary.counts.orders;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.orders >= orders + 20; }));
    const auto head = run->status().head_seq;
    BOOST_TEST(!run->halt(kHalt, 50ms));  // Effective, and not durable yet.
    BOOST_TEST(run->status().latches.size() == 1u);
    // The market waits for the disk at last; what the halt set off is heard all the same.
    BOOST_TEST(run.until([&](const auto& s) { return std::exchange(heard, s.head_seq) == s.head_seq; }));
    const auto hung = run->status();
    BOOST_TEST(hung.release_seq < head);
    run->failpoints().set("journal.before_sync=off");
    BOOST_TEST(run.until([&](const auto& s) { return s.release_seq > hung.head_seq + 1000; }));
    BOOST_TEST(run->stop(20s) == "");
  }
  const Journaled journal{dir / "data"};
  check_nothing_was_sent_after(journal, halted_at(journal));
  BOOST_TEST(cancelled_between(journal, halted_at(journal), heard));
  BOOST_TEST(journal.of(EventType::order_denied).size() > 0u);
  BOOST_TEST(differences(replayed(dir / "data")) == "");
}

BOOST_AUTO_TEST_CASE(a_halt_while_the_write_hangs_lets_no_order_out_and_all_cancels) {
  const ScratchDir dir;
  std::uint64_t heard = 0;
  {
    Running run{busy().text(), dir / "data", Runtime::caf};
    BOOST_TEST(run.until(trades));
    run->failpoints().set("journal.before_write=pause");
    // The market stops when it may be no further ahead of the disk.
    std::uint64_t head = 0;
    const auto still = [&](const auto& s) { return std::exchange(head, s.head_seq) == s.head_seq; };
    BOOST_TEST(run.until(still));
    BOOST_TEST(!run->halt(kHalt, 50ms));
    BOOST_TEST(run.until(still));
    heard = head;
    run->failpoints().set("journal.before_write=off");
    BOOST_TEST(run.until([&](const auto&) { return has_taken_orders_back(dir / "data"); }));
    BOOST_TEST(run->stop(20s) == "");
  }
  const Journaled journal{dir / "data"};
  check_nothing_was_sent_after(journal, halted_at(journal));
  // Resting orders were taken back while nothing could be written.
  BOOST_TEST(cancelled_between(journal, halted_at(journal), heard));
}

BOOST_AUTO_TEST_CASE(a_halt_while_a_strategy_loops_for_ever_lets_no_order_out_and_all_cancels) {
  auto& loops = shared_with<std::atomic<bool>>("strategy_looper", "looper_loops");
  auto& inside = shared_with<std::atomic<bool>>("strategy_looper", "looper_inside");
  const ScratchDir dir;
  {
    Running run{busy().text(), dir / "data", Runtime::caf};
    BOOST_TEST(run.until(trades));
    loops = true;
    BOOST_TEST(run.until([&](const auto&) { return inside.load(); }));
    // The others trade on beside it.
    const auto fills = run->status().summary.counts.fills;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.fills >= fills + 5; }));
    BOOST_TEST(run->halt(kHalt, 10s));  // Durable: only the strategy hangs.
    const auto halt = run->status().head_seq;
    BOOST_TEST(run.until([&](const auto&) { return has_taken_orders_back(dir / "data"); }));
    BOOST_TEST(run.until([&](const auto& s) { return s.head_seq > halt + 2000; }));
    loops = false;
    BOOST_TEST(run->stop(20s) == "");
  }
  const Journaled journal{dir / "data"};
  const auto halt = halted_at(journal);
  check_nothing_was_sent_after(journal, halt);
  // Everybody's resting orders were taken back, those of the one that hung too.
  const ClOrdId resting =
      journal.of(EventType::order_intent, "looper").front().as<OrderIntent>().terms.cl_ord_id;
  const auto cancels = journal.of(EventType::cancel_sent);
  BOOST_TEST(
      std::ranges::any_of(cancels, [&](const Event& e) { return e.as<CancelSent>().cl_ord_id == resting; }));
}

BOOST_AUTO_TEST_CASE(a_market_at_full_speed_does_not_wait_for_a_strategy_that_loops_for_ever) {
  auto& loops = shared_with<std::atomic<bool>>("strategy_looper", "looper_loops");
  auto& inside = shared_with<std::atomic<bool>>("strategy_looper", "looper_inside");
  const ScratchDir dir;
  Setup setup = busy();
  setup.speed = 0;
  Running run{setup.text(), dir / "data", Runtime::caf};
  BOOST_TEST(run.until(trades));
  loops = true;
  BOOST_TEST(run.until([&](const auto&) { return inside.load(); }));
  // Far more than feeds may be ahead of those they wait for.
  const auto head = run->status().head_seq;
  BOOST_TEST(run.until([&](const auto& s) { return s.head_seq > head + 500'000; }));
  loops = false;
  BOOST_TEST(run->stop(60s) == "");
}

BOOST_AUTO_TEST_CASE(halting_again_and_again_under_load_never_lets_one_slip_behind_the_latch) {
  const ScratchDir dir;
  Setup setup = busy();
  setup.strategies.pop_back();
  std::size_t halts = 0;
  {
    Running run{setup.text(), dir / "data", Runtime::caf};
    for (; halts < 30; ++halts) {
      const auto fills = run->status().summary.counts.fills;
      BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.fills > fills; }));
      BOOST_TEST(run->halt(kHalt, 10s));
      BOOST_TEST(run->resume(LatchScope::system, "", "a tester", "over"));
    }
    BOOST_TEST(run->stop(20s) == "");
  }
  const Journaled journal{dir / "data"};
  bool halted = false;
  std::size_t sent = 0;
  for (const auto& e : journal.events()) {
    if (e.type() == EventType::latch_engaged) halted = true;
    if (e.type() == EventType::latch_released) halted = false;
    if (e.type() != EventType::order_sent) continue;
    ++sent;
    BOOST_TEST(!halted, "an order was sent at event " << e.seq());
  }
  BOOST_TEST(sent > halts);
}

BOOST_AUTO_TEST_CASE(a_halted_strategy_or_instrument_stops_alone) {
  const ScratchDir dir;
  {
    Running run{busy().text(), dir / "data", Runtime::caf};
    BOOST_TEST(run.until(trades));
    BOOST_TEST(
        run->halt({LatchScope::strategy, LatchLevel::halted, "beat", "a tester", "a drill", Time{1}}, 10s));
    const auto fills = run->status().summary.counts.fills;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.fills >= fills + 10; }));
    BOOST_CHECK_THROW(run->halt({LatchScope::strategy, LatchLevel::halted, "nobody", "t", "t", Time{1}}, 1s),
                      std::invalid_argument);
    BOOST_CHECK_THROW(run->halt({LatchScope::instrument, LatchLevel::halted, "ETH", "t", "t", Time{1}}, 1s),
                      std::invalid_argument);
    BOOST_TEST(run->status().latches.size() == 1u);
    BOOST_TEST(run->stop(20s) == "");
  }
  const Journaled journal{dir / "data"};
  const auto halt = halted_at(journal);
  std::size_t others = 0;
  for (const auto& e : journal.of(EventType::order_sent)) {
    const bool beat = e.as<OrderSent>().terms.cl_ord_id.owner() == journal.id("beat");
    BOOST_TEST((!beat || e.seq() < halt));
    others += !beat && e.seq() > halt;
  }
  BOOST_TEST(others > 0u);
}
