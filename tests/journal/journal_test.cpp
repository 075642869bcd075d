#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "live_journal.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Opened {
  TempDir dir;
  std::unique_ptr<Store> store = Store::open(store_options(dir / "journal"));
};

std::vector<std::byte> read_all(const Journal& journal) {
  std::vector<std::byte> all;
  for (std::uint64_t seq = 1; seq <= journal.head();) {
    const FramePtr frame = journal.read(seq);
    BOOST_REQUIRE(frame);
    BOOST_REQUIRE(frame->header.first_seq == seq);
    all.insert(all.end(), frame->events.begin(), frame->events.end());
    seq = frame->header.last_seq() + 1;
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal)

BOOST_AUTO_TEST_CASE(who_falls_out_of_the_ring_reads_the_same_events_from_the_store) {
  Opened o;
  Journal::Options options;
  options.ring_bytes = 4096;
  options.frame_bytes = 512;
  Live live{*o.store, options};
  Random random{9};
  std::uint64_t head = 0;
  for (int i = 0; i < 500; ++i) {
    auto submission = traffic(random);
    head += submission.events.count();
    live.journal->submit(std::move(submission));
  }
  BOOST_REQUIRE(live.wait_released(head));
  BOOST_TEST(!live.journal->written_header(1));  // The ring has gone on.
  BOOST_TEST((read_all(*live.journal) == live.heard()));
  BOOST_TEST(!live.journal->read(head + 1));
  // In runs it is the same, out of the store and out of the ring.
  std::vector<std::byte> in_runs;
  for (std::uint64_t seq = 1; seq <= head;) {
    const auto run = live.journal->read_run(seq);
    BOOST_REQUIRE(!run.empty());
    for (const FramePtr& frame : run) {
      BOOST_REQUIRE(frame->header.first_seq == seq);
      in_runs.insert(in_runs.end(), frame->events.begin(), frame->events.end());
      seq = frame->header.last_seq() + 1;
    }
  }
  BOOST_TEST((in_runs == live.heard()));
  BOOST_TEST(live.journal->read_run(head + 1).empty());
}

BOOST_AUTO_TEST_CASE(the_ring_counts_the_memory_that_its_frames_take) {
  Opened o;
  Journal::Options options;
  options.ring_bytes = 64 << 10;
  Live live{*o.store, options};
  constexpr std::uint64_t kHead = 500;
  for (std::uint64_t i = 1; i <= kHead; ++i) {
    live.journal->submit(one(kFeed, quote(static_cast<std::int64_t>(i))));
    BOOST_REQUIRE(live.wait_released(i));  // A frame each: what is written may go.
  }
  std::size_t taken = 0;
  for (std::uint64_t seq = 1; seq <= kHead; ++seq) {
    const FramePtr frame = live.journal->read(seq);
    const bool in_ring = frame->cargo != 0;
    if (in_ring) taken += sizeof *frame + frame->events.capacity() + frame->packed_market.capacity();
  }
  BOOST_TEST(taken > options.ring_bytes / 2);
  BOOST_TEST(taken <= options.ring_bytes);
}

BOOST_AUTO_TEST_CASE(a_reader_follows_while_others_write) {
  Opened o;
  Journal::Options options;
  options.ring_bytes = 2048;
  options.frame_bytes = 512;
  Live live{*o.store, options};
  constexpr std::uint64_t kHead = 2000;
  std::vector<std::byte> read;
  std::thread reader{[&] {
    for (std::uint64_t seq = 1; seq <= kHead;) {
      live.wait_heard(seq);
      const FramePtr frame = live.journal->read(seq);
      read.insert(read.end(), frame->events.begin(), frame->events.end());
      seq = frame->header.last_seq() + 1;
    }
  }};
  for (std::uint64_t i = 0; i < kHead; ++i)
    live.journal->submit(one(kFeed, quote(static_cast<std::int64_t>(i))));
  reader.join();
  BOOST_TEST((read == live.heard()));
}

BOOST_AUTO_TEST_CASE(batches_of_several_threads_enter_whole_and_in_each_authors_order) {
  Opened o;
  Live live{*o.store};
  constexpr std::uint16_t kThreads = 4;
  constexpr std::uint64_t kBatches = 200, kPerBatch = 3;
  std::vector<std::thread> threads;
  for (std::uint16_t t = 1; t <= kThreads; ++t)
    threads.emplace_back([&, author = ActorId{t}] {
      for (std::uint64_t i = 0; i < kBatches; ++i) {
        Submission s;
        s.author = author;
        for (std::uint64_t n = 0; n < kPerBatch; ++n)
          s.events.append(quote(1), author, i * kPerBatch + n, true);
        live.journal->submit(std::move(s));
      }
    });
  for (auto& thread : threads) thread.join();
  BOOST_REQUIRE(live.wait_released(kThreads * kBatches * kPerBatch));
  std::map<std::uint16_t, std::uint64_t> next;
  std::uint64_t seq = 0;
  std::uint16_t inside = 0;
  const auto all = read_all(*live.journal);
  for_each_event(all, [&](const Event& event) {
    const std::uint16_t author = event.author().value;
    BOOST_REQUIRE(event.seq() == ++seq);
    BOOST_REQUIRE(event.header().origin == next[author]++);
    if (event.header().origin % kPerBatch != 0) BOOST_REQUIRE(author == inside);
    inside = author;
  });
  BOOST_TEST(seq == kThreads * kBatches * kPerBatch);
}

BOOST_AUTO_TEST_CASE(what_a_dead_incarnation_had_in_flight_is_dropped) {
  Opened o;
  Live live{*o.store};
  ActorStarted started;
  started.actor = kStrategy;
  started.incarnation = 2;
  live.journal->submit(one(ActorId{}, started));
  Submission late = one(kStrategy, OrderIntent{}, {}, 1);
  late.snapshots.push_back(snapshot_at("strategy", 1));
  live.journal->submit(std::move(late));
  live.journal->submit(one(kStrategy, CancelIntent{}, {}, 2));
  BOOST_REQUIRE(live.wait_released(2));
  live.journal->stop();
  BOOST_TEST(live.count(EventType::order_intent) == 0u);
  BOOST_TEST(live.count(EventType::cancel_intent) == 1u);
  BOOST_TEST(!o.store->snapshot("strategy"));
  BOOST_TEST(live.journal->queued_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(stopping_makes_everything_submitted_durable) {
  Opened o;
  std::uint64_t head = 0;
  {
    Live live{*o.store};
    Random random{4};
    for (int i = 0; i < 300; ++i) {
      auto submission = traffic(random);
      head += submission.events.count();
      live.journal->submit(std::move(submission));
    }
    live.journal->stop();
    live.journal->stop();
    BOOST_TEST(live.journal->release_seq() == head);
  }
  BOOST_TEST(o.store->head()->last_seq() == head);
}

BOOST_AUTO_TEST_CASE(a_snapshot_without_events_is_stored_too) {
  Opened o;
  Live live{*o.store};
  live.journal->submit(one(kFeed, quote(1)));
  BOOST_REQUIRE(live.wait_released(1));
  Submission s;
  s.author = kStrategy;
  s.snapshots.push_back(snapshot_at("strategy", 1));
  live.journal->submit(std::move(s));
  live.journal->stop();
  BOOST_TEST(o.store->snapshot("strategy").has_value());
}

BOOST_AUTO_TEST_CASE(time_is_advanced_once_for_everybody_whose_timer_is_due) {
  Opened o;
  std::atomic<std::int64_t> now{50};
  Journal::Options options;
  options.wall = [&] { return Time{now}; };
  Live live{*o.store, options};
  live.journal->wake_at(kStrategy, Time{100});
  live.journal->wake_at(kBroker, Time{90});
  live.journal->wake_at(kLedger, Time{100'000'000});
  live.journal->submit(one(kFeed, quote(1)));
  BOOST_REQUIRE(live.wait_heard(1));
  BOOST_TEST(live.count(EventType::time_advanced) == 0u);
  now = 100;
  BOOST_REQUIRE(live.wait_heard(2));
  BOOST_TEST(live.count(EventType::time_advanced) == 1u);
  live.journal->submit(one(kFeed, quote(2)));
  BOOST_REQUIRE(live.wait_released(3));  // The journal idles until then, and leaves the time alone.
  live.journal->stop();
  BOOST_TEST(live.count(EventType::time_advanced) == 1u);
  BOOST_TEST(live.journal->head() == 3u);
  BOOST_TEST(live.journal->read(2)->header.last_time.ns == 100);
}

BOOST_AUTO_TEST_CASE(a_timer_taken_back_does_not_advance_time) {
  Opened o;
  std::atomic<std::int64_t> now{50};
  Journal::Options options;
  options.wall = [&] { return Time{now}; };
  Live live{*o.store, options};
  live.journal->wake_at(kStrategy, Time{1000});
  live.journal->wake_at(kStrategy, {});
  live.journal->wake_at(kBroker, Time{2000});
  now = 1500;
  live.journal->submit(one(kFeed, quote(1)));
  BOOST_REQUIRE(live.wait_heard(1));
  now = 2000;
  BOOST_REQUIRE(live.wait_heard(2));
  live.journal->submit(one(kFeed, quote(2)));
  BOOST_REQUIRE(live.wait_heard(3));
  BOOST_TEST(live.count(EventType::time_advanced) == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_falls_due_while_somebody_sequences_is_not_forgotten) {
  Opened o;
  std::atomic<std::int64_t> now{50};
  std::atomic<int> looks{0};
  Journal::Options options;
  options.wall = [&, here = std::this_thread::get_id()] {
    if (std::this_thread::get_id() != here) {
      ++looks;
      return Time{now};
    }
    // Sequencing: until the journal's thread, which looks all the time, has found so and rests.
    now = 100;
    for (int before = -1; before != looks;) {
      before = looks;
      for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    }
    return Time{now};
  };
  Live live{*o.store, options};
  live.journal->wake_at(kStrategy, Time{100});
  while (looks == 0) std::this_thread::yield();
  live.journal->submit(one(kFeed, quote(1)));
  BOOST_REQUIRE(live.wait_heard(2));
  BOOST_TEST(live.count(EventType::time_advanced) == 1u);
}

BOOST_AUTO_TEST_CASE(times_follow_the_feed_and_no_timer_when_the_feed_is_the_clock) {
  Opened o;
  Journal::Options options;
  options.feed_clock = true;
  Live live{*o.store, options};
  live.journal->wake_at(kStrategy, Time{1});
  Submission s;
  s.author = kFeed;
  s.events.append(quote(1), kFeed, 1, true, Time{77});
  live.journal->submit(std::move(s));
  BOOST_REQUIRE(live.wait_released(1));
  live.journal->stop();
  BOOST_TEST(live.count(EventType::time_advanced) == 0u);
  BOOST_TEST(live.journal->read(1)->header.last_time.ns == 77);
}

BOOST_AUTO_TEST_SUITE_END()
