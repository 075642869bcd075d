#include <boost/test/unit_test.hpp>
#include <holdfast/journal/packing.hpp>

#include "journal_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Submission started(ActorId actor, std::uint32_t incarnation) {
  ActorStarted event;
  event.actor = actor;
  event.incarnation = incarnation;
  return one(ActorId{}, event);
}

Submission pair_of(ActorId author, std::uint32_t incarnation) {
  Submission s = one(author, quote(1), {}, incarnation);
  s.events.append(OrderIntent{}, author, 0, false);
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sequencer)

BOOST_AUTO_TEST_CASE(events_are_numbered_without_holes_over_frames) {
  Sequencer s{{}, 1, Clock{}};
  auto a = pair_of(kFeed, 1), b = pair_of(kFeed, 1);
  s.add(a);
  const auto first = s.seal();
  s.add(b);
  const auto second = s.seal();
  std::uint64_t next = 1;
  for (const auto& frame : {first, second})
    frame->for_each([&](const Event& event) { BOOST_TEST(event.seq() == next++); });
  BOOST_TEST(second->header.first_seq == first->header.last_seq() + 1);
  BOOST_TEST(s.next_seq() == 5u);
}

BOOST_AUTO_TEST_CASE(the_fence_drops_whole_batches_of_older_incarnations_and_nothing_else) {
  Sequencer s{{}, 1, Clock{}};
  auto start = started(kStrategy, 2);
  auto old = pair_of(kStrategy, 1), current = pair_of(kStrategy, 2), other = pair_of(kFeed, 0);
  BOOST_TEST(s.add(old));
  BOOST_TEST(s.add(start));
  auto late = pair_of(kStrategy, 1);
  BOOST_TEST(!s.add(late));
  BOOST_TEST(s.add(current));
  BOOST_TEST(s.add(other));
  const auto frame = s.seal();
  BOOST_TEST(frame->header.count == 7u);
  BOOST_TEST(s.next_seq() == 8u);
}

BOOST_AUTO_TEST_CASE(a_fence_known_from_history_holds_without_its_event) {
  Sequencer s{{}, 1, Clock{}};
  s.fence(kStrategy, 3);
  auto old = pair_of(kStrategy, 2), current = pair_of(kStrategy, 3);
  BOOST_TEST(!s.add(old));
  BOOST_TEST(s.empty());
  BOOST_TEST(s.add(current));
}

BOOST_AUTO_TEST_CASE(the_system_itself_is_never_fenced) {
  Sequencer s{{}, 1, Clock{}};
  s.fence(ActorId{}, 9);
  auto submission = one(ActorId{}, TimeAdvanced{});
  BOOST_TEST(s.add(submission));
}

BOOST_AUTO_TEST_CASE(times_never_go_backwards_when_the_wall_clock_does) {
  std::vector<std::int64_t> wall{100, 50, 120};
  Sequencer s{{}, 1, [&, i = std::size_t{0}]() mutable { return Time{wall[i++]}; }};
  std::vector<std::int64_t> times;
  for (int i = 0; i < 3; ++i) {
    auto one_quote = one(kFeed, quote(1));
    s.add(one_quote);
    s.seal()->for_each([&](const Event& e) { times.push_back(e.time().ns); });
  }
  BOOST_TEST(times == (std::vector<std::int64_t>{100, 100, 120}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(times_follow_the_feed_and_never_go_backwards_without_a_wall_clock) {
  Sequencer s{{}, 1, nullptr};
  std::vector<std::int64_t> times;
  for (const std::int64_t said : {100, 50, 120}) {
    Submission submission;
    submission.author = kFeed;
    submission.events.append(quote(1), kFeed, 1, true, Time{said});
    s.add(submission);
    s.seal()->for_each([&](const Event& e) { times.push_back(e.time().ns); });
  }
  BOOST_TEST(times == (std::vector<std::int64_t>{100, 100, 120}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_new_run_goes_on_where_the_head_ended) {
  Sequencer before{{}, 1, Clock{}};
  auto a = pair_of(kFeed, 0);
  before.add(a);
  const auto head = before.seal();
  Sequencer after{head->header, 2, [] { return Time{5}; }};
  auto b = pair_of(kFeed, 0);
  after.add(b);
  const auto next = after.seal();
  BOOST_TEST(next->header.first_seq == 3u);
  BOOST_TEST(next->header.epoch == 2u);
  BOOST_TEST((next->header.previous == head->header.hash));
  BOOST_TEST((next->header.last_time == head->header.last_time));
}

BOOST_AUTO_TEST_CASE(the_hash_covers_every_field_of_the_header) {
  Sequencer s{{}, 1, Clock{}};
  auto a = pair_of(kFeed, 0);
  s.add(a);
  const auto frame = s.seal();
  BOOST_TEST((frame->header.hash == frame->header.compute_hash()));
  for (std::size_t byte = 0; byte < offsetof(FrameHeader, hash); ++byte) {
    FrameHeader changed = frame->header;
    reinterpret_cast<unsigned char*>(&changed)[byte] ^= 1;
    BOOST_TEST((changed.compute_hash() != frame->header.hash), "byte " << byte);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_counts_and_digests_both_streams_apart) {
  Sequencer s{{}, 1, Clock{}};
  auto a = pair_of(kFeed, 0), b = pair_of(kFeed, 0);
  s.add(a);
  s.add(b);
  const auto frame = s.seal();
  const auto business = frame->business_events();
  BOOST_TEST(frame->header.count == 4u);
  BOOST_TEST(frame->header.market_count == 2u);
  BOOST_TEST((frame->packed_market == pack(frame->events, frame->business)));
  BOOST_TEST(frame->header.market_bytes == frame->packed_market.size());
  BOOST_TEST(frame->header.business_bytes == business.size());
  BOOST_TEST((frame->header.market_digest == sha256(frame->packed_market)));
  BOOST_TEST((frame->header.business_digest == sha256(business)));
}

BOOST_AUTO_TEST_CASE(a_frame_of_one_stream_has_the_digest_of_nothing_for_the_other) {
  Sequencer s{{}, 1, Clock{}};
  auto market = one(kFeed, quote(1)), business = one(kStrategy, OrderIntent{});
  s.add(market);
  const auto a = s.seal();
  s.add(business);
  const auto b = s.seal();
  BOOST_TEST((a->header.business_digest == sha256(std::string_view{})));
  BOOST_TEST((b->header.market_digest == sha256(std::string_view{})));
}

BOOST_AUTO_TEST_CASE(both_streams_apart_make_the_same_frame_again) {
  Random random{7};
  Sequencer s{{}, 1, Clock{}};
  for (int round = 0; round < 200; ++round) {
    for (std::uint64_t n = 1 + random.below(5); n > 0; --n) {
      auto submission = traffic(random);
      s.add(submission);
    }
    const auto frame = s.seal();
    const auto again = unpack(pack(frame->events, frame->business), frame->business_events());
    BOOST_REQUIRE(again);
    BOOST_REQUIRE((*again == frame->events));
    std::vector<std::uint32_t> business;
    BOOST_REQUIRE(!check_events(*again, &business));
    BOOST_REQUIRE((business == frame->business));
  }
}

BOOST_AUTO_TEST_CASE(what_waits_for_the_disk_makes_a_frame_urgent) {
  Sequencer s{{}, 1, Clock{}};
  auto market = one(kFeed, quote(1)), approved = one(kStrategy, OrderApproved{});
  s.add(market);
  BOOST_TEST(!s.urgent());
  s.add(approved);
  BOOST_TEST(s.urgent());
  s.seal();
  BOOST_TEST(!s.urgent());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_events_are_named) {
  EventBuffer buffer;
  buffer.append(quote(1), kFeed, 1, true);
  const std::vector<std::byte> good{buffer.bytes().begin(), buffer.bytes().end()};
  BOOST_TEST(!check_events(good));
  auto changed = [&](std::size_t at, int value) {
    auto bytes = good;
    bytes[at] = static_cast<std::byte>(value);
    return check_events(bytes).value_or("good");
  };
  BOOST_TEST(check_events(std::span{good}.first(20)).value_or("good") == "an event is cut short");
  BOOST_TEST(check_events(std::span{good}.first(48)).value_or("good") ==
             "an event's size does not fit its type");
  BOOST_TEST(changed(offsetof(EventHeader, type), 31) == "event type 31 is unknown to this version");
  BOOST_TEST(changed(offsetof(EventHeader, type), 250) == "event type 250 is unknown to this version");
  BOOST_TEST(changed(offsetof(EventHeader, version), 2) ==
             "an event has schema version 2, this program knows 1");
  BOOST_TEST(changed(offsetof(EventHeader, size), 0) == "an event's size does not fit its type");
  BOOST_TEST(changed(offsetof(EventHeader, tail), 200) == "an event's size does not fit its type");
}

BOOST_AUTO_TEST_SUITE_END()
